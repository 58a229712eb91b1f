"""Error pages say three things: what happened, what is kept, what to do."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Flask, Response, g, make_response, render_template
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from lms.web.asking import wants_json
from lms.web.language import _, lazy
from lms.web.transaction import give_up

if TYPE_CHECKING:
    from types import TracebackType

    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)
# what a view may say with `abort(status, reason)`, where the status alone does not help
REASONS = {
    "foreign": (
        lazy("This form came from another site"),
        lazy("Nothing was changed. Open the page here once more and send it from there."),
    ),
    "link": (
        lazy("This link shows nothing any more"),
        lazy("Such a link lasts a week, or until whoever made it ends it. Ask for a new one."),
    ),
}
BARE = "<!doctype html><title>{title}</title><h1>{title}</h1><p>{text}</p>"


def init_errors(app: Flask) -> None:
    """Answer every failure with a page that helps (or with JSON, to a script that asked for it)."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unknown)
    app.register_error_handler(DataError, _cannot_be_kept)
    app.register_error_handler(OverflowError, _cannot_be_kept)
    app.log_exception = _log_failure  # type: ignore[method-assign]


def _known(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return Response.force_type(error.get_response())
    answer = make_response(_answer(status, error.description if error.description in REASONS else ""))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def _unknown(error: Exception) -> ResponseReturnValue:
    log.error("unhandled", exc_info=error)
    give_up()
    return _answer(500)


def _cannot_be_kept(error: Exception) -> ResponseReturnValue:
    """A number or text too large for the database: the request is at fault, unless one of our limits is."""
    log.warning("cannot be kept", exc_info=error)
    give_up()
    return _answer(400)


def _log_failure(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
) -> None:
    """Say that something broke after the view, as at the commit. Flask's own line would have the path and its codes."""
    log.error("unhandled", exc_info=exc_info)


def _answer(status: int, detail: str = "") -> ResponseReturnValue:
    if wants_json():
        return {"error": status, "request": g.get("request_id", "")}, status
    title, text = _words(status, detail)
    number = g.get("request_id", "")
    try:
        return render_template("web/error.html", status=status, title=title, text=text, request_id=number), status
    except Exception:  # the page needs the database and a Host, and one of them may be what broke
        log.exception("no error page")
        return BARE.format(title=title, text=text), status


def _words(status: int, detail: str) -> tuple[str, str]:
    if detail in REASONS:
        return REASONS[detail]
    known = {
        400: (
            _("We could not read that request"),
            _("Nothing was changed. Go back, check what you typed and send it again."),
        ),
        403: (
            _("This page is not open to you"),
            _("Your account has no right to it. Nothing was changed and nothing is lost."),
        ),
        404: (
            _("We cannot find this page"),
            _("It may have moved, or the address has a small mistake. Your answers are kept."),
        ),
        405: (_("This page cannot do that"), _("Nothing was changed. Go back and use the buttons of the page.")),
        410: (_("This page was removed"), _("It was taken away for good, on purpose.")),
        413: (_("This file is too large"), _("Nothing was changed. Send a smaller file.")),
        429: (_("That was too fast"), _("Please wait a few minutes and try again. Nothing is lost.")),
    }
    return known.get(
        status,
        (
            _("Something broke on our side"),
            _("What you had saved is kept; what you were just sending may not be. Try again in a minute."),
        ),
    )
