"""Versions compared, approved by a second person, and shown to a colleague by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring.desk import folder_of
from lms.content import actions as content
from lms.content import approvals
from lms.content.packs import read_pack
from lms.content.reader import BadPack
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reviewing import actions, queries
from lms.reviewing.forms import GiveBackForm, LinkForm
from lms.web.language import _, language
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("reviewing", __name__, url_prefix="/authoring")


@bp.get("/approvals")
@needs(Right.AUTHOR)
def waiting() -> ResponseReturnValue:
    """What waits for a second person."""
    return _waiting_page(GiveBackForm(formdata=None))


def _waiting_page(form: GiveBackForm, about: int = 0) -> str:
    rows = queries.waiting_page(reading(), current_user.actor, language())
    return render_template("reviewing/waiting.html", rows=rows, form=form, about=about)


@bp.post("/courses/<course_id>/versions/<int:version_id>/approve")
@needs(Right.AUTHOR)
def approve(course_id: str, version_id: int) -> ResponseReturnValue:
    """Publish a version that waits."""
    try:
        actions.approve(writing(), course_id, version_id, by=current_user.actor)
    except approvals.NotWaiting:
        abort(404)
    except approvals.OwnWork:
        flash(_("You asked for this approval yourself, so somebody else has to give it."))
        return redirect(url_for("reviewing.waiting"), 303)
    flash(_("Approved and published."))
    return redirect(url_for("authoring.course", course_id=course_id), 303)


@bp.post("/courses/<course_id>/versions/<int:version_id>/give-back")
@needs(Right.AUTHOR)
def give_back(course_id: str, version_id: int) -> ResponseReturnValue:
    """Say what should be mended; what trainees see stays as it is."""
    form = GiveBackForm()
    if not form.validate_on_submit():
        return _waiting_page(form, version_id), 422
    try:
        actions.refuse(writing(), course_id, version_id, form.words.data or "", by=current_user.actor)
    except approvals.NotWaiting:
        abort(404)
    except approvals.OwnWork:
        flash(_("You asked for this approval yourself. To change your text, edit it and publish again."))
        return redirect(url_for("reviewing.waiting"), 303)
    flash(_("Given back. Your words stand beside the version until a newer one is published."))
    return redirect(url_for("reviewing.waiting"), 303)


@bp.get("/courses/<course_id>/compare")
@needs(Right.AUTHOR)
def compare(course_id: str) -> ResponseReturnValue:
    """Two versions beside each other."""
    old, new = request.args.get("old", 0, type=int), request.args.get("new", 0, type=int)
    page = queries.compare_page(reading(), course_id, old, new, language())
    if page is None:
        abort(404)
    return render_template("reviewing/compare.html", page=page)


@bp.get("/courses/<course_id>/links")
@needs(Right.AUTHOR)
def links(course_id: str) -> ResponseReturnValue:
    """The links that show a version of this course to somebody without an account."""
    return _links_page(course_id, LinkForm(formdata=None))


def _links_page(course_id: str, form: LinkForm, address: str = "") -> str:
    page = queries.links_page(reading(), course_id, language())
    if page is None:
        abort(404)
    return render_template("reviewing/links.html", page=page, form=form, address=address)


@bp.post("/courses/<course_id>/versions/<int:version_id>/links")
@needs(Right.AUTHOR)
def make_link(course_id: str, version_id: int) -> ResponseReturnValue:
    """Make a link to a version; its address is shown this once."""
    form = LinkForm()
    if not form.validate_on_submit():
        return _links_page(course_id, form), 422
    db = writing()
    if not queries.is_version_of(db, course_id, version_id):
        abort(404)
    return _made(course_id, version_id, form)


def _made(course_id: str, version_id: int, form: LinkForm) -> str:
    made_for = form.made_for.data or ""
    token = actions.make_link(writing(), course_id, version_id, made_for=made_for, by=current_user.actor)
    writing().flush()
    return _links_page(course_id, LinkForm(formdata=None), url_for("looking.course", link_token=token, _external=True))


@bp.post("/packs/<pack>/drafts/<course_id>/links")
@needs(Right.AUTHOR)
def make_draft_link(pack: str, course_id: str) -> ResponseReturnValue:
    """Keep the draft as a version that is not published, and make a link to it."""
    form = LinkForm()
    folder = folder_of(pack)
    try:
        draft = content.prepare(folder.name, read_pack(folder), question_types())
        version_id = content.keep_version(writing(), draft, course_id)
    except (BadPack, LookupError):
        abort(404)
    except content.PackHasErrors:
        flash(_("The pack has errors, which have to be mended before it can be shown to somebody."))
        return redirect(url_for("authoring.pack", pack=pack), 303)
    return _made(course_id, version_id, form)


@bp.post("/courses/<course_id>/links/<int:link_id>/end")
@needs(Right.AUTHOR)
def end_link(course_id: str, link_id: int) -> ResponseReturnValue:
    """Let a link show nothing any more."""
    try:
        actions.end_link(writing(), course_id, link_id, by=current_user.actor)
    except LookupError:
        abort(404)
    flash(_("The link shows nothing any more."))
    return redirect(url_for("reviewing.links", course_id=course_id), 303)
