"""Files of a pack in other places: every link and list follows, and what was published keeps its identity. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from lms.content.naming import is_page
from lms.content.parser import parse_pack
from lms.content.structure import Course, Pack, QuestionFile
from lms.content.targets import PageLinks, Targets
from lms.editing.heads import with_earlier_id
from lms.editing.links import place_of, relinked, towards
from lms.editing.lists import repathed
from lms.editing.opened import Opened, course_of, lesson_at, questions_at
from lms.plugins import QuestionType

if TYPE_CHECKING:
    from lms.content.structure import Lesson

Moves: TypeAlias = Mapping[str, str]
Published: TypeAlias = Mapping[str, Collection[str]]


class KeepsResults(ValueError):
    """Results of trainees belong to the name of this quiz, so it may not change."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class PlaceTaken(ValueError):
    """There is a file of this name already."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class _Move:
    """A pack before and after, and who went where."""

    before: Opened
    after: Opened
    moves: Moves
    targets: tuple[Targets, Targets]

    def to(self, path: str) -> str:
        """Where a file is afterwards."""
        return self.moves.get(path, path)


def family(pack: Pack, path: str) -> tuple[str, ...]:
    """The files that go where a file goes: its translations and, with a lesson, its questions in all languages."""
    place = lesson_at(pack, path)
    if place is not None:
        lesson = place[1]
        practice = questions_at(pack, lesson.practice) if lesson.practice else None
        own = (lesson.path, *(text.path for text in lesson.translations.values()))
        return (*own, *(_tongues(practice) if practice else ()))
    file = questions_at(pack, path)
    return _tongues(file) if file else (path,)


def _tongues(file: QuestionFile) -> tuple[str, ...]:
    return (file.path, *(other.path for other in file.translations.values()))


def inside(known: Opened, folder: str) -> tuple[str, ...]:
    """All files in a folder and below."""
    return tuple(path for path in known.files if path.startswith(f"{folder}/"))


def moved(
    known: Opened, moves: Moves, types: Mapping[str, QuestionType], published: Published
) -> dict[str, bytes | None]:
    """What to write so that files are in other places and everything follows: links, lists of lessons, exams.

    `published` has, by course, the lesson ids and question keys that people were given. A lesson whose published id
    changes says what it was. Raises `PlaceTaken`, `KeepsResults`, and `UnclearHead` for a page that cannot say so.
    """
    moves = {old: new for old, new in moves.items() if old != new}
    for new in moves.values():
        if list(moves.values()).count(new) > 1 or (new in known.files and new not in moves):
            raise PlaceTaken(new)
    files = {moves.get(path, path): content for path, content in known.files.items()}
    after = Opened(known.name, files, parse_pack(files, types, name=known.name))
    targets = Targets(known.pack, known.files), Targets(after.pack, files)
    move = _Move(known, after, moves, targets)
    _refuse_lost_results(move, published)
    fresh = {path: _followed(move, path) for path in known.files}
    for path, earlier in _changed_ids(move, published):
        text = fresh[path].decode("utf-8", "surrogateescape")
        fresh[path] = with_earlier_id(text, earlier).encode("utf-8", "surrogateescape")
    written = {move.to(path): content for path, content in fresh.items() if known.files.get(move.to(path)) != content}
    return {**dict.fromkeys(path for path in moves if path not in files), **written}


def _followed(move: _Move, path: str) -> bytes:
    """A file with its links and lists leading to where the others are now."""
    content = move.before.files[path]
    if not (is_page(path) or path.endswith((".yml", ".yaml"))) or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content
    text = content.decode("utf-8", "surrogateescape")
    if is_page(path):
        old = PageLinks(move.targets[0], _course(move.before.pack, path), path)
        new = PageLinks(move.targets[1], _course(move.after.pack, move.to(path)), move.to(path))
        text = relinked(text, lambda target: _target(move, old, new, target))
    text = repathed(text, path, move.to(path), _orders(move.before), move.moves, move.before.files)
    return text.encode("utf-8", "surrogateescape")


def _orders(known: Opened) -> Mapping[str, str]:
    """The order files of a pack, each with the folder from which its paths count."""
    return {course.order_file: course.roots[0] for course in known.pack.courses if course.order_file}


def _course(pack: Pack, path: str) -> Course:
    return course_of(pack, path) or next(iter(pack.courses), None) or Course("", "", "", {}, roots=("",))


def _target(move: _Move, old: PageLinks, new: PageLinks, target: str) -> str | None:
    """What a link has to say after the move; None if it is right as it is."""
    named = place_of(target, old.path)
    if named in move.before.files:
        wanted = move.to(named)
        return None if place_of(target, new.path) == wanted else towards(wanted, new.path, target)
    found = old.resolve(target)
    if not found.path or found.kind in ("anchor", "external", "missing", "folder"):
        return None
    wanted = move.to(found.path)
    return None if new.resolve(target).path == wanted else towards(wanted, new.path, target)


def _changed_ids(move: _Move, published: Published) -> list[tuple[str, str]]:
    """The lessons that get another id by the move although people know them by the one they had."""
    fresh = {lesson.path: (course.id, lesson) for course in move.after.pack.courses for lesson in _pages(course)}
    found = []
    for course in move.before.pack.courses:
        for lesson in _pages(course):
            course_id, now = fresh.get(move.to(lesson.path), ("", lesson))
            is_known = lesson.id in published.get(course.id, ())
            if course_id == course.id and now.id != lesson.id and is_known and lesson.id not in now.was:
                found.append((lesson.path, lesson.id))
    return found


def _pages(course: Course) -> tuple[Lesson, ...]:
    return (*course.lessons, *course.aside)


def _refuse_lost_results(move: _Move, published: Published) -> None:
    """A quiz that counts is known by its file's id: an attempt would belong to nothing under another."""
    keys = {key.partition("#")[0] for ids in published.values() for key in ids if "#" in key}
    for file in _question_files(move.before.pack):
        if not move.targets[0].is_quiz(file) or file.id not in keys:
            continue
        now = questions_at(move.after.pack, move.to(file.path))
        if now is None or now.id != file.id:
            raise KeepsResults(file.path)


def _question_files(pack: Pack) -> list[QuestionFile]:
    return list(chain(pack.banks, *(course.question_files for course in pack.courses)))


def without(known: Opened, paths: Collection[str]) -> dict[str, bytes | None]:
    """What to write so that files are gone, from lists of lessons, too."""
    changes: dict[str, bytes | None] = dict.fromkeys(paths)
    orders, gone = _orders(known), dict.fromkeys(paths, "")
    for path, content in known.files.items():
        if path not in changes and (is_page(path) or path in orders):
            text = content.decode("utf-8", "surrogateescape")
            fresh = repathed(text, path, path, orders, gone, known.files).encode("utf-8", "surrogateescape")
            if fresh != content:
                changes[path] = fresh
    return changes


def links_to(known: Opened, paths: Collection[str]) -> tuple[str, ...]:
    """The pages besides these that link to one of them."""
    targets = Targets(known.pack, known.files)
    return tuple(
        path
        for path, content in known.files.items()
        if is_page(path) and path not in paths and _leads_to(known, targets, path, content, paths)
    )


def _leads_to(known: Opened, targets: Targets, path: str, content: bytes, paths: Collection[str]) -> bool:
    links = PageLinks(targets, _course(known.pack, path), path)
    found: list[str] = []
    relinked(content.decode("utf-8", "replace"), found.append)
    return any(place_of(target, path) in paths or links.resolve(target).path in paths for target in found)
