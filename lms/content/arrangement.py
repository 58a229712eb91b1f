"""Which pages of a course folder are its lessons, in which order, in which modules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lms.content.frontmatter import Document
from lms.content.naming import (
    folder_of,
    identity,
    index_rank,
    is_page,
    is_question_file,
    natural_key,
    slug,
    split_language,
    stem,
    unique,
    without_number,
    words_of,
)
from lms.content.order import Entry, Order
from lms.content.orderfiles import read_list
from lms.content.sources import Sources

_DEPTH_LIMIT = 30
_ASIDE = frozenset(
    {
        "translations",
        "translated_images",
        "_includes",
        "_layouts",
        "_site",
        "_data",
        "_sass",
        "_extras",
        "_static",
        "_templates",
        "_drafts",
        "_plugins",
    }
)
_COMMUNITY = frozenset(
    {
        "code_of_conduct", "code-of-conduct", "conduct", "contributing", "contribution", "contributors", "authors",
        "license", "licence", "copying", "changelog", "changes", "security", "support", "governance", "maintainers",
        "citation", "pull_request_template", "issue_template", "summary", "todo", "langs", "404",
    }
)  # fmt: skip
_FRAMES = frozenset({"_sidebar", "_navbar", "_coverpage"})  # what docsify puts around pages
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_TARGET = re.compile(
    r"\]\(\s*+(?:<([^<>\n]+)>|([^)\s]+))|^ {0,3}\[[^\]\n]+\]:\s*+(?:<([^<>\n]+)>|(\S+))"
    r"|<a\s[^<>]*?href=[\"']([^\"'<>]+)",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """A page in all its languages: the file of the source language and the translations by tag."""

    base: str
    path: str
    language: str
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson in the order. `module` has the ids of its modules, the outermost first.

    `title` is what the order calls it; `is_title_final` tells that this beats what the page calls itself.
    """

    path: str
    title: str
    is_title_final: bool
    module: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModulePlace:
    """A module in the order: its title if the order gives one, the page or folder that names it otherwise."""

    id: str
    title: str
    page: str
    folder: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The lessons and modules of a course, and what decided about their order."""

    by: str
    lessons: tuple[Place, ...]
    modules: tuple[ModulePlace, ...]
    aside: tuple[str, ...]


def group_pages(paths: Iterable[str], language: str, listed: Collection[str]) -> dict[str, Group]:
    """Pages with their translations, by path without language tag. Also for question files."""
    pages = sorted(paths)
    known = frozenset(pages)
    found: dict[str, dict[str, str]] = {}
    for path in pages:
        base, tag = split_language(path, known, listed)
        found.setdefault(base, {})[tag] = path
    groups = {}
    for base, by_tag in found.items():
        source = next(tag for tag in ("", language, *listed, *by_tag) if tag in by_tag)
        others = {tag: path for tag, path in by_tag.items() if tag not in (source, "")}
        if source == "":
            others.pop(language, None)
        groups[base] = Group(base, by_tag[source], source or language, others)
    return groups


def is_course_page(path: str) -> bool:
    """Whether a file can be a lesson: Markdown, no question file, not hidden."""
    return is_page(path) and not is_question_file(path) and not any(part.startswith(".") for part in path.split("/"))


class _Arranger:
    """Builds the tree of one course from its folders."""

    def __init__(self, sources: Sources, root: str, groups: Mapping[str, Group]) -> None:
        self.sources = sources
        self.root = root
        self.pages: dict[str, list[str]] = {}
        self.folders: dict[str, set[str]] = {}
        self.used_readme = False
        for group in groups.values():
            self._add(group.path)

    def _add(self, path: str) -> None:
        folder = folder_of(path)
        self.pages.setdefault(folder, []).append(path)
        while folder and folder != self.root:
            above = folder_of(folder)
            self.folders.setdefault(above, set()).add(folder)
            folder = above

    def index(self, folder: str) -> str:
        """The page that speaks for a folder: index before README; empty if there is none."""
        ranked = [(rank, path) for path in self.pages.get(folder, ()) if (rank := index_rank(path)) is not None]
        return min(ranked)[1] if ranked else ""

    def entries(self, folder: str, ranks: Mapping[str, int], depth: int = 0) -> tuple[Entry, ...]:
        """What a folder holds, in order, without its own index."""
        index = self.index(folder)
        listed = self.listed(folder)
        if listed is not None:
            return listed
        pages = [path for path in self.pages.get(folder, ()) if index_rank(path) is None and self._counts(path)]
        subfolders = [sub for sub in self.folders.get(folder, ()) if posixpath.basename(sub) not in _ASIDE]
        own = self._links(index, folder)
        names = sorted([*pages, *subfolders], key=lambda name: (natural_key(name), name in subfolders))
        order = self._ranked(names, own) or self._ranked(names, ranks) or names
        if depth > _DEPTH_LIMIT:
            return ()
        found = (self.entry(name, own or ranks, depth, is_folder=name in subfolders) for name in order)
        return tuple(entry for entry in found if entry)

    def _counts(self, path: str) -> bool:
        """Whether a page is about the subject, not about the repository it lies in."""
        name = stem(path).rpartition("/")[2].lower()
        return name not in _FRAMES and (folder_of(path) != self.root or name not in _COMMUNITY)

    def listed(self, folder: str) -> tuple[Entry, ...] | None:
        """What the `lessons:` of a folder's index names; None if it has none."""
        index = self.index(folder)
        page = self.sources.page(index) if index else None
        if page is None or not isinstance(page.values.get("lessons"), list):
            return None
        document = Document(page.values, page.lines)
        return read_list(self.sources, index, folder, document, page.values["lessons"])

    def entry(self, name: str, ranks: Mapping[str, int], depth: int, *, is_folder: bool) -> Entry | None:
        """A page or a folder as an entry; None for a folder without pages."""
        if not is_folder:
            return Entry(name)
        children = self.entries(name, ranks, depth + 1)
        index = self.index(name)
        if not children:
            return Entry(index) if index else None
        is_listed = any(child.path == index for child in children)
        return Entry(
            index if index and not is_listed and self.sources.has_body(index) else "", children=children, folder=name
        )

    def _links(self, index: str, folder: str) -> dict[str, int]:
        """The pages and folders that a folder's index links to, by the place of the first link."""
        if not index:
            return {}
        ranks: dict[str, int] = {}
        text = _FENCED.sub("", self.sources.page(index).text)
        for match in _TARGET.finditer(text):
            target = unquote(next(part for part in match.groups() if part).partition("#")[0].partition("?")[0])
            if not target or ":" in target:
                continue
            wanted = posixpath.normpath(posixpath.join(folder, target.lstrip("/") if target[0] == "/" else target))
            path = wanted if wanted in self.folders or wanted in self.pages else self.sources.find_page(wanted)
            if path and path != index:
                ranks.setdefault(path, len(ranks))
        return ranks

    def _ranked(self, names: list[str], ranks: Mapping[str, int]) -> list[str]:
        """The names as ranked, the others after them; empty if fewer than half are ranked, or only one.

        Numbers in the names are their author's own order, which a README mentions at random.
        """
        numbered = sum(without_number(posixpath.basename(name)) != posixpath.basename(name) for name in names)
        if numbered > 1 and 2 * numbered >= len(names):
            return []
        places = {name: place for name in names if (place := _place(name, ranks)) is not None}
        if len(places) < 2 or 2 * len(places) < len(names):
            return []
        self.used_readme = True
        return sorted(names, key=lambda name: places.get(name, len(ranks)))


def _place(name: str, ranks: Mapping[str, int]) -> int | None:
    inside = f"{name}/"
    return min((rank for path, rank in ranks.items() if path == name or path.startswith(inside)), default=None)


def arrange(
    sources: Sources, root: str, groups: Mapping[str, Group], order: Order | None, front: str = ""
) -> Arrangement:
    """Put the pages of a course in order: front matter, else an order file, else READMEs and names.

    `front` is the course's front page, which is a lesson only if it is listed or alone.
    """
    within = order.root if order else root
    arranger = _Arranger(sources, within, {base: group for base, group in groups.items() if _inside(base, within)})
    top = _Arranger(sources, root, groups)
    listed = top.listed(root)
    if listed is not None:
        entries, by, arranger = listed, "front matter", top
    elif order and order.entries:
        entries, by = order.entries, order.by
    else:
        entries, by = arranger.entries(within, {}), "names"
    flat = _Flat(arranger, groups)
    flat.add(entries, ())
    if not flat.lessons and front and sources.has_body(front):
        flat.add((Entry(front),), ())
    if by == "names" and arranger.used_readme:
        by = "readme"
    used = {front, *(place.path for place in flat.lessons)}
    aside = tuple(group.path for group in groups.values() if group.path not in used)
    return Arrangement(by, tuple(flat.lessons), tuple(flat.modules), aside)


def _inside(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


class _Flat:
    """The tree of entries written out as a list of lessons and a list of modules."""

    def __init__(self, arranger: _Arranger, groups: Mapping[str, Group]) -> None:
        self._arranger = arranger
        self._sources = {group.path for group in groups.values()}
        self._translated = {path: group.path for group in groups.values() for path in group.translations.values()}
        self._seen: set[str] = set()
        self._ids: set[str] = set()
        self.lessons: list[Place] = []
        self.modules: list[ModulePlace] = []

    def add(self, entries: Iterable[Entry], module: tuple[str, ...], depth: int = 0) -> None:
        """Add entries and all below them."""
        for entry in entries:
            opened = self._opened(entry)
            if not opened.children:
                self._lesson(opened, module)
            elif depth <= _DEPTH_LIMIT:
                inner = (*module, self._module(opened, module))
                self._lesson(opened, inner)
                self.add(opened.children, inner, depth + 1)

    def _opened(self, entry: Entry) -> Entry:
        """A folder named by an order, with what it holds."""
        if not entry.folder or entry.children:
            return entry
        inside = self._arranger.entry(entry.folder, {}, 0, is_folder=True)
        if inside is None:
            return entry
        return replace(inside, title=entry.title, is_title_final=entry.is_title_final)

    def _module(self, entry: Entry, module: tuple[str, ...]) -> str:
        if entry.folder:
            name = identity(f"{posixpath.relpath(entry.folder, self._arranger.root or '.')}/index.md")
        else:
            title = entry.title or words_of(stem(entry.path).rpartition("/")[2])
            name = "/".join((*module[-1:], slug(title)))
        name = unique(name, self._ids)
        self._ids.add(name)
        page = entry.path or (self._arranger.index(entry.folder) if entry.folder else "")
        title = entry.title if entry.is_title_final or not (page or entry.folder) else ""
        self.modules.append(ModulePlace(name, title or ("" if page else entry.title), page, entry.folder))
        return name

    def _lesson(self, entry: Entry, module: tuple[str, ...]) -> None:
        path = self._translated.get(entry.path, entry.path)
        if path in self._seen or path not in self._sources:
            return
        self._seen.add(path)
        title = "" if entry.folder else entry.title
        self.lessons.append(Place(path, title, entry.is_title_final, module))


def loose_index_names(groups: Mapping[str, Group]) -> Iterator[tuple[str, str]]:
    """Folders' READMEs that an `index.md` beside them puts in the second row, with that index."""
    indexes = {folder_of(group.path): group.path for group in groups.values() if index_rank(group.path) == 0}
    for group in groups.values():
        folder = folder_of(group.path)
        if index_rank(group.path) == 1 and folder in indexes:
            yield group.path, indexes[folder]
