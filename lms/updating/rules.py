"""Pure decisions about updates: which paragraphs differ, what a trainer has to say, what may be shown of few."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from lms.figures.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEWEST = 5  # below this many holders a share tells of people
LONGEST = 600  # signs of what changed, and of why it matters: both are read in half a minute
BLOCKS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "pre", "blockquote", "div", "summary"}
    | {"figcaption", "ol", "ul", "table", "tr", "section", "details", "br"}
)
SILENT = frozenset({"script", "style", "svg", "math"})


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.found.append("")
        if tag == "img":
            self.found[-1] += dict(attrs).get("alt") or ""

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in SILENT))
        if tag in BLOCKS:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found[-1] += data


def paragraphs(markup: str) -> list[str]:
    """The words of a page as its reader sees them, one text for each paragraph, heading, item or cell."""
    reader = _Paragraphs()
    reader.feed(markup)
    reader.close()
    return [words for text in reader.found if (words := " ".join(text.split()))]


def problems(words: Mapping[str, Mapping[str, str]], own: str) -> dict[str, str]:
    """Field -> what is wrong with it: `empty` or `long`. The course's own language is needed, others are whole or none.

    A field is named `what-lv`, `why-lv`.
    """
    found = {}
    for tag, texts in words.items():
        is_needed = tag == own or any(texts.values())
        for name, text in texts.items():
            if is_needed and not text:
                found[f"{name}-{tag}"] = "empty"
            elif len(text) > LONGEST:
                found[f"{name}-{tag}"] = "long"
    return found


def said(words: Mapping[str, Mapping[str, str]], language: str, own: str) -> tuple[str, Mapping[str, str]]:
    """What is said to a reader, and the language that it is in: the reader's, else the course's own."""
    tag = next((each for each in (language, own) if words.get(each, {}).get("what")), next(iter(words), own))
    return tag, words.get(tag, {"what": "", "why": ""})


@dataclass(frozen=True, slots=True)
class Reach:
    """Of how many holders how many have read an update, and how many were right at the first try.

    `asked` are those who were asked anything; `is_held_back`: the sum above would tell another unit's. Shares and
    intervals are None where fewer than `FEWEST` hold a certificate.
    """

    holders: int = 0
    read: int = 0
    asked: int = 0
    right: int = 0
    is_held_back: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether there are enough people for their sums to tell of none of them."""
        return self.holders >= FEWEST and not self.is_held_back

    @property
    def share(self) -> float | None:
        """How much of the holders has read it."""
        return self.read / self.holders if self.is_shown else None

    @property
    def between(self) -> tuple[float, float] | None:
        """The interval of that share, as if these holders were drawn from many such."""
        return wilson(self.read, self.holders) if self.is_shown else None

    @property
    def right_share(self) -> float | None:
        """How much of those who answered was right at the first try; None where fewer than `FEWEST` answered."""
        return self.right / self.asked if self.is_shown and self.asked >= FEWEST else None

    @property
    def right_between(self) -> tuple[float, float] | None:
        """The interval of that share."""
        return wilson(self.right, self.asked) if self.is_shown and self.asked >= FEWEST else None


def without_gaps(reaches: Sequence[Reach]) -> list[Reach]:
    """Units beside each other: where those too small to be shown are few people, or one unit, another is held back too.

    It is the next smallest. Else the difference to the sum above them would tell what was left out.
    """
    small = [each.holders for each in reaches if 0 < each.holders < FEWEST]
    shown = [place for place, each in enumerate(reaches) if each.is_shown]
    if not small or not shown or (len(small) > 1 and sum(small) >= FEWEST):
        return list(reaches)
    least = min(shown, key=lambda place: reaches[place].holders)
    return [replace(each, is_held_back=True) if place == least else each for place, each in enumerate(reaches)]
