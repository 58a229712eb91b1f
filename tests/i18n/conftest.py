"""A furnished site, and a made-up language in which every translated sentence wears brackets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.db import Database
from lms.translations import catalogues
from lms.web import language
from tests.cast import Cast
from tests.contracts.world import World, furnish


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of one kind only: languages do not depend on it."""
    path = tmp_path / "lms.db"
    shutil.copy(sqlite_template, path)
    made = Database(f"sqlite:///{path}", durable=False)
    yield made
    made.dispose()


@pytest.fixture
def world(app: Flask, cast: Cast, tmp_path: Path) -> World:
    """A site on which every page has something to show."""
    return furnish(app, cast, tmp_path)


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """In place of Latvian: each sentence as it is, in brackets."""
    made = catalogues.catalogue("lv")
    made.update(catalogues.extract(), no_fuzzy_matching=True)
    for message in made:
        if isinstance(message.id, (tuple, list)):
            message.string = tuple(f"⟦{message.id[-1]}⟧" for _ in range(3))
        elif message.id:
            message.string = f"⟦{message.id}⟧"
    file = tmp_path / "catalogues" / "lv" / "LC_MESSAGES" / "lms.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(catalogues.compiled(made))
    monkeypatch.setattr(language, "CATALOGUES", tmp_path / "catalogues")
    language.catalogue.cache_clear()
    language.languages.cache_clear()
    yield
    language.catalogue.cache_clear()
    language.languages.cache_clear()
