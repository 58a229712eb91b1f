"""Packs: what is wrong with them, check, publish, download, upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from lms.authoring import queries, uploads
from lms.authoring.desk import bp, draft_if_readable, folder_of, folders
from lms.authoring.forms import UploadForm
from lms.authoring.problems import findings
from lms.authoring.saving import is_writable
from lms.authoring.telling import tell_published
from lms.clock import now
from lms.content import actions as content
from lms.content.packs import publish_pack, read_pack
from lms.content.queries import PackReport
from lms.content.reader import BadPack
from lms.content.structure import Problem
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _, language
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue


@bp.get("")
@needs(Right.AUTHOR)
def home() -> ResponseReturnValue:
    """All packs: what is published, what is wrong."""
    page = queries.home_page(reading(), folders(), language())
    return render_template("authoring/home.html", page=page, most=queries.MOST_PROBLEMS)


@bp.get("/packs/<pack>")
@needs(Right.AUTHOR)
def pack(pack: str) -> ResponseReturnValue:
    """One pack with all its problems."""
    return _pack_page(queries.pack_card(reading(), folder_of(pack), language()))


def _pack_page(card: queries.PackCard, refused: str = "") -> str:
    draft = draft_if_readable(card.name)
    return render_template(
        "authoring/pack.html",
        card=card,
        drafts=[
            (course.id, queries.title_of(course, language()), len(course.lessons))
            for course in (draft.courses.values() if draft else ())
        ],
        refused=refused,
        found=findings(card.report.problems if card.report else ()),
        most=queries.MOST_PLACES,
        is_writable=card.folder is not None and is_writable(card.folder),
    )


@bp.post("/packs/<pack>/check")
@needs(Right.AUTHOR)
def check(pack: str) -> ResponseReturnValue:
    """Look at a pack as it lies on disk now, and remember what was found."""
    folder = folder_of(pack)
    try:
        draft = content.prepare(folder.name, read_pack(folder), question_types(), today=now().date())
    except BadPack as error:
        draft = content.Draft(folder.name, "", (), (_unreadable(folder.name, error),))
    db = writing()
    found = (*content.taken(db, draft), *draft.problems)
    content.remember_report(db, draft, found)
    flash(_("Checked. What was found stands below."))
    return redirect(url_for("authoring.pack", pack=pack), 303)


def _unreadable(file: str, error: BadPack) -> Problem:
    return Problem(file, 0, "error", "unreadable", str(error), "Mend the file or folder, then try again.")


@bp.post("/packs/<pack>/publish")
@needs(Right.AUTHOR)
def publish(pack: str) -> ResponseReturnValue:
    """Make a pack what trainees see, or say what keeps it from that."""
    folder = folder_of(pack)
    changed, problems = publish_pack(database(), folder, question_types(), by=current_user.actor)
    if any(problem.severity == "error" for problem in problems):
        card = queries.pack_card(reading(), folder, language())
        return _pack_page(
            _reported(card, problems), _("Nothing was published. What trainees see has not changed.")
        ), 422
    tell_published(pack, changed)
    return redirect(url_for("authoring.home"), 303)


def _reported(card: queries.PackCard, problems: Sequence[Problem]) -> queries.PackCard:
    """The pack with what was found a moment ago: this request's snapshot may be older."""
    counts = [sum(problem.severity == kind for problem in problems) for kind in ("error", "warning")]
    report = PackReport(card.name, now(), counts[0], counts[1], tuple(problems))
    return queries.PackCard(card.name, card.folder, card.courses, report)


@bp.get("/packs/<pack>/zip")
@needs(Right.AUTHOR)
def download(pack: str) -> ResponseReturnValue:
    """A pack as it lies on disk."""
    folder = folder_of(pack)
    try:
        files = uploads.read_whole(folder)
    except BadPack:
        abort(404)
    return _zip(files, pack)


@bp.get("/packs/<pack>/courses/<course_id>/zip")
@needs(Right.AUTHOR)
def download_course(pack: str, course_id: str) -> ResponseReturnValue:
    """One course as it lies on disk, as a small pack."""
    try:
        files = uploads.course_files(read_pack(folder_of(pack)), question_types(), course_id)
    except (BadPack, LookupError):
        abort(404)
    return _zip(files, course_id)


def _zip(files: Mapping[str, bytes], name: str) -> ResponseReturnValue:
    return send_file(
        uploads.whole_zip(files), mimetype="application/zip", as_attachment=True, download_name=f"{name}.zip"
    )


@bp.get("/upload")
@needs(Right.AUTHOR)
def upload() -> ResponseReturnValue:
    """Where a zip file is handed in."""
    return _upload_page(UploadForm())


def _upload_page(form: UploadForm, problems: Sequence[Problem] = (), name: str = "") -> str:
    return render_template(
        "authoring/upload.html",
        form=form,
        problems=problems,
        name=name,
        most=queries.MOST_PROBLEMS,
        megabytes=uploads.MOST_BYTES // 2**20,
    )


@bp.post("/upload")
@needs(Right.AUTHOR)
def upload_post() -> ResponseReturnValue:
    """Check a zip file; without errors it becomes a pack on disk and is published."""
    request.max_content_length = uploads.MOST_BYTES
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    name = uploads.pack_name(form.file.data.filename or "")
    try:
        uploads.refuse_taken(current_app.config["LMS"], name, replace=form.replace.data)
        files = uploads.read_upload(form.file.data.stream)
        changed = uploads.bring_in(
            database(), current_app.config["LMS"], question_types(), name, files, by=current_user.actor
        )
    except uploads.NameTaken as taken:
        form.replace.errors = [_name_taken(taken)]
        return _upload_page(form, name=name), 422
    except BadPack as error:
        form.file.errors = [str(error)]
        return _upload_page(form, name=name), 422
    except content.PackHasErrors as error:
        return _upload_page(form, error.problems, name), 422
    flash(_("The pack %(name)s is in its place.", name=name))
    tell_published(name, changed)
    return redirect(url_for("authoring.home"), 303)


def _name_taken(taken: uploads.NameTaken) -> str:
    if taken.may_replace:
        return _(
            "There is a pack with the name %(name)s. Tick this to replace it, or rename your file.", name=taken.name
        )
    return _("The name %(name)s belongs to a pack that was not uploaded. Rename your file.", name=taken.name)
