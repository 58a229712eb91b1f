"""What the page of a pack's files shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.content import queries as content
from lms.editing.tree import Tree, tree_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.content.structure import Problem
    from lms.editing.opened import Opened


@dataclass(frozen=True, slots=True)
class TreePage:
    """All files of a pack. `shape` stands for what was seen: an action on another state of the pack does nothing."""

    pack: str
    tree: Tree
    shape: str
    is_writable: bool
    checked_at: datetime | None
    loose_problems: tuple[Problem, ...]


def tree_page(db: Session, known: Opened, shape: str, *, is_writable: bool) -> TreePage:
    """The page of a pack, with what its last check found."""
    report = next((report for report in content.pack_reports(db) if report.pack == known.name), None)
    problems = report.problems if report else ()
    return TreePage(
        known.name,
        tree_of(known, problems),
        shape,
        is_writable,
        report.checked_at if report else None,
        tuple(problem for problem in problems if problem.file not in known.files),
    )
