"""Remind everybody whom a list shows: a preview first, then one press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.coordination.desk import bp, courses_on_offer, desk_with, titles_of
from lms.coordination.missing_queries import to_remind
from lms.coordination.people_views import asked_in
from lms.integrations.channels import channels
from lms.integrations.quiet import next_decent, quiet_times
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reminding import actions
from lms.reminding import queries as reminding
from lms.reminding.sending import usual_text
from lms.web.ids import client_id, new_id
from lms.web.language import _, languages, speaking
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.plugins import MessageChannel

LONGEST = 4000


@bp.get("/remind")
@needs(Right.COORDINATE)
def remind() -> ResponseReturnValue:
    """Whom it reaches and what it says, before anything is sent."""
    courses = courses_on_offer()
    asked = asked_in(request.args, courses)
    course = courses.get(asked.course)
    if course is None:
        abort(404)
    channel = _channel()
    reach = reminding.reach(
        reading(), to_remind(reading(), desk_with(courses, course.id), asked), course.id, channel, now()
    )
    texts = {}
    for tag in [tag for tag in reach.languages if tag in languages()] or [languages()[0]]:
        with speaking(tag):
            texts[tag] = usual_text(course)
    return render_template(
        "coordination/remind.html",
        asked=asked,
        chosen=asked.arguments,
        titles=titles_of(courses),
        reach=reach,
        texts=texts,
        channels=list(channels(current_app.config["LMS"]).values()),
        channel=channel,
        start=_start(),
        is_later=_start() > now(),
        reminder_id=new_id(),
    )


@bp.post("/remind")
@needs(Right.COORDINATE)
def remind_post() -> ResponseReturnValue:
    """Remind them, once for one id."""
    courses = courses_on_offer()
    asked = asked_in(request.args, courses)
    if asked.course not in courses:
        abort(404)
    new = actions.NewReminder(
        client_id("reminder_id"),
        asked.unit.id if asked.unit else None,
        asked.course,
        asked.arguments,
        _texts(),
        _channel().name,
    )
    actions.remind(writing(), new, by=current_user.actor)
    flash(_("Reminded. The messages go out one after the other; below you see how far they are."))
    return redirect(url_for("reminding.home"), 303)


def _channel() -> MessageChannel:
    known = channels(current_app.config["LMS"])
    return known.get(request.values.get("channel", "")) or known["mail"]


def _texts() -> dict[str, dict[str, str]]:
    """What the coordinator wrote, by language; an empty field says the usual."""
    written: dict[str, dict[str, str]] = {}
    for tag in languages():
        subject = request.form.get(f"subject-{tag}", "").strip()[:200]
        text = request.form.get(f"text-{tag}", "").strip()[:LONGEST]
        if subject and text:
            written[tag] = {"subject": subject, "text": text}
    return written


def _start() -> Any:
    settings = current_app.config["LMS"]
    return next_decent(now(), quiet_times(settings.quiet_hours), ZoneInfo(settings.time_zone))
