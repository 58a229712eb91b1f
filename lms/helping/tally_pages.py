"""How the boxes of a tally stand on a page: all kinds at once, or one kind with each service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.helping.rules import MOST_IN_TALLY
from lms.helping.tally_forms import NOW, name_of, read_boxes
from lms.helping.tally_rules import Box
from lms.helping.words import KINDS
from lms.web.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from lms.helping.tally_queries import Book

MONTHS = 24  # that are offered; older ones come from a file


@dataclass(frozen=True, slots=True)
class Field:
    """A box on the page: the name of its field, what it is called, what stands there and what was typed.

    So many people stand `beside` it, in boxes that the page does not show.
    """

    name: str
    label: str
    stands: str
    shown: str
    is_wrong: bool
    beside: int


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes under one heading."""

    title: str
    icon: str
    fields: Sequence[Field]


def groups(book: Book, kind: str, tongue: str, typed: Mapping[str, str]) -> list[Group]:
    """The boxes: a group for each kind, not by service; of one `kind`, a group for each service."""
    bad, by_service = read_boxes(typed)[1], kind in KINDS

    def group(title: str, icon: str, kind: str, service: str) -> Group:
        made = []
        for each in book.lists.audiences:
            box = Box(kind, each.code, service)
            stands = str(book.number(box).people or "")
            shown = typed.get(NOW + name_of(box), stands)
            beside = book.beside(box, any_service=not by_service)
            is_wrong = box in bad or _is_much(shown)
            made.append(Field(name_of(box), each.name(tongue), stands, shown, is_wrong, beside))
        return Group(title, icon, made)

    if not by_service:
        return [group(str(word), icon, code, "") for code, (word, icon) in KINDS.items()]
    services = [(each.name(tongue), each.icon, each.code) for each in book.lists.services]
    return [group(title, icon, kind, code) for title, icon, code in (*services, (_("Not told with what"), "ring", ""))]


def _is_much(shown: str) -> bool:
    return shown.isdecimal() and (len(shown) > 9 or int(shown) > MOST_IN_TALLY)


def months(today: date) -> list[date]:
    """The first days of the months that are offered, the newest first."""
    first = today.replace(day=1)
    found = []
    for _back in range(MONTHS):
        found.append(first)
        first = (
            first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
        )
    return found
