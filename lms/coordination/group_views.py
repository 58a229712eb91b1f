"""Groups with days of their own: make one, put people in, see how far they are, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.coordination import group_queries as queries
from lms.coordination.desk import bp, courses_on_offer, desk_with, titles_of
from lms.coordination.enrolment_forms import GroupForm, PutInForm
from lms.coordination.enrolment_views import unit_or_complaint
from lms.coordination.pages import Offer
from lms.coordination.queries import unit_by_code
from lms.figures.rules import State
from lms.learning import assignment_actions as actions
from lms.learning.assignment_queries import MOST_MEMBERS
from lms.meetings.people_queries import Read, Scope, read_people
from lms.meetings.rules import read_lines
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, lazy, ngettext
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from lms.learning.models import Group
    from lms.people.models import Unit

STATES = {
    State.CERTIFIED: lazy("Done"),
    State.EXEMPT: lazy("Exempt"),
    State.UNDER_WAY: lazy("Under way"),
    State.NOT_STARTED: lazy("Not started"),
}


@bp.get("/groups")
@needs(Right.COORDINATE)
def groups() -> ResponseReturnValue:
    """All groups, and a form that makes one."""
    form = _form(formdata=None)
    form.unit.data = request.args.get("unit", "")[:60]
    return _list_page(form)


@bp.post("/groups")
@needs(Right.COORDINATE)
def make_group() -> ResponseReturnValue:
    """Make a group."""
    form = _form()
    if not form.validate() or unit_or_complaint(form.unit) is None:
        return _list_page(form), 422
    unit = unit_by_code(writing(), current_user.actor, form.unit.data or "")
    if unit is None or form.starts.data is None or form.ends.data is None:
        abort(404)
    new = actions.NewGroup(unit.id, form.course.data, form.name.data or "", form.starts.data, form.ends.data)
    made = actions.make_group(writing(), new, by=current_user.actor)
    flash(_("The group is made. Now put its people in."))
    return redirect(url_for("coordination.group", group_id=made.id), 303)


@bp.get("/groups/<int:group_id>")
@needs(Right.COORDINATE)
def group(group_id: int) -> ResponseReturnValue:
    """A group: how far its people are."""
    return _group_page(group_id, PutInForm(formdata=None), ())


@bp.post("/groups/<int:group_id>/people")
@needs(Right.COORDINATE)
def put_in(group_id: int) -> ResponseReturnValue:
    """Put people in by a typed list: all of them, or nobody while a line is unclear."""
    chosen, unit = _group(group_id)
    form = PutInForm()
    if not form.validate():
        return _group_page(group_id, form, ()), 422
    scope = Scope(current_user.actor, Right.COORDINATE, now().date(), unit)
    read = read_people(reading(), scope, read_lines(form.people.data or ""))
    unclear = [each for each in read if each.person is None]
    if unclear:
        words = ngettext("One line needs you", "%(num)s lines need you", len(unclear))
        form.people.errors = [_("%(lines)s, see below. Nobody was put in yet; the list is kept.", lines=words)]
        return _group_page(group_id, form, unclear), 422
    people = [each.person.id for each in read if each.person is not None]
    return _put(chosen, people, form)


@bp.get("/groups/<int:group_id>/tick")
@needs(Right.COORDINATE)
def tick(group_id: int) -> ResponseReturnValue:
    """The members of the group's unit, to tick."""
    chosen, unit = _group(group_id)
    page = queries.to_tick(reading(), current_user.actor, chosen, unit, now().date(), place_in_list())
    return render_template("coordination/group_tick.html", page=page, group=chosen, unit=unit)


@bp.post("/groups/<int:group_id>/tick")
@needs(Right.COORDINATE)
def put_in_ticked(group_id: int) -> ResponseReturnValue:
    """Put those ticked in."""
    chosen, unit = _group(group_id)
    ids = [int(each) for each in request.form.getlist("person") if each.isdecimal()][:MOST_MEMBERS]
    people = queries.of_unit(reading(), current_user.actor, unit, now().date(), ids)
    return _put(chosen, people, PutInForm(formdata=None))


@bp.post("/groups/<int:group_id>/people/<int:person_id>/out")
@needs(Right.COORDINATE)
def take_out(group_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody out."""
    chosen = _group(group_id, to_write=True)[0]
    actions.take_out_of_group(writing(), chosen, person_id, by=current_user.actor)
    flash(_("Taken out. What this person did in the course stays."))
    return redirect(url_for("coordination.group", group_id=group_id), 303)


@bp.post("/groups/<int:group_id>/end")
@needs(Right.COORDINATE)
def end_group(group_id: int) -> ResponseReturnValue:
    """End a group."""
    chosen = _group(group_id, to_write=True)[0]
    actions.end_group(writing(), chosen, by=current_user.actor)
    flash(_("The group has ended. What its people did stays."))
    return redirect(url_for("coordination.groups"), 303)


def _put(chosen: Group, people: Sequence[int], form: PutInForm) -> ResponseReturnValue:
    try:
        added = actions.put_into_group(writing(), chosen, people, by=current_user.actor)
    except actions.GroupFull as full:
        give_up()
        form.people.errors = [
            _(
                "A group has at most %(most)s people; %(room)s more fit. Nobody was put in; make a second group.",
                most=MOST_MEMBERS,
                room=full.room,
            )
        ]
        return _group_page(chosen.id, form, ()), 422
    flash(ngettext("%(num)s person was put in.", "%(num)s people were put in.", added))
    return redirect(url_for("coordination.group", group_id=chosen.id), 303)


def _group(group_id: int, *, to_write: bool = False) -> tuple[Group, Unit]:
    """A group of this coordinator, or a page that says there is none."""
    found = queries.group_in_scope(writing() if to_write else reading(), current_user.actor, group_id)
    if found is None:
        abort(404)
    return found


def _form(**values: object) -> GroupForm:
    return GroupForm(titles_of(courses_on_offer()), now().date(), **values)


def _list_page(form: GroupForm) -> str:
    ended = request.args.get("show") == "ended"
    return render_template(
        "coordination/groups.html",
        page=queries.groups(reading(), current_user.actor, place_in_list(), ended=ended),
        form=form,
        titles=titles_of(courses_on_offer()),
        ended=ended,
        today=now().date(),
    )


def _group_page(group_id: int, form: PutInForm, unclear: Sequence[Read]) -> str:
    courses = courses_on_offer()
    chosen = _group(group_id)[0]
    offer = desk_with(courses).courses.get(chosen.course_id, Offer(gives_certificate=False))
    page = queries.group(reading(), current_user.actor, group_id, offer, now().date())
    if page is None:
        abort(404)
    return render_template(
        "coordination/group.html",
        page=page,
        form=form,
        unclear=unclear,
        titles=titles_of(courses),
        states=STATES,
        State=State,
        today=now().date(),
    )
