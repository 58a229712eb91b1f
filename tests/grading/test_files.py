"""Files of an answer: only for who grades it and whose it is, never a page of this site, each opening noted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.people.models import SecurityEvent
from tests.grading.school import PNG, POSTER, files, hand_in, in_force, open_school

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from lms.db import Database
    from tests.cast import Cast, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here hangs on the database
HOSTILE = b"<html><script>fetch('/account')</script><svg onload=alert(1)></html>"


@pytest.fixture
def handed(cast: Cast, database: Database) -> tuple[str, int]:
    """Laura handed in a picture and a page that calls itself text: the attempt, the grade that waits."""
    open_school(database, POSTER)
    given = files(("poster ā.png", PNG), ("story.txt", HOSTILE))
    attempt = hand_in(cast.at_browser("laura"), {"Make a poster": given})
    return attempt, in_force(database, attempt, "stories#poster").id


def addresses(page: str) -> list[str]:
    return re.findall(r'action="([^"]+/files/[^"]+)"', page)


def opened(person: Visitor, address: str) -> TestResponse:
    """The answer to a POST, read to its end."""
    answer = person.post(address)
    assert answer.status_code == 200
    assert answer.data
    answer.close()
    return answer


def test_a_grader_opens_files_that_can_do_nothing(cast: Cast, database: Database, handed: tuple[str, int]) -> None:
    trainer = cast.at_browser(cast.trainer)
    page = trainer.get(f"/authoring/grading/{handed[1]}").text
    picture, text = addresses(page)
    shown, saved = opened(trainer, picture), opened(trainer, text)
    assert shown.data == PNG
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert saved.data == HOSTILE
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, saved):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
    with database.reading() as db:
        noted = db.scalars(select(AuthoringStep).where(AuthoringStep.kind == "file-opened")).all()
    assert [step.detail["upload"] for step in noted] == [picture.rsplit("/", 1)[1], text.rsplit("/", 1)[1]]
    assert {step.by for step in noted} == {cast["tina"]}


def test_nobody_else_opens_them(cast: Cast, client: Visitor, handed: tuple[str, int]) -> None:
    attempt, waiting = handed
    trainer = cast.at_browser(cast.trainer)
    address = addresses(trainer.get(f"/authoring/grading/{waiting}").text)[0]
    upload = address.rsplit("/", 1)[1]
    assert trainer.get(address).status_code == 405, "a GET leaves no note"
    assert client.post(address).status_code in (303, 403)
    for login in ("laura", "otto", "nora", "omar"):
        assert cast.at_browser(login).post(address).status_code == 403
    for login in ("otto", "tina", "nora"):
        assert cast.at_browser(login).post(f"/attempts/{attempt}/files/{upload}").status_code == 404


def test_the_owner_opens_her_own(cast: Cast, database: Database, handed: tuple[str, int]) -> None:
    attempt, _ = handed
    laura = cast.at_browser("laura")
    own = addresses(laura.get(f"/attempts/{attempt}/result").text)
    assert opened(laura, own[0]).data == PNG
    assert opened(laura, own[1]).headers["Content-Disposition"].startswith("attachment")
    with database.reading() as db:
        noted = db.scalars(select(SecurityEvent).where(SecurityEvent.kind == "own-file-opened")).all()
    assert len(noted) == 2


def test_a_file_of_another_answer_is_not_opened_by_this_one(
    cast: Cast, database: Database, handed: tuple[str, int]
) -> None:
    attempt, waiting = handed
    others = hand_in(cast.at_browser("otto"), {"Make a poster": files(("mine.png", PNG))})
    theirs = in_force(database, others, "stories#poster").id
    trainer = cast.at_browser(cast.trainer)
    upload = addresses(trainer.get(f"/authoring/grading/{theirs}").text)[0].rsplit("/", 1)[1]
    assert trainer.post(f"/authoring/grading/{waiting}/files/{upload}").status_code == 404
    laura = cast.at_browser("laura")
    assert laura.post(f"/attempts/{attempt}/files/{upload}").status_code == 404


def test_bytes_that_are_gone_are_said_to_be_gone(cast: Cast, tmp_path: Path, handed: tuple[str, int]) -> None:
    trainer = cast.at_browser(cast.trainer)
    address = addresses(trainer.get(f"/authoring/grading/{handed[1]}").text)[0]
    for file in (tmp_path / "uploads").iterdir():
        file.unlink()
    assert trainer.post(address).status_code == 404
