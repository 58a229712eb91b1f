"""Letters by SMTP, to a real server in this process."""

from __future__ import annotations

import dataclasses
import socket
import ssl
import subprocess
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from sqlalchemy import select

from lms.app import create_app
from lms.config import Settings
from lms.db import Database
from lms.integrations import mail
from lms.integrations.mail import Letter, send
from lms.jobs import Job, Worker
from lms.reactions import handlers
from tests.cast import Visitor
from tests.people.letters import LINK, path_of, text_of

NEW = {"name": "Maija Saule", "login": "maija@example.org", "password": "four words are good"}


class Sink:
    """Keeps what it gets, and what was said on the way."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.to: list[str] = []
        self.was_encrypted: list[bool] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(envelope.content)
        self.to += envelope.rcpt_tos
        self.was_encrypted.append(session.ssl is not None)
        return "250 OK"

    def check(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        return AuthResult(success=True)


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost that this process trusts."""
    key, made = tmp_path / "key.pem", tmp_path / "cert.pem"
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subject = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        ["openssl", "req", *options, *subject, "-keyout", key, "-out", made], check=True, capture_output=True
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


@pytest.fixture
def sink() -> Sink:
    return Sink()


def serve(sink: Sink, **options: Any) -> Iterator[int]:
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)


@pytest.fixture
def plain(sink: Sink) -> Iterator[int]:
    yield from serve(sink)


@pytest.fixture
def encrypting(sink: Sink, certificate: ssl.SSLContext) -> Iterator[int]:
    yield from serve(sink, tls_context=certificate, authenticator=sink.check, auth_required=True, auth_require_tls=True)


def test_the_link_in_a_letter_by_smtp_signs_in(settings: Settings, database: Database, sink: Sink, plain: int) -> None:
    app = create_app(dataclasses.replace(settings, smtp_url=f"smtp://127.0.0.1:{plain}"), database)
    maija = Visitor(app)
    maija.post("/sign-up", NEW)
    worker = Worker(database, handlers(app))
    worker.drain()
    worker.drain()
    assert sink.to == ["maija@example.org"]
    letter = message_from_bytes(sink.letters[0], policy=policy.default)
    assert letter["Subject"] == "Welcome to Handrail"
    link = LINK.findall(text_of(letter))[0]
    assert maija.post(path_of(link)).status_code == 303
    assert "Confirmed." in maija.get("/account").text
    assert not (settings.home / "outbox").exists()


def test_what_is_offered_encrypted_is_sent_encrypted(settings: Settings, sink: Sink, encrypting: int) -> None:
    there = dataclasses.replace(settings, smtp_url=f"smtp://lms:s%40cret@localhost:{encrypting}")
    send(there, Letter("one", "maija@example.org", "Good day", "Good day."))
    assert sink.was_encrypted == [True]
    assert sink.logins == [(b"lms", b"s@cret")]


def test_a_password_goes_over_no_open_line(
    settings: Settings, sink: Sink, plain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "THIS_MACHINE", frozenset())  # as if the server stood elsewhere
    there = dataclasses.replace(settings, smtp_url=f"smtp://lms:secret@127.0.0.1:{plain}")
    with pytest.raises(OSError, match="STARTTLS"):
        send(there, Letter("one", "maija@example.org", "Good day", "Good day."))
    assert sink.letters == []


def test_a_server_that_is_away_keeps_the_letter_waiting(settings: Settings, database: Database) -> None:
    app = create_app(dataclasses.replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}"), database)
    assert Visitor(app).post("/sign-up", NEW).status_code == 303
    Worker(database, handlers(app)).drain()
    with database.reading() as db:
        waiting = db.scalars(select(Job).where(Job.name == "letter")).one()
        assert waiting.attempts == 1
        assert waiting.state == "waiting"
