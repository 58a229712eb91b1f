"""What `lms check --fix` and the desk's "Fix it" write: only corrections that need no decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from lms.content.checker.registry import RULES
from lms.content.structure import Problem

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
MOST_READ = 3_000_000  # characters of one file, which is read anew for each problem: 300 in a usual lesson


def can_fix(problem: Problem) -> bool:
    """Whether the rule of a problem has a correction that needs no decision."""
    rule = RULES.get(problem.rule)
    return bool(rule and rule.mend)


def fix(text: str, problem: Problem) -> str:
    """The text of the problem's file without the problem; the same text if nothing can be mended. Pure.

    No line is added or taken away, so the lines of the file's other problems stay right.
    """
    rule = RULES.get(problem.rule)
    return rule.mend(text, problem) if rule and rule.mend else text


def fix_files(files: Mapping[str, bytes], problems: Iterable[Problem]) -> dict[str, bytes]:
    """The files that change, with what can be mended. Bytes that are no text stay as they are.

    Of a file with thousands of problems some are left for the next time.
    """
    texts: dict[str, str] = {}
    read: Counter[str] = Counter()
    for problem in problems:
        if can_fix(problem) and problem.file in files and not files[problem.file].startswith(_UTF16):
            text = texts.get(problem.file)
            if text is None:
                text = files[problem.file].decode("utf-8", "surrogateescape")
            read[problem.file] += len(text)
            texts[problem.file] = fix(text, problem) if read[problem.file] <= MOST_READ else text
    changed = {path: text.encode("utf-8", "surrogateescape") for path, text in texts.items()}
    return {path: data for path, data in changed.items() if data != files[path]}
