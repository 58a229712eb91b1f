"""All that somebody noted, on a page and as a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template
from flask_login import current_user

from lms.helping import log_queries, words
from lms.people.needs import needs
from lms.people.rules import Right
from lms.spreadsheets import as_csv
from lms.web.asking import place_in_list
from lms.web.language import language, today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("own_help", __name__, url_prefix="/help")


@bp.get("/mine")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """All that she noted, the newest first, also what was undone."""
    at = place_in_list()
    page = log_queries.own_page(reading(), current_user.actor, at, today())
    return render_template(
        "helping/mine.html", page=page, said=partial(words.said, page.lists, language()), words=words
    )


@bp.get("/mine.csv")
@needs(Right.LEARN)
def as_file() -> ResponseReturnValue:
    """The same as a file, with codes."""
    rows = [tuple(row) for row in log_queries.own_rows(reading(), current_user.actor)]
    answer = Response(as_csv(log_queries.OWN_COLUMNS, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="help.csv"'
    return answer
