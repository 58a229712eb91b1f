"""What a plugin's author runs against a plugin: the very checks that the built-in ones pass.

from lms.testing import check_question_type

def test_my_type():
    check_question_type(MyType())
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from lms.content.questions import parse_question_file, render_question
from lms.content.structure import Json, Question
from lms.paths import shipped
from lms.plugins import FormValues, Grade, QuestionType, Response, UnclearAnswer

_SENTINEL = "zq-not-for-trainees-zq"
_GARBAGE: tuple[FormValues, ...] = (
    {"answer": ["\N{SNOWMAN}"]},
    {"answer": ["-1"]},
    {"answer": ["999999999999999999999999"]},
    {"answer": ["0", "0", "1"]},
    {"answer": ["[{}]"]},
    {"answer": ['{"files": 1}']},
    {"answer": ["1,024"]},
    {"answer": ["'"]},
    {"answer": [""]},
    {"answer": []},
    {"answer-0": ["x" * 100_000]},
    {"answer-0": ["\N{SUPERSCRIPT TWO}"], "answer-1": ["\0"], "other": ["x"]},
)
_ODD_RESPONSES: tuple[Response, ...] = (
    None,
    True,
    -1,
    10**9,
    "",
    "x",
    [],
    [None],
    ["x", -1, 10**9],
    {},
    {"files": [1]},
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a template gets as `review`: the grade, and whether key and feedback may be seen."""

    grade: Grade
    show_key: bool
    show_feedback: bool


def check_question_type(type_: QuestionType, templates: Sequence[str] = ()) -> None:
    """Check that a question type keeps the contract; an `AssertionError` says in words what it breaks.

    `templates` are folders in which its template lies, beside the ones that Handrail ships.
    """
    _check_names(type_)
    question = example_question(type_)
    page = Pages(templates)
    html = page.answering(type_, question)
    _check_fields(type_, html)
    _check_secrets(type_, question, page, html)
    _check_empty_and_garbage(type_, question)
    _check_right_answer(type_, question, html, page)
    for odd in _ODD_RESPONSES:
        _check_response(type_, question, odd)


def example_question(type_: QuestionType) -> Question:
    """The question of a type's worked example, with every text as it stands in the Markdown, escaped."""
    types = {type_.name: type_}
    file, problems = parse_question_file("example.md", type_.example, id="example", language="en", types=types)
    assert not problems, f"The example of `{type_.name}` has problems: {problems}"
    assert len(file.questions) == 1, f"The example of `{type_.name}` is not one question."
    question = file.questions[0]
    assert question.type == type_.name, f"`parse` makes `{question.type}` of an example of `{type_.name}`."
    json.dumps(question.spec)
    return render_question(question, _escaped, lambda text: f"<p>{_escaped(text)}</p>")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Pages:
    """Renders the templates of question types as the LMS does, in English."""

    def __init__(self, templates: Sequence[str] = ()) -> None:
        folders: list[str | Path] = [*templates, shipped("templates")]
        self._jinja = Environment(
            loader=FileSystemLoader(folders),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        self._jinja.install_gettext_callables(  # type: ignore[attr-defined]
            lambda text: text, lambda one, many, number: one if number == 1 else many, newstyle=True
        )
        self._jinja.globals["icons"] = "/icons.svg"
        self._jinja.filters["trusted"] = Markup

    def answering(
        self, type_: QuestionType, question: Question, response: Response = None, invalid: str | None = None
    ) -> str:
        """The page on which a question is answered."""
        return self._render(type_, question, response=response, invalid=invalid, review=None)

    def reviewing(self, type_: QuestionType, question: Question, response: Response, *, show: bool) -> str:
        """The page on which an answer is looked at, with key and feedback or without."""
        review = Reviewed(type_.grade(question, response), show, show)
        return self._render(type_, question, response=response, invalid=None, review=review)

    def _render(self, type_: QuestionType, question: Question, **values: Any) -> str:
        order = tuple(range(len(question.options)))
        template = self._jinja.get_template(type_.template)
        return template.render(question=question, order=order, name="q1", error_id="q1-error", **values)


def _check_names(type_: QuestionType) -> None:
    kinds = {"choice", "true-false", "fill-in", "long-fill-in", "matching", "sequencing", "numeric", "likert", "other"}
    kinds |= {"performance"}
    assert type_.name == type_.name.strip().lower(), "The name is in small letters."
    assert type_.interaction in kinds, f"`interaction` is one of {sorted(kinds)}."
    assert isinstance(type_.settings, frozenset), "`settings` is a frozenset of keys."
    assert isinstance(type_.shuffles, bool), "`shuffles` is True or False."
    assert isinstance(type_.takes_list, bool), "`takes_list` is True or False."


@dataclass(slots=True)
class Control:
    """A field of a form as a browser sees it. `choices` are (value, words) of a drop-down or of one box."""

    kind: str
    name: str
    id: str
    label: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)


class _Form(HTMLParser):
    """The controls of a piece of HTML and their labels."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.controls: list[Control] = []
        self._labels: dict[str, str] = {}
        self._label: tuple[str, list[Control]] | None = None
        self._in_option = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "label":
            self._label = (values.get("for", ""), [])
        elif tag in {"input", "select", "textarea"} and values.get("type") != "hidden":
            self._control(tag, values)
        elif tag == "option" and self.controls:
            self._in_option = True
            self.controls[-1].choices.append((values.get("value", ""), ""))

    def _control(self, tag: str, values: Mapping[str, str]) -> None:
        kind = values.get("type", "text") if tag == "input" else tag
        control = Control(kind, values.get("name", ""), values.get("id", ""), values.get("aria-label", ""))
        if kind in {"radio", "checkbox"}:
            control.choices.append((values.get("value", ""), ""))
        self.controls.append(control)
        if self._label:
            self._label[1].append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = None
        elif tag == "option":
            self._in_option = False

    def handle_data(self, data: str) -> None:
        if self._in_option:
            value, words = self.controls[-1].choices[-1]
            self.controls[-1].choices[-1] = (value, words + data)
        elif self._label:
            target, inside = self._label
            self._labels[target] = self._labels.get(target, "") + data
            for control in inside:
                control.label += data

    def labelled(self) -> list[Control]:
        for control in self.controls:
            control.label = " ".join((control.label or self._labels.get(control.id, "")).split())
        return self.controls


def controls_in(html: str) -> list[Control]:
    """The form fields of a piece of HTML, each with the words of its label."""
    form = _Form()
    form.feed(html)
    form.close()
    return form.labelled()


def _check_fields(type_: QuestionType, html: str) -> None:
    controls = controls_in(html)
    assert controls, f"The template of `{type_.name}` has no field."
    for control in controls:
        assert control.label, f"The field `{control.name}` of `{type_.name}` has no label."
        assert control.id.startswith("q1"), f"The id of the field `{control.name}` does not begin with `name`."
        is_known = control.name == "answer" or control.name.startswith("answer-") or control.kind == "file"
        assert is_known, f"A field of `{type_.name}` is called `{control.name}`, not `answer` or `answer-N`."
    ids = [control.id for control in controls]
    assert len(ids) == len(set(ids)), f"Two fields of `{type_.name}` have the same id."


def _check_secrets(type_: QuestionType, question: Question, page: Pages, html: str) -> None:
    """A page to answer on may not depend on anything that only the key knows."""
    options = tuple(
        replace(option, right=not option.right, credit=0.5, feedback=_SENTINEL) for option in question.options
    )
    spec = {key: _disguised(key, value) for key, value in question.spec.items()}
    if "answers" in question.spec:
        options = tuple(replace(option, text=_SENTINEL) for option in options)
    other = replace(question, options=options, spec=spec, explanation=_SENTINEL, hint=_SENTINEL, critical=True)
    message = f"The page of `{type_.name}` shows something of the key, the feedback or the explanation."
    assert page.answering(type_, other) == html, message


def _disguised(key: str, value: Json) -> Json:
    """A piece of spec with other keys in it: accepted answers, right choices, rubrics."""
    if key in {"answers", "rubric"}:
        return [{**each, "shown": _SENTINEL, "key": _SENTINEL, "text": _SENTINEL, "credit": 0.1} for each in value]
    if key == "right":
        return value + 1
    if isinstance(value, dict):
        return {name: _disguised(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_disguised("", each) for each in value]
    return value


def _check_empty_and_garbage(type_: QuestionType, question: Question) -> None:
    assert type_.read(question, {}) is None, f"`{type_.name}` reads an answer out of an empty form."
    for form in _GARBAGE:
        try:
            response = type_.read(question, form)
        except UnclearAnswer as unclear:
            is_explained = bool(str(unclear))
            assert is_explained, f"`{type_.name}` finds a form unclear and does not say why."
        else:
            _check_response(type_, question, response)


def _check_response(type_: QuestionType, question: Question, response: Response) -> Grade:
    """Grade and describe a response: always the same, without changing it, and also after a way through JSON."""
    before = repr((question, response))
    grade = type_.grade(question, response)
    assert grade.score is None or 0 <= grade.score <= 1, f"`{type_.name}` gives a score of {grade.score}."
    again = json.loads(json.dumps(response))
    assert type_.grade(question, again) == grade, f"`{type_.name}` grades the same answer in two ways."
    assert isinstance(type_.describe(question, response), str), f"`{type_.name}` does not describe in words."
    assert isinstance(type_.solution(question), str), f"The solution of `{type_.name}` is not in words."
    assert repr((question, response)) == before, f"`{type_.name}` changes what it grades."
    return grade


def _check_right_answer(type_: QuestionType, question: Question, html: str, page: Pages) -> None:
    """Fill in the form with the solution, as a trainee who knows it; it earns everything, and can be reviewed."""
    solution = type_.solution(question)
    form = filled(controls_in(html), solution)
    response = type_.read(question, form)
    if response is None:
        assert not solution or not form, f"`{type_.name}` reads nothing from a form filled in with its solution."
        return
    grade = _check_response(type_, question, response)
    assert type_.describe(question, response), f"`{type_.name}` describes a right answer by nothing."
    if solution:
        assert grade.score == 1.0, f"`{type_.name}` gives its own solution {grade.score}: {form}"
    page.answering(type_, question, response, invalid="Write it again.")
    assert page.reviewing(type_, question, response, show=False), f"`{type_.name}` has no review."
    assert page.reviewing(type_, question, response, show=True), f"`{type_.name}` has no review."


def filled(controls: Sequence[Control], solution: str) -> dict[str, list[str]]:
    """The form that a trainee sends who reads a solution, given in words, and the labels on the page."""
    parts = solution.split("; ") if solution else []
    form: dict[str, list[str]] = {}
    for place, control in enumerate(control for control in controls if control.kind != "file"):
        for value in _values(control, parts, place, len(controls)):
            form.setdefault(control.name, []).append(value)
    return form


def _values(control: Control, parts: Sequence[str], place: int, count: int) -> Iterator[str]:
    if control.kind in {"radio", "checkbox"}:
        if control.label in parts or (not parts and place == 0):
            yield control.choices[0][0]
        return
    part = next((part for part in parts if control.label in part), parts[place] if place < len(parts) else "")
    if control.kind == "select":
        rest = part.replace(control.label, "", 1)
        fitting = [(value, words) for value, words in control.choices if value and words in rest]
        yield from [max(fitting, key=lambda choice: len(choice[1]))[0]] if fitting else []
    else:
        yield ("; ".join(parts) if count == 1 else part) or "some words"
