"""What the pages of the organisation show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from lms.paging import Page
    from lms.people.models import Unit, UnitName
    from lms.people.rules import Role


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in a list: the one above, another name by which it was found, its own members, whether units are below."""

    unit: Unit
    above: str
    found_as: str
    members: int
    has_units: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """The highest units in scope, or what was found."""

    words: str
    rows: Sequence[UnitRow]
    page: Page


@dataclass(frozen=True, slots=True)
class Stay:
    """Below which unit a unit stood from a day until a day; an empty name is the top of a tree or out of scope."""

    above: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role in a unit, who holds it, since when, and whether whoever looks may end it or hand it over."""

    grant: int
    role: Role
    person: int
    name: str
    since: datetime
    by: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit. `inside` is how many different people are members of it and of what is below it."""

    unit: Unit
    above: Sequence[Unit]
    merged_into: Unit | None
    names: Sequence[UnitName]
    stays: Sequence[Stay]
    roles: Sequence[RoleRow]
    has_more_roles: bool
    rows: Sequence[UnitRow]
    page: Page
    members: int
    may_reshape: bool


@dataclass(frozen=True, slots=True)
class RolesPage:
    """The roles in one unit, and those that whoever looks may give there."""

    unit: Unit
    above: Sequence[Unit]
    rows: Sequence[RoleRow]
    page: Page
    to_give: Sequence[Role]


@dataclass(frozen=True, slots=True)
class EditPage:
    """What may be changed of one unit."""

    unit: Unit
    above: Sequence[Unit]
    names: Sequence[UnitName]
    may_reshape: bool


@dataclass(frozen=True, slots=True)
class GoalPage:
    """A unit that shall move or merge, and where to: one unit with what would go there, or some to choose from."""

    unit: Unit
    above: Sequence[Unit]
    words: str
    goal: Unit | None
    found: Sequence[UnitRow]
    members: int
    inside: int
    units: int
    roles: Sequence[RoleRow]
