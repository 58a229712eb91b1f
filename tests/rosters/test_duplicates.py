"""Two people who are one: who is asked, what becomes of everything that hangs on them."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from lms.clock import now
from lms.coordination.models import SavedFilter
from lms.credentials.models import Certificate
from lms.db import Base
from lms.figures.actions import count_changes, recount
from lms.figures.queries import figures
from lms.learning.models import (
    Enrolment,
    Exemption,
    LessonRead,
    MistakeReport,
    OutsideAction,
    PracticeAnswer,
    RequirementFact,
)
from lms.people import actions, merging
from lms.people.models import Membership, Person, PersonChange, PersonName, SecurityEvent, Unit
from lms.people.rules import Role
from lms.quiz.models import Attempt
from lms.rosters import claims
from lms.rosters.duplicates_rules import Reason, knows_contact, names_fit
from lms.rosters.models import JoinRequest, PossibleDuplicate
from tests.cast import Visitor
from tests.contracts.world import earn_certificate
from tests.people.letters import last_link, path_of
from tests.rosters.test_slips import on_register

if TYPE_CHECKING:
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast

# Columns that name a person: what becomes of them when two people become one.
FOLLOWS = {
    "allowance.actor_id",
    "attempt.actor_id",
    "attendance.person_id",
    "board_consent.person_id",
    "certificate.actor_id",
    "consultant.person_id",
    "consultation.suggested_to",
    "consultation_step.to",
    "enrolment.actor_id",
    "exemption.person_id",
    "expert.person_id",
    "file_draft.actor_id",
    "hard_question_to.person_id",
    "help_entry.helper_id",
    "helper_listing.person_id",
    "help_finding.helper_id",
    "help_taking.helper_id",
    "join_request.person_id",
    "lesson_read.actor_id",
    "membership.person_id",
    "membership_offer.person_id",
    "mistake_report.actor_id",
    "news_letter.person_id",
    "news_reading.person_id",
    "outside_action.person_id",
    "person.merged_into_id",
    "person_name.person_id",
    "possible_duplicate.other_id",
    "possible_duplicate.person_id",
    "practice_answer.actor_id",
    "recognition.actor_id",
    "reminder_delivery.person_id",
    "review_answer.actor_id",
    "review_card.actor_id",
    "review_letter.actor_id",
    "requirement_fact.actor_id",
    "role_grant.person_id",
    "saved_filter.person_id",
    "study_group_member.person_id",
    "training_session.trainer_id",
    "update_answer.actor_id",
    "update_letter.actor_id",
}
ENDS = {"mail_token.person_id", "sign_in_code.person_id", "user_session.actor_id"}
COUNTED_AGAIN = {"person_change.person_id"}
STAYS = {"person.id", "security_event.actor_id", "security_event.subject_id"}  # the log says what was true then
WHO_DID_IT = re.compile(r"\.(\w+_by|by|noted_by|actor_by)$")


def test_every_column_that_names_a_person_is_dealt_with() -> None:
    """A new table that names a person has to say what becomes of its rows; `merging.py` of its part does it."""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in {"actor", "person"}
    }
    undecided = {name for name in named if not WHO_DID_IT.search(name)} - FOLLOWS - ENDS - COUNTED_AGAIN - STAYS
    assert undecided == set()
    assert named >= FOLLOWS | ENDS | COUNTED_AGAIN | STAYS


def put_before_nora(database: Database, one: int, other: int, reason: Reason = Reason.NAME) -> int:
    with database.writing() as db:
        claims.ask(db, one, other, reason)
        db.flush()
        return db.scalars(select(PossibleDuplicate.id).order_by(PossibleDuplicate.id.desc())).first() or 0


def twins(cast: Cast, database: Database) -> tuple[int, int]:
    """Laura, who has a certificate, and Laura of the register, who has begun at another time, too."""
    earn_certificate(cast.at_browser("laura"))
    twin = on_register(database, cast, "Laura Lapina", unit="N-2", code="R-1", phone="+371 20000001")
    with database.writing() as db:
        version = db.scalars(select(Certificate.version_id)).one()
        early = now() - timedelta(days=9)
        common: dict[str, Any] = {"actor_id": twin, "course_id": "first-aid"}
        db.add(Enrolment(**common, enrolled_at=early, last_at=early, last_lesson="helping", source="self"))
        db.add_all(LessonRead(**common, lesson_id=name, at=early) for name in ("helping", "long-passwords"))
        for number in (1, 2):
            db.add(
                Attempt(
                    **common,
                    id=str(uuid.uuid4()),
                    quiz_id="first-aid-exam",
                    version_id=version,
                    language="en",
                    seed=1,
                    number=number,
                    questions=[],
                    marked=[],
                    started_at=early + timedelta(days=number),
                    submitted_at=early + timedelta(days=number, minutes=5),
                    outcomes={},
                )
            )
        answer = {"version_id": version, "question_key": "long-passwords#hardest", "response": [1], "at": early}
        db.add(PracticeAnswer(id=str(uuid.uuid4()), score=1.0, **common, **answer))
        db.add(RequirementFact(**common, kind="attendance", ref="s-1", value=2.0, source="meetings", at=early))
        db.add(
            MistakeReport(
                client_id="m", actor_id=twin, course_id="first-aid", version_id=version, lesson_id="helping",
                language="en", text="!", at=early,
            )
        )  # fmt: skip
        db.add(OutsideAction(person_id=twin, course_id="first-aid", action="news", source="self", at=early))
        db.add(SavedFilter(person_id=twin, name="f", query="q=a", made_at=early))
        db.add(
            Exemption(person_id=twin, course_id="first-aid", reason="r", approved_by=cast["nora"], approved_at=early)
        )
        actions.join_unit(db, twin, cast.units["N-1"], since=date(2020, 1, 1))
    return cast["laura"], twin


def test_the_same_person_keeps_everything_of_both(cast: Cast, database: Database) -> None:
    laura, twin = twins(cast, database)
    question = put_before_nora(database, laura, twin)
    nora = cast.at_browser("nora")
    assert "Laura Lapiņa and Laura Lapina" in nora.get("/rosters/duplicates").text
    page = nora.get(f"/rosters/duplicates/{question}").text
    assert page.index("Laura Lapiņa</span>") < page.index("Laura Lapina</span>")
    assert nora.post(f"/rosters/duplicates/{question}", {"decision": "same"}).status_code == 303
    with database.reading() as db:
        kept, gone = db.get_one(Person, laura), db.get_one(Person, twin)
        assert (kept.code, kept.phone, kept.user_name) == ("R-1", "+371 20000001", "laura")
        assert gone.merged_into_id == laura
        assert gone.closed_at is not None
        tries = db.execute(select(Attempt.number, Attempt.submitted_at).where(Attempt.actor_id == laura)).all()
        assert [row[0] for row in sorted(tries, key=lambda row: row[1])] == [1, 2, 3]
        enrolled = db.scalars(select(Enrolment).where(Enrolment.actor_id == laura)).one()
        assert enrolled.completed_at is not None
        assert enrolled.enrolled_at < now() - timedelta(days=8)
        for table, count in ((LessonRead, 2), (PracticeAnswer, 1), (RequirementFact, 1), (Certificate, 1)):
            assert db.scalar(select(func.count()).select_from(table).where(table.actor_id == laura)) == count, table
        for table, owner in (
            (MistakeReport, MistakeReport.actor_id),
            (OutsideAction, OutsideAction.person_id),
            (SavedFilter, SavedFilter.person_id),
            (Exemption, Exemption.person_id),
        ):
            assert db.scalar(select(owner).select_from(table)) == laura, table
        member = select(Unit.code, Membership.since).join(Membership, Membership.unit_id == Unit.id)
        units = {row[0]: row[1] for row in db.execute(member.where(Membership.person_id == laura))}
        assert set(units) == {"N-1", "N-2"}
        assert units["N-1"] == date(2020, 1, 1)
        assert left_behind(database, twin) == set()
        log = select(SecurityEvent).where(SecurityEvent.kind == "people-merged")
        assert db.scalars(log).one().actor_id == cast["nora"]
        touched = set(db.scalars(select(PersonChange.person_id)))
        assert {laura, twin} <= touched
    assert "R-1" not in nora.get("/rosters/duplicates").text
    Visitor(cast.app).sign_in("laura")


def left_behind(database: Database, person: int) -> set[str]:
    """The columns that still name somebody who is no more."""
    found = set()
    with database.reading() as db:
        for name in FOLLOWS - {"person.merged_into_id", "possible_duplicate.person_id", "possible_duplicate.other_id"}:
            table, column = name.split(".")
            owner = Base.metadata.tables[table].c[column]
            if db.scalar(select(func.count()).where(owner == person)):
                found.add(name)
    return found


def test_two_people_stay_two_and_nobody_asks_again(cast: Cast, database: Database) -> None:
    laura, twin = twins(cast, database)
    question = put_before_nora(database, laura, twin)
    nora = cast.at_browser("nora")
    nora.post(f"/rosters/duplicates/{question}", {"decision": "different"})
    assert nora.get(f"/rosters/duplicates/{question}").status_code == 404
    assert put_before_nora(database, twin, laura) == question
    with database.reading() as db:
        assert db.get_one(Person, twin).closed_at is None


def test_a_pair_of_which_she_does_not_see_both_is_none_of_hers(cast: Cast, database: Database) -> None:
    twin = on_register(database, cast, "Otto Suedsen")
    question = put_before_nora(database, cast["otto"], twin)
    for login in ("nora", "sid"):
        coordinator = cast.at_browser(login)
        assert "Otto" not in coordinator.get("/rosters/duplicates").text
        assert coordinator.get(f"/rosters/duplicates/{question}").status_code == 404
        assert coordinator.post(f"/rosters/duplicates/{question}", {"decision": "same"}).status_code == 404


def test_an_account_with_a_role_does_not_end(cast: Cast, database: Database) -> None:
    twin = on_register(database, cast, "Laura Lapina")
    with database.writing() as db:
        actions.grant_role(db, twin, Role.TRAINER, unit=None, by=None)
    question = put_before_nora(database, cast["laura"], twin)
    nora = cast.at_browser("nora")
    refused = nora.post(f"/rosters/duplicates/{question}", {"decision": "same"})
    assert refused.status_code == 422
    assert "Nothing has changed" in refused.text
    with database.reading() as db:
        assert db.get_one(Person, twin).closed_at is None


def test_whose_account_goes_on_is_not_the_coordinators_choice() -> None:
    signs_in = Person(id=9, password_hash="x")
    proved = Person(id=8, password_hash="", proved_email="a@example.org")
    entry = Person(id=1, password_hash="")
    assert merging.keeper(entry, signs_in) == (signs_in, entry)
    assert merging.keeper(signs_in, proved) == (proved, signs_in)
    assert merging.keeper(Person(id=3, password_hash="x"), signs_in)[0].id == 3


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Anna Ozola", "OZOLA Anna Marija", True),
        ("Đặng Thị Hà", "dang thi ha", True),
        ("Anna Ozola", "Bert Berg", False),
        ("A B", "B C", False),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str, fit: bool) -> None:
    assert names_fit(one, other) is fit


@pytest.mark.parametrize(
    ("typed", "email", "phone", "knows"),
    [
        ("0912 345 678", "", "+84 912345678", True),
        ("A@Example.org", "a@example.org", "", True),
        ("345678", "", "345678", False),
        ("", "", "", False),
        ("b@example.org", "a@example.org", "", False),
    ],
)
def test_a_contact_however_it_is_written(typed: str, email: str, phone: str, knows: bool) -> None:
    assert knows_contact(typed, email, phone) is knows


def prove(cast: Cast, worker: Worker, name: str, email: str) -> Visitor:
    """Sign up with an address and press the button of its letter."""
    visitor = Visitor(cast.app)
    visitor.post("/sign-up", {"name": name, "login": email, "password": "four words are good"})
    worker.drain()
    visitor.post(path_of(last_link(cast.app.config["LMS"].home)))
    return visitor


def test_whoever_proves_the_registers_address_becomes_that_person(
    cast: Cast, database: Database, worker: Worker
) -> None:
    entry = on_register(database, cast, "Anna Ozola", email="anna@example.org", code="R-2")
    visitor = prove(cast, worker, "Anna Maria Ozola", "anna@example.org")
    assert "Anna" in visitor.get("/my-learning").text
    with database.reading() as db:
        anna = db.scalars(select(Person).where(Person.proved_email == "anna@example.org")).one()
        assert anna.code == "R-2"
        assert db.get_one(Person, entry).merged_into_id == anna.id
        assert db.scalars(select(Membership.unit_id).where(Membership.person_id == anna.id)).all() == [
            cast.units["N-2"]
        ]


def test_an_address_that_is_only_claimed_joins_nothing(cast: Cast, database: Database) -> None:
    entry = on_register(database, cast, "Anna Ozola", email="anna@example.org")
    Visitor(cast.app).post(
        "/sign-up", {"name": "Anna Ozola", "login": "anna@example.org", "password": "four words are good"}
    )
    with database.reading() as db:
        assert db.get_one(Person, entry).closed_at is None


def test_a_shared_mailbox_is_put_before_a_coordinator(cast: Cast, database: Database, worker: Worker) -> None:
    entries = [on_register(database, cast, name, email="team@example.org") for name in ("Anna Ozola", "Bert Berg")]
    prove(cast, worker, "Anna Ozola", "team@example.org")
    with database.reading() as db:
        assert [db.get_one(Person, each).closed_at for each in entries] == [None, None]
        assert db.get_one(Person, entries[1]).email == "team@example.org"
    assert "Anna Ozola and Anna Ozola" in cast.at_browser("nora").get("/rosters/duplicates").text


def test_a_claim_by_number_is_put_before_a_coordinator_and_tells_nothing(cast: Cast, database: Database) -> None:
    on_register(database, cast, "Otto S.", code="R-3", phone="+371 2000 0003")
    otto = cast.at_browser("otto")
    wrong = otto.post("/join/register", {"code": "R-3", "contact": "+371 2999 9999"})
    none = otto.post("/join/register", {"code": "R-4", "contact": "20000003"})
    nora = cast.at_browser("nora")
    assert "Nobody waits" in nora.get("/rosters/duplicates").text
    right = otto.post("/join/register", {"code": "R-3", "contact": "20000003"})
    assert wrong.status_code == none.status_code == right.status_code == 200
    assert wrong.text == none.text == right.text
    assert "Otto" in nora.get("/rosters/duplicates").text


def test_a_namesake_on_the_register_is_compared_and_the_request_settled(cast: Cast, database: Database) -> None:
    entry = on_register(database, cast, "Otto Südsen", code="R-5")
    nora, otto = cast.at_browser("nora"), cast.at_browser("otto")
    sheet = nora.post("/rosters/join/units/N-2/codes", {"days": "14"}).location
    code = re.search(r"</span>(\w{5}-\w{5})</p>", nora.get(sheet).text)
    assert code
    otto.post(f"/join/{code[1]}")
    assert "The same name: R-5" in nora.get("/rosters/join/requests").text
    with database.reading() as db:
        request = db.scalars(select(JoinRequest.id)).one()
    compared = nora.post(f"/rosters/join/requests/{request}/compare", {"entry": str(entry)})
    assert nora.get(compared.location).status_code == 200
    nora.post(compared.location, {"decision": "same"})
    with database.reading() as db:
        assert db.get_one(Person, entry).merged_into_id == cast["otto"]
        assert db.get_one(JoinRequest, request).is_accepted is True
        assert db.scalars(select(PersonName.name).where(PersonName.person_id == cast["otto"])).all() == []


def test_the_figures_count_one_person_once_after_a_merge(cast: Cast, database: Database) -> None:
    laura, twin = twins(cast, database)
    recount(database)
    north = cast.units["N"]
    with database.reading() as db:
        assert figures(db, [north], "first-aid")[north].registered == 2
    question = put_before_nora(database, laura, twin)
    cast.at_browser("nora").post(f"/rosters/duplicates/{question}", {"decision": "same"})
    count_changes(database)
    with database.reading() as db:
        counted = figures(db, [north], "first-aid")[north]
    assert (counted.registered, counted.certified, counted.left) == (1, 1, 0)
    assert recount(database) == 0
