"""How far one could trust a result: what of the differences between people would come again in another exam like it.

Two cases, and nothing in between:

*Fixed form*: everybody got the same questions. Cronbach's alpha, which is KR-20 where every answer is right or wrong
(L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951); G. F. Kuder and
M. W. Richardson, "The theory of the estimation of test reliability", Psychometrika 2 (1937)).

*Drawn*: each person got questions of their own, by chance, out of a bank. There alpha has no meaning: one person's
hard questions are another's luck, and that luck is part of the error. The questions are nested in persons, the design
`i:p` of generalizability theory: R. L. Brennan, *Generalizability Theory* (2001), chapter 3; the same number is
ICC(1,k) of P. E. Shrout and J. L. Fleiss, "Intraclass correlations", Psychological Bulletin 86 (1979), and with right
and wrong alone KR-21, up to one degree of freedom (F. M. Lord, "Sampling fluctuations resulting from the sampling of
test items", Psychometrika 20 (1955)).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms.analysis.moments import ALMOST_NOTHING, Single


@dataclass(frozen=True, slots=True)
class Reliability:
    """What can be said of an exam. `value` is at most 1, and below 0 where chance is stronger than all knowledge.

    `error` is the standard error of measurement of a result, as a share of all points. Both are None where nothing can
    be said; `reason` says why: `few` (people), `same` (everybody has the same result), `one` (there is one question
    alone) or `points` (drawn questions of unequal points).
    """

    value: float | None = None
    error: float | None = None
    reason: str = ""


@dataclass(slots=True)
class FixedSums:
    """Everybody's points of the same questions: of each question by key, and of all together."""

    items: dict[str, Single] = field(default_factory=dict)
    total: Single = field(default_factory=Single)

    def add(self, points: Mapping[str, float]) -> None:
        """Count one person in: the points reached by question."""
        for key, reached in points.items():
            self.items.setdefault(key, Single()).add(reached)
        self.total.add(math.fsum(points.values()))


@dataclass(slots=True)
class DrawnSums:
    """Everybody's scores of questions that were drawn for them.

    `means` has each person's mean, weighted by how many questions it is of; `within` the squares about these means,
    `weights` the sum of squared numbers of questions. `points` are the points of a question, None once two differ.
    """

    people: int = 0
    means: Single = field(default_factory=Single)
    within: float = 0.0
    weights: float = 0.0
    points: float | None = None
    is_mixed: bool = False

    def add(self, scores: Sequence[float], points: Sequence[float]) -> None:
        """Count one person in: the share of its points that each question earned, and these points."""
        count = len(scores)
        if not count:
            return
        mean = math.fsum(scores) / count
        self.people += 1
        self.means.add(mean, count)
        self.within += math.fsum((score - mean) ** 2 for score in scores)
        self.weights += count * count
        for each in points:
            self.points = each if self.points is None else self.points
            self.is_mixed = self.is_mixed or each != self.points


def of_fixed(sums: FixedSums, points: float) -> Reliability:
    """Cronbach's alpha, k/(k-1) * (1 - sum of the questions' variances / variance of the totals).

    The standard error is the standard deviation of the totals times sqrt(1 - alpha), divided by the `points` that can
    be reached (H. Gulliksen, *Theory of Mental Tests* (1950), chapter 2).
    """
    count, spread = len(sums.items), sums.total.variance
    if spread is None:
        return Reliability(reason="few")
    if count < 2:
        return Reliability(reason="one")
    if spread <= ALMOST_NOTHING:
        return Reliability(reason="same")
    of_items = math.fsum(item.variance or 0.0 for item in sums.items.values())
    alpha = count / (count - 1) * (1 - of_items / spread)
    return Reliability(alpha, math.sqrt(max(0.0, spread * (1 - alpha))) / points)


def of_drawn(sums: DrawnSums) -> Reliability:
    """From an analysis of variance of questions within persons: 1 - MS(within) / MS(between).

    With n0 the mean number of questions, corrected for unequal ones, the variance of persons is (MSb - MSw) / n0 and
    the error of a person's mean MSw / n0. The first divided by both is the value, sqrt(MSw / n0) the standard error. An
    exam that takes some questions of each outcome is fairer than this pure chance: the truth is rather above the value.
    """
    if sums.people < 2:
        return Reliability(reason="few")
    asked = sums.means.n
    if asked <= sums.people:
        return Reliability(reason="one")
    if sums.is_mixed:
        return Reliability(reason="points")
    between = sums.means.squares / (sums.people - 1)
    within = sums.within / (asked - sums.people)
    if between <= ALMOST_NOTHING:
        return Reliability(reason="same")
    usual = (asked - sums.weights / asked) / (sums.people - 1)
    return Reliability(1 - within / between, math.sqrt(within / usual))
