"""A batch of a register of people: what the database says, what becomes of each row, and writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal_column

from lms import jobs
from lms.clock import now
from lms.db import INSERTS
from lms.people import bulk
from lms.rosters import lookup_queries
from lms.rosters.entries import PersonEntry, UnitEntry
from lms.rosters.matching import Matcher, Plan, Seen
from lms.rosters.models import MembershipOffer, PossibleDuplicate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from lms.rosters.entries import Entry
    from lms.rosters.known import Terms
    from lms.rosters.matching import Decision
    from lms.rosters.run_queries import Run

MOST_SUGGESTIONS = 20  # in one batch: looking for what was meant costs more than the row itself


class PeopleImport:
    """One run of a register of people, in one process. `Seen` grows with the rows that are done."""

    size = 4000  # rows at most in a batch

    def __init__(self, run: Run) -> None:
        self.run = run
        self.seen = Seen(contacts=set() if run.is_dry else None)
        self.matcher: Matcher | None = None

    def remember(self, entries: Iterable[Entry]) -> None:
        """Learn of rows that an earlier process has taken, without looking at the database."""
        for entry in entries:
            if isinstance(entry, PersonEntry):
                self.seen.remember(entry)

    def decide(self, db: Session, entries: Sequence[Entry], terms: Terms) -> Sequence[Decision]:
        """What becomes of these rows; nothing is written yet."""
        facts = lookup_queries.facts(db, [entry for entry in entries if isinstance(entry, PersonEntry)], terms)
        self.matcher = Matcher(facts, terms, self.seen)
        decisions = [self.matcher.take(entry) for entry in entries if not isinstance(entry, UnitEntry)]
        _suggest(db, decisions, terms)
        return decisions

    def write(self, db: Session) -> None:
        """Write what was decided last."""
        assert self.matcher is not None
        _write(db, self.matcher.plan, self.run)

    def settle(self) -> None:
        """The batch is committed."""
        assert self.matcher is not None
        self.matcher.settle()


def _suggest(db: Session, decisions: Sequence[Decision], terms: Terms) -> None:
    """Say which unit may have been meant, where nobody knows the one that a row names."""
    known: dict[tuple[str, bool], list[tuple[str, str]]] = {}
    for decision in decisions:
        reason = decision.reason
        if reason is None or reason.key not in {"unknown-unit", "unknown-unit-name"}:
            continue
        asked = (reason.values["given"], reason.key == "unknown-unit-name")
        if asked not in known:
            if len(known) >= MOST_SUGGESTIONS:
                continue
            known[asked] = lookup_queries.near_units(db, asked[0], terms.top, by_name=asked[1])
        reason.values["near"] = known[asked]


def _write(db: Session, plan: Plan, run: Run) -> None:
    moment = now()
    rows = [
        {
            "code": known.code, "name": known.name, "latin_name": known.latin_name, "email": known.email,
            "phone": known.phone, "category": known.category, "employer": known.employer, "language": known.language,
            "folded_name": entry.folded_name,
        }
        for known, entry in plan.created
    ]  # fmt: skip
    ids = bulk.add_people(db, rows, moment)
    for (known, _entry), key in zip(plan.created, ids, strict=True):
        known.id = key
    changed = [
        {"id": known.id, **{name: getattr(known, name) for name in bulk.CORRECTED if name != "folded_name"}}
        for known in plan.changed.values()
    ]
    bulk.correct_people(db, changed, plan.former_names, by=run.by, moment=moment)
    bulk.change_memberships(
        db,
        [bulk.Joining(known.id, held.unit, held.since, held.until) for known, held in plan.joins],
        [(key, held.since, held.until) for key, held in plan.redated.items()],
        plan.dropped,
    )
    bulk.touch_all(db, [*ids, *sorted(plan.moved)], moment)
    _put_before_a_person(db, plan, run)


def _put_before_a_person(db: Session, plan: Plan, run: Run) -> None:
    """Note who may be one, and ask whom an import may not edit; each pair and each offer once."""
    insert = INSERTS[db.get_bind().dialect.name]
    moment = now()
    pairs = [
        {"person_id": min(one.id, other.id), "other_id": max(one.id, other.id), "reason": why}
        | {"found_at": moment, "decision": "", "decided_by": None, "decided_at": None}
        for one, other, why in plan.pairs
    ]
    if pairs:
        db.connection().execute(insert(PossibleDuplicate.__table__).on_conflict_do_nothing(), pairs)
    for person, unit, since in plan.offers:
        offer = {"person_id": person, "unit_id": unit, "since": since, "run_id": run.id, "made_at": moment}
        once = insert(MembershipOffer.__table__).on_conflict_do_nothing().returning(literal_column("1"))
        if db.connection().execute(once, offer).one_or_none() is not None:
            jobs.enqueue(db, "letter", {"kind": "listed", "person": person}, dedupe=f"listed/{run.id}/{person}")
