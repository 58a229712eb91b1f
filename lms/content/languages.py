"""Which pieces of a file name are language tags, after BCP 47 and the languages that Babel knows."""

from __future__ import annotations

import re
from functools import lru_cache

from babel.localedata import locale_identifiers

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
DEFAULT_LANGUAGE = "en"


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The language subtags that Babel has data for."""
    return frozenset(identifier.partition("_")[0] for identifier in locale_identifiers())


@lru_cache(maxsize=1024)
def language_tag(text: str) -> str | None:
    """The canonical form of a language tag (`PT_br` is `pt-BR`), or None if the text is not a known one."""
    match = _TAG.fullmatch(text)
    if match is None or match[1].lower() not in _known():
        return None
    language, script, region = match.groups()
    parts = [language.lower(), script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part)
