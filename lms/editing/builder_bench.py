"""A question file on the bench: what the builder's pages need to know of it and of the course around it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for

from lms.authoring import saving
from lms.content.naming import folder_of as folder_part
from lms.content.naming import index_rank, is_page, is_question_file, stem
from lms.content.questionfiles import BANK_FOLDER
from lms.content.targets import Targets
from lms.editing.builder_sheets import File, Sheet, sheets_of
from lms.editing.builder_writing import NotWritable
from lms.editing.desk import content_of, opened_pack
from lms.editing.opened import course_of, lesson_at, one_with, questions_at
from lms.learning.presentation import question_types
from lms.question_types.true_false import WORDS
from lms.web.language import _, lazy

if TYPE_CHECKING:
    from lms.content.packs import PackFolder
    from lms.editing.opened import Opened

LABELS = {
    "single": lazy("One right answer"),
    "multiple": lazy("Several right answers"),
    "true-false": lazy("True or false"),
    "text": lazy("A word or two, typed"),
    "number": lazy("A number, typed"),
    "matching": lazy("Pairs"),
    "ordering": lazy("Steps in order"),
    "gaps": lazy("Gaps in a text"),
    "essay": lazy("A longer text, graded by a trainer"),
    "upload": lazy("Files, graded by a trainer"),
    "command": lazy("A command line"),
    "scale": lazy("An opinion on a scale"),
}
REFUSED = {
    "stem": lazy("The question itself would be read differently. Write it in one line, without `{#…}` at its end."),
    "text": lazy("The text would be read as something else, such as a hint or a list. Change its last lines."),
    "answers": lazy("An answer would be read as something else. Answers begin with words: no `>`, `-` or `[ ]` first."),
    "hint": lazy("The hint would be read as something else. Leave its first line to plain words."),
    "explanation": lazy("The explanation would be read as something else. Leave its first line to plain words."),
    "settings": lazy("One of the settings cannot be written down like this."),
    "kind": lazy("The answers do not fit this kind of question."),
    "other": lazy("This would be read as more than one question. Lines that begin with `## ` begin a new question."),
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A question file as it lies on disk. `lesson` is the path of the lesson it belongs to, empty if there is none."""

    folder: PackFolder
    content: bytes | None
    file: File
    sheets: tuple[Sheet, ...]
    title: str
    lesson: str
    lesson_title: str
    outcomes: Mapping[str, str]

    @property
    def is_translation(self) -> bool:
        """Whether its questions translate those of another file, whose marks and order they keep."""
        return self.file.source is not None

    @property
    def is_writable(self) -> bool:
        """Whether the desk may change the file."""
        return saving.is_writable(self.folder)

    @property
    def path(self) -> str:
        """The file's path in its pack."""
        return self.file.path

    def place_of(self, id: str, place: int) -> int | None:  # noqa: A002 - the word of the format
        """Where the question with an id is now; `place` says which one where two have the same."""
        if place < len(self.sheets) and self.sheets[place].id == id:
            return place
        return next((number for number, sheet in enumerate(self.sheets) if sheet.id == id), None)


def bench_of(pack: str, folder: PackFolder, path: str) -> Bench:
    """A question file of a pack, which need not be there yet; else a page that says there is none."""
    is_bank = path.startswith(f"{BANK_FOLDER}/") and is_page(path) and index_rank(path) is None
    if not (is_bank or is_question_file(path)):
        abort(404)
    content = content_of(folder, path)
    try:
        text = (content or b"").decode()
    except UnicodeDecodeError:
        flash(_("This file is not in UTF-8, so its questions cannot be shown as forms."))
        abort(redirect(url_for("editing.edit", pack=pack, file=path), 303))
    opened = opened_pack(pack)
    known = questions_at(opened.pack, path)
    lesson = lesson_of(opened, path)
    if content is None and not lesson and not is_bank:
        abort(404)
    course = course_of(opened.pack, path)
    is_translation = known is not None and known.path != path
    language = course.language if course else "en"
    if known:
        tongues = (known, *known.translations.values())
        language = next(other.language for other in tongues if other.path == path)
    file = File(path, text, language, question_types(), known if is_translation else None)
    place = lesson_at(opened.pack, lesson) if lesson else None
    if content is None and place and place[1].source.path != lesson:
        abort(404)  # questions are first written in the language of the lesson, then translated
    title = place[1].source.title if place else ""
    return Bench(
        folder=folder,
        content=content,
        file=file,
        sheets=sheets_of(file),
        title=known.title if known else title or stem(path).rpartition("/")[2],
        lesson=lesson,
        lesson_title=title,
        outcomes=_outcomes(opened, path),
    )


def lesson_of(opened: Opened, path: str) -> str:
    """The lesson whose practice questions stand in a file: the page of the same name beside it."""
    base = stem(path)
    page = f"{base[:-5]}.md" if base.lower().endswith(".quiz") else ""
    return page if page in opened.files else ""


def questions_of(pack: str, lesson: str) -> str:
    """The file that has the practice questions of a lesson, in the language in which the lesson was first written."""
    place = lesson_at(opened_pack(pack).pack, lesson)
    return f"{stem(place[1].source.path if place else lesson)}.quiz.md"


def _outcomes(opened: Opened, path: str) -> Mapping[str, str]:
    """The outcomes of the course that asks these questions."""
    known = questions_at(opened.pack, path)
    course = one_with(opened.pack, Targets(opened.pack, opened.files), known) if known else course_of(opened.pack, path)
    texts = course.texts.get(course.language) if course else None
    return texts.outcomes if texts else {}


def was(sheet: Sheet) -> str:
    """What stands for a question as it was seen."""
    return hashlib.sha256(sheet.raw.encode()).hexdigest()


def true_and_false(language: str) -> tuple[str, ...]:
    """The two answers of true or false in a language."""
    pair = WORDS.get(language.split("-", maxsplit=1)[0].lower(), WORDS["en"])[0]
    return tuple(word[:1].upper() + word[1:] for word in pair)


def refused(error: NotWritable) -> str:
    """Why a question cannot be written as it is."""
    return str(REFUSED[error.part])


def link_to(bench: Bench, sheet: Sheet) -> str:
    """A line that puts a question into its lesson."""
    name = bench.path.removeprefix(f"{folder_part(bench.lesson)}/" if folder_part(bench.lesson) else "")
    words = " ".join(sheet.stem.replace("[", "(").replace("]", ")").split()) or sheet.id
    return f"[{words}]({name.replace(' ', '%20')}#{sheet.id})"


def with_link(content: bytes, line: str) -> bytes:
    """A lesson with one more line at its end, in the line ends that it has."""
    end = b"\r\n" if b"\r\n" in content else b"\n"
    return content.rstrip(b"\r\n \t") + end + end + line.encode() + end


def renewed(sheet: Sheet, kept: Sheet) -> Sheet:
    """What somebody wrote, on top of the question as it is now: answers that moved on are new ones."""
    known = {answer.origin for answer in kept.answers}
    answers = tuple(replace(each, origin=each.origin if each.origin in known else None) for each in sheet.answers)
    return replace(sheet, answers=answers, id=kept.id, raw=sheet.raw, kept=kept.kept)
