"""One look at a repository: fetch, join, publish, give back. The same for the command, the button and the webhook."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lms.clock import now
from lms.content import approvals
from lms.content.packs import PackFolder, offered_packs, publish_pack
from lms.repositories import actions, clones, joining, queries
from lms.repositories.commits import alone, head
from lms.repositories.git import GitFailed
from lms.repositories.models import Fetch
from lms.repositories.rules import STATES, Cause, Outcome, State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.content.structure import Problem
    from lms.db import Database
    from lms.plugins import QuestionType
    from lms.remotes import Remote
    from lms.repositories.queries import Known

SHORT = 10  # seconds that somebody at a browser waits for another look to end
Note = Callable[["Session", "Result"], None]


class NoSuchRepository(LookupError):
    """No repository has this name."""


class NameTaken(GitFailed):
    """Another pack has the name of this repository."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a look takes place: the installation, its question types, and who writes down what was done."""

    database: Database
    settings: Settings
    types: Mapping[str, QuestionType]
    note: Note


@dataclass(frozen=True, slots=True)
class Asked:
    """Who or what asks for a look."""

    cause: Cause
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a look. `before` and `after` are commits of the clone, `courses` those with a new version.

    `waits` are courses of which a version waits for a second person's approval.
    """

    name: str
    outcome: Outcome
    asked: Asked
    before: str = ""
    after: str = ""
    words: str = ""
    courses: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_fine(self) -> bool:
        """Whether trainees see what the repository holds, as soon as it is approved where a course asks for that."""
        return self.outcome in (Outcome.NOTHING, Outcome.PUBLISHED, Outcome.WAITING)


@dataclass(slots=True)
class _Look:
    """What is gathered in the course of one look."""

    outcome: Outcome = Outcome.NOTHING
    before: str = ""
    after: str = ""
    words: str = ""
    courses: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)


def pull(site: Site, name: str, asked: Asked) -> Result:
    """Fetch a repository, publish what changed, give back what the desk wrote where that is allowed.

    Nothing is overwritten: a conflict is remembered, and what trainees see stays. Raises `NoSuchRepository`, `Busy`.
    """
    return _taking_turn(site, name, asked, _bring, clones.SECONDS)


def settle(
    site: Site, name: str, asked: Asked, conflict: queries.Conflicting, keeps_ours: Mapping[str, bool],
    author: tuple[str, str], words: str,
) -> Result:  # fmt: skip
    """End a conflict by taking one side of each file. Raises `joining.Moved` if it is another conflict by now."""

    def choose(site: Site, known: Known, look: _Look) -> Path:
        place = clones.place_of(site.settings, known.remote.name)
        joining.settle(place, (conflict.ours, conflict.theirs), keeps_ours, author=author, words=words)
        look.words = clones.look(place, head(place)).words
        return place

    return _taking_turn(site, name, asked, choose, SHORT)


def _taking_turn(
    site: Site, name: str, asked: Asked, bring: Callable[[Site, Known, _Look], Path], patience: float
) -> Result:
    with clones.turn(site.settings, name, patience):
        started = time.monotonic()
        known = _find(site, name)
        look = _Look(before=_stands(site.settings, known.remote))
        try:
            place = bring(site, known, look)
            look.after = head(place)
            _publish(site, known, look, place, asked)
            _give_back(site, known, look, place)
        except joining.Conflict as conflict:
            look.outcome, look.words = Outcome.CONFLICT, ""
            look.detail = {"ours": conflict.ours, "theirs": conflict.theirs, "files": list(conflict.files)}
        except GitFailed as problem:
            look.outcome, look.words = Outcome.FAILED, problem.words
        look.after = _stands(site.settings, known.remote)
        return _remember(site, known, asked, look, time.monotonic() - started)


def _find(site: Site, name: str) -> Known:
    with site.database.reading() as db:
        known = queries.repository(db, site.settings, name)
    if known is None:
        raise NoSuchRepository(name)
    return known


def _stands(settings: Settings, remote: Remote) -> str:
    place = clones.place_of(settings, remote.name)
    return head(place) if (place / ".git").exists() else ""


def _bring(site: Site, known: Known, look: _Look) -> Path:
    mine = clones.place_of(site.settings, known.remote.name)
    if any(pack.name == known.remote.name and not pack.path.is_relative_to(mine)
           for pack in offered_packs(site.settings)):  # fmt: skip
        raise NameTaken(f"Another pack has the name {known.remote.name}.")
    place, there = clones.fetch(site.settings, known.remote, origin=known.origin)
    look.words = clones.look(place, there).words
    with alone(place):
        joining.bring(place, there)
    return place


def _publish(site: Site, known: Known, look: _Look, place: Path, asked: Asked) -> None:
    """Publish what lies in the clone, unless nothing changed since that was done."""
    if look.after == look.before and known.state in (State.CURRENT, State.UNPUSHED):
        return
    pack = PackFolder(known.remote.name, place / known.remote.folder)
    courses, look.problems = publish_pack(site.database, pack, site.types, by=asked.by)
    look.courses = tuple(courses)
    with site.database.reading() as db:
        look.waits = tuple(each.course_id for each in approvals.undecided(db, pack.name))
    if any(problem.severity == "error" for problem in look.problems):
        look.outcome = Outcome.REFUSED
    elif look.waits and not courses:
        look.outcome = Outcome.WAITING
    elif courses or look.after != look.before:
        look.outcome = Outcome.PUBLISHED
    clones.tidy(place)


def _give_back(site: Site, known: Known, look: _Look, place: Path) -> None:
    there = clones.known_there(place)
    if not known.remote.pushes or there == look.after:
        return
    try:
        clones.push(site.settings, known.remote, place)
    except GitFailed as problem:
        look.words = problem.words
        if look.outcome is not Outcome.REFUSED:
            look.outcome = Outcome.UNPUSHED


def _remember(site: Site, known: Known, asked: Asked, look: _Look, seconds: float) -> Result:
    result = Result(
        known.remote.name, look.outcome, asked, look.before, look.after, look.words, look.courses, look.waits,
        look.problems, look.detail, seconds,
    )  # fmt: skip
    with site.database.writing() as db:
        row = actions.see(db, known)
        row.state, row.words, row.detail = STATES[look.outcome], look.words, look.detail
        row.looked_at = now()
        db.add(
            Fetch(
                repository_id=row.id, at=now(), seconds=seconds, cause=asked.cause, by=asked.by, before=look.before,
                after=look.after, outcome=look.outcome, words=look.words, courses=" ".join(look.courses),
            )
        )  # fmt: skip
        actions.prune(db, row.id)
        site.note(db, result)
    return result
