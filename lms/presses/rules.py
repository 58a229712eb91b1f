"""Pure decisions about print jobs: their kinds and states, how papers become files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lms.printing.jobs import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Kind(StrEnum):
    """What is printed."""

    CERTIFICATES = "certificates"
    STATEMENTS = "statements"


class Order(StrEnum):
    """In which order the sheets lie."""

    UNIT = "unit"
    NAME = "name"


class State(StrEnum):
    """How far a print job is. The first two are the worker's."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    REFUSED = "refused"


AT_WORK = frozenset({State.WAITING, State.RUNNING})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants printed. `design` replaces that of each course unless it is empty; `year` is of statements.

    `since` and `until` are the first and the last day of issue.
    """

    kind: Kind
    unit: int
    order: Order
    course: str = ""
    since: date | None = None
    until: date | None = None
    design: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper: of which certificate or person (`id`), and where it lies. `code` is a certificate's."""

    id: int
    code: str
    unit: str
    name: str


def job_key(run_id: int) -> str:
    """Under which key the worker is asked for the next step of a print job."""
    return f"print/{run_id}"


def files_for(papers: int) -> int:
    """How many files so many papers make."""
    return -(-papers // AT_ONCE)


def parted(sheets: Sequence[Sheet], order: Order) -> list[list[Sheet]]:
    """The sheets of each file, in their order."""
    ordered = sorted(sheets, key=lambda each: _place(each, order))
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]


def _place(sheet: Sheet, order: Order) -> tuple[str, str, str, int]:
    unit, name = sheet.unit.casefold(), sheet.name.casefold()
    return (unit if order is Order.UNIT else "", name, sheet.code, sheet.id)


def file_name(kind: Kind, number: int, year: int | None) -> str:
    """The name under which a file is kept and taken away."""
    return f"{kind}-{year}-{number:04d}.pdf" if year else f"{kind}-{number:04d}.pdf"
