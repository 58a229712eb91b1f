"""The worker's side: one letter a week with all that is new, at a decent hour; what is urgent at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from lms import jobs
from lms.clock import now
from lms.integrations.channels import channels
from lms.integrations.contacts import contact
from lms.integrations.quiet import is_quiet, next_decent, quiet_times
from lms.integrations.stopping import stop_token
from lms.news import rounds
from lms.news.rules import words_in
from lms.plugins import Message, Undeliverable
from lms.web.language import _, language, ngettext, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from flask import Flask

    from lms.config import Settings
    from lms.db import Database
    from lms.news.models import NewsRound
    from lms.news.rounds import Due
    from lms.plugins import MessageChannel

MAIL = "mail"
LONGEST = 600  # characters of each text in a letter; the rest is behind the link
LATER = timedelta(minutes=10)
MOST_IN_VAIN = 3  # letters in a row that nobody took: then the mail server is away, and the job is tried again


def write_news(app: Flask, database: Database, task: jobs.Task) -> None:
    """Begin the letters of the week, if they are not begun."""
    today = now().astimezone(ZoneInfo(app.config["LMS"].time_zone)).date()
    with database.writing() as db:
        rounds.begin_week(db, today)
        jobs.finish(db, task)


def send_news(app: Flask, database: Database, task: jobs.Task) -> None:
    """Send the letters of some people of a round. In the quiet hours they wait for the morning.

    Each letter is settled by itself, so that a worker that is killed repeats one at most, with the same key.
    """
    settings: Settings = app.config["LMS"]
    zone = ZoneInfo(settings.time_zone)
    with database.reading() as db:
        row = rounds.round_of(db, task.args["round"])
    is_for_one = "person" in task.args  # who is tried again may be left when the round is over
    if row is None or (row.ended_at is not None and not is_for_one):
        return
    when = next_decent(max(now(), rounds.starts_at(row, zone)), quiet_times(settings.quiet_hours), zone)
    if when > now():
        _later(database, task, when)
        return
    with app.test_request_context(base_url=settings.url):
        if is_for_one:
            _send_to_one(database, settings, row, task, zone)
        else:
            _send_piece(database, settings, row, task, zone)


def _later(database: Database, task: jobs.Task, when: datetime) -> None:
    with database.writing() as db:
        jobs.enqueue(db, rounds.SEND, task.args, run_at=when)
        jobs.finish(db, task)


def _send_piece(database: Database, settings: Settings, row: NewsRound, task: jobs.Task, zone: ZoneInfo) -> None:
    with database.reading() as db:
        piece = rounds.next_piece(db, row, now().astimezone(zone).date())
    in_vain, quiet = 0, quiet_times(settings.quiet_hours)
    for each in piece.due:
        if is_quiet(now(), quiet, zone):
            _later(database, task, next_decent(now(), quiet, zone))
            return
        try:
            _send(database, settings, row, each)
        except OSError:
            in_vain += 1
            if in_vain == MOST_IN_VAIN:
                raise
            with database.writing() as db:
                rounds.ask_for_one(db, row, each.person.id, now() + LATER)
        else:
            in_vain = 0
    with database.writing() as db:
        rounds.go_on(db, row, piece.last)
        jobs.finish(db, task)


def _send_to_one(database: Database, settings: Settings, row: NewsRound, task: jobs.Task, zone: ZoneInfo) -> None:
    """Try again to write to one person. Raises `OSError`: the job is then tried later."""
    with database.reading() as db:
        due = rounds.due(db, row, [task.args["person"]], now().astimezone(zone).date())
    for each in due:
        _send(database, settings, row, each)
    with database.writing() as db:
        jobs.finish(db, task)


def _send(database: Database, settings: Settings, row: NewsRound, each: Due) -> None:
    """Send one letter and note it. Raises `OSError`; who is reached in no way gets none."""
    channel = _channel(channels(settings), each)
    if channel is None:
        return
    try:
        channel.send(written(settings, row, each, channel))
    except Undeliverable:
        state, reason = "failed", "refused"
    else:
        state, reason = "sent", ""
    with database.writing() as db:
        rounds.settle(db, row, each, state, reason)


def _channel(known: Mapping[str, MessageChannel], each: Due) -> MessageChannel | None:
    """Mail, where it reaches somebody; else the way that the author of one of the announcements chose besides."""
    ways = [known.get(name) for name in (MAIL, *(told.channel for told in each.announcements)) if name]
    return next((way for way in ways if way is not None and way.address(contact(each.person))), None)


def _longest(channel: MessageChannel) -> int:
    """How much of a text stands in a letter; a message to a telephone has the title and the link."""
    return LONGEST if channel.name == MAIL else 0


def written(settings: Settings, row: NewsRound, each: Due, channel: MessageChannel) -> Message:
    """The one letter to a person, in their language, with all that is new."""
    base = settings.url.rstrip("/")
    person = each.person
    with speaking(person.language):
        told = [
            (words_in(one.texts, one.source_language, language()), base + url_for("news.show", announcement_id=one.id))
            for one in each.announcements
        ]
        is_again, asks = row.kind == rounds.AGAIN, any(one.asks_confirm for one in each.announcements)
        values = {"name": person.name, "told": told, "is_again": is_again, "asks": asks, "longest": _longest(channel)}
        text = render_template("mail/news.txt", **values).strip() + "\n"
        subject = told[0][0].title
        if len(told) > 1:
            subject = ngettext("%(num)s piece of news for you", "%(num)s pieces of news for you", len(told))
        elif is_again:
            subject = _("Please confirm: %(title)s", title=subject)
        stop = base + url_for("reminding.stop", token=stop_token(person.id))
        to = channel.address(contact(person))
        return Message(f"news-{row.key}-{person.id}", to, language(), " ".join(subject.split()), text, stop)
