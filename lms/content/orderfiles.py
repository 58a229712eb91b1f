"""Order files that people really have, each read into the same tree of entries. They come from other programs.

mkdocs.yml of MkDocs, SUMMARY.md of mdBook and GitBook, _toc.yml of Jupyter Book, config.yaml and _config.yml
of Carpentries lessons.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from lms.content.frontmatter import Document, NotYaml, load_yaml
from lms.content.headings import plain_words
from lms.content.languages import language_tag
from lms.content.naming import is_page, natural_key, stem
from lms.content.sources import Sources
from lms.content.structure import Json

_ITEM_LIMIT = 5_000
_DEPTH_LIMIT = 12


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
class _Reading:
    """The state of reading one order file: where its pages are, what it already named, what is missing."""

    sources: Sources
    file: str
    root: str
    document: Document = field(default_factory=lambda: Document(None))
    count: int = 0
    named: set[str] = field(default_factory=set)

    def page(self, target: str, line: int) -> str | None:
        """The page an order file names, once; a page that is missing is reported."""
        target = target.partition("#")[0].partition("?")[0].strip()
        self.count += 1
        if not target or "://" in target or self.count > _ITEM_LIMIT:
            return None
        wanted = posixpath.normpath(posixpath.join(self.root, target.lstrip("/")))
        found = self.sources.find_page(wanted)
        if found is None:
            self._missing(wanted, target, line)
        elif found in self.named:
            return None
        else:
            self.named.add(found)
        return found

    def _missing(self, wanted: str, target: str, line: int) -> None:
        ending = posixpath.splitext(wanted)[1].lower()
        other = next((end for end in (".ipynb", ".Rmd", ".rst", ".adoc") if wanted + end in self.sources.files), "")
        if other or (wanted in self.sources.files and not is_page(wanted)):
            message = f"{target} is not Markdown ({other or ending}), so it is no lesson."
            self.sources.note(self.file, line, "order-not-markdown", message, "Convert the page to Markdown.")
        else:
            message = f"The order names {target}, but there is no such page."
            self.sources.warn(self.file, line, "order-page-missing", message, "Correct the path or take the line out.")


def find_order(sources: Sources, root: str) -> Order | None:
    """The order file of a course folder, understood; None if it has none."""
    for read in (_mkdocs, _summary, _toc, _carpentries, _jekyll):
        order = read(sources, root)
        if order is not None:
            return order
    return None


def read_list(sources: Sources, file: str, root: str, document: Document, value: Json) -> tuple[Entry, ...]:
    """The entries of a front matter's `lessons:`: paths, folders, or titles with a list under them."""
    reading = _Reading(sources, file, root, document)
    return tuple(_nav(reading, value, ("lessons",)))


def _yaml(sources: Sources, path: str) -> Document:
    try:
        return load_yaml(sources.text(path))
    except NotYaml as error:
        fix = "Correct the file; until then the lessons stand in the order of their names."
        sources.warn(path, error.line, "order-unreadable", str(error), fix)
        return Document(None)


def _at(root: str, *names: str) -> list[str]:
    return [f"{root}/{name}" if root else name for name in names]


def _first(sources: Sources, root: str, *names: str) -> str | None:
    return next((path for path in _at(root, *names) if path in sources.files), None)


def _only(sources: Sources, root: str, name: str) -> str | None:
    """The order file of this name one or two folders further down, if there is just one."""
    ending, depth = f"/{name}", (root.count("/") + 1 if root else 0) + name.count("/")
    found = [path for path in sources.under(root) if path.endswith(ending) and path.count("/") <= depth + 2]
    return found[0] if len(found) == 1 else None


def _join(root: str, folder: object) -> str:
    path = posixpath.normpath(posixpath.join(root, folder if isinstance(folder, str) else ""))
    return "" if path in (".", "..") or path.startswith("../") else path.strip("/")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _language(value: object) -> str:
    return (language_tag(value) or "") if isinstance(value, str) else ""


def _mkdocs(sources: Sources, root: str) -> Order | None:
    path = _first(sources, root, "mkdocs.yml", "mkdocs.yaml")
    if path is None:
        return None
    document = _yaml(sources, path)
    settings = document.value if isinstance(document.value, dict) else {}
    pages = _join(root, settings.get("docs_dir") or "docs")
    if not any(sources.under(pages)):
        return None
    theme = settings.get("theme")
    reading = _Reading(sources, path, pages, document)
    return Order(
        "mkdocs",
        path,
        pages,
        tuple(_nav(reading, settings.get("nav"), ("nav",))),
        _text(settings.get("site_name")),
        _language(theme.get("language") if isinstance(theme, dict) else None),
        tuple(site for site in (_text(settings.get("site_url")),) if site),
    )


def _nav(reading: _Reading, value: Json, place: tuple[str | int, ...], depth: int = 0) -> Iterator[Entry]:
    if not isinstance(value, list) or depth > _DEPTH_LIMIT:
        return
    for number, item in enumerate(value):
        line = reading.document.lines.get((*place, number), 0)
        if isinstance(item, str):
            yield from _nav_target(reading, item, "", line)
        for title, target in item.items() if isinstance(item, dict) else ():
            words = _text(title)
            if isinstance(target, str):
                yield from _nav_target(reading, target, words, line)
                continue
            children = tuple(_nav(reading, target, (*place, number, words), depth + 1))
            if children:
                yield Entry(title=plain_words(words), children=children, is_title_final=True)


def _nav_target(reading: _Reading, target: str, title: str, line: int) -> Iterator[Entry]:
    """One target of a nav: a page, or a folder or pattern that stands for all pages there."""
    wanted = _join(reading.root, target.rstrip("/*"))
    is_folder = target.endswith(("/", "*")) or not (is_page(target) or reading.sources.find_page(wanted))
    if is_folder and wanted and any(is_page(path) for path in reading.sources.under(wanted)):
        yield Entry(title=plain_words(title), folder=wanted, is_title_final=bool(title))
        return
    path = reading.page(target, line)
    if path:
        yield Entry(path, plain_words(title), is_title_final=bool(title))


_SUMMARY_ITEM = re.compile(r"([ \t]*)[-*+][ \t]+(.*)$")
_SUMMARY_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.|\[[^\]]*\]|`[^`]*`)*)\]\(\s*<?([^)>\s]*(?:%20[^)>\s]*)*)>?[^)]*\)")


def _summary(sources: Sources, root: str) -> Order | None:
    book = _first(sources, root, "book.toml")
    settings = _book_settings(sources, book)
    pages = [_join(root, settings.get("src"))] if book and settings.get("src") else []
    folders = [*pages, root, _join(root, "src"), _join(root, "docs"), _join(root, "book")]
    path = next((found for folder in folders if (found := _first(sources, folder, "SUMMARY.md"))), None)
    path = path or _only(sources, root, "src/SUMMARY.md")
    if path is None:
        return None
    folder = posixpath.dirname(path)
    entries = _summary_entries(_Reading(sources, path, folder), sources.text(path))
    if not entries:
        return None
    title, language = _text(settings.get("title")), _language(settings.get("language"))
    return Order("summary", path, folder, entries, title, language)


def _book_settings(sources: Sources, path: str | None) -> dict[str, Json]:
    if path is None:
        return {}
    try:
        settings = tomllib.loads(sources.text(path)).get("book", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _summary_entries(reading: _Reading, text: str) -> tuple[Entry, ...]:
    """The chapters by indentation; a heading after the first begins a part."""
    parts: list[tuple[str, list[tuple[int, Entry]]]] = [("", [])]
    is_begun = False
    for number, line in enumerate(text.split("\n"), start=1):
        if re.match(r" {0,3}#{1,6}\s", line):
            if is_begun:  # the first heading is the file's own title
                parts.append((plain_words(line.strip().strip("#")), []))
            is_begun = True
            continue
        is_begun = is_begun or bool(line.strip())
        item = _SUMMARY_ITEM.match(line)
        entry = _summary_entry(reading, item[2] if item else line, number, is_item=bool(item))
        if entry:
            indent = len(item[1].expandtabs(4)) if item else 0
            parts[-1][1].append((indent, entry))
    entries: list[Entry] = []
    for title, flat in parts:
        nested = _nest(flat)
        entries.extend([Entry(title=title, children=nested)] if title and nested else nested)
    return tuple(entries)


def _summary_entry(reading: _Reading, text: str, line: int, *, is_item: bool) -> Entry | None:
    link = _SUMMARY_LINK.search(text)
    if link is None:
        return Entry(title=plain_words(text)) if is_item and text.strip() else None
    target = re.sub(r"%20", " ", link[2])
    path = reading.page(target, line) if target else None
    return Entry(path or "", plain_words(link[1])) if path or is_item else None


def _nest(flat: list[tuple[int, Entry]]) -> tuple[Entry, ...]:
    """Entries with their indentation become a tree; a section without any page is left out."""
    entries: list[Entry] = []
    position = 0
    while position < len(flat):
        indent, entry = flat[position]
        end = position + 1
        while end < len(flat) and flat[end][0] > indent:
            end += 1
        children = _nest(flat[position + 1 : end])
        if entry.path or children:
            entries.append(replace(entry, children=children))
        position = end
    return tuple(entries)


def _toc(sources: Sources, root: str) -> Order | None:
    folders = [root, *(_join(root, name) for name in ("book", "docs", "content", "src", "_data"))]
    path = next((found for folder in folders if (found := _first(sources, folder, "_toc.yml", "_toc.yaml"))), None)
    path = path or _only(sources, root, "_toc.yml")
    if path is None:
        return None
    document = _yaml(sources, path)
    folder = posixpath.dirname(path)
    if folder.endswith("_data"):  # the oldest form keeps the pages beside it
        folder = _join(folder.removesuffix("_data").strip("/"), "content")
    reading = _Reading(sources, path, folder, document)
    entries = tuple(_toc_items(reading, document.value, (), 0))
    settings_path = _first(sources, folder, "_config.yml")
    settings = _yaml(sources, settings_path).value if settings_path and entries else None
    title = _text(settings.get("title")) if isinstance(settings, dict) else ""
    return Order("toc", path, folder, entries, title) if entries else None


def _toc_items(reading: _Reading, value: Json, place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    if depth > _DEPTH_LIMIT:
        return
    if isinstance(value, list):
        yield from _toc_list(reading, value, place, depth)
    elif isinstance(value, dict):
        if isinstance(value.get("root"), str):
            yield from _toc_page(reading, value, "root", place, depth)
        yield from _toc_below(reading, value, place, depth)


def _toc_list(reading: _Reading, value: list[Json], place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    """Items in order; a `header:` or a `part:` without chapters of its own gathers what follows it."""
    gathered: list[Entry] = []
    heading = ""
    for number, item in enumerate(value):
        entry: dict[str, Json] = item if isinstance(item, dict) else {"file": item}
        caption = next((_text(entry[key]) for key in ("caption", "part", "header") if entry.get(key)), "")
        found = list(_toc_item(reading, entry, (*place, number), depth))
        if caption or "chapters" in entry:
            yield from _toc_section(heading, gathered)
            heading, gathered = caption, found
        else:
            gathered.extend(found)
    yield from _toc_section(heading, gathered)


def _toc_section(heading: str, entries: list[Entry]) -> Iterator[Entry]:
    if heading and entries:
        yield Entry(title=plain_words(heading), children=tuple(entries))
    else:
        yield from entries


def _toc_item(reading: _Reading, item: dict[str, Json], place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    key = next((name for name in ("file", "url", "glob") if isinstance(item.get(name), str)), "")
    if key == "glob":
        yield from _toc_glob(reading, item[key])
    elif key == "file" or (key == "url" and item[key].startswith("/")):
        yield from _toc_page(reading, item, key, place, depth)
        if key == "file" or not item.get("sections"):
            return
    yield from _toc_below(reading, item, place, depth)


def _toc_page(
    reading: _Reading, item: dict[str, Json], key: str, place: tuple[str | int, ...], depth: int
) -> Iterator[Entry]:
    title = _text(item.get("title"))
    path = reading.page(item[key], reading.document.lines.get((*place, key), 0))
    children = () if key == "root" else tuple(_toc_below(reading, item, place, depth))
    if path:
        yield Entry(path, plain_words(title), children, is_title_final=bool(title))
    else:
        yield from children


def _toc_below(reading: _Reading, item: dict[str, Json], place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    for key in ("parts", "chapters", "sections", "entries", "subtrees", "subsections"):
        if key in item:
            yield from _toc_items(reading, item[key], (*place, key), depth + 1)


def _toc_glob(reading: _Reading, pattern: str) -> Iterator[Entry]:
    wanted = posixpath.normpath(posixpath.join(reading.root, pattern))
    paths = (path for path in reading.sources.files if is_page(path))
    matches = [path for path in paths if fnmatchcase(path, wanted) or fnmatchcase(stem(path), wanted)]
    for path in sorted(matches, key=natural_key):
        if path not in reading.named:
            reading.named.add(path)
            yield Entry(path)


def _carpentries(sources: Sources, root: str) -> Order | None:
    path = _first(sources, root, "config.yaml", "config.yml")
    if path is None:
        return None
    document = _yaml(sources, path)
    settings = document.value
    folder = _join(root, "episodes")
    if not isinstance(settings, dict) or "episodes" not in settings or not any(sources.under(folder)):
        return None
    entries = tuple(_nav(_Reading(sources, path, folder, document), settings["episodes"], ("episodes",)))
    sites = tuple(site for site in (_text(settings.get("url")),) if site)
    return Order("config", path, folder, entries, _text(settings.get("title")), _language(settings.get("lang")), sites)


def _jekyll(sources: Sources, root: str) -> Order | None:
    path, folder = _first(sources, root, "_config.yml", "_config.yaml"), _join(root, "_episodes")
    if path is None or not any(sources.under(folder)):
        return None
    document = _yaml(sources, path)
    settings = document.value if isinstance(document.value, dict) else {}
    reading = _Reading(sources, path, folder, document)
    entries = tuple(_nav(reading, settings.get("episode_order"), ("episode_order",)))
    sites = tuple(site for site in (_text(settings.get("url")),) if site)
    return Order("config", path, folder, entries, _text(settings.get("title")), _language(settings.get("lang")), sites)
