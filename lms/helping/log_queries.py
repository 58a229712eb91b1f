"""Reads of the log: what somebody chose from and noted, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from lms.clock import now
from lms.helping import catalogue, figure_queries, mandate_queries, taken_queries
from lms.helping.models import HelpEntry
from lms.paging import page
from lms.people.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.helping.catalogue import Catalogue
    from lms.helping.figure_queries import Helped
    from lms.helping.mandate_queries import Post
    from lms.helping.rules import Definition
    from lms.helping.taken_queries import TakenRow, Taking
    from lms.paging import At, Page

SHOWN = 10  # of the newest entries
TOLD = timedelta(days=14)  # for which the page says what was taken out


@dataclass(frozen=True, slots=True)
class LogPage:
    """What somebody may note help with, and what was noted. `posts` are the units to choose from, the usual one first.

    `year` maps definitions to what they count since 1 January. `is_open` is whether there ever was a certificate;
    `is_lapsed` that none is valid today. `takings` were taken out in the last weeks.
    """

    is_open: bool
    is_lapsed: bool
    posts: Sequence[Post]
    lists: Catalogue
    definitions: Sequence[Definition]
    year: dict[str, Helped]
    today: int
    newest: Sequence[HelpEntry]
    takings: Sequence[Taking]


def log_page(db: Session, person: int, today: date) -> LogPage:
    """The page on which somebody notes help."""
    mandates = mandate_queries.mandates_of(db, person)
    posts = mandate_queries.posts_of(db, person, today)
    root = posts[0].root if posts else None
    definitions = catalogue.definitions(db, root, today)
    mine = (HelpEntry.helper_id == person, HelpEntry.undone_at.is_(None))
    newest = db.scalars(select(HelpEntry).where(*mine).order_by(HelpEntry.id.desc()).limit(SHOWN)).all()
    of_today = select(func.count()).select_from(HelpEntry).where(*mine, HelpEntry.given_on == today)
    return LogPage(
        is_open=bool(mandates),
        is_lapsed=not any(mandate.is_valid_on(today) for mandate in mandates),
        posts=posts,
        lists=catalogue.catalogue(db, root, today),
        definitions=definitions,
        year=figure_queries.of_person(db, person, date(today.year, 1, 1), today, definitions),
        today=db.scalar(of_today) or 0,
        newest=newest,
        takings=taken_queries.takings_since(db, person, now() - TOLD),
    )


@dataclass(frozen=True, slots=True)
class OwnPage:
    """All that somebody noted, page by page: `HelpEntry` and the name of its unit. `taken` was taken out, by id."""

    page: Page
    lists: Catalogue
    taken: Mapping[int, TakenRow]


def own_page(db: Session, person: int, at: At, today: date) -> OwnPage:
    """All that somebody noted, the newest first."""
    mine = select(HelpEntry, Unit.name.label("unit")).join(Unit, Unit.id == HelpEntry.unit_id)
    found = page(db, mine.where(HelpEntry.helper_id == person), (HelpEntry.id, HelpEntry.id), at, newest_first=True)
    posts = mandate_queries.posts_of(db, person, today)
    taken = taken_queries.of_entries(db, [row[0].id for row in found.rows])
    return OwnPage(found, catalogue.catalogue(db, posts[0].root if posts else None, today), taken)


OWN_COLUMNS = tuple(
    "given_on kind audience service people minutes channel outcome note unit standing logged_at undone_at".split()  # noqa: SIM905
)


def own_rows(db: Session, person: int) -> Sequence[Any]:
    """The same as rows of a file, in the order of `OWN_COLUMNS`. One person's entries fit into memory."""
    columns = [Unit.code if name == "unit" else getattr(HelpEntry, name) for name in OWN_COLUMNS]
    mine = select(*columns).join(Unit, Unit.id == HelpEntry.unit_id).where(HelpEntry.helper_id == person)
    return db.execute(mine.order_by(HelpEntry.given_on, HelpEntry.id)).all()


def own_entry(db: Session, person: int, client_id: str) -> HelpEntry | None:
    """An entry of somebody's own help, or one that she noted. A tally is its unit's, and none of hers."""
    row = db.scalar(select(HelpEntry).where(HelpEntry.client_id == client_id, ~HelpEntry.is_tally))
    return row if row is not None and person in (row.helper_id, row.logged_by) else None
