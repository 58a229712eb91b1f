"""Pure decisions about what people do outside of the site: whose word counts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Source(StrEnum):
    """Who says that something was done: the person, a coordinator, or another system."""

    SELF = "self"
    ATTESTED = "attested"
    WEBHOOK = "webhook"


# the weakest first: a system that saw it done is worth more than a word given for somebody, that more than one's own
ORDER = (Source.SELF, Source.ATTESTED, Source.WEBHOOK)


def strongest(sources: Iterable[Source]) -> Source | None:
    """The source under which an action is counted, so that each person is counted once; None if nobody says so."""
    return max(sources, key=ORDER.index, default=None)
