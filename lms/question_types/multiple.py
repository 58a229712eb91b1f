"""Multiple choice: several options may be right."""

from __future__ import annotations

from lms.content.structure import Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.building import all_or_nothing, problem, question_from, share
from lms.question_types.choices import (
    boxes_missing,
    credit_not_here,
    index_in,
    is_choice,
    is_index,
    marked,
    options_of,
    right_texts,
)
from lms.question_types.markup import plain

EXAMPLE = """\
## What do you close before the next person sits down at the shared computer? {#shared-computer}

Choose all that apply.

- [x] the mailbox of the person before
  > Whoever comes next could read it.
- [x] the private browser window
  > It forgets what was typed only when it is closed.
- [ ] the library catalogue
  > It holds nothing personal. It may stay open.
- [x] downloaded papers
  > Delete them and empty the bin.
"""


class Multiple:
    """`- [ ]` and `- [x]` with several marked; the score is (right - wrong) / number right, at least 0."""

    name = "multiple"
    interaction = "choice"
    template = "question_types/choice.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"credit"})
    shuffles = True
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:
        """Options with boxes, at least two of them marked."""
        return is_choice(source) and marked(source) > 1

    def parse(self, source: QuestionSource) -> Parsed:
        """The options; an error if none is marked."""
        problems = boxes_missing(source)
        if problems:
            return Parsed(None, problems)
        spec, problems = all_or_nothing(source)
        problems += credit_not_here(source)
        options, more = options_of(source)
        problems += tuple(each for each in more if each.rule != "question-credit")
        if marked(source) == 0:
            fix = "Mark the right ones with `- [x]`."
            problems += (problem(source, source.line, "question-no-right", "No option is marked as right.", fix),)
        return Parsed(question_from(source, self.name, options, spec), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:
        """The indices of the chosen options in ascending order."""
        count = len(question.options)
        chosen = {index_in((value,), count) for value in form.get("answer", ())}
        return sorted(index for index in chosen if index is not None) or None

    def grade(self, question: Question, response: Response) -> Grade:
        """(right - wrong) / number right, at least 0; or everything or nothing."""
        chosen = _indices(question, response)
        rights = {index for index, option in enumerate(question.options) if option.right}
        earned = len(chosen & rights) - len(chosen - rights)
        return Grade(share(earned, len(rights), all_or_nothing=bool(question.spec.get("all_or_nothing"))))

    def describe(self, question: Question, response: Response) -> str:
        """The chosen options' words."""
        return "; ".join(plain(question.options[index].text) for index in sorted(_indices(question, response)))

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return [index for index, option in enumerate(question.options) if option.right]

    def solution(self, question: Question) -> str:
        """The right options' words."""
        return right_texts(question)


def _indices(question: Question, response: Response) -> set[int]:
    values = response if isinstance(response, list | tuple) else (response,)
    return {value for value in values if is_index(value, len(question.options))}
