"""The one place where the desk writes into a pack's folder: all files of a change or none, and nothing overwritten.

Whoever saves says what they last saw of each file. If somebody saved in between, nothing is written.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from lms.content.packs import Origin, PackFolder
from lms.paths import shipped
from lms.repositories import commits
from lms.repositories.commits import commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_PART, LONGEST_PATH = 200, 500


@dataclass(frozen=True, slots=True)
class Author:
    """Whoever saves: the actor, and the name and address that a Git repository remembers."""

    actor: int | None
    name: str
    email: str


class SavedBefore(Exception):
    """Somebody saved this file since it was read. `theirs` is what it holds now, None if it is gone."""

    def __init__(self, path: str, theirs: bytes | None) -> None:
        super().__init__(path)
        self.path, self.theirs = path, theirs


class BadPath(ValueError):
    """This is no name that a file of a pack may have."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class ReadOnlyPack(Exception):
    """The pack is shipped with the program, or its folder cannot be written."""


def seen_digest(content: bytes | None) -> str:
    """What stands for a file that was seen: its SHA-256 in hex, nothing for one that is not there."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def is_writable(folder: PackFolder) -> bool:
    """Whether the desk may change a pack. What comes with the program or a plugin changes with it, not on the desk."""
    if folder.origin is Origin.PLUGIN or folder.path == shipped("courses").parent:
        return False
    return folder.path.is_dir() and os.access(folder.path, os.W_OK)


def read_file(folder: PackFolder, path: str) -> bytes | None:
    """A file of a pack as it lies on disk; None if there is none. Raises `BadPath`."""
    place = place_of(folder, path)
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise BadPath(path) from None


def place_of(folder: PackFolder, path: str) -> Path:
    """Where a file of a pack lies. Raises `BadPath` for one outside, hidden, or behind a link."""
    parts = path.split("/")
    if len(path) > LONGEST_PATH or not path.isprintable() or "\\" in path or "\ufffd" in path:
        raise BadPath(path)
    if any(not part or part.startswith(".") or len(part.encode()) > LONGEST_PART for part in parts):
        raise BadPath(path)
    place = folder.path
    for part in parts:
        if place.is_file():
            raise BadPath(path)
        place /= part
        if place.is_symlink():
            raise BadPath(path)
    return place


def save(
    folder: PackFolder,
    changes: Mapping[str, bytes | None],
    *,
    seen: Mapping[str, str],
    by: Author,
    words: str,
) -> None:
    """Write files into a pack, delete those whose new content is None, and commit them where the pack is in Git.

    `seen` has, by path, the digest (`seen_digest`) of what the writer last saw; a path that is not in it must not be
    there. Paths that are only in `seen` must not have changed either. `words` say in a line what was done. Raises
    `SavedBefore`, `BadPath`, `ReadOnlyPack`, and `GitFailed` if the commit failed: then all files are as before.
    """
    places = {path: place_of(folder, path) for path in {**changes, **seen}}
    if not is_writable(folder):
        raise ReadOnlyPack(folder.name)
    with _alone(folder.path):
        before = {path: read_file(folder, path) for path in places}
        for path, content in before.items():
            if seen_digest(content) != seen.get(path, ""):
                raise SavedBefore(path, content)
        changed = {path: content for path, content in changes.items() if content != before[path]}
        if not changed:
            return
        try:
            _write(folder.path, {places[path]: content for path, content in changed.items()})
            if commits.is_repository(folder.path):
                commit(folder.path, sorted(changed), author_name=by.name, author_email=by.email, words=words)
        except BaseException:
            _write(folder.path, {places[path]: before[path] for path in changed})
            raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes that save out of the folder, and those that fetch into its repository."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        with commits.alone(folder):
            yield
    finally:
        os.close(number)


def _write(root: Path, changes: Mapping[Path, bytes | None]) -> None:
    """Put everything on disk beside its place first, so that what follows are renames, which hardly ever fail."""
    gone = [place for place, content in changes.items() if content is None]
    fresh: dict[Path, Path] = {}
    try:
        fresh.update((place, _beside(place, content)) for place, content in changes.items() if content is not None)
        for place in gone:
            place.unlink(missing_ok=True)
        for place, waiting in fresh.items():
            waiting.rename(place)
    finally:
        for waiting in fresh.values():
            waiting.unlink(missing_ok=True)
    for place in gone:
        _drop_empty(root, place.parent)
    for folder in {place.parent for place in changes}:
        _settle(folder)


def _beside(place: Path, content: bytes) -> Path:
    """The content in a hidden file of the same folder, on disk for good, with the mode of the file it replaces."""
    place.parent.mkdir(parents=True, exist_ok=True)
    waiting = place.with_name(f".{uuid4().hex}.new")
    try:
        with waiting.open("xb") as file:
            with suppress(FileNotFoundError):
                os.fchmod(file.fileno(), place.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    return waiting


def _drop_empty(root: Path, folder: Path) -> None:
    """Take away folders in which nothing is left, as Git does."""
    while folder not in (root, root / "courses", root / "quizzes"):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _settle(folder: Path) -> None:
    """See to it that the renames survive a power cut."""
    with suppress(FileNotFoundError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
