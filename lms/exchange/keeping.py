"""Files that were sent in and wait to be looked at: kept for a day, each for the person who sent it.

Beside a file (`.questions`) lies what is wanted of it (`.json`) and, once somebody has begun to read it, how far that
is (`.progress`) and what was found in it (`.found`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

FOLDER = "exchange"
DAY = 24 * 60 * 60
MOST_KEPT = 20  # files of one person
_BESIDE = (".json", ".progress", ".found")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be done with a file: its name, the pack and path it goes to, what she said of it."""

    name: str
    pack: str
    path: str
    mode: str = "refuse"
    format_name: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits. `size` is in bytes; `mark` stands for the file and the wish: other ones have another mark."""

    home: Path
    actor: int
    id: UUID
    wish: Wish
    size: int
    mark: str

    @property
    def place(self) -> Path:
        """Where the file lies."""
        return _place(self.home, self.actor, self.id)

    def data(self) -> bytes:
        """The file itself. Raises `FileNotFoundError` where somebody has it forgotten by now."""
        return self.place.read_bytes()


class Stand(StrEnum):
    """How the reading of a file stands."""

    WAITING = "waiting"  # nobody has begun
    READING = "reading"
    READ = "read"
    REFUSED = "refused"  # read, and nothing can be made of it


@dataclass(frozen=True, slots=True)
class Progress:
    """How the reading stands: how many questions of how many, and how often somebody began to."""

    mark: str
    done: int = 0
    of: int = 0
    tries: int = 0
    stand: Stand = Stand.WAITING


def keep(home: Path, actor: int, held: UUID, data: bytes, wish: Wish) -> Held:
    """Put a file aside under an id that the client made. Sending it twice is the same as once."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(json.dumps(asdict(wish)).encode() + b"\0" + data).hexdigest()
    known = kept(home, actor, held)
    if known is not None and known.mark == mark:
        return known
    _clear(folder, actor)
    place = _place(home, actor, held)
    _forget(place)
    write_whole(place.with_suffix(".json"), json.dumps({"wish": asdict(wish), "mark": mark}).encode())
    write_whole(place, data)
    return Held(home, actor, held, wish, len(data), mark)


def kept(home: Path, actor: int, held: UUID) -> Held | None:
    """A file that this person sent in and what she wants; None if it is gone."""
    place = _place(home, actor, held)
    try:
        state = place.stat()
        if time.time() - state.st_mtime > DAY:
            return None
        said = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
        return Held(home, actor, held, Wish(**said["wish"]), state.st_size, str(said["mark"]))
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def waiting(home: Path, actor: int) -> list[Held]:
    """Every file of a person that waits, the newest first."""
    found: list[tuple[float, Held]] = []
    for place in _files_of(home / FOLDER, actor):
        held = kept(home, actor, UUID(place.stem.partition("-")[2]))
        with suppress(FileNotFoundError):
            found += [(place.stat().st_mtime, held)] if held else []
    return [held for _moment, held in sorted(found, key=lambda each: each[0], reverse=True)]


def drop(home: Path, actor: int, held: UUID) -> None:
    """Forget a file, and what was found in it."""
    _forget(_place(home, actor, held))


def note_progress(held: Held, reached: Progress) -> None:
    """Say how far somebody is who reads the file."""
    write_whole(held.place.with_suffix(".progress"), json.dumps(asdict(reached)).encode())


def progress(held: Held) -> Progress:
    """How far the reading of a file is; nothing done where nobody has begun."""
    try:
        said = json.loads(held.place.with_suffix(".progress").read_bytes())
        found = Progress(**{**said, "stand": Stand(said["stand"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return Progress(held.mark)
    return found if found.mark == held.mark else Progress(held.mark)


def is_kept(held: Held) -> bool:
    """Whether the file is still wanted, as it was."""
    now = kept(held.home, held.actor, held.id)
    return now is not None and now.mark == held.mark


def tidy(held: Held) -> None:
    """Forget what was found in a file that is gone."""
    if not held.place.exists():
        _forget(held.place)


def write_whole(place: Path, content: bytes) -> None:
    """Write a file so that whoever reads it finds the old or the new one, and never a part."""
    fresh = place.with_name(f"{place.name}.{uuid4().hex}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def _place(home: Path, actor: int, held: UUID) -> Path:
    return home / FOLDER / f"{actor}-{held}.questions"


def _files_of(folder: Path, actor: int) -> Iterator[Path]:
    yield from folder.glob(f"{actor}-*.questions")


def _forget(place: Path) -> None:
    place.unlink(missing_ok=True)
    for ending in _BESIDE:
        place.with_suffix(ending).unlink(missing_ok=True)


def _clear(folder: Path, actor: int) -> None:
    """Forget what is older than a day, and the oldest of somebody who keeps too much."""
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            if time.time() - file.stat().st_mtime > DAY:
                file.unlink(missing_ok=True)
        mine = sorted(_files_of(folder, actor), key=lambda file: file.stat().st_mtime)
        for file in mine[: max(0, len(mine) - MOST_KEPT + 1)]:
            _forget(file)
