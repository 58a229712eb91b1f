"""The letter that says that something is to be reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.clock import now
from lms.integrations.mail import Letter
from lms.people import queries as people
from lms.renewing import queries
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.config import Settings
    from lms.db import Database


def reviews_due(
    stop_token: Callable[[int], str], database: Database, settings: Settings, name: str, actor: int
) -> Letter | None:
    """Ask somebody for two minutes, if something is due still. `stop_token` makes the word that ends such letters."""
    with database.reading() as db:
        person = people.person(db, actor)
        due = len(queries.reviews(db, actor, now()).due)
    if person is None or not person.proved_email or not person.reminds or not due:
        return None
    base = settings.url.rstrip("/")
    stop = base + url_for("reminding.stop", token=stop_token(actor))
    with speaking(person.language):
        values = {"name": person.name, "due": due, "link": base + url_for("renewing.review"), "stop": stop}
        text = render_template("mail/reviews_due.txt", **values, site=settings.site_name)
        return Letter(name, person.proved_email, _("Two minutes to keep what you learned"), text, stop)
