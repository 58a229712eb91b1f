"""Texts of other systems as plain words."""

from __future__ import annotations

import html
import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from lms.exchange.found import BREAK, Words

_TAGS = (
    "a|abbr|acronym|address|annotation|area|article|aside|audio|b|bdi|bdo|big|blockquote|body|br|button|caption|center|cite|code"
    "|col|colgroup|data|dd|del|details|dfn|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|h[1-6]"
    "|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|map|mark|math|menuitem|meta|mfrac|mi|mn"
    "|mo|mover|mroot|mrow|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|nav|nobr|noscript|o:p"
    "|object|ol|optgroup|option|p|param|picture|pre|q|rp|rt|ruby|s|samp|script|section|select|semantics|small|source"
    "|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul"
    "|var|video|wbr"
)
# a sign that begins no tag: nothing of HTML has this name, or the tag never ends (the parser would look for its end
# again and again)
_UNKNOWN = re.compile(
    rf"<(?!/?(?:{_TAGS})(?=[\s/>])[^<>\"']*+(?:\"[^\"]*+\"[^<>\"']*+|'[^']*+'[^<>\"']*+)*+>|!--)", re.IGNORECASE
)
_MARKS = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|&(?:[a-zA-Z]{{2,31}}|#\d{{1,7}}|#x[0-9a-fA-F]{{1,6}});", re.IGNORECASE
)
_DEPTH = 120
# one paragraph without a tag or an entity in it, as most texts of an export are: it needs no parser
_SENTENCE = re.compile(r"[ \t\r\n]*+(?:<p(?: [a-z-]++=\"[^\"<>&]*+\")*+>([^<&]*+)</p>|([^<&]*+))[ \t\r\n]*+")
_ODD_SPACE = re.compile(r"[^\S \t\r\n]")
_APART = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "pre"})
_UNSEEN = frozenset({"script", "style", "head", "title", "annotation"})


def is_html(words: Words) -> bool:
    """Whether a text is HTML, or has some of it in it."""
    return words.form == "html" or (words.form == "moodle" and bool(_MARKS.search(words.text)))


def sentence_of(text: str) -> str | None:
    """The words of HTML that is nothing but one plain paragraph, with single spaces; None if it is more."""
    found = _SENTENCE.fullmatch(text)
    if found is None or _ODD_SPACE.search(text):
        return None
    return " ".join((found[1] or found[2] or "").split())


def soup_of(text: str) -> BeautifulSoup:
    """The elements of some HTML. What only looks like a tag, such as `<your-name>`, is text."""
    closed = text.rfind("-->") + 1  # a comment that begins later never ends
    known = _UNKNOWN.sub("&lt;", text[:closed] + text[closed:].replace("<!--", "&lt;!--"))
    soup = BeautifulSoup(known, "html.parser")
    if known.count("<") <= _DEPTH:
        return soup
    depths = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depths.get(id(tag.parent), 0) + 1
    if max(depths.values()) > _DEPTH:  # nobody writes such HTML; walking through it would end the process
        return BeautifulSoup(html.escape(soup.get_text(" ")), "html.parser")
    return soup


def plain_words(words: Words) -> str:
    """A text without marks; a picture is its alternative text, a paragraph a line."""
    text = words.text.replace(BREAK, "\n")
    if not is_html(words):
        return text.strip()
    sentence = sentence_of(text)
    if sentence is not None:
        return sentence
    pieces = "".join(_pieces(soup_of(text)))
    lines = (" ".join(line.split()) for line in pieces.split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(element: Tag) -> list[str]:
    found: list[str] = []
    for child in element.children:
        if type(child) is NavigableString:
            found.append(re.sub(r"\s+", " ", str(child)))
        elif isinstance(child, Tag) and child.name not in _UNSEEN:
            inner = [str(child.get("alt", ""))] if child.name == "img" else _pieces(child)
            around = ["\n"] if child.name in _APART else []
            found += [*around, *inner, *around]
    return found
