"""How people fare in a course: where they stop, how long lessons take, what goes wrong in practice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

AWAY = timedelta(days=14)  # who has not gone on for so long has stopped
LONGEST = 3600  # seconds between two lessons; after more than that, the reader was away
SHORTEST = 10  # seconds; whoever is quicker leafed through


@dataclass(slots=True)
class LessonSums:
    """Of one lesson: who read it to its end, who stopped at it, how many people took so many seconds for it."""

    read: int = 0
    stopped: int = 0
    seconds: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class PracticeSums:
    """Of one practice question: first answers, and how many of them did not earn everything."""

    answered: int = 0
    wrong: int = 0


@dataclass(slots=True)
class CourseSums:
    """Of one course, by lesson and by practice question. `stopped` includes those who stopped before any lesson."""

    enrolled: int = 0
    completed: int = 0
    stopped: int = 0
    lessons: dict[str, LessonSums] = field(default_factory=dict)
    practice: dict[str, PracticeSums] = field(default_factory=dict)

    def lesson(self, name: str) -> LessonSums:
        """The sums of one lesson."""
        return self.lessons.setdefault(name, LessonSums())

    def add_reader(self, reads: Iterable[tuple[datetime, str]], began: datetime | None = None) -> None:
        """Count one person's lessons in, each with the moment at which its end was reached.

        The time of a lesson is what went by since the end of the lesson read before it; that of the first lesson since
        the course was begun, where that is known. A lesson after a pause of more than an hour, as for somebody who was
        put into the course by others, has no time, nor has one leafed through.
        """
        before = began
        for at, lesson in sorted(reads):
            sums = self.lesson(lesson)
            sums.read += 1
            if before is not None and SHORTEST <= (gap := round((at - before).total_seconds())) <= LONGEST:
                sums.seconds[gap] = sums.seconds.get(gap, 0) + 1
            before = at


def practice_order(sums: CourseSums, fewest: int) -> Sequence[tuple[str, PracticeSums]]:
    """Practice questions, the one most often wrong first; those with fewer first answers than `fewest` are left out."""
    known = [(key, each) for key, each in sums.practice.items() if each.answered >= fewest]
    return sorted(known, key=lambda item: (-item[1].wrong / item[1].answered, item[0]))
