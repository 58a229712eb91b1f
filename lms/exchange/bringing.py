"""A file of another system, brought in: letters, format, questions, and the proof that our own parser agrees."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lms import encodings
from lms.content.questions import parse_question_file
from lms.content.structure import Json, Question
from lms.exchange.aiken import read_aiken
from lms.exchange.found import CannotRead, Found, Loss, Reading
from lms.exchange.gift import read_gift
from lms.exchange.luggage import Luggage, plain_name
from lms.exchange.moodle_xml import read_moodle_xml
from lms.exchange.plain import plain_words
from lms.exchange.writing import CannotWrite, write_question
from lms.plugins import QuestionType

MOST_BYTES = 10 * 2**20
MOST_QUESTIONS = 5000
FORMATS: Mapping[str, Callable[[str], Reading]] = {
    "gift": read_gift,
    "moodle-xml": read_moodle_xml,
    "aiken": read_aiken,
}
# told before each question how many were gone through, and of how many; what it raises ends the reading
Watch: TypeAlias = Callable[[int, int], None]
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_XML = re.compile(r"\s*(?:<\?xml|<!--|<quiz\b|<!DOCTYPE)", re.IGNORECASE)
_AIKEN_KEY = re.compile(r"^[ \t]*ANSWERS?[ \t]*:[ \t]*[A-Za-z]\b", re.MULTILINE | re.IGNORECASE)
_AIKEN_OPTION = re.compile(r"^[ \t]*[A-Za-z][.)][ \t]", re.MULTILINE)
_GIFT = re.compile(r"^::.*::|^\$CATEGORY:", re.MULTILINE)
_OPEN, _CLOSE = re.compile(r"(?<!\\)\{"), re.compile(r"(?<!\\)\}")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one question that was brought in: the question, its Markdown, and what it lost."""

    where: str
    question: Question
    text: str
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """Everything that came of a file. `files` are pictures by their path beside the question file."""

    format: str
    encoding: str
    fates: tuple[Fate, ...]
    losses: tuple[Loss, ...]
    files: Mapping[str, bytes]

    @property
    def text(self) -> str:
        """The questions as Markdown."""
        return "\n".join(fate.text for fate in self.fates)

    def as_json(self) -> dict[str, Json]:
        """What `--json` prints; `options`, `correct` and `feedback` mean what they mean in `lms show --json`."""
        return {
            "questions": [_summary(fate.question) for fate in self.fates],
            "lost": [{"where": loss.where, "what": loss.what, "why": loss.why} for loss in self.losses],
        }


def _summary(question: Question) -> dict[str, Json]:
    options = enumerate(question.options, start=1)
    return {
        "id": question.id,
        "type": question.type,
        "options": len(question.options),
        "correct": [place for place, option in options if option.right or option.credit >= 1],
        "feedback": any(option.feedback for option in question.options),
    }


def bring(
    data: bytes,
    types: Mapping[str, QuestionType],
    *,
    stem: str,
    format_name: str = "",
    encoding: str = "",
    language: str = "en",
    taken: Collection[str] = (),
    watch: Watch = lambda _done, _of: None,
) -> Brought:
    """Read a file and write its questions in our format. `stem` names the pictures, `taken` are ids in use already.

    Raises `CannotRead` where nothing can be made of the file. A question that our parser would read otherwise than the
    file has it is lost, with the reason: what comes out has no errors.
    """
    if len(data) > MOST_BYTES:
        size = MOST_BYTES // 2**20
        raise CannotRead(1, f"The file is larger than {size} MB.", "Export the categories one by one.")
    text, encoding, guessed = letters(data, encoding)
    name = format_name or recognise(text)
    reading = FORMATS[name](text)
    if len(reading.questions) > MOST_QUESTIONS:
        message = f"The file has more than {MOST_QUESTIONS} questions."
        raise CannotRead(1, message, "Export the categories one by one.")
    luggage = Luggage(stem)
    fates, losses = [], list(guessed)
    ids = _Ids(taken)
    for number, found in enumerate(reading.questions):
        watch(number, len(reading.questions))
        fate, lost = _written(found, ids.of(found), luggage, types, language)
        losses += lost
        if fate:
            fates.append(fate)
            ids.taken.add(fate.question.id)
    return Brought(name, encoding, tuple(fates), tuple(sorted((*losses, *reading.losses), key=_line)), luggage.files)


def _line(loss: Loss) -> int:
    """The line of a loss, 0 for one of the whole file."""
    found = re.match(r"line (\d+)", loss.where)
    return int(found[1]) if found else 0


def letters(data: bytes, encoding: str = "") -> tuple[str, str, tuple[Loss, ...]]:
    """The text of a file, its encoding, and what to say of an encoding that had to be guessed."""
    if encoding:
        try:
            return _lines(data.decode(encoding)), encoding, ()
        except (LookupError, UnicodeDecodeError):
            message = f"The file is not written in {encoding}."
            raise CannotRead(1, message, "Leave `--encoding` out, or name another one.") from None
    has_mark = data.startswith(tuple(mark for mark, _name in encodings.MARKS))
    declared = None if has_mark else _DECLARED.match(data[:400])
    if declared and _knows(declared[1].decode()):
        try:
            return _lines(data.decode(declared[1].decode())), declared[1].decode().lower(), ()
        except (LookupError, UnicodeError):
            pass  # the file lies about its letters; so they are recognised
    name = encodings.recognise(data[: encodings.SAMPLE], is_utf8=encodings.is_utf8([data]))
    text = _lines(data.decode(name, errors="replace"))
    if name not in encodings.CODE_PAGES:
        return text, name.removesuffix("-sig"), ()
    what = f"the letters of the file, which is not in UTF-8; they were read as {name}"
    why = "Its encoding is not written in it. See whether accents are right; if not, name it: `--encoding NAME`."
    return text, name, (Loss("the whole file", what, why),)


def _knows(name: str) -> bool:
    try:
        # a file whose first line was found byte by byte has letters of one byte, whatever it says
        return not codecs.lookup(name).name.startswith(("utf-16", "utf-32", "idna", "punycode", "undefined"))
    except LookupError:
        return False


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def recognise(text: str) -> str:
    """The name of a file's format, by what stands in it. Raises `CannotRead`."""
    if _XML.match(text):
        return "moodle-xml"
    if _AIKEN_KEY.search(text) and _AIKEN_OPTION.search(text) and not re.search(r"^::", text, re.MULTILINE):
        return "aiken"
    opening = _OPEN.search(text)
    if _GIFT.search(text) or (opening and _CLOSE.search(text, opening.end())):
        return "gift"
    fix = f"If you know its format, name it: `--format` {', '.join(FORMATS)}."
    raise CannotRead(1, "The file looks like none of GIFT, Moodle XML and Aiken.", fix)


class _Ids:
    """Ids that stay the same when the file is brought in again: given, of the name, of the first words."""

    def __init__(self, taken: Collection[str]) -> None:
        self.taken = set(taken)
        self.last: dict[str, int] = {}  # how often a name was asked for: thousands may have the same

    def of(self, found: Found) -> str:
        """A free one for a question."""
        name = plain_name(found.given_id) or plain_name(found.name)
        if not name:
            name = plain_name(" ".join(plain_words(found.words).split()[:6])) or "question"
        free, number = name, self.last.get(name, 1)
        while free in self.taken:
            number += 1
            free = f"{name}-{number}"
        self.last[name] = number
        return free


def _written(
    found: Found, name: str, luggage: Luggage, types: Mapping[str, QuestionType], language: str
) -> tuple[Fate | None, list[Loss]]:
    """The question as our parser reads it again, and what it lost; None if it would not be the same question."""
    why = ""
    luggage.fresh = []
    for has_type in (found.type in {"true-false", "ordering", "essay", "upload", "gaps"}, True):
        luggage.losses = []
        try:
            text = write_question(found, name, luggage, has_type=has_type)
        except CannotWrite as error:
            why = str(error)
            break
        except RecursionError:
            why = "Its HTML is nested too deeply."
            break
        question, why = _read_again(text, found, types, language)
        if question and not why:
            losses = [Loss(found.where, what, reason) for what, reason in luggage.losses]
            return Fate(found.where, question, text, tuple(losses)), losses
    luggage.leave_fresh()
    return None, [Loss(found.where, f"the question ({found.type})", why)]


def _read_again(
    text: str, found: Found, types: Mapping[str, QuestionType], language: str
) -> tuple[Question | None, str]:
    """The question that our parser finds in the text, or why it is not the one that was meant."""
    file, problems = parse_question_file("import", text, id="import", language=language, types=types)
    wrong = next((problem for problem in problems if problem.severity == "error"), None)
    if wrong:
        return None, f"{wrong.message} {wrong.fix}"
    if len(file.questions) != 1 or file.questions[0].type != found.type:
        return None, f"Its text cannot be told from other parts of a question file, so it is no {found.type} question."
    question = file.questions[0]
    if found.gaps and len(question.spec["gaps"]) != len(found.gaps):
        return None, "Some of its gaps stand where no gap can be, such as in code."
    return question, ""
