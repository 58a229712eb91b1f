"""A batch of a register of units: what the database says, what becomes of each row, and writing it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lms.clock import now
from lms.people import bulk, moving, units
from lms.rosters import lookup_queries
from lms.rosters import unit_lookup_queries as queries
from lms.rosters.entries import PersonEntry, Reason
from lms.rosters.matching import Decision, Outcome
from lms.rosters.unit_matching import KnownUnit, UnitMatcher, further_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from sqlalchemy.orm import Session

    from lms.rosters.entries import Entry, UnitEntry
    from lms.rosters.known import Terms
    from lms.rosters.run_queries import Run

MOST_SUGGESTIONS = 20
# what the actions on units refuse, and what that is called here
REFUSALS: Mapping[type[Exception], str] = {
    units.SameName: "same-name",
    units.ListIsFixed: "fixed-list",
    units.UnitClosed: "closed-unit",
    units.TooDeep: "too-deep",
    units.NotEmpty: "not-empty",
    units.NoSuchPlace: "bad-place",
    moving.InsideItself: "circle",
}


class UnitsImport:
    """One run of a register of units, in one process."""

    size = 4000  # rows at most in a batch

    def __init__(self, run: Run) -> None:
        self.run = run
        self.refused: dict[str, int] = {}
        self.made: dict[str, KnownUnit] = {}  # in a dry run, what earlier batches would have made
        self.beside: dict[tuple[int | None, str], str] = {}
        self.matcher: UnitMatcher | None = None
        self.decisions: list[Decision] = []
        self.ids: list[int] = []

    def remember(self, entries: Iterable[Entry]) -> None:
        """Nothing has to be known of rows that an earlier process has taken: they are in the database."""

    def decide(self, db: Session, entries: Sequence[Entry], terms: Terms) -> Sequence[Decision]:
        """What becomes of these rows, or of the first of them; nothing is written yet."""
        top = queries.known_unit(db, terms.unit.id) if terms.unit else None
        facts = queries.unit_facts(db, entries, top)
        facts.by_code.update({code: unit for code, unit in self.made.items() if code not in facts.by_code})
        facts.beside.update(self.beside)
        self.matcher = matcher = UnitMatcher(
            facts, top, self.refused, len(self.made), keeps_top=self.run.by is not None
        )
        self.decisions = []
        for entry in entries:
            if matcher.is_full:
                break
            assert not isinstance(entry, PersonEntry)
            self.decisions.append(matcher.take(entry))
        _suggest(db, self.decisions, terms)
        return self.decisions

    def write(self, db: Session) -> None:
        """Write what was decided last; a change that the organisation refuses becomes a refused row."""
        assert self.matcher is not None
        self._create(db)
        places = {decision.row: place for place, decision in enumerate(self.decisions)}
        for known, entry, above in self.matcher.plan.changed:
            try:
                with db.begin_nested():
                    self._change(db, known, entry, above)
            except tuple(REFUSALS) as refusal:
                place = places[entry.row]
                reason = _refusal(refusal, entry)
                if isinstance(refusal, units.SameName) and self._is_outside(db, refusal.args[1]):
                    reason = Reason.of("same-name-outside")
                self.decisions[place] = replace(self.decisions[place], outcome=Outcome.REJECTED, reason=reason)

    def _create(self, db: Session) -> None:
        assert self.matcher is not None
        created = self.matcher.plan.created
        today = now().date()
        rows: list[dict[str, Any]] = []
        for known, entry, above in created:
            rows.append({
                "code": known.code, "name": known.name, "kind": known.kind, "latitude": entry.latitude,
                "longitude": entry.longitude, "opened_on": entry.opened_on or today,
                "parent_id": above.id if above else None, "parent_path": above.path if above else None,
                "parent_row": -1 - above.id if above is not None and above.id < 0 else None,
            })  # fmt: skip
        self.ids = ids = bulk.add_units(db, rows)
        names = [
            (key, *name)
            for key, (_known, entry, _above) in zip(ids, created, strict=True)
            for name in further_names(entry)
        ]
        bulk.add_unit_names(db, names)

    def _change(self, db: Session, known: KnownUnit, entry: UnitEntry, above: KnownUnit | None) -> None:
        unit, by = queries.unit(db, known.id), self.run.by
        if above is not None:
            moving.move(db, unit, queries.unit(db, above.id if above.id > 0 else self._id_of(above)), by=by)
        units.rename(db, unit, entry.name, by=by)
        if entry.kind:
            units.change(db, unit, kind=entry.kind, code=unit.code, is_fixed=unit.is_fixed, by=by)
        if entry.latitude is not None or entry.longitude is not None:
            units.place(db, unit, entry.latitude, entry.longitude, by=by)
        for kind, language, name in set(further_names(entry)) - known.names:
            if kind == units.ALIAS:
                units.add_alias(db, unit, name, by=by)
            else:
                units.name_in(db, unit, language, name, by=by)
        if entry.closed_on is not None:
            units.close(db, unit, by=by)

    def _is_outside(self, db: Session, code: str) -> bool:
        """Whether a unit is none of those which this run may touch, so that nothing may be said of it."""
        assert self.matcher is not None
        top = self.matcher.top
        return top is not None and not queries.is_inside(db, code, top.path)

    def _id_of(self, above: KnownUnit) -> int:
        """The id of a unit that this batch has just made."""
        return self.ids[-1 - above.id]

    def settle(self) -> None:
        """The batch is committed."""
        assert self.matcher is not None
        for decision in self.decisions:
            if decision.outcome is Outcome.REJECTED and decision.code:
                self.refused.setdefault(decision.code, decision.row)
        if self.run.is_dry:
            self.made.update({known.code: known for known, _entry, _above in self.matcher.plan.created})
            self.beside.update({key: code for key, code in self.matcher.facts.beside.items() if code in self.made})


def _refusal(refusal: Exception, entry: UnitEntry) -> Reason:
    if isinstance(refusal, units.NotEmpty):
        return Reason.of("not-empty", people=refusal.people, units=refusal.units)
    if isinstance(refusal, units.SameName):
        return Reason.of("same-name", code=refusal.args[1])
    key = REFUSALS[type(refusal)]
    if key == "fixed-list":
        return Reason.of(key, name=str(refusal), parent=entry.parent, given=entry.name)
    return Reason.of(key, given=entry.parent or entry.code, parent=entry.parent)


def _suggest(db: Session, decisions: Sequence[Decision], terms: Terms) -> None:
    """Say which unit may have been meant, where a row names one that is not there or may not be added."""
    looked = 0
    for decision in decisions:
        reason = decision.reason
        if reason is None or reason.key not in {"unknown-parent", "fixed-list"} or looked >= MOST_SUGGESTIONS:
            continue
        looked += 1
        by_name = reason.key == "fixed-list"
        reason.values["near"] = lookup_queries.near_units(db, reason.values["given"], terms.top, by_name=by_name)
