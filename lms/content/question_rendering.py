"""A question's Markdown turned into HTML, gaps kept."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from lms.content.structure import Option, Question
from lms.question_types.markup import gap_token, split_at_gaps

Render = Callable[[str], str]
_TAG = re.compile(r"<[^<>]*>")
_SEVERAL_BLOCKS = re.compile(r"\n\s*\n|^\s*(?:`{3,}|~{3,}|\||[-*+] |\d{1,9}[.)] |>)", re.MULTILINE)


def render_question(question: Question, inline: Render, block: Render) -> Question:
    """The same question with safe HTML in every text, given what renders a line and what renders blocks.

    Accepted answers are shown as they are typed, not as Markdown. A gap stays the one character of `gap_token`; one
    that rendering put into an attribute or lost is set after the text, so that it can be answered.
    """

    def short(text: str) -> str:
        return (block if _SEVERAL_BLOCKS.search(text) else inline)(text) if text else ""

    def option(place: int, each: Option) -> Option:
        answers = question.spec.get("answers")
        text = html.escape(str(answers[place]["shown"])) if answers else short(each.text)
        return replace(each, text=text, feedback=short(each.feedback), match=short(each.match))

    return replace(
        question,
        stem=inline(question.stem) if question.stem else "",
        body=_with_gaps(block(question.body), len(question.spec.get("gaps", ()))) if question.body else "",
        options=tuple(option(*pair) for pair in enumerate(question.options)),
        hint=block(question.hint) if question.hint else "",
        explanation=block(question.explanation) if question.explanation else "",
    )


def _with_gaps(text: str, count: int) -> str:
    """The HTML with each of its gaps once, as text."""
    if not count:
        return text
    text = _TAG.sub(lambda tag: "".join(piece for piece in split_at_gaps(tag[0]) if isinstance(piece, str)), text)
    seen: set[int] = set()
    pieces = []
    for piece in split_at_gaps(text):
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece < count and piece not in seen:
            seen.add(piece)
            pieces.append(gap_token(piece))
    lost = "".join(f"<p>{gap_token(number)}</p>" for number in range(count) if number not in seen)
    return "".join(pieces) + lost
