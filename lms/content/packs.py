"""The folders whose courses this installation offers, read from disk and watched for changes."""

from __future__ import annotations

import json
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.content import actions
from lms.content.models import PublishedCourse
from lms.content.reader import BadPack, read_folder
from lms.content.structure import Problem
from lms.discovery import BrokenPlugin, enabled_plugins
from lms.paths import shipped
from lms.remotes import read_remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from threading import Event as Signal

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database
    from lms.plugins import QuestionType

log = logging.getLogger(__name__)
SHIPPED = "handrail"
PARTS = ("courses", "quizzes")
UPLOADED, CLONED = "packs", "repositories"  # folders of the data folder
CLONE = Path(".git", "handrail.json")  # what the program notes in a clone: the pack's folder, who asked for it
PAUSE = 1.0  # seconds between two looks: what is saved is live within two
MOMENT = 0.1  # seconds in which whoever wrote files writes the last one, and the desk notes who it was


class Origin(StrEnum):
    """Where a pack on disk comes from."""

    SHIPPED = "shipped"
    FOLDER = "folder"
    UPLOAD = "upload"
    REPOSITORY = "repository"
    PLUGIN = "plugin"


@dataclass(frozen=True, slots=True)
class PackFolder:
    """A pack on disk and the name under which it owns its courses."""

    name: str
    path: Path
    origin: Origin = field(default=Origin.FOLDER, compare=False)


def offered_packs(settings: Settings) -> list[PackFolder]:
    """All packs of this installation: shipped, brought by plugins, named by the settings, fetched, uploaded.

    Raises `BrokenPlugin` for a plugin whose pack is not where it says.
    """
    own = [PackFolder(SHIPPED, shipped("courses").parent, Origin.SHIPPED)] if settings.shipped_pack else []
    named = [PackFolder(Path(name).name, Path(name)) for name in settings.packs]
    uploaded = [PackFolder(path.name, path, Origin.UPLOAD) for path in _folders(settings.home / UPLOADED)]
    return [*own, *_brought(settings.plugins), *named, *_cloned(settings), *uploaded]


def _folders(place: Path) -> list[Path]:
    return sorted(path for path in place.glob("*/") if not path.name.startswith(".")) if place.is_dir() else []


def _cloned(settings: Settings) -> list[PackFolder]:
    """Clones of repositories. One that the settings once named and name no more is left alone."""
    named = {read_remote(line).name for line in settings.repositories}
    found = []
    for clone in _folders(settings.home / CLONED):
        try:
            noted = json.loads((clone / CLONE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if clone.name in named or noted.get("origin") == "page":
            found.append(PackFolder(clone.name, clone / noted.get("folder", ""), Origin.REPOSITORY))
    return found


@cache
def _brought(plugins: tuple[str, ...]) -> tuple[PackFolder, ...]:
    """The packs of enabled plugins, in the packages in which pip has put them."""
    return tuple(
        PackFolder(name, _inside_package(plugin.name, place), Origin.PLUGIN)
        for plugin in enabled_plugins(plugins)
        for name, place in plugin.packs.items()
    )


def _inside_package(plugin: str, place: str) -> Path:
    """The folder that `package/folder` names. Raises `BrokenPlugin`."""
    package, _slash, rest = place.partition("/")
    spec = find_spec(package) if package.isidentifier() else None
    for root in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(root, rest).resolve()
        if folder.is_dir() and folder.is_relative_to(Path(root).resolve()):
            return folder
    raise BrokenPlugin(f"The plugin {plugin} brings a pack in {place}, but there is no such folder.")


def read_pack(folder: PackFolder) -> dict[str, bytes]:
    """The files of a pack: of `courses/` and `quizzes/` where it has them, else all. Raises `BadPack`."""
    parts = [part for part in PARTS if (folder.path / part).is_dir()]
    if not parts:
        return read_folder(folder.path)
    return {f"{part}/{path}": content for part in parts for path, content in read_folder(folder.path / part).items()}


def publish_pack(
    database: Database, folder: PackFolder, types: Mapping[str, QuestionType], *, by: int | None = None
) -> tuple[list[str], tuple[Problem, ...]]:
    """Publish a pack as it lies on disk: the courses that changed, and everything its author should know.

    A pack with errors publishes nothing; what was published before stays. Where somebody else published the pack since
    its files were read, and they have changed, they are read again: an older text never follows a newer one.
    """
    while True:
        before, draft = _read(database, folder, types)
        try:
            with database.writing() as db:
                actions.in_turn(db)
                if _published(db, folder) != before.published and stamp(folder) != before.stamp:
                    continue
                changed = actions.publish(db, draft, by=by)
                actions.remember_report(db, draft)
        except actions.PackHasErrors as error:
            found = tuple(dict.fromkeys((*error.problems, *draft.problems)))
            with database.writing() as db:
                actions.remember_report(db, draft, found)
            return [], found
        return changed, draft.problems


@dataclass(frozen=True, slots=True)
class _Before:
    """How things stood before a pack was read: its files, and what was published of it."""

    stamp: int
    published: tuple[tuple[str, int | None, bool], ...]


def _read(database: Database, folder: PackFolder, types: Mapping[str, QuestionType]) -> tuple[_Before, actions.Draft]:
    with database.reading() as db:
        before = _Before(stamp(folder), _published(db, folder))
        earlier, owners = actions.published_before(db)
    try:
        files = read_pack(folder)
    except BadPack as error:
        problem = Problem(str(folder.path), 0, "error", "unreadable", str(error), "Give the folder's path again.")
        return before, actions.Draft(folder.name, "", (), (problem,))
    return before, actions.prepare(folder.name, files, types, earlier=earlier, owners=owners, today=now().date())


def _published(db: Session, folder: PackFolder) -> tuple[tuple[str, int | None, bool], ...]:
    """The courses of a pack, each with its current version and whether it is withdrawn."""
    about = select(PublishedCourse.id, PublishedCourse.current_version_id, PublishedCourse.is_withdrawn)
    rows = db.execute(about.where(PublishedCourse.pack == folder.name).order_by(PublishedCourse.id))
    return tuple((row[0], row[1], row[2]) for row in rows)


def stamp(folder: PackFolder) -> int:
    """A number that changes when a file of the pack changes, comes or goes; cheap enough to ask each second."""
    return hash(tuple(sorted((path, about.st_mtime_ns, about.st_size) for path, about in _looked_at(folder))))


def changed_at(folder: PackFolder) -> datetime:
    """When a file of the pack last changed, came or went."""
    return datetime.fromtimestamp(max((about.st_mtime for _path, about in _looked_at(folder)), default=0.0), UTC)


def _looked_at(folder: PackFolder) -> Iterator[tuple[str, os.stat_result]]:
    roots: Sequence[Path] = [folder.path / part for part in PARTS if (folder.path / part).is_dir()] or [folder.path]
    for root in roots:
        for path in root.rglob("*"):
            with suppress(OSError):
                yield str(path), path.stat()


def watch(
    database: Database,
    offered: Callable[[], Sequence[PackFolder]],
    types: Mapping[str, QuestionType],
    stop: Signal,
    who: Callable[[Database, PackFolder], int | None] = lambda _database, _folder: None,
) -> None:
    """Publish a pack again whenever its files have changed, until told to stop. A pack that comes later is seen too.

    `who` tells whose change it was, if somebody made it on the desk.
    """
    known = {folder.name: stamp(folder) for folder in offered()}
    while not stop.wait(PAUSE):
        for folder in offered():
            fresh = stamp(folder)
            if known.get(folder.name) == fresh:
                continue
            known[folder.name] = fresh
            try:
                time.sleep(MOMENT)
                changed, problems = publish_pack(database, folder, types, by=who(database, folder))
            except Exception:  # whatever it is, the next pack and the next change have nothing to do with it
                log.exception("pack cannot be published", extra={"pack": folder.name})
                continue
            errors = sum(problem.severity == "error" for problem in problems)
            log.info("pack changed", extra={"pack": folder.name, "published": changed, "errors": errors})
