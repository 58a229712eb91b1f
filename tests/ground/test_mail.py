"""Letters reach a real mail server, encrypted where it can be; nobody writes headers into them."""

from __future__ import annotations

import smtplib
import ssl
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from lms import jobs
from lms.clock import now
from lms.config import Settings
from lms.content import queries as content
from lms.db import Database
from lms.integrations import mail
from lms.integrations.mail import Letter, send
from lms.jobs import Job, Worker
from lms.learning import actions as learning
from lms.people import actions
from lms.people.rules import Role
from lms.reactions import handlers
from tests.ground.sink import Sink, certificate, sink, trusted

LETTER = Letter("letter-1", "ilze@example.org", "Jūsu apliecība: Digitālais palīgs", "Labdien, Ilze!\nПривет.\n")
SENDER = '"Mācību platforma, Latvija" <no-reply@example.org>'


def settings(tmp_path: Path, smtp_url: str = "", **more: str) -> Settings:
    return Settings(home=tmp_path, smtp_url=smtp_url, mail_from=more.get("mail_from", SENDER))


def the_letter_came(mails: Sink) -> None:
    [message] = mails.messages
    assert message["Subject"] == LETTER.subject
    assert message["To"] == "ilze@example.org"
    assert message["From"] == SENDER
    assert message["Message-ID"] == "<letter-1@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert [envelope.rcpt_tos for envelope in mails.envelopes] == [["ilze@example.org"]]


def test_a_plain_line_will_do_where_there_is_no_other(tmp_path: Path) -> None:
    with sink() as mails:
        send(settings(tmp_path, f"smtp://localhost:{mails.port}"), LETTER)
    the_letter_came(mails)
    assert mails.encrypted == [False]


def test_the_line_is_encrypted_if_the_server_offers_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = trusted(tmp_path, monkeypatch)
    with sink(tls_context=context, asks_password=True) as mails:
        send(settings(tmp_path, f"smtp://post%40office:p%40ss@localhost:{mails.port}"), LETTER)
    the_letter_came(mails)
    assert mails.encrypted == [True]
    assert mails.logins == [("post@office", "p@ss")]


def test_the_line_is_encrypted_from_the_start_with_smtps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = trusted(tmp_path, monkeypatch)
    with sink(ssl_context=context, asks_password=True, auth_require_tls=False) as mails:
        send(settings(tmp_path, f"smtps://u:p%40ss@localhost:{mails.port}"), LETTER)
    the_letter_came(mails)
    assert mails.logins == [("u", "p@ss")]


@pytest.mark.parametrize("kind", ["smtp", "smtps"])
def test_a_server_that_cannot_prove_its_name_gets_nothing(tmp_path: Path, kind: str) -> None:
    context = certificate(tmp_path)
    options = {"tls_context": context} if kind == "smtp" else {"ssl_context": context}
    # aiosmtpd's start asks the server once, which an untrusted certificate must not stop
    with sink(**options) as mails, pytest.raises(ssl.SSLCertVerificationError):
        send(settings(tmp_path, f"{kind}://u:p@localhost:{mails.port}"), LETTER)
    assert mails.logins == []
    assert mails.messages == []


def test_a_password_does_not_travel_in_the_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "THIS_MACHINE", frozenset())
    with sink(asks_password=True, auth_require_tls=False) as mails:
        address = f"smtp://u:p%40ss@localhost:{mails.port}"
        with pytest.raises(mail.NotPrivate, match="offers no STARTTLS"):
            send(settings(tmp_path, address), LETTER)
        assert mails.logins == []
        monkeypatch.undo()
        send(settings(tmp_path, address), LETTER)  # to this machine itself it may
    assert mails.logins == [("u", "p@ss")]


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_nobody_writes_a_header_by_way_of_a_subject(tmp_path: Path, breaks: str) -> None:
    subject = f"Certificate{breaks}Bcc: everybody@example.org{breaks}{breaks}<b>"
    with sink() as mails:
        send(settings(tmp_path, f"smtp://localhost:{mails.port}"), Letter("n", "a@example.org", subject, "x"))
    [message] = mails.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "Certificate Bcc: everybody@example.org <b>"
    assert mails.envelopes[0].rcpt_tos == ["a@example.org"]


@pytest.mark.parametrize(
    "to",
    ["a@example.org\r\nBcc: b@example.org", "a@example.org\nRCPT TO:<b@example.org>", "nobody", "@", "a@exa mple.org"],
)
def test_an_address_that_is_none_gets_nothing(tmp_path: Path, to: str) -> None:
    with sink() as mails, pytest.raises((ValueError, smtplib.SMTPException)):
        send(settings(tmp_path, f"smtp://localhost:{mails.port}"), Letter("n", to, "x", "x"))
    assert mails.messages == []


def test_one_address_is_never_two(tmp_path: Path) -> None:
    with sink() as mails:
        send(settings(tmp_path, f"smtp://localhost:{mails.port}"), Letter("n", "a@x.org, b@example.org", "x", "x"))
    assert [envelope.rcpt_tos for envelope in mails.envelopes] == [['"a@x.org, b"@example.org']]


def test_an_address_in_another_script_is_reached(tmp_path: Path) -> None:
    with sink() as mails:
        send(settings(tmp_path, f"smtp://localhost:{mails.port}"), Letter("n", "ilze@ūdens.lv", "x", "x"))
        send(settings(tmp_path, f"smtp://localhost:{mails.port}"), Letter("n", "jānis@example.org", "x", "x"))
    assert [envelope.rcpt_tos for envelope in mails.envelopes] == [["ilze@xn--dens-u7a.lv"], ["jānis@example.org"]]


def test_without_a_server_the_outbox_keeps_one_letter_of_each_name(tmp_path: Path) -> None:
    for _ in range(2):
        send(settings(tmp_path), LETTER)
    [file] = (tmp_path / "outbox").iterdir()
    assert file.name == "letter-1.eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Subject"] == LETTER.subject
    assert message.get_content() == LETTER.text  # type: ignore[attr-defined]


def people_with_addresses(database: Database, count: int, role: Role | None = None) -> list[int]:
    with database.writing() as db:
        found = []
        for number in range(count):
            new = actions.NewPerson(f"Trainer {number}", f"trainer{number}@example.org", "")
            person = actions.sign_up(db, new, "")
            person.proved_email = person.email
            if role:
                actions.grant_role(db, person.id, role, unit=None, by=None)
            found.append(person.id)
        return found


@pytest.mark.parametrize("no", ["451 come back later", "550 no such mailbox"])
def test_a_letter_that_is_refused_is_sent_again_later_under_the_same_name(
    app: Flask, database: Database, no: str
) -> None:
    [person] = people_with_addresses(database, 1)
    refused: list[str] = []

    def refuse_once(envelope: object) -> str | None:
        del envelope
        refused.append(no)
        return no if len(refused) == 1 else None

    with sink() as mails, time_machine.travel(now(), tick=False) as clock:
        app.config["LMS"] = Settings(home=app.config["LMS"].home, smtp_url=f"smtp://localhost:{mails.port}")
        mails.refuse = refuse_once
        with database.writing() as db:
            jobs.enqueue(db, "letter", {"kind": "sign_in_link", "person": person})
        worker = Worker(database, handlers(app))
        worker.drain()
        assert mails.messages == []
        with database.reading() as db:
            assert no.split(maxsplit=1)[0] in db.scalars(select(Job.error).where(Job.name == "letter")).one()
        clock.shift(timedelta(minutes=2))
        worker.drain()
    assert [message["To"] for message in mails.messages] == ["trainer0@example.org"]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Job)) == 0


def test_one_refused_address_brings_the_others_no_second_letter(app: Flask, database: Database) -> None:
    people_with_addresses(database, 3, Role.TRAINER)
    with sink() as mails, time_machine.travel(now(), tick=False) as clock:
        app.config["LMS"] = Settings(home=app.config["LMS"].home, smtp_url=f"smtp://localhost:{mails.port}")
        mails.refuse = lambda envelope: "550 no" if envelope.rcpt_tos == ["trainer1@example.org"] else None
        report_mistake(database)
        worker = Worker(database, handlers(app))
        for _ in range(4):
            worker.drain()
            clock.shift(timedelta(hours=1))
        reached = sorted(str(message["To"]) for message in mails.messages)
        assert reached == ["trainer0@example.org", "trainer2@example.org"]
        mails.refuse = lambda _envelope: None
        clock.shift(timedelta(hours=6))
        worker.drain()
    assert sorted(str(message["To"]) for message in mails.messages) == [f"trainer{n}@example.org" for n in range(3)]
    assert len({message["Message-ID"] for message in mails.messages}) == 3


def report_mistake(database: Database) -> None:
    with database.writing() as db:
        current = content.current(db, "first-aid")
        assert current is not None
        learning.report_mistake(db, None, current, "helping", "en", "A word is missing.", client_id="c")
