"""The builder's pages: what a form sends is what stands in the file afterwards, and nobody's words are lost."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.config import Settings
from lms.db import Database
from tests.authoring.folders import write
from tests.cast import Cast, Visitor
from tests.conftest import SECRET
from tests.packs import SMALL

FILE = "courses/first-aid/01-long-passwords.quiz.md"
LESSON = "courses/first-aid/02-helping.md"
NEW = "courses/first-aid/02-helping.quiz.md"
FIELD = re.compile(
    r'<input ([^>]*)>|<textarea [^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>'
    r'|<select [^>]*name="([^"]*)"(.*?)</select>',
    re.DOTALL,
)
AT = "/authoring/packs/tests"


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path):
    """One kind of database is enough: these pages write files, and one row for each step."""
    path = tmp_path / "lms.db"
    path.write_bytes(sqlite_template.read_bytes())
    made = Database(f"sqlite:///{path}", durable=False)
    yield made
    made.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "folders" / "tests", SMALL)


@pytest.fixture
def settings(database: Database, tmp_path: Path, folder: Path) -> Settings:
    url = database.engine.url.render_as_string(hide_password=False)
    made = Settings(home=tmp_path, url="http://localhost", database_url=url, secret_key=SECRET, shipped_pack=False)
    return dataclasses.replace(made, packs=(str(folder),))


@pytest.fixture
def trainer(cast: Cast) -> Visitor:
    return cast.at_browser(cast.trainer)


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the builder's form as it stands."""
    form = page[page.index("data-builder") : page.index("</form>", page.index("data-builder"))]
    form = re.sub(r"<template.*?</template>", "", form, flags=re.DOTALL)
    found: dict[str, list[str]] = {}
    for match in FIELD.finditer(form):
        if match[2]:
            found.setdefault(match[2], []).append(unescape(match[3]).replace("\n", "\r\n"))
        elif match[4]:
            chosen = re.search(r'value="([^"]*)" selected', match[5]) or re.search(r'value="([^"]*)"', match[5])
            found.setdefault(match[4], []).append(unescape(chosen[1]) if chosen else "")
        elif not re.search(r'type="(checkbox|radio)"', match[1]) or " checked" in match[1]:
            name, value = re.search(r'name="([^"]*)"', match[1]), re.search(r'value="([^"]*)"', match[1])
            found.setdefault(name[1] if name else "", []).append(unescape(value[1]) if value else "")
    return found


def test_a_form_that_is_opened_and_saved_leaves_the_file_as_it_was(trainer: Visitor, folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    form = fields(trainer.get(f"{AT}/question/{FILE}?place=0").text)
    assert form["stem"] == ["Which password is hardest to guess?"]
    assert trainer.post(f"{AT}/question/{FILE}", data={**form, "do": "save"}).status_code == 303
    assert (folder / FILE).read_bytes() == before


def test_a_question_is_found_by_its_id(trainer: Visitor) -> None:
    by_place, by_id = (trainer.get(f"{AT}/question/{FILE}?{how}").text for how in ("place=0", "id=hardest"))
    assert fields(by_id)["stem"] == fields(by_place)["stem"]
    assert trainer.get(f"{AT}/question/{FILE}?id=gone").location == f"{AT}/questions/{FILE}"


def test_a_changed_answer_is_written_and_noted(trainer: Visitor, folder: Path, database: Database) -> None:
    before = (folder / FILE).read_text()
    form = fields(trainer.get(f"{AT}/question/{FILE}?place=0").text)
    old = form["text-0"][0]
    trainer.post(f"{AT}/question/{FILE}", data={**form, "text-0": "`letmein`", "do": "save"})
    assert (folder / FILE).read_text() == before.replace(old, "`letmein`", 1)
    with database.reading() as db:
        assert db.scalars(select(AuthoringStep.kind).where(AuthoringStep.path == FILE)).all() == ["saved"]


def test_a_new_question_goes_into_a_file_that_was_not_there_and_into_its_lesson(trainer: Visitor, folder: Path) -> None:
    assert "no question here yet" in trainer.get(f"{AT}/questions/{NEW}").text
    form = fields(trainer.get(f"{AT}/question/{NEW}?kind=single").text)
    keys = form["row"]
    form |= {"stem": "Whose keyboard is it?", f"text-{keys[0]}": "Theirs", f"text-{keys[1]}": "Mine"}
    wrong = trainer.post(f"{AT}/question/{NEW}", data={**form, "do": "save"})
    assert wrong.status_code == 422
    assert "No option is marked as right." in wrong.text
    assert not (folder / NEW).exists()
    right = trainer.post(f"{AT}/question/{NEW}", data={**form, "right": keys[0], "link": "yes", "do": "save"})
    assert right.status_code == 303
    assert (
        folder / NEW
    ).read_text() == "## Whose keyboard is it? {#whose-keyboard-is-it}\n\n- [x] Theirs\n- [ ] Mine\n"
    assert (
        (folder / LESSON).read_text().endswith("\n\n[Whose keyboard is it?](02-helping.quiz.md#whose-keyboard-is-it)\n")
    )


def test_rows_come_and_go_without_a_script_and_nothing_typed_is_lost(trainer: Visitor, folder: Path) -> None:
    form = fields(trainer.get(f"{AT}/question/{FILE}?place=0").text)
    more = trainer.post(f"{AT}/question/{FILE}", data={**form, "text-0": "typed", "do": "add"})
    again = fields(more.text)
    assert again["row"] == [*form["row"], f"n{len(form['row'])}"]
    assert again["text-0"] == ["typed"]
    turned = fields(trainer.post(f"{AT}/question/{FILE}", data={**form, "do": "down-0"}).text)
    assert turned["row"][:2] == ["1", "0"]
    assert fields(trainer.post(f"{AT}/question/{FILE}", data={**form, "do": "remove-0"}).text)["row"][0] == "1"
    assert (folder / FILE).read_text() == SMALL[FILE]


def test_two_people_at_one_question_see_both_texts(trainer: Visitor, folder: Path) -> None:
    form = fields(trainer.get(f"{AT}/question/{FILE}?place=0").text)
    (folder / FILE).write_text(SMALL[FILE].replace("hardest to guess", "safest"))
    both = trainer.post(f"{AT}/question/{FILE}", data={**form, "stem": "Mine?", "do": "save"})
    assert both.status_code == 409
    assert "Which password is safest?" in both.text
    assert fields(both.text)["stem"] == ["Mine?"]
    again = trainer.post(f"{AT}/question/{FILE}", data={**fields(both.text), "do": "save"})
    assert again.status_code == 303
    assert "## Mine? {#hardest}" in (folder / FILE).read_text()


def test_somebody_who_changed_another_question_is_in_nobodys_way(trainer: Visitor, folder: Path) -> None:
    form = fields(trainer.get(f"{AT}/question/{FILE}?place=0").text)
    (folder / FILE).write_text("## First {#first}\n\n- = 12\n\n" + SMALL[FILE])
    assert trainer.post(f"{AT}/question/{FILE}", data={**form, "stem": "Mine?", "do": "save"}).status_code == 303
    text = (folder / FILE).read_text()
    assert "## First {#first}" in text
    assert "## Mine? {#hardest}" in text


def test_notes_become_questions_all_or_none(trainer: Visitor, folder: Path) -> None:
    bad = trainer.post(f"{AT}/quick-questions/{NEW}", data={"text": "One?\n* a\nb\n\nTwo?\na\nb\n"})
    assert bad.status_code == 422
    assert "Line 5: “Two?” has no right answer." in bad.text
    assert "One?\n* a\nb\n\nTwo?" in bad.text
    assert not (folder / NEW).exists()
    trainer.post(f"{AT}/quick-questions/{NEW}", data={"text": "One?\n* a\nb\n\nTwo?\na\n*b\n"})
    assert (folder / NEW).read_text().count("- [x]") == 2
    page = trainer.get(f"{AT}/questions/{NEW}").text
    assert "2 questions" in page


def test_questions_are_arranged_and_taken_out(trainer: Visitor, folder: Path) -> None:
    trainer.post(f"{AT}/quick-questions/{NEW}", data={"text": "One?\n* a\nb\n\nTwo?\na\n*b\n"})
    was = re.findall(r'name="was" value="([^"]+)"', trainer.get(f"{AT}/questions/{NEW}").text)
    trainer.post(f"{AT}/arrange-question/{NEW}", data={"id": "two", "place": "1", "was": was[1], "do": "up"})
    ids = re.findall(r'name="id" value="([^"]+)"', trainer.get(f"{AT}/questions/{NEW}").text)
    was = re.findall(r'name="was" value="([^"]+)"', trainer.get(f"{AT}/questions/{NEW}").text)
    assert ids == ["two", "one"]
    gone = {"id": "two", "place": "0", "was": was[0], "do": "remove"}
    assert trainer.post(f"{AT}/arrange-question/{NEW}", data={**gone, "was": "other"}).status_code == 409
    assert trainer.post(f"{AT}/arrange-question/{NEW}", data=gone).status_code == 303
    assert (folder / NEW).read_text() == "## One? {#one}\n\n- [x] a\n- [ ] b\n"


def test_only_trainers_open_the_builder(cast: Cast) -> None:
    assert cast.at_browser(cast.learner).get(f"{AT}/questions/{FILE}").status_code == 403
    trainer = cast.at_browser(cast.trainer)
    assert trainer.get(f"{AT}/questions/courses/first-aid/index.md").status_code == 404
    assert trainer.get(f"{AT}/questions/courses/../x.quiz.md").status_code == 404
    assert trainer.get(f"{AT}/question/{FILE}?place=9").status_code == 404


def test_a_translated_question_has_a_form_for_its_words_only(trainer: Visitor, folder: Path) -> None:
    tongue = FILE.replace(".quiz.", ".lv.quiz.")
    text = "## Kura ir vislabākā? {#hardest}\n\n- [ ] `P@ssw0rd`\n- [ ] četri vārdi\n"
    (folder / tongue).write_text(text)
    page = trainer.get(f"{AT}/question/{tongue}?place=0").text
    form = fields(page)
    assert form["kind"] == ["single"]
    assert 'value="add"' not in page
    assert "set-points" not in page
    saved = trainer.post(f"{AT}/question/{tongue}", data={**form, "text-1": "četri gari vārdi", "do": "save"})
    assert saved.status_code == 303, saved.text
    assert (folder / tongue).read_text() == text.replace("četri vārdi", "četri gari vārdi")
    gone = {**form, "row": form["row"][:-1]}
    again = fields(trainer.get(f"{AT}/question/{tongue}?place=0").text)
    assert trainer.post(f"{AT}/question/{tongue}", data={**again, **gone, "was": again["was"]}).status_code == 422
    assert trainer.get(f"{AT}/question/{tongue}?kind=single").status_code == 404


def test_questions_of_a_translated_lesson_are_those_of_its_source(trainer: Visitor) -> None:
    to = trainer.get(f"{AT}/lesson-questions/courses/first-aid/01-long-passwords.lv.md")
    assert to.status_code == 302
    assert to.location.endswith(f"/questions/{FILE}")
    assert trainer.get(f"{AT}/questions/courses/first-aid/01-long-passwords.lv.quiz.md").status_code == 404
