"""Keeping a filter under a name, and deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask_login import current_user

from lms.coordination import filter_actions as actions
from lms.coordination.desk import bp, courses_on_offer
from lms.coordination.people_views import asked_in
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _
from lms.web.transaction import writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.coordination.people_pages import Asked

LONGEST_NAME = 120


@bp.post("/filters")
@needs(Right.SEE_PEOPLE)
def keep_filter() -> ResponseReturnValue:
    """Keep the filter under a name. Sending it twice keeps one."""
    asked = asked_in(request.form, courses_on_offer())
    name = " ".join(request.form.get("name", "").replace("\0", "").split())[:LONGEST_NAME]
    if not name:
        flash(_("The filter was not kept: give it a name, for example “Stuck in the north”."))
    else:
        flash(_keep(name, asked))
    return redirect(f"{url_for('coordination.people')}?{urlencode(asked.arguments)}", 303)


def _keep(name: str, asked: Asked) -> str:
    try:
        actions.keep(writing(), current_user.actor, name, asked)
    except actions.TooMany:
        return _("The filter was not kept: you keep 50 already. Delete one that you no longer need.")
    except actions.TooLong:
        return _("The filter was not kept: its words are too long. Search for a shorter part of the name.")
    return _("Kept. “%(name)s” is one tap away from now on.", name=name)


@bp.post("/filters/<int:filter_id>/delete")
@needs(Right.SEE_PEOPLE)
def delete_filter(filter_id: int) -> ResponseReturnValue:
    """Delete a filter of one's own."""
    actions.forget(writing(), current_user.actor, filter_id)
    flash(_("The filter is deleted. The people in it are as they were."))
    return redirect(url_for("coordination.people"), 303)
