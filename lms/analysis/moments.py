"""Means, spreads and correlations of numbers that come one by one: nothing is kept of the numbers themselves.

Sums of squares lose digits where values lie close together. These carry the mean and the squares about it instead:
B. P. Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962); and,
to put two heaps together, T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating formulae and a pairwise algorithm for
computing sample variances", Stanford STAN-CS-79-773 (1979).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ALMOST_NOTHING = 1e-12  # below this, squares about a mean are rounding: everybody has the same


@dataclass(slots=True)
class Single:
    """One number of each person. `n` may be a sum of weights; `squares` are weighted squares about the mean."""

    n: float = 0.0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float, weight: float = 1.0) -> None:
        """Count one value in."""
        self.n += weight
        off = value - self.mean
        self.mean += weight * off / self.n
        self.squares += weight * off * (value - self.mean)

    def merge(self, other: Single) -> None:
        """Count everything in that another one has."""
        if not other.n:
            return
        n, off = self.n + other.n, other.mean - self.mean
        self.squares += other.squares + off * off * self.n * other.n / n
        self.mean += off * other.n / n
        self.n = n

    @property
    def variance(self) -> float | None:
        """The sample variance (divided by n - 1); None for fewer than two."""
        return self.squares / (self.n - 1) if self.n > 1 else None


@dataclass(slots=True)
class Pairs:
    """Two numbers of each person: the score of one question, 0 to 1, and that of all others together."""

    n: int = 0
    mean_x: float = 0.0
    mean_y: float = 0.0
    squares_x: float = 0.0
    squares_y: float = 0.0
    products: float = 0.0

    def add(self, x: float, y: float) -> None:
        """Count one person in."""
        self.n += 1
        off_x, off_y = x - self.mean_x, y - self.mean_y
        self.mean_x += off_x / self.n
        self.mean_y += off_y / self.n
        self.squares_x += off_x * (x - self.mean_x)
        self.squares_y += off_y * (y - self.mean_y)
        self.products += off_x * (y - self.mean_y)

    def merge(self, other: Pairs) -> None:
        """Count everybody in whom another one has."""
        if not other.n:
            return
        n, off_x, off_y = self.n + other.n, other.mean_x - self.mean_x, other.mean_y - self.mean_y
        share = self.n * other.n / n
        self.squares_x += other.squares_x + off_x * off_x * share
        self.squares_y += other.squares_y + off_y * off_y * share
        self.products += other.products + off_x * off_y * share
        self.mean_x += off_x * other.n / n
        self.mean_y += off_y * other.n / n
        self.n = n

    @property
    def correlation(self) -> float | None:
        """Pearson's product-moment correlation, -1 to 1; None where one of the two is the same for everybody."""
        if min(self.squares_x, self.squares_y) <= ALMOST_NOTHING * max(self.n, 1):
            return None
        found = self.products / math.sqrt(self.squares_x) / math.sqrt(self.squares_y)
        return max(-1.0, min(1.0, found))
