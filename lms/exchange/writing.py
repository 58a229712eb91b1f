"""A question that was found, as a question of our format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from lms.content.structure import Json
from lms.exchange.escaping import in_comment
from lms.exchange.found import FIRST_GAP, Answer, Found, Gap, shortened
from lms.exchange.luggage import Luggage
from lms.exchange.plain import plain_words
from lms.exchange.texts import markdown_of

_GAP = re.compile("[\ue100-\uf8ff]")
_LONGEST_HEADING = 240
_BLOCK = re.compile(r"(?:[*+>|:]|-|#{1,6}|\d{1,9}[.)]|`{3,}|~{3,})(?:\s|$)|`{3}|!\[|\[.*\]\(\S*\)$|\||>")
_RAW = re.compile(r"^(?:>|`|~~~|<!--|\[\[|[-*+]\s|\d+[.)]\s|#)|\[\[")


class CannotWrite(ValueError):
    """A question that has no counterpart here; the message says why."""


def write_question(found: Found, name: str, luggage: Luggage, *, has_type: bool) -> str:
    """The question as Markdown under the id `name`. `has_type` writes its type down. Raises `CannotWrite`.

    What gets lost on the way is noted in the luggage.
    """
    found = _settled(found, luggage)
    text = _without_gaps(markdown_of(found.words, luggage), found)
    is_heading = found.type != "gaps" and _fits_heading(text)
    settings = {**({"type": found.type} if has_type else {}), **_settings(found)}
    blocks = [f"## {text} {{#{name}}}" if is_heading else f"## {{#{name}}}", _comment(found), _fence(settings)]
    if not is_heading:
        blocks.append(text)
    answers = _ANSWERS[found.type](found, luggage) if found.type in _ANSWERS else ""
    hints = "\n\n".join(markdown_of(hint, luggage) for hint in found.hints)
    blocks += [answers, _callout("TIP", hints), _callout("NOTE", markdown_of(found.explanation, luggage))]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _fits_heading(text: str) -> bool:
    is_line = bool(text) and "\n" not in text and len(text) <= _LONGEST_HEADING
    return is_line and not _BLOCK.match(text) and "![" not in text


def _comment(found: Found) -> str:
    """Where the question came from: what our files have no place for, where an author can still see it."""
    facts = (
        ("Category", re.sub(r"^\$\w+\$/(?:top/)?", "", found.category)),
        ("Name", found.name if found.given_id or not found.name.isascii() else ""),
        ("Tags", ", ".join(found.tags)),
    )
    said = ". ".join(f"{key}: {in_comment(value)}" for key, value in facts if value)
    return f"<!-- {said} -->" if said else ""


def _settings(found: Found) -> dict[str, Json]:
    points = {"points": round(found.points, 5)} if found.points != 1 else {}
    return {**points, **found.settings}


def _fence(settings: Mapping[str, Json]) -> str:
    """The `quiz` block. What is no simple word is written as JSON, which is YAML too."""
    lines = []
    for key, value in settings.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {json.dumps(each, ensure_ascii=False)}" for each in value)]
        elif isinstance(value, float):
            lines.append(f"{key}: {value:g}")
        else:
            lines.append(f"{key}: {value}")
    return "\n".join(["```quiz", *lines, "```"]) if lines else ""


def _callout(kind: str, text: str) -> str:
    return f"> [!{kind}]\n{_quoted(text)}" if text else ""


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def _item(marker: str, text: str, feedback: str) -> str:
    """An item of the answers: continuation lines and feedback stand two columns in."""
    first, _line, rest = text.partition("\n")
    lines = [f"{marker} {first}".rstrip()]
    lines += [_indented(rest)] if rest else []
    lines += [_indented(_quoted(feedback))] if feedback else []
    return "\n".join(lines)


def _settled(found: Found, luggage: Luggage) -> Found:
    """The question with what depends on all its answers decided."""
    for what, why in found.losses:
        luggage.lose(what, why)
    if found.type == "single":
        return _one_right(found, luggage)
    if found.type == "multiple":
        return _several_right(found, luggage)
    return found


def _one_right(found: Found, luggage: Luggage) -> Found:
    """Exactly one option is right; others that earn everything keep that as part credit of 100%."""
    best = max((answer.credit for answer in found.answers), default=0.0)
    if best <= 0:
        raise CannotWrite("No option earns anything, so none is right. As an opinion it could be a `scale` question.")
    if best < 1:
        luggage.lose(f"only {_percent(best)} of the points for the best option", "The right one earns everything.")
    first = next(place for place, answer in enumerate(found.answers) if answer.credit == best)
    answers = [replace(answer, credit=1.0 if place == first else min(answer.credit, 1.0))
               for place, answer in enumerate(found.answers)]  # fmt: skip
    for answer in answers:
        if answer.credit < 0:
            what = f"{_percent(answer.credit)} of the points for “{shortened(plain_words(answer.words))}”"
            luggage.lose(what, "A wrong option earns nothing; it takes nothing away.")
    alike = sum(answer.credit >= 1 for answer in answers) - 1
    if alike:
        why = "One option is marked as right; the others that were right as well earn all the points too."
        luggage.lose(f"{alike + 1} options that are each right alone", why)
    return replace(found, answers=tuple(answers))


def _several_right(found: Found, luggage: Luggage) -> Found:
    """Whatever earns something is right; how much, the format decides: (right - wrong) / number right."""
    rights = [answer.credit for answer in found.answers if answer.credit > 0]
    wrongs = [answer.credit for answer in found.answers if answer.credit <= 0]
    if not rights:
        raise CannotWrite("No option earns anything, so none is right. As an opinion it could be a `scale` question.")
    fair = 1 / len(rights)
    if found.settings.get("credit") == "all-or-nothing":
        return found
    rule = "Here each right choice earns an equal share, and each wrong one takes such a share away."
    if any(abs(credit - fair) > 0.01 for credit in rights):
        luggage.lose(f"shares of the right options: {_shares(rights)}", rule)
    if any(abs(credit + fair) > 0.01 for credit in wrongs):
        luggage.lose(f"shares of the wrong options: {_shares(wrongs)}", rule)
    return found


def _shares(credits_: Iterable[float]) -> str:
    return ", ".join(map(_percent, credits_))


def _choices(found: Found, luggage: Luggage) -> str:
    items, seen = [], set()
    for answer in found.answers:
        is_right = answer.credit > 0 if found.type == "multiple" else answer is _first_right(found)
        text = markdown_of(answer.words, luggage, is_part=True)
        if not text and not is_right:
            luggage.lose("an option without text", "Nobody can choose it knowingly.")
            continue
        if text and (text, is_right) in seen:
            why = "It stood here twice; nobody could tell one from the other."
            luggage.lose(f"the option “{shortened(text)}”", why)
            continue
        seen.add((text, is_right))
        feedback = markdown_of(answer.feedback, luggage)
        if re.match(r"\(|\\\(", feedback):
            feedback = "\\" + feedback
        if found.type != "multiple" and not is_right and answer.credit > 0:
            feedback = f"({_percent(answer.credit)}) {feedback}".rstrip()
        items.append(_item("- [x]" if is_right else "- [ ]", text, feedback))
    return "\n".join(items)


def _first_right(found: Found) -> Answer | None:
    return next((answer for answer in found.answers if answer.credit >= 1), None)


def _percent(credit: float) -> str:
    return f"{round(credit * 100, 5):.5f}".rstrip("0").rstrip(".") + "%"


def _typed(found: Found, luggage: Luggage) -> str:
    """Accepted answers, raw: what is typed is no Markdown."""
    items = []
    for answer in found.answers:
        text = plain_words(answer.words) if answer.words.form == "html" else answer.words.text
        text = _without_star(" ".join(text.split()), answer, luggage) if found.type == "text" else text
        if not text:
            continue
        marker = "- =" if answer.credit >= 1 else f"- ={_percent(max(answer.credit, 0.0))}"
        if answer.credit < 0 or answer.credit > 1:
            what = f"{_percent(answer.credit)} of the points for “{shortened(text)}”"
            luggage.lose(what, "An answer earns 0 to 100%.")
        items.append(_item(marker, _raw(text), markdown_of(answer.feedback, luggage)))
    if not items:
        raise CannotWrite("It accepts any answer, or none. Ask it as an essay.")
    return "\n".join(items)


def _without_star(text: str, answer: Answer, luggage: Luggage) -> str:
    """An accepted answer in which `*` stood for any letters."""
    parts = re.split(r"(?<!\\)\*", text)
    bare = " ".join("".join(parts).replace("\\*", "*").split())
    if len(parts) > 1 and not bare:
        feedback = shortened(plain_words(answer.feedback), 200)
        what = f"feedback to any other answer: “{feedback}”" if feedback else "the answer `*`"
        luggage.lose(what, "Feedback belongs to an answer that is expected; put what matters into the explanation.")
    elif len(parts) > 1:
        luggage.lose(f"`*` in the answer “{text}”", "It stood for any letters; what is typed must now be the rest.")
    return bare


def _raw(text: str) -> str:
    """An answer that the format would read as a mark stands in a code span, which is taken off again."""
    if not _RAW.search(text):
        return text
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _pairs(found: Found, luggage: Luggage) -> str:
    items = []
    for answer in found.answers:
        left = _one_line(markdown_of(answer.words, luggage, is_part=True))
        right = _one_line(markdown_of(answer.match, luggage, is_part=True))
        left = re.sub(r"^=", r"\\=", left)
        items.append(f"- {left} -> {right}" if left else f"- -> {right}")
    return "\n".join(items)


def _one_line(text: str) -> str:
    """A side of a pair: one line, whose own arrows do not part it."""
    return re.sub(r"(^|\s)->(?=\s|$)", r"\1\\->", " ".join(text.replace("\\\n", " ").split()))


def _steps(found: Found, luggage: Luggage) -> str:
    texts = [markdown_of(answer.words, luggage, is_part=True) for answer in found.answers]
    sign = ")" if re.search(r"^\d+\. ", markdown_of(found.words, luggage), re.MULTILINE) else "."
    feedbacks = [markdown_of(answer.feedback, luggage) for answer in found.answers]
    return "\n".join(
        _item(f"{place}{sign}", text, feedback)
        for place, (text, feedback) in enumerate(zip(texts, feedbacks, strict=True), start=1)
    )


def _without_gaps(text: str, found: Found) -> str:
    """The Markdown with each gap written where its mark stands."""
    if not found.gaps:
        return _GAP.sub("", text)
    pieces, position = [], 0
    for match in _GAP.finditer(text):
        number = ord(match[0]) - FIRST_GAP
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        pieces.append(text[position : match.start()])
        if number < len(found.gaps):
            pieces.append(_gap(found.gaps[number], in_table=line.startswith("|")))
        position = match.end()
    return "".join([*pieces, text[position:]])


def _gap(gap: Gap, *, in_table: bool) -> str:
    parts = [_alternative(answer) for answer in gap.answers]
    if gap.right is not None:
        parts[gap.right] = f"({parts[gap.right]})"
    inner = ("\\|" if in_table else "|").join(parts)
    return f"[[{inner}]]"


def _alternative(text: str) -> str:
    """One answer of a gap: brackets around all of it and a backslash at its start are text."""
    text = " ".join(text.replace("[[", "[ [").replace("]]", "] ]").split())
    is_marked = text.startswith("\\") or re.fullmatch(r"\(.+\)", text) or (text[:1] == "`" == text[-1:])
    text = text.replace("|", "\\|")
    return f"\\{text}" if is_marked else text


_ANSWERS: Mapping[str, Callable[[Found, Luggage], str]] = {
    "single": _choices,
    "multiple": _choices,
    "true-false": _choices,
    "text": _typed,
    "number": _typed,
    "matching": _pairs,
    "ordering": _steps,
}
