"""Short text: the trainee types a word or two."""

from __future__ import annotations

from lms.content.structure import Json, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.answers import (
    as_words,
    best,
    first_right,
    folded,
    is_written,
    typed,
    written_answers,
)
from lms.question_types.building import problem, question_from

EXAMPLE = """\
## What do you call a second proof at sign-in, such as a code on the phone? {#second-factor}

- = two-factor authentication
- = 2FA
- = second factor
- =50% code
  > A code is one kind of it. The name covers all kinds.
"""


class Text:
    """`- = answer`; NFC, case and outer spaces don't matter, accents do."""

    name = "text"
    interaction = "fill-in"
    template = "question_types/text.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"case"})
    shuffles = False
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:
        """Accepted answers that are not all numbers (number is asked first)."""
        return is_written(source)

    def parse(self, source: QuestionSource) -> Parsed:
        """The accepted answers; `case: exact` makes capitals matter."""
        options, answers, problems = written_answers(source, lambda text: text, "an answer")
        spec: dict[str, Json] = {"answers": answers}
        case = source.settings.get("case")
        if case == "exact":
            spec["exact"] = True
        elif case is not None:
            message = f"`case: {case}` is not known."
            fix = "Write `case: exact` or leave it out."
            problems += (problem(source, source.line, "question-setting-value", message, fix),)
        return Parsed(question_from(source, self.name, options, spec), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:  # noqa: ARG002 - the contract's
        """What was typed."""
        return typed(form)

    def grade(self, question: Question, response: Response) -> Grade:
        """The credit of the answer it equals."""
        exact = bool(question.spec.get("exact"))
        given = folded(as_words(response), exact=exact)
        return best(question, lambda key: bool(given) and folded(str(key), exact=exact) == given)

    def describe(self, question: Question, response: Response) -> str:  # noqa: ARG002 - the contract's
        """What was typed."""
        return as_words(response)

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return first_right(question) or None

    def solution(self, question: Question) -> str:
        """The first answer that earns everything."""
        return first_right(question)
