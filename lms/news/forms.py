"""What an author typed: whom for, in which languages, from when; and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from lms.news.rules import LONGEST_TEXT, LONGEST_TITLE, Audience
from lms.people.rules import Role
from lms.web.language import _, language_name, languages, lazy, listing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lms.people.models import Unit

AHEAD = timedelta(days=365)
ROLES = {
    Role.COORDINATOR: lazy("Coordinators"),
    Role.TRAINER: lazy("Trainers"),
    Role.OWNER: lazy("Owners"),
    Role.PROVIDER: lazy("Providers"),
}


@dataclass(slots=True)
class Written:
    """The form as it was filled in. `problems` maps a field to a sentence; empty: it can be sent."""

    texts: dict[str, dict[str, str]]
    audience: Audience
    unit_typed: str
    starts_on: date
    is_urgent: bool
    asks_confirm: bool
    channel: str
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """A word for all that was filled in, to see whether it is what the author has looked at."""
        facts = (self.audience.key, self.texts, self.starts_on.isoformat(), self.is_urgent, self.asks_confirm)
        return hashlib.sha256(json.dumps([*facts, self.channel], sort_keys=True).encode()).hexdigest()[:32]

    @property
    def whole(self) -> dict[str, dict[str, str]]:
        """The languages in which both title and text are written."""
        return {tag: words for tag, words in self.texts.items() if words["title"] and words["text"]}


def read_texts(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was typed, by language; a language in which nothing was typed is left out."""
    found = {}
    for tag in languages():
        title = " ".join(form.get(f"title-{tag}", "").split())
        text = form.get(f"text-{tag}", "").replace("\r\n", "\n").strip()
        if title or text:
            found[tag] = {"title": title, "text": text}
    return found


def problems_of(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What is missing or too long in the words."""
    if not texts:
        return {"texts": _("Write a title and a text in one language at least.")}
    found = {}
    for tag, words in texts.items():
        name = language_name(tag)
        if not words["title"]:
            found[f"title-{tag}"] = _("The text in %(language)s has no title yet.", language=name)
        elif len(words["title"]) > LONGEST_TITLE:
            found[f"title-{tag}"] = _("A title has at most %(most)s characters.", most=LONGEST_TITLE)
        if not words["text"]:
            found[f"text-{tag}"] = _("The title in %(language)s has no text yet.", language=name)
        elif len(words["text"]) > LONGEST_TEXT:
            found[f"text-{tag}"] = _("A text has at most %(most)s characters.", most=LONGEST_TEXT)
    return found


def read_announcement(
    form: Mapping[str, str],
    today: date,
    unit: Unit | None,
    *,
    courses: Collection[str],
    channels: Collection[str],
    is_bound: bool,
) -> Written:
    """Read the form. `unit` is what the typed unit names; `is_bound`: a unit is needed, else a course."""
    role, course = form.get("role", ""), form.get("course", "")
    tongue, channel = form.get("language", ""), form.get("channel", "")
    path = unit.path if unit is not None else ""
    audience = Audience(unit.id if unit else None, path, _one_of(role, set(ROLES)), _one_of(tongue, languages()),
                        _one_of(course, courses))  # fmt: skip
    day, wrong_day = _day(form.get("starts_on", ""), today)
    typed = " ".join(form.get("unit", "").split())
    texts = read_texts(form)
    found = Written(texts, audience, typed, day, form.get("is_urgent") == "1", form.get("asks_confirm") == "1",
                    _one_of(channel, channels))  # fmt: skip
    found.problems = {**problems_of(texts), **({"starts_on": wrong_day} if wrong_day else {})}
    if typed and unit is None:
        found.problems["unit"] = _("None of your units has this code or name. Choose one from the list, by its code.")
    elif is_bound and unit is None:
        found.problems["unit"] = _("Choose one of your units. It reaches everybody in it and below it.")
    if not is_bound and not audience.course:
        found.problems["course"] = _("Choose the course whose certified people you write to.")
    return found


def _one_of(value: str, known: Collection[str]) -> str:
    return value if value in known else ""


def _day(typed: str, today: date) -> tuple[date, str]:
    """The day from which it is shown: today if none is named; and what is wrong with it."""
    try:
        day = date.fromisoformat(typed) if typed else today
    except ValueError:
        return today, _("Write a day as year-month-day, for example 2026-03-31.")
    if not today <= day <= today + AHEAD:
        return day, _("Choose today or a day within a year.")
    return day, ""


def missing_languages(texts: Collection[str], read: Sequence[str]) -> str:
    """The names of languages that people read and in which nothing is written."""
    return listing([language_name(tag) for tag in read if tag not in texts])
