r"""Gaps: `[[…]]` in a text, each with its accepted answers, a drop-down, or a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lms.content.structure import Json, Problem, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response, UnclearAnswer
from lms.question_types.answers import cleaned, folded
from lms.question_types.building import all_or_nothing, problem, question_from, share
from lms.question_types.choices import index_in, is_index
from lms.question_types.markup import Gap, find_gaps, gap_token, untag_gap_fences, unwrap_code, without_tokens
from lms.question_types.numbers import is_empty_range, is_within, middle, number_key, read_number

EXAMPLE = """\
## Complete the advice {#good-password}

A password is strong when it is [[(long)|short|old]]. Use at least [[12|twelve]] characters, and keep all your
passwords in a password [[manager|safe]].
"""

_SEPARATOR = re.compile(r"(?<!\\)\|")
_CHOSEN = re.compile(r"\((.+)\)")


class Gaps:
    """Text answers `[[sudo|doas]]`, drop-downs `[[user|(root)|guest]]`, numbers `[[3.14 ± 0.01]]`."""

    name = "gaps"
    interaction = "fill-in"
    template = "question_types/gaps.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"credit", "case"})
    shuffles = False
    takes_list = False
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:
        """At least one gap in the stem or the text below it."""
        return bool(find_gaps(source.stem) or find_gaps(source.body))

    def parse(self, source: QuestionSource) -> Parsed:
        """The gaps. In the body a private-use character stands for each; a stem with gaps joins the body."""
        stem, body = without_tokens(source.stem), without_tokens(source.body)
        if find_gaps(stem):
            stem, body = "", f"{stem}\n\n{body}".strip()
        found = find_gaps(body)
        problems: list[Problem] = []
        if not found:
            message, fix = "This question has no gaps.", "Write `[[answer]]` where something is left out."
            problems.append(problem(source, source.line, "question-answers", message, fix))
        gaps = []
        for number, gap in enumerate(found):
            key, wrong = _key(gap)
            gaps.append({"token": gap_token(number), **key})
            if wrong:
                line = (source.body_line or source.line) + source.body.count("\n", 0, source.body.find(gap.inner))
                problems.append(
                    problem(source, line, "question-answer-form", f"`[[{gap.inner}]]`: {wrong[0]}", wrong[1])
                )
        spec, more = all_or_nothing(source)
        spec |= {"gaps": gaps, "exact": source.settings.get("case") == "exact"}
        question = question_from(source, self.name, spec=spec)
        question = replace(question, stem=stem, body=_tokenised(body, found))
        return Parsed(question, (*problems, *more, *_case(source)))

    def read(self, question: Question, form: FormValues) -> Response | None:
        """For each gap the words, the index in its drop-down, or None. Raises `UnclearAnswer` as number does."""
        response = [_read(gap, form.get(f"answer-{index}", ())) for index, gap in enumerate(question.spec["gaps"])]
        return response if any(value is not None for value in response) else None

    def grade(self, question: Question, response: Response) -> Grade:
        """The share of gaps that are right."""
        pairs = _pairs(question, response)
        exact = bool(question.spec.get("exact"))
        parts = tuple(float(_is_right(gap, value, exact=exact)) for gap, value in pairs)
        score = share(sum(parts), len(parts), all_or_nothing=bool(question.spec.get("all_or_nothing")))
        return Grade(score, parts=parts)

    def describe(self, question: Question, response: Response) -> str:
        """What stands in each gap, in order; `…` in an empty one."""
        return "; ".join(_shown(gap, value) or "…" for gap, value in _pairs(question, response))

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return [_model(gap) for gap in question.spec["gaps"]]

    def solution(self, question: Question) -> str:
        """What belongs into each gap, in order."""
        return "; ".join(solution_of(gap) for gap in question.spec["gaps"])


def solution_of(gap: dict[str, Json]) -> str:
    """What belongs into one gap."""
    return str(gap["choices"][gap["right"]] if "choices" in gap else gap["answers"][0]["shown"])


def _model(gap: dict[str, Json]) -> Response:
    if "choices" in gap:
        return gap["right"]
    answer = gap["answers"][0]
    return middle(answer["key"]) if isinstance(answer["key"], dict) else answer["shown"]


def _case(source: QuestionSource) -> tuple[Problem, ...]:
    case = source.settings.get("case")
    if case in {None, "exact"}:
        return ()
    message, fix = f"`case: {case}` is not known.", "Write `case: exact` or leave it out."
    return (problem(source, source.line, "question-setting-value", message, fix),)


def _tokenised(body: str, gaps: Sequence[Gap]) -> str:
    """The body with a token in the place of each gap; fences tagged `gaps` become ordinary ones."""
    pieces, position = [], 0
    for number, gap in enumerate(gaps):
        pieces += [body[position : gap.start], gap_token(number)]
        position = gap.end
    return untag_gap_fences("".join([*pieces, body[position:]]))


def _key(gap: Gap) -> tuple[dict[str, Json], tuple[str, str] | None]:
    """A gap's accepted answers or its drop-down, and what is wrong with it: message and fix."""
    inner = gap.inner.replace("\\|", "|") if gap.in_table else gap.inner
    parts = [part.strip().replace("\\|", "|") for part in _SEPARATOR.split(inner)]
    if not all(parts):
        return {"answers": [{"shown": inner, "key": inner}]}, ("an alternative is empty.", "Write or remove it.")
    right = [index for index, part in enumerate(parts) if _CHOSEN.fullmatch(part)]
    if right and len(parts) > 1:
        wrong = None if len(right) == 1 else ("more than one choice is in brackets.", "Leave one right choice.")
        choices = [
            unwrap_code(_CHOSEN.sub(r"\1", part) if index in right else part) for index, part in enumerate(parts)
        ]
        choices = [choice.removeprefix("\\") for choice in choices]
        return {"choices": choices, "right": right[0]}, wrong
    texts = [unwrap_code(part).removeprefix("\\") for part in parts]
    numbers = [number_key(text) for text in texts]
    if None in numbers:
        return {"answers": [{"shown": text, "key": text} for text in texts]}, None
    wrong = ("the range begins above its end.", "Smaller number first.") if any(map(_is_empty, numbers)) else None
    return {"answers": [{"shown": text, "key": key} for text, key in zip(texts, numbers, strict=True)]}, wrong


def _is_empty(key: dict[str, str] | None) -> bool:
    return key is not None and is_empty_range(key)


def _is_number(gap: dict[str, Json]) -> bool:
    return any(isinstance(answer["key"], dict) for answer in gap.get("answers", ()))


def _read(gap: dict[str, Json], values: Sequence[str]) -> str | int | None:
    if "choices" in gap:
        return index_in(values, len(gap["choices"]))
    text = cleaned(values)
    if text and _is_number(gap):
        read_number(text)
    return text or None


def _pairs(question: Question, response: Response) -> list[tuple[dict[str, Json], Response]]:
    gaps = list(question.spec["gaps"])
    values = list(response) if isinstance(response, list | tuple) else []
    return list(zip(gaps, (values + [None] * len(gaps))[: len(gaps)], strict=True))


def _is_right(gap: dict[str, Json], value: Response, *, exact: bool) -> bool:
    if "choices" in gap:
        return is_index(value, len(gap["choices"])) and value == gap["right"]
    if not isinstance(value, str) or not value.strip():
        return False
    if _is_number(gap):
        try:
            number = read_number(value)
        except UnclearAnswer:
            return False
        return any(isinstance(answer["key"], dict) and is_within(number, answer["key"]) for answer in gap["answers"])
    given = folded(value, exact=exact)
    return any(folded(str(answer["key"]), exact=exact) == given for answer in gap["answers"])


def _shown(gap: dict[str, Json], value: Response) -> str:
    if "choices" in gap:
        return str(gap["choices"][value]) if is_index(value, len(gap["choices"])) else ""
    return value if isinstance(value, str) else ""
