"""The grading desk itself: its blueprint, and words that its pages share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, request

from lms.clock import now
from lms.grading.queries import Asked
from lms.web.language import _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

bp = Blueprint("grading", __name__, url_prefix="/authoring/grading")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def asked_in(values: dict[str, str] | None = None) -> Asked:
    """Which part of the queue an address or a form means; what cannot be a name narrows nothing.

    It travels along from page to page, into redirects too.
    """
    given = request.values if values is None else values
    return Asked(_name(given.get("course", ""), 120), _name(given.get("question", ""), 300))


def _name(given: str, longest: int) -> str:
    return given if len(given) <= longest and not CONTROL.search(given) else ""


def waited(since: datetime) -> str:
    """How long something has waited, in words."""
    seconds = max(0, int((now() - since).total_seconds()))
    if seconds < 3600:
        return _("less than an hour")
    if seconds < 86400:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // 3600)
    return ngettext("%(num)s day", "%(num)s days", seconds // 86400)
