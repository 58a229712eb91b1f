"""What the sums say about a question and an exam: figures with their formulas, and flags with their thresholds.

The thresholds are constants, so that docs/analysis.md and the tests can name them. Where a figure of few people could
be chance, the flag asks for more than the figure: the end of its interval has to lie beyond the threshold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lms.analysis.moments import Pairs
from lms.analysis.reliability import Reliability, of_drawn, of_fixed
from lms.analysis.spreads import THIRDS, Third, median, thirds
from lms.analysis.sums import SKIPPED, ChoiceSums, FormSums, QuestionSums

SHOWN_FROM = 5  # people; figures of fewer are not shown, so that nobody's answers can be guessed
FEWEST = 30  # people; with fewer, no flag but `TOO_FEW` is raised
EASY, HARD = 0.95, 0.2  # facility
WEAK = 0.2  # discrimination; below it a question tells little apart (R. L. Ebel, 1979)
SKIPPED_BY = 0.2  # share of those asked
HARDLY_CHOSEN, ENOUGH_FOR_HARDLY = 0.02, 100  # share of those asked, and how many have to be asked
PULLS = 0.15  # by how much more of the upper than of the lower third choose a wrong option
HARDER = 0.15  # by how much a question is harder in a language than people's other answers let expect
FREE = 3  # z has n - 3 degrees of freedom
ONE_SIDED_95 = 1.6448536269514722  # quantile of the normal distribution


class Flag(StrEnum):
    """What somebody should look at. The value is the word in addresses and in CSV."""

    CHECK_KEY = "check-key"
    PULLS = "wrong-option-draws-the-best"
    HARDER = "harder-in-a-language"
    WEAK = "tells-little-apart"
    HARD = "hardly-anybody"
    EASY = "almost-everybody"
    SKIPPED = "left-out"
    NOBODY = "option-nobody-chooses"
    HARDLY = "option-hardly-chosen"
    TOO_FEW = "too-few"
    NEVER = "never-drawn"


URGENT = frozenset({Flag.CHECK_KEY, Flag.PULLS, Flag.HARDER})  # what may be unfair to people
SILENT = frozenset({Flag.TOO_FEW, Flag.NEVER})  # nothing is wrong: it cannot be said yet


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag. `options` are the places, from 0, of the options meant; `language` and `share` what it was raised by."""

    flag: Flag
    options: tuple[int, ...] = ()
    language: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """A question in figures; what cannot be said is None.

    `facility` is the mean share of its points that people earn who were asked it, nothing answered being nothing
    earned. `discrimination` is the correlation between that share and the share of all *other* points (the corrected
    point-biserial, or item-rest, correlation: S. Henrysson, "Correction of item-total correlations in item analysis",
    Psychometrika 28 (1963)); None where either is the same for everybody. `seconds` is a median.
    """

    asked: int = 0
    answered: int = 0
    waiting: int = 0
    facility: float | None = None
    discrimination: float | None = None
    seconds: float | None = None

    @property
    def skipped(self) -> int:
        """How many were asked and answered nothing."""
        return self.asked - self.answered

    @property
    def is_shown(self) -> bool:
        """Whether enough people were asked that nobody can be told from a figure."""
        return self.asked >= SHOWN_FROM


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One choice: how many took it, and how many of each third of the people by the rest of their points."""

    name: str
    people: int
    of_thirds: Mapping[Third, int]


@dataclass(frozen=True, slots=True)
class Distractors:
    """Who chose what. `thirds` says how many people are in each third."""

    rows: tuple[ChoiceRow, ...] = ()
    thirds: Mapping[Third, int] = field(default_factory=dict)

    def share(self, row: ChoiceRow, third: Third) -> float:
        """The share of a third's people who took a choice."""
        people = self.thirds.get(third, 0)
        return row.of_thirds.get(third, 0) / people if people else 0.0


@dataclass(frozen=True, slots=True)
class Exam:
    """A form of an exam in figures. `mean` and `spread` (standard deviation) are shares of all points."""

    people: int = 0
    complete: int = 0
    is_drawn: bool = False
    mean: float | None = None
    spread: float | None = None
    pass_rate: float | None = None
    reliability: Reliability = field(default_factory=lambda: Reliability(reason="few"))


def figures(sums: QuestionSums) -> Figures:
    """The figures of a question."""
    return Figures(
        sums.asked,
        sums.answered,
        sums.waiting,
        sums.score.mean if sums.score.n else None,
        sums.pairs.correlation,
        median(sums.seconds),
    )


def distractors(sums: ChoiceSums, names: Sequence[str]) -> Distractors:
    """Who chose what, a row for each name given, also for what nobody chose."""
    place = thirds(sums.everybody)

    def split(counts: Mapping[int, int]) -> dict[Third, int]:
        return {third: sum(n for step, n in counts.items() if place.get(step) == third) for third in THIRDS}

    rows = tuple(
        ChoiceRow(name, sum(sums.people.get(name, {}).values()), split(sums.people.get(name, {}))) for name in names
    )
    return Distractors(rows, split(sums.everybody))


def exam(sums: FormSums) -> Exam:
    """The figures of one form of an exam; reliability from those of whom every question is graded."""
    spread = sums.shares.variance
    found = of_drawn(sums.drawn) if sums.is_drawn else of_fixed(sums.fixed, sums.points)
    if sums.complete < FEWEST:
        found = Reliability(reason="few")
    return Exam(
        sums.people,
        sums.complete,
        sums.is_drawn,
        sums.shares.mean if sums.complete else None,
        None if spread is None else math.sqrt(spread),
        sums.passed / sums.judged if sums.judged else None,
        found,
    )


def highest(correlation: float, people: int) -> float:
    """The upper end of a one-sided 95 % interval of a correlation (R. A. Fisher's z, 1921)."""
    if people <= FREE:
        return 1.0
    if abs(correlation) >= 1:
        return correlation
    return math.tanh(math.atanh(correlation) + ONE_SIDED_95 / math.sqrt(people - FREE))


def flags(
    known: Figures, choices: Distractors, rights: Sequence[bool], harder: Mapping[str, float], *, is_graded: bool = True
) -> tuple[Raised, ...]:
    """What is to be looked at, the most urgent first.

    `rights` says for each option of a choice whether it is right (empty for other types), `harder` by how much it is
    harder in a language than expected. Of an opinion (not `is_graded`), only what few chose is said.
    """
    if not known.asked:
        return (Raised(Flag.NEVER),)
    if known.asked - known.waiting < FEWEST:
        return (Raised(Flag.TOO_FEW),)
    if not is_graded:
        return ()
    return (*_of_discrimination(known, choices, rights), *_of_languages(harder), *_of_facility(known, choices, rights))


def _of_discrimination(known: Figures, choices: Distractors, rights: Sequence[bool]) -> list[Raised]:
    if known.discrimination is None:
        return []
    found = []
    most = highest(known.discrimination, known.asked - known.waiting)
    if most < 0:
        found.append(Raised(Flag.CHECK_KEY))
    pulling = tuple(place for place, is_right in enumerate(rights) if not is_right and _pulls(choices, str(place)))
    if pulling:
        found.append(Raised(Flag.PULLS, pulling))
    if 0 <= most < WEAK and known.facility is not None and HARD < known.facility < EASY and not found:
        found.append(Raised(Flag.WEAK))
    return found


def _pulls(choices: Distractors, name: str) -> bool:
    """Whether the upper third chooses an option more than the lower third: by enough, and by more than chance.

    Chance: the difference of two shares is within 1.64 of its standard errors, from the share of both together.
    """
    row = next((row for row in choices.rows if row.name == name), None)
    upper, lower = choices.thirds.get("upper", 0), choices.thirds.get("lower", 0)
    if row is None or not (upper and lower):
        return False
    both = (row.of_thirds["upper"] + row.of_thirds["lower"]) / (upper + lower)
    error = math.sqrt(both * (1 - both) * (1 / upper + 1 / lower))
    by = choices.share(row, "upper") - choices.share(row, "lower")
    return by >= PULLS and by > ONE_SIDED_95 * error


def _of_languages(harder: Mapping[str, float]) -> list[Raised]:
    return [Raised(Flag.HARDER, language=language, share=by) for language, by in sorted(harder.items())]


def _of_facility(known: Figures, choices: Distractors, rights: Sequence[bool]) -> list[Raised]:
    found = []
    facility = known.facility
    if facility is not None and facility >= EASY:
        found.append(Raised(Flag.EASY))
    elif facility is not None and facility <= HARD:
        found.append(Raised(Flag.HARD))
    if known.skipped >= SKIPPED_BY * known.asked:
        found.append(Raised(Flag.SKIPPED, share=known.skipped / known.asked))
    if facility is None or facility < EASY:  # where everybody is right, nobody chooses what is wrong
        found.extend(_unused(known, choices, rights))
    return found


def _unused(known: Figures, choices: Distractors, rights: Sequence[bool]) -> list[Raised]:
    people = {row.name: row.people for row in choices.rows if row.name != SKIPPED}
    wrong = [place for place, is_right in enumerate(rights) if not is_right]
    nobody = tuple(place for place in wrong if not people.get(str(place), 0))
    few = tuple(
        place
        for place in wrong
        if place not in nobody
        and known.answered >= ENOUGH_FOR_HARDLY
        and people[str(place)] < HARDLY_CHOSEN * known.answered
    )
    found = [Raised(Flag.NOBODY, nobody)] if nobody else []
    return [*found, Raised(Flag.HARDLY, few)] if few else found


def harder_by_language(sums: Mapping[str, QuestionSums]) -> dict[str, float]:
    """The languages in which a question is harder than in all others, beyond what other answers say; by how much.

    The difference in facility, less the difference in the share of all other points: 0.2 means that people who answer
    the rest equally well earn 20 points in a hundred less here. Only where enough people are on both sides, and where
    the difference is more than chance, 1.64 of its standard errors.
    """
    found = {}
    for language, one in sums.items():
        others = Pairs()
        for other, each in sums.items():
            if other != language:
                others.merge(each.pairs)
        if min(one.pairs.n, others.n) < FEWEST:
            continue
        by = (others.mean_x - others.mean_y) - (one.pairs.mean_x - one.pairs.mean_y)
        error = math.sqrt(_squared_error(one.pairs) + _squared_error(others))
        if by >= HARDER and by > ONE_SIDED_95 * error:
            found[language] = by
    return found


def _squared_error(pairs: Pairs) -> float:
    """The squared standard error of the mean of x - y."""
    squares = pairs.squares_x + pairs.squares_y - 2 * pairs.products
    return max(0.0, squares) / (pairs.n - 1) / pairs.n
