"""A course as a trainee gets it: from the folder, from a version; nothing is recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.content.models import CourseVersion, Publication
from lms.db import Base, Database
from tests.authoring.folders import write
from tests.cast import Cast, Visitor
from tests.packs import SMALL, publish

pytestmark = pytest.mark.mostly_sqlite

DRAFT = "/authoring/packs/tests/drafts/first-aid"
LESSON = "courses/first-aid/02-helping.md"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rows(database: Database) -> object:
    """How many rows each table has, but for sessions and what signing in leaves."""

    def count() -> dict[str, int]:
        with database.reading() as db:
            return {
                table.name: db.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
                if table.name not in {"user_session", "security_event", "throttle_count"}
            }

    return count


def test_the_draft_shows_what_is_not_published(trainer: Visitor, cast: Cast, folder: Path) -> None:
    assert "Hands off" in trainer.get(f"{DRAFT}/lessons/helping").text
    (folder / LESSON).write_text("# Helping\n\nSit beside them, not before them.\n")
    page = trainer.get(f"{DRAFT}/lessons/helping").text
    assert "Sit beside them" in page
    assert "Preview of the draft" in page
    assert "Hands off" in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text


def test_the_lesson_part_is_the_same_page_that_a_trainee_gets(trainer: Visitor, client: Visitor) -> None:
    def article(text: str) -> str:
        found = re.search(r"<article.*</article>", text, re.DOTALL)
        assert found
        inside = re.sub(r'value="[0-9a-f-]{36}"', "", found[0])
        media = inside.replace("/authoring/packs/tests/media/", "/media/")
        return media.replace(f"{DRAFT}/", "/courses/first-aid/")

    real = client.get("/courses/first-aid/lessons/long-passwords", headers=ENGLISH)
    draft = trainer.get(f"{DRAFT}/lessons/long-passwords", headers=ENGLISH)
    assert article(draft.text) == article(real.text)


def test_no_link_or_form_of_the_course_leads_out_of_the_preview(trainer: Visitor) -> None:
    for path in ("", "/lessons/long-passwords", "/lessons/helping"):
        page = trainer.get(f"{DRAFT}{path}").text
        main = page[page.index("<main") : page.index("</main>")]
        addresses = re.findall(r'(?:href|action|src|data-place)="(/[^"#]*)', main)
        inside = [address for address in addresses if "first-aid" in address or "media" in address]
        assert inside
        assert [address for address in inside if not address.startswith("/authoring/")] == []
        for address in re.findall(r'(?:href|src)="(/authoring[^"#]*)', main):
            assert trainer.get(address).status_code == 200, address


def test_a_new_picture_of_the_draft_is_shown(trainer: Visitor, folder: Path) -> None:
    write(
        folder, {"courses/first-aid/images/new.svg": '<svg xmlns="http://www.w3.org/2000/svg"><title>N</title></svg>'}
    )
    (folder / LESSON).write_text("# Helping\n\n![New](images/new.svg)\n")
    page = trainer.get(f"{DRAFT}/lessons/helping").text
    address = re.search(r'src="(/authoring/packs/tests/media/[^"]+)"', page)
    assert address
    picture = trainer.get(address[1])
    assert picture.mimetype == "image/svg+xml"
    assert "sandbox" in picture.headers["Content-Security-Policy"]


def test_practice_is_answered_and_nothing_is_recorded(trainer: Visitor, rows, database: Database) -> None:  # type: ignore[no-untyped-def]
    version = version_id(database)
    before = rows()
    for base in (DRAFT, f"/authoring/courses/first-aid/versions/{version}"):
        lesson = trainer.get(f"{base}/lessons/long-passwords").text
        key = re.search(r'name="question" value="([^"]+)"', lesson)
        assert key
        right = trainer.post(f"{base}/practise/long-passwords", {"question": key[1], "answer": "1"})
        assert "This is right." in right.text
        assert "length beats symbols" in right.text
        wrong = trainer.post(
            f"{base}/practise/long-passwords", {"question": key[1], "answer": "0"}, headers={"X-Fragment": "1"}
        )
        assert "Not yet." in wrong.text
        assert "<main" not in wrong.text
        nothing = trainer.post(f"{base}/practise/long-passwords", {"question": key[1]})
        assert nothing.status_code == 422
        read = trainer.post(f"{base}/read/long-passwords")
        assert read.headers["Location"].endswith(f"{base}/lessons/helping")
        assert trainer.post(f"{base}/read/helping").headers["Location"].endswith(base)
        assert trainer.post(f"{base}/place/long-passwords").status_code == 204
        assert trainer.post(f"{base}/begin").headers["Location"].endswith("/lessons/long-passwords")
        said = trainer.post(f"{base}/mistakes/helping", {"text": "A slip."}, follow_redirects=True)
        assert "nothing was sent" in said.text
    assert rows() == before


def version_id(database: Database) -> int:
    with database.reading() as db:
        return db.scalars(select(CourseVersion.id).order_by(CourseVersion.id)).first() or 0


def test_an_old_version_can_be_looked_at_beside_the_current_one(trainer: Visitor, database: Database) -> None:
    publish(database, {**SMALL, LESSON: "# Helping\n\nSit beside them.\n"})
    old = f"/authoring/courses/first-aid/versions/{version_id(database)}"
    page = trainer.get(f"{old}/lessons/helping").text
    assert "Hands off" in page
    assert "Preview of a version" in page
    assert trainer.get(f"/authoring/courses/first-aid/versions/{version_id(database)}/lessons/none").status_code == 404


def test_a_draft_with_errors_can_still_be_looked_at(trainer: Visitor, folder: Path) -> None:
    (folder / LESSON).write_text("# Helping\n\nStill readable.\n\n[Check](02-helping.quiz.md#gone)\n")
    write(folder, {"courses/first-aid/02-helping.quiz.md": "## Whose? {#whose}\n\n- [x] Theirs\n- [ ] Mine\n"})
    assert "Still readable." in trainer.get(f"{DRAFT}/lessons/helping").text


def test_a_course_that_was_never_published_is_offered_on_the_page_of_its_pack(
    trainer: Visitor, folder: Path, database: Database
) -> None:
    write(folder, {"courses/gardens/index.md": "# Gardens\n\nText.\n", "courses/gardens/soil.md": "# Soil\n\nAlive.\n"})
    assert "/authoring/packs/tests/drafts/gardens" in trainer.get("/authoring/packs/tests").text
    assert "Alive." in trainer.get("/authoring/packs/tests/drafts/gardens/lessons/soil").text
    with database.reading() as db:
        assert len(db.scalars(select(Publication)).all()) == 1


def test_keys_of_exam_questions_are_for_trainers_only(trainer: Visitor, cast: Cast) -> None:
    page = trainer.get(f"{DRAFT}/quizzes/first-aid-exam")
    assert "How many words make a good password?" in page.text
    assert "Key:" in page.text
    assert "abcdef" in page.text
    for login in (cast.learner, cast.north, cast.operator):
        assert cast.at_browser(login).get(f"{DRAFT}/quizzes/first-aid-exam").status_code == 403


def test_what_is_not_there_is_not_found(trainer: Visitor) -> None:
    for path in (
        "/authoring/packs/nothing/drafts/first-aid",
        "/authoring/packs/tests/drafts/nothing",
        f"{DRAFT}/lessons/nothing",
        f"{DRAFT}/quizzes/nothing",
        "/authoring/packs/tests/media/00/x.svg",
        "/authoring/courses/first-aid/versions/999",
    ):
        assert trainer.get(path).status_code == 404, path


def test_only_previews_may_stand_in_the_frame_of_a_phone(trainer: Visitor) -> None:
    page = trainer.get("/authoring/packs/tests/drafts/first-aid/phone?lesson=helping&speak=lv")
    assert 'src="/authoring/packs/tests/drafts/first-aid/lessons/helping?speak=lv"' in page.text
    framed = trainer.get("/authoring/packs/tests/drafts/first-aid/lessons/helping")
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in trainer.get("/authoring").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in trainer.get("/courses/first-aid").headers["Content-Security-Policy"]


def test_a_preview_speaks_another_language_from_link_to_link(trainer: Visitor) -> None:
    page = trainer.get("/authoring/packs/tests/drafts/first-aid?speak=lv").text
    assert '<html lang="lv"' in page
    assert "/authoring/packs/tests/drafts/first-aid/lessons/long-passwords?speak=lv" in page
    assert '<html lang="en"' in trainer.get("/authoring/packs/tests/drafts/first-aid").text
