"""The public page of a certificate, its PDF, and the form that asks for a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.credentials import queries
from lms.credentials.code import BadCode, read_code
from lms.credentials.labels import labels
from lms.credentials.paper import certificate_texts, render_pdf
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import zone
from lms.web.transaction import database, reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

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
    """A certificate: the verdict first, then all that is printed, then how we know."""
    try:
        exact = read_code(code)
    except BadCode as problem:
        return render_template("credentials/check.html", typed=code, problem=problem), 404
    if exact != code:
        return redirect(url_for("credentials.show", code=exact), 301)
    found = queries.certificate(reading(), code, now().astimezone(zone()).date())
    if found is None:
        return _not_found(code)
    address = verify_url(code)
    qr_size, qr_path = _qr(address)
    page = render_template(
        "credentials/certificate.html",
        page=found,
        facts=found.facts,
        texts=certificate_texts(found.facts, verify_url=address, labels=labels(found.facts.language)),
        address=address,
        moment=now(),
        is_mine=current_user.is_authenticated and current_user.actor == found.actor,
        qr_size=qr_size,
        qr_path=qr_path,
    )
    response = Response(page, mimetype="text/html")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _qr(address: str) -> tuple[int, str]:
    """The side of a QR code in modules, and its dark modules as an SVG path."""
    rows = list(segno.make(address, error="m", micro=False).matrix)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return len(rows), path


def _not_found(code: str) -> ResponseReturnValue:
    if queries.is_erased(reading(), code):
        return render_template("credentials/check.html", typed=code, problem=None, erased=True), 410
    _slow_down()
    return render_template("credentials/check.html", typed=code, problem=None, unknown=True), 404


def _slow_down() -> None:
    """Guessing codes is hopeless; this keeps it cheap for us too."""
    try:
        count_try(database(), "certificate code", request.remote_addr or "", limit=60, seconds=3600)
    except TooOften:
        abort(429)


@bp.get("/c/<code>/certificate.pdf")
@needs(Right.ANYONE)
def pdf(code: str) -> ResponseReturnValue:
    """The certificate on paper."""
    found = queries.certificate(reading(), code, now().date())
    if found is None:
        _slow_down()
        abort(404)
    if found.state in {"revoked", "superseded"}:
        abort(410)
    content = render_pdf(found.facts, verify_url=verify_url(code), labels=labels(found.facts.language))
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"certificate-{code}.pdf")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
