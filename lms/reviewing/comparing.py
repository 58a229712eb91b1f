"""Two versions of a course beside each other: files word by word, questions by their id. Pure."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from lms.authoring.differences import Line, differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.content.compiled import CompiledCourse
    from lms.content.structure import Question

Change: TypeAlias = Literal["added", "removed", "changed"]
MOST_BYTES = 200_000  # of a file whose words are compared


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs. `lines` are empty for pictures and other files that are no text, and for long ones."""

    path: str
    change: Change
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question that differs, by its key. `is_other_key` says that another answer is right now."""

    key: str
    language: str
    stem: str
    change: Change
    is_other_key: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two versions."""

    files: tuple[FileChange, ...]
    questions: tuple[QuestionChange, ...]


def compare(old: tuple[CompiledCourse, bytes], new: tuple[CompiledCourse, bytes]) -> Comparison:
    """Compare two versions, each with its source as a zip file."""
    return Comparison(compare_files(unzipped(old[1]), unzipped(new[1])), compare_questions(old[0], new[0]))


def unzipped(source: bytes) -> dict[str, bytes]:
    """The files of a version, by path."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def compare_files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[FileChange, ...]:
    """The files that differ, by path."""
    return tuple(
        FileChange(path, _change(path in old, path in new), _lines(old.get(path, b""), new.get(path, b"")))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    )


def _change(was_there: bool, is_there: bool) -> Change:  # noqa: FBT001 - two facts of one kind
    return "changed" if was_there and is_there else "added" if is_there else "removed"


def _lines(old: bytes, new: bytes) -> tuple[Line, ...]:
    if max(len(old), len(new)) > MOST_BYTES:
        return ()
    try:
        before, after = old.decode(), new.decode()
    except UnicodeDecodeError:
        return ()
    return differences(before, after)


def compare_questions(old: CompiledCourse, new: CompiledCourse) -> tuple[QuestionChange, ...]:
    """The questions that differ, in the order of the newer version, those that are gone last."""
    found = []
    for key in (*new.questions, *(key for key in old.questions if key not in new.questions)):
        before, after = old.questions.get(key, {}), new.questions.get(key, {})
        for tag in dict.fromkeys((*after, *before)):
            one = _question_change(key, tag, before.get(tag), after.get(tag))
            found += [one] if one else []
    return tuple(found)


def _question_change(key: str, tag: str, before: Question | None, after: Question | None) -> QuestionChange | None:
    either = after or before
    if either is None or (before and after and _without_place(before) == _without_place(after)):
        return None
    return QuestionChange(
        key, tag, either.stem, _change(before is not None, after is not None), _is_other_key(before, after)
    )


def _without_place(question: Question) -> Question:
    """Where something stands in its file is no change."""
    return replace(question, line=0, options=tuple(replace(option, line=0) for option in question.options))


def _is_other_key(before: Question | None, after: Question | None) -> bool:
    """Whether what is right differs, so that answers of before would be worth something else."""
    if before is None or after is None:
        return False
    return _key(before) != _key(after)


def _key(question: Question) -> tuple[object, ...]:
    right = tuple((option.text, option.right, option.credit, option.match) for option in question.options)
    return question.type, right, question.spec, question.points
