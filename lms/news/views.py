"""News as helpers read it: what is new, what came earlier, one announcement and its confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.markdown import render_block
from lms.news import actions, queries
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list, wants_json
from lms.web.language import _, language, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.news.queries import News, Waiting

bp = Blueprint("news", __name__)


@bp.get("/news")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """What is new, and what came earlier."""
    at = place_in_list()
    page = queries.news_page(reading(), current_user.actor, today(), language(), at)
    return render_template("news/home.html", page=page)


@bp.get("/news/<int:announcement_id>")
@needs(Right.LEARN)
def show(announcement_id: int) -> ResponseReturnValue:
    """One announcement. The page itself says that it was shown: a program that only fetches it opens nothing."""
    found = queries.news(reading(), current_user.actor, announcement_id, today(), language())
    if found is None:
        withdrawn = queries.withdrawn_for(reading(), current_user.actor, announcement_id)
        if withdrawn is None:
            abort(404)
        return render_template("news/withdrawn.html", withdrawn=withdrawn), 410
    words = found.words
    return render_template("news/show.html", news=found, html=render_block(words.text, language=words.language))


@bp.post("/news/<int:announcement_id>/opened")
@needs(Right.LEARN)
def opened(announcement_id: int) -> ResponseReturnValue:
    """Note that the page was shown."""
    _own(announcement_id)
    actions.note_opened(writing(), announcement_id, current_user.actor)
    return ("", 204) if wants_json() else redirect(url_for("news.home"), 303)


@bp.post("/news/<int:announcement_id>/confirm")
@needs(Right.LEARN)
def confirm(announcement_id: int) -> ResponseReturnValue:
    """Note that somebody says to have read it."""
    if _own(announcement_id).asks_confirm:
        actions.confirm(writing(), announcement_id, current_user.actor)
        flash(_("Thank you. Whoever wrote it sees that you have read it."))
    return redirect(url_for("news.home"), 303)


def _own(announcement_id: int) -> News:
    found = queries.news(reading(), current_user.actor, announcement_id, today(), language())
    if found is None:
        abort(404)
    return found


@bp.app_template_global()
def news_waiting() -> Waiting | None:
    """What is new for whoever reads a page."""
    if not current_user.is_authenticated:
        return None
    return queries.waiting(reading(), current_user.actor, today(), language())
