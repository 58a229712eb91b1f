"""Reads of materials: found by words and by service, one with its chain of sources, what was reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, true

from lms.folding import fold
from lms.helping import catalogue, mandate_queries
from lms.paging import page
from lms.people import queries as people
from lms.people.models import Person, Unit
from lms.people.rules import Right
from lms.sharing.models import Material, MaterialReport, MaterialService

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.helping.catalogue import Choice
    from lms.paging import At, Page

SHOWN = 20
MOST_TERMS = 8
LONGEST_CHAIN = 20
MOST_MADE_OF_IT = 20


@dataclass(frozen=True, slots=True)
class ListPage:
    """Materials that were found, newest first, with the services to choose from."""

    rows: Sequence[Material]
    services: dict[int, list[str]]
    page: Page
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """A material. `chain` are its sources, the nearest first; `made_of_it` what others made of it.

    `by` is who shared it, empty if erased; `is_mine`: whoever reads shared it.
    """

    row: Material
    services: Sequence[str]
    choices: Sequence[Choice]
    by: str
    chain: Sequence[Material]
    made_of_it: Sequence[Material]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ReportRow:
    """Something wrong that was reported."""

    report: MaterialReport
    material: Material
    by: str


def choices(db: Session, person: int, today: date) -> Sequence[Choice]:
    """The services of the programme that somebody helps in."""
    posts = mandate_queries.posts_of(db, person, today)
    return catalogue.catalogue(db, posts[0].root if posts else None, today).services


def may_share(db: Session, person: int, rights: Collection[str]) -> bool:
    """Whether somebody may share: whoever was certified once, and whoever has a role."""
    return bool({Right.AUTHOR, Right.TEACH, Right.COORDINATE} & set(rights)) or bool(
        mandate_queries.mandates_of(db, person)
    )


def list_page(db: Session, person: int, words: str, service: str, language: str, at: At, today: date) -> ListPage:
    """Materials that have every word, are about a service and in a language; what is empty does not narrow."""
    chosen = select(Material).where(Material.taken_off_at.is_(None))
    for term in fold(words).split()[:MOST_TERMS]:
        chosen = chosen.where(Material.words.contains(term, autoescape=True))
    if service:
        about = select(MaterialService.material_id).where(MaterialService.service == service)
        chosen = chosen.where(Material.id.in_(about))
    if language:
        chosen = chosen.where(Material.language == language)
    found = page(db, chosen, (Material.id, Material.id), at, newest_first=True, size=SHOWN)
    rows = [row[0] for row in found.rows]
    return ListPage(rows, services_of(db, [row.id for row in rows]), found, choices(db, person, today))


def services_of(db: Session, materials: Collection[int]) -> dict[int, list[str]]:
    """The services that each material is about, by their codes."""
    found: dict[int, list[str]] = {}
    about = select(MaterialService).where(MaterialService.material_id.in_(materials))
    for row in db.scalars(about.order_by(MaterialService.service)) if materials else ():
        found.setdefault(row.material_id, []).append(row.service)
    return found


def material(db: Session, number: int, me: int, rights: Collection[str]) -> Material | None:
    """A material that is offered; one that was taken off only for who shared it and for those who keep it."""
    row = db.get(Material, number)
    if row is None or row.taken_off_at is None or row.shared_by == me:
        return row
    return row if may_keep(db, row, me, rights) else None


def material_page(db: Session, row: Material, me: int, today: date) -> MaterialPage:
    """A material as it is shown."""
    person = people.person(db, row.shared_by)
    made_of_it = select(Material).where(Material.adapted_from_id == row.id, Material.taken_off_at.is_(None))
    return MaterialPage(
        row,
        services_of(db, [row.id]).get(row.id, []),
        choices(db, me, today),
        person.name if person is not None else "",
        chain(db, row),
        db.scalars(made_of_it.order_by(Material.id.desc()).limit(MOST_MADE_OF_IT)).all(),
        row.shared_by == me,
    )


def chain(db: Session, row: Material) -> list[Material]:
    """What a material was made of, the nearest first."""
    found: list[Material] = []
    above = row.adapted_from_id
    while above is not None and len(found) < LONGEST_CHAIN:
        source = db.get_one(Material, above)
        found.append(source)
        above = source.adapted_from_id
    return found


def same(db: Session, digest: str) -> Material | None:
    """The material on offer with the same bytes or the same address."""
    return db.scalar(select(Material).where(Material.digest == digest, Material.taken_off_at.is_(None)))


def sent_as(db: Session, client_id: str) -> Material | None:
    """The material that a client sent under an id."""
    return db.scalar(select(Material).where(Material.client_id == client_id))


def in_scope(me: int, *, everywhere: bool) -> ColumnElement[bool]:
    """The SQL condition on `Material`: trainers keep all, coordinators those shared from their units."""
    if everywhere:
        return true()
    mine = select(Unit.id).where(people.visible_units(me, Right.COORDINATE))
    return Material.unit_id.in_(mine)


def may_keep(db: Session, row: Material, me: int, rights: Collection[str]) -> str:
    """As what somebody may take a material off: `trainers`, `units`, or nothing."""
    if Right.AUTHOR in rights:
        return "trainers"
    inside = select(Material.id).where(Material.id == row.id, in_scope(me, everywhere=False))
    return "units" if Right.COORDINATE in rights and db.scalar(inside) is not None else ""


def reports(db: Session, scope: ColumnElement[bool], at: At) -> tuple[list[ReportRow], Page]:
    """What was reported and is not settled, of materials on offer, newest first."""
    chosen = (
        select(MaterialReport, Material, Person.name)
        .join(Material, Material.id == MaterialReport.material_id)
        .join(Person, Person.id == MaterialReport.reported_by)
        .where(MaterialReport.settled_at.is_(None), Material.taken_off_at.is_(None), scope)
    )
    found = page(db, chosen, (MaterialReport.id, MaterialReport.id), at, newest_first=True)
    return [ReportRow(*row[:3]) for row in found.rows], found


def count_reports(db: Session, scope: ColumnElement[bool]) -> int:
    """How many of them there are."""
    waits = select(func.count()).select_from(MaterialReport).join(Material, Material.id == MaterialReport.material_id)
    return db.scalar(waits.where(MaterialReport.settled_at.is_(None), Material.taken_off_at.is_(None), scope)) or 0


def is_anything_shared(db: Session) -> bool:
    """Whether there is any material on offer."""
    return db.scalar(select(Material.id).where(Material.taken_off_at.is_(None)).limit(1)) is not None


def names_of(choices_: Sequence[Choice], codes: Sequence[str], language: str) -> list[str]:
    """What services are called, in the order of the list; those of other programmes are left out."""
    return [each.name(language) for each in choices_ if each.code in codes]
