"""The desks on which requests are decided: of coordinators for their units, of trainers for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content import queries as content
from lms.people.needs import needs
from lms.people.rules import Right
from lms.recognising import actions, queries, rules
from lms.recognising.desk import bp
from lms.recognising.forms import Wanted, wanted_in
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, language, today
from lms.web.received import sent_file
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from lms.recognising.models import Recognition


@dataclass(frozen=True, slots=True)
class Desk:
    """Who decides: the right that opens the pages, where they lie, and what their endpoints are called."""

    right: Right
    path: str
    prefix: str

    def endpoint(self, page: str) -> str:
        """The endpoint of one of the pages."""
        return f"recognising.{self.prefix}_{page}"


COORDINATORS = Desk(Right.COORDINATE, "/certificates/prior-learning", "units")
TRAINERS = Desk(Right.AUTHOR, "/authoring/prior-learning", "trainers")


def queue(desk: Desk) -> ResponseReturnValue:
    """What waits, the oldest first."""
    at = place_in_list()
    page = queries.queue(reading(), current_user.actor, desk.right, today(), at, language())
    return render_template("recognising/queue.html", desk=desk, page=page, State=rules.State)


def look(desk: Desk, number: int) -> ResponseReturnValue:
    """One request: what is asked, what was sent, and three buttons."""
    return _page(desk, _seen(desk, number))


def decide(desk: Desk, number: int) -> ResponseReturnValue:
    """Approve, ask for more, or decline."""
    row = _seen(desk, number)
    wanted = wanted_in(request.form, content.version(reading(), row.version_id), today())
    if wanted.state is None or wanted.problem:
        return _page(desk, row, wanted), 422
    db = writing()
    mine = queries.seen(db, current_user.actor, desk.right, number, today())
    if mine is None:
        abort(404)
    by, day = current_user.actor, wanted.talked_on
    answer = actions.Answer(client_id("answer_id"), wanted.state, by, wanted.words, wanted.approved, day)
    problem = _tried(mine, answer)
    if problem:
        give_up()
        return _page(desk, row, wanted, problem), 409
    return redirect(url_for(desk.endpoint("queue")), 303)


def _tried(row: Recognition, answer: actions.Answer) -> str:
    """Decide; what stands against it, in words, if anything does."""
    try:
        actions.decide(writing(), row, answer)
    except actions.MayNotDecide:
        abort(403)
    except actions.AlreadyClosed:
        flash(_("Somebody has decided it meanwhile, or it was taken back; that stands."))
    except actions.NotWhole:
        return _("Tick every outcome that the evidence shows. If one is not shown, ask for more, or decline.")
    except actions.NotTalked:
        return _("The course asks that somebody talks with the person first. Write on which day.")
    except actions.AlreadyCertified as certified:
        return _("This person holds a valid certificate of the course already: %(code)s.", code=certified.code)
    else:
        flash(_("Decided. The person is written to."))
    return ""


def evidence(desk: Desk, number: int, evidence_id: str) -> ResponseReturnValue:
    """A picture shows, in a sandbox; anything else is saved and never opened by the browser. It is written down."""
    row = _seen(desk, number)
    file = next((each for each in queries.files(reading(), row) if each.id == evidence_id), None)
    response = sent_file(file.id, file.name) if file is not None else None
    if response is None:
        abort(404)
    actions.note_opened(writing(), row, evidence_id, by=current_user.actor)
    return response


def _seen(desk: Desk, number: int) -> Recognition:
    row = queries.seen(reading(), current_user.actor, desk.right, number, today())
    if row is None:
        abort(404)
    return row


def _page(desk: Desk, row: Recognition, wanted: Wanted | None = None, problem: str = "") -> str:
    asked = queries.request(reading(), row, language(), today())
    return render_template(
        "recognising/request.html",
        desk=desk,
        asked=asked,
        wanted=wanted,
        problem=problem or (wanted.problem if wanted else ""),
        is_own=asked.actor == current_user.actor,
        State=rules.State,
        OPEN=rules.OPEN,
        longest=rules.LONGEST,
        today=today(),
    )


PAGES: tuple[tuple[str, str, str, Callable[..., ResponseReturnValue]], ...] = (
    ("queue", "", "GET", queue),
    ("request", "/<int:number>", "GET", look),
    ("decide", "/<int:number>", "POST", decide),
    ("evidence", "/<int:number>/files/<evidence_id>", "POST", evidence),
)
# the same pages for both: what differs is whose requests somebody sees
for desk in (COORDINATORS, TRAINERS):
    for name, path, method, page in PAGES:
        view = needs(desk.right)(partial(page, desk))
        bp.add_url_rule(f"{desk.path}{path}", f"{desk.prefix}_{name}", view, methods=[method])
