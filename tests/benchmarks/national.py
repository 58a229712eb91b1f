"""The national programme, made once and served: `LMS_BENCH_SCALE=0.01` makes it a hundredth, to try the scripts."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select, text

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.content.packs import offered_packs, publish_pack
from lms.db import Database
from lms.demo.programmes import make_programme
from lms.learning.models import Enrolment
from lms.people.models import Person, Unit
from lms.people.session import open_session
from tests.benchmarks.load import server

SCALE = float(os.environ.get("LMS_BENCH_SCALE", "1"))
SECRET = "a key for benchmarks that is long enough"
TAKERS, READERS = 60, 60


@dataclass(frozen=True)
class Country:
    """A served programme: cookies of its coordinator, of some exam takers and readers, and codes of its units."""

    settings: Settings
    database: Database
    port: int
    pid: int
    coordinator: str
    takers: list[str]
    readers: list[str]
    provinces: list[str]
    units: list[str]
    people: int

    @property
    def environ(self) -> dict[str, str]:
        """What a command needs to find this installation."""
        return environ_of(self.settings)


def environ_of(settings: Settings) -> dict[str, str]:
    return {
        "LMS_HOME": str(settings.home),
        "LMS_DATABASE_URL": settings.database,
        "LMS_SECRET_KEY": SECRET,
        "LMS_URL": "http://127.0.0.1",
        "LMS_DEMO": "yes",
        "LMS_LOG": str(settings.home / "log"),
    }


@contextmanager
def served(home: Path, url: str) -> Iterator[Country]:
    """Make the programme on a database, tell how long that took, and serve it."""
    settings = Settings(home=home, url="http://127.0.0.1", database_url=url, secret_key=SECRET, demo=True)
    database = Database(settings.database)
    upgrade_database(database)
    app = create_app(settings, database)
    types = app.extensions["lms_question_types"]
    publish_pack(database, offered_packs(settings)[0], types)
    began, busy = time.perf_counter(), time.process_time()
    make_programme(database, types, "vietnam", scale=SCALE)
    whole, own = time.perf_counter() - began, time.process_time() - busy
    name = database.engine.dialect.name
    print(f"\n{name}: the programme at scale {SCALE:g} made in {whole:.0f} s, {own:.0f} s of CPU here")
    (home / "sample.json").write_text(json.dumps({"page": "x" * 4000, "people": 1, "first": 1}))
    with database.reading() as db:
        provinces = list(db.scalars(select(Unit.code).where(Unit.kind == "province").order_by(Unit.code)))
        root = db.scalars(select(Unit.path).where(Unit.code == "VN")).one()  # beside it stands the Youth Union
        units = list(db.scalars(select(Unit.code).where(Unit.path.startswith(root)).order_by(Unit.id)))
        people = db.execute(text("select count(distinct person_id) from membership where until is null")).scalar_one()
    cookies = _cookies(app, database)
    with server(environ_of(settings)) as (port, pid):
        yield Country(settings, database, port, pid, *cookies, provinces, units, people)
    database.dispose()


def _cookies(app: Flask, database: Database) -> tuple[str, list[str], list[str]]:
    """Cookies of the coordinator, and of people who have begun a course."""
    begun = select(Enrolment.actor_id).where(Enrolment.course_id == "e-services").order_by(Enrolment.actor_id)
    with database.reading() as db:
        coordinator = db.scalars(select(Person.id).where(Person.user_name == "hoa")).one()
        others = list(db.scalars(begun.limit(TAKERS + READERS)))
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    with app.test_request_context(), database.writing() as db:
        made = [
            "lms=" + str(signer.dumps({"_user_id": open_session(db, person), "_fresh": True, "_permanent": True}))
            for person in (coordinator, *others)
        ]
    return made[0], made[1 : 1 + TAKERS], made[1 + TAKERS :]


@dataclass(frozen=True)
class Spent:
    """How long things took, in milliseconds, at the middle, near the tail, and at most."""

    median: float
    p95: float
    p99: float
    most: float

    def __str__(self) -> str:
        return f"p50 {self.median:6.1f}  p95 {self.p95:6.1f}  p99 {self.p99:6.1f}  most {self.most:6.1f} ms"


def spent(milliseconds: Sequence[float]) -> Spent:
    """What a list of times comes to."""
    ordered = sorted(milliseconds)
    last = len(ordered) - 1
    return Spent(
        statistics.median(ordered),
        ordered[min(last, int(len(ordered) * 0.95))],
        ordered[min(last, int(len(ordered) * 0.99))],
        ordered[-1],
    )


def times(task: Callable[[int], object], amount: int) -> Spent:
    """Do something some times, after one to warm up."""
    task(0)
    found = []
    for turn in range(amount):
        began = time.perf_counter()
        task(turn)
        found.append((time.perf_counter() - began) * 1000)
    return spent(found)


def tell(name: str, ours: Spent, floor: Spent) -> None:
    """Print a line: ours, and the floor beside it."""
    print(f"{name:34} {ours}   floor p95 {floor.p95:6.1f} ms")
