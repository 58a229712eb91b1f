"""`lms pull`: every outcome with its words, its JSON and its exit code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.console import Console
from tests.packs import SMALL
from tests.repositories.hosting import Hosted, begin

LESSON = "courses/first-aid/02-helping.md"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_ready: Console) -> Hosted:
    made = begin(tmp_path / "host", SMALL)
    monkeypatch.setenv("PATH", f"{tmp_path / 'host' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    sqlite_ready.set(repositories=f"water={made.address}")
    return made


def test_the_doctor_says_what_does_not_work_without_git(
    sqlite_ready: Console, host: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_ready("pull")
    there = {line["name"]: line for line in sqlite_ready("doctor", "--json").json}
    assert there["git"]["is_fine"]
    assert host.bare.exists()
    monkeypatch.setenv("PATH", "")
    gone = {line["name"]: line for line in sqlite_ready("doctor", "--json").json}
    assert not gone["git"]["is_fine"]
    assert "water" in gone["git"]["words"]


def test_all_repositories_are_fetched_and_published(sqlite_ready: Console, host: Hosted):
    said = sqlite_ready("pull")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("; published: first-aid.\n")
    assert sqlite_ready("pull", "water").out == "water: nothing has changed.\n"
    made = host.push({LESSON: "# Anew\n"})
    [told] = sqlite_ready("pull", "--json").json
    assert {**told, "before": "", "problems": []} == {
        "repository": "water", "outcome": "published", "before": "", "after": made, "published": ["first-aid"],
        "waiting": [], "words": "", "conflicts": [], "problems": [],
    }  # fmt: skip


def test_errors_stand_with_file_and_line(sqlite_ready: Console, host: Hosted):
    host.push({"courses/first-aid/02-helping.quiz.md": "## Which one?\n\n- [ ] this\n- [ ] that\n"})
    said = sqlite_ready("pull")
    assert said.code == 1
    assert "courses/first-aid/02-helping.quiz.md:1: " in said.err
    assert "nothing was published; mend the errors above" in said.err


def test_what_cannot_be_fetched_is_told_plainly(sqlite_ready: Console, host: Hosted):
    host.bare.rename(host.bare.with_name("gone"))
    said = sqlite_ready("pull", "water")
    assert (said.code, "water: could not be fetched." in said.err) == (1, True)


def test_wrong_use(sqlite_ready: Console, host: Hosted):
    assert host.address
    said = sqlite_ready("pull", "air")
    assert (said.code, "There is: water." in said.err) == (2, True)
    sqlite_ready.set(repositories="")
    said = sqlite_ready("pull")
    assert (said.code, "There is no repository" in said.err) == (1, True)
