"""What holders read about their certificates after the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.amending import queries
from lms.clock import now
from lms.credentials import queries as credentials
from lms.integrations.mail import Letter
from lms.people import queries as people
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def certificate_decided(database: Database, settings: Settings, name: str, request: int) -> Letter | None:
    """Tell the holder what was decided; a granted correction is told by the letter of the new certificate."""
    with database.reading() as db:
        told = queries.decided(db, request)
    if told is None or (told.kind == "name" and told.is_granted):
        return None
    with speaking(told.language):
        page = url_for("credentials.show", code=told.code)
        appeal = url_for("amending.appeal", code=told.code)
        base = settings.url.rstrip("/")
        values = {"told": told, "link": base + page, "appeal": base + appeal, "site": settings.site_name}
        text = render_template("mail/certificate_decided.txt", **values)
        return Letter(name, told.email, _("About your certificate: %(title)s", title=told.title), text)


def certificate_expiring(database: Database, settings: Settings, name: str, certificate: int) -> Letter | None:
    """Tell the holder that a certificate ends soon, and how it is renewed."""
    with database.reading() as db:
        page = credentials.certificate_by_id(db, certificate, now().date())
        person = people.person(db, page.actor) if page and page.actor else None
    if page is None or page.state != "valid" or person is None or not person.proved_email:
        return None
    with speaking(person.language):
        renewal = settings.url.rstrip("/") + url_for("renewing.renewal", code=page.code)
        values = {"page": page, "name": person.name, "link": renewal, "site": settings.site_name}
        text = render_template("mail/certificate_expiring.txt", **values)
        subject = _("Your certificate ends soon: %(title)s", title=page.facts.title)
        return Letter(name, person.proved_email, subject, text)
