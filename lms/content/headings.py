"""The title that a Markdown text gives itself, found without rendering it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]++(.*))?$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_NOT_A_PARAGRAPH = re.compile(r" {0,3}(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|\||<)|(?: {4}|\t)")
_HTML_TITLE = re.compile(r" {0,3}<h1\b[^>]*>(.*?)(?:</h1>|$)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LIQUID_LINE = re.compile(r"\s*(?:\{%.*%\}|\{:.*\}|\{\{.*\}\})\s*$")
_ATTRIBUTES = re.compile(r"(?<!\s)\s*+\{:?\s*+[#.][^{}]*+\}\s*+$")
_CLOSING_MARKS = re.compile(r"(?<![ \t])[ \t]++#++$")
# no search goes to the end of the line for each sign that may begin something: such a line would take minutes
_TARGET = r"(?:\([^()]*+\)|\[[^\[\]]*+\])?+"
_IMAGE = re.compile(rf"!\[([^\[\]]*+)\]{_TARGET}")
_PICTURE = rf"!\[[^\[\]]*+\]{_TARGET}"
_IMAGES = re.compile(rf"\[{_PICTURE}\]{_TARGET}|{_PICTURE}")
_LINK = re.compile(r"\[([^\[\]]*+)\](?:\((?:[^()]++|\([^()]*+\))*+\)|\[[^\[\]]*+\])")
_CODE = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*+>|<(https?://[^<>\s]++)>")
_STRONG = re.compile(r"(\*{1,3}|~~)(?=\S)(.{1,300}?)(?<=\S)\1")
_UNDERSCORED = re.compile(r"(?<!\w)(_{1,3})(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


class Heading(NamedTuple):
    """A top-level heading; `is_first` if nothing but blanks stands before it. `text` is Markdown."""

    level: int
    text: str
    line: int
    is_first: bool


def own_title(text: str) -> str:
    """The first heading of level 1 that has words, else a first line that is any heading; empty if neither.

    Pictures beside the words, such as badges, are no part of a title.
    """
    fallback = ""
    for heading in top_headings(text):
        words = plain_words(_IMAGES.sub("", heading.text)) or plain_words(heading.text)
        if words and heading.level == 1:
            return words
        if words and heading.is_first:
            fallback = words
    return fallback


def top_headings(text: str) -> Iterator[Heading]:
    """The headings outside lists, quotes, code and comments, in order. Lines count from 1 in the text."""
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text) if "<!--" in text else text
    fence, seen = "", False
    paragraph: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if fence:
            fence = "" if _closes(line, fence) else fence
            continue
        opening = _FENCE.match(line)
        heading = None if opening else _heading(line, paragraph)
        before = paragraph[-1] if paragraph else ""
        if heading:
            level, words, is_underlined = heading
            is_first = not seen and (is_underlined or not _is_content(before))
            yield Heading(level, words, number - is_underlined * len(paragraph), is_first)
        fence = opening[1] if opening else ""
        seen = seen or bool(heading or fence) or _is_content(before)
        if heading or opening or not line.strip():
            paragraph = []
        elif paragraph and not _NOT_A_PARAGRAPH.match(line.strip()):
            paragraph.append(line)
        else:
            paragraph = [line]


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not _LIQUID_LINE.match(line)


def _closes(line: str, fence: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(fence) and set(bare) == {fence[0]} and not line.startswith("    ")


def _heading(line: str, paragraph: list[str]) -> tuple[int, str, bool] | None:
    """Level, words, and whether the words are the paragraph before the line."""
    atx = _ATX.match(line)
    if atx:
        written = _CLOSING_MARKS.sub("", (atx[2] or "").rstrip(" \t")).rstrip(" \t")
        words = _ATTRIBUTES.sub("", written)
        return len(atx[1]), words if words == written else _CLOSING_MARKS.sub("", words), False
    underline = _UNDERLINE.match(line)
    if underline and paragraph and not _NOT_A_PARAGRAPH.match(paragraph[0]):
        return (1 if underline[1][0] == "=" else 2), "\n".join(paragraph).strip(), True
    tag = _HTML_TITLE.match(line)
    return (1, tag[1], False) if tag else None


def plain_words(text: str) -> str:
    """A heading's Markdown as plain text: an image is its alternative text, code loses its ticks."""
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(match[2].strip())
        return f"\0{len(codes) - 1}\0"

    text = _ATTRIBUTES.sub("", text.replace("\0", ""))
    text = _CODE.sub(keep, text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _TAG.sub(lambda match: match[1] or "", text)
    for pattern in (_STRONG, _UNDERSCORED):
        text = pattern.sub(r"\2", pattern.sub(r"\2", text))
    text = html.unescape(_ESCAPE.sub(r"\1", text))
    text = re.sub("\0(\\d+)\0", lambda match: codes[int(match[1])], text)
    return " ".join(text.split())
