"""One letter a week with all that is new; what is urgent at once, at a decent hour; nobody gets anything twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms import jobs
from lms.news import actions, rounds, sending
from lms.news.models import Announcement, NewsLetter, NewsReading, NewsRound
from lms.people.models import Person
from lms.plugins import Undeliverable
from tests.ground.sink import sink
from tests.news.world import audience, letters, reachable, tell

if TYPE_CHECKING:
    from flask import Flask
    from time_machine import TimeMachineFixture

    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from lms.plugins import Contact, Message
    from tests.cast import Cast, Visitor

WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
MORE = {"en": {"title": "Forms moved", "text": "See the new page."}}


@pytest.fixture(autouse=True)
def _on_wednesday(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(WEDNESDAY)


@pytest.fixture
def told(cast: Cast, database: Database) -> Cast:
    """Laura, who reads Latvian, and Otto have addresses; the north was told two things, all one more."""
    with database.writing() as db:
        reachable(db, cast, "laura", "otto")
        db.get_one(Person, cast["laura"]).language = "lv"
        tell(db, cast, audience(db, "N"))
        tell(db, cast, audience(db, "ALL"), texts=MORE, asks_confirm=True)
    return cast


def weekly(database: Database, worker: Worker) -> None:
    """The worker looks whether the letters of the week are to be begun."""
    with database.writing() as db:
        jobs.enqueue(db, rounds.WRITE, {})
    worker.drain()


def test_one_letter_on_monday_has_all_that_is_new(
    told: Cast,
    database: Database,
    worker: Worker,
    settings: Settings,
    time_machine: TimeMachineFixture,
    client: Visitor,
) -> None:
    time_machine.move_to(MONDAY)
    weekly(database, worker)
    weekly(database, worker)
    to_laura, to_otto = sorted(letters(settings), key=lambda letter: letter["To"])
    assert to_laura["To"] == "laura@example.org"
    assert "Jaunas ID kartes" in to_laura.get_content()
    assert "Forms moved" in to_laura.get_content()
    assert to_otto["Subject"] == "Forms moved"
    assert "ID" not in to_otto.get_content()
    assert "http://localhost/news/" in to_otto.get_content()
    assert to_laura["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = to_laura["List-Unsubscribe"].strip(" <>").removeprefix("http://localhost")
    client.browser.post(stop, data={"List-Unsubscribe": "One-Click"})
    with database.reading() as db:
        assert not db.get_one(Person, told["laura"]).reminds
        assert db.get_one(Person, told["otto"]).reminds


def test_nobody_is_told_twice_and_each_week_tells_what_is_new(
    told: Cast, database: Database, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY)
    weekly(database, worker)
    with database.writing() as db:
        tell(db, told, audience(db, "S"), texts={"en": {"title": "Snow", "text": "Closed."}})
    time_machine.move_to(MONDAY + timedelta(days=3))
    weekly(database, worker)
    assert len(letters(settings)) == 2
    time_machine.move_to(MONDAY + timedelta(days=7))
    weekly(database, worker)
    weekly(database, worker)
    assert max(letter["Subject"] for letter in letters(settings)) == "Snow"
    assert len(letters(settings)) == 3
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(NewsLetter)) == 3


def test_what_was_read_withdrawn_or_refused_is_in_no_letter(
    told: Cast, database: Database, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    with database.writing() as db:
        first, second = db.scalars(select(Announcement).order_by(Announcement.id)).all()
        actions.withdraw(db, first, by=told["nora"])
        actions.note_opened(db, second.id, told["laura"])
        db.get_one(Person, told["otto"]).reminds = False
    time_machine.move_to(MONDAY)
    weekly(database, worker)
    assert letters(settings) == []


def test_what_is_urgent_goes_at_once_but_not_at_night(
    told: Cast, database: Database, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(WEDNESDAY.replace(hour=23))
    with database.writing() as db:
        tell(db, told, audience(db, "S"), texts={"en": {"title": "Fraud", "text": "Warn people."}}, is_urgent=True)
    worker.drain()
    assert letters(settings) == []
    time_machine.move_to(WEDNESDAY.replace(day=19, hour=9))
    worker.drain()
    (letter,) = letters(settings)
    assert (letter["To"], letter["Subject"]) == ("otto@example.org", "Fraud")
    time_machine.move_to(MONDAY)
    weekly(database, worker)
    assert sum("Fraud" in each.get_content() for each in letters(settings)) == 1


def test_before_its_day_nobody_hears_of_it(
    cast: Cast, database: Database, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    with database.writing() as db:
        reachable(db, cast, "otto")
        tell(db, cast, audience(db, "S"), on=WEDNESDAY.date() + timedelta(days=2), is_urgent=True)
    worker.drain()
    assert letters(settings) == []
    assert "New ID cards" not in cast.at_browser("otto").get("/news").text
    time_machine.move_to(WEDNESDAY + timedelta(days=2))
    worker.drain()
    assert len(letters(settings)) == 1
    assert "New ID cards" in cast.at_browser("otto").get("/news").text


def test_who_has_not_confirmed_is_written_to_once_more(
    told: Cast, database: Database, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY)
    weekly(database, worker)
    for path in settings.outbox.glob("*"):
        path.unlink()
    with database.writing() as db:
        asked = db.scalars(select(Announcement).where(Announcement.asks_confirm)).one()
        actions.note_opened(db, asked.id, told["otto"])
        actions.confirm(db, asked.id, told["laura"])
        actions.ask_again(db, asked, by=told["nora"])
    worker.drain()
    (letter,) = letters(settings)
    assert (letter["To"], letter["Subject"]) == ("otto@example.org", "Please confirm: Forms moved")
    with database.writing() as db, pytest.raises(actions.NotNow):
        actions.ask_again(db, db.get_one(Announcement, asked.id), by=told["nora"])


@pytest.mark.usefixtures("told")
def test_the_letter_reaches_a_real_mail_server(
    app: Flask, database: Database, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY)
    with sink() as mails:
        app.config["LMS"] = replace(settings, smtp_url=f"smtp://localhost:{mails.port}")
        mails.refuse = lambda envelope: "450 later" if envelope.rcpt_tos == ["otto@example.org"] else None
        weekly(database, worker)
        assert [envelope.rcpt_tos for envelope in mails.envelopes] == [["laura@example.org"]]
        mails.refuse = lambda _envelope: None  # a grey list takes it when it comes again
        time_machine.move_to(MONDAY + timedelta(minutes=11))
        worker.drain()
    assert sorted(message["To"] for message in mails.messages) == ["laura@example.org", "otto@example.org"]
    assert mails.messages[0]["Message-ID"].startswith("<news-2026-W48-")
    assert mails.messages[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


class Killed(BaseException):
    """The process ends in this moment."""


class Taker:
    """A channel that remembers what it took, and ends the process after some messages."""

    words = "By hand"

    def __init__(self, name: str, lasts: int, says: type[Exception] | None = None) -> None:
        self.name, self.lasts, self.says = name, lasts, says
        self.took: list[str] = []

    def address(self, contact: Contact) -> str:
        return contact.email if self.name == "mail" else contact.phone

    def send(self, message: Message) -> None:
        if len(self.took) == self.lasts:
            raise Killed
        if self.says is not None:
            raise self.says("no")
        self.took.append(message.to)


@pytest.mark.usefixtures("told")
def test_a_worker_that_is_killed_goes_on_where_it_was(
    database: Database,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(MONDAY)
    mail = Taker("mail", lasts=1)
    monkeypatch.setattr(sending, "channels", lambda _settings: {"mail": mail})
    with pytest.raises(Killed):
        weekly(database, worker)
    mail.lasts = 9
    time_machine.move_to(MONDAY + jobs.LEASE + timedelta(seconds=1))
    worker.drain()
    assert sorted(mail.took) == ["laura@example.org", "otto@example.org"]
    with database.reading() as db:
        assert db.scalars(select(NewsRound)).one().ended_at is not None


def test_another_channel_reaches_whom_mail_does_not(
    told: Cast, database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    with database.writing() as db:
        person = db.get_one(Person, told["otto"])
        person.email, person.proved_email, person.phone = "", None, "+37120000000"
        tell(db, told, audience(db, "S"), channel="gateway")
    mail, gateway = Taker("mail", lasts=9, says=Undeliverable), Taker("gateway", lasts=9)
    monkeypatch.setattr(sending, "channels", lambda _settings: {"mail": mail, "gateway": gateway})
    time_machine.move_to(MONDAY)
    weekly(database, worker)
    assert gateway.took == ["+37120000000"]
    with database.reading() as db:
        states = dict(db.execute(select(NewsLetter.person_id, NewsLetter.state)).all())
        assert states == {told["laura"]: "failed", told["otto"]: "sent"}
        assert set(db.scalars(select(NewsReading.person_id))) == {told["otto"]}


@pytest.mark.usefixtures("told")
def test_a_mail_server_that_is_away_is_tried_later(
    database: Database,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(MONDAY)
    mail = Taker("mail", lasts=9, says=OSError)
    monkeypatch.setattr(sending, "channels", lambda _settings: {"mail": mail})
    monkeypatch.setattr(sending, "MOST_IN_VAIN", 1)
    weekly(database, worker)
    mail.says = None
    time_machine.move_to(MONDAY + timedelta(hours=1))
    worker.drain()
    assert sorted(mail.took) == ["laura@example.org", "otto@example.org"]
