"""Lines of pipe tables, split as GitHub splits them."""

from __future__ import annotations

import re
from typing import TypeAlias

Alignment: TypeAlias = str
DELIMITERS = re.compile(r"\|?+[ \t]*+:?+-++:?+[ \t]*+(?:\|[ \t]*+:?+-++:?+[ \t]*+)*+\|?+[ \t]*+")
BAR = re.compile(r"(?<!\\)\|")
CLASSES = {(True, True): "center", (True, False): "left", (False, True): "right", (False, False): ""}


def cells(line: str) -> list[str]:
    """The cells of a row. Every bar that has no backslash separates, also in code; outer bars may be missing."""
    parts = BAR.split(line.strip())
    if parts and not parts[0].strip():
        parts = parts[1:]
    if parts and not parts[-1].strip():
        parts = parts[:-1]
    return [part.strip().replace("\\|", "|") for part in parts]


def alignments(line: str) -> list[Alignment] | None:
    """The class of each column of a delimiter row; None if the line is none."""
    if not DELIMITERS.fullmatch(line.strip()):
        return None
    return [CLASSES[cell.startswith(":"), cell.endswith(":")] for cell in cells(line)]


def opens_table(header: str, line: str) -> bool:
    """Whether a line under a header makes the two a table: both have equally many columns."""
    if "|" not in line and ":" not in line and "|" not in header:
        return False
    found = alignments(line)
    return found is not None and len(found) == len(cells(header))
