"""Matching: each thing on the left has its partner on the right."""

from __future__ import annotations

import hashlib

from lms.content.structure import Option, Problem, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.building import all_or_nothing, problem, question_from, share
from lms.question_types.choices import is_index
from lms.question_types.markup import plain, split_arrow

EXAMPLE = """\
## Whom does each of these readers turn to first? {#whom-to-ask}

- lost bank card -> the bank
- strange transfer from the account -> the bank
- forgotten library number -> the desk
- broken door at home -> the landlord
- -> the police
"""


def token_of(text: str) -> str:
    """A name for a part that says nothing about its place: ten hex digits of its words' digest."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:10]


class Matching:
    """Items `left -> right`; equal right sides are one choice, an empty left side is a distractor."""

    name = "matching"
    interaction = "matching"
    template = "question_types/matching.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"credit"})
    shuffles = True
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:
        """Plain items of which at least one has an arrow; `parse` reports those without."""
        plain_items = [item for item in source.items if item.marker not in {"[ ]", "[x]", "="}]
        return bool(source.items) and len(plain_items) == len(source.items) and any(map(_has_arrow, source.items))

    def parse(self, source: QuestionSource) -> Parsed:
        """The pairs. `spec` has for each option the first one with the same right side, and that side's token."""
        options: list[Option] = []
        problems: list[Problem] = []
        for item in source.items:
            sides = split_arrow(item.text)
            if sides is None or not sides[1]:
                message = "This item has no ` -> `." if sides is None else "This item has nothing after ` -> `."
                fix = "Write `left -> right`, for a distractor `-> right`."
                problems.append(problem(source, item.line, "question-answers-mixed", message, fix))
            else:
                options.append(
                    Option(sides[0], bool(sides[0]), float(bool(sides[0])), item.feedback, sides[1], item.line)
                )
        if not problems and sum(bool(option.text) for option in options) < 2:
            fix = "Write `- left -> right`, one item each."
            problems.append(problem(source, source.line, "question-answers", "Matching needs at least two pairs.", fix))
        sides_seen: dict[str, int] = {}
        spec, more = all_or_nothing(source)
        spec["groups"] = [sides_seen.setdefault(token_of(each.match), index) for index, each in enumerate(options)]
        spec["tokens"] = [token_of(each.match) for each in options]
        return Parsed(question_from(source, self.name, tuple(options), spec), (*problems, *more))

    def read(self, question: Question, form: FormValues) -> Response | None:
        """For each option the index of the option whose right side was chosen, None where nothing was."""
        heads = dict(zip(*_spec(question), strict=True))
        response = [
            heads.get((form.get(f"answer-{index}") or ("",))[0]) if option.text else None
            for index, option in enumerate(question.options)
        ]
        return response if any(index is not None for index in response) else None

    def grade(self, question: Question, response: Response) -> Grade:
        """The share of left sides that have their partner."""
        _, groups = _spec(question)
        lefts = [index for index, option in enumerate(question.options) if option.text]
        chosen = _chosen(question, response)
        partners = [(index, chosen[index]) for index in lefts]
        hits = sum(partner is not None and groups[partner] == groups[index] for index, partner in partners)
        return Grade(share(hits, len(lefts), all_or_nothing=bool(question.spec.get("all_or_nothing"))))

    def describe(self, question: Question, response: Response) -> str:
        """Each left side that has got a partner, with it."""
        return "; ".join(
            f"{plain(option.text)} → {plain(question.options[index].match)}"
            for option, index in zip(question.options, _chosen(question, response), strict=True)
            if option.text and index is not None
        )

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return [index if option.text else None for index, option in enumerate(question.options)]

    def solution(self, question: Question) -> str:
        """Each left side with its partner."""
        return "; ".join(f"{plain(option.text)} → {plain(option.match)}" for option in question.options if option.text)


def _has_arrow(item: object) -> bool:
    return split_arrow(getattr(item, "text", "")) is not None


def _spec(question: Question) -> tuple[list[str], list[int]]:
    return list(question.spec["tokens"]), list(question.spec["groups"])


def _chosen(question: Question, response: Response) -> list[int | None]:
    """A response as long as the options, with only indices that exist."""
    count = len(question.options)
    values = list(response) if isinstance(response, list | tuple) else []
    return [value if is_index(value, count) else None for value in (values + [None] * count)[:count]]
