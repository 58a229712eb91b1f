"""Certificates by the dozen, as an import makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.credentials.facts import CertificateFacts
from lms.credentials.models import Certificate

if TYPE_CHECKING:
    from lms.db import Database


def issue_many(database: Database, actor: int, numbers: range, **more: Any) -> None:
    """Insert certificates of one holder, one for each number, without asking for the sealer."""
    with database.writing() as db:
        version, course = db.execute(select(CourseVersion.id, CourseVersion.course_id)).first() or (0, "")
        rows = []
        for number in numbers:
            facts = CertificateFacts(
                f"C-{number}", "Laura Lapiņa", "en", "Password helper", "First aid", course, "2026-11-22", hours=2.0
            )
            rows.append(
                {
                    "code": facts.code, "actor_id": actor, "completion_key": f"made/{number}", "course_id": course,
                    "version_id": version, "basis": "completion", "facts": msgspec.to_builtins(facts),
                    "salt": f"{number:032x}", "issued_at": now(), "revoked_reason": "", **more,
                }
            )  # fmt: skip
        db.execute(insert(Certificate), rows)
