"""Reads of a programme's own lists and definitions, and of who may change them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.helping import catalogue, mandate_queries
from lms.helping.models import HelpChoice, HelpDefinition, HelpPeriod
from lms.people.models import Unit
from lms.people.queries import visible_units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.helping.catalogue import Choice
    from lms.helping.rules import Definition


@dataclass(frozen=True, slots=True)
class Listed:
    """A choice on the page; those that are built in have no `id`."""

    choice: Choice
    id: int | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The lists and definitions of one tree. `roots` are the trees to choose from; `may_change` is for this one.

    `coming` are the versions that begin on a later day.
    """

    root: Unit
    roots: Sequence[Unit]
    may_change: bool
    audiences: Sequence[Listed]
    services: Sequence[Listed]
    definitions: Sequence[Definition]
    coming: Sequence[Definition]


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """One version of a definition, and the others of the same word, the newest first. `root` is None if built in."""

    shown: Definition
    versions: Sequence[Definition]
    root: Unit | None


def lists_page(db: Session, person: int, chosen: int | None, today: date) -> ListsPage | None:
    """The page of lists; None for whoever coordinates nothing."""
    mine = select(Unit.path).where(visible_units(person)).distinct().limit(1)
    roots = db.scalars(select(Unit).where(visible_units(person), Unit.parent_id.is_(None)).order_by(Unit.id)).all()
    root = next((each for each in roots if each.id == chosen), roots[0] if roots else None)
    if root is None:
        path = db.scalar(mine)
        root = None if path is None else db.get(Unit, int(path.split("/")[1]))
    if root is None:
        return None
    return ListsPage(
        root,
        roots,
        root in roots,
        _listed(db, root.id, catalogue.AUDIENCE),
        _listed(db, root.id, catalogue.SERVICE),
        catalogue.definitions(db, root.id, today),
        _coming(db, root.id, today),
    )


def _coming(db: Session, root: int, today: date) -> list[Definition]:
    later = select(HelpDefinition).where(HelpDefinition.unit_id == root, HelpDefinition.since > today)
    found = map(catalogue.definition_of, db.scalars(later.order_by(HelpDefinition.since, HelpDefinition.id)))
    return [each for each in found if not each.is_withdrawn]


def _listed(db: Session, root: int, field: str) -> list[Listed]:
    own = [Listed(catalogue.choice_of(row), row.id, row.ended_on) for row in choices(db, root, field)]
    return own or [Listed(each) for each in catalogue.BUILT_IN[field]]


def choices(db: Session, root: int, field: str) -> Sequence[HelpChoice]:
    """A programme's own list, in its order."""
    own = select(HelpChoice).where(HelpChoice.unit_id == root, HelpChoice.field == field)
    return db.scalars(own.order_by(HelpChoice.position, HelpChoice.id)).all()


def root_in_scope(db: Session, person: int, unit: int) -> Unit | None:
    """The top of a tree that somebody coordinates as a whole."""
    return db.scalar(select(Unit).where(Unit.id == unit, Unit.parent_id.is_(None), visible_units(person)))


def choice(db: Session, person: int, choice_id: int) -> HelpChoice | None:
    """A choice of a list that somebody may change."""
    row = db.get(HelpChoice, choice_id)
    return row if row is not None and root_in_scope(db, person, row.unit_id) is not None else None


def take_turns(db: Session, root: int) -> None:
    """Let two who define at one moment take turns, so that the second sees also a first version of the first."""
    db.execute(select(Unit.id).where(Unit.id == root).with_for_update(key_share=True))


def versions(db: Session, root: int | None, code: str) -> list[Definition]:
    """All versions of a word, the newest first; the built-in one, where there is one, is the first of all."""
    own = select(HelpDefinition).where(HelpDefinition.unit_id == root, HelpDefinition.code == code)
    rows = db.scalars(own.order_by(HelpDefinition.version.desc())) if root is not None else ()
    found = [catalogue.definition_of(row) for row in rows]
    return found + [each for each in catalogue.DEFINITIONS if each.code == code]


def own_definition(db: Session, root: int, definition_id: int) -> HelpDefinition | None:
    """A version that a programme made itself."""
    row = db.get(HelpDefinition, definition_id)
    return row if row is not None and row.unit_id == root else None


def last_closed(db: Session, root: int) -> date | None:
    """The last day of the last period that was closed."""
    closed = select(func.max(HelpPeriod.last_day)).where(HelpPeriod.unit_id == root, HelpPeriod.closed_at.is_not(None))
    return db.scalar(closed)


def definition_page(
    db: Session, code: str, version: int | None, *, unit: str, person: int | None, today: date
) -> DefinitionPage | None:
    """A version of a definition: of the tree of a unit, else of the reader's own, else of the only one with its own."""
    root = _root(db, unit, person, today)
    known = versions(db, root.id if root is not None else None, code)
    in_force = next((each for each in known if each.is_in_force(today)), known[0] if known else None)
    shown = in_force if version is None else next((each for each in known if each.version == version), None)
    return None if shown is None else DefinitionPage(shown, known, root if shown.id is not None else None)


def _root(db: Session, unit: str, person: int | None, today: date) -> Unit | None:
    path = db.scalar(select(Unit.path).where(Unit.code == unit)) if unit else None
    if path is None and person is not None:
        path = next((post.path for post in mandate_queries.posts_of(db, person, today)), None)
    if path is not None:
        return db.get(Unit, int(path.split("/")[1]))
    own = db.scalars(select(HelpDefinition.unit_id).distinct().limit(2)).all()
    return db.get(Unit, own[0]) if len(own) == 1 else None
