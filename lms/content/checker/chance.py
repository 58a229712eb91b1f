"""How likely a pattern is by chance alone: exact, so that it holds for ten questions as for a thousand."""

from __future__ import annotations

from collections.abc import Sequence


def at_least(count: int, chances: Sequence[float]) -> float:
    """The probability that `count` or more of independent events happen; `chances` has each event's own, 0 to 1.

    The upper tail of the Poisson binomial distribution, added up event by event (Y. H. Wang, On the number of
    successes in independent trials, Statistica Sinica 3 (1993), 295-312). With equal chances it is the exact
    binomial test. Takes time in proportion to the square of the number of events.
    """
    if count <= 0:
        return 1.0
    distribution = [1.0]
    for chance in chances:
        distribution.append(0.0)
        for happened in range(len(distribution) - 1, 0, -1):
            distribution[happened] += chance * (distribution[happened - 1] - distribution[happened])
        distribution[0] *= 1 - chance
    return min(1.0, sum(distribution[count:]))
