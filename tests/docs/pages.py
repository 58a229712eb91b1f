"""The documents as tests read them: headings, links, code spans, and fenced blocks with what their first line says.

A fence's info string is its language and, after it, what the tests do with it: `markdown file=a.md` is a file of the
example, `sh run` is run. Everything before the next heading is one section, and one section is one example.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from lms.markdown import slug

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))
_FENCE = re.compile(r"^(`{3,})([^`\n]*)\n(.*?)^\1[ ]*$\n?", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, the words after it, its text."""

    language: str
    words: tuple[str, ...]
    text: str

    def value(self, name: str) -> str:
        """What stands after `name=`; empty if it is not there."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{name}=")), "")


@dataclass
class Section:
    """What stands under one heading, before the next one."""

    title: str
    text: str

    @cached_property
    def fences(self) -> list[Fence]:
        """Its fenced blocks."""
        return fences(self.text)

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the section's example; those that a `text beside` block only names are empty."""
        found = {fence.value("file"): fence.text.encode() for fence in self.fences if fence.value("file")}
        for fence in self.marked("beside"):
            found |= dict.fromkeys(fence.text.split(), b"")
        return found

    def marked(self, word: str) -> list[Fence]:
        """The blocks with a word in their first line."""
        return [fence for fence in self.fences if word in fence.words]


def read(name: str) -> str:
    """A document by its name in `docs/`."""
    return (DOCS / name).read_text(encoding="utf-8")


def fences(text: str) -> list[Fence]:
    """All fenced blocks of a text."""
    found = []
    for _ticks, info, body in _FENCE.findall(text):
        language, *words = info.split() or [""]
        found.append(Fence(language, tuple(words), body))
    return found


def without_fences(text: str) -> str:
    """The text around the fenced blocks."""
    return _FENCE.sub("\n", text)


def sections(text: str) -> list[Section]:
    """The text cut at its headings."""
    opaque = [(match.start(), match.end()) for match in _FENCE.finditer(text)]
    heads = [m for m in _HEADING.finditer(text) if not any(start <= m.start() < end for start, end in opaque)]
    found = [Section("", text[: heads[0].start()] if heads else text)]
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        found.append(Section(head[2], text[head.end() : after.start() if after else len(text)]))
    return found


def anchors(text: str) -> set[str]:
    """The anchors that a Git host gives to the headings of a text."""
    counts: Counter[str] = Counter()
    found = set()
    for section in sections(text)[1:]:
        name = slug(re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", section.title))
        found.add(f"{name}-{counts[name]}" if counts[name] else name)
        counts[name] += 1
    return found


def links(text: str) -> list[str]:
    """The targets of all links and images outside code."""
    return [unquote(target) for target in _LINK.findall(_SPAN.sub("", without_fences(text)))]


def spans(text: str) -> list[str]:
    """All code spans."""
    return [span.strip() for _ticks, span in _SPAN.findall(without_fences(text))]


def table_rows(text: str, head: str) -> Iterator[list[str]]:
    """The cells of the rows of the table whose first line begins with `head`."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(head)]
    assert len(starts) == 1, f"{len(starts)} tables begin with {head}"
    for line in lines[starts[0] + 2 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
