"""Text that Markdown must not read as marks: as few backslashes as will do."""

from __future__ import annotations

import re

_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_BRACE = re.compile(r"\{(?=[#.:])")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|[ \t]*$)", re.MULTILINE)
_STAR = re.compile(r"(?<!\s)\*|\*(?!\s|$)")
_TILDES = re.compile(r"~(?=~)|(?<=~)~")
_UNDERSCORES = re.compile(r"_+")
_OPENING = re.compile(
    r"^(?P<lead>[ \t]*)(?:(?P<digits>\d{1,9})(?P<mark>[.)])(?=\s|$)|(?P<sign>[-+*=>|:]|#{1,6}(?=\s|$)))", re.MULTILINE
)


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is, in the middle of a line."""
    text = _BACKSLASH.sub(r"\\\\", text)
    text = text.replace("`", "\\`").replace("[", "\\[")
    text = _TILDES.sub(r"\\~", _STAR.sub(r"\\*", text))
    text = _BRACE.sub(r"\\{", _TAG.sub(r"\\<", _ENTITY.sub("&amp;", text)))
    return _UNDERSCORES.sub(_underscores, text)


def _underscores(match: re.Match[str]) -> str:
    """Underscores inside a word, or with spaces around, are text anyhow."""
    text = match.string
    before = text[match.start() - 1] if match.start() else " "
    after = text[match.end()] if match.end() < len(text) else " "
    is_alone = before.isspace() and after.isspace() and match[0] != text.strip()
    return match[0] if is_alone or (before.isalnum() and after.isalnum()) else match[0].replace("_", "\\_")


def opened(text: str) -> str:
    """Escaped text whose first sign would begin a list, a heading, a quote or a table."""
    return _OPENING.sub(_opening, text)


def _opening(match: re.Match[str]) -> str:
    if match["digits"]:
        return f"{match['lead']}{match['digits']}\\{match['mark']}"
    return f"{match['lead']}\\{match['sign']}"


def in_comment(text: str) -> str:
    """Words that stand in an HTML comment and cannot end it."""
    return re.sub(r"-{2,}|[<>]", "-", " ".join(text.split()))
