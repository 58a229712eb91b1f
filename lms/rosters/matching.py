"""Whom a row of a register means, and what it changes. Pure: what stands in the database comes as facts.

A person is found by code, else by a proved address, else as exactly the same entry. Somebody who only shares an e-mail
or a phone is put before a person; nobody is merged here. Who has signed in, or sits outside the subtree of the run, is
asked instead of edited.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from lms.folding import fold
from lms.rosters.entries import Reason, Refused, Wrong
from lms.rosters.known import Held, Known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lms.rosters.entries import PersonEntry
    from lms.rosters.known import Facts, Place, Terms

FIELDS = ("name", "latin_name", "email", "phone", "category", "employer", "language")


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ASKED = "asked"
    REJECTED = "rejected"


@dataclass(slots=True)
class Seen:
    """The rows of this file that were taken already: row numbers by what makes a row one of its kind.

    `contacts` is kept in a dry run only, where nobody is in the database whom an earlier row would have made.
    """

    rows: dict[int, int] = field(default_factory=dict)
    contacts: set[int] | None = None

    def remember(self, entry: PersonEntry) -> None:
        """Note a row that was taken."""
        self.rows.setdefault(_key(entry), _mark(entry) << 32 | entry.row)
        if self.contacts is not None:
            self.contacts.update(hash(contact) for contact in (entry.email, entry.phone) if contact)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a row. `changes` are (field, before, after)."""

    row: int
    outcome: Outcome
    reason: Reason | None = None
    code: str = ""
    who: str = ""
    changes: Sequence[tuple[str, str, str]] = ()


@dataclass(slots=True)
class Plan:
    """What a batch writes."""

    created: list[tuple[Known, PersonEntry]] = field(default_factory=list)
    changed: dict[int, Known] = field(default_factory=dict)
    former_names: dict[int, tuple[str, str]] = field(default_factory=dict)
    joins: list[tuple[Known, Held]] = field(default_factory=list)
    redated: dict[int, Held] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    pairs: list[tuple[Known, Known, str]] = field(default_factory=list)
    offers: list[tuple[int, int, date]] = field(default_factory=list)


class Matcher:
    """Takes the rows of a batch one after the other; `plan` grows by what each of them changes."""

    def __init__(self, facts: Facts, terms: Terms, seen: Seen) -> None:
        self.facts, self.terms, self.seen = facts, terms, seen
        self.plan = Plan()
        self.fresh = Seen(contacts=set() if seen.contacts is not None else None)

    def settle(self) -> None:
        """Remember the rows of this batch for the next ones, once it is written."""
        self.seen.rows.update(self.fresh.rows)
        if self.seen.contacts is not None and self.fresh.contacts is not None:
            self.seen.contacts |= self.fresh.contacts

    def take(self, entry: PersonEntry | Refused) -> Decision:
        """Decide about a row."""
        if isinstance(entry, Refused):
            return Decision(entry.row, Outcome.REJECTED, entry.reason, entry.code, entry.who)
        try:
            places = self._places(entry)
            earlier = self._refuse_repeated(entry)
            known = self._same_person(entry, places)
            if known is None and earlier:
                return _decision(entry, Outcome.UPDATED, Reason.of("again", row=earlier))
            decision = self._create(entry, places) if known is None else self._meet(known, entry, places, earlier)
        except Wrong as wrong:
            return _decision(entry, Outcome.REJECTED, wrong.reason)
        self.fresh.remember(entry)
        return decision

    # where

    def _places(self, entry: PersonEntry) -> Sequence[Place]:
        if entry.units:
            places = [self._place(code) for code in entry.units]
            if entry.unit_name and len(places) == 1 and fold(entry.unit_name) not in places[0].names:
                entry.notes = [*entry.notes, Reason.of("other-unit-name", code=places[0].code, name=places[0].name)]
            return places
        if entry.unit_name:
            return [self._place_by_name(entry.unit_name)]
        if self.terms.unit is None:
            raise Wrong("no-unit")
        return [self.terms.unit]

    def _place(self, code: str) -> Place:
        place = self.facts.places.get(code)
        if place is None:
            raise Wrong("unknown-unit", given=code)
        if place.merged_into:
            raise Wrong("merged-unit", given=code, into=place.merged_into)
        if not place.is_open:
            raise Wrong("closed-unit", given=code)
        return place

    def _place_by_name(self, name: str) -> Place:
        found = [place for place in self.facts.places_by_name.get(fold(name), ()) if place.is_open]
        if not found:
            raise Wrong("unknown-unit-name", given=name)
        if len(found) > 1:
            raise Wrong("several-units", given=name, codes=[place.code for place in found[:5]])
        return found[0]

    # who

    def _refuse_repeated(self, entry: PersonEntry) -> int:
        """The earlier row of this file about the same person, 0 if there is none. Raises `Wrong` if they disagree."""
        key = _key(entry)
        mark = self.fresh.rows.get(key) or self.seen.rows.get(key)
        if mark is None:
            return 0
        row, same = mark & 0xFFFFFFFF, mark >> 32 == _mark(entry)
        if not entry.code:
            raise Wrong("repeated-row", row=row)
        if not same:
            raise Wrong("repeated-code", row=row)
        return row

    def _same_person(self, entry: PersonEntry, places: Sequence[Place]) -> Known | None:
        known = (self.facts.by_code.get(entry.code) if entry.code else None) or (
            self.facts.by_proved.get(entry.email) if entry.email else None
        )
        if known is not None:
            return known
        alike = {id(each): each for each in self._candidates(entry, places) if self._is_same(each, entry, places)}
        if len(alike) > 1:
            raise Wrong("several-fit", count=len(alike))
        return next(iter(alike.values()), None)

    def _candidates(self, entry: PersonEntry, places: Sequence[Place]) -> Sequence[Known]:
        found = self._sharing(entry)
        if not entry.code:
            found = [*found, *(each for place in places for each in self.facts.namesakes[entry.folded_name, place.id])]
        return found

    def _sharing(self, entry: PersonEntry) -> list[Known]:
        """Who has the same e-mail or phone; those with the same e-mail first."""
        by_contact = self.facts.by_contact
        if entry.email not in by_contact and entry.phone not in by_contact:
            return []
        return [*by_contact.get(entry.email, ()), *by_contact.get(entry.phone, ())]

    def _is_same(self, known: Known, entry: PersonEntry, places: Sequence[Place]) -> bool:
        """Whether an entry is this person's: name and unit to the letter, and nothing that contradicts."""
        if known.name != entry.name or (entry.code and known.code):
            return False
        contradicts = any(
            getattr(entry, key) and getattr(known, key) and getattr(entry, key) != getattr(known, key)
            for key in ("email", "phone")
        )
        units = {place.id for place in places}
        return not contradicts and any(held.unit in units for held in known.held)

    # what

    def _create(self, entry: PersonEntry, places: Sequence[Place]) -> Decision:
        known = Known(
            -1 - len(self.plan.created), entry.code or None, entry.name, entry.latin_name, entry.email, entry.phone,
            entry.category, entry.employer, entry.language or self.terms.language,
        )  # fmt: skip
        sharing = self._sharing(entry)
        self.plan.created.append((known, entry))
        for place in places:
            self._join(known, place, entry)
        self._introduce(known, entry, places)
        changes = [(key, "", getattr(entry, key)) for key in FIELDS if getattr(entry, key)]
        changes.append(("unit", "", ", ".join(place.code for place in places)))
        if sharing:
            same = "email" if entry.email and sharing[0].email == entry.email else "phone"
            self.plan.pairs.append((sharing[0], known, same))
            return _decision(entry, Outcome.ASKED, Reason.of(f"same-{same}", name=sharing[0].name), changes)
        if self.seen.contacts and any(hash(each) in self.seen.contacts for each in (entry.email, entry.phone) if each):
            return _decision(entry, Outcome.ASKED, Reason.of("same-contact"), changes)
        return _decision(entry, Outcome.CREATED, None, changes)

    def _introduce(self, known: Known, entry: PersonEntry, places: Sequence[Place]) -> None:
        """Let the rows that follow find somebody whom this one makes."""
        if entry.code:
            self.facts.by_code[entry.code] = known
        for contact in (entry.email, entry.phone):
            if contact:
                self.facts.by_contact[contact].append(known)
        for place in places:
            self.facts.namesakes[entry.folded_name, place.id].append(known)

    def _meet(self, known: Known, entry: PersonEntry, places: Sequence[Place], earlier: int) -> Decision:
        if known.is_closed:
            raise Wrong("closed-person")
        changes = self._changes(known, entry)
        lacking = [place for place in places if not self._is_held(known, place, entry)]
        if not changes and not lacking:
            return _decision(entry, Outcome.UNCHANGED)
        if not self._is_inside(known) or known.has_account:
            return self._ask(known, entry, [field for field, _before, _after in changes], lacking)
        self._change(known, entry, changes)
        for place in lacking:
            left = self._leave_others(known, place, entry) if self.terms.moves and not earlier else ""
            self._join(known, place, entry)
            changes.append(("unit", left, place.code))
        return _decision(entry, Outcome.UPDATED, None, changes)

    def _ask(self, known: Known, entry: PersonEntry, fields: list[str], lacking: Sequence[Place]) -> Decision:
        """Leave somebody as they are, and let them say themselves whether they belong there."""
        if lacking:
            since = entry.since or self.terms.today
            self.plan.offers += [(known.id, place.id, since) for place in lacking]
        if lacking or not self._is_inside(known):
            return _decision(entry, Outcome.ASKED, Reason.of("waits"))
        return _decision(entry, Outcome.ASKED, Reason.of("own-account", fields=fields))

    def _is_inside(self, known: Known) -> bool:
        """Whether somebody is the run's to edit: a member below its top, today, or once and nowhere else today."""
        if not self.terms.top or known.id < 0:
            return True
        current = [held for held in known.held if held.is_current(self.terms.today)] or known.held
        return any(held.path.startswith(self.terms.top) for held in current)

    def _changes(self, known: Known, entry: PersonEntry) -> list[tuple[str, str, str]]:
        found = [
            (key, getattr(known, key), getattr(entry, key))
            for key in FIELDS
            if getattr(entry, key) and getattr(entry, key) != getattr(known, key)
        ]
        if entry.code and not known.code:
            found.append(("code", "", entry.code))
        return found

    def _change(self, known: Known, entry: PersonEntry, changes: Sequence[tuple[str, str, str]]) -> None:
        if not changes:
            return
        if {"name", "latin_name"} & {key for key, _before, _after in changes} and known.id > 0:
            self.plan.former_names.setdefault(known.id, (known.name, known.latin_name))
        for key, _before, after in changes:
            setattr(known, key, after)
        if known.id > 0:
            self.plan.changed[known.id] = known
        self.facts.by_code.setdefault(entry.code, known)

    # memberships

    def _is_held(self, known: Known, place: Place, entry: PersonEntry) -> bool:
        """Whether the membership of the row is there; one that is there with other days is given the row's days."""
        there = [held for held in known.held if held.unit == place.id]
        fitting = [held for held in there if entry.since in {None, held.since} and entry.until in {None, held.until}]
        return bool(fitting)

    def _join(self, known: Known, place: Place, entry: PersonEntry) -> None:
        today = self.terms.today
        same = [held for held in known.held if held.unit == place.id and held.is_current(today)]
        if same:
            held = same[0]
            held.since, held.until = entry.since or held.since, entry.until or held.until
            if held.id:
                self.plan.redated[held.id] = held
        else:
            since = entry.since or min(today, entry.until or today)
            held = Held(0, place.id, place.path, since, entry.until)
            known.held.append(held)
            self.plan.joins.append((known, held))
        if known.id > 0:
            self.plan.moved.add(known.id)

    def _leave_others(self, known: Known, place: Place, entry: PersonEntry) -> str:
        """End what somebody else in the same tree and in the run's subtree has until now; the unit's id as text."""
        first = entry.since or self.terms.today
        root = place.path.split("/", 2)[1]
        left = ""
        for held in known.held:
            is_other = held.unit != place.id and held.path.split("/", 2)[1] == root
            if not held.id or not is_other or not held.path.startswith(self.terms.top):
                continue
            if not held.is_current(first) or not held.is_current(self.terms.today):
                continue
            left = left or str(held.unit)
            if held.since >= first:
                self.plan.dropped.add(held.id)
            else:
                held.until = first - timedelta(days=1)
                self.plan.redated[held.id] = held
        known.held = [held for held in known.held if held.id not in self.plan.dropped]
        return left


def _decision(
    entry: PersonEntry, outcome: Outcome, reason: Reason | None = None, changes: Sequence[tuple[str, str, str]] = ()
) -> Decision:
    """A decision with what a person needs to find the row; a note tells what was dropped from a row that was taken."""
    if reason is None and entry.notes:
        reason = entry.notes[0]
    unit = ", ".join(entry.units) or entry.unit_name
    who = " · ".join(part for part in (entry.name, entry.phone or entry.email, unit) if part)
    return Decision(entry.row, outcome, reason, entry.code, who[:200], changes)


def _key(entry: PersonEntry) -> int:
    if entry.code:
        return hash(entry.code)
    return hash((entry.name, entry.email, entry.phone, *entry.units, entry.unit_name))


def _mark(entry: PersonEntry) -> int:
    return hash((entry.name, entry.latin_name, entry.email, entry.phone)) & 0xFFFFFFFF
