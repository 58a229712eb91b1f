"""A small site on which every page has something to show."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import time_machine
from sqlalchemy import delete, select, text

from lms.amending.models import CertificateRequest
from lms.badges.actions import sign_waiting
from lms.clock import now
from lms.content import queries as content
from lms.content.models import Blob, CourseVersion
from lms.credentials.models import Certificate
from lms.exchange.keeping import Wish, keep
from lms.finding.actions import write as write_point
from lms.finding.rules import Entry, State
from lms.helping.models import HelpEntry
from lms.issuers.keyring import ensure_keys
from lms.issuers.models import IssuerKey
from lms.jobs import Job
from lms.learning.models import MistakeReport
from lms.people.actions import NewPerson, grant_role, join_unit, sign_up
from lms.people.models import Person, RoleGrant, ThrottleCount, Unit, UnitName
from lms.people.rules import Role
from lms.people.units import add_alias
from lms.recognising.models import Recognition, RecognitionFile
from lms.renewing.models import ReviewAnswer, ReviewCard
from lms.renewing.queries import practice_keys
from lms.renewing.rules import first_memory
from lms.rosters.claims import ask
from lms.rosters.duplicates_rules import Reason
from lms.rosters.models import JoinCode, JoinRequest
from lms.sealing.actions import seal_waiting
from lms.sharing.models import Material
from lms.updating.models import CourseUpdate, UpdateAnswer
from lms.vetting.models import HelpFinding, HelpSample, HelpSampled
from tests.contracts.world_of_consulting import ask_for_help
from tests.packs import SMALL

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.cast import Cast, Visitor

LOGINS = {"trainee": "laura", "trainer": "tina", "coordinator": "nora", "operator": "omar"}
GROUP = {"unit": "N-1", "course": "first-aid", "name": "Autumn", "starts": "2026-01-31"}
EXAM = "/courses/first-aid/quizzes/first-aid-exam"
GARDENS = {
    "courses/gardens/index.md": "---\ntitle: Gardens for beginners\n---\n\nAbout gardens.\n",
    "courses/gardens/01-soil.md": "# Soil\n\nSoil is alive.\n",
}


@dataclass(frozen=True)
class World:
    """What exists: a name for each argument of a route, an open attempt for each person, a pack to upload."""

    common: dict[str, Any]
    attempts: dict[str, str]
    zipped: bytes

    def names(self, who: str) -> dict[str, Any]:
        """A name for each argument of a route, as one of the cast would use it."""
        return {**self.common, "attempt_id": self.attempts.get(who, self.attempts["trainee"])}


def forget_tries(app: Flask) -> None:
    """Let everybody sign in again, more often than anybody does within an hour."""
    with app.extensions["lms_database"].writing() as db:
        db.execute(delete(ThrottleCount))


def furnish(app: Flask, cast: Cast, home: Path) -> World:
    """Put the pack on disk, let everybody begin the exam, let Laura earn a certificate and report a mistake."""
    for path, words in SMALL.items():
        file = home / "packs" / "tests" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, encoding="utf-8")
    with time_machine.travel(now() - timedelta(hours=2)):  # so that another attempt may begin now
        laura = cast.at_browser("laura")
        laura.post("/courses/first-aid/mistakes/long-passwords", {"text": "A comma is missing."})
        earn_certificate(laura)
    with app.extensions["lms_database"].writing() as db:
        ensure_keys(db, app.config["LMS"])
        reviewed = let_come_back(db, cast["laura"])
        told = tell_of_a_change(db, cast) | ask_for_help(db, cast)
        share_leaflet(db, cast, home)
        let_look_odd(db, cast)
        open_help_point(db, cast)
        asked = {"client_id": str(uuid.uuid4()), "certificate_id": db.scalars(select(Certificate.id)).one()}
        db.add(CertificateRequest(**asked, kind="name", holder="L. L.", asked_by=cast["laura"], asked_at=now()))
        db.get_one(Person, cast["laura"]).email = "laura@example.org"
        add_alias(db, db.get_one(Unit, cast.units["N-1"]), "House in the north", by=None)
        grant_role(db, cast["laura"], Role.COORDINATOR, unit=cast.units["S-1"], by=None)
        for grant in db.scalars(select(RoleGrant).where(RoleGrant.person_id == cast["laura"])):
            grant.ended_at = now()
    sign_waiting(app.extensions["lms_database"], app.config["LMS"])
    seal_waiting(app.extensions["lms_database"], app.config["LMS"])
    write_letter(home)
    people = {who: cast.at_browser(login) for who, login in LOGINS.items()}
    attempts = {who: begin_exam(person) for who, person in people.items()}
    people["operator"].post("/operation/repositories", {"name": "water", "address": "https://127.0.0.1:1/w.git"})
    made = {
        **bring_in(app, cast, people),
        "evidence_id": send_evidence(app, cast, home),
        **send_in(people, cast),
        "announcement_id": tell_news(people),
        "held": hold_questions(home, cast["tina"]),
        **reviewed,
        **told,
    }
    with app.extensions["lms_database"].reading() as db:
        return World({**NAMES, **made, **known(db, cast)}, attempts, zipped())


def tell_news(people: dict[str, Visitor]) -> int:
    """An announcement of the coordinator, whose id is given back, and one of the trainer."""
    words = {"title-en": "Gardens open", "text-en": "About gardens.", "asks_confirm": "1"}
    look_and_tell(people["trainer"], "/authoring/news/new", {**words, "course": "first-aid"})
    told = look_and_tell(people["coordinator"], "/coordination/news/new", {**words, "unit": "N"})
    return int(told.rpartition("/")[2])


def look_and_tell(author: Visitor, path: str, form: dict[str, str]) -> str:
    """Look at an announcement, and send what was seen; its address."""
    seen = author.post(path, form).text.partition('name="seen" value="')[2].partition('"')[0]
    told = author.post(path, {**form, "client_id": str(uuid.uuid4()), "step": "send", "seen": seen})
    return str(told.location)


def send_evidence(app: Flask, cast: Cast, home: Path) -> str:
    """Laura asks to have what she knows recognised; the file that shows it."""
    kept = str(uuid.uuid4())
    (home / "uploads").mkdir(exist_ok=True)
    (home / "uploads" / kept).write_bytes(b"%PDF-1.7")
    with app.extensions["lms_database"].writing() as db:
        version = db.scalar(select(CourseVersion.id).where(CourseVersion.course_id == "first-aid"))
        asked = Recognition(client_id=kept, actor_id=cast["laura"], course_id="first-aid", version_id=version)
        asked.state, asked.asked_at = "waiting", now()
        db.add(asked)
        db.flush()
        file = {"recognition_id": asked.id, "name": "diploma.pdf", "size": 8, "received_at": now()}
        db.add(RecognitionFile(id=kept, **file))
    return kept


NAMES: dict[str, Any] = {
    "action": "channel",
    "report_id": "units",
    "slug": "handrail",
    "form": "jwt",
    "block": 0,
    "version": "-",
    "language": "en",
    "holder": "organisation",
    "course_id": "first-aid",
    "lesson_id": "long-passwords",
    "quiz_id": "first-aid-exam",
    "pack": "tests",
    "file": "courses/first-aid/02-helping.md",
    "kind": "course",
    "remote": "water",
    "bank": "courses/first-aid/01-long-passwords.quiz.md",
    "lesson": "courses/first-aid/01-long-passwords.md",
    "number": 1,
    "place": 1,
    "year": 2026,
    "month": "2026-10",
    "field": "service",
    "choice_id": 1,
    "what": "certificates",
    "token": "never-sent",
    "name": "key.svg",
    "rule": "heading-skipped",
    "format_name": "moodle-xml",
    "key": "first-aid-exam#longest",
    **dict.fromkeys(("period_id", "definition_id"), 4711),
    "of_course": "lessons",
    "of_quiz": "questions",
    **dict.fromkeys(("offer_id", "link_id", "grade_id", "decision_id", "exemption_id", "filter_id", "target_id"), 1),
}


def send_in(people: dict[str, Visitor], cast: Cast) -> dict[str, Any]:
    """What people sent: a session, a register, a report's file, a link; and ids that nobody has sent yet."""
    file_id = str(uuid.uuid4())
    people["coordinator"].post("/reports/units/file", {"unit": "N", "format": "csv", "file_id": file_id})
    wanted = {"unit": "N", "order": "unit", "course": "", "design": ""}
    printed = people["coordinator"].post("/prints/new/certificates", wanted)
    fresh = {name: str(uuid.uuid4()) for name in ("reminder_id", "upload_id", "regrading_id")}
    return {
        **fresh,
        "session_id": hold_sessions(people),
        "run_id": send_register(people["coordinator"], cast.units["N"]),
        "scope": cast.units["N"],
        "file_id": file_id,
        "print_id": int(str(printed.location).rpartition("/")[2]),
        "link_token": link_to(people["trainer"]),
    }


def known(db: Session, cast: Cast) -> dict[str, Any]:
    """Names that the database has given."""
    return {
        "digest": db.scalars(select(Blob.digest)).one()[:32],
        "code": db.scalars(select(Certificate.code)).one(),
        "kid": db.scalars(select(IssuerKey.kid).limit(1)).one(),
        "report": db.scalars(select(MistakeReport.id)).one(),
        "version_id": db.scalars(select(CourseVersion.id)).one(),
        "person_id": cast["laura"],
        "unit_id": cast.units["N-1"],
        "name_id": db.scalars(select(UnitName.id)).one(),
        "grant_id": db.scalars(select(RoleGrant.id).where(RoleGrant.person_id == cast["laura"])).one(),
        "job_id": db.scalars(select(Job.id).limit(1)).one(),
    }


def let_come_back(db: Session, person: int) -> dict[str, Any]:
    """A question that is due to be reviewed, and an answer of a week ago."""
    current, at = content.current(db, "first-aid"), now() - timedelta(days=7)
    assert current is not None
    fact = {"actor_id": person, "course_id": "first-aid", "question_key": practice_keys(current.course)[0]}
    card = ReviewCard(**fact, started_at=at, due_at=now(), lapses=0, memory=first_memory(at))
    answer = ReviewAnswer(
        **fact, id=str(uuid.uuid4()), version_id=current.version, response=1, is_right=True, days=0, at=at
    )
    db.add_all([card, answer])
    db.flush()
    return {"card_id": card.id, "answer_id": answer.id}


def open_help_point(db: Session, cast: Cast) -> None:
    """A help point where Laura works."""
    unit = db.get_one(Unit, cast.units["N-1"])
    write_point(db, unit, Entry(place="Main street 3"), state=State.PUBLIC, by=None, today=now().date())


def let_look_odd(db: Session, cast: Cast) -> None:
    """An entry of Laura's that looks odd, and a sample in which it was drawn: both have the number 1."""
    unit, moment = cast.units["N-1"], now()
    said = {"kind": "visit", "audience": "citizen", "service": "health", "people": 40, "standing": "covered"}
    by = {"helper_id": cast["laura"], "logged_by": cast["laura"], "logged_at": moment, "given_on": moment.date()}
    entry = HelpEntry(client_id=str(uuid.uuid4()), unit_id=unit, **said, **by)
    db.add(entry)
    db.flush()
    reasons = [{"reason": "people", "entries": 1, "days": 1}]
    seen = {"reasons": reasons, "entries": 1, "people": 40, "newest_id": entry.id, "state": "open", "found_at": moment}
    month = moment.date().replace(day=1)
    db.add(HelpFinding(id=1, helper_id=cast["laura"], unit_id=unit, month=month, **seen))
    days = {"first_day": moment.date(), "last_day": moment.date(), "size": 1, "total": 1, "seed": 7}
    made = {"up_to": entry.id, "made_by": cast["nora"], "made_at": moment}
    db.add(HelpSample(id=1, client_id=str(uuid.uuid4()), unit_id=cast.units["N"], **days, **made))
    db.flush()
    db.add(HelpSampled(sample_id=1, place=1, entry_id=entry.id, result=""))
    move_numbers_on(db, "help_finding", "help_sample")


def move_numbers_on(db: Session, *tables: str) -> None:
    """Let PostgreSQL go on behind the numbers that were given here."""
    if db.get_bind().dialect.name == "postgresql":
        for table in tables:
            db.execute(text(f"select setval(pg_get_serial_sequence('{table}', 'id'), 100)"))


def tell_of_a_change(db: Session, cast: Cast) -> dict[str, Any]:
    """A lesson that holders are told of; Laura has read it."""
    version = db.scalar(select(CourseVersion.id).where(CourseVersion.course_id == "first-aid"))
    about = {"course_id": "first-aid", "lesson_id": "long-passwords", "question_key": "long-passwords#hardest"}
    words = {"en": {"what": "Length wins.", "why": "Machines guess faster."}}
    update = CourseUpdate(client_id=str(uuid.uuid4()), **about, words=words, made_by=cast["tina"], made_at=now())
    update.old_version_id = update.new_version_id = version
    db.add(update)
    db.flush()
    read = {"update_id": update.id, "actor_id": cast["laura"], "response": 1, "is_right": True, "is_first": True}
    db.add(UpdateAnswer(id=str(uuid.uuid4()), **read, at=now()))
    return {"update_id": update.id}


def share_leaflet(db: Session, cast: Cast, home: Path) -> None:
    """Laura shares a leaflet: the material with the number 1."""
    kept = str(uuid.uuid4())
    (home / "uploads").mkdir(exist_ok=True)
    (home / "uploads" / kept).write_bytes(b"%PDF-1.7")
    said = {"title": "Leaflet", "about": "", "language": "en", "author": "Laura", "source": "", "licence": "by"}
    what = {"address": "", "file": kept, "ending": "pdf", "size": 8, "digest": "0" * 64, "words": "leaflet"}
    row = Material(client_id=kept, **said, **what, is_own=True, is_allowed=False, unit_id=cast.units["N-1"])
    row.shared_by, row.shared_at = cast["laura"], now()
    db.add(row)


def link_to(trainer: Visitor) -> str:
    """The token of a link that shows the published course to a colleague; another one is there to be ended."""
    trainer.post("/authoring/courses/first-aid/versions/1/links", {"made_for": "nobody"})
    page = trainer.post("/authoring/courses/first-aid/versions/1/links", {"made_for": "Ieva"}).text
    found = re.search(r"/look/([\w-]+)", page)
    assert found, page
    return found[1]


def hold_questions(home: Path, trainer: int) -> uuid.UUID:
    """A file with a question that the trainer has sent in and not looked at yet."""
    held = uuid.uuid4()
    keep(home, trainer, held, b"Water boils at 100 degrees.{T}\n", Wish("water.gift", "tests", "quizzes/water.md"))
    return held


def send_register(person: Visitor, unit: int) -> int:
    """A register on its way in; the id of its run."""
    file = (io.BytesIO(b"name,unit code\nNina New,N-1\n"), "register.csv")
    form = {"file": file, "kind": "people", "unit": str(unit), "upload_id": str(uuid.uuid4())}
    return int(str(person.post("/rosters/imports/new", form).location).rpartition("/")[2])


def bring_in(app: Flask, cast: Cast, people: dict[str, Visitor]) -> dict[str, Any]:
    """A code that leads to a unit, somebody who asks to join, an entry of the register with her name, a group."""
    nora, unit = people["coordinator"], cast.units["N-1"]
    code_id = int(str(nora.post("/rosters/join/units/N-1/codes", {"days": "30"}).location).split("/")[-2])
    nora.post("/coordination/enrolment", {"unit": "N-1", "courses": "first-aid"})
    group = nora.post("/coordination/groups", {**GROUP, "ends": "2099-01-31"}).location
    with app.extensions["lms_database"].writing() as db:
        code = db.get_one(JoinCode, code_id).code
        entry = sign_up(db, NewPerson("Otto Südsen", "", ""), "").id
        db.get_one(Person, entry).user_name = None
        join_unit(db, entry, unit, since=now().date())
        ask(db, cast["laura"], entry, Reason.NAME)
    cast.at_browser("otto").post(f"/join/{code}")
    with app.extensions["lms_database"].reading() as db:
        request = db.scalars(select(JoinRequest.id)).one()
    return {
        "unit_code": "N-1",
        "code_id": code_id,
        "join_code": code,
        "entry_id": entry,
        "request_id": request,
        "question_id": 1,
        "rule_id": 1,
        "group_id": int(group.rpartition("/")[2]),
    }


def hold_sessions(people: dict[str, Visitor]) -> int:
    """A session of the trainer, whose id is given back, and one that the coordinator says Laura held."""
    form = {"course": "first-aid", "unit": "N-1", "held_on": "2026-01-31", "hours": "4"}
    held = people["trainer"].post("/sessions/new", {**form, "session_id": str(uuid.uuid4())})
    people["coordinator"].post("/sessions/new", {**form, "session_id": str(uuid.uuid4()), "trainer": "laura"})
    return int(str(held.location).rpartition("/")[2])


def write_letter(home: Path) -> None:
    """Put a letter into the outbox."""
    (home / "outbox").mkdir(exist_ok=True)
    text = "From: a@example.org\nTo: b@example.org\nSubject: Good day\n\nGood day.\n"
    (home / "outbox" / "key.svg.eml").write_text(text, encoding="utf-8")


def zipped() -> bytes:
    """A small pack as a zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in GARDENS.items():
            archive.writestr(path, text)
    return target.getvalue()


def begin_exam(person: Visitor) -> str:
    """Begin the exam; the attempt's id."""
    started = person.post(EXAM, {"attempt_id": str(uuid.uuid4())})
    assert started.status_code == 303, started.text
    return str(started.location).split("/")[2]


RIGHT = {
    "Which is longest?": ["1"],
    "Which may you know?": ["0", "2"],
    "How many words make a good password?": ["4"],
    "A keyboard belongs to its user.": ["0"],
}


def earn_certificate(person: Visitor) -> None:
    """Read both lessons, answer the whole exam rightly, hand in."""
    for lesson in ("long-passwords", "helping"):
        person.post(f"/courses/first-aid/read/{lesson}")
    attempt = begin_exam(person)
    for number in range(1, 5):
        page = person.get(f"/attempts/{attempt}/{number}").text
        answer = next(answer for stem, answer in RIGHT.items() if stem in page)
        person.post(f"/attempts/{attempt}/{number}", {"answer": answer, "answer_id": str(uuid.uuid4())})
    assert person.post(f"/attempts/{attempt}/submit").status_code == 303
    assert "You have passed" in person.get(f"/attempts/{attempt}/result").text
