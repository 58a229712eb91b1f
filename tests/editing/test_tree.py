"""The tree of a pack: what is there in the order of trainees, and everything that can be done to it by forms."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.authoring.steps import who_changed
from lms.clock import now
from lms.content.packs import PackFolder
from lms.editing.tree import tree_of
from lms.paths import shipped
from tests.cast import Cast, Visitor
from tests.editing.worlds import GARDEN, opened

AT = "/authoring/packs/tests"
LONG, HELPING = "courses/first-aid/01-long-passwords.md", "courses/first-aid/02-helping.md"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def act(trainer: Visitor, action: str, path: str, **form: str):
    """Send a form from the page that shows it, and follow to the page after it."""
    page = "files" if action == "reorder" else f"item/{path}"
    seen = re.search(r'name="seen" value="(\w+)"', trainer.get(f"{AT}/{page}").text)
    assert seen
    return trainer.post(f"{AT}/{action}/{path}", data={"seen": seen[1], **form}, follow_redirects=True)


def kinds(database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(AuthoringStep.kind).order_by(AuthoringStep.id)))


@pytest.mark.usefixtures("database")
def test_the_tree_has_everything_in_the_order_of_trainees() -> None:
    known = opened({**GARDEN, "courses/garden/images/lost.png": b"x", "notes.txt": "n"})
    tree = tree_of(known)
    course = tree.courses[0]
    assert [(node.kind, node.title) for node in course.children] == [
        ("front", "Gardens"), ("lesson", "Soil"), ("lesson", "Water"), ("module", "Tools"),
        ("picture", "earth.svg"), ("picture", "lost.png"),
    ]  # fmt: skip
    assert course.children[1].translations == {"lv": "courses/garden/01-soil.lv.md"}
    assert [node.path for node in course.children[1].children] == ["courses/garden/01-soil.quiz.md"]
    assert [node.title for node in course.children[3].children] == ["Spade", "Rake"]
    assert course.children[3].path == "courses/garden/03-tools"
    assert [node.is_unused for node in course.children[4:]] == [False, True]
    assert [node.path for node in tree.banks] == ["quizzes/garden-exam.md"]
    assert [node.path for node in tree.others] == ["notes.txt"]


@pytest.mark.usefixtures("database")
def test_every_file_of_our_own_courses_has_its_place() -> None:
    from_disk = PackFolder("handrail", shipped("courses").parent)
    known = opened(_files(from_disk))
    tree = tree_of(known)
    seen: list[str] = []

    def walk(nodes) -> None:
        for node in nodes:
            seen.extend(path for path in node.files if path in known.files)
            walk(node.children)

    walk((*tree.courses, *tree.banks, *tree.others))
    assert sorted(set(seen)) == sorted(known.files)
    assert len(seen) == len(set(seen))


def _files(folder: PackFolder) -> dict[str, bytes]:
    start = folder.path / "courses" / "digital-helper"
    return {
        path.relative_to(folder.path).as_posix(): path.read_bytes()
        for part in (start, folder.path / "courses" / "online-security")
        for path in part.rglob("*")
        if path.is_file()
    }


def test_problems_stand_beside_their_file(trainer: Visitor, folder: Path) -> None:
    (folder / HELPING).write_text("# Helping\n\n[Check](01-long-passwords.quiz.md#gone)\n")
    trainer.post(f"{AT}/check")
    page = trainer.get(f"{AT}/files").text
    line = page[page.index("Helping</a>") :]
    assert "1 error" in line[: line.index("</div>")]


def test_a_lesson_moves_up_and_stays_itself(trainer: Visitor, folder: Path, database, cast: Cast) -> None:
    page = act(trainer, "reorder", HELPING, way="up").text
    assert "Moved up." in page
    assert (folder / "courses/first-aid/01-helping.md").exists()
    assert (folder / "courses/first-aid/02-long-passwords.lv.md").exists()
    assert "(01-helping.md)" in (folder / "courses/first-aid/02-long-passwords.md").read_text()
    assert kinds(database) == ["reordered"]
    trainer.post(f"{AT}/publish")
    page = cast.at_browser(cast.learner).get("/courses/first-aid").text
    assert page.index("Helping without typing") < page.index("Long passwords")


def test_a_lesson_that_was_published_is_renamed_and_its_old_address_leads_on(trainer, folder, cast, database) -> None:
    page = act(trainer, "rename", HELPING, title="Standing beside", name="Standing beside").text
    assert "Renamed." in page
    fresh = (folder / "courses/first-aid/02-standing-beside.md").read_text()
    assert fresh == "---\nwas: [helping]\n---\n\n# Standing beside\n\nHands off their keyboard.\n"
    assert "(02-standing-beside.md)" in (folder / LONG).read_text()
    assert "Published" in trainer.post(f"{AT}/publish", follow_redirects=True).text
    answer = cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/courses/first-aid/lessons/standing-beside"
    assert kinds(database)[0] == "renamed"


def test_a_title_alone_changes_no_file_name(trainer: Visitor, folder: Path) -> None:
    act(trainer, "rename", HELPING, title="Hands off", name="helping")
    assert (folder / HELPING).read_text() == "# Hands off\n\nHands off their keyboard.\n"


def test_the_exam_that_was_published_keeps_its_name_and_can_have_another_title(trainer: Visitor, folder: Path) -> None:
    bank = "quizzes/first-aid-exam.md"
    page = act(trainer, "rename", bank, name="final").text
    assert "Results belong to its name" in page
    assert (folder / bank).exists()
    act(trainer, "rename", bank, title="The last exam")
    assert "title: The last exam\n" in (folder / bank).read_text()


def test_a_course_that_was_published_keeps_its_folder(trainer: Visitor, folder: Path) -> None:
    assert "so it keeps its name" in act(trainer, "rename", "courses/first-aid", name="second-aid").text
    assert (folder / "courses/first-aid").is_dir()


def test_a_lesson_goes_into_a_new_module(trainer: Visitor, folder: Path) -> None:
    page = trainer.get(f"{AT}/new/module?in=courses/first-aid").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    form = {"seen": seen[1], "in": "courses/first-aid", "title": "With people", "first": "Greeting"}
    answer = trainer.post(f"{AT}/new/module", data=form)
    assert answer.headers["Location"].endswith("edit/courses/first-aid/03-with-people/01-greeting.md")
    act(trainer, "move", LONG, to="courses/first-aid/03-with-people")
    moved = (folder / "courses/first-aid/03-with-people/02-long-passwords.md").read_text()
    assert moved.startswith("---\nsummary: Length wins.\ntopics: [life/safety]\nwas: [long-passwords]\n---\n# Long")
    assert "[the next lesson](../02-helping.md)" in moved
    assert "![A key](../images/key.svg)" in moved
    assert "(02-long-passwords.quiz.md#hardest)" in moved
    assert (folder / "courses/first-aid/03-with-people/02-long-passwords.lv.md").exists()


def test_deleting_asks_says_who_links_here_and_takes_what_belongs_to_it(
    trainer: Visitor, folder: Path, database
) -> None:
    assert LONG in trainer.get(f"{AT}/item/{HELPING}").text
    assert "Nothing was deleted" in act(trainer, "delete", HELPING).text
    assert (folder / HELPING).exists()
    assert "Deleted." in act(trainer, "delete", LONG, sure="1").text
    assert not [path.name for path in (folder / "courses/first-aid").glob("*long*")]
    assert kinds(database) == ["deleted"]


@pytest.mark.parametrize(("action", "path", "form"), [
    ("reorder", HELPING, {"way": "up"}), ("rename", HELPING, {"name": "x"}),
    ("move", HELPING, {"to": "courses/first-aid"}), ("delete", HELPING, {"sure": "1"}),
])  # fmt: skip
def test_nothing_happens_to_what_somebody_changed_meanwhile(trainer, folder, database, action, path, form) -> None:
    page = "files" if action == "reorder" else f"item/{path}"
    seen = re.search(r'name="seen" value="(\w+)"', trainer.get(f"{AT}/{page}").text)
    assert seen
    (folder / HELPING).write_text("# Theirs\n")
    (folder / "courses/first-aid/03-new.md").write_text("# New\n")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    answer = trainer.post(f"{AT}/{action}/{path}", data={"seen": seen[1], **form}, follow_redirects=True)
    assert "nothing was done" in answer.text
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert kinds(database) == []


def test_a_pack_from_nothing_in_one_form(trainer: Visitor, tmp_path: Path, database) -> None:
    form = {"name": "Our courses", "course": "Gardens: a start", "lesson": "Soil", "language": "lv"}
    answer = trainer.post("/authoring/new-pack", data=form)
    assert answer.headers["Location"] == "/authoring/packs/our-courses/edit/courses/gardens-a-start/01-soil.md"
    made = tmp_path / "packs/our-courses/courses/gardens-a-start"
    assert (made / "index.md").read_text() == '---\ntitle: "Gardens: a start"\nlanguage: lv\n---\n'
    assert (made / "01-soil.md").read_text() == "# Soil\n"
    assert trainer.get(answer.headers["Location"]).status_code == 200
    again = trainer.post("/authoring/new-pack", data=form)
    assert again.status_code == 422
    assert "Choose another" in again.text
    assert kinds(database) == ["created"]


def test_a_copy_has_courses_of_its_own_and_can_be_published(trainer: Visitor, tmp_path: Path, database) -> None:
    trainer.post(f"{AT}/copy", data={"name": "mine"})
    copy = tmp_path / "packs/mine/courses/first-aid-2"
    assert (copy / "01-long-passwords.md").exists()
    assert "exam: ../../quizzes/first-aid-exam.md" in (copy / "index.md").read_text()
    assert (
        "Published: First aid for passwords."
        in trainer.post("/authoring/packs/mine/publish", follow_redirects=True).text
    )
    assert kinds(database)[0] == "copied"


def test_the_watcher_names_whoever_saved_on_the_desk(trainer: Visitor, tmp_path: Path, database, cast: Cast) -> None:
    form = {"name": "Our courses", "course": "Gardens", "lesson": "Soil", "language": "en"}
    trainer.post("/authoring/new-pack", data=form)
    folder = PackFolder("our-courses", tmp_path / "packs/our-courses")
    assert who_changed(database, folder) == cast["tina"]
    later = time.time() + 5
    os.utime(folder.path / "courses/gardens/01-soil.md", (later, later))
    assert who_changed(database, folder) is None, "somebody wrote into the folder after that"


def test_a_pack_that_cannot_be_written_says_so_and_offers_a_copy(trainer: Visitor, monkeypatch) -> None:
    monkeypatch.setattr("lms.authoring.saving.os.access", lambda *_: False)  # tests run as root, who may do anything
    for page in ("files", f"edit/{HELPING}"):
        assert f'href="{AT}/copy"' in trainer.get(f"{AT}/{page}").text
    data = {"text": "# Mine\n", "seen": "x", "draft_id": ""}
    answer = trainer.post(f"{AT}/edit/{HELPING}", data=data)
    assert answer.status_code == 422
    assert "# Mine" in answer.text


def test_the_record_is_read_page_by_page_and_by_file(trainer: Visitor, database, cast: Cast) -> None:
    with database.writing() as db:
        from_now = [AuthoringStep(at=now(), pack="tests", course_id="", path=f"f{n % 2}.md", kind="saved",
                                  by=cast["tina"], detail={"words": f"Step {n:03}"}) for n in range(120)]  # fmt: skip
        db.add_all(from_now)
    first = trainer.get(f"{AT}/steps").text
    assert re.findall(r"Step (\d+)", first) == [f"{n:03}" for n in range(119, 69, -1)]
    older = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert older
    second = trainer.get(older[1].replace("&amp;", "&")).text
    assert re.findall(r"Step (\d+)", second) == [f"{n:03}" for n in range(69, 19, -1)]
    one = trainer.get(f"{AT}/steps?file=f1.md").text
    assert re.findall(r"Step (\d+)", one)[:2] == ["119", "117"]
    assert "Nothing was done" in trainer.get(f"{AT}/steps?file=none.md").text
