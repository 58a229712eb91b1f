"""Link reference definitions at the start of a paragraph: `[label]: target "title"`."""

from __future__ import annotations

import html
import re

LABEL = r"[ ]{0,3}\[(?P<label>(?:[^\[\]\\]|\\.)+)\]:"
TARGET = r"[ \t]*\n?[ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s<]\S*))"
TITLE = r"(?:[ \t]+|[ \t]*\n[ \t]*)(?P<title>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"
END = r"[ \t]*(?:\n|$)"
WITH_TITLE = re.compile(LABEL + TARGET + TITLE + END)
WITHOUT_TITLE = re.compile(LABEL + TARGET + END)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def label_key(label: str) -> str:
    """The form in which two labels are compared."""
    return re.sub(r"\s+", " ", label.strip()).lower()


def take_definitions(text: str, found: dict[str, tuple[str, str]]) -> str:
    """Move the definitions that open a text into `found` (the first of a label wins) and return the rest."""
    while text.lstrip(" ").startswith("["):
        match = WITH_TITLE.match(text) or WITHOUT_TITLE.match(text)
        if not match or not match["label"].strip() or match["label"].startswith("^"):
            break
        target = match["bare"] if match["angled"] is None else match["angled"]
        title = (match.groupdict().get("title") or "")[1:-1]
        clean = [html.unescape(ESCAPED.sub(r"\1", part)) for part in (target, title)]
        found.setdefault(label_key(match["label"]), (clean[0], clean[1]))
        text = text[match.end() :]
    return text
