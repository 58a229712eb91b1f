"""Question files on their way to other systems: the file to hand over, and what it could not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.content.frontmatter import plain_text
from lms.content.naming import identity, is_page
from lms.content.parser import parse_pack
from lms.content.questionfiles import BANK_FOLDER
from lms.content.questions import parse_question_file
from lms.content.structure import QuestionFile
from lms.exchange.found import Loss
from lms.exchange.gift_out import gift_file
from lms.exchange.moodle_xml_out import moodle_xml_file, whole_xml
from lms.exchange.outgoing import outgoing
from lms.exchange.placing import language_of
from lms.plugins import QuestionType

ENDINGS: Mapping[str, str] = {"gift": ".gift.txt", "moodle-xml": ".xml"}
MEDIA: Mapping[str, str] = {"gift": "text/plain", "moodle-xml": "application/xml"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file in another format: its text, the number of questions in it, and what was left out."""

    text: str
    questions: int
    losses: tuple[Loss, ...]


def question_files(files: Mapping[str, bytes], types: Mapping[str, QuestionType], path: str = "") -> list[QuestionFile]:
    """All question files of a pack or, with `path`, that one file in it, which may be a translation."""
    pack = parse_pack(files, types)
    found = [*pack.banks, *(file for course in pack.courses for file in course.question_files)]
    if not path:
        return found
    known = [*found, *(each for file in found for each in file.translations.values())]
    return [file for file in known if file.path == path] or _alone(files, types, path)


def _alone(files: Mapping[str, bytes], types: Mapping[str, QuestionType], path: str) -> list[QuestionFile]:
    """A question file that belongs to no course and no bank of what lies around it."""
    if not is_page(path):
        return []
    text, name = plain_text(files[path]), identity(path.removeprefix(f"{BANK_FOLDER}/"))
    return [parse_question_file(path, text, id=name, language=language_of(files[path], "en"), types=types)[0]]


def send(found: Iterable[QuestionFile], files: Mapping[str, bytes], format_name: str) -> Sent:
    """Question files as one file in another format, each a category named after its title."""
    pieces, losses, count = [], [], 0
    for file in found:
        questions = outgoing(file, files.get)
        write = gift_file if format_name == "gift" else moodle_xml_file
        pieces.append(write(questions, file.title.replace("/", "//")))
        losses += [loss for each in questions for loss in each.losses]
        left = sum(loss.what.startswith("the question (") for each in questions for loss in each.losses)
        count += len(questions) - left
    text = whole_xml(pieces) if format_name == "moodle-xml" else "\n".join(filter(None, pieces))
    return Sent(text, count, tuple(losses))
