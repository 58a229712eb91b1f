"""The watcher of folders goes on, whatever one of them holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lms.content import packs
from lms.content.models import PublishedCourse
from lms.db import Database
from lms.discovery import OWN, question_types
from tests.authoring.folders import GARDENS, write


class Turns:
    """Lets the watcher look so many times, and has something done before each."""

    def __init__(self, *before: object) -> None:
        self.before = list(before)

    def wait(self, _seconds: float) -> bool:
        """Whether to stop."""
        if not self.before:
            return True
        self.before.pop(0)()  # type: ignore[operator]
        return False


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_pack_that_cannot_be_published_does_not_end_the_watch(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = write(tmp_path / "bad", GARDENS), tmp_path / "good"
    good.mkdir()
    real = packs.publish_pack

    def publish(database: Database, folder: packs.PackFolder, types: Any, *, by: int | None) -> Any:
        if folder.name == "bad":
            raise RecursionError
        return real(database, folder, types, by=by)

    monkeypatch.setattr(packs, "publish_pack", publish)
    offered = [packs.PackFolder("bad", bad), packs.PackFolder("good", good)]
    turns = Turns(lambda: (bad / "courses/x.md").write_text("# X\n"), lambda: write(good, GARDENS))
    packs.watch(database, lambda: offered, question_types([OWN]), turns)  # type: ignore[arg-type]
    with database.reading() as db:
        assert list(db.scalars(select(PublishedCourse.id))) == ["gardens"]
