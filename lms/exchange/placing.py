"""Where questions that were brought in go: a new question file, the end of one, or in the place of its questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Protocol

from lms.content.frontmatter import plain_text, split_page
from lms.content.naming import index_rank, is_page, is_question_file, stem
from lms.exchange.found import CannotRead

_ID = re.compile(r"^ {0,1}##[ \t].*?\{#([a-z0-9-]+)\}[ \t]*$", re.MULTILINE)


class Existing(Enum):
    """What to do with a question file that is there already."""

    REFUSE = "refuse"
    APPEND = "append"
    REPLACE = "replace"


class Written(Protocol):
    """What a file became: questions as Markdown, and pictures by their path beside the question file."""

    @property
    def text(self) -> str:
        """The questions; empty if there is none."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """The pictures."""


class BadTarget(ValueError):
    """Questions cannot go there; the message says why and where they can."""


class Taken(BadTarget):
    """There is such a question file already, and nobody said what to do with it."""


def refuse_target(path: str, existing: bytes | None, mode: Existing) -> None:
    """Raise `BadTarget` unless `path`, relative to the pack, names a place for questions."""
    is_bank = path.startswith("quizzes/") and is_page(path) and index_rank(path) is None
    if not (is_bank or is_question_file(path)) or path.startswith(("/", "../")) or "/../" in path:
        message = f"{path or 'Nothing'} is no question file of the pack."
        raise BadTarget(f"{message} Name one in quizzes/, such as quizzes/questions.md, or one that ends in .quiz.md.")
    if existing is not None and mode is Existing.REFUSE:
        raise Taken(f"{path} is there already. Say whether to append to it or to replace its questions.")


def taken_ids(existing: bytes | None, mode: Existing) -> frozenset[str]:
    """The ids that new questions of a file must not have."""
    return frozenset(_ID.findall(plain_text(existing))) if existing and mode is Existing.APPEND else frozenset()


def language_of(existing: bytes | None, otherwise: str) -> str:
    """The language that a question file states."""
    stated = split_page(plain_text(existing)).values.get("language") if existing else None
    return stated if isinstance(stated, str) else otherwise


def name_of(path: str) -> str:
    """What pictures of a question file are named after."""
    return stem(path).rpartition("/")[2].removesuffix(".quiz")


def whole_file(brought: Written, existing: bytes | None, mode: Existing, language: str = "en") -> bytes:
    """The question file with the questions that were brought in; a file that is replaced keeps its settings."""
    if existing is not None and mode is Existing.APPEND:
        before = existing.decode("utf-8", "replace").rstrip()
        text = f"{before}\n\n{brought.text}" if before else brought.text
        return (text.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in before else text).encode()
    head = _head(existing) if existing is not None else ""
    if not head and language != "en":
        head = f"---\nlanguage: {language}\n---\n\n"
    return f"{head}{brought.text}".encode()


def _head(existing: bytes) -> str:
    text = plain_text(existing)
    lines = text.split("\n")[: split_page(text).first_line - 1]
    return "\n".join(lines).rstrip() + "\n\n" if lines else ""


def changes_of(
    path: str, brought: Written, existing: bytes | None, mode: Existing, language: str = "en"
) -> dict[str, bytes]:
    """All files to write, by their path in the pack: the question file and its pictures."""
    if not brought.text:
        fix = "See the report for what became of each."
        raise CannotRead(1, "No question of this file can be brought in.", fix)
    folder = path.rpartition("/")[0]
    files = {f"{folder}/{name}" if folder else name: content for name, content in brought.files.items()}
    return {**files, path: whole_file(brought, existing, mode, language)}
