"""Essay: free text that a trainer grades."""

from __future__ import annotations

import re

from lms.content.structure import Json, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.answers import as_words
from lms.question_types.building import problem, question_from
from lms.question_types.written_work import rubric, rubric_points

EXAMPLE = """\
## Describe one visit in which you helped without touching the keyboard. {#hands-off}

```quiz
type: essay
words: 80..200
rubric:
  - 2: says what the reader wanted and what stood in the way
  - 2: shows how the reader did each step alone
  - 1: names nobody who could be recognised
```

What did the reader want, what did you say, and what could the reader do afterwards?
"""

_LONGEST = 50_000


class Essay:
    """`type: essay` with `points`, `rubric` and `words`; a trainer grades it."""

    name = "essay"
    interaction = "long-fill-in"
    template = "question_types/essay.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"rubric", "words"})
    shuffles = False
    takes_list = False
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:  # noqa: ARG002 - the contract's
        """Never: a question without answers is more often a mistake."""
        return False

    def parse(self, source: QuestionSource) -> Parsed:
        """The rubric and the wished length; points are the rubric's sum where none are stated."""
        lines, problems = rubric(source)
        words = _words(source.settings.get("words"))
        if words is None:
            message = "`words` is a number or a range."
            fix = "Write `words: 150` or `words: 80..200`."
            problems += (problem(source, source.line, "question-setting-value", message, fix),)
        spec: dict[str, Json] = {"rubric": lines, "least_words": 0, "most_words": 0, **(words or {})}
        return Parsed(question_from(source, self.name, spec=spec, points=rubric_points(lines)), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:  # noqa: ARG002 - the contract's
        """What was written, with its lines."""
        values = form.get("answer", ())
        text = values[0].replace("\r\n", "\n").replace("\0", "").strip() if values else ""
        return text[:_LONGEST] or None

    def grade(self, question: Question, response: Response) -> Grade:  # noqa: ARG002 - the contract's
        """Not yet known: a trainer decides."""
        return Grade(None)

    def describe(self, question: Question, response: Response) -> str:  # noqa: ARG002 - the contract's
        """What was written."""
        return as_words(response)

    def model_response(self, question: Question) -> Response | None:  # noqa: ARG002 - the contract's
        """A response that earns everything; None where a person has to judge."""
        return None

    def solution(self, question: Question) -> str:  # noqa: ARG002 - the contract's
        """None: there are many good ones."""
        return ""


def _words(value: Json) -> dict[str, Json] | None:
    """`150` or `80..200` as least and most words; None if it is neither."""
    if value is None:
        return {}
    match = re.fullmatch(r"(?:(\d{1,5})\s*\.\.\s*)?(\d{1,5})", str(value).strip(), re.ASCII)
    if not match or int(match[1] or 0) > int(match[2]):
        return None
    return {"least_words": int(match[1] or 0), "most_words": int(match[2])}
