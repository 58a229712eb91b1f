"""Number: exact, with a tolerance, or in a range."""

from __future__ import annotations

from lms.content.structure import Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response, UnclearAnswer
from lms.question_types.answers import (
    accepted_answers,
    as_words,
    best,
    first_right,
    has_only_numbers,
    typed,
    written_answers,
)
from lms.question_types.building import problem, question_from
from lms.question_types.numbers import is_empty_range, is_within, middle, number_key, read_number

EXAMPLE = """\
## A photo has 4 megabytes. How many such photos fit on a stick of 1 gigabyte? {#photos}

- = 250
- =50% 230..256
  > Close. One gigabyte is 1000 megabytes.
"""


class Number:
    """`- = 112`, `- = 1000 ± 24`, `- = 900..1100`; a trainee's `1,5` is 1.5 and `1,024` is asked again."""

    name = "number"
    interaction = "numeric"
    template = "question_types/number.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset()
    shuffles = False
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:
        """Accepted answers that all are numbers, tolerances or ranges."""
        return has_only_numbers(source.items, lambda text: number_key(text) is not None)

    def parse(self, source: QuestionSource) -> Parsed:
        """The accepted ranges. Where `type: number` says so, `007` and `+5` are numbers too."""
        strict = source.settings.get("type") != self.name
        expected = "a number such as `12`, `1000 ± 24` or `900..1100`"
        options, answers, problems = written_answers(source, lambda text: number_key(text, strict=strict), expected)
        for answer, option in zip(answers, options, strict=True):
            if answer["key"] and is_empty_range(answer["key"]):
                message = "This range begins above its end."
                fix = "Write the smaller number first."
                problems += (problem(source, option.line, "question-answer-form", message, fix),)
        return Parsed(question_from(source, self.name, options, {"answers": answers}), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:  # noqa: ARG002 - the contract's
        """What was typed. Raises `UnclearAnswer` if it is no number, or could be two."""
        text = typed(form)
        if text is not None:
            read_number(text)
        return text

    def grade(self, question: Question, response: Response) -> Grade:
        """The credit of the first range in which the number lies."""
        try:
            number = read_number(as_words(response))
        except UnclearAnswer:
            return Grade(0.0)
        return best(question, lambda key: isinstance(key, dict) and is_within(number, key))

    def describe(self, question: Question, response: Response) -> str:  # noqa: ARG002 - the contract's
        """What was typed."""
        return as_words(response)

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return next((middle(answer["key"]) for answer in accepted_answers(question) if answer["credit"] >= 1), None)

    def solution(self, question: Question) -> str:
        """The first number or range that earns everything, as the author wrote it."""
        return first_right(question)
