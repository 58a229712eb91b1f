"""A second person approves, versions are compared, and a colleague looks at one by a link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.authoring.saving import seen_digest
from lms.clock import now
from lms.content.models import CourseVersion, Publication
from lms.content.packs import PackFolder, publish_pack
from lms.db import Database
from lms.discovery import OWN, question_types
from lms.people.actions import grant_role
from lms.people.rules import Role
from lms.reviewing.actions import LASTS
from tests.cast import Cast, Visitor

INDEX = "courses/first-aid/index.md"
LESSON = "courses/first-aid/02-helping.md"
PUBLISH = "/authoring/packs/tests/publish"


def ask_for_approval(folder: Path) -> None:
    text = (folder / INDEX).read_text()
    (folder / INDEX).write_text(text.replace("---\n", "---\napproval: yes\n", 1))


@pytest.fixture
def second(cast: Cast, database: Database) -> Visitor:
    """Another trainer."""
    with database.writing() as db:
        grant_role(db, cast["otto"], Role.TRAINER, unit=None, by=None)
    return cast.at_browser("otto")


def versions(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(CourseVersion.id).order_by(CourseVersion.id)))


def published(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(Publication.version_id).order_by(Publication.id)))


def test_a_second_person_publishes_what_the_first_wrote(
    trainer: Visitor, second: Visitor, folder: Path, cast: Cast, database: Database
) -> None:
    ask_for_approval(folder)
    (folder / LESSON).write_text("# Helping\n\nSit beside them.\n")
    answer = trainer.post(PUBLISH, follow_redirects=True)
    assert "Waits for a second person’s approval: First aid for passwords." in answer.text
    first, waiting = versions(database)
    assert published(database) == [first]
    approve = f"/authoring/courses/first-aid/versions/{waiting}/approve"
    assert "somebody else has to give it" in trainer.post(approve, follow_redirects=True).text
    assert published(database) == [first]
    page = second.get("/authoring/approvals").text
    assert "Tina Teacher" in page
    assert f'action="{approve}"' in page
    assert "Approved and published." in second.post(approve, follow_redirects=True).text
    assert published(database) == [first, waiting]
    assert "Sit beside them." in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text
    assert second.post(approve).status_code == 404
    with database.reading() as db:
        assert "approved" in db.scalars(select(AuthoringStep.kind)).all()


def test_nobody_gets_round_the_second_look_by_taking_the_line_out(
    trainer: Visitor, second: Visitor, folder: Path, database: Database
) -> None:
    before = (folder / INDEX).read_text()
    ask_for_approval(folder)
    trainer.post(PUBLISH)
    waiting = versions(database)[-1]
    second.post(f"/authoring/courses/first-aid/versions/{waiting}/approve")
    (folder / INDEX).write_text(f"{before}\nOne more line.\n")
    trainer.post(PUBLISH)
    assert published(database)[-1] == waiting != versions(database)[-1]


def test_what_was_given_back_says_why_until_a_newer_version_comes(
    trainer: Visitor, second: Visitor, folder: Path, database: Database
) -> None:
    ask_for_approval(folder)
    trainer.post(PUBLISH)
    back = f"/authoring/courses/first-aid/versions/{versions(database)[-1]}/give-back"
    assert second.post(back, {"words": ""}).status_code == 422
    second.post(back, {"words": "The second lesson names no source."})
    assert "The second lesson names no source." in trainer.get("/authoring/approvals").text
    trainer.post(PUBLISH)  # the same text again is no new question
    assert "Given back" in trainer.get("/authoring/approvals").text
    (folder / LESSON).write_text("# Helping\n\nSources named.\n")
    trainer.post(PUBLISH)
    page = trainer.get("/authoring/approvals").text
    assert "Given back" not in page
    assert "Waits" in page


@pytest.mark.usefixtures("app")
def test_what_changes_by_itself_waits_too(folder: Path, database: Database) -> None:
    ask_for_approval(folder)
    changed, _ = publish_pack(database, PackFolder("tests", folder), question_types([OWN]))
    assert changed == []
    assert len(published(database)) == 1


def test_restoring_is_no_way_round_the_second_look(
    trainer: Visitor, second: Visitor, folder: Path, database: Database
) -> None:
    ask_for_approval(folder)
    trainer.post(PUBLISH)
    (folder / LESSON).write_text("# Helping\n\nNobody has seen this.\n")
    trainer.post("/authoring/packs/tests/drafts/first-aid/links", {})
    old, asks, unseen = versions(database)
    second.post(f"/authoring/courses/first-aid/versions/{asks}/approve")
    for version in (old, unseen):
        said = trainer.post(f"/authoring/courses/first-aid/versions/{version}/restore", follow_redirects=True)
        assert "nobody approved that version" in said.text
    assert published(database) == [old, asks]


def test_whoever_saved_what_was_seen_on_disk_does_not_approve_it(
    trainer: Visitor, second: Visitor, folder: Path, database: Database
) -> None:
    ask_for_approval(folder)
    seen = seen_digest((folder / LESSON).read_bytes())
    assert trainer.post(f"/authoring/packs/tests/edit/{LESSON}", {
        "text": "# Helping\n\nMine.\n", "seen": seen, "draft_id": "01234567-89ab-cdef-0123-456789abcdef",
    }).status_code == 303  # fmt: skip
    publish_pack(database, PackFolder("tests", folder), question_types([OWN]))
    approve = f"/authoring/courses/first-aid/versions/{versions(database)[-1]}/approve"
    assert "somebody else has to give it" in trainer.post(approve, follow_redirects=True).text
    assert len(published(database)) == 1
    assert "Approved and published" in second.post(approve, follow_redirects=True).text


def test_a_link_is_ended_at_its_own_course(trainer: Visitor, client: Visitor, database: Database) -> None:
    making = f"/authoring/courses/first-aid/versions/{versions(database)[0]}/links"
    address = link(trainer.post(making, {}).text)
    assert trainer.post("/authoring/courses/another/links/1/end").status_code == 404
    assert client.get(address).status_code == 200


def test_two_versions_word_by_word_and_question_by_question(trainer: Visitor, folder: Path, database: Database) -> None:
    bank = folder / "quizzes/first-aid-exam.md"
    bank.write_text(bank.read_text().replace("- [x] abcdef\n- [ ] abcd", "- [ ] abcdef\n- [x] abcd"))
    (folder / LESSON).write_text((folder / LESSON).read_text() + "\nA new sentence.\n")
    trainer.post(PUBLISH)
    page = trainer.get("/authoring/courses/first-aid/compare").text
    assert "From version 1 to version 2" in page
    assert "<ins>A new sentence.</ins>" in page
    assert page.count("Another answer is right now") == 1
    first = versions(database)[0]
    assert "nothing." in trainer.get(f"/authoring/courses/first-aid/compare?old={first}&new={first}").text
    assert trainer.get("/authoring/courses/first-aid/compare?old=99").status_code == 404


def link(page: str) -> str:
    found = re.search(r"http://localhost(/look/[\w-]+)", page)
    assert found, page
    return found[1]


def test_a_colleague_reads_a_version_without_an_account(trainer: Visitor, client: Visitor, database: Database) -> None:
    address = link(trainer.post(f"/authoring/courses/first-aid/versions/{versions(database)[0]}/links", {}).text)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    lesson = client.get(f"{address}/lessons/long-passwords")
    assert f'action="{address}/practise/long-passwords"' in lesson.text
    said = client.post(f"{address}/practise/long-passwords", {"question": "long-passwords#hardest", "answer": "1"})
    assert said.status_code == 422
    assert "Answers are checked in the course itself" in said.text
    assert "Right" not in re.sub(r"<title>.*?</title>", "", said.text)
    assert "/quizzes/" not in client.get(address).text
    with database.reading() as db:
        assert db.connection().exec_driver_sql("select count(*) from lesson_read").scalar() == 0


def test_a_link_ends_after_a_week_and_when_its_maker_says_so(
    trainer: Visitor, client: Visitor, database: Database
) -> None:
    making = f"/authoring/courses/first-aid/versions/{versions(database)[0]}/links"
    address = link(trainer.post(making, {"made_for": "Ieva"}).text)
    with time_machine.travel(now() + LASTS, tick=False):
        assert client.get(address).status_code == 404
    assert client.get(address).status_code == 200
    assert "Ieva" in trainer.post("/authoring/courses/first-aid/links/1/end", follow_redirects=True).text
    assert client.get(address).status_code == 404
    assert "This link shows nothing any more" in client.get("/look/made-up").text


def test_a_draft_is_shown_without_being_published(
    trainer: Visitor, client: Visitor, folder: Path, database: Database
) -> None:
    (folder / LESSON).write_text("# Helping\n\nNot yet for everybody.\n")
    address = link(trainer.post("/authoring/packs/tests/drafts/first-aid/links", {}).text)
    assert "Not yet for everybody." in client.get(f"{address}/lessons/helping").text
    assert published(database) == versions(database)[:1]
