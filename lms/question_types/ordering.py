"""Ordering: steps to be put in order."""

from __future__ import annotations

from lms.content.structure import Option, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.building import all_or_nothing, problem, question_from, share
from lms.question_types.choices import index_in, is_index
from lms.question_types.markup import plain
from lms.question_types.matching import token_of

EXAMPLE = """\
## A reader has clicked on a false link. In which order do you help? {#false-link}

```quiz
type: ordering
```

1. Close the page
2. Change the password on a clean device
3. Tell the bank
4. Write down what happened
"""


class Ordering:
    """`type: ordering` and a numbered list in the right order; each item in its place earns its share."""

    name = "ordering"
    interaction = "sequencing"
    template = "question_types/ordering.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"credit"})
    shuffles = True
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:  # noqa: ARG002 - the contract's
        """Never: a numbered list may be anything, so the author says so."""
        return False

    def parse(self, source: QuestionSource) -> Parsed:
        """The steps. `spec` has their tokens, and an order that says nothing, for pages that don't shuffle."""
        problems = tuple(
            problem(source, item.line, "question-answers-mixed", "This item has no number.", "Begin it with `1.`.")
            for item in source.items
            if not item.marker[:1].isdigit()
        )
        if len(source.items) < 2:
            fix = "Write a numbered list in the right order."
            problems += (problem(source, source.line, "question-answers", "Ordering needs at least two items.", fix),)
        spec, more = all_or_nothing(source)
        tokens = [token_of(item.text) for item in source.items]
        for index, token in enumerate(tokens):
            if token in tokens[:index]:
                line = source.items[index].line
                message = "This item stands here twice."
                problems += (problem(source, line, "question-option-twice", message, "Change or remove one."),)
        spec["tokens"] = tokens
        spec["neutral"] = _neutral(tokens)
        options = tuple(Option(item.text, feedback=item.feedback, line=item.line) for item in source.items)
        return Parsed(question_from(source, self.name, options, spec), problems + more)

    def read(self, question: Question, form: FormValues) -> Response | None:
        """For each item, as written, the place (from 0) that it was given; None where it got none."""
        count = len(question.options)
        response = [index_in(form.get(f"answer-{token}", ()), count) for token in question.spec["tokens"]]
        return response if any(place is not None for place in response) else None

    def grade(self, question: Question, response: Response) -> Grade:
        """The share of items in their own place; two items in one place are both out of place."""
        places = _places(question, response)
        hits = sum(place == index and places.count(place) == 1 for index, place in enumerate(places))
        return Grade(share(hits, len(places), all_or_nothing=bool(question.spec.get("all_or_nothing"))))

    def describe(self, question: Question, response: Response) -> str:
        """The items in the order they were given."""
        places = _places(question, response)
        given = sorted((place, index) for index, place in enumerate(places) if place is not None)
        return "; ".join(f"{place + 1}. {plain(question.options[index].text)}" for place, index in given)

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return list(range(len(question.options)))

    def solution(self, question: Question) -> str:
        """The items in their order."""
        return "; ".join(f"{index + 1}. {plain(option.text)}" for index, option in enumerate(question.options))


def _neutral(tokens: list[str]) -> list[int]:
    """The items' indices in the order of their tokens, turned by one if that happened to be the right order."""
    order = sorted(range(len(tokens)), key=lambda index: tokens[index])
    return order[1:] + order[:1] if order == list(range(len(tokens))) else order


def _places(question: Question, response: Response) -> list[int | None]:
    count = len(question.options)
    values = list(response) if isinstance(response, list | tuple) else []
    return [value if is_index(value, count) else None for value in (values + [None] * count)[:count]]
