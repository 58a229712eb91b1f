"""Upload: files that a trainer looks at."""

from __future__ import annotations

import json
import re

from lms.content.structure import Json, Problem, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.building import problem, question_from
from lms.question_types.written_work import rubric, rubric_points

EXAMPLE = """\
## Make a poster for your library that shows how to spot a false message. {#poster}

```quiz
type: upload
files: [pdf, png, jpg]
max: 2
points: 5
rubric:
  - 3: names three signs of a false message
  - 2: can be read from two metres away
```

One page is enough.
"""

_UNITS = {"kb": 1000, "mb": 1000**2, "gb": 1000**3}


class Upload:
    """`type: upload`; `files` are the endings allowed, `max` the number of files or the size of one."""

    name = "upload"
    interaction = "other"
    template = "question_types/upload.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"rubric", "files", "max"})
    shuffles = False
    takes_list = False
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:  # noqa: ARG002 - the contract's
        """Never: the author says so."""
        return False

    def parse(self, source: QuestionSource) -> Parsed:
        """The rubric and the limits; without `max`, one file."""
        lines, problems = rubric(source)
        endings, more = _endings(source)
        limits = _limits(source.settings.get("max"))
        problems += more
        if limits is None:
            message = f"`max: {source.settings.get('max')}` is neither a number of files nor a size."
            fix = "Write `max: 3` or `max: 10 MB`."
            problems += (problem(source, source.line, "question-setting-value", message, fix),)
        spec: dict[str, Json] = {
            "rubric": lines,
            "endings": endings,
            "most_files": 1,
            "most_bytes": 0,
            **(limits or {}),
        }
        return Parsed(question_from(source, self.name, spec=spec, points=rubric_points(lines)), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:
        """The files that the LMS stored, named by it in the field `answer` as a JSON list of id, name and size."""
        values = form.get("answer", ())
        try:
            listed = json.loads(values[0]) if values and len(values[0]) < 100_000 else []
        except (ValueError, RecursionError):
            return None
        files = [file for file in map(_file, listed if isinstance(listed, list) else []) if file]
        return {"files": files[: question.spec.get("most_files", 1)]} if files else None

    def grade(self, question: Question, response: Response) -> Grade:  # noqa: ARG002 - the contract's
        """Not yet known: a trainer decides."""
        return Grade(None)

    def describe(self, question: Question, response: Response) -> str:  # noqa: ARG002 - the contract's
        """The files' names."""
        files = response.get("files") if isinstance(response, dict) else None
        return "; ".join(file["name"] for file in map(_file, files if isinstance(files, list) else []) if file)

    def model_response(self, question: Question) -> Response | None:  # noqa: ARG002 - the contract's
        """A response that earns everything; None where a person has to judge."""
        return None

    def solution(self, question: Question) -> str:  # noqa: ARG002 - the contract's
        """None: there are many good ones."""
        return ""


def _file(value: Json) -> dict[str, Json] | None:
    """One listed file with exactly the fields that a response keeps."""
    if not isinstance(value, dict) or not isinstance(value.get("id"), str | int):
        return None
    name, size = value.get("name"), value.get("size")
    is_size = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    return {"id": value["id"], "name": str(name), "size": size} if isinstance(name, str) and is_size else None


def _endings(source: QuestionSource) -> tuple[list[str], tuple[Problem, ...]]:
    value = source.settings.get("files")
    words = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value or []
    endings = [str(word).lower().lstrip(".") for word in words] if isinstance(words, list) else [""]
    if all(re.fullmatch(r"[a-z0-9]{1,8}", ending) for ending in endings):
        return endings, ()
    message = "`files` is a list of file endings."
    return [], (problem(source, source.line, "question-setting-value", message, "Write `files: [pdf, jpg]`."),)


def _limits(value: Json) -> dict[str, Json] | None:
    """`3` as a number of files, `10 MB` as the bytes of one; None if it is neither."""
    match = re.fullmatch(r"(\d{1,4})(?:\s*(kB|KB|MB|GB))?", "1" if value is None else str(value).strip(), re.ASCII)
    if not match or int(match[1]) == 0:
        return None
    if match[2]:
        return {"most_bytes": int(match[1]) * _UNITS[match[2].lower()]}
    return {"most_files": int(match[1])}
