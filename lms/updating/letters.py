"""The letter that says that something changed since somebody's certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.integrations.mail import Letter
from lms.people import queries as people
from lms.updating import queries
from lms.web.language import _, speaking, today

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.config import Settings
    from lms.db import Database


def updates_due(
    stop_token: Callable[[int], str], database: Database, settings: Settings, name: str, actor: int
) -> Letter | None:
    """Tell somebody of updates that wait still. `stop_token` makes the word that ends such letters."""
    with database.reading() as db:
        person = people.person(db, actor)
        if person is None or not person.proved_email or not person.reminds:
            return None
        waiting = queries.waiting(db, actor, today())
        cards = [queries.card(db, each, person.language) for each in waiting]
    if not cards:
        return None
    base = settings.url.rstrip("/")
    stop = base + url_for("reminding.stop", token=stop_token(actor))
    with speaking(person.language):
        values = {"name": person.name, "cards": cards, "link": base + url_for("updating.home"), "stop": stop}
        text = render_template("mail/updates_due.txt", **values, site=settings.site_name)
        return Letter(name, person.proved_email, _("What changed since your certificate: two minutes"), text, stop)
