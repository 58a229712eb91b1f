"""What tests of the desk's pages share: certificates of the last days, targets, the sentence, statements counted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event, update

from lms.clock import now
from lms.coordination.models import Target
from lms.credentials.models import Certificate
from tests.coordination.world import COURSE, give_certificate

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database
    from tests.cast import Cast, Visitor


def certify(db: Session, actor: int, *, days_ago: int, until: date | None = None, course: str = COURSE) -> None:
    """A certificate that was issued some days ago."""
    code = give_certificate(db, actor, until=until)
    db.flush()
    issued = now() - timedelta(days=days_ago)
    db.execute(update(Certificate).where(Certificate.code == code).values(issued_at=issued, course_id=course))


def aim_at(
    db: Session,
    cast: Cast,
    unit: str,
    *,
    share: float = 1.0,
    due: date | None = None,
    counts: str = "person",
    rule: str = "",
) -> Target:
    """A running target of a unit."""
    target = Target(
        unit_id=cast.units[unit],
        course_id=COURSE,
        counts=counts,
        rule=rule,
        share=share,
        due_on=due or now().date() + timedelta(days=30),
        made_by=cast["nora"],
        made_at=now() - timedelta(days=30),
    )
    db.add(target)
    db.flush()
    return target


def sentence(page: str) -> str:
    """What a desk opens with, as somebody would say it."""
    found = re.search(r'<p class="sentence">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", found.group(1))).strip() if found else ""


def count_statements(database: Database, visitor: Visitor, path: str) -> int:
    """How many statements a page asks."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    for engine in {database.engine, database.reader}:
        event.listen(engine, "before_cursor_execute", note)
    try:
        assert visitor.get(path).status_code == 200
    finally:
        for engine in {database.engine, database.reader}:
            event.remove(engine, "before_cursor_execute", note)
    return len(seen)
