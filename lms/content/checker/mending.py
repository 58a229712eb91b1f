"""Corrections that need no decision: each takes the text of a file and a problem in it, and gives the mended text.

What does not fit (the file has changed since) comes back as it was. Line ends and all other bytes stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lms.content.structure import Problem

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_END = re.compile(r"(?<![ \t])[ \t]*+(\r\n|\n|\r)?\Z")
_MARK = re.compile(r"^(\s*[-*+]\s+\[)[^\]]{1,4}(\])")
_ID = re.compile(r"\{#[a-z0-9-]+\}")
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?=[ \t])")
_LEVEL = re.compile(r"level (\d)")


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends, counted as the checker counts them."""
    return [line for line in _LINES.findall(text) if line]


def on_line(change: Callable[[str, Problem], str]) -> Callable[[str, Problem], str]:
    """A correction of a whole text from one of the problem's own line."""

    def mend(text: str, problem: Problem) -> str:
        lines = split_lines(text)
        if not 0 < problem.line <= len(lines):
            return text
        lines[problem.line - 1] = change(lines[problem.line - 1], problem)
        return "".join(lines)

    return mend


@on_line
def plain_mark(line: str, _problem: Problem) -> str:
    """`[X]` and its like become `[x]`."""
    return _MARK.sub(r"\1x\2", line, count=1)


@on_line
def written_id(line: str, problem: Problem) -> str:
    """The question's id, as the problem's fix names it, at the end of its heading."""
    name = _ID.search(problem.fix)
    if name is None or _ID.search(line) or not line.lstrip().startswith("##"):
        return line
    return _END.sub(lambda end: f" {name[0]}{end[1] or ''}", line, count=1)


@on_line
def heading_level(line: str, problem: Problem) -> str:
    """The heading on the level that the problem's fix names."""
    level = _LEVEL.search(problem.fix)
    return _HEADING.sub(lambda head: head[1] + "#" * int(level[1]), line, count=1) if level else line


@on_line
def as_code(line: str, problem: Problem) -> str:
    """Words in angle brackets as code, unless the line has code already: then a person must look."""
    words = problem.message.partition(" is not an HTML tag")[0]
    return line.replace(words, f"`{words}`", 1) if "`" not in line and words.startswith("<") else line


@on_line
def without_spaces(line: str, problem: Problem) -> str:
    """`%20` for each space in the path of a link."""
    path = problem.message.partition(") has a space")[0].removeprefix("(")
    return line.replace(f"]({path})", f"]({path.strip().replace(' ', '%20')})")


@on_line
def right_case(line: str, problem: Problem) -> str:
    """The path of a link with the capital letters that the file has."""
    written, _, rest = problem.message.partition(" is written ")
    path, mark, anchor = written.partition("#")
    ours, theirs = path.split("/"), rest.removesuffix(" on the disk.").split("/")
    if not ours[-1] or theirs[-1].casefold() != ours[-1].casefold():
        return line
    count = min(len(ours), len(theirs))
    for place in range(-1, -count - 1, -1):
        if ours[place].casefold() != theirs[place].casefold():
            break
        ours[place] = theirs[place]
    return line.replace(f"({written}", f"({'/'.join(ours)}{mark}{anchor}")
