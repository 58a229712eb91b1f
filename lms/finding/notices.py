"""What coordinators read about help points that drop."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from lms.clock import now
from lms.finding import desk_queries
from lms.integrations.mail import Letter
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def point_ending(database: Database, settings: Settings, name: str, point: int) -> list[Letter]:
    """Warn the coordinators before a public point drops, or say that it has dropped."""
    with database.reading() as db:
        told = desk_queries.to_tell(db, point)
    if told is None:
        return []
    known, unit, to = told
    found, today = [], now().astimezone(ZoneInfo(settings.time_zone)).date()
    for number, (email, language) in enumerate(to):
        with speaking(language):
            link = settings.url.rstrip("/") + url_for("points.edit", unit_code=unit.code)
            has_dropped = known.stands_until is None or known.stands_until < today
            values = {"unit": unit.name, "until": known.stands_until, "has_dropped": has_dropped, "link": link}
            text = render_template("mail/point_ending.txt", **values, site=settings.site_name)
            subject = _("The help point %(unit)s drops from the public list", unit=unit.name)
            found.append(Letter(f"{name}-{number}", email, subject, text))
    return found
