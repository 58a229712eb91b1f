"""Our questions as Moodle XML, pictures inside."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from xml.sax.saxutils import quoteattr

from lms.content.structure import Json, Option
from lms.exchange.outgoing import Outgoing, exact, files_in, html_of, key_words, says_false, words_of_html

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TOKEN = re.compile("[\U000f0000-\U000ffffd]")
_IN_GAP = re.compile(r"[}~#\"]")
_TYPES: Mapping[str, str] = {
    "single": "multichoice", "multiple": "multichoice", "true-false": "truefalse", "text": "shortanswer",
    "command": "shortanswer", "number": "numerical", "matching": "matching", "ordering": "ordering", "gaps": "cloze",
    "essay": "essay", "upload": "essay",
}  # fmt: skip
_SCALE = "Moodle's questions have right answers; an opinion belongs into a survey there."


def moodle_xml_file(questions: Iterable[Outgoing], category: str) -> str:
    """The questions of one file under a category, as elements of `<quiz>`."""
    written = [text for each in questions if (text := _question(each))]
    name = f"<category>{_plain(f'$course$/top/{category}')}</category>"
    return "\n".join([f'<question type="category">{name}</question>', *written]) if written else ""


def whole_xml(elements: Iterable[str]) -> str:
    """The file around them."""
    inside = "\n".join(filter(None, elements))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{inside}\n</quiz>\n'


def _question(here: Outgoing) -> str:
    kind = here.question.type
    if kind not in _TYPES:
        why = _SCALE if kind == "scale" else f"Moodle has no question type like “{kind}”."
        here.lose(f"the question ({kind})", why)
        return ""
    question = here.question
    answers = _ANSWERS.get(kind)
    inside = [
        f"<name>{_plain(here.name)}</name>",
        _html(here, "questiontext", _cloze(here) if kind == "gaps" else here.html),
        _html(here, "generalfeedback", question.explanation),
        f"<defaultgrade>{question.points:g}</defaultgrade>",
        f"<penalty>{0 if kind in {'essay', 'upload'} else 0.3333333}</penalty>",
        "<hidden>0</hidden>",
        f"<idnumber>{here.source.id}</idnumber>",
        *(answers(here) if answers else []),
        *([_hint(here)] if question.hint else []),
        *([f"<tags><tag>{_plain(question.outcome)}</tag></tags>"] if question.outcome else []),
    ]
    body = "\n".join(f"  {each}" for each in inside)
    return f'<question type="{_TYPES[kind]}">\n{body}\n</question>'


def _cdata(text: str) -> str:
    text = _NOT_XML.sub("", text)
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>" if re.search(r"[<>&]", text) else text


def _plain(text: str) -> str:
    return f"<text>{_cdata(text)}</text>"


def _html(here: Outgoing, tag: str, html: str, attributes: str = "") -> str:
    """An element with a text in HTML and the files that it shows."""
    files = "".join(
        f'<file name={quoteattr(name)} path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'
        for name, content in files_in(html, here.files).items()
    )
    return f'<{tag}{attributes} format="html">{_plain(html)}{files}</{tag}>'


def _hint(here: Outgoing) -> str:
    return _html(here, "hint", here.question.hint)


def _answer(here: Outgoing, text: str, share: float, feedback: str, *, more: str = "", form: str = "html") -> str:
    fraction = exact(share)
    files = _html(here, "answer", text)[len('<answer format="html">') : -len("</answer>")]
    inner = files if form == "html" else _plain(text)
    return f'<answer fraction="{fraction}" format="{form}">{inner}{_html(here, "feedback", feedback)}{more}</answer>'


def _choice(here: Outgoing) -> list[str]:
    """Options with their shares. What is wrong in multiple choice takes away what a right one gives."""
    question = here.question
    is_single = question.type == "single"
    rights = sum(option.right for option in question.options) or 1
    if question.spec.get("all_or_nothing"):
        here.lose("credit: all-or-nothing", "Moodle gives a share for each right choice.")

    def credit(option: Option) -> float:
        return option.credit if is_single else (1 if option.right else -1) / rights

    return [
        f"<single>{str(is_single).lower()}</single>",
        f"<shuffleanswers>{str(not question.fixed_order).lower()}</shuffleanswers>",
        "<answernumbering>none</answernumbering>",
        *(_html(here, f"{name}feedback", "") for name in ("correct", "partiallycorrect", "incorrect")),
        *(_answer(here, each.text, here.share(credit(each)), each.feedback) for each in question.options),
    ]


def _true_false(here: Outgoing) -> list[str]:
    """By what the first option says; where that is no known word, it stands for true."""
    options = here.question.options
    is_false_first = says_false(options[0].text, here.file.language)
    words = zip(("false", "true") if is_false_first else ("true", "false"), options, strict=True)
    return [
        _answer(here, word, 100 if option.right else 0, option.feedback, form="moodle_auto_format")
        for word, option in words
    ]


def _answers(here: Outgoing) -> Iterable[tuple[Option, Mapping[str, Json], float]]:
    for option, answer in zip(here.question.options, here.question.spec["answers"], strict=True):
        yield option, answer, here.share(float(answer["credit"]))


def _short(here: Outgoing) -> list[str]:
    is_exact = bool(here.question.spec.get("exact")) or here.question.type == "command"
    if here.question.type == "command":
        why = "Moodle compares letters: other orders of options, other quotes count as wrong there."
        here.lose("commands compared as a shell reads them", why)
    return [
        f"<usecase>{int(is_exact)}</usecase>",
        *(
            _answer(here, str(answer["shown"]).replace("*", "\\*"), share, option.feedback, form="moodle_auto_format")
            for option, answer, share in _answers(here)
        ),
    ]


def _number(here: Outgoing) -> list[str]:
    written = []
    for option, answer, share in _answers(here):
        middle, distance = key_words(answer["key"])
        more = f"<tolerance>{distance}</tolerance>"
        written.append(_answer(here, middle, share, option.feedback, more=more, form="moodle_auto_format"))
    return [*written, "<unitgradingtype>0</unitgradingtype>", "<unitpenalty>0.1</unitpenalty>",
            "<showunits>3</showunits>", "<unitsleft>0</unitsleft>"]  # fmt: skip


def _matching(here: Outgoing) -> list[str]:
    pairs = []
    for option in here.question.options:
        answer = f"<answer>{_plain(words_of_html(option.match))}</answer>"
        left = _html(here, "subquestion", option.text)
        pairs.append(left.replace("</subquestion>", f"{answer}</subquestion>"))
        if option.feedback:
            here.lose(f"feedback of a pair: {words_of_html(option.feedback)}", "A pair has none in Moodle.")
    shuffled = str(not here.question.fixed_order).lower()
    return [f"<shuffleanswers>{shuffled}</shuffleanswers>", *pairs]


def _ordering(here: Outgoing) -> list[str]:
    is_whole = bool(here.question.spec.get("all_or_nothing"))
    grading = "ALL_OR_NOTHING" if is_whole else "ABSOLUTE_POSITION"
    return [
        "<layouttype>VERTICAL</layouttype>",
        "<selecttype>ALL</selecttype>",
        "<selectcount>0</selectcount>",
        f"<gradingtype>{grading}</gradingtype>",
        "<showgrading>SHOW</showgrading>",
        "<numberingstyle>none</numberingstyle>",
        *(_answer(here, option.text, place, option.feedback)
          for place, option in enumerate(here.question.options, start=1)),
    ]  # fmt: skip


def _essay(here: Outgoing) -> list[str]:
    spec = here.question.spec
    is_upload = here.question.type == "upload"
    rubric = "".join(f"<li>{line['points']:g}: {html_of(line['text'])}</li>" for line in spec.get("rubric", ()))
    words = [f"<{tag}>{spec[key]}</{tag}>" for tag, key in (("minwordlimit", "least_words"),
             ("maxwordlimit", "most_words")) if spec.get(key)]  # fmt: skip
    endings = ",".join(f".{ending}" for ending in spec.get("endings", ()))
    return [
        f"<responseformat>{'noinline' if is_upload else 'editor'}</responseformat>",
        f"<responserequired>{int(not is_upload)}</responserequired>",
        "<responsefieldlines>10</responsefieldlines>",
        *words,
        f"<attachments>{spec.get('most_files', 1) if is_upload else 0}</attachments>",
        f"<attachmentsrequired>{int(is_upload)}</attachmentsrequired>",
        *([f"<filetypeslist>{endings}</filetypeslist>"] if endings else []),
        _html(here, "graderinfo", f"<ul>{rubric}</ul>" if rubric else ""),
        _html(here, "responsetemplate", ""),
    ]


def _cloze(here: Outgoing) -> str:
    """The text with an embedded answer in the place of each gap."""
    spec = here.question.spec
    if spec.get("all_or_nothing"):
        here.lose("credit: all-or-nothing", "Moodle gives a share for each gap.")
    gaps = [_gap(gap, is_exact=bool(spec.get("exact"))) for gap in spec["gaps"]]
    return _TOKEN.sub(lambda match: gaps[ord(match[0]) - 0xF0000], here.html)


def _gap(gap: Mapping[str, Json], *, is_exact: bool) -> str:
    if "choices" in gap:
        choices = [
            f"{'=' if place == gap['right'] else ''}{_in_gap(text)}" for place, text in enumerate(gap["choices"])
        ]
        return "{1:MULTICHOICE:" + "~".join(choices) + "}"
    if all(isinstance(answer["key"], dict) for answer in gap["answers"]):
        numbers = [":".join(key_words(answer["key"])) for answer in gap["answers"]]
        return "{1:NUMERICAL:" + "~".join(f"={number}" for number in numbers) + "}"
    answers = [f"={_in_gap(str(answer['shown']).replace('*', chr(92) + '*'))}" for answer in gap["answers"]]
    return f"{{1:SHORTANSWER{'_C' if is_exact else ''}:{'~'.join(answers)}}}"


def _in_gap(text: str) -> str:
    return html_of(_IN_GAP.sub(r"\\\g<0>", text))


_ANSWERS: Mapping[str, Callable[[Outgoing], list[str]]] = {
    "single": _choice,
    "multiple": _choice,
    "true-false": _true_false,
    "text": _short,
    "command": _short,
    "number": _number,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "upload": _essay,
}
