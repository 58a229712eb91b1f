"""Deleting one's account for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_login import current_user, logout_user

from lms.people import erasing, queries
from lms.people.forms import ErasureForm
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.views import has_come_by_link, proves_to_be_me
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("erasure", __name__)


@bp.get("/account/erasure")
@needs(Right.LEARN)
def ask() -> ResponseReturnValue:
    """What is deleted, what stays, and a form."""
    return _page(ErasureForm(formdata=None))


@bp.post("/account/erasure")
@needs(Right.LEARN)
def erase() -> ResponseReturnValue:
    """Delete the account and everything that names its owner."""
    form = ErasureForm()
    if not form.validate() or not proves_to_be_me(form.current):
        return _page(form), 422
    try:
        erasing.erase(writing(), current_app.extensions["lms_erasers"], current_user.actor, by=current_user.actor)
    except erasing.HasRole:
        return _page(form), 422
    logout_user()
    flash(_("Your account is deleted. Thank you for having been here."))
    return redirect(url_for("learning.home"), 303)


def _page(form: ErasureForm) -> str:
    return render_template(
        "people/erasure.html",
        form=form,
        asks_password=not has_come_by_link(),
        has_role=queries.has_role(reading(), current_user.actor),
    )
