"""What people did outside of the site, as a coordinator attests it: by ticks, or by a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content import queries as content
from lms.figures import queries as figures
from lms.learning import outside, outside_queries
from lms.learning.outside_rules import ORDER, Source
from lms.meetings import queries
from lms.meetings.desk import courses
from lms.meetings.people_queries import Read, Scope, people, people_among, read_people
from lms.meetings.rules import MOST_LINES, Line, read_lines
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, lazy, ngettext, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flask.typing import ResponseReturnValue

    from lms.meetings.desk import Courses
    from lms.people.models import Unit

REGISTER = ""  # in place of a course: how many people there are
bp = Blueprint("outside", __name__, url_prefix="/outside-actions")
SOURCES = {
    Source.SELF: lazy("Says so herself or himself"),
    Source.ATTESTED: lazy("Attested by a coordinator"),
    Source.WEBHOOK: lazy("Reported by another system"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which action of which course is looked at, in which unit."""

    course: str
    action: str
    unit: Unit | None

    @property
    def arguments(self) -> dict[str, str | None]:
        """The same as it stands in an address."""
        return {"what": f"{self.course}/{self.action}", "unit": self.unit.code if self.unit else None}

    @property
    def scope(self) -> Scope:
        """Whom the reader may see of it."""
        return Scope(current_user.actor, Right.COORDINATE, today(), self.unit)


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """How many did it, by whose word, and the members to tick."""
    offered = courses()
    asked = _asked(offered)
    if asked is None:
        return render_template("meetings/outside.html", asked=None)
    return _page(asked, offered)


@bp.post("/ticks")
@needs(Right.COORDINATE)
def tick() -> ResponseReturnValue:
    """Attest it for those who are ticked; take the word back for those who are not any more."""
    asked = _asked_or_404(courses())
    shown = {int(each) for each in request.form.getlist("shown") if each.isdecimal()}
    there = {int(each) for each in request.form.getlist("there") if each.isdecimal()} & shown
    if len(shown) > MOST_LINES:
        abort(400)
    said = outside_queries.said_of(reading(), sorted(shown), asked.course)
    attested = {person for person, found in said.items() if asked.action in found and _is_attested(found, asked)}
    flash(_attest(asked, there - attested, off=(shown - there) & attested))
    marks = {name: value for name, value in request.form.items() if name in {"after", "before"} and value}
    return redirect(url_for("outside.home", **asked.arguments, **marks), 303)  # type: ignore[arg-type]


def _is_attested(found: dict[str, outside_queries.Said], asked: Asked) -> bool:
    return Source.ATTESTED in found[asked.action].at


@bp.post("/lines")
@needs(Right.COORDINATE)
def lines() -> ResponseReturnValue:
    """Attest it for a typed list; lines that are not clear come back."""
    offered = courses()
    asked, typed = _asked_or_404(offered), request.form.get("lines", "")
    wanted, picks = read_lines(typed), {}
    for name, text in request.form.items():
        place = name.removeprefix("line-")
        if place != name and place.isdecimal():
            wanted += [Line(int(place), line.text, line.who, None) for line in read_lines(text)[:1]]
            picks[int(place)] = request.form.get(f"pick-{place}", "")
    if not wanted or len(wanted) > MOST_LINES:
        problem = _("Write one name or code in each line, at most %(most)s at a time.", most=MOST_LINES)
        return _page(asked, offered, typed=typed, problem=problem), 422
    people, left = set(), []
    for read in read_people(reading(), asked.scope, wanted):
        picked = picks.get(read.line.number, "")
        if read.person is not None:
            people.add(read.person.id)
        elif picked.isdecimal():
            people.add(int(picked))
        else:
            left.append(read)
    words = _attest(asked, people)
    if left:
        return _page(asked, offered, left=left, done=words)
    flash(words)
    return redirect(url_for("outside.home", **asked.arguments), 303)  # type: ignore[arg-type]


def _attest(asked: Asked, people: Iterable[int], *, off: Iterable[int] = ()) -> str:
    """Write it for those who are in scope now; what was done, in words."""
    db, me = writing(), current_user.actor
    current = content.current(db, asked.course)
    if current is None:
        abort(404)
    seen = people_among(db, asked.scope, [*people, *off])
    given, taken = sorted(seen.intersection(people)), sorted(seen.intersection(off))
    for person in given:
        outside.say(db, person, current, asked.action, Source.ATTESTED, by=me)
    for person in taken:
        outside.take_back(db, person, current, asked.action, Source.ATTESTED)
    said = []
    if given:
        said.append(ngettext("Attested for %(num)s person.", "Attested for %(num)s people.", len(given)))
    if taken:
        said.append(ngettext("Taken back for %(num)s person.", "Taken back for %(num)s people.", len(taken)))
    return " ".join(said) or _("Nothing has changed.")


def _asked(offered: Courses) -> Asked | None:
    """What the address names; the first action on offer if it names none. None if no course asks for any."""
    pairs = [(name, each) for name, course in offered.on_offer.items() for each in course.complete.actions]
    wanted, code = request.values.get("what", ""), request.values.get("unit", "")
    found = next((pair for pair in pairs if "/".join(pair) == wanted), None if wanted else next(iter(pairs), None))
    if wanted and found is None:
        abort(404)
    if found is None:
        return None
    me = current_user.actor
    if not code:
        return Asked(*found, next(iter(queries.units_to_choose(reading(), me, Right.COORDINATE)), None))
    unit = queries.unit_named(reading(), me, Right.COORDINATE, code)
    if isinstance(unit, list):
        abort(404)
    return Asked(*found, unit)


def _asked_or_404(offered: Courses) -> Asked:
    asked = _asked(offered)
    if asked is None or asked.unit is None:
        abort(404)
    return asked


def _page(
    asked: Asked, offered: Courses, *, typed: str = "", problem: str = "", done: str = "", left: Sequence[Read] = ()
) -> str:
    db, unit = reading(), asked.unit
    rows, page = people(db, asked.scope, place_in_list()) if unit else ([], None)
    counted = outside_queries.counts_by_source(db, unit, asked.course, today()) if unit else {}
    register = figures.figures(db, [unit.id], REGISTER) if unit else {}
    return render_template(
        "meetings/outside.html",
        asked=asked,
        rows=rows,
        page=page,
        said=outside_queries.said_of(db, [row.id for row in rows], asked.course),
        counted=counted.get(asked.action, dict.fromkeys(ORDER, 0)),
        registered=register[unit.id].registered if unit and unit.id in register else 0,
        titles=offered.titles,
        on_offer=offered.on_offer,
        units=queries.units_to_choose(db, current_user.actor, Right.COORDINATE),
        sources=SOURCES,
        Source=Source,
        typed=typed,
        problem=problem,
        done=done,
        left=left,
        place=request.args,
    )
