"""Every built-in message channel keeps the contract that third parties keep: against a real mail server and gateway."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lms.config import Settings
from lms.integrations.channels import BUILT_IN, _is_final, channels
from lms.plugins import Contact, Message, MessageChannel, Undeliverable
from tests.ground.sink import sink

EMPTY = Contact("", "en")
FULL = Contact("Laura Lapiņa", "lv", "laura@example.org", "+37120000000")
REFUSED = {"mail": "nobody@example.org", "gateway": "+37100000000"}
LATER = {"mail": "busy@example.org", "gateway": "+37199999999"}
STOP = "https://example.org/stop"


class Taker(BaseHTTPRequestHandler):
    """A gateway that knows one number which will never be reached, and is not well for another."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append(body)  # type: ignore[attr-defined]
        self.send_response({REFUSED["gateway"]: 422, LATER["gateway"]: 503}.get(body["to"], 202))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, MessageChannel]]:
    """All built-in channels in force, with somebody at the other end of each."""
    gateway = HTTPServer(("127.0.0.1", 0), Taker)
    gateway.got = []  # type: ignore[attr-defined]
    thread = Thread(target=gateway.serve_forever)
    thread.start()
    folder: Path = tmp_path_factory.mktemp("home")
    with sink() as mails:
        mails.refuse = lambda letter: {REFUSED["mail"]: "550 unknown", LATER["mail"]: "451 later"}.get(
            letter.rcpt_tos[0]
        )
        yield channels(
            Settings(
                home=folder,
                smtp_url=f"smtp://localhost:{mails.port}",
                mail_from="no-reply@example.org",
                gateway_url=f"http://127.0.0.1:{gateway.server_address[1]}/",
            )
        )
    gateway.shutdown()
    thread.join()
    gateway.server_close()


@pytest.fixture(params=["mail", "gateway"])
def channel(request: pytest.FixtureRequest, known: dict[str, MessageChannel]) -> MessageChannel:
    return known[request.param]


def message(to: str) -> Message:
    return Message("reminder-1", to, "lv", "Digitālais palīgs", "Labdien, Laura!", STOP)


def test_no_built_in_channel_is_left_out_here(known: dict[str, MessageChannel]) -> None:
    assert list(known) == ["mail", "gateway"]
    assert len(BUILT_IN) == len(known)


def test_it_says_what_it_is(channel: MessageChannel, known: dict[str, MessageChannel]) -> None:
    assert channel.name == channel.name.strip().lower() != ""
    assert known[channel.name] is channel
    assert channel.words.strip()
    assert len({each.words for each in known.values()}) == len(known)


def test_it_has_no_address_of_somebody_of_whom_nothing_is_known(channel: MessageChannel) -> None:
    assert channel.address(EMPTY) == ""
    assert channel.address(FULL) in {FULL.email, FULL.phone}


def test_it_sends_to_the_address_that_it_named(channel: MessageChannel) -> None:
    channel.send(message(channel.address(FULL)))


@pytest.mark.parametrize("again", [1, 2])
def test_a_refused_address_is_undeliverable_however_often(channel: MessageChannel, again: int) -> None:
    for _ in range(again):
        with pytest.raises(Undeliverable):
            channel.send(message(REFUSED[channel.name]))


def test_no_address_is_undeliverable(known: dict[str, MessageChannel]) -> None:
    with pytest.raises(Undeliverable):
        known["mail"].send(message("no address"))


def test_what_may_pass_is_tried_again(channel: MessageChannel) -> None:
    with pytest.raises(OSError, match=r"503|451"):
        channel.send(message(LATER[channel.name]))


@pytest.mark.parametrize(("code", "is_final"), [(550, True), (450, False)])
def test_a_mail_server_that_asks_us_to_come_back_is_not_a_wrong_address(code: int, is_final: bool) -> None:
    assert _is_final(smtplib.SMTPRecipientsRefused({"laura@example.org": (code, b"no")})) is is_final
