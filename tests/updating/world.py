"""A lesson that changed after somebody was certified in its course."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.credentials.models import Certificate
from lms.updating.actions import Told, tell
from tests.packs import SMALL, publish

if TYPE_CHECKING:
    from lms.db import Database

COURSE, LESSON = "first-aid", "long-passwords"
FILE = "courses/first-aid/01-long-passwords.md"
WORDS = {"en": {"what": "Twelve letters are too few now.", "why": "Machines guess faster."}}


def change(database: Database, more: str = "Sixteen letters are the least today.") -> int:
    """Publish the course with a longer first lesson; the id of the new version."""
    publish(database, {**SMALL, FILE: SMALL[FILE].replace("## Why length", f"{more}\n\n## Why length")})
    with database.reading() as db:
        return max(db.scalars(select(CourseVersion.id).where(CourseVersion.course_id == COURSE)))


def certify(db: Any, person: int, version: int, **facts: Any) -> Certificate:
    """A valid certificate of a version of the course."""
    key = uuid.uuid4().hex
    told_of = {"code": key[:12], "holder": "Laura", "language": "en", "title": "Password helper"}
    told_of |= {"course": "First aid", "course_id": COURSE, "issued_on": "2026-01-31"}
    row = Certificate(
        code=key[:12], actor_id=person, completion_key=key, version_id=version, facts=told_of,
        **{"course_id": COURSE, "issued_at": now() - timedelta(days=30),
           "valid_until": now().date() + timedelta(days=300), **facts},
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def told(db: Any, by: int, old: int, new: int, **facts: Any) -> Any:
    """An update of the first lesson."""
    question = facts.pop("question", f"{LESSON}#hardest")
    return tell(
        db, Told(COURSE, facts.pop("lesson", LESSON), old, new, question, facts.pop("words", WORDS)),
        client_id=facts.pop("client_id", str(uuid.uuid4())), by=by,
    )  # fmt: skip
