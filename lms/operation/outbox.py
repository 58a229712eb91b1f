"""Letters that no mail server took: files in the data folder, read for the operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage
    from pathlib import Path

    from lms.config import Settings

SIZE = 50
NAME = re.compile(r"[\w.-]{1,120}")
LINK = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the outbox. `parts` is its text cut at links, so that every second part is one."""

    name: str
    to: str
    subject: str
    at: datetime | None
    parts: Sequence[str]


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """A page of letters, newest first; `number` counts pages from 1."""

    letters: Sequence[Letter]
    number: int
    has_more: bool
    count: int


def letters(settings: Settings, number: int) -> OutboxPage:
    """One page of the outbox. Only the letters on it are opened."""
    files = sorted(_folder(settings).glob("*.eml"), key=_age, reverse=True)
    number = max(1, number)
    shown = files[(number - 1) * SIZE : number * SIZE]
    return OutboxPage([_read(file) for file in shown], number, len(files) > number * SIZE, len(files))


def letter(settings: Settings, name: str) -> Letter | None:
    """One letter by its name; None if there is none."""
    file = _folder(settings) / f"{name}.eml"
    return _read(file) if NAME.fullmatch(name) and file.is_file() else None


def _folder(settings: Settings) -> Path:
    return settings.outbox


def _age(file: Path) -> tuple[int, str]:
    return file.stat().st_mtime_ns, file.name


def _read(file: Path) -> Letter:
    message: EmailMessage = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    date = message.get("Date")
    return Letter(
        file.stem,
        str(message.get("To", "")),
        str(message.get("Subject", "")),
        parsedate_to_datetime(date) if date else None,
        LINK.split(text.strip()),
    )
