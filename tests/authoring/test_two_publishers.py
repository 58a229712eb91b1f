"""Two who publish at the same moment, through doors of their own: one line of versions, and no older text on top."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from lms.authoring import saving
from lms.authoring.saving import Author
from lms.content import actions, packs
from lms.content import queries as content
from lms.content.models import CourseVersion, Publication
from lms.content.packs import PackFolder, publish_pack
from lms.db import Database
from lms.discovery import OWN, question_types
from lms.repositories.rules import Outcome
from tests.authoring.folders import write
from tests.packs import SMALL
from tests.repositories.conftest import here, hosted
from tests.repositories.hosting import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cast import Cast
    from tests.repositories.conftest import Here
    from tests.repositories.hosting import Hosted

__all__ = ["here", "hosted"]
TYPES = question_types([OWN])
LESSON = "courses/first-aid/02-helping.md"
ME = Author(None, "Ilze", "ilze@example.org")


@pytest.fixture
def elsewhere(database: Database) -> Iterator[Database]:
    """The same database through another door, as another process has it."""
    other = Database(database.engine.url.render_as_string(hide_password=False), durable=False)
    yield other
    other.dispose()


@pytest.fixture
def pack(tmp_path: Path) -> PackFolder:
    return PackFolder("two", write(tmp_path / "two", named("two", SMALL)))


def named(course: str, files: dict[str, str]) -> dict[str, str]:
    """The pack with a course id and an exam of its own."""
    return {
        path.replace("first-aid", course): text.replace("first-aid-exam", f"{course}-exam")
        for path, text in files.items()
    }


def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both have read and compiled everything before either of them writes."""
    barrier, whole, met = threading.Barrier(2), actions.prepare, threading.local()

    def prepare(*given: Any, **more: Any) -> actions.Draft:
        draft = whole(*given, **more)
        if not getattr(met, "has", False):
            met.has = True
            barrier.wait(30)
        return draft

    monkeypatch.setattr(actions, "prepare", prepare)


def both(*work: Callable[[], Any]) -> list[Any]:
    """What each gives back; whatever one raises is raised."""
    with ThreadPoolExecutor(len(work)) as pool:
        return [task.result(60) for task in [pool.submit(each) for each in work]]


def line(database: Database, course: str) -> list[tuple[int, int]]:
    """The numbers of a course's versions in the order of their publications, with how often each was published."""
    with database.reading() as db:
        numbers = {row[0]: row[1] for row in db.execute(select(CourseVersion.id, CourseVersion.number))}
        told = db.scalars(
            select(Publication.version_id).where(Publication.course_id == course).order_by(Publication.id)
        )
        published = [numbers[each] for each in told]
        versions = db.scalars(select(CourseVersion.number).where(CourseVersion.course_id == course)).all()
    assert sorted(versions) == list(range(1, len(versions) + 1)), "numbers without a gap or a double"
    return [(number, published.count(number)) for number in dict.fromkeys(published)]


def shown(database: Database, course: str) -> str:
    with database.reading() as db:
        current = content.current(db, course)
    assert current is not None
    return " ".join(part.html for lesson in current.course.lessons for part in lesson.pages["en"].parts)


def test_a_first_publication_by_two_is_one(
    database: Database, elsewhere: Database, pack: PackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting(monkeypatch)
    found = both(lambda: publish_pack(database, pack, TYPES), lambda: publish_pack(elsewhere, pack, TYPES))
    assert sorted(changed for changed, _problems in found) == [[], ["two"]]
    assert line(database, "two") == [(1, 1)]


def test_a_new_text_published_by_two_is_one_version(
    database: Database, elsewhere: Database, pack: PackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_pack(database, pack, TYPES)
    (pack.path / LESSON.replace("first-aid", "two")).write_text("# Helping\n\nNew words.\n", encoding="utf-8")
    meeting(monkeypatch)
    found = both(lambda: publish_pack(database, pack, TYPES), lambda: publish_pack(elsewhere, pack, TYPES))
    assert sorted(changed for changed, _problems in found) == [[], ["two"]]
    assert line(database, "two") == [(1, 1), (2, 1)]


def saved(pack: PackFolder, path: str, text: str) -> None:
    """Somebody saves on the desk."""
    before = saving.read_file(pack, path)
    saving.save(pack, {path: text.encode()}, seen={path: saving.seen_digest(before)}, by=ME, words="Change")


def test_an_edit_that_comes_between_is_never_followed_by_the_older_text(
    database: Database, elsewhere: Database, pack: PackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has read the files; then somebody saves and publishes; then the first one writes what he has read."""
    lesson = LESSON.replace("first-aid", "two")
    publish_pack(database, pack, TYPES)
    saved(pack, lesson, "# Helping\n\nThe second text.\n")
    whole, turns = actions.prepare, []

    def prepare(*given: Any, **more: Any) -> actions.Draft:
        draft = whole(*given, **more)
        turns.append(draft)
        if len(turns) == 1:
            saved(pack, lesson, "# Helping\n\nThe third text.\n")
            assert publish_pack(elsewhere, pack, TYPES)[0] == ["two"]
        return draft

    monkeypatch.setattr(packs.actions, "prepare", prepare)
    assert publish_pack(database, pack, TYPES)[0] == [], "the newer text is there already"
    assert "The third text." in shown(database, "two")
    assert line(database, "two") == [(1, 1), (2, 1)]
    assert b"The third text." in (saving.read_file(pack, lesson) or b"")


def test_two_packs_at_once_share_a_picture_and_both_come(
    database: Database, elsewhere: Database, pack: PackFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = PackFolder("three", write(tmp_path / "three", named("three", SMALL)))
    meeting(monkeypatch)
    found = both(lambda: publish_pack(database, pack, TYPES), lambda: publish_pack(elsewhere, other, TYPES))
    assert [changed for changed, _problems in found] == [["two"], ["three"]]
    assert line(database, "two") == line(database, "three") == [(1, 1)]


def test_of_two_packs_with_one_course_the_second_is_told_whose_it_is(
    database: Database, elsewhere: Database, pack: PackFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival = PackFolder("rival", write(tmp_path / "rival", named("two", SMALL)))
    meeting(monkeypatch)
    found = both(lambda: publish_pack(database, pack, TYPES), lambda: publish_pack(elsewhere, rival, TYPES))
    (told,) = [problems for changed, problems in found if not changed]
    assert any(each.rule == "course-id-taken" and each.fix == "Rename the course's folder." for each in told)
    assert line(database, "two") == [(1, 1)]


def test_restoring_while_another_publishes_is_one_line(
    database: Database, elsewhere: Database, pack: PackFolder, cast: Cast
) -> None:
    publish_pack(database, pack, TYPES)
    with database.reading() as db:
        first = content.versions(db, "two")[0].id
    saved(pack, LESSON.replace("first-aid", "two"), "# Helping\n\nThe second text.\n")
    publish_pack(database, pack, TYPES)
    saved(pack, LESSON.replace("first-aid", "two"), "# Helping\n\nThe third text.\n")
    start = threading.Barrier(3)

    def restore(door: Database) -> bool:
        start.wait(30)
        with door.writing() as db:
            return actions.restore(db, "two", first, by=cast[cast.trainer])

    def publish() -> list[str]:
        start.wait(30)
        return publish_pack(database, pack, TYPES)[0]

    *restored, changed = both(lambda: restore(elsewhere), lambda: restore(elsewhere), publish)
    assert changed == ["two"]
    told = dict(line(database, "two"))
    assert told[3] == 1
    assert told[1] == 1 + sum(restored), "each publication that was told of is there, and no other"
    with database.reading() as db:
        last = db.scalars(select(Publication.version_id).order_by(Publication.id.desc()).limit(1)).one()
        current = content.current(db, "two")
    assert current is not None
    assert current.version == last


def test_pulling_while_somebody_saves_and_publishes_loses_neither(here: Here, hosted: Hosted) -> None:
    """What comes from the repository and what is saved on the desk at that moment are both there, and both shown."""
    here.pull()
    clone = PackFolder("water", here.clone)
    door = Database(here.site.database.engine.url.render_as_string(hide_password=False), durable=False)
    for turn in range(3):
        git(hosted.annas, "pull", "--quiet", str(hosted.bare), "main")
        hosted.push({LESSON: f"# Helping\n\nPushed {turn}.\n"})
        start = threading.Barrier(2)

        def pull(start: threading.Barrier = start) -> Outcome:
            start.wait(30)
            return here.pull().outcome

        def save_and_publish(start: threading.Barrier = start, turn: int = turn) -> list[str]:
            start.wait(30)
            saved(clone, f"courses/first-aid/{turn + 3:02}-more.md", f"# More {turn}\n\nSaved {turn}.\n")
            return publish_pack(door, clone, TYPES)[0]

        outcome, _changed = both(pull, save_and_publish)
        assert outcome in (Outcome.PUBLISHED, Outcome.NOTHING)
        assert here.pull().is_fine, "what the desk wrote is given back"
        text = shown(here.site.database, "first-aid")
        assert f"Pushed {turn}." in text
        assert all(f"Saved {number}." in text for number in range(turn + 1))
    door.dispose()
    line(here.site.database, "first-aid")
    assert git(here.clone, "status", "--porcelain") == ""
