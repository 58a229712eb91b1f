"""Counting a national programme: everybody anew, and those who changed, beside plain SQL that only adds up.

`LMS_BENCH_SCALE=0.01` counts a hundredth of the programme, to try the scripts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from lms.clock import now
from lms.content.packs import SHIPPED, PackFolder, publish_pack
from lms.db import Database
from lms.demo.programmes import make_programme
from lms.discovery import OWN, question_types
from lms.figures import actions, queries
from lms.figures.models import ANY
from lms.paths import shipped
from lms.people.models import Person, PersonChange, Unit
from tests.benchmarks.national import SCALE

pytestmark = pytest.mark.benchmark
CHANGED = 2000
LONGEST_LOCK = 0.2
# what no count can do without: each certificate carried to every unit above its holder, once
FLOOR = """
    select top.id, c.course_id, count(distinct c.actor_id)
    from certificate c
    join membership m on m.person_id = c.actor_id and m.until is null
    join unit u on u.id = m.unit_id
    join unit p on p.id = u.parent_id
    join unit top on top.id in (u.id, p.id, p.parent_id)
    where c.revoked_at is null
    group by top.id, c.course_id
"""


def spent(what: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock and of this process, and the answer."""
    began, busy = time.perf_counter(), time.process_time()
    answer = what()
    return time.perf_counter() - began, time.process_time() - busy, answer


@contextmanager
def timing_locks(database: Database) -> Iterator[list[float]]:
    """How long each write transaction lasted, from its first statement to its commit."""
    locks: list[float] = []
    writing = database.writing

    @contextmanager
    def timed() -> Iterator[Any]:
        with writing() as db:
            db.connection()
            began = time.perf_counter()
            yield db
        locks.append(time.perf_counter() - began)

    database.writing = timed  # type: ignore[method-assign]
    yield locks
    database.writing = writing  # type: ignore[method-assign]


def clear(database: Database) -> None:
    """As if nothing was ever counted."""
    for table in ("standing", "counted", "unit_figure", "unit_tally", "unit_day", "count"):
        with database.writing() as db:
            db.execute(text(f"delete from {table}"))


def plain(database: Database) -> int:
    with database.reading() as db:
        return len(db.execute(text(FLOOR)).all())


def revoke_some(database: Database) -> None:
    """Certificates of many people are withdrawn at once."""
    with database.writing() as db:
        people = list(db.scalars(select(Person.id).order_by(Person.folded_name).limit(CHANGED)))
        ids = ",".join(map(str, people))
        db.execute(text(f"update certificate set revoked_at = issued_at where actor_id in ({ids})"))
        db.execute(insert(PersonChange), [{"person_id": person, "at": now()} for person in people])


def test_counting_a_country(database: Database) -> None:
    types = question_types([OWN])
    publish_pack(database, PackFolder(SHIPPED, shipped("courses").parent), types)
    make_programme(database, types, "vietnam", scale=SCALE)
    clear(database)
    kind = database.engine.dialect.name
    with timing_locks(database) as locks:
        first, first_busy, found = spent(lambda: actions.recount_all(database))
        longest = max(locks)
    again, again_busy, none = spent(lambda: actions.recount_all(database))
    floor, _busy, rows = spent(lambda: plain(database))
    print(
        f"\n{kind}: {found.people:,} people in {found.units:,} units counted from nothing in {first:.1f} s "
        f"({first_busy:.1f} s of this process, {found.differences:,} rows, longest write {longest * 1000:.0f} ms); "
        f"again in {again:.1f} s ({again_busy:.1f} s); "
        f"plain SQL adds up the certificates alone in {floor:.1f} s ({rows:,} rows)"
    )
    assert none.differences == 0
    revoke_some(database)
    with timing_locks(database) as locks:
        changed, busy, people = spent(lambda: actions.count_changes(database))
    print(
        f"{kind}: {people:,} changed people in {changed:.1f} s ({busy:.1f} s), longest write {max(locks) * 1000:.0f} ms"
    )
    with database.reading() as db:
        root = db.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).one()
        past, busy, live = spent(lambda: queries.as_of(db, [root], ANY, now().date()))
        assert queries.figures(db, [root.id], ANY) == live
    print(f"{kind}: the country as of a day, from the facts, in {past:.1f} s ({busy:.1f} s)")
    assert actions.check(database).differences == 0
    if SCALE == 1:
        assert max(first, again) < 30
        assert max(*locks, longest) < LONGEST_LOCK
