"""A request that Laura has taken, and a hard question of hers: all have the number 1."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms.clock import now
from lms.consulting import actions, question_actions
from lms.consulting.models import Consultant, Consultation, Expert, QuestionTo
from lms.consulting.rules import Asked, Contact

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.cast import Cast


def ask_for_help(db: Session, cast: Cast) -> dict[str, Any]:
    """The code of the request."""
    said = {"services": [], "languages": [], "channels": [], "most": 5, "named_at": now()}
    db.add(Consultant(person_id=cast["laura"], unit_id=cast.units["N-1"], named_by=cast["nora"], **said))
    everything = {"services": [], "courses": [], "named_at": now()}
    db.add(Expert(person_id=cast["laura"], unit_id=cast.units["N"], named_by=cast["nora"], **everything))
    db.flush()
    contact = Contact("+371 2612 3456", "asker@example.org")
    asked = Asked(cast.units["N-1"], "citizen", "health", "phone", "en", contact)
    code = actions.ask(db, asked, client_id=str(uuid.uuid4()), today=now().date()).code
    row = db.scalars(select(Consultation)).one()
    actions.take(db, row, cast["laura"], now().date())
    key = str(uuid.uuid4())
    new = question_actions.NewQuestion("Which form?", "health", cast.units["N-1"], "first-aid", row.id)
    hard = question_actions.ask(db, cast["laura"], new, client_id=key, today=now().date())
    db.add(QuestionTo(question_id=hard.id, person_id=cast["laura"], put_at=now()))
    question_actions.mark(db, hard, "first-aid", "lesson:helping", by=cast["tina"])
    return {"ask_code": code}
