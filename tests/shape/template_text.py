"""Reads a Jinja template as a browser would see it: what is text, what is markup, what the CSP forbids.

Jinja's own lexer tells the template's words from its program; what the program prints stands as blanks, so the
rest can be read as HTML with its line numbers kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import jinja2

SPOKEN = frozenset({"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "summary"})
SILENT = frozenset({"script", "style"})
PROGRAM_ENDS = frozenset({"variable_end", "block_end", "comment_end"})
LETTERS = re.compile(r"[^\W\d_]{2,}")
ENTITY = re.compile(r"&(#\w+|\w+);")
ATTRIBUTES = re.compile(r"""(\s*[\w-]+=("[^"]*"|'[^']*'))+\s*""")  # a macro may hold attributes for a tag elsewhere
UNESCAPING = frozenset({"safe", "trusted"})
DATA_TYPES = frozenset({"application/json", "application/ld+json"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a template."""

    line: int
    rule: str
    text: str


def findings(source: str, *, proper_names: frozenset[str] = frozenset()) -> list[Finding]:
    """All faults of a template's source: unwrapped words, inline styles, scripts and handlers, unsafe output."""
    visible, program = _split(source)
    reader = _Reader(proper_names)
    reader.feed(visible)
    reader.close()
    return sorted([*reader.found, *_unsafe(program)], key=lambda finding: finding.line)


def _split(source: str) -> tuple[str, list[tuple[int, str]]]:
    """The template's words with blanks for the program, and the program's tokens with their lines."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True, keep_trailing_newline=True)
    words: list[str] = []
    program: list[tuple[int, str]] = []
    translated = False
    previous = ""
    for line, kind, text in environment.lex(source):
        if kind == "data" and not translated:
            words.append(text)
            continue
        words.append("\n" * text.count("\n"))
        if kind in PROGRAM_ENDS:
            words.append(" ")
        if kind not in {"data", "comment", "whitespace"}:
            program.append((line, text))
        if kind == "name" and previous == "block_begin":
            translated = text == "trans" if text in {"trans", "endtrans"} else translated
        if kind != "whitespace":
            previous = kind
    return "".join(words), program


def _unsafe(program: list[tuple[int, str]]) -> list[Finding]:
    texts = [text for _, text in program]
    found = []
    for index, (line, text) in enumerate(program):
        before = texts[index - 1] if index else ""
        if text in UNESCAPING and before == "|":
            found.append(Finding(line, "unsafe", f"|{text}"))
        if text == "autoescape" and before.startswith("{%"):
            found.append(Finding(line, "unsafe", "autoescape"))
    return found


class _Reader(HTMLParser):
    def __init__(self, proper_names: frozenset[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.proper_names = proper_names
        self.found: list[Finding] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            self._attribute(name, value)
        if tag == "style":
            self._note("inline", "<style>")
        if tag == "script" and "src" not in given and given.get("type") not in DATA_TYPES:
            self._note("inline", "<script> without src")
        if tag in SILENT:
            self.silent += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in SILENT:
            self.silent -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._words(data)

    def _attribute(self, name: str, value: str) -> None:
        if name == "style" or name.startswith(("on", "hx-on")):
            self._note("inline", f"{name}=")
        if value.strip().lower().startswith(("javascript:", "js:")):
            self._note("inline", f"{name}={value}")
        if name in SPOKEN:
            self._words(value)

    def _words(self, text: str) -> None:
        start = self.getpos()[0]
        for offset, line in enumerate(ENTITY.sub(" ", text).split("\n")):
            if ATTRIBUTES.fullmatch(line):
                continue
            words = [word for word in LETTERS.findall(line) if word not in self.proper_names]
            if words:
                self.found.append(Finding(start + offset, "untranslated", line.strip()))

    def _note(self, rule: str, text: str) -> None:
        self.found.append(Finding(self.getpos()[0], rule, text))
