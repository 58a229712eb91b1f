"""One course: its versions, its problems; and the mistakes that readers reported."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from lms.authoring import queries
from lms.authoring.desk import bp, folders
from lms.authoring.steps import note_step
from lms.content import actions, approvals
from lms.content import queries as content
from lms.learning import actions as learning
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _, language, number
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse


@bp.get("/courses/<course_id>")
@needs(Right.AUTHOR)
def course(course_id: str) -> ResponseReturnValue:
    """A course as its trainers see it."""
    page = queries.course_page(reading(), course_id, language(), max(request.args.get("page", 1, type=int), 1))
    if page is None:
        abort(404)
    is_on_disk = any(folder.name == page.pack for folder in folders())
    waits = any(each.course_id == course_id for each in approvals.waiting(reading(), page.pack))
    return render_template(
        "authoring/course.html", page=page, is_on_disk=is_on_disk, waits=waits, most=queries.MOST_PROBLEMS
    )


def version_of(course_id: str, version_id: int) -> CompiledCourse:
    """A version of this course, or a page that says there is none."""
    try:
        found = content.version(reading(), version_id)
    except NoResultFound:
        abort(404)
    if found.id != course_id:
        abort(404)
    return found


@bp.get("/courses/<course_id>/versions/<int:version_id>/zip")
@needs(Right.AUTHOR)
def version_zip(course_id: str, version_id: int) -> ResponseReturnValue:
    """The source of a version: a small pack with the course and its banks."""
    digest = version_of(course_id, version_id).digest
    source = io.BytesIO(content.source_zip(reading(), version_id))
    return send_file(
        source, mimetype="application/zip", as_attachment=True, download_name=f"{course_id}-{digest[:12]}.zip"
    )


@bp.post("/courses/<course_id>/versions/<int:version_id>/restore")
@needs(Right.AUTHOR)
def restore(course_id: str, version_id: int) -> ResponseReturnValue:
    """Make an older version the current one again."""
    db = writing()
    try:
        if not actions.restore(db, course_id, version_id, by=current_user.actor):
            flash(_("This is the current version already."))
            return redirect(url_for("authoring.course", course_id=course_id), 303)
    except LookupError:
        abort(404)
    except approvals.NotApproved:
        flash(_("This course asks for a second person’s look, and nobody approved that version."), "refused")
        return redirect(url_for("authoring.course", course_id=course_id), 303)
    note_step(
        db, "restored", pack=content.pack_of(db, course_id) or "", by=current_user.actor, course=course_id,
        version=version_id,
    )  # fmt: skip
    restored = next(row.number for row in content.versions(db, course_id) if row.id == version_id)
    flash(_("Version %(number)s is the current version again.", number=number(restored)))
    return redirect(url_for("authoring.course", course_id=course_id), 303)


@bp.get("/mistakes")
@needs(Right.AUTHOR)
def mistakes() -> ResponseReturnValue:
    """What readers reported and nobody has dealt with."""
    page = queries.reports_page(reading(), language(), request.args.get("after", 0, type=int))
    return render_template("authoring/mistakes.html", page=page)


@bp.post("/mistakes/<int:report>/settle")
@needs(Right.AUTHOR)
def settle(report: int) -> ResponseReturnValue:
    """Note that a reported mistake was dealt with."""
    learning.settle_report(writing(), report, by=current_user.actor)
    flash(_("Dealt with. It has left the list."))
    return redirect(url_for("authoring.mistakes"), 303)
