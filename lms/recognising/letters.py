"""What people read about their request to have a course recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.integrations.mail import Letter
from lms.recognising import queries
from lms.recognising.rules import State
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def recognition_answered(database: Database, settings: Settings, name: str, step: int) -> Letter | None:
    """Tell somebody that more is asked for, or that it was declined; the certificate's letter tells of an approval."""
    with database.reading() as db:
        told = queries.told(db, step)
    if told is None or told.kind == State.APPROVED:
        return None
    with speaking(told.language):
        link = settings.url.rstrip("/") + url_for("recognising.ask", course_id=told.course)
        text = render_template("mail/recognition_answered.txt", told=told, link=link, site=settings.site_name)
        return Letter(name, told.email, _("About your earlier learning: %(title)s", title=told.title), text)
