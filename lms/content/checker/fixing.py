"""What `lms check --fix` writes: only corrections that need no decision."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.structure import Pack, Problem

_MARK = re.compile(rb"^(\s*[-*+]\s+\[)[^\]]{1,4}(\])", re.MULTILINE)
_LINE_END = re.compile(rb"\s*$")


def fix_files(files: Mapping[str, bytes], pack: Pack, problems: tuple[Problem, ...]) -> dict[str, bytes]:
    """The files that change: question ids are written out, and marks such as `[X]` become `[x]`."""
    lines: dict[str, list[bytes]] = {}
    ids = _question_ids(pack)
    for problem in problems:
        if problem.rule not in ("question-id-missing", "question-mark") or problem.file not in files:
            continue
        text = lines.setdefault(problem.file, files[problem.file].splitlines(keepends=True))
        if not 0 < problem.line <= len(text):
            continue
        old = text[problem.line - 1]
        if problem.rule == "question-mark":
            text[problem.line - 1] = _MARK.sub(rb"\1x\2", old, count=1)
        elif name := ids.get((problem.file, problem.line)):
            text[problem.line - 1] = _LINE_END.sub(rb"", old) + f" {{#{name}}}".encode() + _ending(old)
    changed = {path: b"".join(text) for path, text in lines.items()}
    return {path: data for path, data in changed.items() if data != files[path]}


def _ending(line: bytes) -> bytes:
    return b"\r\n" if line.endswith(b"\r\n") else b"\n" if line.endswith(b"\n") else b""


def _question_ids(pack: Pack) -> dict[tuple[str, int], str]:
    """The id of each question by file and line of its heading."""
    files = [*pack.banks, *(file for course in pack.courses for file in course.question_files)]
    return {
        (each.path, question.line): question.id
        for file in files
        for each in (file, *file.translations.values())
        for question in each.questions
    }
