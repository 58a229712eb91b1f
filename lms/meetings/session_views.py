"""Sessions: the list, one session, making, changing, cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.meetings import actions, queries
from lms.meetings.desk import bp, courses, session_or_404
from lms.meetings.forms import SessionForm
from lms.meetings.people_queries import trainers_named
from lms.meetings.rules import read_code, show_code
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.ids import client_id, new_id
from lms.web.language import _, listing, ngettext, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.meetings.desk import Courses
    from lms.meetings.models import TrainingSession
    from lms.people.models import Unit


@bp.get("")
@needs(Right.TEACH)
def home() -> ResponseReturnValue:
    """The sessions, the newest first."""
    typed = request.args.get("code", "").strip()[:40]
    if typed:
        known = queries.session_by_code(reading(), current_user.actor, read_code(typed))
        if known is not None:
            return redirect(url_for("meetings.session", session_id=known), 303)
    offered, mine = courses(), request.args.get("whose") == "mine"
    page = queries.sessions(reading(), current_user.actor, offered.offers, place_in_list(), mine=mine)
    found = render_template(
        "meetings/home.html",
        page=page,
        titles=offered.titles,
        mine=mine,
        typed=typed,
        show_code=show_code,
        today=today(),
    )
    return found, 404 if typed else 200


@bp.get("/code/<code>")
@needs(Right.TEACH)
def by_code(code: str) -> ResponseReturnValue:
    """Where the square on a printed list leads."""
    return redirect(url_for("meetings.home", code=code), 303)


@bp.get("/<int:session_id>")
@needs(Right.TEACH)
def session(session_id: int) -> ResponseReturnValue:
    """One session, and who was there."""
    offered = courses()
    page = queries.session_page(reading(), current_user.actor, session_id, offered.offers, today(), place_in_list())
    if page is None:
        abort(404)
    return render_template(
        "meetings/session.html", page=page, held=page.session, titles=offered.titles, show_code=show_code, today=today()
    )


@bp.get("/new")
@needs(Right.TEACH)
def new() -> ResponseReturnValue:
    """An empty form."""
    offered = courses()
    form = SessionForm(list(offered.titles.items()), today(), formdata=None, held_on=today())
    return _form_page(form, new_id(), offered)


@bp.post("/new")
@needs(Right.TEACH)
def make() -> ResponseReturnValue:
    """Make a session; a form that is sent twice makes one."""
    offered, me = courses(), current_user.actor
    form, session_key = SessionForm(list(offered.titles.items()), today()), client_id("session_id")
    known = queries.session_made_by(reading(), me, session_key)
    if known is not None:
        return redirect(url_for("meetings.session", session_id=known), 303)
    is_fine = form.validate()
    unit, trainer = _unit_of(form), _trainer_of(form, me)
    if not is_fine or unit is None or trainer is None:
        return _form_page(form, session_key, offered), 422
    said = _said(form, trainer, offered)
    row = actions.make_session(writing(), said, course=form.course.data, unit=unit.id, client_id=session_key, by=me)
    if row.made_by != me:
        abort(404)  # somebody else's form had this id: nothing of theirs is shown
    flash(_("The session is kept. Its code is %(code)s.", code=show_code(row.code)))
    return redirect(url_for("meetings.session", session_id=row.id), 303)


@bp.get("/<int:session_id>/change")
@needs(Right.TEACH)
def change_page(session_id: int) -> ResponseReturnValue:
    """The form with what is said now."""
    offered = courses()
    held = session_or_404(session_id, offered.offers)
    if not held.may_change:
        abort(403)
    trainer = "" if held.trainer == current_user.actor else held.trainer_name
    values = {"course": held.course, "unit": held.unit.code, "title": held.title, "place": held.place}
    form = SessionForm(
        _choices(offered, held.course), today(), formdata=None, **values, is_online=held.is_online,
        held_on=held.held_on, hours=held.hours, trainer=trainer,
    )  # fmt: skip
    return _form_page(form, "", offered, session_id)


@bp.post("/<int:session_id>/change")
@needs(Right.TEACH)
def change(session_id: int) -> ResponseReturnValue:
    """Correct what is said of a session; course and unit stay, because facts hang on them."""
    offered, me = courses(), current_user.actor
    held = session_or_404(session_id, offered.offers)
    form = SessionForm(_choices(offered, held.course), today())
    form.course.data, form.unit.data = held.course, held.unit.code
    is_fine = form.validate()
    trainer = held.trainer if form.trainer.data == held.trainer_name else _trainer_of(form, me)
    if not is_fine or trainer is None:
        return _form_page(form, "", offered, session_id), 422
    actions.change_session(writing(), _to_change(session_id), _said(form, trainer, offered))
    flash(_("The session is corrected."))
    return redirect(url_for("meetings.session", session_id=session_id), 303)


@bp.post("/<int:session_id>/cancel")
@needs(Right.TEACH)
def cancel(session_id: int) -> ResponseReturnValue:
    """It did not take place."""
    actions.cancel_session(writing(), _to_change(session_id))
    flash(_("The session is cancelled; it counts for nothing. You can bring it back below."))
    return redirect(url_for("meetings.session", session_id=session_id), 303)


@bp.post("/<int:session_id>/restore")
@needs(Right.TEACH)
def restore(session_id: int) -> ResponseReturnValue:
    """It did take place after all."""
    actions.restore_session(writing(), _to_change(session_id))
    flash(_("The session counts again, with everybody who was noted."))
    return redirect(url_for("meetings.session", session_id=session_id), 303)


def _to_change(session_id: int) -> TrainingSession:
    """The row, read in the transaction that changes it."""
    held = queries.session_to_change(writing(), current_user.actor, session_id)
    if held is None:
        abort(404)
    return held


def _choices(offered: Courses, course: str) -> list[tuple[str, str]]:
    """The courses to choose from, and the session's own although it may be withdrawn."""
    return list({course: course, **offered.titles}.items())


def _said(form: SessionForm, trainer: int, offered: Courses) -> actions.NewSession:
    return actions.NewSession(
        title=form.title.data or offered.titles.get(form.course.data, form.course.data),
        place=form.place.data or "",
        is_online=bool(form.is_online.data),
        held_on=form.held_on.data or today(),
        hours=form.hours.data or 0,
        trainer=trainer,
    )


def _unit_of(form: SessionForm) -> Unit | None:
    """The unit that was typed, or what to type instead."""
    if not form.unit.data:
        return None
    found = queries.unit_named(reading(), current_user.actor, Right.TEACH, form.unit.data)
    if not isinstance(found, list):
        return found
    near = [f"{unit.name} ({unit.code})" for unit in found]
    hint = _("Did you mean %(units)s?", units=listing(near)) if near else _("Choose one from the list, by its code.")
    form.unit.errors = [_("None of your units has this code or name. %(hint)s", hint=hint)]
    return None


def _trainer_of(form: SessionForm, me: int) -> int | None:
    """Who holds it: oneself, or whom a coordinator names."""
    if not form.trainer.data or Right.COORDINATE not in current_user.rights:
        return me
    found = trainers_named(reading(), me, form.trainer.data, today())
    if len(found) == 1:
        return found[0].id
    if not found:
        words = _(
            "Nobody in your units, and no trainer there, has this name or code. Write it as on the list of people."
        )
    else:
        codes = [person.code or person.unit for person in found]
        words = ngettext("%(num)s person has this name.", "%(num)s people have this name.", len(found))
        words = _("%(several)s Write the code instead: %(codes)s.", several=words, codes=listing(codes))
    form.trainer.errors = [words]
    return None


def _form_page(form: SessionForm, session_key: str, offered: Courses, session_id: int = 0) -> str:
    db, me = reading(), current_user.actor
    is_coordinator = Right.COORDINATE in current_user.rights
    return render_template(
        "meetings/form.html",
        form=form,
        client_id=session_key,
        session_id=session_id,
        titles=offered.titles,
        units=queries.units_to_choose(db, me, Right.TEACH),
        trainers=queries.trainers_to_choose(db, me) if is_coordinator else [],
        is_coordinator=is_coordinator,
    )
