"""One question on leaving: by QR code and on paper, once, by nobody in particular."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from lms.finding import actions
from lms.finding.models import HelpPoint, HelpSaid, HelpSaidTally
from lms.finding.score import Answer
from tests.finding.world import open_point
from tests.helping.world import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lms.db import Database
    from tests.cast import Cast, Visitor

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DESK = "/coordination/help/points/N-1"


@pytest.fixture(autouse=True)
def _point(cast: Cast, database: Database) -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        with database.writing() as db:
            open_point(db, cast.units["N-1"])
        yield


def token(database: Database) -> str:
    with database.reading() as db:
        return db.scalars(select(HelpPoint.token)).one()


def rows(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(HelpSaid)) or 0


def say(client: Visitor, word: str, answer: str = "yes", key: str = "", address: str = "10.0.0.1") -> int:
    sent = {"t": word, "answer": answer, "client_id": key or new_id()}
    return client.post("/find/N-1/said", sent, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_tap_that_is_sent_again_while_the_first_is_kept_is_one_answer(database: Database) -> None:
    word, key = token(database), new_id()

    def tap() -> None:
        with database.writing() as db:
            point = db.scalars(select(HelpPoint)).one()
            actions.say(db, point, Answer.YES, token=word, client_id=key, today=NOON.date())

    with ThreadPoolExecutor() as others:
        with database.writing() as db:
            point = db.scalars(select(HelpPoint)).one()
            actions.say(db, point, Answer.YES, token=word, client_id=key, today=NOON.date())
            db.flush()
            again = others.submit(tap)
            wait([again], timeout=0.5)  # it waits for this one
        again.result(timeout=20)
    assert rows(database) == 1


def test_one_tap_is_one_answer_and_keeps_no_day(client: Visitor, database: Database) -> None:
    word, key = token(database), new_id()
    page = client.get(f"/find/N-1/said?t={word}").text
    assert re.findall(r'name="answer" value="(\w+)"', page) == ["yes", "partly", "no"]
    assert [say(client, word, "partly", key) for _ in range(2)] == [303, 303]
    with database.reading() as db:
        row = db.scalars(select(HelpSaid)).one()
        assert (row.answer, row.week) == ("partly", date(2026, 11, 23))
    assert "Thank you." in client.get("/find/N-1/said?done=1").text
    assert not {"actor_id", "person_id", "said_at", "address"} & set(HelpSaid.__table__.columns.keys())


def test_an_answer_needs_the_code_that_hangs_there_now(client: Visitor, cast: Cast, database: Database) -> None:
    old = token(database)
    assert say(client, "guessed") == 410
    assert say(client, "žž") == 410
    assert cast.at_browser("nora").post(f"{DESK}/code").status_code == 303
    assert token(database) != old
    assert say(client, old) == 410
    assert "This sheet was replaced" in client.get(f"/find/N-1/said?t={old}").text
    assert rows(database) == 0


def test_one_address_cannot_fill_the_figure(client: Visitor, database: Database) -> None:
    word = token(database)
    answers = [say(client, word) for _ in range(20)]
    assert answers.count(303) == 12
    assert answers[-1] == 429
    assert say(client, word, address="10.0.0.2") == 303
    assert rows(database) == 13


def test_a_figure_is_shown_from_five_on_and_of_whole_weeks(client: Visitor, cast: Cast, database: Database) -> None:
    word, nora = token(database), cast.at_browser("nora")
    for answer in ("yes", "yes", "yes", "no"):
        say(client, word, answer)
    assert nora.post(f"{DESK}/tally", {"month": "2026-11", "yes": "1"}).status_code == 303
    for page in (client.get("/find/N-1").text, nora.get(DESK).text):
        assert "got what they came for" not in page
    assert "5 answers so far." in nora.get(DESK).text
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        for page in (client.get("/find/N-1").text, nora.get(DESK).text):
            assert "80%" in page
            assert "of 5 people got what they came for." in page
            assert "37%" in page
        for answer in ("no", "no"):
            say(client, word, answer)
    with time_machine.travel(NOON + timedelta(days=14), tick=False):
        assert "of 5 people got what they came for." in client.get("/find/N-1").text


def test_a_month_on_paper_is_typed_in_again_only_until_it_counts(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    for yes in ("7", "8"):
        assert nora.post(f"{DESK}/tally", {"month": "2026-10", "yes": yes, "no": "1"}).status_code == 303
    for wrong in ({"month": "2027-01", "yes": "1"}, {"month": "2026-10", "yes": "-1"}, {"month": "soon"}):
        assert nora.post(f"{DESK}/tally", wrong).status_code == 422
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        again = nora.post(f"{DESK}/tally", {"month": "2026-10", "yes": "9"})
    assert again.status_code == 422
    assert "This month is counted already" in again.text
    with database.reading() as db:
        row = db.scalars(select(HelpSaidTally)).one()
        assert (row.month, row.yes, row.partly, row.no) == (date(2026, 10, 1), 8, 0, 1)


def test_the_month_that_is_over_is_offered_and_what_was_typed_stays(cast: Cast) -> None:
    nora = cast.at_browser("nora")
    assert 'name="month" value="2026-10"' in nora.get(DESK).text
    refused = nora.post(f"{DESK}/tally", {"month": "2026-09", "yes": "31", "no": "a few"})
    assert refused.status_code == 422
    for kept in ('name="month" value="2026-09"', 'maxlength="5" value="31"', 'maxlength="5" value="a few"'):
        assert kept in refused.text
    assert nora.post(f"{DESK}/tally", {"month": "2026-10", "yes": "", "no": " "}).status_code == 422
    assert nora.post(f"{DESK}/tally", {"month": "2026-10", "yes": "3"}).status_code == 303
    assert 'name="month" value="2026-11"' in nora.get(DESK).text


def test_the_poster_has_the_code_and_the_question(cast: Cast) -> None:
    page = cast.at_browser("nora").get(f"{DESK}/poster").text
    assert "Did you get what you came for?" in page
    assert '<path stroke="#000" d="M' in page
    assert cast.at_browser("sid").get(f"{DESK}/poster").status_code == 404
