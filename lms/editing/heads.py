"""Change single settings at the head of a page; every other byte stays. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from lms.content.frontmatter import NotYaml, Page, load_yaml, plain_text, split_page
from lms.content.headings import own_title
from lms.editing.texts import MARK, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADING = re.compile(r"#[ \t]+\S")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# what YAML reads as something else even in quotes, or not at all
_NOT_AS_IT_IS = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class UnclearHead(ValueError):
    """The head of the page cannot be read, so nothing is written into it."""


def page_of(text: str) -> Page:
    """A page taken apart, as publishing reads it."""
    return split_page(plain_text(text.encode("utf-8", "surrogateescape")))


def with_setting(text: str, key: str, value: str) -> str:
    """A page with a setting, given as YAML: in the place of the one it has, else as the last. Raises `UnclearHead`."""
    page, lines = page_of(text), lines_of(text.removeprefix(MARK))
    mark, end = MARK if text.startswith(MARK) else "", lines[0][1] or "\n" if lines else "\n"
    if page.error or (page.first_line > 1 and lines[0][0].startswith("+++")):
        raise UnclearHead(key)
    fresh = (f"{key}: {value}", end)
    if page.first_line == 1:
        return mark + _joined([("---", end), fresh, ("---", end), ("", end), *lines])
    first, last = extent(page, key) if (key,) in page.lines else (page.first_line - 1, page.first_line - 1)
    return mark + _joined([*lines[: first - 1], fresh, *lines[last - 1 :]])


def extent(page: Page, key: str) -> tuple[int, int]:
    """The line of a setting, and the line after its last one; lines count from 1 in the file."""
    first = page.lines[key,]
    later = [line for path, line in page.lines.items() if len(path) == 1 and line > first]
    return first, min([*later, page.first_line - 1])


def with_earlier_id(text: str, earlier: str) -> str:
    """A lesson that remembers under which id it was published. Raises `UnclearHead`."""
    value = page_of(text).values.get("was")
    known = [value] if isinstance(value, str) else [str(each) for each in value] if isinstance(value, list) else []
    ids = dict.fromkeys((*known, earlier))
    return with_setting(text, "was", f"[{', '.join(scalar(name, in_list=True) for name in ids)}]")


def with_title(text: str, title: str) -> str:
    """A page with another title: in its setting if it has one, else in its first heading. Raises `UnclearHead`."""
    page, mark = page_of(text), MARK if text.startswith(MARK) else ""
    place = _heading_line(page)
    if "title" in page.values or place is None:
        return with_setting(text, "title", scalar(title))
    lines = lines_of(text.removeprefix(MARK))
    lines[place - 1] = f"# {title}", lines[place - 1][1]
    changed = mark + _joined(lines)
    return changed if own_title(page_of(changed).text) == title else with_setting(text, "title", scalar(title))


def _heading_line(page: Page) -> int | None:
    """The line of the first heading of level 1, if it is written with a number sign."""
    fence = ""
    for number, line in enumerate(page.text.split("\n")):
        found = _FENCE.match(line)
        if found and (not fence or found[1].startswith(fence)):
            fence = "" if fence else found[1]
        elif not fence and _HEADING.match(line):
            return page.first_line + number
    return None


def scalar(text: str, *, in_list: bool = False) -> str:
    """A text as a YAML value on one line, in quotes only where it needs them."""
    written = f"[{text}]" if in_list else text
    try:
        value = load_yaml(f"k: {written}").value
    except NotYaml:
        value = None
    is_plain = value == {"k": [text] if in_list else text} and text == text.strip() and text.isprintable()
    return text if is_plain else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes that YAML reads as the very same text.

    JSON's quotes are YAML's, but for signs that YAML takes for the end of a line (U+0085, U+2028, U+2029) or does not
    allow as they are.
    """
    return _NOT_AS_IT_IS.sub(_by_number, json.dumps(text, ensure_ascii=False))


def _by_number(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def headed(title: str) -> str:
    """A new page with a title: a heading where that is read as the same words, else a setting."""
    heading = f"# {title}\n"
    return heading if own_title(page_of(heading).text) == title else f"---\ntitle: {scalar(title)}\n---\n"


def _joined(lines: Sequence[tuple[str, str]]) -> str:
    return "".join(words + end for words, end in lines)
