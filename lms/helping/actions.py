"""Logging help, and undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from lms.clock import now
from lms.db import insert_once
from lms.helping import catalogue, mandate_queries, rules
from lms.helping.models import HelpEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from lms.helping.catalogue import Catalogue
    from lms.helping.mandate_queries import Post
    from lms.helping.rules import Help


# built once: noting help should cost little more than the row
_BY_CLIENT_ID = select(HelpEntry).where(HelpEntry.client_id == bindparam("given"))


class NotCertified(Exception):
    """Whoever never had a certificate has no mandate to help, and no log."""


class NoUnit(Exception):
    """Whoever belongs to no unit on that day; the help would be counted nowhere."""


class BadHelp(ValueError):
    """What was entered cannot be kept. `problems` maps fields to what is wrong, as `rules.problems` says."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = problems


class NotYours(LookupError):
    """No such entry, or somebody else's."""


def log(db: Session, person: int, given: Help, *, client_id: str, today: date, unit: int | None = None) -> HelpEntry:
    """Note help that somebody gave. What was sent before under this `client_id` is not noted again.

    `unit` says in which of her units she was on that day; None: in the newest.

    Raises `NotCertified`, `NoUnit`, `BadHelp`, `NotYours`.
    """
    known = by_client_id(db, person, client_id)
    if known is None:
        insert_once(db, HelpEntry, to_log(db, person, given, client_id=client_id, today=today, unit=unit))
        known = by_client_id(db, person, client_id)
    if known is None:
        raise NotYours(client_id)
    return known


def to_log(
    db: Session | Connection, person: int, given: Help, *, client_id: str, today: date, unit: int | None = None
) -> dict[str, Any]:
    """What `log` would keep, looked at without writing. Raises `NotCertified`, `NoUnit`, `BadHelp`."""
    stand = mandate_queries.stand_of(db, person, given.given_on)
    if not stand.posts:
        raise NoUnit if mandate_queries.mandates_of(db, person) else NotCertified
    post = _post(stand.posts, unit)
    mine, of_unit = mandate_queries.mandates_at(db, stand, post)
    if not mine:
        raise NotCertified
    if stand.noted >= rules.MOST_A_DAY:
        raise BadHelp({"given_on": "full"})
    _check(db, post.root if stand.has_lists else None, given, today)
    standing = rules.standing(mine, of_unit, given)
    return _values(person, post.id, given, client_id=client_id, helper=person, standing=standing)


def _post(posts: Sequence[Post], unit: int | None) -> Post:
    """The unit in which she says that she was, or the newest."""
    post = posts[0] if unit is None else next((each for each in posts if each.id == unit), None)
    if post is None:
        raise BadHelp({"unit": "elsewhere"})
    return post


def log_at_once(
    db: Connection, person: int, given: Help, *, client_id: str, today: date, unit: int | None = None
) -> rules.Standing | None:
    """`log` as a write that may share its commit with others: how the help stands, or None if it was sent before.

    It looks where it writes: SQLite reads nothing again there, while any other connection has forgotten all that it
    had read as soon as somebody commits. Raises `NotCertified`, `NoUnit`, `BadHelp`.
    """
    values = to_log(db, person, given, client_id=client_id, today=today, unit=unit)
    return rules.Standing(values["standing"]) if insert_once(db, HelpEntry, values) else None


def _check(db: Session | Connection, root: int | None, given: Help, today: date) -> None:
    problems = rules.problems(given, today) | unlisted(catalogue.catalogue(db, root, given.given_on), given)
    if problems:
        raise BadHelp(problems)


def unlisted(lists: Catalogue, given: Help) -> dict[str, str]:
    """Audience and service, as `rules.problems` says it, where the programme's lists do not have them."""
    found = {"audience": lists.audience(given.audience), "service": lists.service(given.service)}
    return {field: "unknown" for field, choice in found.items() if choice is None}


def note(
    db: Session, by: int, unit: int, given: Help, *, client_id: str, helper: int | None, standing: rules.Standing
) -> HelpEntry:
    """Add an entry that was looked at before. Raises `NotYours` if somebody else sent this id."""
    insert_once(db, HelpEntry, _values(by, unit, given, client_id=client_id, helper=helper, standing=standing))
    found = by_client_id(db, by, client_id)
    if found is None:
        raise NotYours(client_id)
    return found


def _values(
    by: int, unit: int, given: Help, *, client_id: str, helper: int | None, standing: rules.Standing
) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "helper_id": helper,
        "unit_id": unit,
        "given_on": given.given_on,
        "kind": given.kind,
        "audience": given.audience,
        "service": given.service,
        "people": given.people,
        "minutes": given.minutes,
        "channel": given.channel,
        "outcome": given.outcome,
        "note": given.note,
        "is_tally": helper is None,
        "standing": str(standing),
        "logged_by": by,
        "logged_at": now(),
        "undone_by": None,
        "undone_at": None,
    }


def by_client_id(db: Session, person: int, client_id: str) -> HelpEntry | None:
    """What somebody sent under an id. Raises `NotYours` if somebody else did."""
    row = db.scalar(_BY_CLIENT_ID, {"given": client_id})
    if row is not None and row.logged_by != person:
        raise NotYours(client_id)
    return row


def undo(person: int, entry: HelpEntry) -> None:
    """Take an entry back; it stays with its moment, for figures of past days. Undoing twice changes nothing.

    Raises `NotYours` unless she logged it or it is about her own help.
    """
    if person not in (entry.logged_by, entry.helper_id):
        raise NotYours(entry.id)
    if entry.undone_at is None:
        entry.undone_at, entry.undone_by = now(), person
