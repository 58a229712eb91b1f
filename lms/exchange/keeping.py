"""Files that were sent in and wait to be looked at: kept for a day, each for the person who sent it."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

FOLDER = "exchange"
DAY = 24 * 60 * 60
MOST_KEPT = 20  # files of one person


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be done with a file: its name, the pack and path it goes to, what she said of it."""

    name: str
    pack: str
    path: str
    mode: str = "refuse"
    format_name: str = ""
    encoding: str = ""


def keep(home: Path, actor: int, held: UUID, data: bytes, wish: Wish) -> None:
    """Put a file aside under an id that the client made. Sending it twice is the same as once."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder, actor)
    place = _place(home, actor, held)
    place.with_suffix(".json").write_text(json.dumps(asdict(wish)), encoding="utf-8")
    waiting = place.with_suffix(".new")
    waiting.write_bytes(data)
    waiting.replace(place)


def kept(home: Path, actor: int, held: UUID) -> tuple[bytes, Wish] | None:
    """A file that this person sent in and what she wants; None if it is gone."""
    place = _place(home, actor, held)
    try:
        if time.time() - place.stat().st_mtime > DAY:
            return None
        return place.read_bytes(), Wish(**json.loads(place.with_suffix(".json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def drop(home: Path, actor: int, held: UUID) -> None:
    """Forget a file."""
    place = _place(home, actor, held)
    for file in (place, place.with_suffix(".json")):
        file.unlink(missing_ok=True)


def _place(home: Path, actor: int, held: UUID) -> Path:
    return home / FOLDER / f"{actor}-{held}.questions"


def _clear(folder: Path, actor: int) -> None:
    """Forget what is older than a day, and the oldest of somebody who keeps too much."""
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            if time.time() - file.stat().st_mtime > DAY:
                file.unlink(missing_ok=True)
        mine = sorted(folder.glob(f"{actor}-*.questions"), key=lambda file: file.stat().st_mtime)
        for file in mine[: max(0, len(mine) - MOST_KEPT + 1)]:
            file.unlink(missing_ok=True)
            file.with_suffix(".json").unlink(missing_ok=True)
