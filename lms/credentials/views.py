"""The public page of a certificate, its PDF, and the form that asks for a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from lms.clock import now
from lms.credentials import public_page, queries
from lms.credentials.code import BadCode, read_code
from lms.credentials.guessing import slow_down
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.session import has_session
from lms.web.language import language, today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

SHARED = "public, max-age=60"  # a withdrawal reaches whoever keeps copies within a minute
bp = Blueprint("credentials", __name__)


def verify_url(code: str) -> str:
    """The public address of a certificate, as it is printed."""
    return f"{current_app.config['LMS'].url.rstrip('/')}{url_for('credentials.show', code=code)}"


@bp.get("/c")
@needs(Right.ANYONE)
def check() -> ResponseReturnValue:
    """Ask for a code, or go to the certificate that was asked for."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return render_template("credentials/check.html", typed="", problem=None)
    try:
        code = read_code(typed)
    except BadCode as problem:
        return render_template("credentials/check.html", typed=typed, problem=problem), 404
    return redirect(url_for("credentials.show", code=code), 303)


@bp.get("/c/<code>")
@needs(Right.ANYONE)
def show(code: str) -> ResponseReturnValue:
    """A certificate: the verdict first, then all that is printed, then how we know.

    Visitors without a session all read the same page, which caches may keep for a minute.
    """
    try:
        exact = read_code(code)
    except BadCode as problem:
        return render_template("credentials/check.html", typed=code, problem=problem), 404
    if exact != code:
        return redirect(url_for("credentials.show", code=exact), 301)
    found = queries.certificate(reading(), code, today())
    if found is None:
        return _not_found(code)
    told = (found, verify_url(code), now(), _covers(found))
    if has_session():
        response = Response(public_page.for_somebody(*told), mimetype="text/html")
    else:
        response = Response(public_page.for_visitors(*told), mimetype="text/html")
        response.headers["Cache-Control"] = SHARED
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag(weak=True)  # weak: the same page may come compressed
    return response.make_conditional(request)


def _covers(page: queries.CertificatePage) -> str:
    """What help it is for, as the part of the app that knows says it."""
    covers: Callable[..., str] = current_app.extensions["lms_covers"]
    return covers(reading(), page.version, language(), of_unit=page.unit is not None)


def _not_found(code: str) -> ResponseReturnValue:
    if queries.is_erased(reading(), code):
        return render_template("credentials/check.html", typed=code, problem=None, erased=True), 410
    slow_down()
    return render_template("credentials/check.html", typed=code, problem=None, unknown=True), 404
