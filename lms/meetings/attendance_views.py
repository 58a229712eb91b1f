"""Who was at a session: tick members, type a list from paper, correct, take off; and the empty list to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.meetings import actions, queries
from lms.meetings.desk import ListOf, bp, courses, list_of, session_or_404
from lms.meetings.people_queries import Read, Scope, members, people_among, printed, read_people
from lms.meetings.rules import MOST_LINES, Line, read_lines, show_code
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, ngettext, number, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from lms.meetings.queries import SessionRow

EMPTY_ROWS = 8  # for people who are not on the list yet


@dataclass(frozen=True, slots=True)
class Left:
    """A line that was not noted: why, and whom it may mean."""

    read: Read
    problem: str


@bp.get("/<int:session_id>/attendance")
@needs(Right.TEACH)
def attendance(session_id: int) -> ResponseReturnValue:
    """The members to tick, and a box for lines."""
    held = _held(session_id)
    return _page(held, list_of(held))


@bp.post("/<int:session_id>/ticks")
@needs(Right.TEACH)
def tick(session_id: int) -> ResponseReturnValue:
    """Who of the shown members was there: ticked ones are noted, others taken off."""
    held = _held(session_id)
    chosen = list_of(held)
    shown = {int(each) for each in request.form.getlist("shown") if each.isdecimal()}
    there = {int(each) for each in request.form.getlist("there") if each.isdecimal()} & shown
    hours = {person: _hours(request.form.get(f"hours-{person}", ""), held.hours) for person in there}
    if len(shown) > MOST_LINES or any(each is None for each in hours.values()):
        flash(
            _(
                "Hours lie between 0.5 and %(most)s. Nothing was changed; please look at the numbers.",
                most=number(held.hours),
            )
        )
        return redirect(_address(session_id, chosen), 303)
    added, corrected, ended = _note(held, {person: each for person, each in hours.items() if each}, off=shown - there)
    flash(_outcome(added, corrected, ended))
    return redirect(_address(session_id, chosen), 303)


@bp.post("/<int:session_id>/lines")
@needs(Right.TEACH)
def lines(session_id: int) -> ResponseReturnValue:
    """Note a typed list; what is not clear comes back, line by line."""
    held = _held(session_id)
    chosen, typed = list_of(held), request.form.get("lines", "")
    wanted, picks = read_lines(typed), {}
    for name, text in request.form.items():
        place = name.removeprefix("line-")
        if place != name and place.isdecimal():
            wanted += [Line(int(place), line.text, line.who, line.hours) for line in read_lines(text)[:1]]
            picks[int(place)] = request.form.get(f"pick-{place}", "")
    if len(wanted) > MOST_LINES:
        problem = _(
            "At most %(most)s lines at a time, please. Your list is kept below; send it in parts.", most=MOST_LINES
        )
        return _page(held, chosen, typed=typed, problem=problem), 422
    if not wanted:
        return _page(held, chosen, problem=_("There is no line yet. Write one name or code in each line.")), 422
    people, left = _sorted(held, chosen.scope, wanted, picks)
    added, corrected, _ended = _note(held, people)
    words = _outcome(added, corrected, 0)
    if left:
        return _page(held, chosen, left=left, done=words)
    flash(words)
    return redirect(url_for("meetings.session", session_id=session_id), 303)


@bp.post("/<int:session_id>/off")
@needs(Right.TEACH)
def take_off(session_id: int) -> ResponseReturnValue:
    """Take one person off the list."""
    held = _held(session_id)
    person = request.form.get("person", "")
    if not person.isdecimal():
        abort(404)
    _added, _corrected, ended = _note(held, {}, off={int(person)})
    flash(_outcome(0, 0, ended))
    return redirect(url_for("meetings.session", session_id=session_id), 303)


@bp.get("/<int:session_id>/print")
@needs(Right.TEACH)
def print_list(session_id: int) -> ResponseReturnValue:
    """An empty list for signatures, on A4."""
    offered = courses()
    held = session_or_404(session_id, offered.offers)
    chosen = list_of(held)
    rows, has_more = printed(reading(), chosen.scope, chosen.group)
    address = f"{current_app.config['LMS'].url.rstrip('/')}{url_for('meetings.by_code', code=held.code)}"
    size, path = _qr(address)
    return render_template(
        "meetings/print.html", held=held, chosen=chosen, rows=rows, has_more=has_more, titles=offered.titles,
        units=_units(held), groups=_groups(held), show_code=show_code, qr_size=size, qr_path=path, address=address,
        empty_rows=EMPTY_ROWS,
    )  # fmt: skip


def _held(session_id: int) -> SessionRow:
    """A session that the reader may change, and at which people can have been by now."""
    held = session_or_404(session_id, courses().offers)
    if not held.may_change:
        abort(403)
    return held


def _note(held: SessionRow, people: Mapping[int, float], *, off: set[int] | None = None) -> tuple[int, int, int]:
    """Write what was found out, after asking again, in the transaction that writes, whether it may be written."""
    db, me, day = writing(), current_user.actor, today()
    row = queries.session_to_change(db, me, held.id)
    if row is None:
        abort(404)
    seen = people_among(db, Scope(me, Right.TEACH, day), [*people, *(off or ())])
    try:
        added, corrected = actions.note_attendance(
            db, row, {person: hours for person, hours in people.items() if person in seen}, by=me, today=day
        )
    except actions.NotHeldYet:
        abort(409)
    return added, corrected, actions.end_attendance(db, row, seen & (off or set()), by=me)


def _sorted(
    held: SessionRow, scope: Scope, wanted: Sequence[Line], picks: Mapping[int, str]
) -> tuple[dict[int, float], list[Left]]:
    """People and hours of the lines that are clear, and the others with what is wrong."""
    people: dict[int, float] = {}
    left = []
    for read in read_people(reading(), scope, wanted):
        hours = held.hours if read.line.hours is None else read.line.hours
        picked = picks.get(read.line.number, "")
        person = read.person.id if read.person else int(picked) if picked.isdecimal() else None
        if not 0 < hours <= held.hours:
            left.append(
                Left(read, _("The session took %(hours)s hours. Write a number up to that.", hours=number(held.hours)))
            )
        elif person is None:
            left.append(Left(read, _problem(read)))
        else:
            people[person] = hours
    return people, left


def _problem(read: Read) -> str:
    if read.is_ambiguous:
        return _("Several people have this name. Choose one.")
    if read.near:
        return _("Nobody in your units has this name or code. Did you mean one of these?")
    return _("Nobody in your units has this name or code. Correct it, or add this person to a unit first.")


def _hours(text: str, most: float) -> float | None:
    """Hours as typed; the session's own if nothing is typed; None if they cannot be."""
    try:
        hours = float(text.strip().replace(",", ".") or most)
    except ValueError:
        return None
    return hours if 0 < hours <= most else None


def _outcome(added: int, corrected: int, ended: int) -> str:
    said = []
    if added:
        said.append(ngettext("%(num)s person noted.", "%(num)s people noted.", added))
    if corrected:
        said.append(ngettext("Hours of %(num)s person corrected.", "Hours of %(num)s people corrected.", corrected))
    if ended:
        said.append(ngettext("%(num)s person taken off.", "%(num)s people taken off.", ended))
    return " ".join(said) or _("Nothing has changed.")


def _address(session_id: int, chosen: ListOf) -> str:
    marks = {name: value for name, value in request.form.items() if name in {"after", "before"} and value}
    return url_for("meetings.attendance", session_id=session_id, of=chosen.value, **marks)  # type: ignore[arg-type]


def _page(
    held: SessionRow, chosen: ListOf, *, typed: str = "", problem: str = "", done: str = "", left: Sequence[Left] = ()
) -> str:
    return render_template(
        "meetings/attendance.html",
        held=held,
        chosen=chosen,
        page=members(reading(), chosen.scope, place_in_list(), session=held.id, group=chosen.group),
        units=_units(held),
        groups=_groups(held),
        is_open=not held.is_cancelled and held.held_on <= today(),
        typed=typed,
        problem=problem,
        done=done,
        left=left,
        most=MOST_LINES,
        place=request.args,
    )


def _units(held: SessionRow) -> Sequence[object]:
    return queries.units_to_choose(reading(), current_user.actor, Right.TEACH, held.unit)


def _groups(held: SessionRow) -> Sequence[object]:
    return queries.groups_to_choose(reading(), current_user.actor, held.unit, held.course)


def _qr(address: str) -> tuple[int, str]:
    """The side of a QR code in modules, and its dark modules as an SVG path."""
    rows = list(segno.make(address, error="m", micro=False).matrix)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return len(rows), path
