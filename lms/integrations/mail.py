"""Letters to people: by SMTP, or into the outbox folder where no mail server is set."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lms.clock import now

if TYPE_CHECKING:
    from pathlib import Path

    from lms.config import Settings


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in plain text. `name` identifies it: sending the same name twice is one mail for the outbox."""

    name: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter in the outbox."""

    name: str
    to: str
    subject: str
    date: str
    text: str


def send(settings: Settings, letter: Letter) -> None:
    """Send a letter. Raises `OSError` or `smtplib.SMTPException`; the job is then tried again later."""
    message = _message(settings, letter)
    if not settings.smtp_url:
        outbox(settings).joinpath(f"{letter.name}.eml").write_bytes(message.as_bytes())
        return
    server = urlsplit(settings.smtp_url)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with kind(server.hostname or "localhost", server.port or 0, timeout=20) as smtp:
        if server.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)


def outbox(settings: Settings) -> Path:
    """The folder of letters that no mail server took."""
    folder = settings.home / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, letter.to, letter.subject
    message["Date"] = formatdate(now().timestamp(), localtime=False)
    host = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{letter.name}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
