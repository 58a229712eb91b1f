"""Files of other systems as tests write them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.content.questions import parse_question_file
from lms.content.structure import Question
from lms.exchange.bringing import Brought, bring
from lms.plugins import QuestionType
from lms.question_types import BUILT_IN

TYPES: Mapping[str, QuestionType] = {type_.name: type_ for type_ in BUILT_IN}


def brought(text: str | bytes, **wishes: Any) -> Brought:
    """A file of another system, brought in."""
    data = text.encode() if isinstance(text, str) else text
    return bring(data, TYPES, **{"stem": "demo", **wishes})


def again(found: Brought) -> tuple[Question, ...]:
    """The questions that our parser reads in the whole text; it must find nothing wrong."""
    file, problems = parse_question_file("quizzes/demo.md", found.text, id="demo", language="en", types=TYPES)
    assert [problem for problem in problems if problem.severity != "notice"] == []
    return file.questions


def only(text: str | bytes, **wishes: Any) -> tuple[Question, Brought]:
    """The one question of a file, as our parser reads it again."""
    found = brought(text, **wishes)
    (question,) = again(found)
    return question, found


def xml(*questions: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """A Moodle XML file around some questions."""
    return f"{head}\n<quiz>\n{''.join(questions)}\n</quiz>\n"


def question(kind: str, text: str, inside: str = "", *, name: str = "Q", form: str = "html") -> str:
    """A question in Moodle XML."""
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>'
    )


def answer(text: str, fraction: str = "0", feedback: str = "", more: str = "") -> str:
    """An answer in Moodle XML."""
    said = f"<feedback format='html'><text>{feedback}</text></feedback>" if feedback else ""
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{said}{more}</answer>'
