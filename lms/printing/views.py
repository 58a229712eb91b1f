"""A certificate as PDF, for whoever has its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, render_template

from lms.clock import now
from lms.credentials import queries as certificates
from lms.credentials.guessing import slow_down
from lms.credentials.paper import render_pdf
from lms.people.needs import needs
from lms.people.rules import Right
from lms.printable import MissingLetters
from lms.printing import queries
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("printing", __name__)
SOON = 3  # seconds until the page of a paper that is being signed looks again


@bp.get("/c/<code>/certificate.pdf")
@needs(Right.ANYONE)
def pdf(code: str) -> ResponseReturnValue:
    """The certificate on paper; a page that looks again by itself while it is being signed."""
    db = reading()
    found = certificates.certificate(db, code, now().date())
    if found is None:
        return _not_found(code)
    if found.state in {"revoked", "superseded"}:
        abort(410)
    paper = queries.paper(db, code, current_app.config["LMS"].url.rstrip("/"))
    if paper is None:
        return _page("printing/waiting.html", 503, code=code, seconds=SOON)
    try:
        content = render_pdf(paper)
    except MissingLetters as problem:
        return _page("printing/letters.html", 409, code=code, letters=problem.letters)
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"certificate-{code}.pdf")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(template: str, status: int, **values: object) -> Response:
    page = Response(render_template(template, **values), status, mimetype="text/html")
    page.headers["X-Robots-Tag"] = "noindex"
    if status == 503:
        page.headers["Retry-After"] = str(SOON)
    return page


def _not_found(code: str) -> ResponseReturnValue:
    if certificates.is_erased(reading(), code):
        abort(410)
    slow_down()
    abort(404)
