"""Who answers hard questions: the page on which coordinators and operators name experts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.consulting import consultant_actions, expert_actions, expert_queries, naming_queries, question_queries
from lms.consulting.desk import bp
from lms.consulting.forms import subjects_in
from lms.helping import catalogue
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, language, today
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit

MOST_TREES = 20


@bp.get("/coordination/help/experts")
@needs(Right.ORGANISE)
def named_experts() -> ResponseReturnValue:
    """Who answers hard questions, and naming somebody."""
    return _page()


@bp.post("/coordination/help/experts")
@needs(Right.ORGANISE)
def name_expert() -> ResponseReturnValue:
    """Name an expert, or change what one answers."""
    db = writing()
    person, unit = (request.form.get(field, type=int) or 0 for field in ("person", "unit"))
    found = naming_queries.unit(db, current_user.actor, Right.ORGANISE, unit)
    lists = catalogue.catalogue(db, int(found.path.split("/")[1]) if found else None, today())
    courses = [code for code, _title in question_queries.courses(db, language())]
    subjects = subjects_in(request.form, lists, courses)
    if request.form.getlist("services") and not any(lists.service(each) for each in request.form.getlist("services")):
        give_up()
        return _page(_("None of these services is on the list of the programme of that unit. Choose others.")), 422
    try:
        expert_actions.name(db, person, unit, subjects, by=current_user.actor, today=today())
    except consultant_actions.MayNotName:
        give_up()
        problem = _("Name a trainer, or somebody of your units with a valid certificate, for a unit of yours.")
        return _page(problem), 422
    flash(_("Named. Hard questions asked from now on will go there."))
    return redirect(url_for("consulting.named_experts"), 303)


@bp.post("/coordination/help/experts/<int:number>/end")
@needs(Right.ORGANISE)
def end_expert(number: int) -> ResponseReturnValue:
    """Put no more questions to somebody."""
    db = writing()
    row = expert_queries.own_expert(db, current_user.actor, number)
    if row is None:
        abort(404)
    expert_actions.end(db, row, by=current_user.actor, today=today())
    flash(_("Ended. What nobody else was asked goes to other experts, or to the trainers."))
    return redirect(url_for("consulting.named_experts"), 303)


def _page(problem: str = "") -> str:
    db, actor = reading(), current_user.actor
    sought = request.values.get("q", "").strip()[:200]
    units = naming_queries.units(db, actor, Right.ORGANISE)
    return render_template(
        "consulting/named_experts.html",
        page=expert_queries.in_scope(db, actor, today(), place_in_list()),
        sought=sought,
        people=expert_queries.nameable(db, actor, sought, today()),
        units=units,
        services=_services(units),
        courses=dict(question_queries.courses(db, language())),
        problem=problem,
    )


def _services(units: Sequence[Unit]) -> dict[str, str]:
    """The services of the programmes of these units, by code: an operator may have several programmes."""
    roots: list[int | None] = list(dict.fromkeys(int(unit.path.split("/")[1]) for unit in units))
    found: dict[str, str] = {}
    for root in roots[:MOST_TREES] or [None]:
        lists = catalogue.catalogue(reading(), root, today())
        found |= {each.code: each.name(language()) for each in lists.services if each.code not in found}
    return found
