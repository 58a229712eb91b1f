"""What a trainer sends about an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIELDS = ("what", "why")


def words_in(form: Mapping[str, str], languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """What changed and why it matters, by language, as it was typed."""
    return {tag: {name: " ".join(form.get(f"{name}-{tag}", "").split()) for name in FIELDS} for tag in languages}


def spoken(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Only the languages in which something is said."""
    return {tag: dict(texts) for tag, texts in words.items() if any(texts.values())}
