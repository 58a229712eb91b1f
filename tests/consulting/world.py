"""Consultants, and requests as a browser sends them."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from lms.clock import now
from lms.consulting import consultant_actions
from lms.consulting.consultant_actions import Skills
from lms.consulting.models import Consultation, ConsultationStep
from lms.people.actions import join_unit
from lms.people.models import Person
from tests.helping.world import certify

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from tests.cast import Cast, Visitor

WISH = {"service": "health", "channel": "phone", "audience": "citizen", "language": "en", "phone": "+371 2612 3456"}


def new_id() -> str:
    return str(uuid.uuid4())


def name_consultant(db: Session, cast: Cast, login: str, unit: str, skills: Skills | None = None) -> None:
    """Certify somebody and name them; Nora coordinates the north."""
    today = now().date()
    certify(db, cast[login], since=today - timedelta(days=9))
    join_unit(db, cast[login], cast.units["N-1"], since=today - timedelta(days=9))
    db.get_one(Person, cast[login]).proved_email = f"{login}@example.org"
    consultant_actions.name(db, cast[login], cast.units[unit], skills or Skills(), by=cast["nora"], today=today)


def staff(database: Database, cast: Cast, **units: str) -> None:
    with database.writing() as db:
        for login, unit in units.items():
            name_consultant(db, cast, login, unit)


def ask(visitor: Visitor, cast: Cast, unit: str = "N-1", **more: Any) -> str:
    """Send a request; the code that its page shows."""
    answer = visitor.post("/ask", {**WISH, "unit": cast.units[unit], "client_id": new_id(), **more})
    assert answer.status_code == 303, answer.text
    found = re.search(r"/ask/([\w-]+)", answer.location)
    assert found
    return found[1]


def row(database: Database) -> Consultation:
    with database.reading() as db:
        return db.scalars(select(Consultation)).one()


def count(database: Database, table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def kinds(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(ConsultationStep.kind).order_by(ConsultationStep.id)))
