"""A pack in a test is a dict: path to text."""

from __future__ import annotations

from lms.content.checker.checking import Report, check_pack
from lms.content.compiled import CompiledCourse, LessonPage
from lms.content.parser import parse_pack
from lms.content.structure import Course, Pack
from lms.question_types import BUILT_IN

TYPES = {each.name: each for each in BUILT_IN}
A, B, C = "# Apple\n\nText.\n", "# Berry\n\nText.\n", "# Cherry\n\nText.\n"
DOOR = "## Which door? {#door}\n\n- [ ] left\n  > No.\n- [x] right\n  > Yes.\n"
GATE = "## Which gate? {#gate}\n\n- [x] north\n  > Yes.\n- [ ] south\n  > No.\n"


def encoded(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode("utf-8", "surrogateescape") for path, text in files.items()}


def pack(files: dict[str, str], name: str = "course") -> Pack:
    return parse_pack(encoded(files), TYPES, name=name)


def course(files: dict[str, str], name: str = "course") -> Course:
    (only,) = pack(files, name).courses
    return only


def report(files: dict[str, str], **more: object) -> Report:
    return check_pack(encoded(files), TYPES, **more)  # type: ignore[arg-type]


def compiled(files: dict[str, str]) -> CompiledCourse:
    (only,) = report(files).compiled
    return only


def page(files: dict[str, str], lesson: str, language: str = "en") -> LessonPage:
    return next(each for each in compiled(files).lessons if each.id == lesson).pages[language]


def html(files: dict[str, str], lesson: str, language: str = "en") -> str:
    return "".join(part.html for part in page(files, lesson, language).parts)


def order(files: dict[str, str]) -> list[str]:
    return [lesson.path for lesson in course(files).lessons]


def ids(files: dict[str, str]) -> list[str]:
    return [lesson.id for lesson in course(files).lessons]


def titles(files: dict[str, str]) -> list[str]:
    return [lesson.source.title for lesson in course(files).lessons]


def rules(files: dict[str, str]) -> list[tuple[str, str, int]]:
    return [(found.rule, found.file, found.line) for found in report(files).problems]


def modules(files: dict[str, str]) -> list[tuple[str, list[str]]]:
    found = course(files)
    names = {module.id: module.titles[found.language] for module in found.modules}
    return [(lesson.source.title, [names[name] for name in lesson.module]) for lesson in found.lessons]
