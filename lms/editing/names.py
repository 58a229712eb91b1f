"""Names of files made from titles. Pure."""

from __future__ import annotations

import re
import unicodedata

from lms.content.naming import unique

LONGEST = 60


def file_name(title: str) -> str:
    """A title as the name of a file: plain small letters and hyphens; letters of other scripts stay. May be empty."""
    plain = unicodedata.normalize("NFKD", title)
    if plain.isascii() or any(sign.isascii() and sign.isalnum() for sign in plain):
        plain = plain.encode("ascii", "ignore").decode()
    text = unicodedata.normalize("NFC", plain).casefold()
    return re.sub(r"[\W_]+", "-", text).strip("-")[:LONGEST].strip("-")


def free_name(title: str, taken: set[str], otherwise: str) -> str:
    """A name for a title that nothing else has."""
    return unique(file_name(title) or otherwise, taken)
