"""Single choice: one option is right."""

from __future__ import annotations

from lms.content.structure import Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.building import problem, question_from
from lms.question_types.choices import (
    boxes_missing,
    chosen,
    is_choice,
    is_index,
    marked,
    options_of,
    right_texts,
    text_of,
)

EXAMPLE = """\
## A reader asks you to type her bank password, because her glasses are at home. What do you do? {#glasses}

- [ ] Type it quickly and look away afterwards.
  > You would know her password, and she would have to change it.
- [x] Make the letters on the screen larger and let her type.
  > She keeps her secret and can do it alone next time.
- [ ] Ask her to come back with her glasses.
  > (50%) Safe, but she leaves without help.

> [!NOTE]
> Passwords are typed by their owner, always.
"""


class Single:
    """`- [ ]` and `- [x]` with exactly one marked; `(50%)` at the start of a feedback gives part credit."""

    name = "single"
    interaction = "choice"
    template = "question_types/choice.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset()
    shuffles = True
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:
        """Options with boxes, not more than one of them marked."""
        return is_choice(source) and marked(source) <= 1

    def parse(self, source: QuestionSource) -> Parsed:
        """The options; an error if not exactly one is marked."""
        problems = boxes_missing(source)
        if problems:
            return Parsed(None, problems)
        options, problems = options_of(source)
        count = marked(source)
        if count == 0:
            fix = "Mark the right one with `- [x]`."
            problems += (problem(source, source.line, "question-no-right", "No option is marked as right.", fix),)
        elif count > 1:
            fix = "Leave one mark, or write `type: multiple`."
            problems += (
                problem(source, source.line, "question-no-right", f"{count} options are marked as right.", fix),
            )
        return Parsed(question_from(source, self.name, options), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:
        """The index of the chosen option."""
        return chosen(question, form)

    def grade(self, question: Question, response: Response) -> Grade:
        """The credit of the chosen option."""
        if not is_index(response, len(question.options)):
            return Grade(0.0)
        return Grade(question.options[response].credit)

    def describe(self, question: Question, response: Response) -> str:
        """The chosen option's words."""
        return text_of(question, response)

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return next((index for index, option in enumerate(question.options) if option.right), None)

    def solution(self, question: Question) -> str:
        """The right option's words."""
        return right_texts(question)
