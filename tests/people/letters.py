"""The letters that a test's worker has put into the outbox."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

LINK = re.compile(r"https?://\S+")


def sent(home: Path) -> list[EmailMessage]:
    """All letters, oldest first."""
    files = sorted((home / "outbox").glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def text_of(letter: EmailMessage) -> str:
    """What a letter says."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def last_link(home: Path) -> str:
    """The link in the newest letter."""
    return LINK.findall(text_of(sent(home)[-1]))[0]


def path_of(link: str) -> str:
    """A link's path, as the browser asks for it."""
    return "/" + link.split("/", 3)[3]
