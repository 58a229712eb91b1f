"""What browsers send about help points, read without guessing."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from lms.finding.actions import Listing
from lms.finding.pages import Wish
from lms.finding.rules import WEEKDAYS, BadHours, Entry, Span, read_spans
from lms.paging import At

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

LONGEST_WORDS = 100
SHOWN = ("name", "languages", "services", "hours", "contact")
ASKED = ("q", "service", "language", "step-free", "open", "near")  # what an address may say of a wish
_NEAR = re.compile(r"(-?\d{1,3}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)")


def read_wish(args: Mapping[str, str]) -> Wish:
    """What somebody looks for; what cannot be understood is left out."""
    return Wish(
        " ".join(args.get("q", "").split())[:LONGEST_WORDS],
        args.get("service", "")[:40],
        args.get("language", "")[:40],
        bool(args.get("step-free")),
        bool(args.get("open")),
        _near(args.get("near", "")),
        At(args.get("after", ""), args.get("before", "")),
    )


def _near(text: str) -> tuple[float, float] | None:
    found = _NEAR.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def read_entry(form: MultiDict[str, str]) -> tuple[Entry, dict[str, BadHours]]:
    """An entry as the form has it, and the days whose hours cannot be understood."""
    week: dict[int, tuple[Span, ...]] = {}
    wrong: dict[str, BadHours] = {}
    for day in WEEKDAYS:
        try:
            week[day] = read_spans(form.get(f"hours-{day}", ""))
        except BadHours as error:
            wrong[f"hours-{day}"] = error
    entry = Entry(
        place=_line(form.get("place", "")),
        phone=_line(form.get("phone", "")),
        exceptions=_line(form.get("exceptions", "")),
        week={day: spans for day, spans in week.items() if spans},
        services=frozenset(form.getlist("services")),
        languages=frozenset(form.getlist("languages")),
        access=frozenset(form.getlist("access")),
        channels=frozenset(form.getlist("channels")),
    )
    return entry, wrong


def read_listing(form: MultiDict[str, str]) -> Listing:
    """What a helper ticks and types. Only what is ticked, and not empty, is shown."""
    values: dict[str, Any] = {
        "languages": tuple(dict.fromkeys(each[:40] for each in form.getlist("languages"))),
        "services": tuple(dict.fromkeys(each[:40] for each in form.getlist("services"))),
        "hours": _line(form.get("hours", ""))[:200],
        "contact": _line(form.get("contact", ""))[:200],
    }
    shows = {field for field in SHOWN if form.get(f"shows-{field}") and (field == "name" or values[field])}
    return Listing(frozenset(shows), **values)


def read_month(text: str, today: date) -> date | None:
    """The first day of a month as browsers send it (`2026-11`), of the last two years; None if it is none."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if month <= today and (today - month).days <= 2 * 366 else None


def _line(text: str) -> str:
    return " ".join(text.split())
