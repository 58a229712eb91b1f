"""The log of help given: three taps on a phone, also without a line."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.helping import actions, catalogue, forms, log_queries, words
from lms.helping.rules import Standing, scan
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import wants_json
from lms.web.assets import static_file
from lms.web.ids import client_id
from lms.web.language import _, language, today, zone
from lms.web.transaction import reading, write_statement, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from lms.helping.models import HelpEntry
    from lms.helping.rules import Help

bp = Blueprint("helping", __name__)


@bp.get("/help")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """The page to note help on. `noted` in the address is what was noted last; kind and audience stay chosen.

    With `kept` it is the page that a device keeps, which says nothing of anybody.
    """
    db = reading()
    noted = log_queries.own_entry(db, current_user.actor, request.args.get("noted", ""))
    return _page({"kind": request.args.get("kind", ""), "audience": request.args.get("audience", "")}, noted=noted)


@bp.post("/help")
@needs(Right.LEARN)
def log() -> ResponseReturnValue:
    """Note help. A script gets JSON; what it sent before is noted once."""
    _refuse_others()
    given, unit = forms.read_help(request.form.to_dict(), today()), request.form.get("unit", type=int)
    key = client_id("client_id")
    if (names := scan(given.note).doubtful) and not request.form.get("sure"):
        return _ask(names, key)
    try:
        standing = _log(given, key, unit)
    except (actions.BadHelp, actions.NotCertified, actions.NoUnit, actions.NotYours) as error:
        return _refused(_sentences(error))
    if wants_json():
        return {"noted": key, "apart": _apart(standing)}
    return redirect(url_for("helping.home", noted=key, kind=given.kind, audience=given.audience), 303)


@bp.post("/help/<entry_id>/undo")
@needs(Right.LEARN)
def undo(entry_id: str) -> ResponseReturnValue:
    """Take an entry back. One that never arrived needs no taking back."""
    _refuse_others()
    entry = log_queries.own_entry(writing(), current_user.actor, entry_id)
    if entry is not None:
        actions.undo(current_user.actor, entry)
    elif not wants_json():
        abort(404)
    if wants_json():
        return {"undone": entry_id}
    return redirect(url_for("helping.home"), 303)


@bp.get("/help/worker.js")
@needs(Right.ANYONE)
def worker() -> ResponseReturnValue:
    """The script that keeps the page on the device."""
    response = static_file("helping/worker.js")
    response.headers["Service-Worker-Allowed"] = url_for("helping.home")
    return response


def _owner() -> str:
    """What stands for whoever is signed in on a device that keeps entries until there is a line."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(current_user.actor)))


def _refuse_others() -> None:
    """What somebody else noted on this device waits for them, and does not become the reader's."""
    if "owner" in request.form and request.form["owner"] != _owner():
        abort(409)


def _ask(names: Sequence[str], key: str) -> ResponseReturnValue:
    """What looks like a name is asked about once: left out, or sent as it is."""
    question = words.question(names)
    if wants_json():
        return {"problems": [question]}, 422
    return _page(request.form, asked=question, key=key, status=422)


def _log(given: Help, key: str, unit: int | None) -> str:
    """Note it in one short commit, which others at the same moment share; how it stands."""
    me = current_user.actor
    refused: Exception = actions.NotYours(key)
    work = partial(actions.log_at_once, person=me, given=given, client_id=key, today=today(), unit=unit)
    try:
        standing = write_statement(work)
    except (actions.BadHelp, actions.NotCertified, actions.NoUnit) as error:
        standing, refused = None, error
    if standing is not None:
        return standing
    known = actions.by_client_id(reading(), me, key)  # what was sent before stands as it stood
    if known is None:
        raise refused
    return known.standing


def _apart(standing: str) -> str:
    return "" if standing == Standing.COVERED else str(words.APART[Standing(standing)])


def _sentences(error: Exception) -> dict[str, str]:
    if isinstance(error, actions.BadHelp):
        return words.refusals(error.problems)
    if isinstance(error, actions.NotCertified):
        return {"": _("Help can be noted once you have a certificate.")}
    if isinstance(error, actions.NoUnit):
        return {"": _("You did not belong to a unit on that day. Ask your coordinator to enter you.")}
    return {"": _("This was noted from another account already.")}


def _refused(problems: Mapping[str, str]) -> ResponseReturnValue:
    if wants_json():
        return {"problems": list(problems.values())}, 422
    return _page(request.form, problems=problems, status=422)


def _page(
    chosen: Mapping[str, str],
    *,
    noted: HelpEntry | None = None,
    asked: str = "",
    key: str = "",
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page, tongue = log_queries.log_page(reading(), current_user.actor, today()), language()
    return render_template(
        "helping/log.html",
        page=page,
        chosen=chosen,
        noted=noted if noted is not None and noted.undone_at is None else None,
        problems=problems or {},
        asked=asked,
        key=key,
        is_kept="kept" in request.args,
        words=words,
        kinds=[(value, word, icon) for value, (word, icon) in words.KINDS.items()],
        audiences=[(each.code, each.name(tongue), each.icon) for each in page.lists.audiences],
        said=partial(words.said, page.lists, tongue),
        title_of=partial(catalogue.title_of, language=tongue),
        tongue=tongue,
        today=today(),
        zone=zone().key,
        me=_owner(),
    ), status
