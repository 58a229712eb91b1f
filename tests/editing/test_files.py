"""A trainer opens a text, sees it as trainees will, saves it, publishes it; nothing that anybody wrote is lost."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.authoring.saving import seen_digest
from lms.db import Database
from lms.editing import merging
from lms.editing.models import FileDraft
from tests.cast import Cast, Visitor
from tests.packs import SMALL

LESSON = "courses/first-aid/02-helping.md"
RICH = "courses/first-aid/01-long-passwords.md"
AT = "/authoring/packs/tests"
MINE = "01234567-89ab-cdef-0123-456789abcdef"
only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def seen(folder: Path, path: str = LESSON) -> str:
    return seen_digest((folder / path).read_bytes())


def save(trainer: Visitor, folder: Path, text: str, do: str = "save", path: str = LESSON, **more: str):
    return trainer.post(
        f"{AT}/edit/{path}", data={"text": text, "seen": seen(folder, path), "do": do, "draft_id": MINE, **more}
    )


def steps(database: Database) -> list[tuple[str, str]]:
    with database.reading() as db:
        return [(row.kind, row.path) for row in db.scalars(select(AuthoringStep).order_by(AuthoringStep.id))]


def test_a_text_is_saved_as_it_was_written(trainer: Visitor, folder: Path, database: Database, cast: Cast) -> None:
    page = trainer.get(f"{AT}/edit/{LESSON}").text
    assert f'name="seen" value="{seen(folder)}"' in page
    assert "\n# Helping without typing" in page
    answer = save(trainer, folder, "# Helping\r\n\r\nSit beside them.\r\n", words="Say it shorter")
    assert answer.status_code == 303
    assert (folder / LESSON).read_bytes() == b"# Helping\n\nSit beside them.\n"
    with database.reading() as db:
        step = db.scalars(select(AuthoringStep)).one()
        assert (step.kind, step.path, step.course_id, step.by) == ("saved", LESSON, "first-aid", cast["tina"])
        assert step.detail == {"words": "Say it shorter"}
    assert "Say it shorter" in trainer.get(f"{AT}/steps").text
    assert "Hands off" in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text


def test_save_and_publish_shows_trainees_the_new_text(trainer: Visitor, folder: Path, cast: Cast, database) -> None:
    answer = save(trainer, folder, "# Helping\n\nSit beside them.\n", "publish")
    assert answer.status_code == 303
    assert "Sit beside them." in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text
    assert steps(database) == [("saved", LESSON), ("published", "")]


def test_with_an_error_it_is_saved_and_nothing_is_published(
    trainer: Visitor, folder: Path, cast: Cast, database
) -> None:
    text = "# Helping\n\nNew words.\n\n[Check](01-long-passwords.quiz.md#gone)\n"
    page = save(trainer, folder, text, "publish").text
    assert "nothing was published" in page
    assert "Line 5" in page
    assert (folder / LESSON).read_text() == text
    assert "Hands off" in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text
    assert steps(database) == [("saved", LESSON)]


def test_whoever_saves_second_sees_both_texts_and_loses_none(
    trainer: Visitor, folder: Path, database: Database
) -> None:
    before = seen(folder)
    (folder / LESSON).write_text("# Helping\n\nTheirs.\n")
    data = {"text": "# Helping\n\nMine.\n", "seen": before, "draft_id": MINE}
    answer = trainer.post(f"{AT}/edit/{LESSON}", data=data)
    assert answer.status_code == 409
    assert "<del>Theirs</del>" in answer.text
    assert "<ins>Mine</ins>" in answer.text
    assert (folder / LESSON).read_text() == "# Helping\n\nTheirs.\n"
    with database.reading() as db:
        assert db.scalars(select(FileDraft.text)).all() == ["# Helping\n\nMine.\n"]
    now_seen = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert now_seen
    merged = {**data, "text": "# Helping\n\nTheirs. Mine.\n", "seen": now_seen[1]}
    assert trainer.post(f"{AT}/edit/{LESSON}", data=merged).status_code == 303
    assert (folder / LESSON).read_text() == "# Helping\n\nTheirs. Mine.\n"
    with database.reading() as db:
        assert db.scalars(select(FileDraft.text)).all() == []


@only_sqlite
def test_a_file_that_was_deleted_meanwhile_can_be_saved_again(trainer: Visitor, folder: Path) -> None:
    before = seen(folder)
    (folder / LESSON).unlink()
    answer = trainer.post(f"{AT}/edit/{LESSON}", data={"text": "# H\n", "seen": before, "draft_id": MINE})
    assert answer.status_code == 409
    assert "moved or deleted" in answer.text
    assert trainer.post(f"{AT}/edit/{LESSON}", data={"text": "# H\n", "seen": "", "draft_id": MINE}).status_code == 303
    assert (folder / LESSON).read_text() == "# H\n"


def test_a_draft_is_offered_again_and_thrown_away_when_saved(trainer: Visitor, folder: Path, database, cast) -> None:
    for text in ("# Begun", "# Begun\n\nand more"):
        sent = {"text": text, "seen": seen(folder), "draft_id": MINE}
        assert trainer.post(f"{AT}/draft/{LESSON}", data=sent).status_code == 204
    page = trainer.get(f"{AT}/edit/{LESSON}").text
    assert "did not save it" in page
    assert "and more" in trainer.get(f"{AT}/edit/{LESSON}?draft={MINE}").text
    assert "and more" not in cast.at_browser("otto").get(f"{AT}/edit/{LESSON}").text
    save(trainer, folder, "# Begun\n\nand more\n")
    assert "did not save it" not in trainer.get(f"{AT}/edit/{LESSON}").text
    with database.reading() as db:
        assert db.scalars(select(FileDraft)).all() == []


@only_sqlite
def test_forgotten_windows_do_not_pile_up(trainer: Visitor, database: Database) -> None:
    for number in range(8):
        sent = {"text": f"# {number}", "seen": "", "draft_id": f"{MINE[:-1]}{number}"}
        trainer.post(f"{AT}/draft/{LESSON}", data=sent)
    with database.reading() as db:
        assert sorted(db.scalars(select(FileDraft.text))) == ["# 3", "# 4", "# 5", "# 6", "# 7"]
    trainer.post(f"{AT}/drafts/{LESSON}", data={"draft_id": f"{MINE[:-1]}7"})
    with database.reading() as db:
        assert len(db.scalars(select(FileDraft)).all()) == 4


@only_sqlite
def test_a_draft_follows_whoever_has_two_accounts(trainer: Visitor, database: Database, cast: Cast) -> None:
    trainer.post(f"{AT}/draft/{LESSON}", data={"text": "# Begun", "seen": "", "draft_id": MINE})
    with database.writing() as db:
        merging.move(db, gone=cast["tina"], keep=cast["otto"])
    with database.reading() as db:
        assert db.scalars(select(FileDraft.actor_id)).all() == [cast["otto"]]


def same(html: str) -> str:
    """A page without what differs each time: ids made for forms, and where it stands."""
    html = re.sub(r"(?:/authoring/packs/tests/shown|/media)/", "/FILE/", html)
    html = html.replace("/authoring/packs/tests/drafts/first-aid", "/courses/first-aid")
    return re.sub(r'name="answer_id" value="[^"]*"', "", html)


@only_sqlite
def test_the_preview_is_what_a_trainee_gets(trainer: Visitor, folder: Path, cast: Cast) -> None:
    text = SMALL[RICH] + "\n> [!NOTE]\n> Mind **this**.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"
    shown = trainer.post(f"{AT}/preview/{RICH}", data={"text": text}).text
    assert shown.startswith('<article class="prose" lang="en">')
    save(trainer, folder, text, "publish", RICH)
    page = cast.at_browser("tina").get("/courses/first-aid/lessons/long-passwords").text
    article = re.search(r'<article class="prose".*?</article>', page, re.DOTALL)
    assert article
    assert same(shown).strip() == same(article[0]).strip()
    picture = re.search(r'src="([^"]+key\.svg)"', shown)
    assert picture
    assert trainer.get(picture[1]).data == SMALL["courses/first-aid/images/key.svg"].encode()


@only_sqlite
def test_a_text_is_checked_and_mended_while_it_is_written(trainer: Visitor) -> None:
    path = "courses/first-aid/01-long-passwords.quiz.md"
    text = SMALL[path] + "\n## No id here\n\n- [X] a\n- [ ] b\n"
    found = trainer.post(f"{AT}/check/{path}", data={"text": text}).json["problems"]
    wanted = [problem for problem in found if problem["rule"] == "question-id-missing"]
    assert len(wanted) == 1
    assert wanted[0]["fixed"] is True
    mended = trainer.post(
        f"{AT}/mend/{path}", data={"text": text, "rule": wanted[0]["rule"], "line": wanted[0]["line"]}
    )
    assert "## No id here {#" in mended.json["text"]
    again = trainer.post(f"{AT}/check/{path}", data={"text": mended.json["text"]}).json["problems"]
    assert "question-id-missing" not in {problem["rule"] for problem in again}
    same_text = trainer.post(f"{AT}/mend/{path}", data={"text": text, "rule": "nothing", "line": "1"}).json["text"]
    assert same_text == text


@only_sqlite
@pytest.mark.parametrize("path", ["../../etc/passwd.md", ".git/config.md", "courses/.x.md", "pic.png", "a.py"])
def test_only_texts_of_the_pack_open(trainer: Visitor, path: str) -> None:
    assert trainer.get(f"{AT}/edit/{path}").status_code == 404
    assert trainer.post(f"{AT}/edit/{path}", data={"text": "x", "seen": ""}).status_code == 404
    assert trainer.post(f"{AT}/draft/{path}", data={"text": "x"}).status_code == 404


@only_sqlite
def test_bytes_that_are_no_text_are_left_alone(trainer: Visitor, folder: Path) -> None:
    (folder / LESSON).write_bytes(b"# Caf\xe9\n")
    answer = trainer.get(f"{AT}/edit/{LESSON}")
    assert answer.status_code == 415
    assert "not text in UTF-8" in answer.text


@only_sqlite
def test_a_long_text_in_georgian_is_taken(trainer: Visitor, folder: Path) -> None:
    text = "# პაროლი\n\n" + "პაროლი უნდა იყოს გრძელი. " * 3000
    assert save(trainer, folder, text).status_code == 303
    assert (folder / LESSON).read_text() == text


def photo(kind: str = "JPEG", size: tuple[int, int] = (3200, 1200)) -> bytes:
    target = io.BytesIO()
    image = Image.new("RGB", size, (200, 10, 10))
    exif = image.getexif()
    exif[0x010F] = "Secret camera"
    image.save(target, kind, exif=exif)
    return target.getvalue()


def send(trainer: Visitor, content: bytes, name: str, alt: str = "A red wall", accept: str = "application/json"):
    data = {"file": (io.BytesIO(content), name), "alt": alt}
    return trainer.post(f"{AT}/pictures/{LESSON}", data=data, headers={"Accept": accept})


@only_sqlite
def test_a_picture_lies_beside_the_lesson_smaller_and_without_what_the_camera_noted(trainer, folder, database) -> None:
    answer = send(trainer, photo(), "IMG 0042 (1).JPEG", "A [red] wall")
    assert answer.json == {"markdown": "![A \\[red\\] wall](images/img-0042-1.jpg)"}
    kept = (folder / "courses/first-aid/images/img-0042-1.jpg").read_bytes()
    assert b"Secret camera" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (1600, 600)
    assert send(trainer, photo(), "IMG 0042 (1).JPEG").json["markdown"].endswith("(images/img-0042-1.jpg)")
    other = send(trainer, photo("PNG", (10, 10)), "img-0042-1.png").json["markdown"]
    assert other.endswith("(images/img-0042-1-2.png)")
    assert steps(database)[0] == ("picture-added", "courses/first-aid/images/img-0042-1.jpg")


@only_sqlite
@pytest.mark.parametrize(("content", "name", "alt", "says"), [
    (b"<html>no</html>", "a.png", "x", "no picture"), (b"", "a.png", "x", "no picture"),
    (photo()[:500], "a.jpg", "x", "no picture"), (b"%PDF-1.7", "a.jpg", "x", "no picture"),
    (photo(), "a.jpg", "  ", "what the picture shows"),
])  # fmt: skip
def test_what_is_no_picture_or_has_no_words_is_refused(trainer, folder, content, name, alt, says) -> None:
    answer = send(trainer, content, name, alt)
    assert answer.status_code == 422
    assert says in answer.json["error"]
    assert not (folder / "courses/first-aid/images/a.jpg").exists()


@only_sqlite
def test_a_drawing_comes_without_what_acts(trainer: Visitor, folder: Path) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><path d="M0 0h9"/></svg>'
    page = send(trainer, drawing, "Map.svg", accept="text/html").text
    assert "![A red wall](images/map.svg)" in page
    assert b"script" not in (folder / "courses/first-aid/images/map.svg").read_bytes()
