"""Code with colours: classes only, and never a guess which language it is."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from pygments.lexer import Lexer

TOKEN_CLASSES = frozenset(name for name in STANDARD_TYPES.values() if name)
LANGUAGE = re.compile(r"\{?[.:\s]*(?:language-)?([A-Za-z0-9_+#\-]+)")
FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
LONGEST = 50_000


def language_of(info: str) -> str:
    """The language that a fence's info string names, lower case; empty if it names none."""
    match = LANGUAGE.match(info.strip())
    return match[1].lower() if match else ""


@lru_cache(maxsize=256)
def lexer_for(language: str) -> Lexer | None:
    """The lexer of a language; None if nobody knows it."""
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def code_block(text: str, language: str = "", *, has_colours: bool = True) -> str:
    """A `pre` element with exactly this text. Very long code stays plain, as nobody reads its colours."""
    lexer = lexer_for(language) if language and has_colours else None
    inner = (
        html.escape(text, quote=False) if lexer is None or len(text) > LONGEST else highlight(text, lexer, FORMATTER)
    )
    name = re.sub(r"[^a-z0-9_+#-]", "", language)
    opening = f'<code class="language-{html.escape(name)}">' if name else "<code>"
    return f"<pre>{opening}{inner}</code></pre>"
