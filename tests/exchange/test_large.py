"""A large file is read by the worker: nothing lost, shown as it goes, stopped when asked, begun again when cut off."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from lms.db import Database
from lms.exchange import bringing, keeping, reading
from lms.jobs import Job, Worker
from tests.cast import Cast, Visitor
from tests.exchange.test_desk import send

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MANY = 12
# a small number of questions whose explanations make the file a large one
LARGE = "\n\n".join(
    f"::Question {number}::Is {number} a number?{{T####{'word ' * (reading.AT_ONCE // MANY // 4)}}}"
    for number in range(MANY)
)


@pytest.fixture(autouse=True)
def noted_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "EVERY", 0.0)


@pytest.fixture
def address(trainer: Visitor, folder: Path) -> str:  # noqa: ARG001 - the pack
    """Where a large file that was sent in is looked at."""
    answer = send(trainer, LARGE)
    assert answer.status_code == 303
    return str(answer.location)


def waits(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Job).where(Job.name == reading.JOB)) or 0


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_is_taken_at_once_and_read_in_the_worker(
    trainer: Visitor, folder: Path, worker: Worker, address: str, database: Database
) -> None:
    page = trainer.get(address).text
    assert "Your file is here and waits for its turn" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert trainer.post(address).status_code == 303, "too early: nothing is written"
    assert not (folder / "quizzes/sun.md").exists()
    assert waits(database) == 1
    begin = words(trainer.get("/authoring/import").text)
    assert "old.gift → tests, quizzes/sun.md · waits for its turn" in begin
    worker.drain()
    page = trainer.get(address).text
    assert f"{MANY} questions can come in." in page
    assert "refresh" not in page
    assert "read; you decide" in trainer.get("/authoring/import").text
    done = trainer.post(address)
    assert done.location == "/authoring/packs/tests/questions/quizzes/sun.md"
    assert (folder / "quizzes/sun.md").read_text(encoding="utf-8").count("\n## ") == MANY - 1
    assert list((folder.parents[1] / keeping.FOLDER).iterdir()) == []


def test_how_far_it_is_can_be_seen(
    trainer: Visitor, worker: Worker, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    whole = bringing._written

    def looks_in_between(*given: object) -> object:
        seen.append(words(trainer.get(address).text))
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bringing, "_written", looks_in_between)
    worker.drain()
    assert "The file is being read" in seen[0] or f"0 of {MANY} questions are read" in seen[0]
    assert f"7 of {MANY} questions are read" in seen[7]


class Killed(BaseException):
    """As if the process was gone."""


def end_leases(database: Database) -> None:
    with database.writing() as db:
        db.execute(update(Job).values(lease_until=None))


def killed_at(monkeypatch: pytest.MonkeyPatch, worker: Worker, number: int) -> None:
    """A worker that is killed at this question."""
    left = [number]
    whole = bringing._written

    def dies(*given: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return whole(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(bringing, "_written", dies)
        with pytest.raises(Killed):
            worker.drain()


def test_a_killed_worker_loses_nothing(
    trainer: Visitor, worker: Worker, address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_at(monkeypatch, worker, 5)
    assert f"5 of {MANY} questions are read" in words(trainer.get(address).text)
    end_leases(database)
    worker.drain()
    assert f"{MANY} questions can come in." in trainer.get(address).text


def test_a_file_that_kills_everybody_is_told_in_the_end(
    trainer: Visitor, worker: Worker, address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(reading.MOST_TRIES):
        killed_at(monkeypatch, worker, 2)
        end_leases(database)
        assert ("This is try" in trainer.get(address).text) == (number > 0)
    worker.drain()
    page = trainer.get(address).text
    assert "was stopped 3 times before the end" in page
    assert "Export the categories one by one" in page
    assert waits(database) == 0
    assert "cannot be read" in trainer.get("/authoring/import").text


def test_it_can_be_stopped_while_it_is_read(
    trainer: Visitor,
    worker: Worker,
    address: str,
    database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, taken = bringing._written, []

    def is_stopped(*given: object) -> object:
        taken.append(given)
        if len(taken) == 3:
            answer = trainer.post(f"{address}/forget")
            assert answer.location == "/authoring/import"
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bringing, "_written", is_stopped)
    worker.drain()
    assert len(taken) == 3, "the worker stops at the next question"
    assert trainer.get(address).status_code == 404
    assert waits(database) == 0
    assert list((folder.parents[1] / keeping.FOLDER).iterdir()) == []


def test_a_target_that_changed_meanwhile_has_it_read_again(
    trainer: Visitor, worker: Worker, folder: Path, database: Database
) -> None:
    target = folder / "quizzes/sun.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text("## Mine {#mine}\n\n- [x] a\n- [ ] b\n", encoding="utf-8")
    address = str(send(trainer, LARGE, mode="append").location)
    worker.drain()
    assert f"{MANY} questions can come in." in trainer.get(address).text
    target.write_text("## Mine {#question-3}\n\n- [x] a\n- [ ] b\n", encoding="utf-8")
    assert "Read it again" in trainer.get(address).text
    assert trainer.post(address).location == address, "what was found would give an id twice"
    assert waits(database) == 1
    worker.drain()
    assert trainer.post(address).status_code == 303
    text = target.read_text(encoding="utf-8")
    assert text.startswith("## Mine {#question-3}")
    assert "{#question-3-2}" in text


def test_the_form_sent_twice_is_one_file_and_other_words_are_another(
    trainer: Visitor, worker: Worker, database: Database
) -> None:
    held = str(uuid.uuid4())
    first = send(trainer, LARGE, held=held)
    assert send(trainer, LARGE, held=held).location == first.location
    assert waits(database) == 1
    worker.drain()
    assert send(trainer, LARGE.replace("Question 0", "Another"), held=held).location == first.location
    assert "waits for its turn" in trainer.get(str(first.location)).text, "what was found is of the other file"
    worker.drain()
    assert "Another" in trainer.get(str(first.location)).text


def test_what_cannot_be_read_is_said_on_its_page(trainer: Visitor, worker: Worker) -> None:
    answer = send(trainer, "<quiz>\n<question>" + " " * reading.AT_ONCE + "</quiz>")
    worker.drain()
    page = trainer.get(str(answer.location)).text
    assert "Line 2: The XML cannot be read: mismatched tag." in page
    assert "Begin again" in page


def test_what_one_sends_another_neither_sees_nor_stops(trainer: Visitor, cast: Cast, address: str) -> None:
    other = cast.at_browser(cast.north)
    assert other.get(address).status_code == 403
    assert other.post(f"{address}/forget").status_code == 403
    assert trainer.get(address).status_code == 200


def test_a_pack_that_is_gone_by_then_is_no_fault_of_the_worker(
    trainer: Visitor, worker: Worker, address: str, folder: Path
) -> None:
    folder.rename(folder.with_name("elsewhere"))
    worker.drain()
    assert "questions can come in" in trainer.get(address).text
    refused = trainer.post(address)
    assert refused.status_code == 422
    assert "This pack cannot be written here. Nothing was changed." in refused.text
