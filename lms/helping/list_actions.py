"""Changing a programme's own lists, and giving a word a new definition. Old entries and old versions stay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.helping import catalogue, list_queries
from lms.helping.list_rules import choice_problems, definition_problems
from lms.helping.models import HelpChoice, HelpDefinition
from lms.helping.rules import Kind
from lms.web.language import languages, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.helping.list_rules import NewChoice, NewDefinition


class Refused(ValueError):
    """What was typed cannot be kept. `problems` maps fields to what is wrong, as `list_rules` says."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = problems


class Begun(ValueError):
    """A version that is in force or was: figures were counted by it."""


def begin_list(db: Session, root: int, field: str) -> None:
    """Copy the built-in list, with its names in all languages, to be changed. A list that was begun stays."""
    if list_queries.choices(db, root, field):
        return
    for place, each in enumerate(catalogue.BUILT_IN[field], 1):
        row = HelpChoice(unit_id=root, field=field, code=each.code, names=_in_all_languages(each.word))
        row.situation, row.position = each.situation, place
        db.add(row)
    db.flush()


def _in_all_languages(word: object) -> dict[str, str]:
    names = {}
    for tag in languages():
        with speaking(tag):
            names[tag] = str(word)
    return names


def add_choice(db: Session, root: int, field: str, new: NewChoice) -> HelpChoice:
    """Put a choice on a list, which begins as the built-in one. Raises `Refused`."""
    begin_list(db, root, field)
    rows = list_queries.choices(db, root, field)
    if problems := choice_problems(new, {row.code for row in rows}):
        raise Refused(problems)
    row = HelpChoice(unit_id=root, field=field, code=new.code, names={}, position=len(rows) + 1)
    db.add(row)
    _write(row, new)
    db.flush()
    _arrange(db, row, new.position or len(rows) + 1)
    return row


def change_choice(db: Session, row: HelpChoice, new: NewChoice) -> None:
    """Change what a choice is called, where it stands, or until when it can be chosen. Raises `Refused`."""
    if problems := choice_problems(new, ()):
        raise Refused(problems)
    _write(row, new)
    _arrange(db, row, new.position or row.position)


def _write(row: HelpChoice, new: NewChoice) -> None:
    row.names = {tag: name for tag, name in new.names.items() if name}
    row.situation, row.ended_on = new.situation, new.ended_on


def _arrange(db: Session, row: HelpChoice, position: int) -> None:
    """Let a choice stand at a place of its list, counted from 1, and the others keep their order."""
    others = [each for each in list_queries.choices(db, row.unit_id, row.field) if each.id != row.id]
    others.insert(max(0, position - 1), row)
    for place, each in enumerate(others, 1):
        each.position = place


def define(db: Session, root: int, new: NewDefinition, *, by: int, today: date) -> HelpDefinition:
    """Give a word a new definition from a day on; the version before ends the day before. Raises `Refused`.

    Sent twice it is one version.
    """
    list_queries.take_turns(db, root)
    lists = catalogue.catalogue(db, root, today)
    rows = _standing(db, root, new.code)
    if rows and _says_the_same(rows[0], new, by):
        return rows[0]
    listed: dict[str, list[str]] = {"kinds": [*Kind], "audiences": [each.code for each in lists.audiences]}
    previous = rows[0].since if rows else None
    closed = list_queries.last_closed(db, root)
    if problems := definition_problems(new, previous=previous, closed=closed, listed=listed):
        raise Refused(problems)
    if rows and new.since is not None:
        rows[0].until = new.since - timedelta(days=1)
    row = HelpDefinition(
        unit_id=root, code=new.code, version=_next_version(db, root, new.code), since=new.since, until=None,
        titles=_told(new.titles), texts=_told(new.texts), kinds=sorted(new.kinds), audiences=sorted(new.audiences),
        counts=new.counts, made_by=by, made_at=now(),
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def _says_the_same(row: HelpDefinition, new: NewDefinition, by: int) -> bool:
    said = (row.since, row.titles, row.texts, row.kinds, row.audiences, row.counts, row.made_by)
    kinds, audiences = sorted(new.kinds), sorted(new.audiences)
    return said == (new.since, _told(new.titles), _told(new.texts), kinds, audiences, new.counts, by)


def _standing(db: Session, root: int, code: str) -> list[HelpDefinition]:
    """The own versions of a word, the newest first, held until the end; not those that were withdrawn."""
    own = select(HelpDefinition).where(HelpDefinition.unit_id == root, HelpDefinition.code == code)
    rows = db.scalars(own.order_by(HelpDefinition.version.desc()).with_for_update())
    return [row for row in rows if not catalogue.definition_of(row).is_withdrawn]


def withdraw(db: Session, row: HelpDefinition, today: date) -> None:
    """Take back a version that has not begun; the one before lasts on. Twice changes nothing. Raises `Begun`.

    The row stays with its number, which may stand on somebody's paper, and ends before it begins.
    """
    rows = _standing(db, row.unit_id, row.code)
    if row not in rows:
        return
    if row.since is None or row.since <= today:
        raise Begun
    before = next((each for each in rows if each.version < row.version), None)
    if before is not None:
        before.until = row.until
    row.until = row.since - timedelta(days=1)


def _next_version(db: Session, root: int, code: str) -> int:
    return max((each.version for each in list_queries.versions(db, root, code)), default=0) + 1


def _told(words: Mapping[str, str]) -> dict[str, str]:
    return {tag: text for tag, text in words.items() if text}
