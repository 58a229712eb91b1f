"""What a person reads on a page: its texts in order, and the words in its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

SPOKEN = frozenset(
    {"alt", "title", "placeholder", "aria-label", "aria-description", "data-label", "data-words", "label"}
)
SILENT = frozenset({"script", "style", "code", "pre"})
EMPTY = frozenset({"img", "input", "br", "hr", "meta", "link", "use", "path", "rect", "source", "wbr", "col"})


@dataclass
class Reader(HTMLParser):
    """Collects (text, language) of every text node; `spoken` are attributes, `languages` the open `lang` attributes."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    stack: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.spoken += [given[name] for name in given if name in SPOKEN or name.startswith("data-says")]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.spoken.append(given.get("value", ""))
        if tag not in EMPTY:
            self.stack.append((tag, given.get("lang") or (self.stack[-1][1] if self.stack else "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.stack and tag in {open_tag for open_tag, _ in self.stack}:
            if self.stack.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not any(tag in SILENT for tag, _ in self.stack):
            self.texts.append((data, self.stack[-1][1] if self.stack else ""))


def read(html: str) -> Reader:
    """A page as it is read."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def outside(texts: list[str], opening: str = "⟦", closing: str = "⟧") -> Iterator[str]:
    """What stands outside of brackets that may reach over several texts."""
    depth = 0
    for text in texts:
        kept = []
        for letter in text:
            depth += letter == opening
            if depth == 0:
                kept.append(letter)
            depth -= letter == closing
            if depth == 0 and letter == closing:
                kept.append("\n")
        yield from "".join(kept).split("\n")
