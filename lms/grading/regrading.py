"""A corrected key, tried on every attempt of its question: what would change; then, if somebody says so, for real.

The worker goes through the attempts of a course in the order of their ids, some hundred in one short transaction, and
notes in that same transaction how far it is. Who is killed loses one batch, and who comes after goes on there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lms import events
from lms.authoring.steps import note_step
from lms.clock import now
from lms.content import queries as content
from lms.grading import decisions, regrade_queries
from lms.grading.rules import State
from lms.learning import actions as learning
from lms.learning.renewals import settle_renewals
from lms.people.touching import touch_chosen
from lms.quiz import keys
from lms.quiz import regrading as many
from lms.quiz.grading import judged

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.grading.models import Regrading
    from lms.plugins import QuestionType

MOST_ATTEMPTS = 500  # written in one transaction: some 30 ms
MOST_PASSED = 60  # completing a course and issuing its certificate takes longer than a grade: some 2 ms each
MOST_KEPT = 20_000  # answers whose worth is remembered
COUNTED = ("attempts", "changed", "up", "down", "passed", "lost", "unclear", "certificates")


@dataclass(slots=True)
class Key:
    """The corrected key, and what each answer is worth by it: many people give the same one."""

    question: str
    version: int
    types: Mapping[str, QuestionType]
    known: dict[tuple[int, str, str], float | None] = field(default_factory=dict)

    def worth(self, db: Session, taken: many.Taken) -> float | None:
        """The worth of an answer, 0 to 1; None where nobody can tell what it means by the new key."""
        asked = (taken.version, taken.language, json.dumps(taken.response, sort_keys=True))
        if asked not in self.known:
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
            self.known[asked] = self._worth(db, taken)
        return self.known[asked]

    def _worth(self, db: Session, taken: many.Taken) -> float | None:
        old_course, new_course = content.version(db, taken.version), content.version(db, self.version)
        old, new = old_course.questions[self.question], new_course.questions[self.question]
        was, is_now = old[old_course.language], new[new_course.language]
        try:
            return keys.graded_again(
                self.types[is_now.type], old.get(taken.language, was), new.get(taken.language, is_now), taken.response
            )
        except keys.Unclear:
            return None


@dataclass(slots=True)
class Batch:
    """Some attempts, and what the corrected key changes in them. `last` is the id of the last one."""

    last: str
    changes: list[many.Change] = field(default_factory=list)
    taken: list[many.Taken] = field(default_factory=list)
    attempts: int = 0
    unclear: list[str] = field(default_factory=list)

    @property
    def passed(self) -> list[many.Change]:
        """Those that are passed now."""
        return [change for change in self.changes if change.is_newly_passed]

    @property
    def lost(self) -> list[many.Change]:
        """Those whose pass has to be decided about."""
        return [change for change in self.changes if change.loses_pass]

    def counts(self) -> dict[str, int]:
        """What is counted, without certificates."""
        up = sum(change.score > (change.taken.score or 0.0) for change in self.changes)
        return {
            "attempts": self.attempts,
            "changed": len(self.changes),
            "up": up,
            "down": len(self.changes) - up,
            "passed": len(self.passed),
            "lost": len(self.lost),
            "unclear": len(self.unclear),
        }


def gather(db: Session, key: Key, taken: Sequence[many.Taken], *, most_passed: int) -> Batch:
    """What the key changes in these attempts; it ends early where more than `most_passed` become passed."""
    batch, passed = Batch(""), 0
    for each in taken:
        if passed >= most_passed:
            break
        batch.last = each.id
        if each.grade_id is None:
            continue
        batch.taken.append(each)
        batch.attempts += 1
        change = _change(db, key, each)
        if isinstance(change, many.Change):
            batch.changes.append(change)
            passed += change.is_newly_passed
        elif change is Unclear:
            batch.unclear.append(each.id)
    return batch


Unclear = object()


def _change(db: Session, key: Key, taken: many.Taken) -> object:
    """The change in one attempt; None where there is none, `Unclear` where nobody can tell."""
    if taken.response is None:
        return None
    score = key.worth(db, taken)
    if score is None:
        return Unclear
    if score == taken.score:
        return None
    grades = [(name, score if name == key.question else old, *rest) for name, old, *rest in taken.grades]
    course = content.version(db, taken.version)
    return many.Change(taken, score, judged(course, taken.quiz, grades))  # type: ignore[arg-type]


def more(counts: Mapping[str, Any], found: Mapping[str, int]) -> dict[str, int]:
    """The sums so far and those of another batch."""
    return {name: int(counts.get(name, 0)) + found.get(name, 0) for name in COUNTED}


def look(db: Session, row: Regrading, key: Key) -> tuple[str, dict[str, int]]:
    """What would change in the next attempts: the id of the last one (empty at the end), and sums. Writes nothing."""
    batch = read_some(db, row, key, most_passed=MOST_ATTEMPTS)
    holders = regrade_queries.holders(db, row.course_id, [change.taken.actor for change in batch.lost])
    return batch.last, {**batch.counts(), "certificates": len(holders)}


def read_some(db: Session, row: Regrading, key: Key, *, most_passed: int = MOST_PASSED) -> Batch:
    """The next attempts and what the key changes in them; without an end (`last`) when none is left."""
    taken = many.next_attempts(db, row.course_id, key.question, row.reached, MOST_ATTEMPTS)
    return gather(db, key, taken, most_passed=most_passed)


def write_some(db: Session, row: Regrading, batch: Batch) -> None:
    """Write what was found outside of this transaction. It ends before an attempt that changed meanwhile."""
    attempts = [each.id for each in batch.taken]
    same = many.still_so(db, attempts, batch.taken)
    stale = next((each.id for each in batch.taken if each.id not in same), None)
    if stale is not None:
        batch = cut(batch, stale, row.reached)
    row.made = more(row.made, {**batch.counts(), "certificates": apply(db, row, attempts, batch)})
    row.reached = batch.last


def cut(batch: Batch, stale: str, before: str) -> Batch:
    """What comes before an attempt, to be read again from there."""
    taken = [each for each in batch.taken if each.id < stale]
    changes = [change for change in batch.changes if change.taken.id < stale]
    last = taken[-1].id if taken else before
    return Batch(last, changes, taken, len(taken), [each for each in batch.unclear if each < stale])


def apply(db: Session, row: Regrading, attempts: Collection[str], batch: Batch) -> int:
    """Grades, results, decisions, completions, in this transaction; how many certificates that issued."""
    stamp = many.Stamp(row.question_key, row.confirmed_by or row.asked_by, row.id, now())
    many.write(db, attempts, batch.changes, stamp)
    if batch.changes:
        touch_chosen(db, many.owners(attempts, stamp))
    _decide(db, batch, row, stamp.by)
    return _complete(db, batch, row)


def _decide(db: Session, batch: Batch, row: Regrading, by: int) -> None:
    """What would lose its pass is put before a person; what passes again needs nobody any more."""
    if batch.lost:
        decisions.raise_for(db, [change.taken.id for change in batch.lost], by=by, regrading=row.id)
    again = decisions.waiting(db, [change.taken.id for change in batch.changes if change.result.passed is True])
    if again:
        decisions.mend(db, again, by=by)


def _complete(db: Session, batch: Batch, row: Regrading) -> int:
    """Complete the courses of who has passed now, and tell them; how many certificates that issued."""
    passed = batch.passed
    if not passed:
        return 0
    actors = [change.taken.actor for change in passed]
    before = regrade_queries.holders(db, row.course_id, actors)
    _judge(db, row.course_id, actors)
    grades = regrade_queries.grades_of(db, row.id, [change.taken.id for change in passed])
    events.announce_many(db, [events.WorkGraded(grade) for grade in grades])
    db.flush()
    return len(regrade_queries.holders(db, row.course_id, actors) - before)


def _judge(db: Session, course_id: str, actors: Sequence[int]) -> None:
    """The same as for one who passes a quiz; who has completed the course already needs no judging."""
    current, begun = content.current(db, course_id), regrade_queries.begun(db, course_id, actors)
    if current is None:
        return
    for actor in actors:
        if actor not in begun:
            learning.enrol(db, actor, course_id)
    learning.judge_many(db, [actor for actor in actors if not begun.get(actor)], current)
    settle_renewals(db, actors, current)


def note(db: Session, kind: str, row: Regrading, by: int, **detail: Any) -> None:
    """Write a step of a regrading into the record."""
    pack = content.pack_of(db, row.course_id) or ""
    note_step(db, kind, pack=pack, by=by, course=row.course_id, question=row.question_key, regrading=row.id, **detail)


def end(db: Session, row: Regrading) -> None:
    """Note that everything is graded again."""
    row.state, row.ended_at = State.DONE, now()
    note(db, "regraded", row, row.confirmed_by or row.asked_by, **row.made)
