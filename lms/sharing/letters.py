"""The letter to whoever shared a material that was taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.integrations.mail import Letter
from lms.people import queries as people
from lms.sharing.models import Material
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def material_taken_off(database: Database, settings: Settings, name: str, material: int) -> Letter | None:
    """Tell why, and that it is kept for its author."""
    with database.reading() as db:
        row = db.get(Material, material)
        person = people.person(db, row.shared_by) if row is not None else None
        if row is None or row.taken_off_at is None or person is None or not person.proved_email:
            return None
        title, reason = row.title, row.reason
    link = settings.url.rstrip("/") + url_for("sharing.show", number=material)
    with speaking(person.language):
        values = {"name": person.name, "title": title, "reason": reason, "link": link, "site": settings.site_name}
        text = render_template("mail/material_taken_off.txt", **values)
        return Letter(name, person.proved_email, _("Taken off: %(title)s", title=title), text)
