"""The first text of new things: what a person would write to begin them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.content.naming import folder_of, index_rank, stem, unique, without_number
from lms.editing.heads import extent, headed, page_of, scalar
from lms.editing.moving import moved
from lms.editing.names import free_name
from lms.editing.opened import Opened, course_of
from lms.editing.ordering import next_number
from lms.editing.texts import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.plugins import QuestionType


@dataclass(frozen=True, slots=True)
class PackText:
    """What is asked for a new pack: its name, the titles of the first course and lesson, their language."""

    name: str
    course: str
    lesson: str
    language: str


def new_lesson(known: Opened, folder: str, title: str) -> tuple[dict[str, bytes | None], str]:
    """What to write for a lesson at the end of a course or module, and the lesson's path."""
    return _with_lists(known, folder, _free(known, folder, title, "lesson") + ".md", title)


def _free(known: Opened, folder: str, title: str, otherwise: str) -> str:
    """The path of something new in a folder: after all others where they have numbers, and like none of them."""
    start = f"{folder}/" if folder else ""
    names = {path[len(start) :].partition("/")[0] for path in known.files if path.startswith(start)}
    taken = {without_number(stem(name)).partition(".")[0] for name in names}
    return start + next_number(known, folder) + free_name(title, taken, otherwise)


def _with_lists(known: Opened, folder: str, path: str, title: str) -> tuple[dict[str, bytes | None], str]:
    """A page and, where a `lessons:` says the order, that list with the page at its end."""
    changes: dict[str, bytes | None] = {path: headed(title).encode()}
    course = course_of(known.pack, path)
    fronts = [course.index.get(course.language, "")] if course else []
    own = [page for page in known.files if folder_of(page) == folder and index_rank(page) is not None]
    for page in dict.fromkeys((*fronts, *own)):
        if page in known.files and (fresh := _appended(known.files[page], page, path)):
            changes[page] = fresh
    return changes, path


def _appended(content: bytes, page: str, path: str) -> bytes | None:
    """A page whose list of lessons has one more; None if it has no such list of its own lines."""
    text = content.decode("utf-8", "surrogateescape")
    head = page_of(text)
    items = head.values.get("lessons")
    if not isinstance(items, list) or not items or head.lines.get(("lessons", 0)) == head.lines["lessons",]:
        return None
    lines = lines_of(text)
    first, last = head.lines["lessons", 0], extent(head, "lessons")[1]
    indent = re.match(r"\s*", lines[first - 1][0])
    target = path[len(folder_of(page)) + 1 :] if folder_of(page) else path
    fresh = (f"{indent[0] if indent else ''}- {scalar(target)}", lines[first - 1][1])
    return "".join(a + b for a, b in [*lines[: last - 1], fresh, *lines[last - 1 :]]).encode("utf-8", "surrogateescape")


def new_module(known: Opened, folder: str, title: str, first: str) -> tuple[dict[str, bytes | None], str]:
    """What to write for a module with its first lesson, and the lesson's path."""
    place = _free(known, folder, title, "module")
    lesson = f"{place}/01-{free_name(first, set(), 'lesson')}.md"
    changes: dict[str, bytes | None] = {f"{place}/index.md": headed(title).encode(), lesson: headed(first).encode()}
    course = course_of(known.pack, lesson)
    front = course.index.get(course.language, "") if course else ""
    if front in known.files and (fresh := _appended(known.files[front], front, f"{place}/")):
        changes[front] = fresh
    return changes, lesson


def new_course(known: Opened, title: str, first: str, taken: set[str]) -> tuple[dict[str, bytes | None], str]:
    """What to write for a course with its first lesson, and the lesson's path."""
    language = next((course.language for course in known.pack.courses), "en")
    files, lesson = _course(title, first, language, taken | {course.id for course in known.pack.courses})
    return dict(files), lesson


def _course(title: str, first: str, language: str, taken: set[str]) -> tuple[dict[str, bytes], str]:
    folder = f"courses/{free_name(title, taken, 'course')}"
    lesson = f"{folder}/01-{free_name(first, {'index', 'readme'}, 'lesson')}.md"
    head = f"---\ntitle: {scalar(title)}\nlanguage: {language}\n---\n"
    return {f"{folder}/index.md": head.encode(), lesson: headed(first).encode()}, lesson


def new_bank(known: Opened, title: str) -> tuple[dict[str, bytes | None], str]:
    """What to write for a question bank without questions, and its path."""
    taken = {stem(path).rpartition("/")[2] for path in known.files if path.startswith("quizzes/")}
    path = f"quizzes/{free_name(title, taken, 'questions')}.md"
    return {path: f"---\ntitle: {scalar(title)}\npass: 80%\n---\n".encode()}, path


def begun_pack(text: PackText, taken: set[str]) -> tuple[dict[str, bytes], str]:
    """The files of a new pack, and the path of its first lesson."""
    return _course(text.course, text.lesson, text.language, taken)


def copied(known: Opened, taken: set[str], types: Mapping[str, QuestionType]) -> dict[str, bytes]:
    """The files of a pack with other ids for its courses wherever one is taken; what names them follows."""
    ids = {course.id: unique(course.id, taken) for course in known.pack.courses if course.path.startswith("courses/")}
    moves = {
        path: f"courses/{ids[parts[1]]}/{parts[2]}"
        for path in known.files
        if (parts := path.split("/", 2))[0] == "courses" and len(parts) > 2 and parts[1] in ids
    }
    changed = moved(known, moves, types, {})
    files = {path: content for path, content in {**known.files, **changed}.items() if content is not None}
    fresh = {old: new for old, new in ids.items() if old != new}
    return {path: _renamed(content, fresh) if path.endswith(".md") else content for path, content in files.items()}


def _renamed(content: bytes, ids: Mapping[str, str]) -> bytes:
    """A page whose `courses:` and `requires:` name courses by their new ids."""
    text = content.decode("utf-8", "surrogateescape")
    head = page_of(text)
    ranges = [extent(head, key) for key in ("courses", "requires") if (key,) in head.lines]
    if not ranges or not ids:
        return content
    pattern = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, sorted(ids, key=len, reverse=True))) + r")(?![\w-])")
    made = []
    for number, (words, end) in enumerate(lines_of(text), 1):
        is_in = any(first <= number < last for first, last in ranges)
        key, colon, rest = words.partition(":") if is_in and ":" in words else ("", "", words)
        made.append(key + colon + pattern.sub(lambda match: ids[match[1]], rest) + end if is_in else words + end)
    return "".join(made).encode("utf-8", "surrogateescape")
