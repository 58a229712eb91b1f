"""What can be done to an import run: receive a file, say which column is what, check, start, stop, forget the file."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.clock import now
from lms.people import actions as people
from lms.people.units import UnitClosed, hold_open
from lms.rosters.columns import missing
from lms.rosters.matching import Outcome
from lms.rosters.models import ImportBatch, ImportRun, MembershipOffer
from lms.rosters.run_queries import State, job_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.rosters.matching import Decision
    from lms.tables import Look

FOLDER = "imports"
NEED_A_PERSON = frozenset({Outcome.ASKED, Outcome.REJECTED})
EXAMPLES = 4  # of each outcome, for the page that shows the difference
ZERO = dict.fromkeys(("position", *(outcome.value for outcome in Outcome)), 0)


class NotNow(Exception):
    """A run is not in a state in which this can be done: somebody else was faster, or the worker is busy with it."""


class ColumnMissing(Exception):
    """No column holds what every row needs; `args` is that field."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in. `id` is made by the client; `unit` is the subtree it may touch, None: everything."""

    id: str
    kind: str
    unit: int | None
    file_name: str
    stored: str
    digest: str
    days: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says about a file. `moves`: who is in another unit of the same tree leaves it."""

    columns: Mapping[str, int]
    family_first: bool = False
    moves: bool = False
    language: str = "en"


def stored_name(file_name: str) -> str:
    """A random name for a file; only the ending is kept."""
    ending = file_name.rpartition(".")[2].lower()
    return secrets.token_hex(16) + (f".{ending}" if ending.isalnum() and len(ending) <= 5 else "")


def receive(db: Session, upload: Upload, *, by: int | None, language: str) -> int:
    """A run for a file that was stored; its id. The same upload twice is one run."""
    there = select(ImportRun.id).where(ImportRun.client_id == upload.id, ImportRun.started_by == by)
    known = db.scalar(there)
    if known is not None:
        return known
    run = ImportRun(
        client_id=upload.id, kind=upload.kind, unit_id=upload.unit, file_name=upload.file_name[-200:],
        digest=upload.digest, mapping={}, options={"file": upload.stored, "language": language},
        state=State.READING, started_by=by, created_at=now(),
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(run)
    except IntegrityError:
        raise NotNow(upload.id) from None
    jobs.enqueue(db, "forget_import", {"run": run.id}, run_at=now() + timedelta(days=upload.days))
    people.record(db, "import-begun", by, None, run=run.id, rows=upload.kind, file=upload.file_name[-120:])
    return run.id


def ask_worker(db: Session, run_id: int) -> None:
    """Let the worker go on with a run."""
    if not jobs.try_again(db, job_key(run_id)):  # one that was given up would keep another from being asked for
        jobs.enqueue(db, "import", {"run": run_id}, dedupe=job_key(run_id))


def looked(db: Session, run_id: int, look: Look, columns: Mapping[str, int], *, family_first: bool) -> None:
    """Keep what a first look at the file has shown; now a person says which column is what."""
    run = db.get_one(ImportRun, run_id)
    seen = {"layout": look.layout.as_dict(), "names": look.names, "samples": look.samples, "sheets": look.sheets}
    run.options = {**run.options, **seen, "family_first": family_first}
    run.mapping, run.rows, run.state = dict(columns), look.rows, State.MATCHING


def look_again(db: Session, run_id: int, layout: Mapping[str, Any]) -> None:
    """Read the file anew, with another encoding, separator or sheet."""
    run = _locked(db, run_id, {State.MATCHING, State.CHECKED, State.FAILED})
    run.options = {**run.options, "layout": dict(layout)}
    run.state, run.problem = State.READING, ""
    ask_worker(db, run_id)


def check(db: Session, run_id: int, choice: Choice, *, by_worker: bool = True) -> None:
    """Look what the file would change, as the columns are understood now. Raises `ColumnMissing`, `NotNow`."""
    _from_the_first_row(db, _understood(db, run_id, choice), State.CHECKING, by_worker=by_worker)


def enter(db: Session, run_id: int, choice: Choice) -> None:
    """Bring the rows in without showing the difference first, as a command does. Raises `ColumnMissing`, `NotNow`."""
    _from_the_first_row(db, _understood(db, run_id, choice), State.RUNNING, by_worker=False)


def _understood(db: Session, run_id: int, choice: Choice) -> ImportRun:
    run = _locked(db, run_id, {State.MATCHING, State.CHECKED})
    lacking = missing(run.kind, choice.columns)
    if lacking:
        raise ColumnMissing(lacking)
    run.mapping = dict(choice.columns)
    options = {name: value for name, value in run.options.items() if name not in {"checked", "examples"}}
    chosen = {"family_first": choice.family_first, "moves": choice.moves, "language": choice.language}
    run.options = {**options, **chosen, "examples": []}
    return run


def start(db: Session, run_id: int) -> None:
    """Bring the rows in, or go on where the worker failed.

    Raises `NotNow` unless the difference was shown, the run was stopped half-way, or the worker failed.
    """
    if jobs.try_again(db, job_key(run_id)):
        return
    run = _locked(db, run_id, {State.CHECKED, State.STOPPED})
    if run.state == State.STOPPED:
        run.state, run.ended_at = State.RUNNING, None
        ask_worker(db, run_id)
    else:
        _from_the_first_row(db, run, State.RUNNING, by_worker=True)


def _from_the_first_row(db: Session, run: ImportRun, state: State, *, by_worker: bool) -> None:
    db.execute(delete(ImportBatch).where(ImportBatch.run_id == run.id))
    for name, value in ZERO.items():
        setattr(run, name, value)
    run.state, run.problem, run.ended_at = state, "", None
    if by_worker:
        ask_worker(db, run.id)


def stop(db: Session, run_id: int, *, by: int | None) -> None:
    """Stop after the batch that is being written. What is done stays; a check is given up. Raises `NotNow`."""
    run = _locked(db, run_id, {State.CHECKING, State.RUNNING})
    if run.state == State.CHECKING:
        run.state = State.MATCHING
        return
    run.state, run.ended_at = State.STOPPED, now()
    people.record(db, "import-stopped", by, None, run=run_id)


def back(db: Session, run_id: int) -> None:
    """Choose the columns again. Raises `NotNow`."""
    _locked(db, run_id, {State.CHECKED}).state = State.MATCHING


def _locked(db: Session, run_id: int, states: set[State]) -> ImportRun:
    run = db.scalar(select(ImportRun).where(ImportRun.id == run_id).with_for_update())
    if run is None or run.state not in states:
        raise NotNow(run_id)
    return run


def is_at_work(db: Session, run_id: int) -> bool:
    """Whether the worker should go on; until this transaction ends nobody changes that."""
    state = db.scalar(select(ImportRun.state).where(ImportRun.id == run_id).with_for_update())
    return state in {State.CHECKING, State.RUNNING}


def advance(db: Session, run_id: int, state: State, position: int, decisions: Sequence[Decision]) -> bool:
    """Note what became of the rows after a position. False if the run was stopped, or somebody else does these rows."""
    counts = Counter(decision.outcome.value for decision in decisions)
    mine = update(ImportRun).where(ImportRun.id == run_id, ImportRun.state == state, ImportRun.position == position)
    more = {name: getattr(ImportRun, name) + count for name, count in counts.items()}
    done = mine.values(position=position + len(decisions), **more).returning(ImportRun.id)
    if db.execute(done).one_or_none() is None:
        return False
    troubles = [_trouble(decision) for decision in decisions if decision.outcome in NEED_A_PERSON]
    batch = {
        "run_id": run_id, "first_row": position + 1, "outcomes": [_outcome(decision) for decision in decisions],
        "troubles": troubles, "trouble_count": len(troubles),
    }  # fmt: skip
    db.execute(insert(ImportBatch), batch)
    return True


def _outcome(decision: Decision) -> list[Any]:
    if decision.reason is None:
        return [decision.row, decision.outcome.value, decision.code]
    return [decision.row, decision.outcome.value, decision.code, decision.reason.key, dict(decision.reason.values)]


def _trouble(decision: Decision) -> list[Any]:
    reason = decision.reason
    why = [reason.key, dict(reason.values)] if reason else ["", {}]
    return [decision.row, decision.outcome.value, decision.code, decision.who, *why]


def keep_examples(db: Session, run_id: int, decisions: Sequence[Decision]) -> None:
    """Keep the first rows of each outcome with what they change, field by field."""
    run = db.get_one(ImportRun, run_id)
    examples = list(run.options.get("examples", ()))
    counts = Counter(example["outcome"] for example in examples)
    for decision in decisions:
        outcome = decision.outcome.value
        if decision.changes and counts[outcome] < EXAMPLES:
            counts[outcome] += 1
            changes = [list(change) for change in decision.changes]
            examples.append({"row": decision.row, "outcome": outcome, "who": decision.who, "changes": changes})
    if len(examples) > len(run.options.get("examples", ())):
        run.options = {**run.options, "examples": examples}


def end(db: Session, run_id: int) -> None:
    """All rows are done: of a check, somebody decides now; of a run, that was it."""
    run = db.get_one(ImportRun, run_id)
    counts = {outcome.value: getattr(run, outcome.value) for outcome in Outcome}
    if run.state == State.CHECKING:
        run.state, run.options = State.CHECKED, {**run.options, "checked": counts}
        return
    run.state, run.ended_at = State.DONE, now()
    people.record(db, "import-done", run.started_by, None, run=run_id, **counts)
    if run.kind == "people":
        jobs.enqueue(db, "find_duplicates", {"unit": run.unit_id}, dedupe=f"find_duplicates/{run.unit_id}")


def fail(db: Session, run_id: int, reason: str, values: Mapping[str, Any]) -> None:
    """A run cannot go on; the reason is kept."""
    run = db.get_one(ImportRun, run_id)
    run.state, run.problem, run.ended_at = State.FAILED, json.dumps([reason, dict(values)]), now()


def forget(db: Session, run_id: int, folder: Path) -> None:
    """Delete a run's file and what is kept of its rows; the counts stay."""
    run = db.get(ImportRun, run_id)
    if run is None:
        return
    name = run.options.get("file", "")
    if name:
        (folder / name).unlink(missing_ok=True)
    if run.state not in {State.DONE, State.STOPPED}:
        run.state, run.problem, run.ended_at = State.FAILED, json.dumps(["file-forgotten", {}]), now()
    run.options = {key: value for key, value in run.options.items() if key in {"layout", "checked", "language"}}
    db.execute(delete(ImportBatch).where(ImportBatch.run_id == run_id))


def decide_offer(db: Session, offer_id: int, person: int, *, is_right: bool) -> None:
    """Somebody says whether they belong to a unit that lists them.

    Raises `NotNow` if that was said before, `UnitClosed` if the unit takes no people any more: the question stays open.
    """
    unit = select(MembershipOffer.unit_id).where(MembershipOffer.id == offer_id, MembershipOffer.person_id == person)
    is_open = hold_open(db, db.scalars(unit))
    offer = db.scalar(select(MembershipOffer).where(MembershipOffer.id == offer_id).with_for_update())
    if offer is None or offer.person_id != person or offer.decided_at is not None:
        raise NotNow(offer_id)
    if is_right and offer.unit_id not in is_open:
        raise UnitClosed(offer.unit_id)
    offer.decided_at, offer.is_accepted = now(), is_right
    if is_right:
        people.join_unit(db, person, offer.unit_id, since=offer.since)
