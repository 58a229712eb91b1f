"""Repositories on the operator's desk: which there are, and what their Git hosts need to know."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.authoring.repository_forms import RepositoryForm
from lms.authoring.repository_views import known_as, settings
from lms.authoring.steps import note_step
from lms.content.packs import offered_packs
from lms.people.needs import needs
from lms.people.rules import Right
from lms.repositories import actions, clones, queries
from lms.repositories.rules import Cause, webhook_secret
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("repository_settings", __name__, url_prefix="/operation/repositories")


@bp.get("")
@needs(Right.OPERATE)
def home() -> ResponseReturnValue:
    """All repositories with their addresses, and a form for one more."""
    return _page(RepositoryForm(formdata=None))


def _page(form: RepositoryForm) -> str:
    return render_template("repositories/settings.html", form=form, known=queries.repositories(reading(), settings()))


@bp.post("")
@needs(Right.OPERATE)
def add() -> ResponseReturnValue:
    """Add a repository, and fetch it for the first time."""
    form = RepositoryForm()
    if not form.validate():
        return _page(form), 422
    remote = form.remote()
    db = writing()
    held = {folder.name for folder in offered_packs(settings())}
    if remote.name in held | {known.remote.name for known in queries.repositories(db, settings())}:
        form.name.errors = [_("There is a pack with this name. What you typed is kept; choose another name.")]
        return _page(form), 422
    actions.add(db, remote, by=current_user.actor)
    note_step(db, "repository-added", pack=remote.name, by=current_user.actor, address=remote.address)
    actions.ask(db, remote.name, Cause.BUTTON, by=current_user.actor)
    flash(_("Added: %(name)s. The worker fetches it now.", name=remote.name))
    return redirect(url_for("repository_settings.repository", remote=remote.name), 303)


@bp.get("/<remote>")
@needs(Right.OPERATE)
def repository(remote: str) -> ResponseReturnValue:
    """One repository: its webhook, with the secret."""
    known = known_as(remote)
    secret = webhook_secret(settings().secret_key, remote, known.round)
    address = f"{settings().url.rstrip('/')}{url_for('repository_hooks.pushed', remote=remote)}"
    return render_template("repositories/setting.html", known=known, secret=secret, address=address)


@bp.post("/<remote>/secret")
@needs(Right.OPERATE)
def change_secret(remote: str) -> ResponseReturnValue:
    """Give the webhook another secret."""
    known, db = known_as(remote), writing()
    actions.change_secret(db, known)
    note_step(db, "webhook-secret-changed", pack=remote, by=current_user.actor)
    flash(_("The webhook has a new secret. Messages signed with the old one are refused from now on."))
    return redirect(url_for("repository_settings.repository", remote=remote), 303)


@bp.post("/<remote>/remove")
@needs(Right.OPERATE)
def remove(remote: str) -> ResponseReturnValue:
    """Take a repository off the desk. What was published of it stays, and so does the clone, out of the way."""
    known = known_as(remote)
    if known.origin != queries.PAGE or known.id is None:
        abort(404)
    db = writing()
    note_step(db, "repository-removed", pack=remote, by=current_user.actor, address=known.remote.address)
    actions.forget(db, known.id)
    place = clones.place_of(settings(), remote)
    if place.exists():
        place.rename(place.with_name(f".removed-{remote}-{int(time.time())}"))
    flash(_("Removed: %(name)s. What was published of it stays.", name=remote))
    return redirect(url_for("repository_settings.home"), 303)
