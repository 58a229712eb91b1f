"""Help asked for in a demonstration, who answers, and the news that helpers read."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.consulting import actions as requests
from lms.consulting import consultant_actions as consultants
from lms.consulting.consultant_actions import Skills
from lms.consulting.rules import Asked, Contact
from lms.news import actions as news
from lms.news.actions import NewAnnouncement
from lms.news.desk_queries import UNITS
from lms.news.rules import Audience
from lms.people import queries as people
from lms.people.models import Unit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COORDINATOR, CONSULTANT = "janis", "lucia"
# where, with what, over what, when, in whose words; the first one is taken at once
ASKED = (
    ("KUR-VEN", "health", "in-person", "Any morning", "The prescription is said to be electronic. How do I see it?"),
    ("KUR-LIE", "safety", "phone", "After five", "A message says that my parcel is held and asks for a card."),
)
NEWS = {
    "en": {
        "title": "The pension portal looks different from Monday",
        "text": "Sign-in has moved to the top right. **Try it once yourself** before somebody asks you at the desk.",
    },
    "lv": {
        "title": "Pensiju portāls no pirmdienas izskatās citādi",
        "text": "Pieteikšanās tagad ir augšā pa labi. **Izmēģiniet paši**, pirms kāds jautā pie letes.",
    },
}


def ask_for_help(db: Session) -> None:
    """Let somebody answer requests in the north-west, some people ask, and the coordinator tell news."""
    today = now().date()
    coordinator, consultant = people.by_login(db, COORDINATOR), people.by_login(db, CONSULTANT)
    if coordinator is None or consultant is None:
        return
    units = {unit.code: unit for unit in db.scalars(select(Unit).where(Unit.code.like("KUR%")))}
    region = units["KUR"]
    skills = Skills(languages=("en", "lv", "ru"))
    consultants.name(db, consultant.id, region.id, skills, by=coordinator.id, today=today)
    for place, (code, service, channel, times, words) in enumerate(ASKED):
        asked = Asked(
            units[code].id, "citizen", service, channel, "lv", Contact("+371 2000 0000", times=times, words=words)
        )
        row = requests.ask(db, asked, client_id=str(uuid.uuid4()), today=today)
        if place == 0:
            requests.take(db, row, consultant.id, today)
    audience = Audience(unit=region.id, path=region.path)
    told = NewAnnouncement(str(uuid.uuid4()), UNITS, audience, NEWS, "en", today, asks_confirm=True)
    news.announce(db, told, by=coordinator.id)
