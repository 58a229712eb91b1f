"""Which unit a row of a register means, and what it changes. Pure: what stands in the database comes as facts.

Units are known by their code alone. A row never adds a unit below a closed list, so that none appears by a typo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lms.folding import fold
from lms.rosters.entries import Reason, Refused, UnitEntry, Wrong
from lms.rosters.matching import Decision, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence
    from datetime import date

USUAL_KIND = "unit"
LONGEST_PATH, LONGEST_ID = 500, 12
MOST_CHANGES = 25  # of units that exist, in one batch: each takes several statements


@dataclass(slots=True)
class KnownUnit:
    """A unit in the database; a negative id: one that is about to be. `names` are (kind, language, name)."""

    id: int
    code: str
    name: str
    kind: str
    path: str
    parent_id: int | None = None
    is_fixed: bool = False
    is_open: bool = True
    is_inside: bool = True
    latitude: float | None = None
    longitude: float | None = None
    opened_on: date | None = None
    names: set[tuple[str, str, str]] = field(default_factory=set)


@dataclass(slots=True)
class UnitFacts:
    """What the database says of the rows of a batch. `beside` is by the unit above and a folded name."""

    by_code: MutableMapping[str, KnownUnit] = field(default_factory=dict)
    beside: MutableMapping[tuple[int | None, str], str] = field(default_factory=dict)


@dataclass(slots=True)
class UnitPlan:
    """What a batch writes: new units with their row and the unit above, and changes of units that exist."""

    created: list[tuple[KnownUnit, UnitEntry, KnownUnit | None]] = field(default_factory=list)
    changed: list[tuple[KnownUnit, UnitEntry, KnownUnit | None]] = field(default_factory=list)


def in_order(entries: Sequence[UnitEntry | Refused]) -> list[UnitEntry | Refused]:
    """The rows so that each comes after the one of the unit above it; who stands above themselves is refused.

    Of several rows with one code the first counts.
    """
    first: dict[str, UnitEntry] = {}
    found: list[UnitEntry | Refused] = []
    below: dict[str, list[UnitEntry]] = {}
    for entry in entries:
        if isinstance(entry, Refused):
            found.append(entry)
        elif entry.code in first:
            reason = Reason.of("repeated-code", row=first[entry.code].row)
            found.append(Refused(entry.row, reason, entry.name, entry.code))
        else:
            first[entry.code] = entry
    for entry in first.values():
        if entry.parent in first:
            below.setdefault(entry.parent, []).append(entry)
    reached = [entry for entry in first.values() if entry.parent not in first]
    for entry in reached:  # grows while it is walked through
        reached.extend(below.get(entry.code, ()))
    known = {id(entry) for entry in reached}
    lost = [entry for entry in first.values() if id(entry) not in known]
    found += [Refused(entry.row, Reason.of("circle", parent=entry.parent), entry.name, entry.code) for entry in lost]
    return [*reached, *found]


class UnitMatcher:
    """Takes the rows of a batch one after the other; `plan` grows by what each of them changes.

    `top` is the unit whose subtree the run may touch, None: everything. `refused` are the codes that were left out
    before, with their rows. `made` counts the units that earlier batches of a dry run would have made.
    `keeps_top`: name, kind and end of the top itself are for whoever answers for the unit above it.
    """

    def __init__(
        self,
        facts: UnitFacts,
        top: KnownUnit | None,
        refused: Mapping[str, int],
        made: int = 0,
        *,
        keeps_top: bool = False,
    ) -> None:
        self.facts, self.top, self.refused, self.made = facts, top, dict(refused), made
        self.keeps_top = keeps_top
        self.plan = UnitPlan()

    @property
    def is_full(self) -> bool:
        """Whether the batch should end here."""
        return len(self.plan.changed) >= MOST_CHANGES

    def take(self, entry: UnitEntry | Refused) -> Decision:
        """Decide about a row."""
        if isinstance(entry, Refused):
            return Decision(entry.row, Outcome.REJECTED, entry.reason, entry.code, entry.who)
        try:
            known = self.facts.by_code.get(entry.code)
            return self._create(entry) if known is None else self._meet(known, entry)
        except Wrong as wrong:
            self.refused.setdefault(entry.code, entry.row)
            return _decision(entry, Outcome.REJECTED, wrong.reason)

    def _above(self, entry: UnitEntry) -> KnownUnit | None:
        if not entry.parent:
            return self.top
        above = self.facts.by_code.get(entry.parent)
        if entry.parent in self.refused:
            raise Wrong("parent-left-out", given=entry.parent, row=self.refused[entry.parent])
        if above is None or not above.is_inside:
            raise Wrong("unknown-parent", given=entry.parent)
        return above

    def _create(self, entry: UnitEntry) -> Decision:
        above = self._above(entry)
        if entry.closed_on is not None:
            raise Wrong("closed-new")
        if above is not None and not above.is_open:
            raise Wrong("closed-unit", given=above.code)
        if above is not None and above.is_fixed:
            raise Wrong("fixed-list", name=above.name, parent=above.code, given=entry.name)
        if above is not None and len(above.path) + LONGEST_ID > LONGEST_PATH:
            raise Wrong("too-deep")
        key = (above.id if above else None, fold(entry.name))
        if key in self.facts.beside:
            raise Wrong("same-name", code=self.facts.beside[key])
        new = KnownUnit(
            -1 - self.made - len(self.plan.created), entry.code, entry.name, entry.kind or USUAL_KIND,
            f"{above.path if above else '/'}{'9' * (LONGEST_ID - 1)}/", above.id if above else None,
        )  # fmt: skip
        self.facts.by_code[entry.code] = new
        self.facts.beside[key] = entry.code
        self.plan.created.append((new, entry, above))
        changes = [("name", "", entry.name), ("kind", "", new.kind), ("parent_code", "", above.code if above else "")]
        return _decision(entry, Outcome.CREATED, None, changes)

    def _meet(self, known: KnownUnit, entry: UnitEntry) -> Decision:
        if not known.is_inside:
            raise Wrong("taken-code")
        if not known.is_open:
            if entry.closed_on is not None:
                return _decision(entry, Outcome.UNCHANGED)
            raise Wrong("closed-unit", given=known.code)
        above = self._above(entry) if entry.parent and not self._is_top(known) else None
        if self.keeps_top and self._is_top(known):
            _leave_as_it_is(known, entry)
        changes = _changes(known, entry)
        if above is not None and above.id != known.parent_id:
            changes.append(("parent_code", "", above.code))
        else:
            above = None
        if not changes:
            return _decision(entry, Outcome.UNCHANGED)
        self.plan.changed.append((known, entry, above))
        return _decision(entry, Outcome.UPDATED, None, changes)

    def _is_top(self, known: KnownUnit) -> bool:
        return self.top is not None and known.id == self.top.id


def _leave_as_it_is(known: KnownUnit, entry: UnitEntry) -> None:
    """Drop from a row what only whoever answers for the unit above may change, and note it."""
    if entry.name != known.name or entry.kind not in {"", known.kind} or entry.closed_on is not None:
        entry.notes.append(Reason.of("for-above"))
    entry.name, entry.kind, entry.closed_on = known.name, "", None


def _changes(known: KnownUnit, entry: UnitEntry) -> list[tuple[str, str, str]]:
    found = [("name", known.name, entry.name)] if entry.name != known.name else []
    if entry.kind and entry.kind != known.kind:
        found.append(("kind", known.kind, entry.kind))
    for key in ("latitude", "longitude"):
        before, after = getattr(known, key), getattr(entry, key)
        if after is not None and after != before:
            found.append((key, "" if before is None else str(before), str(after)))
    new = (name for name in further_names(entry) if name not in known.names)
    found += [(f"name:{tag}" if tag else "aliases", "", name) for _kind, tag, name in new]
    if entry.closed_on is not None:
        found.append(("closed_on", "", entry.closed_on.isoformat()))
    return found


def further_names(entry: UnitEntry) -> list[tuple[str, str, str]]:
    """Names in languages and aliases that a row gives, as (kind, language, name)."""
    names = [("language", tag, name) for tag, name in entry.names.items() if name]
    return names + [("alias", "", alias) for alias in entry.aliases]


def _decision(
    entry: UnitEntry, outcome: Outcome, reason: Reason | None = None, changes: Sequence[tuple[str, str, str]] = ()
) -> Decision:
    if reason is None and entry.notes:
        reason = entry.notes[0]
    return Decision(entry.row, outcome, reason, entry.code, entry.name, changes)
