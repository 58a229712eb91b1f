"""Our questions as GIFT that Moodle takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from lms.content.structure import Option
from lms.exchange.outgoing import HERE, Outgoing, exact, key_words, says_false, words_of_html

_SPECIAL = re.compile(r"[\\:#={}~]")
_WHY_NOT: Mapping[str, str] = {
    "gaps": "GIFT has no gaps with several answers. Export as Moodle XML.",
    "ordering": "GIFT of a plain Moodle has no ordering. Export as Moodle XML.",
    "upload": "GIFT has no upload of files. Export as Moodle XML.",
    "scale": "Moodle's questions have right answers; an opinion belongs into a survey there.",
}


def gift_file(questions: Iterable[Outgoing], category: str) -> str:
    """The questions of one file under a category."""
    written = [text for each in questions if (text := _question(each))]
    return "\n".join([f"$CATEGORY: $course$/top/{_escaped(category)}\n", *written]) if written else ""


def _question(here: Outgoing) -> str:
    kind = here.question.type
    if kind not in _ANSWERS:
        why = _WHY_NOT.get(kind, f"GIFT has no question type like “{kind}”.")
        here.lose(f"the question ({kind})", why)
        return ""
    _said_elsewhere(here)
    answers = _ANSWERS[kind](here)
    explanation = _feedback(here, here.question.explanation, mark="####")
    tags = f" [tag:{here.question.outcome}]" if here.question.outcome else ""
    name = _escaped(here.name)
    return f"// [id:{here.source.id}]{tags}\n::{name}::{_text(here, here.html)}{{{answers}{explanation}}}\n"


def _said_elsewhere(here: Outgoing) -> None:
    """What GIFT has no words for."""
    question = here.question
    if question.points != 1 and question.type != "essay":
        here.lose(f"points: {question.points:g}", "A question in GIFT has no mark; set it in Moodle.")
    if question.hint:
        here.lose(f"the hint: {words_of_html(question.hint)}", "GIFT has no hints. Export as Moodle XML.")
    if question.spec.get("exact"):
        here.lose("case: exact", "In GIFT capitals never matter. Export as Moodle XML.")
    if question.spec.get("all_or_nothing"):
        here.lose("credit: all-or-nothing", "Moodle gives a share for each right choice.")
    if question.spec.get("rubric"):
        here.lose("the rubric", "GIFT has none. Export as Moodle XML.")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\n", "\\n")


def _text(here: Outgoing, html: str) -> str:
    """A text: plain where it is, else HTML. Pictures stay behind."""
    if HERE in html:
        here.lose("pictures", "GIFT holds none, only their alternative text. Export as Moodle XML.")
        html = re.sub(r"<img\b[^>]*?\balt=\"([^\"]*)\"[^>]*>", r"\1", html)
        html = re.sub(rf"<img\b[^>]*{re.escape(HERE)}[^>]*>", "", html)
    bare = re.sub(r"^<p>(.*)</p>$", r"\1", html.strip(), flags=re.DOTALL)
    if "<" not in bare and "&" not in bare and ">" not in bare and "\n" not in bare and not bare.startswith("["):
        return _escaped(bare)
    return f"[html]{_escaped(html.strip())}"


def _feedback(here: Outgoing, html: str, mark: str = "#") -> str:
    return f"{mark}{_text(here, html)}" if html else ""


def _weighted(here: Outgoing, options: Iterable[tuple[Option, float]]) -> str:
    pieces = []
    for option, credit in options:
        share = here.share(credit)
        sign = "=" if share == 100 else f"~%{exact(share)}%" if share else "~"
        pieces.append(f"{sign}{_text(here, option.text)}{_feedback(here, option.feedback)}")
    return "\n" + "\n".join(pieces) + "\n"


def _single(here: Outgoing) -> str:
    return _weighted(here, ((option, option.credit) for option in here.question.options))


def _multiple(here: Outgoing) -> str:
    rights = sum(option.right for option in here.question.options) or 1
    shares = ((option, (1 if option.right else -1) / rights) for option in here.question.options)
    if rights > 1:
        return _weighted(here, shares)
    pieces = [f"~%{100 if option.right else -100}%{_text(here, option.text)}{_feedback(here, option.feedback)}"
              for option in here.question.options]  # fmt: skip
    return "\n" + "\n".join(pieces) + "\n"


def _true_false(here: Outgoing) -> str:
    """By what the first option says."""
    options = here.question.options
    is_true = (options[0].right) != says_false(options[0].text, here.file.language)
    right = next((option.feedback for option in options if option.right), "")
    wrong = next((option.feedback for option in options if not option.right), "")
    said = f"#{_text(here, wrong)}" if wrong or right else ""
    return f"{'TRUE' if is_true else 'FALSE'}{said}{_feedback(here, right)}"


def _typed(here: Outgoing) -> str:
    pieces = []
    for option, answer in zip(here.question.options, here.question.spec["answers"], strict=True):
        share = here.share(float(answer["credit"]))
        weight = "" if share == 100 else f"%{exact(share)}%"
        text = _escaped(str(answer["shown"]).replace("*", "\\*"))
        pieces.append(f"={weight}{text}{_feedback(here, option.feedback)}")
    return "\n" + "\n".join(pieces) + "\n"


def _command(here: Outgoing) -> str:
    why = "Moodle compares letters: other orders of options, other quotes count as wrong there."
    here.lose("commands compared as a shell reads them", why)
    return _typed(here)


def _number(here: Outgoing) -> str:
    pieces = []
    for option, answer in zip(here.question.options, here.question.spec["answers"], strict=True):
        share = here.share(float(answer["credit"]))
        middle, distance = key_words(answer["key"])
        weight = "" if share == 100 else f"%{exact(share)}%"
        pieces.append(f"={weight}{middle}:{distance}{_feedback(here, option.feedback)}")
    return "#\n" + "\n".join(pieces) + "\n"


def _matching(here: Outgoing) -> str:
    pieces = []
    for option in here.question.options:
        left = _text(here, option.text) if option.text else ""
        pieces.append(f"={left} -> {_escaped(words_of_html(option.match))}")
        if option.feedback:
            here.lose(f"feedback of a pair: {words_of_html(option.feedback)}", "A pair has none in Moodle.")
    return "\n" + "\n".join(pieces) + "\n"


_ANSWERS: Mapping[str, Callable[[Outgoing], str]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "text": _typed,
    "number": _number,
    "matching": _matching,
    "essay": lambda _here: "",
    "command": _command,
}
