"""Runs of letters: begin one, whom it writes to next, what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import and_, select, update

from lms import jobs
from lms.among import among
from lms.clock import now
from lms.db import insert_once
from lms.news.audience_queries import Top, is_for, people_of
from lms.news.models import Announcement, NewsLetter, NewsReading, NewsRound
from lms.news.rules import Audience, first_day_told, week_of
from lms.people.models import Person, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

WRITE, SEND = "write_news", "send_news"
WEEKLY, URGENT, AGAIN = "week", "urgent", "again"
PIECE = 200  # people in one job; others get in between


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody to write to, and about what; the newest first."""

    person: Person
    announcements: Sequence[Announcement]


@dataclass(frozen=True, slots=True)
class Piece:
    """The next people of a round. `last` is the last of those looked at; None: nobody is left."""

    due: Sequence[Due]
    last: int | None


def ask_to_write(db: Session) -> None:
    """Ask once an hour whether the week's letters are to be begun."""
    turn = int(now().timestamp() // 3600) + 1
    at = datetime.fromtimestamp(turn * 3600, now().tzinfo)
    jobs.enqueue(db, WRITE, {}, run_at=at, dedupe=f"{WRITE}/{turn}")


def begin_week(db: Session, today: date) -> None:
    """Begin the letters of this week, once: about what was announced since Monday of the week before."""
    key, first = week_of(today), first_day_told(today)
    if db.scalar(select(NewsRound.id).where(NewsRound.key == key)) is None:
        _begin(db, key, WEEKLY, None, first)


def begin_one(db: Session, row: Announcement, kind: str) -> None:
    """Begin letters about one announcement alone, once for each kind."""
    _begin(db, f"{kind}-{row.id}", kind, row.id, row.starts_on)


def _begin(db: Session, key: str, kind: str, announcement: int | None, first: date) -> None:
    values = {"key": key, "kind": kind, "announcement_id": announcement, "first_day": first, "reached": 0}
    if insert_once(db, NewsRound, {**values, "begun_at": now(), "ended_at": None}):
        found = db.scalars(select(NewsRound.id).where(NewsRound.key == key)).one()
        jobs.enqueue(db, SEND, {"round": found}, dedupe=f"{SEND}/{found}")


def starts_at(row: NewsRound, zone: ZoneInfo) -> datetime:
    """Before which moment no letter of a round goes out: an announcement is not told of before its day."""
    return datetime.combine(row.first_day, time(), zone)


def round_of(db: Session, round_id: int) -> NewsRound | None:
    """One round."""
    return db.get(NewsRound, round_id)


def next_piece(db: Session, row: NewsRound, today: date) -> Piece:
    """The next people of a round who are to be written to."""
    people = db.scalars(
        select(Person.id).where(Person.id > row.reached, *_candidates(db, row, today)).order_by(Person.id).limit(PIECE)
    ).all()
    return Piece(due(db, row, people, today), people[-1] if people else None)


def _candidates(db: Session, row: NewsRound, today: date) -> list[ColumnElement[bool]]:
    """Of a week everybody who may be written to; of one announcement whom it is for."""
    told = db.get(Announcement, row.announcement_id) if row.announcement_id else None
    if told is None:
        return [Person.reminds.is_(True), Person.closed_at.is_(None)]
    path = db.scalar(select(Unit.path).where(Unit.id == told.unit_id)) or ""
    audience = Audience(told.unit_id, path, told.role, told.language, told.course_id or "")
    return [Person.reminds.is_(True), *people_of(audience, today)]


def due(db: Session, row: NewsRound, people: Sequence[int], today: date) -> Sequence[Due]:
    """Who of these people is written to in a round, and about what: nothing that they opened or were told of."""
    mine = and_(NewsReading.announcement_id == Announcement.id, NewsReading.person_id == Person.id)
    written = select(NewsLetter.round_id).where(NewsLetter.round_id == row.id, NewsLetter.person_id == Person.id)
    rows = db.execute(
        select(Person, Announcement)
        .select_from(Announcement)
        .join(Person, among(Person.id, people))
        .outerjoin(Top, Top.id == Announcement.unit_id)
        .outerjoin(NewsReading, mine)
        .where(is_for(today), Person.reminds, ~written.exists(), *_told_of(row))
        .order_by(Person.id, Announcement.is_urgent.desc(), Announcement.starts_on.desc(), Announcement.id.desc())
    )
    found: dict[int, tuple[Person, list[Announcement]]] = {}
    for person, told in rows:
        found.setdefault(person.id, (person, []))[1].append(told)
    return [Due(person, told) for person, told in found.values()]


def _told_of(row: NewsRound) -> list[ColumnElement[bool]]:
    if row.kind == AGAIN:
        return [Announcement.id == row.announcement_id, NewsReading.confirmed_at.is_(None)]
    fresh = and_(NewsReading.opened_at.is_(None), NewsReading.sent_at.is_(None))
    if row.kind == URGENT:
        return [Announcement.id == row.announcement_id, fresh]
    return [Announcement.starts_on >= row.first_day, fresh]


def settle(db: Session, row: NewsRound, each: Due, state: str, reason: str = "") -> None:
    """Note what became of one letter, and whom it told of what."""
    letter = {"round_id": row.id, "person_id": each.person.id, "state": state, "reason": reason, "at": now()}
    if insert_once(db, NewsLetter, letter) and state == "sent":
        for told in each.announcements:
            _note_sent(db, told.id, each.person.id)


def _note_sent(db: Session, announcement: int, person: int) -> None:
    empty = {"opened_at": None, "confirmed_at": None}
    values = {"announcement_id": announcement, "person_id": person, "sent_at": now(), **empty}
    if not insert_once(db, NewsReading, values):
        known = (NewsReading.announcement_id == announcement, NewsReading.person_id == person)
        unsent = update(NewsReading).where(*known, NewsReading.sent_at.is_(None)).values(sent_at=values["sent_at"])
        db.execute(unsent.execution_options(synchronize_session=False))


def go_on(db: Session, row: NewsRound, last: int | None) -> None:
    """Note how far a round is, and ask for the next people; with nobody left, end it."""
    values: Mapping[str, object] = {"ended_at": now()} if last is None else {"reached": last}
    db.execute(update(NewsRound).where(NewsRound.id == row.id).values(**values))
    if last is not None:
        jobs.enqueue(db, SEND, {"round": row.id})


def ask_for_one(db: Session, row: NewsRound, person: int, when: datetime) -> None:
    """Ask for one person's letter later, because it could not be handed over now."""
    jobs.enqueue(db, SEND, {"round": row.id, "person": person}, run_at=when, dedupe=f"{SEND}/{row.id}/{person}")
