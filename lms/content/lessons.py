"""Lessons and modules of one course: titles, identities, settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.content.arrangement import Arrangement, Group, ModulePlace, Place
from lms.content.fields import Fields
from lms.content.headings import own_title
from lms.content.naming import folder_of, identity, index_rank, stem, unique, words_of
from lms.content.sources import Sources
from lms.content.structure import Lesson, LessonText, Module

LESSON_KEYS = (
    "id", "was", "title", "summary", "minutes", "topics", "optional", "valid_as_of", "sources", "lessons",
)  # fmt: skip
_ID = re.compile(r"[\w.~+ -]+(?:/[\w.~+ -]+)*")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the lessons of one course are made from."""

    sources: Sources
    root: str
    language: str
    groups: Mapping[str, Group]

    def relative(self, path: str) -> str:
        """A path as seen from the course's folder."""
        return path[len(self.root) + 1 :] if self.root else path


def page_title(sources: Sources, path: str) -> str:
    """What a page calls itself: front matter, else its first heading of level 1; empty if neither."""
    page = sources.page(path)
    given = page.values.get("title")
    if isinstance(given, str | int | float) and not isinstance(given, bool) and str(given).strip():
        return " ".join(str(given).split())
    return own_title(page.text)


def file_title(path: str) -> str:
    """A title made from a file name; an index is called as its folder."""
    name = stem(path)
    if index_rank(path) is not None and "/" in path:
        name = folder_of(path)
    return words_of(name.rpartition("/")[2])


def make_lessons(
    scope: Scope, arrangement: Arrangement, practice: Mapping[str, str]
) -> tuple[tuple[Lesson, ...], tuple[Lesson, ...]]:
    """The lessons of a course in order, and the pages that only links reach.

    `practice` maps a lesson's path to the path of its question file.
    """
    by_path = {group.path: group for group in scope.groups.values()}
    ids = _identities(scope, [*(place.path for place in arrangement.lessons), *arrangement.aside])
    lessons = [_lesson(scope, by_path[place.path], place, ids, practice) for place in arrangement.lessons]
    places = [Place(path, "", is_title_final=False, module=()) for path in arrangement.aside]
    return tuple(lessons), tuple(_lesson(scope, by_path[place.path], place, ids, practice) for place in places)


def _lesson(scope: Scope, group: Group, place: Place, ids: Mapping[str, str], practice: Mapping[str, str]) -> Lesson:
    page = scope.sources.page(group.path)
    fields = Fields(scope.sources, group.path, page)
    source = _text(scope.sources, group, place)
    return Lesson(
        id=ids[group.path],
        path=group.path,
        source=source,
        translations={
            tag: _translation(scope.sources, path, tag, source) for tag, path in sorted(group.translations.items())
        },
        module=place.module,
        minutes=fields.minutes("minutes"),
        topics=fields.texts("topics"),
        optional=fields.flag("optional"),
        valid_as_of=fields.text("valid_as_of"),
        sources=fields.texts("sources"),
        was=fields.texts("was"),
        practice=practice.get(group.path, ""),
    )


def _text(sources: Sources, group: Group, place: Place) -> LessonText:
    page = sources.page(group.path)
    named = place.title if place.is_title_final else ""
    title = named or page_title(sources, group.path) or place.title or file_title(group.base)
    return LessonText(group.path, group.language, title, _summary(sources, group.path), page.text, page.first_line)


def _translation(sources: Sources, path: str, language: str, source: LessonText) -> LessonText:
    page = sources.page(path)
    title = page_title(sources, path) or source.title
    return LessonText(path, language, title, _summary(sources, path), page.text, page.first_line)


def _summary(sources: Sources, path: str) -> str:
    value = sources.page(path).values.get("summary")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _identities(scope: Scope, paths: Iterable[str]) -> dict[str, str]:
    """The id of each page: its own `id:` first, else its path; ids that would be alike get a number."""
    paths = list(paths)
    bases = {group.path: group.base for group in scope.groups.values()}
    indexes = {folder_of(path) for path in paths if index_rank(path) == 0}
    ids: dict[str, str] = {}
    owners: dict[str, str] = {}
    for path in paths:
        given = _given_id(scope.sources, path)
        if given and given in owners:
            message = f'The id "{given}" is already that of {owners[given]}; this lesson gets one from its name.'
            line = scope.sources.page(path).line("id")
            scope.sources.warn(path, line, "lesson-id-twice", message, "Give one of the two lessons another id.")
        elif given:
            ids[path], owners[given] = given, path
    for path in paths:
        if path in ids:
            continue
        relative = scope.relative(bases[path])
        wanted = identity(relative)
        if index_rank(path) == 1 and folder_of(path) in indexes:
            wanted = f"{folder_of(relative)}/README".lstrip("/")
        ids[path] = unique(wanted, owners)
        if ids[path] != wanted:
            message = f'The name gives the id "{wanted}", which {owners[wanted]} has; "{ids[path]}" is used.'
            fix = "Rename one of the two files, or give one an `id:` in its front matter."
            scope.sources.warn(path, 1, "lesson-id-alike", message, fix)
        owners[ids[path]] = path
    return ids


def _given_id(sources: Sources, path: str) -> str:
    page = sources.page(path)
    value = page.values.get("id")
    if value is None:
        return ""
    text = str(value).strip("/ ") if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if _ID.fullmatch(text) and not {".", ".."} & set(text.split("/")):
        return text
    fix = "Use letters, digits, dashes and slashes, as in `start/what-is-an-app`."
    sources.warn(path, page.line("id"), "setting-unclear", "The value of `id` cannot be used.", fix)
    return ""


def make_modules(scope: Scope, arrangement: Arrangement, lessons: Iterable[Lesson]) -> tuple[Module, ...]:
    """The modules in order; a lesson belongs to its innermost module."""
    inside: dict[str, list[str]] = {}
    for lesson in lessons:
        if lesson.module:
            inside.setdefault(lesson.module[-1], []).append(lesson.id)
    return tuple(
        Module(place.id, _module_titles(scope, place), tuple(inside.get(place.id, ()))) for place in arrangement.modules
    )


def _module_titles(scope: Scope, place: ModulePlace) -> dict[str, str]:
    if place.title:
        return {scope.language: place.title}
    group = next((group for group in scope.groups.values() if group.path == place.page), None)
    if group is None:
        return {scope.language: words_of(place.folder.rpartition("/")[2]) if place.folder else file_title(place.page)}
    titles = {group.language: page_title(scope.sources, group.path) or file_title(group.base)}
    for tag, path in sorted(group.translations.items()):
        title = page_title(scope.sources, path)
        if title:
            titles[tag] = title
    return titles
