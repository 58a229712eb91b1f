"""Help asked for in a demonstration, who answers, and the news that helpers read."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from lms.clock import now
from lms.consulting import actions as requests
from lms.consulting import consultant_actions as consultants
from lms.consulting.consultant_actions import Skills
from lms.consulting.consultant_queries import may_name
from lms.consulting.rules import Asked, Contact
from lms.news import actions as news
from lms.news.actions import NewAnnouncement
from lms.news.desk_queries import UNITS
from lms.news.rules import Audience
from lms.organisation.queries import by_code
from lms.people import queries as people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COORDINATOR, CONSULTANT, REGION = "janis", "lucia", "KUR"
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
    region = by_code(db, coordinator.id, REGION)
    # a site with other courses than the shipped ones certifies nobody, so nobody there may answer
    if region is None or not may_name(db, coordinator.id, consultant.id, today):
        return
    skills = Skills(languages=("en", "lv", "ru"))
    consultants.name(db, consultant.id, region.id, skills, by=coordinator.id, today=today)
    for place, (code, service, channel, times, words) in enumerate(ASKED):
        unit = by_code(db, coordinator.id, code)
        if unit is None:
            continue
        contact = Contact("+371 2000 0000", times=times, words=words)
        asked = Asked(unit.id, "citizen", service, channel, "lv", contact)
        row = requests.ask(db, asked, client_id=str(uuid.uuid4()), today=today)
        if place == 0:
            requests.take(db, row, consultant.id, today)
    audience = Audience(unit=region.id, path=region.path)
    told = NewAnnouncement(str(uuid.uuid4()), UNITS, audience, NEWS, "en", today, asks_confirm=True)
    news.announce(db, told, by=coordinator.id)
