"""Anchors of headings, made as Git hosts make them, in every script."""

from __future__ import annotations

import unicodedata


def slug(title: str) -> str:
    """The anchor of a title: lower case, blanks as hyphens, letters, marks and numbers of every script kept."""
    kept = []
    for char in title.strip().lower():
        if char in "-_" or unicodedata.category(char)[0] in "LMN":
            kept.append(char)
        elif char == " ":
            kept.append("-")
        elif unicodedata.category(char) == "Pc":
            kept.append(char)
    return "".join(kept)


class Anchors:
    """Gives each heading of a page an anchor of its own."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def anchor(self, title: str, wished: str = "") -> str:
        """The wished anchor or the title's; `-1`, `-2` … are added if it is taken."""
        base = wished or slug(title) or "section"
        found = base
        while found in self.taken:
            self.taken[base] = self.taken.get(base, 0) + 1
            found = f"{base}-{self.taken[base]}"
        self.taken[found] = 0
        return found
