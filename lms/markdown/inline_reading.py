"""Inline patterns applied to text, but only those whose marks the text has at all: most words have none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

if TYPE_CHECKING:
    from markdown import Markdown

# What a text must hold for a pattern to match. A pattern that is not named here is tried where any mark is.
MARKS: dict[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "backslash_break": ("\\\n",),
    "escape": ("\\",),
    "footnote_mark": ("[^",),
    "inline_html": ("<",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "braces": ("\x03{",),
    "automail": ("<",),
    "bare_link": ("://", "www.", "@"),
    "linebreak": ("  \n",),
    "entity": ("&",),
    "delimiter": ("*", "_", "~"),
    "braces_after_emphasis": ("\x03{",),
}

ANY = re.compile("|".join(re.escape(mark) for mark in sorted({mark for marks in MARKS.values() for mark in marks})))


class InlineReading(InlineProcessor):
    """Python-Markdown's inline processor without the searches that cannot find anything."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        patterns = md.inlinePatterns
        marks = {id(patterns[name]): wanted for name, wanted in MARKS.items() if name in patterns}
        self.steps = [(pattern, marks.get(id(pattern), ("",))) for pattern in patterns]

    # The name is Python's own for the private method of the base class that this replaces.
    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """The text with placeholders for what patterns from this one on have found."""
        if isinstance(data, AtomicString):
            return data
        if not ANY.search(data):
            return data
        step, start = patternIndex, 0
        while step < len(self.steps):
            pattern, wanted = self.steps[step]
            if wanted[0] in data or (len(wanted) > 1 and any(mark in data for mark in wanted)):
                data, is_found, start = self._InlineProcessor__applyPattern(pattern, data, step, start)  # type: ignore[attr-defined]
                if is_found:
                    continue
            step, start = step + 1, 0
        return data


def register_reading(md: Markdown) -> None:
    """Put this in the place of Python-Markdown's own, once all patterns are registered."""
    md.treeprocessors.register(InlineReading(md), "inline", 20)
