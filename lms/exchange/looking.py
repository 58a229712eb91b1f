"""What a page shows of questions: those that wait to be brought in, and those that may go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from lms.content.question_rendering import render_question
from lms.content.structure import Option, Question, QuestionFile
from lms.exchange.bringing import Brought
from lms.exchange.found import Loss
from lms.markdown import render_block, render_inline
from lms.plugins import QuestionType

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it will be: where it stood, its type, its HTML, its options with their marks, its losses."""

    where: str
    id: str
    type: str
    text: str
    options: tuple[Option, ...]
    solution: str
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """What would become of a file: the first questions, how many there are, and what stays behind."""

    rows: tuple[Row, ...]
    count: int
    whole: int
    changed: int
    left_out: tuple[Loss, ...]
    format: str
    encoding: str
    pictures: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A question file that may go out."""

    path: str
    title: str
    language: str
    questions: int


class _NoFiles:
    """Web addresses are links; what lies beside the question file cannot be shown yet."""

    def link(self, target: str) -> str | None:
        """Addresses on the web stay."""
        return target if urlsplit(target).scheme in {"http", "https", "mailto"} else None

    def image(self, target: str) -> str | None:  # noqa: ARG002 - the protocol names it
        """Only the alternative text."""
        return None

    def embed(self, target: str) -> str | None:  # noqa: ARG002 - the protocol names it
        """Nothing is embedded."""
        return None


def import_page(brought: Brought, types: Mapping[str, QuestionType]) -> ImportPage:
    """What to show before anything is saved."""
    told = {loss for fate in brought.fates for loss in fate.losses}
    changed = sum(bool(fate.losses) for fate in brought.fates)
    rows = []
    for fate in brought.fates[:MOST_SHOWN]:
        solution = types[fate.question.type].solution(fate.question)
        question = _shown(fate.question)
        has_options = question.type in {"single", "multiple", "true-false", "ordering", "matching"}
        options = question.options if has_options else ()
        text = f"<p>{question.stem}</p>{question.body}" if question.stem else question.body
        rows.append(Row(fate.where, question.id, question.type, text, options, solution, fate.losses))
    return ImportPage(
        rows=tuple(rows),
        count=len(brought.fates),
        whole=len(brought.fates) - changed,
        changed=changed,
        left_out=tuple(loss for loss in brought.losses if loss not in told),
        format=brought.format,
        encoding=brought.encoding,
        pictures=len(brought.files),
    )


def _shown(question: Question) -> Question:
    """The question as HTML, a sign in the place of each gap."""
    links = _NoFiles()
    shown = render_question(question, partial(render_inline, links=links), partial(render_block, links=links))
    body = shown.body
    for gap in question.spec.get("gaps", ()):
        body = body.replace(gap["token"], "<b>[…]</b>")
    return replace(shown, body=body)


def file_rows(files: Sequence[QuestionFile]) -> tuple[FileRow, ...]:
    """The question files of a pack that have questions."""
    return tuple(FileRow(file.path, file.title, file.language, len(file.questions)) for file in files if file.questions)
