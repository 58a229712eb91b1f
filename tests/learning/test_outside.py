"""What people do outside of the site: declared, attested, reported; kept apart and counted apart."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.content import queries as content
from lms.learning import outside, outside_queries
from lms.learning.models import Enrolment, OutsideAction, RequirementFact
from lms.learning.outside_rules import Source, strongest
from lms.people.models import Unit
from tests.packs import SMALL, publish

COURSE = "first-aid"
ASKS = {
    **SMALL,
    "courses/first-aid/index.md": SMALL["courses/first-aid/index.md"].replace(
        "certificate:",
        "complete:\n  actions: {channel: Follow the news channel, e-sign: Get an e-signature}\ncertificate:",
    ),
    "courses/first-aid/index.lv.md": SMALL["courses/first-aid/index.lv.md"].replace(
        "certificate:", "complete:\n  actions: {channel: Sekot ziņu kanālam}\ncertificate:"
    ),
}
CHANNEL, SIGN = f"/courses/{COURSE}/actions/channel", f"/courses/{COURSE}/actions/e-sign"


@pytest.fixture(autouse=True)
def _asks(app, database):
    assert app
    publish(database, ASKS)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def facts(database, person: int) -> dict[str, str]:
    with database.reading() as db:
        rows = db.scalars(select(RequirementFact).where(RequirementFact.actor_id == person, RequirementFact.value == 1))
        return {row.ref: row.source for row in rows if row.kind == "action"}


def said(database, person: int, action: str, *sources: Source, back: bool = False) -> None:
    with database.writing() as db:
        current = content.current(db, COURSE)
        for source in sources:
            (outside.take_back if back else outside.say)(db, person, current, action, source)


def is_complete(database, person: int) -> bool:
    with database.reading() as db:
        begun = db.scalars(select(Enrolment).where(Enrolment.actor_id == person)).one()
        return begun.completed_at is not None


def test_the_strongest_word_counts():
    assert strongest([]) is None
    assert strongest([Source.SELF]) is Source.SELF
    assert strongest([Source.ATTESTED, Source.SELF]) is Source.ATTESTED
    assert strongest([Source.SELF, Source.WEBHOOK, Source.ATTESTED]) is Source.WEBHOOK


def test_a_trainee_says_so_takes_it_back_and_completes(cast, database):
    laura, me = cast.at_browser("laura"), cast["laura"]
    page = words(laura.get(f"/courses/{COURSE}").text)
    assert "Follow the news channel I have done this" in page
    laura.post(CHANNEL)
    laura.post(CHANNEL)
    assert facts(database, me) == {"channel": "self"}
    assert "Follow the news channel on your word" in words(laura.get(f"/courses/{COURSE}").text)
    assert "1 action outside of this site" in words(laura.get("/my-learning").text)
    laura.post(CHANNEL, {"undo": "1"})
    assert facts(database, me) == {}
    laura.post(CHANNEL)
    assert not is_complete(database, me)
    laura.post(SIGN)
    assert is_complete(database, me)
    laura.post(SIGN, {"undo": "1"})
    assert is_complete(database, me), "what is complete stays complete"


def test_the_titles_are_in_the_readers_language(cast):
    laura = cast.at_browser("laura")
    laura.post("/language", {"language": "lv"})
    page = laura.get(f"/courses/{COURSE}").text
    assert "Sekot ziņu kanālam" in page
    assert "Get an e-signature" in page, "what is not translated stands as it is"


def test_what_no_course_asks_for_cannot_be_said(cast, client):
    assert cast.at_browser("laura").post(f"/courses/{COURSE}/actions/other").status_code == 404
    assert cast.at_browser("laura").post("/courses/none/actions/channel").status_code == 404
    assert client.post(CHANNEL).location.startswith("/sign-in")


def test_each_source_is_kept_and_ended_apart(cast, database):
    me = cast["laura"]
    said(database, me, "channel", Source.SELF, Source.WEBHOOK, Source.ATTESTED)
    assert facts(database, me) == {"channel": "webhook"}
    said(database, me, "channel", Source.WEBHOOK, back=True)
    assert facts(database, me) == {"channel": "attested"}
    cast.at_browser("laura").post(CHANNEL, {"undo": "1"})
    assert facts(database, me) == {"channel": "attested"}, "her own word back, not the coordinator's"
    said(database, me, "channel", Source.ATTESTED, back=True)
    assert facts(database, me) == {}
    said(database, me, "channel", Source.WEBHOOK)
    assert facts(database, me) == {"channel": "webhook"}
    with database.reading() as db:
        rows = db.scalars(select(OutsideAction).where(OutsideAction.person_id == me)).all()
    assert {row.source: row.ended_at is None for row in rows} == {"self": False, "attested": False, "webhook": True}


def test_who_was_only_noted_and_taken_off_has_not_begun(cast, database):
    me = cast["laura"]
    said(database, me, "channel", Source.ATTESTED)
    said(database, me, "channel", Source.ATTESTED, back=True)
    with database.reading() as db:
        assert db.scalars(select(Enrolment).where(Enrolment.actor_id == me)).all() == []
    said(database, me, "channel", Source.ATTESTED)
    cast.at_browser("laura").post(f"/courses/{COURSE}/read/long-passwords")
    said(database, me, "channel", Source.ATTESTED, back=True)
    assert not is_complete(database, me), "she has read: the enrolment stays"


def test_each_person_is_counted_once_under_the_strongest_source(cast, database):
    said(database, cast["laura"], "channel", Source.SELF, Source.ATTESTED)
    said(database, cast["laura"], "e-sign", Source.SELF)
    said(database, cast["otto"], "channel", Source.WEBHOOK)
    said(database, cast["otto"], "e-sign", Source.SELF)
    said(database, cast["otto"], "e-sign", Source.SELF, back=True)
    said(database, cast["sid"], "channel", Source.SELF)  # a member of nothing
    with database.reading() as db:
        units = {unit.code: unit for unit in db.scalars(select(Unit))}
        found = {
            code: outside_queries.counts_by_source(db, units[code], COURSE, now().date())
            for code in ("ALL", "N", "N-2")
        }
    none = {Source.SELF: 0, Source.ATTESTED: 0, Source.WEBHOOK: 0}
    assert found["ALL"] == {
        "channel": {**none, Source.ATTESTED: 1, Source.WEBHOOK: 1},
        "e-sign": {**none, Source.SELF: 1},
    }
    assert found["N"]["channel"] == {**none, Source.ATTESTED: 1}
    assert found["N-2"] == {}
