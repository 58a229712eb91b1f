"""What every order file is read into: a tree of entries; and what reading any of them needs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.content.frontmatter import Document, NotYaml, load_yaml
from lms.content.headings import plain_words
from lms.content.languages import language_tag
from lms.content.naming import is_page
from lms.content.sources import Sources
from lms.content.structure import Json

ITEM_LIMIT = 5_000
DEPTH_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the order: a page, a section of others, or both. `folder` is set if it is a real folder.

    `is_title_final` tells that `title` beats what the page calls itself.
    """

    path: str = ""
    title: str = ""
    children: tuple[Entry, ...] = ()
    folder: str = ""
    is_title_final: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What an order file says. `root` is the folder of its pages; no entries means all pages there, by name."""

    by: str
    file: str
    root: str
    entries: tuple[Entry, ...] = ()
    title: str = ""
    language: str = ""
    sites: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """The state of reading one order file: where its pages are, what it already named, what is missing."""

    sources: Sources
    file: str
    root: str
    document: Document = field(default_factory=lambda: Document(None))
    count: int = 0
    named: set[str] = field(default_factory=set)

    def page(self, target: str, line: int) -> str | None:
        """The page an order file names, once; a page that is missing is reported."""
        target = _without_place(target)
        self.count += 1
        if not target or "://" in target or self.count > ITEM_LIMIT:
            return None
        found = self.found(target)
        if found is None:
            self._missing(self._wanted(target), target, line)
        elif found in self.named:
            return None
        else:
            self.named.add(found)
        return found

    def found(self, target: str) -> str | None:
        """The page that a target means, whether it was named before or not."""
        return self.sources.find_page(self._wanted(_without_place(target)))

    def _wanted(self, target: str) -> str:
        return posixpath.normpath(posixpath.join(self.root, target.lstrip("/")))

    def _missing(self, wanted: str, target: str, line: int) -> None:
        ending = posixpath.splitext(wanted)[1].lower()
        other = next((end for end in (".ipynb", ".Rmd", ".rst", ".adoc") if wanted + end in self.sources.files), "")
        if other or (wanted in self.sources.files and not is_page(wanted)):
            message = f"{target} is not Markdown ({other or ending}), so it is no lesson."
            self.sources.note(self.file, line, "order-not-markdown", message, "Convert the page to Markdown.")
        else:
            message = f"The order names {target}, but there is no such page."
            self.sources.warn(self.file, line, "order-page-missing", message, "Correct the path or take the line out.")


def _without_place(target: str) -> str:
    return target.partition("#")[0].partition("?")[0].strip()


def yaml_file(sources: Sources, path: str) -> Document:
    """A YAML file, empty and reported if it cannot be read."""
    try:
        return load_yaml(sources.text(path))
    except NotYaml as error:
        fix = "Correct the file; until then the lessons stand in the order of their names."
        sources.warn(path, error.line, "order-unreadable", str(error), fix)
        return Document(None)


def first_of(sources: Sources, root: str, *names: str) -> str | None:
    """The first of these files that a folder has."""
    return next((path for name in names if (path := posixpath.join(root, name)) in sources.files), None)


def only_below(sources: Sources, root: str, name: str) -> str | None:
    """The order file of this name one or two folders further down, if there is just one for most of the pages."""
    ending, depth = f"/{name}", (root.count("/") + 1 if root else 0) + name.count("/")
    under = list(sources.under(root))
    found = [path for path in under if path.endswith(ending) and path.count("/") <= depth + 2]
    if len(found) != 1:
        return None
    inside = f"{posixpath.dirname(found[0])}/"
    pages = [path for path in under if is_page(path)]
    return found[0] if 2 * sum(path.startswith(inside) for path in pages) >= len(pages) else None


def joined(root: str, folder: object) -> str:
    """A folder as it is written in an order file, as a path of the pack."""
    path = posixpath.normpath(posixpath.join(root, folder if isinstance(folder, str) else ""))
    return "" if path in (".", "..") or path.startswith("../") else path.strip("/")


def text_of(value: object) -> str:
    """A value as text; empty for lists and mappings."""
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def language_of(value: object) -> str:
    """A value as a language tag; empty if it is none that is known."""
    return (language_tag(value) or "") if isinstance(value, str) else ""


def nav(reading: Reading, value: Json, place: tuple[str | int, ...], depth: int = 0) -> Iterator[Entry]:
    """The entries of a list in the form of MkDocs: pages, titles with a page, titles with a list."""
    if not isinstance(value, list) or depth > DEPTH_LIMIT:
        return
    for number, item in enumerate(value):
        line = reading.document.lines.get((*place, number), 0)
        if isinstance(item, str):
            yield from nav_target(reading, item, "", line)
        for title, target in item.items() if isinstance(item, dict) else ():
            words = text_of(title)
            if isinstance(target, str):
                yield from nav_target(reading, target, words, line)
                continue
            children = tuple(nav(reading, target, (*place, number, words), depth + 1))
            if children:
                yield Entry(title=plain_words(words), children=children, is_title_final=True)


def nav_target(reading: Reading, target: str, title: str, line: int) -> Iterator[Entry]:
    """One target of a nav: a page, or a folder or pattern that stands for all pages there."""
    wanted = joined(reading.root, target.rstrip("/*"))
    is_folder = target.endswith(("/", "*")) or not (is_page(target) or reading.sources.find_page(wanted))
    if is_folder and wanted and any(is_page(path) for path in reading.sources.under(wanted)):
        yield Entry(title=plain_words(title), folder=wanted, is_title_final=bool(title))
        return
    path = reading.page(target, line)
    if path:
        yield Entry(path, plain_words(title), is_title_final=bool(title))
