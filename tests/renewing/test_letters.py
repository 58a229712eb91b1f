"""What whoever has something to review is written: how much it is, where it is, and how such letters end."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_string, policy

import pytest
import time_machine

from lms import jobs
from lms.clock import now
from lms.integrations.stopping import stop_token
from lms.people.models import Person
from lms.renewing import actions, queries
from lms.renewing.letters import reviews_due
from tests.contracts.world import let_come_back

ADDRESS = "laura@example.org"
DAY = timedelta(days=1)


@pytest.fixture
def due(database, cast):
    """Laura, whose address is proved, and to whom one question has come back."""
    with database.writing() as db:
        let_come_back(db, cast["laura"])
        db.get_one(Person, cast["laura"]).proved_email = ADDRESS
    return cast["laura"]


@pytest.fixture
def write(app, database, settings):
    def written(person):
        with app.test_request_context(base_url=settings.url):
            return reviews_due(stop_token, database, settings, "letter-1", person)

    return written


def change(database, person, **values):
    with database.writing() as db:
        for name, value in values.items():
            setattr(db.get_one(Person, person), name, value)


def test_it_says_how_much_where_and_how_it_ends(app, settings, due, write, client):
    letter = write(due)
    assert (letter.to, letter.subject) == (ADDRESS, "Two minutes to keep what you learned")
    paragraphs = letter.text.strip().split("\n\n")
    assert paragraphs[0] == "Good day, Laura Lapiņa,"
    assert paragraphs[1].startswith("1 question about what you learned has come back. Four of them take about two")
    assert paragraphs[1].endswith(f"\n{settings.url}/reviews")
    with app.app_context():
        token = stop_token(due)
    assert paragraphs[2].endswith(f"One press ends them:\n{letter.stop_url}")
    assert letter.stop_url.endswith(token)
    assert paragraphs[3] == settings.site_name
    assert client.get(letter.stop_url.removeprefix(settings.url)).status_code == 200


def test_it_is_in_the_language_of_whom_it_is_for(database, due, write):
    change(database, due, language="lv")
    letter = write(due)
    assert "Good day" not in letter.text
    assert "Laura Lapiņa" in letter.text
    assert "Two minutes" not in letter.subject


@pytest.mark.parametrize("without", [{"reminds": False}, {"proved_email": None}])
def test_nobody_is_written_to_who_does_not_want_it_or_cannot_be_reached(database, due, write, without):
    change(database, due, **without)
    assert write(due) is None


def test_what_was_answered_meanwhile_needs_no_letter(database, due, write):
    with database.writing() as db:
        [(card, _current)] = queries.reviews(db, due, now()).due
        card.due_at = now() + DAY
    assert write(due) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_arrives(database, due, worker, settings):
    assert due
    with time_machine.travel(now() + DAY, tick=False):
        with database.writing() as db:
            jobs.enqueue(db, actions.WRITE, {})
        worker.drain()
    [file] = (settings.home / "outbox").glob("*.eml")
    arrived = message_from_string(file.read_text(encoding="utf-8"), policy=policy.default)
    assert arrived["To"] == ADDRESS
    assert "/reviews" in arrived.get_content()
    assert arrived["List-Unsubscribe"]
