"""A pack as a tree: courses, modules, lessons and their questions as trainees meet them, then all other files. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import quote

from lms.content.naming import folder_of, identity, is_page
from lms.content.sources import served_kind
from lms.editing.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lms.content.structure import Course, Lesson, Problem, QuestionFile, Severity

Kind: TypeAlias = Literal[
    "course", "programme", "module", "front", "lesson", "aside", "questions", "order", "picture", "file"
]


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in a pack. `path` is its file, or its folder; `translations` are files by language tag.

    `is_unused` is a picture that no text names. `errors` and `warnings` are those of all its own files.
    """

    kind: Kind
    path: str
    title: str
    language: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Node, ...] = ()
    is_unused: bool = False
    errors: int = 0
    warnings: int = 0

    @property
    def files(self) -> tuple[str, ...]:
        """The file and its translations."""
        return (self.path, *self.translations.values())


@dataclass(frozen=True, slots=True)
class Tree:
    """A pack's courses, its question banks, and the files that belong to neither."""

    courses: tuple[Node, ...]
    banks: tuple[Node, ...]
    others: tuple[Node, ...]


def tree_of(known: Opened, problems: Sequence[Problem] = ()) -> Tree:
    """The tree of a pack, with what a check found beside each file."""
    words = _all_words(known)
    courses = tuple(_course(known, course, words) for course in known.pack.courses)
    banks = tuple(_questions(bank) for bank in known.pack.banks)
    seen = {path for node in chain(courses, banks) for path in _paths(node)}
    others = tuple(_other(path, words) for path in sorted(known.files) if path not in seen)
    counts = Counter((problem.file, problem.severity) for problem in problems)
    return Tree(*(tuple(_counted(node, counts) for node in nodes) for nodes in (courses, banks, others)))


def _paths(node: Node) -> Iterator[str]:
    yield from node.files
    for child in node.children:
        yield from _paths(child)


def _counted(node: Node, counts: Mapping[tuple[str, Severity], int]) -> Node:
    return replace(
        node,
        children=tuple(_counted(child, counts) for child in node.children),
        errors=sum(counts.get((path, "error"), 0) for path in node.files),
        warnings=sum(counts.get((path, "warning"), 0) for path in node.files),
    )


def _all_words(known: Opened) -> str:
    """Every text of the pack in one: enough to see whether a picture's name stands anywhere."""
    return "\n".join(content.decode("utf-8", "replace") for path, content in known.files.items() if is_page(path))


def _course(known: Opened, course: Course, words: str) -> Node:
    fronts = dict(course.index)
    front = fronts.pop(course.language, "")
    title = course.texts[course.language].title
    used = {lesson.practice for lesson in course.lessons}
    loose = [file for file in course.question_files if file.path not in used]
    children = [
        *([Node("front", front, title, course.language, fronts)] if front else []),
        *_arranged(course),
        *(_lesson(course, lesson, "aside") for lesson in course.aside if not _names_module(course, lesson)),
        *(_questions(file) for file in loose),
    ]
    known_paths = {path for node in children for path in _paths(node)} | {lesson.path for lesson in course.aside}
    inside = f"{course.path}/" if course.path else ""
    rest = [path for path in sorted(known.files) if path.startswith(inside) and path not in known_paths]
    rest = rest if course.path else [path for path in rest if path in course.files or path == course.order_file]
    children += [
        Node("order", path, path.rpartition("/")[2]) if path == course.order_file else _other(path, words)
        for path in rest
    ]
    return Node(
        "programme" if course.courses else "course", course.path, title, course.language, children=tuple(children)
    )


def _names_module(course: Course, lesson: Lesson) -> bool:
    """Whether a page outside of the order only speaks for its course or module."""
    is_front = lesson.path in course.index.values()
    return is_front or not lesson.source.text.strip() or lesson.id in {module.id for module in course.modules}


def _arranged(course: Course) -> tuple[Node, ...]:
    """The lessons in the order of trainees, inside their modules."""
    titles = {module.id: module.titles for module in course.modules}
    pages = {lesson.id: lesson for lesson in course.aside}
    root: list[Node] = []
    open_modules: list[tuple[str, Node, list[Node]]] = []

    def close(depth: int) -> None:
        while len(open_modules) > depth:
            _name, node, inside = open_modules.pop()
            above = open_modules[-1][2] if open_modules else root
            above.append(replace(node, children=tuple(inside)))

    for lesson in course.lessons:
        shared = 0
        while shared < min(len(open_modules), len(lesson.module)) and open_modules[shared][0] == lesson.module[shared]:
            shared += 1
        close(shared)
        for name in lesson.module[shared:]:
            title = titles[name].get(course.language) or next(iter(titles[name].values()), name)
            page = pages.get(name)
            translations = {tag: text.path for tag, text in page.translations.items()} if page else {}
            own = {"": page.path, **translations} if page else {}
            open_modules.append((name, Node("module", _folder(course, lesson, name), title, course.language, own), []))
        (open_modules[-1][2] if open_modules else root).append(_lesson(course, lesson, "lesson"))
    close(0)
    return tuple(root)


def _folder(course: Course, lesson: Lesson, module: str) -> str:
    """The folder of a module; empty for one that only an order file knows."""
    folder = folder_of(lesson.path)
    while len(folder) > len(course.path):
        inside = folder[len(course.path) + 1 :] if course.path else folder
        if identity(f"{inside}/index.md") == module:
            return folder
        folder = folder_of(folder)
    return ""


def _lesson(course: Course, lesson: Lesson, kind: Kind) -> Node:
    practice = next((file for file in course.question_files if file.path == lesson.practice), None)
    return Node(
        kind,
        lesson.path,
        lesson.source.title,
        lesson.source.language,
        {tag: text.path for tag, text in lesson.translations.items()},
        (_questions(practice),) if practice and kind == "lesson" else (),
    )


def _questions(file: QuestionFile) -> Node:
    others = {tag: other.path for tag, other in file.translations.items()}
    return Node("questions", file.path, file.title or file.id, file.language, others)


def _other(path: str, words: str) -> Node:
    name = path.rpartition("/")[2]
    if served_kind(path) != "image":
        return Node("file", path, name)
    return Node("picture", path, name, is_unused=name not in words and quote(name) not in words)


def find(nodes: Sequence[Node], path: str) -> Node | None:
    """The node of a file or folder."""
    for node in nodes:
        found = node if path in node.files else find(node.children, path)
        if found:
            return found
    return None
