"""The folders whose courses this installation offers, read from disk and watched for changes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lms.content import actions
from lms.content.reader import BadPack, read_folder
from lms.content.structure import Problem
from lms.paths import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from threading import Event as Signal

    from lms.config import Settings
    from lms.db import Database
    from lms.plugins import QuestionType

log = logging.getLogger(__name__)
SHIPPED = "handrail"
PARTS = ("courses", "quizzes")
PAUSE = 1.0  # seconds between two looks: what is saved is live within two


@dataclass(frozen=True, slots=True)
class PackFolder:
    """A pack on disk and the name under which it owns its courses."""

    name: str
    path: Path


def offered_packs(settings: Settings) -> list[PackFolder]:
    """The shipped pack, unless it is turned off, and the folders that the settings name."""
    own = [PackFolder(SHIPPED, shipped("courses").parent)] if settings.shipped_pack else []
    uploaded = sorted((settings.home / "packs").glob("*/")) if (settings.home / "packs").is_dir() else []
    others = [Path(name) for name in settings.packs] + uploaded
    return own + [PackFolder(path.name, path) for path in others]


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

    A pack with errors publishes nothing; what was published before stays.
    """
    try:
        with database.reading() as db:
            earlier, owners = actions.published_before(db)
        draft = actions.prepare(folder.name, read_pack(folder), types, earlier=earlier, owners=owners)
    except BadPack as error:
        problem = Problem(str(folder.path), 0, "error", "unreadable", str(error), "Give the folder's path again.")
        draft = actions.Draft(folder.name, "", (), (problem,))
    try:
        with database.writing() as db:
            changed = actions.publish(db, draft, by=by)
            actions.remember_report(db, draft)
    except actions.PackHasErrors as error:
        found = tuple(dict.fromkeys((*error.problems, *draft.problems)))
        with database.writing() as db:
            actions.remember_report(db, draft, found)
        return [], found
    return changed, draft.problems


def stamp(folder: PackFolder) -> int:
    """A number that changes when a file of the pack changes, comes or goes; cheap enough to ask each second."""
    roots: Sequence[Path] = [folder.path / part for part in PARTS if (folder.path / part).is_dir()] or [folder.path]
    seen = []
    for root in roots:
        for path in root.rglob("*"):
            try:
                about = path.stat()
            except OSError:
                continue
            seen.append((str(path), about.st_mtime_ns, about.st_size))
    return hash(tuple(sorted(seen)))


def watch(
    database: Database, offered: Callable[[], Sequence[PackFolder]], types: Mapping[str, QuestionType], stop: Signal
) -> None:
    """Publish a pack again whenever its files have changed, until told to stop. A pack that comes later is seen too."""
    known = {folder.name: stamp(folder) for folder in offered()}
    while not stop.wait(PAUSE):
        for folder in offered():
            fresh = stamp(folder)
            if known.get(folder.name) == fresh:
                continue
            known[folder.name] = fresh
            changed, problems = publish_pack(database, folder, types)
            errors = sum(problem.severity == "error" for problem in problems)
            log.info("pack changed", extra={"pack": folder.name, "published": changed, "errors": errors})
