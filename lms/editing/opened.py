"""A pack that somebody writes in: understood once, and again only where its files changed.

While somebody types, one file differs from what lies on disk. Then only that file is understood anew, unless what
changed may be of consequence for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from lms.content.arrangement import Group
from lms.content.checker.checking import check_courses
from lms.content.frontmatter import plain_text, split_page
from lms.content.lessons import page_title
from lms.content.packs import read_pack, stamp
from lms.content.parser import parse_pack
from lms.content.questionfiles import BANK_FOLDER, parse_course_files
from lms.content.sources import Sources
from lms.content.structure import Course, Lesson, LessonText, Pack, Problem, QuestionFile
from lms.content.targets import Targets
from lms.plugins import QuestionType

if TYPE_CHECKING:
    from datetime import date

    from lms.content.packs import PackFolder

KEPT = 4
_packs: dict[tuple[str, str], tuple[int, Opened]] = {}


@dataclass(frozen=True, slots=True)
class Opened:
    """A pack's name, its files, and what was understood of them."""

    name: str
    files: Mapping[str, bytes]
    pack: Pack


def open_pack(folder: PackFolder, types: Mapping[str, QuestionType]) -> Opened:
    """The pack as it lies on disk, from memory if no file of it changed. Raises `BadPack`."""
    name, fresh = (folder.name, str(folder.path)), stamp(folder)
    known = _packs.get(name)
    if known is not None and known[0] == fresh:
        return known[1]
    files = read_pack(folder)
    made = Opened(folder.name, files, parse_pack(files, types, name=folder.name))
    while len(_packs) >= KEPT:
        _packs.pop(next(iter(_packs)), None)
    _packs[name] = fresh, made
    return made


def with_file(known: Opened, path: str, content: bytes, types: Mapping[str, QuestionType]) -> Opened:
    """The pack as it would be with this content in a file. Pure."""
    if known.files.get(path) == content:
        return known
    files = {**known.files, path: content}
    pack = _with_lesson(known, path, content, files) or _with_questions(known, path, files, types)
    return Opened(known.name, files, pack or parse_pack(files, types, name=known.name))


def course_of(pack: Pack, path: str) -> Course | None:
    """The course in whose folder a file lies."""
    found = [course for course in pack.courses if not course.path or path.startswith(f"{course.path}/")]
    return max(found, key=lambda course: len(course.path), default=None)


def lesson_at(pack: Pack, path: str) -> tuple[Course, Lesson] | None:
    """The lesson that a file holds in one of its languages, and its course."""
    for course in pack.courses:
        for lesson in (*course.lessons, *course.aside):
            if any(text.path == path for text in (lesson.source, *lesson.translations.values())):
                return course, lesson
    return None


def questions_at(pack: Pack, path: str) -> QuestionFile | None:
    """The question file that a file holds in one of its languages."""
    for file in chain(pack.banks, *(course.question_files for course in pack.courses)):
        if path == file.path or any(path == other.path for other in file.translations.values()):
            return file
    return None


def problems_of(known: Opened, path: str, today: date) -> tuple[Problem, ...]:
    """What is wrong with one file, as far as the file itself can tell: of a lesson without its whole course."""
    targets = Targets(known.pack, known.files)
    found = check_courses(known.pack, targets, _around(known.pack, targets, path), known.name, today, path)
    return tuple(problem for problem in found if problem.file == path)


def _around(pack: Pack, targets: Targets, path: str) -> list[Course]:
    """The course that a file is of, without the lessons that have nothing to do with it."""
    place = lesson_at(pack, path)
    if place is not None:
        course, lesson = place
        is_read = lesson in course.lessons or bool(lesson.source.text.strip())  # else it only names a module
        return [replace(course, lessons=(lesson,) if is_read else (), aside=(), exam="")]
    file = questions_at(pack, path)
    if file is not None:
        return [one_with(pack, targets, file)]
    return [course for course in (course_of(pack, path),) if course]


def one_with(pack: Pack, targets: Targets, file: QuestionFile) -> Course:
    """A course that shows nothing but one question file: its own if it has one."""
    owner = targets.owners.get(file.path)
    if owner is not None:
        return replace(owner[0], lessons=(owner[1],), aside=(), exam="")
    course = next((each for each in pack.courses if each.exam == file.path), None) or course_of(pack, file.path)
    course = course or next(iter(pack.courses), None) or Course("", "", file.language, {})
    return replace(course, lessons=(), aside=(), exam=file.path)


def _with_lesson(known: Opened, path: str, content: bytes, files: Mapping[str, bytes]) -> Pack | None:
    """The pack with another text of a lesson; None if more than the text below the front matter changed."""
    place = lesson_at(known.pack, path)
    old, new = plain_text(known.files.get(path, b"")), plain_text(content)
    before, after = split_page(old), split_page(new)
    heads = (old.removesuffix(before.text), new.removesuffix(after.text))
    if place is None or path in place[0].index.values() or "\ufffd" in new or heads[0] != heads[1]:
        return None
    course, lesson = place
    earlier, sources = Sources(known.files), Sources(files)
    if earlier.has_body(path) != sources.has_body(path):
        return None

    def changed(text: LessonText) -> LessonText:
        if text.path != path:
            return text
        is_own = text.title == page_title(earlier, path)
        title = page_title(sources, path) if is_own else text.title
        return replace(text, text=after.text, first_line=after.first_line, title=title or text.title)

    translations = {tag: changed(text) for tag, text in lesson.translations.items()}
    fresh = replace(lesson, source=changed(lesson.source), translations=translations)
    return _exchanged(
        known.pack,
        course,
        replace(
            course,
            lessons=tuple(fresh if each is lesson else each for each in course.lessons),
            aside=tuple(fresh if each is lesson else each for each in course.aside),
        ),
    )


def _with_questions(
    known: Opened, path: str, files: Mapping[str, bytes], types: Mapping[str, QuestionType]
) -> Pack | None:
    """The pack with other questions in one file; None if the file is no question file yet."""
    file = questions_at(known.pack, path)
    if file is None:
        return None
    course = None if file in known.pack.banks else course_of(known.pack, path)
    root = course.path if course else BANK_FOLDER
    others = {tag: other.path for tag, other in file.translations.items()}
    sources = Sources(files)
    group = Group(file.path, file.path, course.language if course else "", others)
    fresh = replace(parse_course_files(sources, types, {file.path: group}, root, ())[0], id=file.id)
    own = {file.path, *others.values()}
    problems = tuple(problem for problem in known.pack.problems if problem.file not in own)
    pack = replace(known.pack, problems=(*problems, *sources.problems))
    if course is None:
        return replace(pack, banks=tuple(fresh if each is file else each for each in pack.banks))
    asked = tuple(fresh if each is file else each for each in course.question_files)
    return _exchanged(pack, course, replace(course, question_files=asked))


def _exchanged(pack: Pack, old: Course, new: Course) -> Pack:
    return replace(pack, courses=tuple(new if each is old else each for each in pack.courses))
