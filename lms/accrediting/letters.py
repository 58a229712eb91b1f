"""What coordinators read about the certificates of their organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.accrediting import queries
from lms.integrations.mail import Letter
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def organisation_warned(database: Database, settings: Settings, name: str, accreditation: int) -> list[Letter]:
    """Warn before an organisation loses its certificate."""
    return _letters(database, settings, name, accreditation, is_lost=False)


def organisation_lapsed(database: Database, settings: Settings, name: str, accreditation: int) -> list[Letter]:
    """Say that an organisation lost its certificate, and how it gets one again."""
    return _letters(database, settings, name, accreditation, is_lost=True)


def _letters(database: Database, settings: Settings, name: str, accreditation: int, *, is_lost: bool) -> list[Letter]:
    with database.reading() as db:
        told = queries.to_tell(db, accreditation)
    found = []
    for number, (email, language) in enumerate(told.to if told else ()):
        assert told is not None
        with speaking(language):
            link = settings.url.rstrip("/") + url_for("accrediting.home")
            values = {"told": told, "link": link, "is_lost": is_lost, "site": settings.site_name}
            text = render_template("mail/organisation.txt", **values)
            subject = (
                _("%(unit)s has lost a certificate", unit=told.unit)
                if is_lost
                else _("%(unit)s may lose a certificate", unit=told.unit)
            )
            found.append(Letter(f"{name}-{number}", email, subject, text))
    return found
