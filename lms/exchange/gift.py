r"""GIFT: the plain text in which Moodle's trainers write questions.

As Moodle reads it: a blank line ends a question, the first braces are its answers, `\` takes the meaning of
`: # = { } ~` away. More is forgiven: a blank line inside braces, questions that follow without one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lms.exchange.found import BREAK, Answer, Form, Found, Loss, Reading, Words, place_of, shortened
from lms.exchange.numerals import key_of

_MEANT = "\\:#={}~n"
_HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate(_MEANT)}
_SHOWN = {hidden: BREAK if sign == "n" else sign for sign, hidden in _HIDDEN.items()}
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_FORM = re.compile(r"^\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"^%(-?\d{1,3}(?:[.,]\d*)?)%")
_ID, _TAG = re.compile(r"\[id:([^\[\]\n]+)\]"), re.compile(r"\[tag:([^\[\]\n]+)\]")
_ORDER = re.compile(r"^>(?:REL\w*+|[A-Z_]++|\d++|\s++|none|abc|iii|%)*+$", re.MULTILINE)
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_BLANK = "_____"
_MOST_JOINED = 60  # blank lines inside one pair of braces


@dataclass(frozen=True, slots=True)
class _Piece:
    """The lines of one question, escapes hidden, comments taken out."""

    line: int
    text: str
    comments: str


@dataclass(slots=True)
class _Parts:
    """A question's text and answers apart. `answers` is None for a text without braces."""

    name: str
    words: Words
    answers: str | None
    explanation: Words
    losses: list[tuple[str, str]]


class _Broken(ValueError):
    """A question that cannot be understood: what and why."""


def read_gift(text: str) -> Reading:
    """All questions of a GIFT file, and what of it is none."""
    questions: list[Found] = []
    losses: list[Loss] = []
    category = ""
    for piece in _pieces(_hide(text)):
        if piece.text.startswith("$CATEGORY:"):
            category = _show(piece.text.partition(":")[2]).strip()
            losses.append(_category(category, piece.line))
            continue
        try:
            found = _question(piece, category)
        except _Broken as broken:
            losses.append(Loss(place_of(shortened(_show(piece.text)), piece.line), broken.args[0], broken.args[1]))
        else:
            questions.extend([found] if isinstance(found, Found) else ())
            losses.extend([found] if isinstance(found, Loss) else ())
    return Reading(tuple(questions), tuple(losses))


def _category(category: str, line: int) -> Loss:
    why = "Question files have no categories; the name is kept in a comment of each question."
    return Loss(place_of("", line), f"category {category}", why)


def _hide(text: str) -> str:
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], _PRIVATE.sub("", text))


def _show(text: str) -> str:
    return re.sub("[\ue000-\ue007]", lambda match: _SHOWN[match[0]], text)


def _pieces(text: str) -> Iterator[_Piece]:
    chunks = deque(_joined(list(_chunks(text.split("\n")))))
    while chunks:
        line, lines = chunks.popleft()
        for _ in range(_MOST_JOINED):
            if not chunks or not _is_open(lines) or not _closes(chunks[0][1]):
                break
            after, more = chunks.popleft()
            lines = [*lines, *[""] * (after - line - len(lines)), *more]
        yield from _split(line, lines)


def _chunks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines without a blank one, with the number of the first."""
    chunk: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            chunk.append(line)
        elif chunk:
            yield number - len(chunk), chunk
            chunk = []


def _joined(chunks: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Chunks that a blank line parted by mistake: a name alone, and answers whose question stands above."""
    joined: list[tuple[int, list[str]]] = []
    for line, lines in chunks:
        bare = _without_comments(lines).strip()
        start = _start_of_question(joined) if bare.startswith("{") else len(joined)
        if joined and re.fullmatch(r"::.*::", _without_comments(joined[-1][1]).strip()):
            start = min(start, len(joined) - 1)
        for first, more in reversed(joined[start:]):
            lines = [*more, *[""] * (line - first - len(more)), *lines]  # noqa: PLW2901 - it grows upwards
            line = first  # noqa: PLW2901
        joined[start:] = [(line, lines)]
    return joined


def _start_of_question(chunks: Sequence[tuple[int, list[str]]]) -> int:
    """Which of the chunks above answers begins their question: the one with a name or a form, else the last."""
    for place in range(len(chunks) - 1, -1, -1):
        text = _without_comments(chunks[place][1]).strip()
        if not text or "{" in text or "}" in text or text.startswith("$CATEGORY:"):
            break
        if text.startswith(("::", "[")):
            return place
    last = _without_comments(chunks[-1][1]).strip() if chunks else ""
    is_text = bool(last) and "{" not in last and not last.startswith("$CATEGORY:")
    return len(chunks) - is_text


def _without_comments(lines: Sequence[str]) -> str:
    return "\n".join("" if _is_comment(line) else line for line in lines)


def _is_open(lines: Sequence[str]) -> bool:
    text = _without_comments(lines)
    return text.count("{") > text.count("}")


def _closes(lines: Sequence[str]) -> bool:
    """Whether lines may go on inside braces: they open none before they close one, and begin nothing new."""
    text = _without_comments(lines).lstrip()
    opening, closing = text.find("{"), text.find("}")
    return not text.startswith(("::", "$CATEGORY:")) and (opening < 0 or 0 <= closing < opening)


def _split(line: int, lines: list[str]) -> Iterator[_Piece]:
    """The questions of a run of lines: usually one. A question is over where its braces close at a line's end."""
    last_brace = max((place for place, each in enumerate(lines) if "{" in each and not _is_comment(each)), default=-1)
    start, opened, head, last = 0, 0, "", ""
    for place, each in enumerate(lines):
        bare = each.strip()
        if last and opened <= 0 and _begins(bare, head, last, is_followed=last_brace >= place):
            yield from _piece(line + start, lines[start:place])
            start, opened, head, last = place, 0, "", ""
        if bare and not _is_comment(bare):
            opened += bare.count("{") - bare.count("}")
            head, last = head or bare, bare
    yield from _piece(line + start, lines[start:])


def _begins(line: str, head: str, last: str, *, is_followed: bool) -> bool:
    """Whether a line begins another question, after one that began with `head` and has `last` as its last line."""
    if line.startswith("$CATEGORY:") or head.startswith("$CATEGORY:"):
        return True
    goes_on = is_followed and not line.startswith("}")
    return last.endswith("}") and (line.startswith(("::", "//")) or goes_on)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("//")


def _piece(line: int, lines: Sequence[str]) -> Iterator[_Piece]:
    comments = "\n".join(each for each in lines if _is_comment(each))
    text = _without_comments(lines)
    bare = text.strip()
    if bare:
        yield _Piece(line + text[: len(text) - len(text.lstrip())].count("\n"), bare, comments)


def _question(piece: _Piece, category: str) -> Found | Loss:
    parts = _take_apart(piece.text)
    if parts.answers is None:
        why = "A text without braces is a description: there is nothing to answer. Put it into a lesson."
        return Loss(place_of(parts.name, piece.line), f"description: {shortened(parts.words.text)}", why)
    given = _ID.search(piece.comments)
    found = _typed(parts, piece.line)
    return replace(
        found,
        given_id=given[1].strip() if given else "",
        tags=tuple(tag.strip() for tag in _TAG.findall(piece.comments)),
        category=category,
        explanation=parts.explanation,
        losses=(*parts.losses, *found.losses),
    )


def _take_apart(text: str) -> _Parts:
    name, losses = "", []
    titled = re.match(r"::(.*?)::", text, re.DOTALL)
    if titled:
        name, text = " ".join(_show(titled[1]).split()), text[titled.end() :].strip()
    start, end = _braces(text)
    if start < 0:
        return _Parts(name, _words(text, "moodle"), None, Words(), [])
    inside, rest = text[start + 1 : end].strip(), text[end + 1 :]
    question = text[:start] + ("" if not rest.strip() else _BLANK + rest)
    if "{" in rest:
        losses.append(("a second pair of braces", "A GIFT question has one; the second is kept as text."))
    inside, _marks, explained = inside.rpartition("####") if "####" in inside else (inside, "", "")
    words = _words(question.replace("{", _HIDDEN["{"]).replace("}", _HIDDEN["}"]), "moodle")
    return _Parts(name, words, inside.strip(), _words(explained, words.form), losses)


def _braces(text: str) -> tuple[int, int]:
    """Where the answers begin and end; (-1, -1) if there are none."""
    start = text.find("{")
    if start < 0 and "}" not in text:
        return -1, -1
    depth = 0
    for place in range(max(start, 0), len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0 and text[place] == "}":
            return start, place
    end = text.find("}", start)
    if start < 0 or end < 0:
        raise _Broken("the question", "Its braces do not match. Write `\\{` or `\\}` where one is meant as text.")
    return start, end


def _words(text: str, form: Form) -> Words:
    named = _FORM.match(text)
    if named:
        form = named[1].lower()  # type: ignore[assignment]  # the pattern knows the four
        text = text[named.end() :]
    shown = _show(text).strip()
    return Words(shown.replace(BREAK, "\n") if form in {"html", "markdown"} else shown.strip(BREAK), form)


def _typed(parts: _Parts, line: int) -> Found:
    """The question with its answers, by what stands in the braces. The order of the tests is Moodle's."""
    text = parts.answers or ""
    truth, _mark, _feedback = text.partition("#")
    found = Found(parts.name, line, "essay", parts.words)
    if not text:
        return found
    if text[0] in "#>":
        return _number(found, text[1:]) if text[0] == "#" else _ordering(found, text)
    if "~" in text:
        return _choice(found, text)
    if "=" in text and "->" in text:
        return _matching(found, text)
    if truth.strip().upper() in _TRUTH:
        return _true_false(found, text)
    return _short(found, text)


def _pieces_of(text: str, mark: str) -> list[str]:
    return [piece.strip() for piece in text.split(mark) if piece.strip()]


def _weighted(text: str, otherwise: float) -> tuple[float, str]:
    """An answer's share, and the answer without it."""
    weight = _WEIGHT.match(text)
    return (float(weight[1].replace(",", ".")) / 100, text[weight.end() :]) if weight else (otherwise, text)


def _answer(text: str, credit: float, form: Form) -> Answer:
    words, _mark, feedback = text.partition("#")
    return Answer(_words(words, form), credit, _words(feedback, form))


def _choice(found: Found, text: str) -> Found:
    answers = []
    for piece in _pieces_of(text.replace("=", "~="), "~"):
        is_right = piece.startswith("=")
        credit, rest = _weighted(piece[is_right:].lstrip(), float(is_right))
        if rest.strip():
            answers.append(_answer(rest, credit, found.words.form))
    return replace(found, type="single" if "=" in text else "multiple", answers=tuple(answers))


def _matching(found: Found, text: str) -> Found:
    answers = []
    for piece in _pieces_of(text, "="):
        left, arrow, right = piece.partition("->")
        if not arrow:
            raise _Broken("the question", f"“{shortened(_show(piece))}” has no `->` between its two sides.")
        form = found.words.form
        answers.append(Answer(_words(left, form), 1.0, match=_words(right, form)))
    return replace(found, type="matching", answers=tuple(answers))


def _true_false(found: Found, text: str) -> Found:
    truth, wrong, right = [*text.split("#", 2), "", ""][:3]
    is_true = _TRUTH[truth.strip().upper()]
    feedback = {True: _words(right, found.words.form), False: _words(wrong, found.words.form)}
    answers = tuple(
        Answer(Words(word, "plain"), float(value == is_true), feedback[value == is_true])
        for word, value in (("True", True), ("False", False))
    )
    return replace(found, type="true-false", answers=answers)


def _short(found: Found, text: str) -> Found:
    answers = []
    for piece in _pieces_of(text, "="):
        credit, rest = _weighted(piece, 1.0)
        written = _words(rest.partition("#")[0], "plain")  # what is typed is never HTML unless the file says so
        answers.append(replace(_answer(rest, credit, found.words.form), words=written))
    return replace(found, type="text", answers=tuple(answers))


def _ordering(found: Found, text: str) -> Found:
    first, _line, rest = text.partition("\n")
    items = [each.strip() for each in rest.split("\n") if each.strip()]
    if not _ORDER.match(first) or len(items) < 2:
        raise _Broken("the question", "Braces that begin with `>` hold the steps of an order, one a line.")
    answers = tuple(Answer(_words(item, found.words.form), 1.0) for item in items)
    return replace(found, type="ordering", answers=answers)


def _number(found: Found, text: str) -> Found:
    """The accepted numbers as answers whose words are keys, and what cannot be kept."""
    text, tilde, otherwise = text.partition("~")
    form = found.words.form
    answers, losses = [], []
    for piece in _pieces_of(text, "="):
        credit, rest = _weighted(piece, 1.0)
        answer = _answer(rest, credit, form)
        key = key_of(answer.words.text)
        if answer.words.text == "*":
            losses.append(_for_all_others(answer.feedback.text, credit))
        elif key is None:
            raise _Broken("the question", f"“{shortened(answer.words.text)}” is no number, range or tolerance.")
        else:
            answers.append(replace(answer, words=Words(key, "plain")))
    if tilde and "#" in otherwise:
        losses.append(_for_all_others(_words(otherwise.partition("#")[2], form).text, 0.0))
    if not answers:
        raise _Broken("the question", "There is no number after `{#`. Write the right one, as in `{#12}`.")
    return replace(found, type="number", answers=tuple(answers), losses=tuple(losses))


def _for_all_others(feedback: str, credit: float) -> tuple[str, str]:
    """The loss of an answer `*`, which takes everything that no other answer took."""
    what = f"feedback to any other answer: “{shortened(feedback, 200)}”" if feedback else "the answer `*`"
    why = "Feedback belongs to an answer that is expected; put what matters into the explanation."
    return what, why if not credit else f"{why} Any answer earned {credit:.0%}."
