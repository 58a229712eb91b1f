"""A coordinator attests what her people did outside of the site: by ticks, by a list; her own word only."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.figures.actions import recount
from lms.learning.models import OutsideAction
from lms.learning.outside_rules import Source
from tests.learning.test_outside import ASKS, COURSE, facts, said, words
from tests.meetings.world import add_person
from tests.packs import publish

WHAT = {"what": f"{COURSE}/channel", "unit": "N"}


@pytest.fixture
def nora(app, cast, database):
    assert app
    publish(database, ASKS)
    return cast.at_browser(cast.north)


def test_the_page_says_by_whose_word(nora, cast, database):
    with database.writing() as db:
        anna = add_person(db, "Anna Liepa", cast.units["N-2"])
    recount(database)
    said(database, cast["laura"], "channel", Source.SELF)
    said(database, anna, "channel", Source.WEBHOOK)
    said(database, cast["otto"], "channel", Source.SELF)
    page = words(nora.get("/outside-actions?what=first-aid/channel&unit=N").text)
    assert "2 of 2 people in Unit N did this: Follow the news channel" in page
    assert "Says so herself or himself 1 Attested by a coordinator 0 Reported by another system 1" in page
    assert "Otto" not in page


def test_ticks_are_her_word_and_only_that(nora, cast, database):
    laura = cast["laura"]
    said(database, laura, "channel", Source.SELF)
    assert nora.post("/outside-actions/ticks", {**WHAT, "shown": [laura], "there": [laura]}).status_code == 303
    assert facts(database, laura) == {"channel": "attested"}
    with database.reading() as db:
        row = db.scalars(select(OutsideAction).where(OutsideAction.source == "attested")).one()
    assert row.by == cast["nora"]
    nora.post("/outside-actions/ticks", {**WHAT, "shown": [laura]})
    assert facts(database, laura) == {"channel": "self"}
    otto = cast["otto"]
    nora.post("/outside-actions/ticks", {**WHAT, "shown": [otto], "there": [otto]})
    assert facts(database, otto) == {}, "he is none of her people"


def test_a_list_attests_what_is_clear_and_brings_back_the_rest(nora, cast, database):
    with database.writing() as db:
        anna = add_person(db, "Anna Liepa", cast.units["N-2"], code="LIE-7")
    answer = nora.post("/outside-actions/lines", {**WHAT, "lines": "1. Laura Lapina\nAna Liepa\nOtto Südsen\n"})
    page = words(answer.text)
    assert facts(database, cast["laura"]) == {"channel": "attested"}
    assert "Attested for 1 person." in page
    assert "2 lines need a look" in page
    assert "Anna Liepa LIE-7, Unit N-2" in page
    nora.post("/outside-actions/lines", {**WHAT, "line-2": "Ana Liepa", "pick-2": anna, "line-3": "Otto", "pick-3": cast["otto"]})  # fmt: skip  # noqa: E501
    assert facts(database, anna) == {"channel": "attested"}
    assert facts(database, cast["otto"]) == {}
    assert nora.post("/outside-actions/lines", {**WHAT, "lines": " "}).status_code == 422


def test_only_coordinators_in_scope(nora, cast):
    assert nora.get("/outside-actions?what=first-aid/other").status_code == 404
    assert nora.get("/outside-actions?what=first-aid/channel&unit=S").status_code == 404
    assert nora.post("/outside-actions/lines", {**WHAT, "unit": "S", "lines": "Otto"}).status_code == 404
    assert cast.at_browser("tina").get("/outside-actions").status_code == 403


def test_without_such_a_course_the_page_says_what_will_be_here(app, cast):
    assert app
    assert "No course on offer asks for such an action yet" in cast.at_browser("nora").get("/outside-actions").text
