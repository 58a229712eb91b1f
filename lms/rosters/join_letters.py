"""What somebody reads who asked to join a unit: yes, or a kind no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.integrations.mail import Letter
from lms.rosters import join_queries as queries
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def join_decided(database: Database, settings: Settings, name: str, request: int) -> Letter | None:
    """Tell somebody what a coordinator decided. Only to an address that was proved; None without one."""
    with database.reading() as db:
        found = queries.decided(db, request)
    if found is None or not found.email:
        return None
    with speaking(found.language):
        path = url_for("learning.my_learning") if found.is_accepted else url_for("joining.ask_code")
        values = {"name": found.name, "unit": found.unit, "site": settings.site_name}
        text = render_template(
            "mail/join_decided.txt", link=settings.url.rstrip("/") + path, is_accepted=found.is_accepted, **values
        )
        subject = (
            _("You are a member of %(unit)s", unit=found.unit)
            if found.is_accepted
            else _("Your request to join %(unit)s", unit=found.unit)
        )
        return Letter(name, found.email, subject, text)
