"""The lists that help is chosen from: the built-in ones, and those of a programme in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select

from lms.helping.models import HelpChoice, HelpDefinition
from lms.helping.rules import Definition, Kind
from lms.web.language import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

AUDIENCE, SERVICE = "audience", "service"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list. `names` maps languages to names; the built-in ones have their words in `word` instead."""

    code: str
    names: Mapping[str, str]
    word: object = ""
    situation: str = ""
    icon: str = "ring"

    def name(self, language: str) -> str:
        """What it is called in a language, else in English, else in any."""
        if self.word:
            return str(self.word)
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.code)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The audiences and services of one tree of units, in their order; `ended` are those that can be chosen no more."""

    audiences: tuple[Choice, ...]
    services: tuple[Choice, ...]
    ended: tuple[tuple[str, Choice], ...] = ()

    def audience(self, code: str) -> Choice | None:
        """The audience with a code."""
        return next((each for each in self.audiences if each.code == code), None)

    def service(self, code: str) -> Choice | None:
        """The service with a code."""
        return next((each for each in self.services if each.code == code), None)

    def named(self, field: str, code: str, language: str) -> str:
        """What an audience or service of an entry is called, also if it is on the list no more; else its code."""
        listed, built_in = (self.audiences, AUDIENCES) if field == AUDIENCE else (self.services, SERVICES)
        known = (*listed, *(each for of, each in self.ended if of == field), *built_in)
        return next((each.name(language) for each in known if each.code == code), code)


AUDIENCES = (
    Choice("citizen", {}, lazy("A citizen"), icon="user"),
    Choice("local-authority", {}, lazy("Local authority"), icon="hall"),
    Choice("business", {}, lazy("A business"), icon="work"),
    Choice("librarian", {}, lazy("A colleague"), icon="people"),
)
SERVICES = (
    Choice("health", {}, lazy("Doctor and prescriptions"), "life/health", "heart"),
    Choice("pension", {}, lazy("Pension and benefits"), "life/pension", "coins"),
    Choice("identity", {}, lazy("Signature and documents"), "life/identity", "key"),
    Choice("home", {}, lazy("Home and bills"), "life/home", "home"),
    Choice("work", {}, lazy("Work and taxes"), "life/work", "work"),
    Choice("child", {}, lazy("Children and school"), "life/child", "people"),
    Choice("travel", {}, lazy("Car and travel"), "life/travel", "road"),
    Choice("safety", {}, lazy("Safety and fraud"), "life/safety", "shield"),
    Choice("other", {}, lazy("Something else"), "", "plus"),
)
BUILT_IN = {AUDIENCE: AUDIENCES, SERVICE: SERVICES}
ICONS = {each.code: each.icon for each in (*AUDIENCES, *SERVICES)}
DEFINITIONS = (
    Definition("trained", 1, {}, {}, frozenset({Kind.TRAINING})),
    Definition("consulted", 1, {}, {}, frozenset({Kind.CONSULTATION})),
    Definition("visited", 1, {}, {}, frozenset({Kind.VISIT}), counts="entries"),
)
# the words of the built-in definitions: a title, and what it counts
DEFINITION_WORDS: dict[str, tuple[object, object]] = {
    "trained": (lazy("Trained"), lazy("People who took part in a training. Somebody who came twice counts twice.")),
    "consulted": (
        lazy("Consulted"),
        lazy("People who were helped with one question of their own. Somebody who came twice counts twice."),
    ),
    "visited": (lazy("Visits"), lazy("Visits at home or on site, however many people were met there.")),
}


# built once: noting help should cost little more than the row
_OWN = (
    select(HelpChoice.field, HelpChoice.code, HelpChoice.names, HelpChoice.situation, HelpChoice.ended_on)
    .where(HelpChoice.unit_id == bindparam("root"))
    .order_by(HelpChoice.position, HelpChoice.id)
)


def catalogue(db: Session | Connection, root: int | None, day: date) -> Catalogue:
    """The lists in force on a day in the tree with this root; those that the programme did not write are built in."""
    rows: Sequence[Any] = ()
    if root is not None:
        rows = db.execute(_OWN, {"root": root}).all()
    ended = tuple((row.field, choice_of(row)) for row in rows if not _is_open(row, day))
    return Catalogue(_own(rows, AUDIENCE, day) or AUDIENCES, _own(rows, SERVICE, day) or SERVICES, ended)


def _own(rows: Sequence[Any], field: str, day: date) -> tuple[Choice, ...]:
    return tuple(choice_of(row) for row in rows if row.field == field and _is_open(row, day))


def _is_open(row: Any, day: date) -> bool:
    return row.ended_on is None or day <= row.ended_on


def choice_of(row: Any) -> Choice:
    """A row as a value."""
    return Choice(row.code, row.names, "", row.situation, ICONS.get(row.code, "ring"))


def definitions(db: Session, root: int | None, day: date) -> tuple[Definition, ...]:
    """What the programme of a tree counts on a day; the built-in definitions for the words that it did not define."""
    found: dict[str, Definition] = {each.code: each for each in DEFINITIONS}
    if root is not None:
        in_force = (
            or_(HelpDefinition.since.is_(None), HelpDefinition.since <= day),
            or_(HelpDefinition.until.is_(None), HelpDefinition.until >= day),
        )
        own = select(HelpDefinition).where(HelpDefinition.unit_id == root, *in_force)
        found |= {row.code: definition_of(row) for row in db.scalars(own.order_by(HelpDefinition.id))}
    return tuple(found.values())


def definition_of(row: HelpDefinition) -> Definition:
    """A row as a value."""
    return Definition(
        row.code,
        row.version,
        row.titles,
        row.texts,
        frozenset(row.kinds),
        frozenset(row.audiences),
        row.counts,
        row.since,
        row.until,
        row.id,
    )


def title_of(definition: Definition, language: str) -> str:
    """The word that a definition defines, in a language."""
    return _word(definition, definition.titles, 0, language)


def text_of(definition: Definition, language: str) -> str:
    """What a definition says, in a language."""
    return _word(definition, definition.texts, 1, language)


def _word(definition: Definition, own: Mapping[str, str], place: int, language: str) -> str:
    if own:
        return own.get(language) or own.get("en") or next(iter(own.values()))
    return str(DEFINITION_WORDS[definition.code][place])
