"""The yearly statements of whoever is signed in: which years there are, and each as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, render_template
from flask_login import current_user

from lms.clock import now
from lms.people.needs import needs
from lms.people.rules import Right
from lms.printable import MissingLetters
from lms.printing import yearly
from lms.printing.statement_paper import render_statements
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("statements", __name__, url_prefix="/account/statement")


@bp.get("")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """The years that have something to state."""
    parts, today = current_app.extensions["lms_statement_parts"], now().date()
    years = yearly.years(reading(), current_user.actor, parts, today)
    return render_template("printing/statements.html", years=years, today=today)


@bp.get("/<int:year>.pdf")
@needs(Right.LEARN)
def pdf(year: int) -> ResponseReturnValue:
    """The statement for a year; a page that says why there is none."""
    db, today = reading(), now().date()
    parts, settings = current_app.extensions["lms_statement_parts"], current_app.config["LMS"]
    made = yearly.statements(db, [current_user.actor], year, today, parts, settings) if 0 < year <= today.year else {}
    if not made:
        return render_template("printing/no_statement.html", year=year, letters=()), 404
    try:
        content = render_statements(list(made.values()), yearly.looks(db, today))
    except MissingLetters as problem:
        return render_template("printing/no_statement.html", year=year, letters=problem.letters), 409
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"statement-{year}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response
