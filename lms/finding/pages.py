"""What the pages of help points are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from lms.finding.drawing import Drawing
    from lms.finding.models import HelpPoint
    from lms.finding.rules import Span, Today
    from lms.finding.score import Score
    from lms.paging import At, Page


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. `near` is latitude and longitude in degrees."""

    words: str
    service: str
    language: str
    step_free: bool
    open_now: bool
    near: tuple[float, float] | None
    at: At


@dataclass(frozen=True, slots=True)
class Row:
    """A point in the list. `number` is its number on the map, 0 if it is not on it; `km` how far it is, if known."""

    number: int
    code: str
    name: str
    above: str
    place: str
    today: Today
    services: Sequence[str]
    languages: Sequence[str]
    access: Sequence[str]
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from: only what some point has."""

    services: Sequence[str]
    languages: Sequence[str]
    has_step_free: bool


@dataclass(frozen=True, slots=True)
class FindPage:
    """The list, those nearby, and the map. `places` are the names of the places that the words mean."""

    wish: Wish
    places: Sequence[str]
    rows: Sequence[Row]
    near: Sequence[Row]
    total: int
    page: Page
    drawing: Drawing | None
    choices: Choices
    roots: Sequence[int]


@dataclass(frozen=True, slots=True)
class Helper:
    """A certified helper as she wants to be found; what she does not show is empty."""

    name: str
    languages: Sequence[str]
    services: Sequence[str]
    hours: str
    contact: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is shown."""
        return not (self.name or self.languages or self.services or self.hours or self.contact)


@dataclass(frozen=True, slots=True)
class PointPage:
    """Everything the public reads of one point."""

    point: HelpPoint
    code: str
    name: str
    above: Sequence[str]
    root: int
    week: Mapping[int, Sequence[Span]]
    today: Today
    tags: Mapping[str, Sequence[str]]
    helpers: Sequence[Helper]
    score: Score | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A unit on the coordinator's list. `state` is empty if it has no entry; `is_shown`: the public sees it."""

    code: str
    name: str
    above: str
    state: str
    stands_until: date | None
    is_shown: bool
    ends_soon: bool
    has_place: bool


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Help points of somebody's units."""

    words: str
    chosen: str
    rows: Sequence[DeskRow]
    page: Page
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EditPage:
    """One entry with what people say of it. `said` counts all answers, also those that are not shown yet."""

    code: str
    name: str
    unit_id: int
    root: int
    point: HelpPoint | None
    week: Mapping[int, Sequence[Span]]
    tags: Mapping[str, Sequence[str]]
    is_shown: bool
    stands_until: date | None
    score: Score | None
    said: int
    months: Sequence[tuple[date, int, int, int]]
    has_place: bool


@dataclass(frozen=True, slots=True)
class MyPage:
    """How a helper is found: where, and what the public sees of her."""

    points: Sequence[tuple[str, str]]
    is_certified: bool
    root: int | None
    preview: Helper | None
