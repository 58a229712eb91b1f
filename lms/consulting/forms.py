"""What people send about help asked for, read without guessing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lms.consulting.consultant_actions import Skills
from lms.consulting.expert_actions import Subjects
from lms.consulting.rules import MEETS_WITHIN, MOST_AT_A_TIME, Asked, Contact
from lms.helping.rules import Channel
from lms.web.language import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from lms.helping.catalogue import Catalogue


def asked_in(form: Mapping[str, str], unit: int) -> Asked:
    """A request as a form names it. White space at the ends and between words is no matter."""
    plain = {name: " ".join(form.get(name, "").split()) for name in ("phone", "email", "messenger", "times")}
    language = form.get("language", "")
    return Asked(
        unit=unit,
        audience=form.get("audience", ""),
        service=form.get("service", ""),
        channel=form.get("channel", ""),
        language=language if language in NAMES else "en",
        contact=Contact(**plain, words=form.get("words", "").strip()),
        is_sure=bool(form.get("sure")),
    )


def skills_in(form: MultiDict[str, str], lists: Catalogue) -> Skills:
    """What a consultant answers for. Everything ticked is as good as nothing ticked: all."""
    services = [each.code for each in lists.services if each.code in form.getlist("services")]
    channels = [each for each in Channel if each in form.getlist("channels")]
    languages = [tag for tag in NAMES if tag in form.getlist("languages")]
    return Skills(
        services if len(services) < len(lists.services) else (),
        languages,
        channels if len(channels) < len(Channel) else (),
        number_in(form, "most", most=MOST_AT_A_TIME) or 5,
    )


def subjects_in(form: MultiDict[str, str], lists: Catalogue, courses: Sequence[str]) -> Subjects:
    """What an expert answers. Everything ticked is as good as nothing ticked: all."""
    services = [each.code for each in lists.services if each.code in form.getlist("services")]
    chosen = [each for each in courses if each in form.getlist("courses")]
    return Subjects(
        services if len(services) < len(lists.services) else (), chosen if len(chosen) < len(courses) else ()
    )


def number_in(form: Mapping[str, str], name: str, *, most: int) -> int | None:
    """A whole number from 1 to `most`; None for anything else."""
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        return None
    return int(text) if 1 <= int(text) <= most else None


def meeting_day(form: Mapping[str, str], today: date) -> date | None:
    """The day for which somebody agreed with an asker; None if nothing was written.

    Raises ValueError for what is no day, a past one, or one that is too far.
    """
    text = form.get("meets_on", "").strip()
    if not text:
        return None
    day = date.fromisoformat(text)
    if not today <= day <= today + MEETS_WITHIN:
        raise ValueError(text)
    return day
