"""`lms demo` and production keep apart: made-up people have a password that everybody knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.config import DEVELOPMENT_KEY
from lms.db import Database
from lms.demo import PEOPLE
from lms.demo.programmes import accounts_of
from lms.jobs import Job
from lms.people.models import Person
from tests.cli.console import Console

GOOD = "four quiet green words"


@pytest.fixture
def visitor(console: Console) -> Console:
    """Somebody who wants to look: no settings but a data folder."""
    console.monkeypatch.delenv("LMS_SECRET_KEY")
    console.monkeypatch.delenv("LMS_URL")
    for name in ("LMS_DEMO", "LMS_SECRET_KEY", "LMS_URL", "LMS_PORT", "LMS_LOG"):
        console.monkeypatch.setenv(name, "to be put back")
        console.monkeypatch.delenv(name)
    return console


def people(folder: Path) -> list[tuple[str, bool]]:
    database = Database(f"sqlite:///{folder / 'home' / 'lms.db'}")
    with database.reading() as db:
        found = db.execute(select(Person.name, Person.is_demo)).all()
    database.dispose()
    return [(row[0], row[1]) for row in found]


def forget_demo(console: Console) -> None:
    for name in ("LMS_DEMO", "LMS_SECRET_KEY", "LMS_URL", "LMS_PORT"):
        console.monkeypatch.delenv(name, raising=False)


def test_the_demonstration_is_made_once_and_tells_who_is_who(visitor: Console, tmp_path: Path) -> None:
    first = visitor("demo")
    assert first.code == 0, first.err
    assert all(person.login in first.out for person in PEOPLE)
    made = people(tmp_path)
    assert {is_demo for _, is_demo in made} == {True}
    assert visitor("demo").code == 0
    assert people(tmp_path) == made


def test_no_made_up_people_come_among_real_ones(console: Console, visitor: Console, tmp_path: Path) -> None:
    assert console("db", "upgrade").code == 2, "no key"
    console.set(secret_key="k" * 40)
    assert console("db", "upgrade").code == 0
    said = console("people", "add", "--name", "Real", "--login", "real", "--role", "operator", typed=f"{GOOD}\n")
    assert said.code == 0
    console.monkeypatch.delenv("LMS_SECRET_KEY")
    refused = visitor("demo")
    assert refused.code == 1
    assert "real people" in refused.err
    assert people(tmp_path) == [("Real", False)]


def test_a_demonstration_is_not_served_as_production(visitor: Console) -> None:
    assert visitor("demo").code == 0
    forget_demo(visitor)
    visitor.set(secret_key="k" * 40, port="1")
    refused = visitor("serve")
    assert refused.code == 1
    assert "people of a demonstration" in refused.err


def test_real_people_are_not_served_as_a_demonstration(sqlite_ready: Console) -> None:
    sqlite_ready("people", "add", "--name", "Real", "--login", "real", typed=f"{GOOD}\n")
    sqlite_ready.set(demo="yes", port="1")
    refused = sqlite_ready("serve")
    assert refused.code == 1
    assert "Take LMS_DEMO away" in refused.err


@pytest.mark.parametrize("key", ["", DEVELOPMENT_KEY, "short"])
def test_production_refuses_a_key_that_everybody_knows(sqlite_ready: Console, key: str) -> None:
    sqlite_ready.set(secret_key=key)
    for command in (["serve"], ["work", "--once"], ["people", "list"]):
        refused = sqlite_ready(*command)
        assert refused.code == 2
        assert "LMS_SECRET_KEY" in refused.err


def test_who_says_that_it_is_no_demonstration_is_believed(visitor: Console, tmp_path: Path) -> None:
    visitor.set(demo="no", secret_key="k" * 40)
    assert visitor("demo").code == 1
    assert not (tmp_path / "home").exists()


def test_the_events_of_the_demonstration_can_be_answered(visitor: Console, tmp_path: Path) -> None:
    visitor("demo")
    said = visitor("work", "--once")
    assert said.code == 0, said.err
    database = Database(f"sqlite:///{tmp_path / 'home' / 'lms.db'}")
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Job)) == 0
    database.dispose()


def test_a_programme_is_made_once_and_tells_who_is_who(visitor: Console, tmp_path: Path) -> None:
    first = visitor("demo", "--programme", "vietnam", "--scale", "0.005")
    assert first.code == 0, first.err
    assert all(account.login in first.out for account in accounts_of("vietnam"))
    made = people(tmp_path)
    assert len(made) > 1000
    assert {is_demo for _, is_demo in made} == {True}
    assert visitor("demo", "--programme", "vietnam", "--scale", "0.005").code == 0
    assert people(tmp_path) == made
    for other in (["demo"], ["demo", "--programme", "georgia"]):
        refused = visitor(*other)
        assert refused.code == 1
        assert "another demonstration" in refused.err
        assert people(tmp_path) == made


def test_no_programme_comes_among_real_people(sqlite_ready: Console) -> None:
    sqlite_ready("people", "add", "--name", "Real", "--login", "real", typed=f"{GOOD}\n")
    sqlite_ready.set(demo="yes")
    refused = sqlite_ready("demo", "--programme", "georgia")
    assert refused.code == 1
    assert "real people" in refused.err


def test_a_programme_has_a_name_and_a_size(visitor: Console) -> None:
    assert visitor("demo", "--programme", "atlantis").code == 2
    assert visitor("demo", "--programme", "georgia", "--scale", "0").code == 2
