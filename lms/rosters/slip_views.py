"""Slips: codes on paper, with which people without e-mail sign in once. They are shown when made and never again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user

from lms.clock import now
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.slip_actions import LASTS, AlreadyShown, make_codes
from lms.rosters import join_queries
from lms.rosters import slip_queries as queries
from lms.rosters.qr import square
from lms.web.asking import place_in_list
from lms.web.ids import client_id, new_id
from lms.web.language import _, language, languages, show_date, speaking
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit

bp = Blueprint("slips", __name__, url_prefix="/rosters/slips")
MOST_SLIPS = 200  # 20 sheets of paper


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip, in its person's language."""

    name: str
    unit: str
    language: str
    what: str
    code: str
    until: str


@bp.get("/<unit_code>")
@needs(Right.COORDINATE)
def choose(unit_code: str) -> ResponseReturnValue:
    """Whom to make slips for."""
    at = place_in_list()
    page = queries.candidates(reading(), current_user.actor, _unit(unit_code), now(), at)
    return render_template("rosters/slip_choose.html", page=page, most=MOST_SLIPS, batch=new_id())


@bp.post("/<unit_code>")
@needs(Right.COORDINATE)
def make(unit_code: str) -> ResponseReturnValue:
    """Make slips and show them: the answer itself is what is printed, because nobody can show the codes again."""
    db, actor, unit = writing(), current_user.actor, _unit(unit_code)
    ids: Sequence[int] = [int(each) for each in request.form.getlist("person") if each.isdecimal()][:MOST_SLIPS]
    if request.form.get("who") == "new":
        ids = queries.new_ones(db, actor, unit, now(), MOST_SLIPS)
    people = queries.chosen(db, actor, unit, now().date(), ids)
    if not people:
        give_up()
        flash(_("Nobody was ticked, so no slip was made. Tick the people first."))
        return redirect(url_for("slips.choose", unit_code=unit.code), 303)
    secret, batch = current_app.config["LMS"].secret_key, client_id("batch")
    try:
        codes = make_codes(db, [each.id for each in people], by=actor, batch=batch, secret=secret)
    except AlreadyShown:
        give_up()
        return render_template("rosters/slip_shown.html", unit=_unit(unit_code)), 409
    return _sheet(unit, [_slip(each, codes[each.id]) for each in people if each.id in codes])


def _sheet(unit: Unit, slips: Sequence[Slip]) -> Response:
    page = render_template(
        "rosters/slip_sheet.html",
        unit=unit,
        slips=slips,
        qr=square(_address()),
        coordinator=current_user.name,
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "private, no-store"  # codes are passwords
    return answer


def _slip(person: queries.SlipPerson, code: str) -> Slip:
    tag = person.language if person.language in languages() else language()
    with speaking(tag):
        return Slip(
            person.name,
            person.unit,
            tag,
            _("Open %(address)s or scan the square, then type:", address=_address().partition("://")[2]),
            code,
            _(
                "Works once, until %(date)s. Ask: %(name)s.",
                date=show_date((now() + LASTS).date()),
                name=current_user.name,
            ),
        )


def _address() -> str:
    return f"{str(current_app.config['LMS'].url).rstrip('/')}{url_for('slip_sign_in.ask')}"


def _unit(code: str) -> Unit:
    """A unit of this coordinator, or a page that says there is none."""
    found = join_queries.unit_by_code(reading(), current_user.actor, code)
    if found is None:
        abort(404)
    return found
