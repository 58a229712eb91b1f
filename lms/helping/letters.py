"""What helpers read when entries of theirs are taken out, and when they stand again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.helping import taken_queries
from lms.integrations.mail import Letter
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def help_taken_out(database: Database, settings: Settings, name: str, taking: int) -> Letter | None:
    """Say which entries count no more, why, and whom to answer."""
    with database.reading() as db:
        told = taken_queries.told(db, taking)
    if told is None:
        return None
    with speaking(told.language):
        link = settings.url.rstrip("/") + url_for("own_help.home")
        text = render_template("mail/help_taken_out.txt", told=told, link=link, site=settings.site_name)
        return Letter(name, told.email, _("Help that you noted was taken out"), text)


def help_put_back(database: Database, settings: Settings, name: str, taking: int) -> Letter | None:
    """Say how many of them stand again."""
    with database.reading() as db:
        told = taken_queries.told(db, taking)
    if told is None or not told.again:
        return None
    with speaking(told.language):
        link = settings.url.rstrip("/") + url_for("own_help.home")
        text = render_template("mail/help_put_back.txt", told=told, link=link, site=settings.site_name)
        return Letter(name, told.email, _("Help that you noted counts again"), text)
