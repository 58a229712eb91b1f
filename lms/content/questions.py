"""Question files: text in, a `QuestionFile` and its problems out. Pure, and never raises.

`question_parts` takes a question apart, a `QuestionType` understands it, `question_translations` joins languages and
`question_rendering` turns the Markdown into HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lms.content.frontmatter import split_page
from lms.content.headings import plain_words
from lms.content.naming import stem, words_of
from lms.content.question_blocks import heading_lines, heading_text
from lms.content.question_parts import Parts, marks_of, take_apart, with_markers
from lms.content.question_rendering import render_question
from lms.content.question_settings import check_block, closest, file_settings
from lms.content.question_translations import merge_translation, settings_of_translation
from lms.content.structure import Json, Problem, Question, QuestionFile, Severity
from lms.plugins import QuestionSource, QuestionType

__all__ = ["merge_translation", "parse_question_file", "render_question"]

_NO_ANSWERS = "Write options as `- [ ]` and `- [x]`; if this is only a heading, write it with `###`."


def parse_question_file(
    path: str,
    text: str,
    *,
    id: str,  # noqa: A002 - the word of the contract
    language: str,
    types: Mapping[str, QuestionType],
    source: QuestionFile | None = None,
) -> tuple[QuestionFile, tuple[Problem, ...]]:
    """Read a question file. `types` are the question types by name, in the order in which they are asked.

    For a translation, `source` is the parsed source file: types come from it, and marks may be left blank. Join both
    by `merge_translation` afterwards. Questions with errors of their own are left out; what is wrong comes back as
    problems with file and line.
    """
    page = split_page(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    settings, problems = file_settings(path, page)
    lines = page.text.split("\n")
    heads = heading_lines(lines)
    title, introduction = _introduction(lines[: heads[0] if heads else len(lines)])
    stated = page.values.get("title")
    file = _File(path, language, types, source, problems=list(problems))
    parts = [take_apart(path, lines[a:b], page.first_line + a) for a, b in pairwise([*heads, len(lines)])]
    if not parts:
        fix = "Write each question under a heading of two signs: `## The question {#id}`."
        file.problems.append(
            Problem(path, page.first_line, "warning", "questions-none", "There are no questions.", fix)
        )
    questions = file.questions(parts)
    name = source.title if source else words_of(stem(path).rpartition("/")[2].removesuffix(".quiz"))
    return (
        QuestionFile(
            path=path,
            id=id,
            title=str(stated).strip() if stated is not None and str(stated).strip() else title or name,
            language=language,
            introduction=introduction,
            settings=settings,
            questions=questions,
        ),
        tuple(file.problems),
    )


def _introduction(lines: Sequence[str]) -> tuple[str, str]:
    """The first heading of level 1, if it is the first line of content, and the text without it."""
    start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    title = heading_text(lines[start], 1) if start < len(lines) else None
    if title:
        return plain_words(title), "\n".join(lines[start + 1 :]).strip("\n").rstrip()
    return "", "\n".join(lines[start:]).rstrip()


@dataclass(slots=True)
class _File:
    """One file on its way from parts to questions."""

    path: str
    language: str
    types: Mapping[str, QuestionType]
    translated: QuestionFile | None
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def questions(self, parts: Sequence[Parts]) -> tuple[Question, ...]:
        found = []
        for place, each in enumerate(parts):
            named = self._named(each, place, len(parts))
            self.problems.extend(named.problems)
            is_readable = all(problem.severity != "error" for problem in named.problems)
            question = self._question(named) if self._is_new(named) and is_readable else None
            if question:
                found.append(question)
        return tuple(found)

    def _named(self, parts: Parts, place: int, count: int) -> Parts:
        """The parts with an id: written, else the source's at the same place, else a hash and a warning."""
        if parts.written_id:
            return parts
        originals = self.translated.questions if self.translated else ()
        if len(originals) == count and originals[place].id.startswith("q-"):
            return replace(parts, written_id=originals[place].id)
        message = f"This question has no id; until it gets one it is `{parts.id}`, which changes with its words."
        self._report(parts.line, "question-id-missing", message, f"Write `{{#{parts.id}}}` after it.", "warning")
        return parts

    def _report(self, line: int, rule: str, message: str, fix: str, severity: Severity = "error") -> None:
        self.problems.append(Problem(self.path, line, severity, rule, message, fix))

    def _is_new(self, parts: Parts) -> bool:
        first = self.lines.setdefault(parts.id, parts.line)
        if first == parts.line:
            return True
        message = f"The id `{parts.id}` stands in line {first} too."
        self._report(parts.line, "question-id-twice", message, "Give one of them another id.")
        return False

    def _question(self, parts: Parts) -> Question | None:
        original = self._original(parts)
        if len(marks_of(parts.items)) > 1:
            self._mixed(parts)
            return None
        if parts.rival:
            message = "This list and a later one both look like answers."
            self._report(parts.rival, "question-answers-two", message, "Leave one; make the other a plain list.")
            return None
        type_name = original.type if original else parts.block.values.get("type")
        type_ = self._stated(parts, type_name) if type_name is not None else self._recognised(parts)
        if type_ is None:
            return None
        source = self._source(parts, type_, original)
        if source is None:
            return None
        parsed = type_.parse(source)
        self.problems.extend(parsed.problems)
        has_errors = any(problem.severity == "error" for problem in parsed.problems)
        return None if has_errors else parsed.question

    def _original(self, parts: Parts) -> Question | None:
        originals = self.translated.questions if self.translated else ()
        return next((question for question in originals if question.id == parts.id), None)

    def _mixed(self, parts: Parts) -> None:
        first = marks_of(parts.items[:1])
        other = next(item for item in parts.items if marks_of([item]) != first)
        fix = "Begin every item with `- [ ]` or `- [x]`, or every item with `- = `."
        message = f"This item is not of the same kind as the one in line {parts.items[0].line}."
        self._report(other.line, "question-answers-mixed", message, fix)

    def _stated(self, parts: Parts, name: Json) -> QuestionType | None:
        if isinstance(name, str) and name in self.types:
            return self.types[name]
        fix = closest(str(name), self.types, "Write one of " + ", ".join(f"`{known}`" for known in self.types) + ".")
        line = parts.block.lines.get("type", parts.line)
        self._report(line, "question-type-unknown", f"There is no question type `{name}`.", fix)
        return None

    def _recognised(self, parts: Parts) -> QuestionType | None:
        """The first type that knows the last list as its answers, else one that finds them in the text."""
        listed = self._asked(parts.source(self.language, {}, takes_list=True), takes_list=True) if parts.items else None
        written = self._asked(parts.source(self.language, {}, takes_list=False), takes_list=False)
        is_text = bool(parts.stray) and marks_of(parts.items) == {"plain"}
        found = (written or listed) if is_text else (listed or written)
        if found is None:
            self._report(parts.line, "question-answers", "This question has no answers.", _NO_ANSWERS)
        return found

    def _asked(self, source: QuestionSource, *, takes_list: bool) -> QuestionType | None:
        known = (type_ for type_ in self.types.values() if type_.takes_list is takes_list)
        return next((type_ for type_ in known if type_.recognises(source)), None)

    def _source(self, parts: Parts, type_: QuestionType, original: Question | None) -> QuestionSource | None:
        """What the type gets to see, unless answers stand in two places."""
        if original:
            settings, problems = settings_of_translation(self.path, parts.block, original)
        else:
            settings, problems = check_block(self.path, parts.block, type_)
        self.problems.extend(problems)
        if any(problem.severity == "error" for problem in problems):
            return None
        source = parts.source(self.language, settings, takes_list=type_.takes_list)
        if not self._is_alone(parts, type_):
            return None
        return with_markers(source, [option.right for option in original.options]) if original else source

    def _is_alone(self, parts: Parts, type_: QuestionType) -> bool:
        """Whether the answers stand in one place only, with nothing but hint and explanation after a list."""
        if type_.takes_list and parts.stray and parts.items:
            message = "Text stands after the answers."
            fix = "Move it above the list; indent feedback by two; an explanation begins with `> [!NOTE]`."
            self._report(parts.stray, "question-after-answers", message, fix)
            return False
        if not type_.takes_list and marks_of(parts.items) & {"box", "="}:
            message = f"A {type_.name} question takes no list of answers."
            fix = "Remove the marks; square brackets that are no gap belong into backticks."
            self._report(parts.items[0].line, "question-answers-two", message, fix)
            return False
        around = replace(parts.source(self.language, {}, takes_list=True), items=())
        inside = replace(around, stem="", body="\n\n".join(item.text for item in parts.items))
        rivals = [each for each in (around, inside) if type_.takes_list and self._asked(each, takes_list=False)]
        if rivals:
            message = "This question has answers in two places: in its list and in its text."
            fix = "Leave one; square brackets that are no gap belong into backticks."
            self._report(parts.line, "question-answers-two", message, fix)
        return not rivals
