"""SUMMARY.md, the order file of mdBook and GitBook."""

from __future__ import annotations

import posixpath
import re
import tomllib
from dataclasses import replace

from lms.content.headings import plain_words
from lms.content.order import Entry, Order, Reading, first_of, joined, language_of, only_below, text_of
from lms.content.sources import Sources
from lms.content.structure import Json

_RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}$")
_SUMMARY_ITEM = re.compile(r"([ \t]*)[-*+][ \t]+(.*)$")
_SUMMARY_LINK = re.compile(r"\[((?:[^\[\]\\`]++|\\.|\[[^\[\]]*+\]|`[^`]*+`|`)*+)\]\(\s*+<?([^()>\s]*+)>?[^()]*+\)")


def read_summary(sources: Sources, root: str) -> Order | None:
    """The order of a book; None if there is no SUMMARY.md, or nothing in it."""
    language = _first_language(sources, root)
    if language:
        root = joined(root, language)
    book = first_of(sources, root, "book.toml")
    settings = _book_settings(sources, book)
    pages = [joined(root, settings.get("src"))] if book and settings.get("src") else []
    folders = [*pages, root, joined(root, "src"), joined(root, "docs"), joined(root, "book")]
    path = next((found for folder in folders if (found := first_of(sources, folder, "SUMMARY.md"))), None)
    path = path or only_below(sources, root, "src/SUMMARY.md")
    if path is None:
        return None
    folder = posixpath.dirname(path)
    text = sources.text(path)
    reading = Reading(sources, path, folder)
    entries = _summary_entries(reading, text, _whole_pages(reading, text))
    if not entries:
        return None
    tag = language_of(settings.get("language")) or language_of(language)
    return Order("summary", path, folder, entries, text_of(settings.get("title")), tag)


def _first_language(sources: Sources, root: str) -> str:
    """The folder that a GitBook in several languages names first in its LANGS.md; empty if it is in one."""
    langs = first_of(sources, root, "LANGS.md")
    links = _SUMMARY_LINK.finditer(sources.text(langs)) if langs else ()
    folders = (match[2].strip("./").removesuffix("/README.md") for match in links)
    return next((folder for folder in folders if folder and first_of(sources, root, f"{folder}/SUMMARY.md")), "")


def _book_settings(sources: Sources, path: str | None) -> dict[str, Json]:
    if path is None:
        return {}
    try:
        settings = tomllib.loads(sources.text(path)).get("book", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _whole_pages(reading: Reading, text: str) -> frozenset[str | None]:
    """The pages that a summary names as such, not only a place in them."""
    targets = (_target(match) for match in _SUMMARY_LINK.finditer(text))
    return frozenset(reading.found(target) for target in targets if target and "#" not in target)


def _target(link: re.Match[str]) -> str:
    return link[2].replace("%20", " ")


def _summary_entries(reading: Reading, text: str, whole: frozenset[str | None]) -> tuple[Entry, ...]:
    """The chapters by indentation; a heading after the first begins a part, a line across ends it."""
    parts: list[tuple[str, list[tuple[int, Entry]]]] = [("", [])]
    is_begun = False
    for number, line in enumerate(text.split("\n"), start=1):
        if re.match(r" {0,3}#{1,6}\s", line):
            if is_begun:  # the first heading is the file's own title
                parts.append((plain_words(line.strip().strip("#")), []))
            is_begun = True
            continue
        if _RULE.match(line):  # a line across ends a part; what follows may have no heading
            parts.append(("", []))
            continue
        is_begun = is_begun or bool(line.strip())
        item = _SUMMARY_ITEM.match(line)
        entry = _summary_entry(reading, whole, item[2] if item else line, number, is_item=bool(item))
        if entry:
            indent = len(item[1].expandtabs(4)) if item else 0
            parts[-1][1].append((indent, entry))
    entries: list[Entry] = []
    for title, flat in parts:
        nested = _nest(flat)
        entries.extend([Entry(title=title, children=nested)] if title and nested else nested)
    return tuple(entries)


def _summary_entry(
    reading: Reading, whole: frozenset[str | None], text: str, line: int, *, is_item: bool
) -> Entry | None:
    link = _SUMMARY_LINK.search(text)
    if link is None:
        return Entry(title=plain_words(text)) if is_item and text.strip() else None
    target = _target(link)
    is_place = "#" in target and reading.found(target) in whole
    path = reading.page(target, line) if target and not is_place else None
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
