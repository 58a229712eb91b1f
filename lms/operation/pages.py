"""What the operator's pages show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lms.jobs import Job
    from lms.paging import Page
    from lms.people.models import Person, RoleGrant, Unit


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted to see whether the installation is well."""

    courses: int
    operators: int
    people: int
    waiting_jobs: int
    dead_jobs: int


@dataclass(frozen=True, slots=True)
class Store:
    """The database: what it is, its size in bytes, the revision of its tables."""

    kind: str
    version: str
    size: int
    revision: str


@dataclass(frozen=True, slots=True)
class Published:
    """When a course was last published."""

    course: str
    pack: str
    is_withdrawn: bool
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list, with the names of their roles."""

    person: Person
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people, and how many there are in all."""

    count: int
    rows: Sequence[PersonLine]
    page: Page


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the security log. A name is empty where nobody, or nobody known, did it."""

    at: datetime
    kind: str
    by: str
    by_id: int | None
    about: str
    about_id: int | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the security log, newest first."""

    rows: Sequence[Line]
    page: Page


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One account: roles with their units, memberships, open sessions, the last lines of its log."""

    person: Person
    roles: Sequence[tuple[RoleGrant, Unit | None]]
    units: Sequence[Unit]
    sessions: int
    log: Sequence[Line]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the tree: how deep it lies, and how many are members of it, not counting the units below."""

    unit: Unit
    depth: int
    members: int


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """A page of the organisation tree, and the kinds of unit in use."""

    rows: Sequence[UnitLine]
    page: Page
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class JobsPage:
    """A page of jobs in one state, newest first, and how many there are in each."""

    rows: Sequence[Job]
    page: Page
    waiting: int
    dead: int
