"""_toc.yml, the order file of Jupyter Book in its forms, and myst.yml, which took its place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase

from lms.content.frontmatter import Document
from lms.content.headings import plain_words
from lms.content.naming import is_page, natural_key, stem
from lms.content.order import DEPTH_LIMIT, Entry, Order, Reading, first_of, joined, only_below, text_of, yaml_file
from lms.content.sources import Sources
from lms.content.structure import Json


def read_toc(sources: Sources, root: str) -> Order | None:
    """The order of a Jupyter Book; None if there is none."""
    path = _toc_file(sources, root)
    if path is None:
        return _read_myst(sources, root)
    document = yaml_file(sources, path)
    folder = posixpath.dirname(path)
    if folder.endswith("_data"):  # the oldest form keeps the pages beside it
        folder = joined(folder.removesuffix("_data").strip("/"), "content")
    reading = Reading(sources, path, folder, document)
    entries = tuple(_toc_items(reading, document.value, (), 0))
    settings_path = first_of(sources, folder, "_config.yml") or first_of(sources, root, "_config.yml")
    settings = yaml_file(sources, settings_path).value if settings_path and entries else None
    title = text_of(settings.get("title")) if isinstance(settings, dict) else ""
    return Order("toc", path, folder, entries, title) if entries else None


def _toc_file(sources: Sources, root: str) -> str | None:
    folders = [root, *(joined(root, name) for name in ("book", "docs", "content", "src", "_data"))]
    paths = (first_of(sources, folder, "_toc.yml", "_toc.yaml") for folder in folders)
    found = next((path for path in paths if path), None)
    return found or first_of(sources, root, "_data/toc.yml") or only_below(sources, root, "_toc.yml")


def _read_myst(sources: Sources, root: str) -> Order | None:
    path = first_of(sources, root, "myst.yml") or only_below(sources, root, "myst.yml")
    document = yaml_file(sources, path) if path else Document(None)
    project = document.value.get("project") if isinstance(document.value, dict) else None
    if path is None or not isinstance(project, dict):
        return None
    folder = posixpath.dirname(path)
    entries = tuple(_toc_items(Reading(sources, path, folder, document), project.get("toc"), ("project", "toc"), 0))
    return Order("toc", path, folder, entries, text_of(project.get("title"))) if entries else None


def _toc_items(reading: Reading, value: Json, place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    if depth > DEPTH_LIMIT:
        return
    if isinstance(value, list):
        yield from _toc_list(reading, value, place, depth)
    elif isinstance(value, dict):
        if isinstance(value.get("root"), str):
            yield from _toc_page(reading, value, "root", place, depth)
        yield from _toc_below(reading, value, place, depth)


def _toc_list(reading: Reading, value: list[Json], place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    """Items in order; a `header:` or a `part:` without chapters of its own gathers what follows it."""
    gathered: list[Entry] = []
    heading = ""
    for number, item in enumerate(value):
        entry: dict[str, Json] = item if isinstance(item, dict) else {"file": item}
        caption = next((text_of(entry[key]) for key in ("caption", "part", "header") if entry.get(key)), "")
        caption = caption or _section_title(entry)
        found = list(_toc_item(reading, entry, (*place, number), depth))
        if "chapters" in entry or ("children" in entry and not entry.get("file")):
            yield from _toc_section(heading, gathered)
            yield from _toc_section(caption, found)
            heading, gathered = "", []
        elif caption:
            yield from _toc_section(heading, gathered)
            heading, gathered = caption, found
        else:
            gathered.extend(found)
    yield from _toc_section(heading, gathered)


def _section_title(entry: dict[str, Json]) -> str:
    """The title of an item that has no page of its own, only others below it."""
    return text_of(entry.get("title")) if "children" in entry and not entry.get("file") else ""


def _toc_section(heading: str, entries: list[Entry]) -> Iterator[Entry]:
    if heading and entries:
        yield Entry(title=plain_words(heading), children=tuple(entries))
    else:
        yield from entries


def _toc_item(reading: Reading, item: dict[str, Json], place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    key = next((name for name in ("file", "url", "glob") if isinstance(item.get(name), str)), "")
    if key == "glob":
        yield from _toc_glob(reading, item[key])
    elif key == "file" or (key == "url" and item[key].startswith("/")):
        yield from _toc_page(reading, item, key, place, depth)
        if key == "file" or not item.get("sections"):
            return
    yield from _toc_below(reading, item, place, depth)


def _toc_page(
    reading: Reading, item: dict[str, Json], key: str, place: tuple[str | int, ...], depth: int
) -> Iterator[Entry]:
    title = text_of(item.get("title"))
    path = reading.page(item[key], reading.document.lines.get((*place, key), 0))
    children = () if key == "root" else tuple(_toc_below(reading, item, place, depth))
    if path:
        yield Entry(path, plain_words(title), children, is_title_final=bool(title))
    else:
        yield from children


def _toc_below(reading: Reading, item: dict[str, Json], place: tuple[str | int, ...], depth: int) -> Iterator[Entry]:
    for key in ("parts", "chapters", "sections", "entries", "subtrees", "subsections", "children"):
        if key in item:
            yield from _toc_items(reading, item[key], (*place, key), depth + 1)


def _toc_glob(reading: Reading, pattern: str) -> Iterator[Entry]:
    wanted = posixpath.normpath(posixpath.join(reading.root, pattern))
    paths = (path for path in reading.sources.files if is_page(path))
    matches = [path for path in paths if fnmatchcase(path, wanted) or fnmatchcase(stem(path), wanted)]
    for path in sorted(matches, key=natural_key):
        if path not in reading.named:
            reading.named.add(path)
            yield Entry(path)
