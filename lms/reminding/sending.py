"""The worker's side: reminders go out one by one, at a decent hour, each looked at again before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import current_app, render_template, url_for

from lms import jobs
from lms.clock import now
from lms.content import queries as content
from lms.integrations.channels import channels
from lms.integrations.contacts import contact
from lms.integrations.quiet import is_quiet, next_decent, quiet_times
from lms.integrations.stopping import stop_token
from lms.plugins import Message, Undeliverable
from lms.reminding import actions, queries
from lms.web.language import _, show_date, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from lms.config import Settings
    from lms.content.compiled import CompiledCourse
    from lms.db import Database
    from lms.people.models import Person
    from lms.plugins import MessageChannel
    from lms.reminding.models import Reminder
    from lms.reminding.queries import Due


def usual_text(course: CompiledCourse) -> dict[str, str]:
    """What a reminder says unless the coordinator writes something else, in the language spoken now."""
    text = render_template("mail/reminder.txt")
    return {"subject": _("Your course “%(course)s”", course=_title(course)), "text": text.strip()}


def _title(course: CompiledCourse) -> str:
    language = _spoken()
    return (course.pages.get(language) or course.pages[course.language]).title


def _spoken() -> str:
    from_language: str = current_app.jinja_env.globals["current_language"]()  # type: ignore[operator]
    return from_language


def written(person: Person, reminder: Reminder, course: CompiledCourse, due: Due, to: str) -> Message:
    """The message to one person, in their language, with name, course, deadline and link filled in."""
    settings: Settings = current_app.config["LMS"]
    with speaking(person.language):
        language = _spoken()
        own: Mapping[str, str] = reminder.texts.get(language) or usual_text(course)
        deadline = _("by %(date)s", date=show_date(due.deadline)) if due.deadline else ""
        link = settings.url.rstrip("/") + url_for("learning.course", course_id=course.id)
        filled = {"{name}": person.name, "{course}": _title(course), "{deadline}": deadline, "{link}": link}
        stop = settings.url.rstrip("/") + url_for("reminding.stop", token=stop_token(person.id))
        key = f"reminder-{reminder.id}-{person.id}"
        subject = " ".join(_fill(own["subject"], filled).split())
        return Message(key, to, language, subject, _fill(own["text"], filled), stop)


def _fill(text: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def send_reminders(app: Flask, database: Database, task: jobs.Task) -> None:
    """Send what waits of one reminder. In the quiet hours the rest is left for the morning.

    Each delivery is settled by itself, so that a worker that is killed repeats one message at most, with the same key.
    """
    settings: Settings = app.config["LMS"]
    quiet, zone = quiet_times(settings.quiet_hours), ZoneInfo(settings.time_zone)
    with app.test_request_context(base_url=settings.url):
        while True:
            if is_quiet(now(), quiet, zone):
                _go_on_later(database, task, {"run_at": next_decent(now(), quiet, zone)})
                return
            if not _send_next(database, settings, task):
                break
    with database.writing() as db:
        jobs.finish(db, task)


def _go_on_later(database: Database, task: jobs.Task, when: Mapping[str, object]) -> None:
    with database.writing() as db:
        jobs.enqueue(db, actions.SEND, task.args, **when)  # type: ignore[arg-type]
        jobs.finish(db, task)


def _send_next(database: Database, settings: Settings, task: jobs.Task) -> bool:
    """Deal with one delivery; whether there was one."""
    with database.reading() as db:
        reminder = queries.reminder(db, task.args["reminder"])
        channel = channels(settings).get(reminder.channel) if reminder else None
        if reminder is None or channel is None or reminder.cancelled_at is not None:
            return False
        due = queries.next_due(db, reminder, channel, now())
        current = content.current(db, reminder.course_id)
        if due is None or current is None:
            return False
        state, reason = _deliver(channel, reminder, current.course, due)
    with database.writing() as db:
        actions.settle(db, due.delivery.id, state, reason)
    return True


def _deliver(channel: MessageChannel, reminder: Reminder, course: CompiledCourse, due: Due) -> tuple[str, str]:
    """Send one message; its state and, if it did not go, why. Raises `OSError`: the job is then tried again."""
    if due.person is None or due.reason:
        return "skipped", due.reason
    to = channel.address(contact(due.person))
    try:
        channel.send(written(due.person, reminder, course, due, to))
    except Undeliverable:
        return "failed", "refused"
    return "sent", ""
