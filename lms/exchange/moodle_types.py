"""Moodle's question types: a function for each that has a counterpart here, a reason for each that has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from lms.content.structure import Json
from lms.exchange.cloze import Filled, fill
from lms.exchange.found import Answer, Found, Gap, Words, gap_mark, shortened
from lms.exchange.numerals import key_of
from lms.exchange.plain import plain_words
from lms.exchange.xml_tree import Element

WordsOf: TypeAlias = Callable[[Element | None], Words]
Reader: TypeAlias = Callable[[Element, Found, WordsOf], Found]
_PLACE = re.compile(r"\[\[(\d{1,4})\]\]")
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_WHY: Mapping[str, str] = {
    "description": "It asks nothing. Put it into a lesson or above the first question.",
    "": "Its type is missing, so nobody can say how it is answered.",
    "random": "It stands for any question of a category. Use `draw:` in the file's head instead.",
    "randomsamatch": "It is made anew from other questions each time. Write a matching question.",
    "calculated": "Its numbers are drawn by a formula. Write it with numbers of your own as a number question.",
    "calculatedsimple": "Its numbers are drawn by a formula. Write it with numbers of your own as a number question.",
    "calculatedmulti": "Its numbers are drawn by a formula. Write it with numbers of your own as a choice.",
    "ddmarker": "Marks are dragged onto a picture. Ask for the place in words.",
    "ddimageortext": "Pieces are dragged onto a picture. Write a matching question.",
    "missingtype": "Moodle itself did not know its type any more.",
}


class NotOurs(ValueError):
    """A question that cannot become one of ours; the message says why and what to do."""


def why_not(kind: str) -> str:
    """Why questions of a type are left out."""
    return _WHY.get(
        kind, f"There is no question type like “{shortened(kind, 40)}” here. Write it anew as another type."
    )


def _share(element: Element) -> float:
    """What an answer earns, 1 for everything."""
    text = element.attributes.get("fraction", "0").strip().replace(",", ".").rstrip("%")
    try:
        return round(float(text) / 100, 7)
    except ValueError:
        raise NotOurs(f"“{shortened(text)}” in line {element.line} is no percentage.") from None


def _answers(element: Element, words_of: WordsOf) -> tuple[Answer, ...]:
    return tuple(
        Answer(words_of(each), _share(each), words_of(each.first("feedback"))) for each in element.all("answer")
    )


def _with(found: Found, losses: list[tuple[str, str]], **settings: Json) -> Found:
    return replace(found, settings={**found.settings, **settings}, losses=(*found.losses, *losses))


def _choice(element: Element, common: Found, words_of: WordsOf) -> Found:
    is_single = element.text("single").strip().lower() not in _FALSE
    return replace(common, type="single" if is_single else "multiple", answers=_answers(element, words_of))


def _all_or_nothing(element: Element, common: Found, words_of: WordsOf) -> Found:
    found = replace(common, type="multiple", answers=_answers(element, words_of))
    return _with(found, [], credit="all-or-nothing")


def _several(element: Element, common: Found, words_of: WordsOf) -> Found:
    """The Open University's multiple response: right options have 100 each."""
    answers = _answers(element, words_of)
    rights = sum(answer.credit > 0 for answer in answers) or 1
    shared = (replace(answer, credit=(1 if answer.credit > 0 else -1) / rights) for answer in answers)
    return replace(common, type="multiple", answers=tuple(shared))


def _true_false(element: Element, common: Found, words_of: WordsOf) -> Found:
    given = {}
    for answer in _answers(element, words_of):
        word = plain_words(answer.words).strip().casefold()
        given["True" if word in _TRUE else "False" if word in _FALSE else word] = answer
    if not {"True", "False"} >= set(given) or not given:
        raise NotOurs("Its answers are not `true` and `false`.")
    for word in ("True", "False"):
        other = next(iter(given.values()))
        given.setdefault(word, Answer(Words(word, "plain"), 0.0 if other.credit > 0 else 1.0))
    answers = tuple(replace(answer, words=Words(word, "plain")) for word, answer in given.items())
    return replace(common, type="true-false", answers=answers, settings={})


def _short(element: Element, common: Found, words_of: WordsOf) -> Found:
    answers = tuple(
        replace(answer, words=replace(answer.words, form="plain"))  # what is typed is never HTML
        if not element_format(each)
        else answer
        for each, answer in zip(element.all("answer"), _answers(element, words_of), strict=True)
    )
    found = replace(common, type="text", answers=answers, settings={})
    return _with(found, [], case="exact") if element.text("usecase").strip() in {"1", "true"} else found


def element_format(element: Element) -> str:
    """The form that an element states, `html` only where its text has marks."""
    stated = element.attributes.get("format", "")
    return "html" if stated == "html" and re.search(r"<\w|&\w+;", element.text("text")) else ""


def _number(element: Element, common: Found, words_of: WordsOf) -> Found:
    answers, losses = [], []
    for each, answer in zip(element.all("answer"), _answers(element, words_of), strict=True):
        written = plain_words(answer.words).strip()
        tolerance = each.text("tolerance").strip()
        key = key_of(written, tolerance)
        if written == "*":
            losses.append(for_all_others(plain_words(answer.feedback), answer.credit))
        elif key is None:
            beside = f" with the tolerance “{shortened(tolerance)}”" if tolerance else ""
            raise NotOurs(f"“{shortened(written)}”{beside} is no number.")
        else:
            answers.append(replace(answer, words=Words(key, "plain")))
    units = [unit.text("unit_name").strip() for each in element.all("units") for unit in each.all("unit")]
    if any(units):
        why = "A number is answered without its unit; say in the question which one is meant."
        losses.append((f"units: {', '.join(filter(None, units))}", why))
    return _with(replace(common, type="number", answers=tuple(answers), settings={}), losses)


def for_all_others(feedback: str, credit: float) -> tuple[str, str]:
    """The loss of an answer `*`, which takes everything that no other answer took."""
    what = f"feedback to any other answer: “{shortened(feedback, 200)}”" if feedback else "the answer `*`"
    why = "Feedback belongs to an answer that is expected; put what matters into the explanation."
    return what, f"{why} Any answer earned {credit:.0%}." if credit > 0 else why


def _matching(element: Element, common: Found, words_of: WordsOf) -> Found:
    pairs = (*element.all("subquestion"), *element.all("subquestions"))
    answers = tuple(Answer(words_of(pair), 1.0, match=words_of(pair.first("answer"))) for pair in pairs)
    return replace(common, type="matching", answers=answers)


def _ordering(element: Element, common: Found, words_of: WordsOf) -> Found:
    losses = []
    count = element.text("selectcount").strip()
    if element.text("selecttype").strip() in {"RANDOM", "CONTIGUOUS", "1", "2"} and count not in {"", "0"}:
        losses.append((f"{count} of the steps at a time", "All steps are asked."))
    grading = element.text("gradingtype").strip()
    is_whole = grading in {"ALL_OR_NOTHING", "-1"}
    if grading not in {"", "0", "ABSOLUTE_POSITION", "ALL_OR_NOTHING", "-1"}:
        losses.append((f"grading {grading}", "Each step in its own place earns its share."))
    answers = tuple(replace(answer, credit=1.0) for answer in _answers(element, words_of))
    found = replace(common, type="ordering", answers=answers, settings={})
    return _with(found, losses, **({"credit": "all-or-nothing"} if is_whole else {}))


def _essay(element: Element, common: Found, words_of: WordsOf) -> Found:
    losses: list[tuple[str, str]] = []
    settings: dict[str, Json] = {}
    is_file_only = element.text("responseformat").strip() == "noinline"
    attachments = element.text("attachments").strip() or "0"
    least, most = (element.text(name).strip() for name in ("minwordlimit", "maxwordlimit"))
    if most.isdigit() and int(most) and not is_file_only:
        settings["words"] = f"{least}..{most}" if least.isdigit() and int(least) else int(most)
    elif least.isdigit() and int(least):
        losses.append((f"at least {least} words", "Without a most, `words` has no least: `words: 50..200`."))
    if is_file_only and attachments.isdigit() and int(attachments) > 1:
        settings["max"] = int(attachments)
    elif not is_file_only and attachments not in {"", "0"}:
        losses.append((f"attachments: {attachments}", "An essay takes text only; an upload question takes files."))
    endings = re.findall(r"\.(\w{1,8})(?=[\s,;]|$)", element.text("filetypeslist"))
    if is_file_only and endings:
        settings["files"] = endings
    template = plain_words(words_of(element.first("responsetemplate"))).strip()
    if template:
        losses.append((f"template of the answer: {shortened(template, 200)}", "An answer begins empty."))
    info = words_of(element.first("graderinfo"))
    if info:
        settings["rubric"] = [f"{common.points:g}: {' '.join(plain_words(info).split())}"]
    found = replace(common, type="upload" if is_file_only else "essay", settings={})
    return _with(found, losses, **settings)


def _cloze(element: Element, common: Found, words_of: WordsOf) -> Found:  # noqa: ARG001 - a reader's form
    form = common.words.form
    filled = fill(common.words.text, lambda text: plain_words(Words(text, form)))
    if filled.several and not filled.gaps and len(filled.several) == 1:
        words = replace(common.words, text=filled.text)
        return replace(common, type="multiple", words=words, answers=filled.several[0])
    wrong = filled.wrong or (filled.several and "Several choices are right at one place of its text; a gap has one.")
    if wrong:
        raise NotOurs(wrong)
    return _with(_gaps(element, common, filled), filled.losses)


def _gaps(element: Element, common: Found, filled: Filled) -> Found:
    losses: list[tuple[str, str]] = []
    if len(set(filled.weights)) > 1:
        counts = ", ".join(map(str, filled.weights))
        losses.append((f"weights of the gaps: {counts}", "All gaps of a question count the same."))
    settings: dict[str, Json] = {"case": "exact"} if filled.exact and all(filled.exact) else {}
    if any(filled.exact) and not settings:
        losses.append(("capitals matter in some gaps", "They matter in all gaps of a question, or in none."))
    points = common.points if element.first("defaultgrade") else float(sum(filled.weights) or 1)
    words = replace(common.words, text=filled.text)
    found = replace(common, type="gaps", words=words, gaps=tuple(filled.gaps), points=points, settings=settings)
    return _with(found, losses)


def _words_in_gaps(element: Element, common: Found, words_of: WordsOf) -> Found:
    """Words dragged or chosen into `[[1]]`, `[[2]]`: drop-downs with the words of the same group."""
    boxes = [*element.all("dragbox"), *element.all("selectoption")]
    texts = [" ".join(plain_words(words_of(box)).split()) for box in boxes]
    groups = [box.text("group").strip() or "1" for box in boxes]
    gaps: list[Gap] = []

    def gap(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if not 0 <= place < len(boxes):
            raise NotOurs(f"Its text names choice {match[1]}; there are {len(boxes)}.")
        choices = tuple(dict.fromkeys(t for t, g in zip(texts, groups, strict=True) if g == groups[place]))
        gaps.append(Gap(choices, choices.index(texts[place])) if len(choices) > 1 else Gap(choices))
        return gap_mark(len(gaps) - 1)

    text = _PLACE.sub(gap, re.sub("[\ue000-\uf8ff]", "", common.words.text))
    if not gaps:
        raise NotOurs("Its text has no place such as `[[1]]` for a word.")
    return replace(common, type="gaps", words=replace(common.words, text=text), gaps=tuple(gaps), settings={})


READERS: Mapping[str, Reader] = {
    "multichoice": _choice,
    "multichoiceset": _all_or_nothing,
    "oumultiresponse": _several,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _number,
    "matching": _matching,
    "match": _matching,
    "ddmatch": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "essayautograde": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
    "ddwtos": _words_in_gaps,
    "gapselect": _words_in_gaps,
}
