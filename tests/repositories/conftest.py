"""A site with one repository of packs, hosted elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lms.config import Settings
from lms.db import Database
from lms.discovery import OWN, question_types
from lms.repositories.pulling import Asked, Result, Site, pull
from lms.repositories.rules import Cause
from tests.packs import SMALL
from tests.repositories.hosting import Hosted, begin

SECRET = "a key for tests, long enough to be taken"


@pytest.fixture
def hosted(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Hosted:
    """The small course in a repository at a host that is reached by ssh."""
    folder = tmp_path_factory.mktemp("host")
    made = begin(folder, SMALL)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return made


@dataclass
class Here:
    """The site, and what was noted in its record."""

    site: Site
    noted: list[Result]

    @property
    def clone(self) -> Path:
        """Where the pack lies."""
        return self.site.settings.home / "repositories" / "water"

    def pull(self, cause: Cause = Cause.COMMAND) -> Result:
        """Look once."""
        return pull(self.site, "water", Asked(cause))


def site_of(database: Database, settings: Settings, hosted: Hosted) -> Here:
    """A site that knows the repository, may push to it, and has not looked at it."""
    noted: list[Result] = []
    chosen = replace(settings, repositories=(f"water={hosted.address}#push=yes",))
    return Here(Site(database, chosen, question_types([OWN]), lambda _db, result: noted.append(result)), noted)


@pytest.fixture
def here(sqlite_template: Path, tmp_path: Path, hosted: Hosted) -> Iterator[Here]:
    """Such a site on one kind of database: what Git does is the same on both."""
    shutil.copy(sqlite_template, tmp_path / "lms.db")
    database = Database(f"sqlite:///{tmp_path / 'lms.db'}", durable=False)
    settings = Settings(home=tmp_path, url="http://localhost", secret_key=SECRET, shipped_pack=False)
    yield site_of(database, settings, hosted)
    database.dispose()
