"""Where raw HTML starts and ends as a block of its own, after the specification that GitHub follows (0.29)."""

from __future__ import annotations

import re

NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|"
    "menuitem|nav|noframes|ol|optgroup|option|p|param|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|"
    "track|ul"
)
ATTRIBUTE = r"\s+[a-zA-Z_:][\w:.\-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
TAG = rf"(?:<[a-zA-Z][a-zA-Z0-9-]*(?:{ATTRIBUTE})*\s*/?>|</[a-zA-Z][a-zA-Z0-9-]*\s*>)"
OPENINGS = (
    (1, re.compile(r"<(?:script|pre|style|textarea)(?:\s|>|$)", re.IGNORECASE)),
    (2, re.compile(r"<!--")),
    (3, re.compile(r"<\?")),
    (4, re.compile(r"<![A-Za-z]")),
    (5, re.compile(r"<!\[CDATA\[")),
    (6, re.compile(rf"</?(?:{NAMES})(?:\s|/?>|$)", re.IGNORECASE)),
    (7, re.compile(rf"{TAG}\s*$")),
)
ENDS = {
    1: re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    2: re.compile(r"-->"),
    3: re.compile(r"\?>"),
    4: re.compile(r">"),
    5: re.compile(r"\]\]>"),
}


def html_kind(text: str) -> int:
    """The kind of HTML block that a text opens, 1 to 7; 0 if it opens none."""
    for kind, opening in OPENINGS:
        if opening.match(text):
            return kind
    return 0
