"""Whom an announcement is for: counted as one audience and asked of one reader, it is the same."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.news import desk_queries, merging, queries
from lms.news.audience_queries import people_of
from lms.news.models import Announcement
from lms.people.actions import grant_role, join_unit
from lms.people.models import Membership, Person
from lms.people.rules import Role
from tests.helping.world import certify
from tests.news.world import audience, tell

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from tests.cast import Cast

LOGINS = ("laura", "otto", "tina", "nora", "sid", "omar")


@pytest.fixture
def furnished(cast: Cast, database: Database) -> Cast:
    """Laura reads Latvian and is certified, Otto was; Tina teaches everywhere and is a member in the north."""
    today = now().date()
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).language = "lv"
        certify(db, cast["laura"], since=today - timedelta(days=9), until=today)
        certify(db, cast["otto"], since=today - timedelta(days=9), until=today - timedelta(days=1))
        join_unit(db, cast["tina"], cast.units["N-2"], since=today)
    return cast


def found(db: Session, cast: Cast, code: str = "", **more: str) -> set[str]:
    chosen = set(db.scalars(select(Person.id).where(*people_of(audience(db, code, **more), now().date()))))
    return {login for login in LOGINS if cast[login] in chosen}


def test_each_condition_narrows(furnished: Cast, database: Database) -> None:
    with database.reading() as db:
        assert found(db, furnished, "ALL") == {"laura", "otto", "tina"}
        assert found(db, furnished, "N") == {"laura", "tina"}
        assert found(db, furnished, "N", language="lv") == {"laura"}
        assert found(db, furnished, course="first-aid") == {"laura"}
        assert found(db, furnished, "S", course="first-aid") == set()
        assert found(db, furnished, "N", role="coordinator") == {"nora"}
        assert found(db, furnished, "ALL", role="coordinator") == {"nora", "sid"}
        assert found(db, furnished, "N", role="trainer") == {"tina"}
        assert found(db, furnished, "S", role="trainer") == set()
        assert found(db, furnished, role="trainer") == {"tina"}


def test_the_reader_sees_exactly_what_was_counted(furnished: Cast, database: Database) -> None:
    today = now().date()
    with database.writing() as db:
        grant_role(db, furnished["otto"], Role.OWNER, unit=furnished.units["N-1"], by=None)
        combinations = list(
            itertools.product(("", "ALL", "N", "S-1"), ("", "coordinator", "trainer", "owner"), ("", "lv"),
                              ("", "first-aid"))
        )  # fmt: skip
        made = {
            tell(db, furnished, audience(db, each[0], role=each[1], language=each[2], course=each[3])): each
            for each in combinations
        }
    with database.reading() as db:
        for login in LOGINS:
            page = queries.news_page(db, furnished[login], today, "en", queries.At())
            read = {each.id for each in page.new}
            if len(read) == 50:  # the page holds no more
                read = {id_ for id_ in made if queries.news(db, furnished[login], id_, today, "en")}
            counted = {
                id_
                for id_, (code, role, tongue, course) in made.items()
                if login in found(db, furnished, code, role=role, language=tongue, course=course)
            }
            assert read == counted


def test_who_left_reads_it_no_more_and_who_comes_does(furnished: Cast, database: Database) -> None:
    today = now().date()
    with database.writing() as db:
        told = tell(db, furnished, audience(db, "N"))
        member = db.scalars(select(Membership).where(Membership.person_id == furnished["laura"])).one()
        member.until = today - timedelta(days=1)
        join_unit(db, furnished["otto"], furnished.units["N-1"], since=today)
    with database.reading() as db:
        assert queries.news(db, furnished["laura"], told, today, "en") is None
        assert queries.news(db, furnished["otto"], told, today, "en") is not None


def test_the_reach_tells_languages_and_mail(furnished: Cast, database: Database) -> None:
    with database.writing() as db:
        db.get_one(Person, furnished["laura"]).proved_email = "laura@example.org"
    with database.reading() as db:
        reach = desk_queries.reach(db, audience(db, "N"), now().date())
    assert (reach.people, reach.by_mail, dict(reach.languages)) == (2, 1, {"en": 1, "lv": 1})


def test_what_somebody_wrote_stays_theirs_when_two_accounts_become_one(furnished: Cast, database: Database) -> None:
    with database.writing() as db:
        number = tell(db, furnished, audience(db, "N"))
        row = db.get_one(Announcement, number)
        row.corrected_by = row.withdrawn_by = row.reminded_by = furnished["nora"]
        db.flush()
        merging.move(db, furnished["nora"], furnished["otto"])
        db.expire_all()
        row = db.get_one(Announcement, number)
        named = {row.made_by, row.corrected_by, row.withdrawn_by, row.reminded_by}
    assert named == {furnished["otto"]}
