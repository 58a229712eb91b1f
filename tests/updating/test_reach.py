"""Whom an update reached, by district; letters about updates; two accounts that become one; erasing."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.paging import At
from lms.people.actions import add_unit
from lms.people.models import Person, Unit
from lms.reminding.sending import stop_token
from lms.updating import actions, merging, reach_queries
from lms.updating.letters import updates_due
from lms.updating.models import CourseUpdate, UpdateAnswer
from lms.updating.rules import Reach, paragraphs, problems, said, without_gaps
from tests.meetings.world import add_person
from tests.updating.world import WORDS, certify, change, told


@pytest.fixture
def update(database, cast):
    """Six holders in N-1, five in N-2, two in S-1; four of N-1 and one of S-1 have read it, three were right."""
    with database.writing() as db:
        old = db.scalars(select(CourseVersion.id)).one()
        people = {}
        for code, amount in (("N-1", 6), ("N-2", 5), ("S-1", 2)):
            people[code] = [add_person(db, f"{code} {number}", cast.units[code]) for number in range(amount)]
            for person in people[code]:
                certify(db, person, old)
    new = change(database)
    with database.writing() as db:
        row = told(db, cast["tina"], old, new)
        for place, person in enumerate((*people["N-1"][:4], people["S-1"][0])):
            answer(db, row, person, is_right=place < 3)
        return row.id


def answer(db, row, person, **facts):
    key = facts.pop("key", str(uuid.uuid4()))
    actions.keep_answer(db, row, person, answer_id=key, response=1, **facts)


def page_of(database, cast, update, code, *, me="nora", everywhere=False):
    with database.reading() as db:
        scope = reach_queries.scope_of(cast[me], everywhere=everywhere)
        unit = reach_queries.unit_asked(db, code, scope) if code else None
        row = db.get_one(CourseUpdate, update)
        return reach_queries.reach_page(db, row, unit, scope, now().date(), "en", At(), everywhere=everywhere)


def test_districts_are_told_apart_with_what_was_right_at_once(database, cast, update):
    page = page_of(database, cast, update, "N")
    assert page.reach == Reach(11, 4, 4, 3)
    assert {row.unit.code: row.reach for row in page.rows} == {"N-1": Reach(6, 4, 4, 3), "N-2": Reach(5, 0, 0, 0)}
    assert page.reach.right_share is None  # four answers tell of people
    whole = page_of(database, cast, update, "", me="tina", everywhere=True)
    assert whole.reach == Reach(13, 5, 5, 3)
    assert whole.reach.right_share == 3 / 5


def test_who_reads_may_see_which_rows(cast, update):
    nora, sid, tina = (cast.at_browser(name) for name in ("nora", "sid", "tina"))
    shown = nora.get(f"/coordination/updates/{update}?unit=N").text
    assert "Of 11 holders, <b>4</b> have read it" in shown
    assert nora.get(f"/coordination/updates/{update}?unit=S").status_code == 404
    few = sid.get(f"/coordination/updates/{update}").text
    assert "Fewer than 5 people here" in few
    assert "Of 13 holders, <b>5</b> have read it" in tina.get(f"/authoring/updates/{update}").text
    assert "fewer than 5 holders" in sid.get("/coordination/updates").text


def test_the_file_says_what_the_screen_says_and_holds_back_the_same(database, cast, update):
    nora, sid, tina = (cast.at_browser(name) for name in ("nora", "sid", "tina"))
    page = page_of(database, cast, update, "N")
    table = cells(nora.get(f"/coordination/updates/{update}.csv?unit=N"))
    assert [row[:4] for row in table[1:4]] == [
        [code, name, str(reach.holders), str(reach.read)]
        for code, name, reach in [
            ("N", "Unit N", page.reach), *((row.unit.code, row.unit.name, row.reach) for row in page.rows)
        ]
    ]  # fmt: skip
    assert [float(cell) for cell in table[1][4:7]] == pytest.approx([page.reach.share, *page.reach.between], abs=1e-4)
    assert table[1][7:12] == [""] * 5  # four answers tell of people
    whole = cells(tina.get(f"/authoring/updates/{update}.csv"))
    assert whole[1][2:4] + whole[1][7:10] == ["13", "5", "5", "3", "0.6"]
    few = cells(sid.get(f"/coordination/updates/{update}.csv"))
    assert few[1][2:] == [*[""] * 10, "fewer than 5 holders"]
    assert sid.get(f"/coordination/updates/{update}.csv?unit=N").status_code == 404


def test_a_file_holds_all_pages_of_units(database, cast, update):
    with database.writing() as db:
        north = db.get_one(Unit, cast.units["N"])
        for number in range(55):
            add_unit(db, kind="library", code=f"N-X{number}", name=f"Library {number}", parent=north)
    table = cells(cast.at_browser("nora").get(f"/coordination/updates/{update}.csv?unit=N"))
    assert len([row for row in table if row and row[0].startswith("N-")]) == 57


def cells(answer):
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_one_small_unit_alone_takes_another_with_it():
    small, large, larger = Reach(2, 1), Reach(6, 3), Reach(9, 3)
    assert [each.is_shown for each in without_gaps([larger, small, large])] == [True, False, False]
    assert without_gaps([large, larger]) == [large, larger]
    assert [each.is_shown for each in without_gaps([small, small, large, larger])] == [False, False, False, True]
    assert without_gaps([small, small, small, large]) == [small, small, small, large]
    assert without_gaps([small]) == [small]


def test_shares_have_an_interval_from_five_on():
    assert Reach(4, 4).share is None
    assert Reach(4, 4).between is None
    low, high = Reach(10, 5).between
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)


def test_a_page_is_compared_by_the_paragraphs_that_its_reader_sees():
    page = "<h2>Sign</h2><p>Open <b>the app</b>\n now.<ul><li>One</li></ul><svg><text>no</text></svg><img alt='A key'>"
    assert paragraphs(page) == ["Sign", "Open the app now.", "One", "A key"]


def test_what_is_said_needs_the_courses_language_and_is_whole_in_others():
    whole = {"what": "a", "why": "b"}
    assert problems({"en": whole, "lv": {"what": "", "why": ""}}, "en") == {}
    assert problems({"en": {"what": "", "why": ""}, "lv": whole}, "en") == {"what-en": "empty", "why-en": "empty"}
    assert problems({"en": whole, "lv": {"what": "a", "why": "x" * 601}}, "en") == {"why-lv": "long"}
    assert said({"en": whole}, "lv", "en") == ("en", whole)


def written(app, database, settings, person):
    with app.test_request_context(base_url=settings.url):
        return updates_due(stop_token, database, settings, "letter-1", person)


def test_one_letter_a_week_and_one_for_each_update(app, database, cast, settings):
    moment = now()
    with database.writing() as db:
        old = db.scalars(select(CourseVersion.id)).one()
        certify(db, cast["laura"], old)
        db.get_one(Person, cast["laura"]).proved_email = "laura@example.org"
    new = change(database)
    with database.writing() as db:
        row = told(db, cast["tina"], old, new).id
        assert actions.choose(db, moment + timedelta(hours=1), moment.date()) == [cast["laura"]]
        assert actions.choose(db, moment + timedelta(days=2), moment.date()) == []
        assert actions.choose(db, moment + timedelta(days=20), moment.date()) == []
        later = told(db, cast["tina"], old, new, lesson="helping", question="")
        later.made_at = moment + timedelta(days=3)
        db.flush()
        assert actions.choose(db, moment + timedelta(days=4), moment.date()) == []
        assert actions.choose(db, moment + timedelta(days=9), moment.date()) == [cast["laura"]]
        later.ended_at = moment
    letter = written(app, database, settings, cast["laura"])
    assert letter.to == "laura@example.org"
    assert WORDS["en"]["what"] in letter.text
    assert f"{settings.url}/updates" in letter.text
    assert letter.text.rstrip().endswith(settings.site_name)
    with database.writing() as db:
        answer(db, db.get_one(CourseUpdate, row), cast["laura"], is_right=True)
    assert written(app, database, settings, cast["laura"]) is None


def test_of_two_accounts_the_first_answer_stays_the_first(database, cast, update):
    with database.writing() as db:
        row = db.get_one(CourseUpdate, update)
        answer(db, row, cast["laura"], is_right=False)
        answer(db, row, cast["otto"], is_right=True)
        db.expire_all()
        merging.move(db, cast["otto"], cast["laura"])
    with database.reading() as db:
        both = select(UpdateAnswer.is_right, UpdateAnswer.is_first).where(UpdateAnswer.actor_id == cast["laura"])
        assert sorted(map(tuple, db.execute(both))) == [(False, True), (True, False)]


def test_of_some_holders_one_has_read_it(database, cast, update):
    with database.writing() as db:
        person = db.scalars(select(Person.id).where(Person.name == "N-2 0")).one()
        answer(db, db.get_one(CourseUpdate, update), person, is_right=True)
    page = cast.at_browser("tina").get(f"/authoring/updates/{update}?unit=N-2").text
    assert "Of 5 holders, <b>1</b> has read it" in page
