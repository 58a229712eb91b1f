"""The pages of answers: what they say, what they keep to themselves, what they give to a spreadsheet."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest
from sqlalchemy import event

from lms.analysis import actions
from lms.db import Database
from lms.jobs import Worker
from tests.analysis.world import PACK, TYPES, sit, usual
from tests.cast import Cast, Visitor
from tests.packs import publish

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HOME = "/authoring/analysis"
EXAM = f"{HOME}/safe/safe-exam"
QUESTION = f"{HOME}/safe/questions/safe-exam%23q1"


def wrong_key(chance: random.Random, able: float, question: str) -> Any:
    """As usual, but whoever knows anything chooses the third option in the first question."""
    if question == "q1":
        return 2 if able > 0 else 1
    return usual(chance, able, question)


def table(visitor: Visitor, path: str) -> list[dict[str, str]]:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_before_anybody_was_there_pages_say_what_will_be(tina: Visitor) -> None:
    assert "Staying safe" in tina.get(HOME).text
    assert "Nobody has handed this in yet." in tina.get(EXAM).text
    assert "Not counted yet" in tina.get(f"{HOME}/safe").text
    assert "Nobody was asked this yet" in tina.get(QUESTION).text


def test_a_wrong_key_is_found_and_said_in_words(tina: Visitor, world: Database) -> None:
    sit(world, "safe", 120, answers=wrong_key)
    actions.count_answers(world, TYPES)
    page = tina.get(EXAM).text
    assert "Look at these first" in page
    assert "People who do well elsewhere get this wrong." in page
    assert "Those who do best choose option C more often than others." in page
    assert "to look at" in tina.get(HOME).text
    shown = tina.get(QUESTION).text
    assert "Check the key" in shown
    assert "Upper third" in shown
    assert 'href="/authoring/grading/keys/safe/safe-exam%23q1"' in shown


def test_a_question_of_a_pack_on_disk_opens_in_the_editor(client: Visitor, cast: Cast) -> None:
    tina = cast.at_browser(cast.trainer)
    shown = tina.get(f"{HOME}/first-aid/questions/first-aid-exam%23longest").text
    assert "See it as a trainee" in shown
    assert "/edit/" not in shown  # this pack has no folder
    assert client.get(HOME).status_code == 303


def test_the_list_is_sorted_and_filtered(tina: Visitor, world: Database) -> None:
    sit(world, "safe", 60, answers=wrong_key, languages=("en", "lv"))
    actions.count_answers(world, TYPES)
    path = f"{HOME}/safe/files/questions/safe-exam"
    rising, falling = (
        [row["question"] for row in table(tina, f"{path}?{asked}") if not row["language"] and row["discrimination"]]
        for asked in ("sort=discrimination", "sort=discrimination&order=falling")
    )
    assert rising[0] == falling[-1] == "q1"
    assert rising == falling[::-1]
    only = table(tina, f"{HOME}/safe/files/questions/safe-exam?flag=check-key")
    assert {row["question"] for row in only} == {"q1"}
    latvian = table(tina, f"{HOME}/safe/files/questions/safe-exam?language=lv")
    assert {(row["language"], row["asked"]) for row in latvian} == {("lv", "30")}
    page = tina.get(f"{EXAM}?flag=check-key&language=lv&sort=facility").text
    assert 'aria-sort="ascending"' in page
    for wrong in ("sort=name", "flag=odd", "version=99", "version=-1", f"version={2**40}"):
        assert tina.get(f"{EXAM}?{wrong}").status_code == 404


def test_fewer_than_five_people_are_not_shown(tina: Visitor, world: Database) -> None:
    sit(world, "safe", 4)
    actions.count_answers(world, TYPES)
    assert "Their answers are not shown" in tina.get(QUESTION).text
    assert table(tina, f"{HOME}/safe/files/choices/safe-exam") == []
    (row, *_rest) = table(tina, f"{HOME}/safe/files/questions/safe-exam")
    assert (row["asked"], row["answered"], row["facility"]) == ("4", "", "")
    (exam,) = table(tina, f"{HOME}/safe/files/exam/safe-exam")
    assert (exam["people"], exam["mean"], exam["not_said"]) == ("4", "", "few")


def test_few_answers_are_called_few(tina: Visitor, world: Database) -> None:
    sit(world, "safe", 12)
    actions.count_answers(world, TYPES)
    assert "Too few answers to say: 12 of 30." in tina.get(QUESTION).text
    assert "Too few people yet" in tina.get(EXAM).text


def test_files_have_everything(tina: Visitor, world: Database) -> None:
    taken = sit(world, "safe", 40)
    actions.count_answers(world, TYPES)
    rows = table(tina, f"{HOME}/safe/files/choices/safe-exam")
    of_first = [row for row in rows if row["question"] == "q1"]
    assert [(row["choice"], row["right"]) for row in of_first] == [
        ("0", "0"),
        ("1", "1"),
        ("2", "0"),
        ("3", "0"),
        ("skipped", ""),
    ]
    assert sum(int(row["people"]) for row in of_first) == 40
    opinions = [row for row in rows if row["question"] == "sure" and row["choice"] == "3"]
    assert int(opinions[0]["people"]) == sum(each.responses["sure"] == 3 for each in taken)
    assert tina.get(f"{HOME}/safe/files/names").status_code == 404
    assert tina.get(f"{HOME}/safe/files/names/safe-exam").status_code == 404


def test_counting_again_is_the_worker_s_work(tina: Visitor, world: Database, worker: Worker) -> None:
    sit(world, "safe", 35)
    answer = tina.post(f"{HOME}/safe", follow_redirects=True)
    assert "being counted again" in answer.text
    assert "Nobody has handed this in yet." in tina.get(EXAM).text
    worker.drain()
    assert "Counted at" in tina.get(EXAM).text
    assert "Counted at" in tina.get(f"{HOME}/safe").text


def test_pages_ask_few_questions_however_many_people(tina: Visitor, world: Database) -> None:
    def statements(path: str) -> int:
        seen: list[str] = []
        note = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(world.reader, "before_cursor_execute", note)
        assert tina.get(path).status_code == 200
        event.remove(world.reader, "before_cursor_execute", note)
        assert not [each for each in seen if " answer" in each or "question_grade" in each or "FROM attempt" in each]
        return len(seen)

    paths = (HOME, f"{HOME}/safe", EXAM, QUESTION)
    sit(world, "safe", 30)
    actions.count_answers(world, TYPES)
    before = [statements(path) for path in paths]
    sit(world, "safe", 60, seed=2, languages=("en", "lv"))
    more = {
        path.replace("luck", "chance"): text.replace("luck", "chance") for path, text in PACK.items() if "luck" in path
    }
    publish(world, more, "more")
    sit(world, "luck", 40)
    actions.count_answers(world, TYPES)
    assert tina.get(HOME).text.count("<h2") == 4
    assert [statements(path) for path in paths] == before
    assert max(before) < 20
