"""Where to find help, for everybody: the list with its map, one point, and one question on leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.finding import actions, desk_queries, forms, queries, search_queries, words
from lms.finding.rules import Opening, State
from lms.finding.score import Answer
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.session import has_session
from lms.web.ids import client_id
from lms.web.language import _, zone
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.finding.pages import PointPage

bp = Blueprint("finding", __name__)
SHARED = "public, max-age=60"  # an entry that dropped is gone from copies within a minute
# asking where somebody is happens after a press on a button, and nobody but the browser learns more than a kilometre
PERMISSIONS = "camera=(), microphone=(), geolocation=(self)"
HOUR = 3600
MOST_ANSWERS = 12  # an hour from one address about one point
MOST_OF_POINT = 120  # an hour about one point


def here_and_now() -> datetime:
    """The moment in the time of the site."""
    return now().astimezone(zone())


@bp.get("/find")
@needs(Right.ANYONE)
def find() -> ResponseReturnValue:
    """Points where somebody helps, by place and wish."""
    db, moment = reading(), here_and_now()
    page = search_queries.find(db, forms.read_wish(request.args), moment)
    service = words.Services(db, page.roots, moment.date())
    # names of its own choosing an address could use to say how other addresses are built
    asked = {name: value for name, value in request.args.items() if name in forms.ASKED}
    is_answered: Callable[[Session], bool] = current_app.extensions["lms_takes_requests_anywhere"]
    ask = "asking.home" if is_answered(db) else ""
    values = {"page": page, "wish": page.wish, "service": service, "asked": asked, "ask": ask}
    response = _shared("finding/find.html", **values, **_words())
    response.headers["Permissions-Policy"] = PERMISSIONS
    return response


@bp.get("/find/<unit_code>")
@needs(Right.ANYONE)
def point(unit_code: str) -> ResponseReturnValue:
    """Everything about one point, fit to be printed."""
    db, moment = reading(), here_and_now()
    page = queries.shown_point(db, unit_code, moment)
    if page is None:
        return render_template("finding/gone.html"), 404
    service = words.Services(db, [page.root], moment.date())
    return _shared("finding/point.html", page=page, moment=moment, service=service, ask=_ask(page), **_words())


@bp.get("/find/<unit_code>/said")
@needs(Right.ANYONE)
def said(unit_code: str) -> ResponseReturnValue:
    """One question, three buttons; or the thanks for an answer."""
    found, token = queries.point_by_code(reading(), unit_code), request.args.get("t", "")
    # of an entry that the public does not see, nobody learns who does not stand before its poster
    if found is None or (found[0].state != State.PUBLIC and not actions.is_current(found[0], token)):
        abort(404)
    state = "done" if request.args.get("done") else "ask" if actions.is_current(found[0], token) else "old"
    page = render_template("finding/said.html", unit=found[1], state=state, token=token, answers=words.ANSWERS)
    return Response(page, headers={"X-Robots-Tag": "noindex", "Cache-Control": "private, no-store"})


@bp.post("/find/<unit_code>/said")
@needs(Right.ANYONE)
def say(unit_code: str) -> ResponseReturnValue:
    """Keep an answer; nothing about who gave it is kept."""
    answer, key = request.form.get("answer", ""), client_id("client_id")
    if answer not in set(Answer):
        abort(400)
    token, today = request.form.get("t", ""), here_and_now().date()
    found = queries.point_by_code(reading(), unit_code)
    if found is None:
        abort(404)
    # who has no code cannot use up what those may say who have it
    if not actions.is_current(found[0], token):
        return render_template("finding/said.html", unit=found[1], state="old", token="", answers=words.ANSWERS), 410
    _slow_down(unit_code)
    db = writing()
    try:
        point = db.get_one(type(found[0]), found[0].id)
        actions.say(db, point, Answer(answer), token=token, client_id=key, today=today)
    except actions.NotThisCode:  # it was changed at this moment
        abort(410)
    return redirect(url_for("finding.said", unit_code=unit_code, done=1, t=token), 303)


@bp.get("/find-me")
@needs(Right.LEARN)
def me() -> ResponseReturnValue:
    """What a helper lets the public see of her: nothing, until she ticks something."""
    return _me()


@bp.post("/find-me")
@needs(Right.LEARN)
def change_me() -> ResponseReturnValue:
    """Show what is ticked, and nothing else."""
    db, listing = writing(), forms.read_listing(request.form)
    known = desk_queries.my_page(db, current_user.actor, here_and_now().date())
    if not known.is_certified:
        return _me(_("You can be found once you have a valid certificate. Nothing was changed."), 422)
    services = words.Services(db, [known.root] if known.root else (), here_and_now().date()).names
    if not (set(listing.services) <= services.keys() and set(listing.languages) <= set(words.tongues())):
        return _me(_("Choose services and languages from the lists. Nothing was changed."), 422)
    actions.be_found(db, current_user.actor, listing)
    return redirect(url_for("finding.me", saved=1), 303)


@bp.post("/find-me/end")
@needs(Right.LEARN)
def end_me() -> ResponseReturnValue:
    """Take everything off the public pages, at once."""
    actions.be_found_no_more(writing(), current_user.actor)
    return redirect(url_for("finding.me", saved=1), 303)


def _me(problem: str = "", status: int = 200) -> ResponseReturnValue:
    db, day = reading(), here_and_now().date()
    page = desk_queries.my_page(db, current_user.actor, day)
    service = words.Services(db, [page.root] if page.root else (), day)
    listing = desk_queries.listing(db, current_user.actor)
    tongues = words.tongues()
    values = {"page": page, "listing": listing, "service": service, "tongues": tongues, "problem": problem}
    return render_template("finding/me.html", **values, saved=bool(request.args.get("saved")), **_words()), status


def _words() -> dict[str, Any]:
    return {"words": words, "Opening": Opening}


def _ask(page: PointPage) -> str:
    """The page on which a consultation is asked for, where somebody answers."""
    takes_requests: Callable[[Session, int], bool] = current_app.extensions["lms_takes_requests"]
    return "asking.home" if takes_requests(reading(), page.point.unit_id) else ""


def _shared(template: str, **values: Any) -> Response:
    """A page that visitors without a session share, so that caches may keep it for a minute."""
    response = Response(render_template(template, **values), mimetype="text/html")
    if not has_session():
        response.headers["Cache-Control"] = SHARED
    response.add_etag(weak=True)  # weak: the same page may come compressed
    return response.make_conditional(request)  # type: ignore[return-value]


def _slow_down(unit_code: str) -> None:
    """One address cannot fill a point's figure, nor many addresses within an hour."""
    try:
        count_try(database(), "said", f"{unit_code}\0{request.remote_addr}", limit=MOST_ANSWERS, seconds=HOUR)
        count_try(database(), "said of", unit_code, limit=MOST_OF_POINT, seconds=HOUR)
    except TooOften:
        abort(429)
