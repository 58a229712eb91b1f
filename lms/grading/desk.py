"""The grading desk itself: its blueprint, and words that its pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from lms.clock import now
from lms.grading.queries import Asked
from lms.web.language import _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

bp = Blueprint("grading", __name__, url_prefix="/authoring/grading")


def asked_in(values: dict[str, str] | None = None) -> Asked:
    """Which part of the queue an address or a form means."""
    given = request.values if values is None else values
    return Asked(given.get("course", "")[:120], given.get("question", "")[:300])


def waited(since: datetime) -> str:
    """How long something has waited, in words."""
    seconds = max(0, int((now() - since).total_seconds()))
    if seconds < 3600:
        return _("less than an hour")
    if seconds < 86400:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // 3600)
    return ngettext("%(num)s day", "%(num)s days", seconds // 86400)
