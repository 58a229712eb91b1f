"""Command: one shell command line."""

from __future__ import annotations

from lms.content.structure import Json, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.answers import as_words, best, first_right, typed, written_answers
from lms.question_types.building import question_from
from lms.question_types.shell import Unfinished, comparable

EXAMPLE = """\
## List all files in /etc, hidden ones too, one on a line with its size, and page through them. {#list-etc}

```quiz
type: command
```

- = `ls -la /etc | less`
- = `ls -la /etc/ | less`
- =50% `ls -la /etc`
  > The list is right. It runs past the top of the screen.
"""


class Command:
    """`type: command` with `- =` alternatives; spaces, quotes and the order of leading options don't matter."""

    name = "command"
    interaction = "fill-in"
    template = "question_types/command.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset()
    shuffles = False
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:  # noqa: ARG002 - the contract's
        """Never: the author says so."""
        return False

    def parse(self, source: QuestionSource) -> Parsed:
        """The accepted lines, taken apart once."""
        expected = "one command line whose quotes are closed"
        options, answers, problems = written_answers(source, _parts, expected)
        return Parsed(question_from(source, self.name, options, {"answers": answers}), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:  # noqa: ARG002 - the contract's
        """What was typed."""
        return typed(form)

    def grade(self, question: Question, response: Response) -> Grade:
        """The credit of the line that it means the same as."""
        given = _parts(as_words(response))
        return best(question, lambda key: given is not None and key == given)

    def describe(self, question: Question, response: Response) -> str:  # noqa: ARG002 - the contract's
        """What was typed."""
        return as_words(response)

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return first_right(question) or None

    def solution(self, question: Question) -> str:
        """The first line that earns everything."""
        return first_right(question)


def _parts(line: str) -> Json | None:
    """What is compared of a line; None if it is empty, several lines, or unfinished."""
    if "\n" in line or "\ue000" in line or len(line) > 1000:
        return None
    try:
        return comparable(line) or None
    except Unfinished:
        return None
