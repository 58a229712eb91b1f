"""Letters to people: by SMTP, or into the outbox folder where no mail server is set."""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lms.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from urllib.parse import SplitResult

    from lms.config import Settings

SECONDS = 20  # that the mail server may be silent
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class NotPrivate(OSError):
    """The mail server offers no encryption, so that we keep the password to ourselves."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in plain text. `name` identifies it: sending the same name twice is one mail for the outbox.

    `stop_url` is where one press ends letters of this kind (RFC 8058).
    """

    name: str
    to: str
    subject: str
    text: str
    stop_url: str = ""


def send(settings: Settings, letter: Letter) -> None:
    """Send a letter. Raises `OSError` or `smtplib.SMTPException`; the job is then tried again later."""
    message = _message(settings, letter)
    if not settings.smtp_url:
        _put_into(outbox(settings), letter.name, message.as_bytes())
        return
    with _server(urlsplit(settings.smtp_url)) as smtp:
        smtp.send_message(message)


def outbox(settings: Settings) -> Path:
    """The folder of letters that no mail server took."""
    folder = settings.outbox
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _put_into(folder: Path, name: str, content: bytes) -> None:
    """Write a letter so that nobody, whatever happens, sees half of it."""
    partial = folder / f"{name}.partial"
    partial.write_bytes(content)
    os.replace(partial, folder / f"{name}.eml")  # noqa: PTH105 - says that it replaces


@contextmanager
def _server(address: SplitResult) -> Iterator[smtplib.SMTP]:
    """The mail server, signed in to. `smtps://` is encrypted from the start, `smtp://` if the server offers it."""
    host, context = address.hostname or "localhost", ssl.create_default_context()
    if address.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 0, timeout=SECONDS, context=context)
    else:
        smtp = smtplib.SMTP(host, address.port or 0, timeout=SECONDS)
    with smtp:
        smtp.ehlo()  # what a server offers is known after this greeting only
        is_private = address.scheme == "smtps" or host in THIS_MACHINE
        if address.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            is_private = True
        if address.username:
            if not is_private:
                raise NotPrivate(f"{host} offers no STARTTLS; the password of LMS_SMTP_URL was not sent.")
            smtp.login(unquote(address.username), unquote(address.password or ""))
        yield smtp


def _one_address(typed: str) -> Address:
    """One address, whatever somebody typed into the field. Raises `ValueError` if it is none."""
    user, _, domain = typed.rpartition("@")
    if not user or domain.split() != [domain]:
        raise ValueError("this is no address to send a letter to")
    return Address(username=user, domain=domain.encode("idna").decode())


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    name, sender = parseaddr(settings.mail_from)
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = _one_address(letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate(now().timestamp(), localtime=False)
    message["Message-ID"] = f"<{letter.name}@{sender.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{letter.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    return message
