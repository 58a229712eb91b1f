"""Repositories on the trainer's desk: how they stand, a look now, the end of a conflict."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from lms.authoring import repository_queries as pages
from lms.authoring.desk import me
from lms.authoring.fetching import site_of
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.repositories import actions, clones, joining, queries
from lms.repositories.git import GitFailed
from lms.repositories.pulling import Asked
from lms.repositories.pulling import settle as end_conflict
from lms.repositories.rules import Cause, Outcome
from lms.web.asking import place_in_list
from lms.web.language import _
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.config import Settings
    from lms.repositories.queries import Known

bp = Blueprint("repositories", __name__, url_prefix="/authoring/repositories")


def settings() -> Settings:
    """The settings in force."""
    found: Settings = current_app.config["LMS"]
    return found


def known_as(name: str) -> Known:
    """A repository by its name, or a page that says there is none."""
    found = queries.repository(reading(), settings(), name)
    if found is None:
        abort(404)
    return found


@bp.get("")
@needs(Right.AUTHOR)
def home() -> ResponseReturnValue:
    """All repositories, and how they stand."""
    return render_template("repositories/home.html", lines=pages.home_page(reading(), settings()))


@bp.get("/<remote>")
@needs(Right.AUTHOR)
def repository(remote: str) -> ResponseReturnValue:
    """One repository: its looks, and a conflict with both sides."""
    at = place_in_list()
    page = pages.repository_page(reading(), settings(), remote, at)
    if page is None:
        abort(404)
    return render_template("repositories/repository.html", page=page)


@bp.post("/<remote>/fetch")
@needs(Right.AUTHOR)
def fetch(remote: str) -> ResponseReturnValue:
    """Have the worker look now."""
    known_as(remote)
    actions.ask(writing(), remote, Cause.BUTTON, by=current_user.actor)
    flash(_("The worker fetches it now. What comes of it stands below in a moment."))
    return redirect(url_for("repositories.repository", remote=remote), 303)


@bp.post("/<remote>/settle")
@needs(Right.AUTHOR)
def settle(remote: str) -> ResponseReturnValue:
    """End a conflict: of each file, what was written here or what was written there."""
    here = url_for("repositories.repository", remote=remote)
    conflict = known_as(remote).conflict
    seen = (request.form.get("ours"), request.form.get("theirs"))
    if conflict is None or seen != (conflict.ours, conflict.theirs):
        flash(_("Something was changed since this page was made. Look again, then choose."), "refused")
        return redirect(here, 303)
    chosen = {path: request.form.get(f"side-{place}") for place, path in enumerate(conflict.files)}
    if not all(side in ("ours", "theirs") for side in chosen.values()):
        flash(_("Choose a side for each file. Nothing was changed."), "refused")
        return redirect(here, 303)
    by = me()
    try:
        result = end_conflict(
            site_of(database(), settings(), question_types()),
            remote,
            Asked(Cause.BUTTON, by.actor),
            conflict,
            {path: side == "ours" for path, side in chosen.items()},
            (by.name, by.email),
            "Choose between what was written on the desk and elsewhere",
        )
    except (joining.Moved, GitFailed):
        flash(_("Something was changed since this page was made. Look again, then choose."), "refused")
        return redirect(here, 303)
    if result.outcome is Outcome.PUBLISHED:
        flash(_("The conflict is over, and what you chose is published. Both sides stay in the history."))
    elif result.outcome is Outcome.WAITING:
        flash(_("The conflict is over, and what you chose waits for a second person’s approval."))
    return redirect(here, 303)


@bp.get("/<remote>/patches")
@needs(Right.AUTHOR)
def patches(remote: str) -> ResponseReturnValue:
    """What the desk wrote and the other side has not, for somebody who works with Git."""
    known_as(remote)
    try:
        found = joining.patches(clones.place_of(settings(), remote))
    except GitFailed:
        abort(404)
    return send_file(io.BytesIO(found), mimetype="text/plain", as_attachment=True, download_name=f"{remote}.patch")
