"""Counting what answers tell: everything anew, and a day's attempts, beside plain SQL that only groups them.

`LMS_BENCH_SCALE=0.01` counts a hundredth, to try the script.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from lms.analysis import actions, queries
from lms.analysis.queries import Chosen
from lms.db import Database
from tests.analysis.world import BEGAN, TYPES, sit
from tests.benchmarks.national import SCALE
from tests.packs import publish

pytestmark = pytest.mark.benchmark
ATTEMPTS = max(100, round(100_000 * SCALE))
QUESTIONS, DRAWN = 64, 10
LANGUAGES = ("en", "lv", "ka", "ro", "vi")
CHOICE = "## Which one is safe, case {number}? {{#q{number}}}\n\n- [ ] one\n- [x] two\n- [ ] three\n- [ ] four\n\n"
PACK = {
    "courses/luck/index.md": "---\ntitle: By luck\nlanguage: en\nexam: ../../quizzes/luck-exam.md\n---\n\nAbout.\n",
    "courses/luck/01-dice.md": "# Dice\n\nA die.\n",
    "quizzes/luck-exam.md": f"---\ntitle: Exam by luck\npass: 60%\ndraw: {DRAWN}\n---\n\n"
    + "".join(CHOICE.format(number=number) for number in range(QUESTIONS)),
}
# what no count can do without: each first attempt, its grades in force, its answers
FLOOR = """
    select g.question_key, a.language, count(*), avg(g.score), count(r.id)
    from attempt a
    join question_grade g on g.attempt_id = a.id and g.superseded_at is null
    left join answer r on r.attempt_id = a.id and r.question_key = g.question_key
    where a.number = 1 and a.submitted_at is not null
    group by g.question_key, a.language
"""


def spent(what: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock and of this process."""
    began, busy = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - began, time.process_time() - busy


def count(database: Database) -> None:
    while actions.count_answers(database, TYPES):
        pass


def plain(database: Database) -> None:
    with database.reading() as db:
        assert len(db.execute(text(FLOOR)).all()) >= QUESTIONS


def look(database: Database) -> None:
    with database.reading() as db:
        page = queries.quiz_page(db, "luck", "luck-exam", TYPES, "en", Chosen())
        assert page is not None
        assert len(page.questions) == QUESTIONS


def apart(url: str) -> tuple[float, float, float]:
    """Count in a process of its own: seconds by the clock, seconds of the process, MB more at the highest."""
    database = Database(url, durable=False)
    look_at_nothing(database)
    before = highest()
    clock, busy = spent(lambda: count(database))
    grown = highest() - before
    database.dispose()
    return clock, busy, grown


def highest() -> float:
    """The most memory that this process has had, in MB. Linux says it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def look_at_nothing(database: Database) -> None:
    """Load what the first look loads: drivers, compiled courses."""
    with database.reading() as db:
        queries.quiz_page(db, "luck", "luck-exam", TYPES, "en", Chosen())


def test_counting_answers(database: Database) -> None:
    publish(database, PACK, "luck")
    for part in range(10):
        begin = BEGAN - timedelta(days=400 - 20 * part)
        sit(database, "luck", ATTEMPTS // 10, seed=part, languages=LANGUAGES, begin=begin)
    if database.engine.dialect.name == "postgresql":  # which learns of a bulk load only later, by itself
        with database.writing() as db:
            db.execute(text("analyze"))
    floor, floor_busy = spent(lambda: plain(database))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        url = database.engine.url.render_as_string(hide_password=False)
        whole, whole_busy, grown = pool.submit(apart, url).result()
    more = max(10, ATTEMPTS // 100)
    sit(database, "luck", more, seed=99, languages=LANGUAGES, begin=BEGAN)
    new, new_busy = spent(lambda: count(database))
    look(database)
    page, page_busy = spent(lambda: look(database))
    kind = database.engine.dialect.name
    print(
        f"\n{kind}: {ATTEMPTS:,} first attempts of {DRAWN} questions counted in {whole:.1f} s ({whole_busy:.1f} s of "
        f"its process, {grown:.0f} MB more than before); plain SQL groups them in {floor:.1f} s ({floor_busy:.1f} s); "
        f"{more:,} more in {new:.2f} s ({new_busy:.2f} s); the page of {QUESTIONS} questions in {len(LANGUAGES)} "
        f"languages in {page * 1000:.0f} ms ({page_busy * 1000:.0f} ms)"
    )
    if SCALE == 1:
        assert whole < 60
        assert grown < 200
        assert page < 0.2
