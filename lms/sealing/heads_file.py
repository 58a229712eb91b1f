"""Heads of the chain outside of the database: one JSON object a line, as /verify/heads publishes them, too.

Whoever changes the database without the key cannot change what was written down elsewhere before: the chain must
still lead through each of these heads.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lms.sealing.chain import HeadLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "heads.jsonl"
LONGEST = 2000  # bytes: more than any line has


class BadLine(ValueError):
    """A line is no head; the message names the file, the line and what it should be."""


def said(head: HeadLine) -> dict[str, Any]:
    """A head as JSON tells it."""
    return {
        "seq": head.seq,
        "at": head.at.isoformat(),
        "hash": head.hash,
        "kid": head.kid,
        "signature": base64.b64encode(head.signature).decode(),
    }


def line(head: HeadLine) -> bytes:
    """A head as a line of the file."""
    return json.dumps(said(head)).encode() + b"\n"


def read(text: Any) -> HeadLine:
    """A head from what JSON tells. Raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    at = datetime.fromisoformat(text["at"])
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    signature = base64.b64decode(text["signature"], validate=True)
    return HeadLine(int(text["seq"]), at, str(text["hash"]), str(text["kid"]), signature)


def last(path: Path) -> HeadLine | None:
    """The last head in a file; None where there is no file, or its last line was cut off."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - LONGEST))
        lines = file.read().splitlines()
    try:
        return read(json.loads(lines[-1])) if lines else None
    except (ValueError, KeyError, TypeError):
        return None


def heads(path: Path) -> Iterator[HeadLine]:
    """All heads in a file, line by line, or in the list that /verify/heads answered. Raises `BadLine`."""
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            try:
                found = json.loads(text)
                for each in found.get("heads", [found]):
                    yield read(each)
            except (ValueError, KeyError, TypeError):
                raise BadLine(
                    f"{path}, line {number}: this is no head of a chain. Each line is a JSON object with seq, at, "
                    "hash, kid and signature. Take the line out, if it was cut off by a power cut."
                ) from None
