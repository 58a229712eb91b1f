"""What a row says, as values: a person or a unit, or the reason why the row cannot be taken. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from lms.folding import fold
from lms.rosters.columns import LANGUAGE_FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.tables import Row

EMAIL = re.compile(r"[^\s@<>\"(),:;\[\\\]]{1,64}@[^\s@.<>\"(),:;\[\\\]]+(\.[^\s@.<>\"(),:;\[\\\]]+)+")
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
NO_DIGIT, WORD = re.compile(r"[^0-9]"), re.compile(r"[^\W\d_]{4}")
JOINERS = "\u200c\u200d"
LONGEST = {"code": 80, "name": 200, "latin_name": 200, "email": 254, "category": 80, "employer": 200}
LONGEST_UNIT_CODE, LONGEST_KIND = 60, 40
SHORTEST_PHONE, LONGEST_PHONE = 7, 15  # digits; E.164 allows 15
Columns: TypeAlias = "Mapping[str, int]"


class Reason(NamedTuple):
    """Why something became of a row: a key of `words.REASONS` and what its sentence needs."""

    key: str
    values: dict[str, Any]

    @classmethod
    def of(cls, key: str, **values: Any) -> Reason:
        """A reason with its values."""
        return cls(key, values)


class Wrong(Exception):
    """A row cannot be taken."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.reason = Reason(key, values)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken; `who` is what can be read of it."""

    row: int
    reason: Reason
    who: str = ""
    code: str = ""


@dataclass(slots=True)
class PersonEntry:
    """A person as a row tells. What is empty says nothing, so it changes nothing. `notes` tell what was dropped."""

    row: int
    name: str
    folded_name: str
    code: str = ""
    latin_name: str = ""
    email: str = ""
    phone: str = ""
    units: Sequence[str] = ()
    unit_name: str = ""
    category: str = ""
    employer: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    notes: list[Reason] = field(default_factory=list)


@dataclass(slots=True)
class UnitEntry:
    """A unit as a row tells. `names` is by language."""

    row: int
    code: str
    name: str
    kind: str = ""
    parent: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: Sequence[str] = ()
    latitude: float | None = None
    longitude: float | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    notes: list[Reason] = field(default_factory=list)


Entry: TypeAlias = PersonEntry | UnitEntry | Refused


@lru_cache(maxsize=2**16)
def _folded_word(word: str) -> str:
    return fold(word)


def folded(name: str) -> str:
    """A name as searching compares it. Names are made of few different words, so each is folded once."""
    return " ".join([_folded_word(word) for word in name.split()])[:400]


def person_entry(row: Row, columns: Columns, *, family_first: bool = False) -> PersonEntry | Refused:
    """The person that a row describes."""
    given = _given(row, columns)
    try:
        _refuse_broken(row)
        name = _name(given, family_first=family_first)
        latin = _text(given, "latin_name")
        entry = PersonEntry(
            row.number,
            name,
            folded(f"{name} {latin}" if latin else name),
            code=_text(given, "code"),
            latin_name=latin,
            units=_several(given.get("unit_code", ""), LONGEST_UNIT_CODE),
            unit_name=given.get("unit_name", "")[:200],
            category=_text(given, "category"),
            employer=_text(given, "employer"),
        )
        _add_contacts(entry, given)
        _add_days(entry, given)
    except Wrong as wrong:
        return Refused(row.number, wrong.reason, _who(row), given.get("code", "")[:80])
    return entry


def unit_entry(row: Row, columns: Columns) -> UnitEntry | Refused:
    """The unit that a row describes."""
    given = _given(row, columns)
    try:
        _refuse_broken(row)
        code, name = given.get("code", ""), " ".join(given.get("name", "").split())
        if not code:
            raise Wrong("no-unit-code")  # noqa: TRY301 - one place turns every reason into a refusal
        _refuse_long("code", code, LONGEST_UNIT_CODE)
        if not any(letter.isalnum() for letter in name):
            raise Wrong("no-unit-name")  # noqa: TRY301
        _refuse_long("name", name, 200)
        entry = UnitEntry(row.number, code, name, kind=given.get("kind", "").lower()[:LONGEST_KIND])
        entry.parent = given.get("parent_code", "")
        entry.names = {
            key.removeprefix(LANGUAGE_FIELD): text[:200]
            for key, text in given.items()
            if key.startswith(LANGUAGE_FIELD)
        }
        entry.aliases = [alias[:200] for part in given.get("aliases", "").split(";") if (alias := part.strip())]
        entry.latitude = _degrees(given, "latitude", 90, entry.notes)
        entry.longitude = _degrees(given, "longitude", 180, entry.notes)
        entry.opened_on, entry.closed_on = _day(given, "opened_on"), _day(given, "closed_on")
    except Wrong as wrong:
        return Refused(row.number, wrong.reason, _who(row), given.get("code", "")[:60])
    return entry


def _given(row: Row, columns: Columns) -> dict[str, str]:
    """Field -> what the row has in its column, without the empty ones."""
    cells = row.cells
    width = len(cells)
    return {key: cells[place] for key, place in columns.items() if place < width and cells[place]}


def _who(row: Row) -> str:
    return " · ".join(cell for cell in row.cells[:6] if cell)[:160]


def _refuse_broken(row: Row) -> None:
    if row.problem:
        raise Wrong(row.problem)


def _refuse_long(key: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Wrong("long", field=key, most=most)


def _text(given: Mapping[str, str], key: str) -> str:
    text = given.get(key, "")
    if not text:
        return ""
    text = " ".join(text.split())
    _refuse_long(key, text, LONGEST[key])
    return text


def _name(given: Mapping[str, str], *, family_first: bool) -> str:
    name = given.get("name")
    if name is None:
        parts = [given.get("given_name", ""), given.get("family_name", "")]
        name = " ".join(reversed(parts) if family_first else parts)
    name = " ".join(name.split())
    if not any(letter.isalpha() for letter in name):
        raise Wrong("no-name")
    _refuse_long("name", name, LONGEST["name"])
    if not name.isascii() and not name.isprintable():
        unseen = any(unicodedata.category(letter) in {"Cc", "Cf"} and letter not in JOINERS for letter in name)
        if unseen:
            raise Wrong("strange-name")
    if "@" in name or "//" in name or "www." in name.casefold():
        raise Wrong("strange-name")
    return name


def _add_contacts(entry: PersonEntry, given: Mapping[str, str]) -> None:
    """What can be left out of a row without losing the row: a person without a phone is a person."""
    for key, plain in (("email", plain_email), ("phone", plain_phone), ("language", plain_language)):
        text = given.get(key)
        if text:
            value = plain(text)
            setattr(entry, key, value)
            if not value:
                entry.notes.append(Reason.of(f"bad-{key}", given=text[:80]))


def plain_email(text: str) -> str:
    """An address as we keep and compare it. Empty: it is none."""
    return text.casefold() if len(text) <= LONGEST["email"] and EMAIL.fullmatch(text) else ""


def plain_language(text: str) -> str:
    """A language's tag. Empty: it is none."""
    tag, _mark, region = text.replace("_", "-").partition("-")
    tag = f"{tag.lower()}-{region}" if region else tag.lower()
    return tag if len(tag) <= 20 and TAG.fullmatch(tag) else ""


def plain_phone(text: str) -> str:
    """A phone number as we keep and compare it: digits, a plus before them if there was one. Empty: it is none."""
    digits = text if text.isdecimal() and text.isascii() else NO_DIGIT.sub("", text)
    if not SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE or (digits is not text and WORD.search(text)):
        return ""
    return f"+{digits}" if text.lstrip().startswith("+") else digits


def _add_days(entry: PersonEntry, given: Mapping[str, str]) -> None:
    if "since" not in given and "until" not in given:
        return
    entry.since, entry.until = _day(given, "since"), _day(given, "until")
    if entry.since and entry.until and entry.until < entry.since:
        raise Wrong("ends-before", since=entry.since.isoformat(), until=entry.until.isoformat())


def _day(given: Mapping[str, str], key: str) -> date | None:
    """A day: ISO 8601, or day, month, year as most of the world writes it."""
    text = given.get(key, "")
    if not text:
        return None
    try:
        match = DAY.fullmatch(text)
        if match:
            day, month, year = (int(part) for part in match.groups())
            return date(year, day, month) if month > 12 >= day else date(year, month, day)
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Wrong("bad-day", field=key, given=text[:40]) from None


def _degrees(given: Mapping[str, str], key: str, most: int, notes: list[Reason]) -> float | None:
    text = given.get(key, "")
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = most + 1.0
    if not abs(value) <= most:
        notes.append(Reason.of("bad-degrees", field=key, given=text[:40]))
        return None
    return round(value, 6)


def _several(text: str, most: int) -> Sequence[str]:
    """The codes in a cell; OneRoster puts several there, with commas between."""
    if not text:
        return ()
    codes = [part.strip() for part in re.split(r"[,;]", text)] if "," in text or ";" in text else [text]
    for code in codes:
        _refuse_long("unit_code", code, most)
    return [code for code in dict.fromkeys(codes) if code]
