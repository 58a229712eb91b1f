"""Texts of other systems as our Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bs4.element import PageElement, Tag
from markdownify import BACKSLASH, MarkdownConverter

from lms.exchange.escaping import escaped, opened
from lms.exchange.found import BREAK, Words
from lms.exchange.luggage import Luggage
from lms.exchange.plain import is_html, sentence_of, soup_of

_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var",
    }
)  # fmt: skip
_SPACES = re.compile(r"[ \xa0]+")
_GAP = re.compile("[\ue100-\uf8ff]")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")
_HEADING = re.compile(r"^( {0,3})#{1,2}(?=\s)")
_BULLET = re.compile(r"^( {0,3})[-+](?=\s)")
_OPTIONS: dict[str, Any] = MarkdownConverter(
    heading_style="atx",
    bullets="*",
    autolinks=False,
    sub_symbol="<sub>",
    sup_symbol="<sup>",
    newline_style=BACKSLASH,
    keep_inline_images_in=["td", "th"],
    wrap=True,
    wrap_width=None,
).options
_LINKED = re.compile(r"(!?)\[([^\[\]\n]*+)\]\(\s*+<?((?:[^()\s>]++|\([^()\s>]*+\))++)>?((?:\s++\"[^\"\n]*+\")?+)\s*+\)")


def markdown_of(words: Words, luggage: Luggage, *, is_part: bool = False) -> str:
    """The text as Markdown of one or more blocks. As a part of a list's item it has no quotes of its own."""
    if words.form == "markdown":
        return _as_written(words, luggage)
    if is_html(words):
        text = words.text
        if words.form == "moodle":
            text = re.sub(rf"{BREAK}{{2,}}", "<p></p>", text).replace(BREAK, "<br>")
        return html_as_markdown(text.replace(BREAK, "\n"), words.files, luggage, is_part=is_part)
    return _tidy(_paragraphs(words.text))


def html_as_markdown(text: str, files: Mapping[str, bytes], luggage: Luggage, *, is_part: bool = False) -> str:
    """HTML with these files as Markdown; what is only a sentence gets no parser."""
    sentence = sentence_of(text)
    if sentence is not None:
        return _tidy(opened(escaped(sentence)))
    return _tidy(_Pen(luggage, files, is_part=is_part).convert_soup(soup_of(text)))


def _paragraphs(text: str) -> str:
    """Plain text: blank lines and doubled breaks part paragraphs, single breaks of the file mean nothing."""
    blocks = re.split(rf"\n[ \t]*\n|{BREAK}\s*{BREAK}", text)
    return "\n\n".join("\\\n".join(_line(line) for line in block.strip(f"{BREAK}\n ").split(BREAK)) for block in blocks)


def _line(text: str) -> str:
    return opened(escaped(" ".join(text.split())))


def _tidy(text: str) -> str:
    """Without white space that says nothing, outside fences."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and line.strip() == fence else fence
        elif mark:
            fence = mark[1]
        else:
            line = line.rstrip(" \t")  # noqa: PLW2901 - the line as it is kept
        if line or fence or (lines and lines[-1]):
            lines.append(line)
    return _without_last_breaks("\n".join(lines)).strip("\n")


def _without_last_breaks(text: str) -> str:
    """Breaks at the end break nothing; a backslash that is text is one of a pair."""
    text = text.rstrip()
    while (len(text) - len(text.rstrip("\\"))) % 2:
        text = text[:-1].rstrip()
    return text


def _as_written(words: Words, luggage: Luggage) -> str:
    """Markdown as it came: its headings below ours, its bullets apart from the answers, its files in their place."""
    lines, fence = [], ""
    for line in words.text.replace(BREAK, "\n").split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and line.strip() == fence else fence
        elif mark:
            fence = mark[1]
        else:
            line = _HEADING.sub(r"\1###", _BULLET.sub(r"\1*", line)).replace("[[", "\\[\\[")  # noqa: PLW2901
        lines.append(line)

    def linked(match: re.Match[str]) -> str:
        is_picture, text, target, title = bool(match[1]), match[2], match[3], match[4]
        address = luggage.address(target, words.files, is_shown=is_picture)
        if is_picture and not text.strip():
            _without_words(luggage)
        return f"{match[1]}[{text}]({address}{title})" if address else text

    return _tidy(_LINKED.sub(linked, "\n".join(lines)))


def _without_words(luggage: Luggage) -> None:
    why = "Write what the picture shows between the square brackets of `![](…)`."
    luggage.lose("a picture without alternative text: who does not see it gets nothing", why)


class _Pen(MarkdownConverter):  # type: ignore[misc]  # it comes without usable types
    """markdownify with our rules: few escapes, headings below ours, files put aside, gaps kept answerable."""

    def __init__(self, luggage: Luggage, files: Mapping[str, bytes], *, is_part: bool) -> None:
        self.options: dict[str, Any] = _OPTIONS  # made once: to make them takes longer than most texts
        self.convert_fn_cache: dict[str, Any] = {}
        self.luggage, self.files, self.is_part = luggage, files, is_part

    def convert_soup(self, soup: Any) -> str:
        """The Markdown; bold beside bold is one."""
        text: str = super().convert_soup(soup)
        return text.replace("****", "")

    def escape(self, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        """Our few escapes."""
        return escaped(_SPACES.sub(_space, text))

    def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:
        """The text; at the start of a line its first sign must not begin a block."""
        text: str = super().process_text(el, parent_tags=parent_tags)
        is_code = parent_tags is not None and "_noformat" in parent_tags
        return opened(text) if not is_code and _begins_line(el) else text

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: N802 - its name there
        """A heading below ours."""
        return str(super().convert_hN(max(3, n), el, text, parent_tags))

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A link, if it leads somewhere."""
        target = str(el.get("href") or "")
        address = self.luggage.address(target, self.files, is_shown=False) if target else ""
        if not address or "_noformat" in parent_tags or not text.strip():
            return text
        return f"[{text.strip()}]({address})" + (" " if text[-1:].isspace() else "")

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        """A picture beside the question file."""
        words = " ".join(str(el.get("alt") or "").split())
        address = self.luggage.address(str(el.get("src") or ""), self.files, is_shown=True)
        if not address:
            return escaped(words or str(el.get("src") or "").partition("?")[0].rpartition("/")[2][:60])
        if not words:
            _without_words(self.luggage)
        shown = escaped(words).replace("]", "\\]")
        return f"![{shown}]({address})"

    def _film(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        inside = (el, *el.find_all("source"))
        source = next((str(each.get("src")) for each in inside if each.get("src")), "")
        address = self.luggage.address(source, self.files, is_shown=False) if source else ""
        name = source.partition("?")[0].rpartition("/")[2]
        return f"[{escaped(str(el.get('title') or name))}]({address})" if address else text

    convert_video = convert_audio = _film

    def _frame(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        source = str(el.get("src") or el.get("data") or "")
        address = self.luggage.address(source, self.files, is_shown=False) if source else ""
        self.luggage.lose(f"a frame that shows {source or 'something'}", "Other sites are not shown inside; a link is.")
        return f"[{escaped(str(el.get('title') or source))}]({address})" if address else text

    convert_iframe = convert_object = convert_embed = _frame

    def convert_svg(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        """A drawing inside the text has no place in Markdown."""
        self.luggage.lose("a drawing inside the text (SVG)", "Save it as a file and show it as a picture.")
        return ""

    def convert_math(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        """A formula as the text it was made of, if that came along."""
        source = el.find("annotation")
        self.luggage.lose("a formula in MathML", "It is kept as text. See whether it can still be read.")
        return escaped(source.get_text()) if source else " ".join(text.split())

    def convert_annotation(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        """Shown by the formula that it belongs to."""
        return ""

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A break; in code a line, where there are no lines a space."""
        if "pre" in parent_tags:
            return "\n" + text
        if "_noformat" in parent_tags:
            return " " + text
        return str(super().convert_br(el, text, parent_tags))

    def convert_code(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Code; what has a gap in it cannot stay code."""
        if _GAP.search(text) and "pre" not in parent_tags:
            return escaped(text)
        return str(super().convert_code(el, text, parent_tags))

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - markdownify's form
        """A fence that is longer than any in the code; one with gaps says so."""
        if not text.strip():
            return ""
        fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
        names = [name for tag in (el, *el.find_all("code")) for name in tag.get("class") or ()]
        language = next((name[9:] for name in names if re.fullmatch(r"language-[\w+#-]{1,20}", name)), "")
        info = f"{language} gaps".strip() if _GAP.search(text) else language
        body = re.sub(r"\A(?:[ ]*\n)+", "", text).rstrip(" \n")
        return f"\n\n{fence}{info}\n{body}\n{fence}\n\n"

    def convert_blockquote(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A quote; at the end of an option it would be its feedback, so there it is a paragraph."""
        if self.is_part:
            return f"\n\n{text.strip()}\n\n"
        return "\n" + str(super().convert_blockquote(el, text, parent_tags))

    def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A cell whose bars are text."""
        return str(super().convert_td(el, re.sub(r"(?<!\\)\|", r"\\|", text), parent_tags))

    convert_th = convert_td

    def _apart(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return str(super().convert_div(el, text, parent_tags))

    convert_center = convert_details = convert_summary = convert_figure = convert_fieldset = convert_main = _apart
    convert_header = convert_footer = convert_aside = convert_nav = convert_address = convert_form = _apart


def _space(match: re.Match[str]) -> str:
    """One space for many, but at the start of a line, where they may be the indent of code."""
    is_indent = match.start() == 0 and match[0].count("\xa0") > 1 and match.end() < len(match.string)
    return "\xa0" * len(match[0]) if is_indent else " "


def _begins_line(element: PageElement) -> bool:
    """Whether only what leaves no mark stands between an element and the start of its line."""
    while True:
        before = element.previous_sibling
        if before is not None:
            return isinstance(before, Tag) and before.name not in _INLINE
        parent = element.parent
        if parent is None or parent.name not in _INLINE or parent.name in {"a", "code"}:
            return True
        element = parent
