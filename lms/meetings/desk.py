"""The desk of sessions itself: its blueprint, the courses that lie on it, what an address names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, abort, request
from flask_login import current_user

from lms.content import queries as content
from lms.meetings import queries
from lms.meetings.people_queries import Scope
from lms.meetings.rules import Offer, offer_of
from lms.people.rules import Right
from lms.web.language import language, today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.content.compiled import CompiledCourse
    from lms.learning.models import Group
    from lms.meetings.queries import SessionRow
    from lms.people.models import Unit

bp = Blueprint("meetings", __name__, url_prefix="/sessions")


@dataclass(frozen=True, slots=True)
class Courses:
    """The courses on offer, in the order of the catalogue: their titles, and what the cascade needs to know."""

    on_offer: Mapping[str, CompiledCourse]

    @property
    def titles(self) -> dict[str, str]:
        """In the reader's language as far as there is one."""
        return {
            name: (course.pages.get(language()) or course.pages[course.language]).title
            for name, course in self.on_offer.items()
        }

    @property
    def offers(self) -> dict[str, Offer]:
        """By id."""
        return {name: offer_of(course) for name, course in self.on_offer.items()}


def courses() -> Courses:
    """What is on offer now."""
    return Courses({current.course.id: current.course for current in content.catalogue(reading())})


def session_or_404(session_id: int, offers: Mapping[str, Offer]) -> SessionRow:
    """A session that the reader may see, or a page that says there is none."""
    found = queries.session(reading(), current_user.actor, session_id, offers)
    if found is None:
        abort(404)
    return found


@dataclass(frozen=True, slots=True)
class ListOf:
    """Whose names a list has: everybody of a unit and below, or a group. `value` stands in addresses."""

    unit: Unit
    group: Group | None

    @property
    def value(self) -> str:
        """What names this choice in an address."""
        return f"group:{self.group.id}" if self.group else self.unit.code

    @property
    def scope(self) -> Scope:
        """Whom a reader may see of them."""
        return Scope(current_user.actor, Right.TEACH, today(), self.unit)


def list_of(held: SessionRow) -> ListOf:
    """The list that the address asks for; the session's own unit if it names none."""
    asked, me = request.values.get("of", ""), current_user.actor
    if asked.startswith("group:"):
        groups = queries.groups_to_choose(reading(), me, held.unit, held.course)
        for group in groups:
            if str(group.id) == asked.removeprefix("group:"):
                return ListOf(held.unit, group)
        abort(404)
    if asked in {"", held.unit.code}:
        return ListOf(held.unit, None)
    unit = queries.unit_named(reading(), me, Right.TEACH, asked)
    if isinstance(unit, list):
        abort(404)
    return ListOf(unit, None)
