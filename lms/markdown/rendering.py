"""Text to safe HTML: Python-Markdown with GitHub's block structure, then the sanitiser, then our insertions."""

from __future__ import annotations

import re
import threading
from operator import attrgetter
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from pymdownx.betterem import BetterEmExtension
from pymdownx.tilde import DeleteSubExtension

from lms.markdown.facts import EMBED
from lms.markdown.finishing import Finish
from lms.markdown.inline import register
from lms.markdown.inline_reading import register_reading
from lms.markdown.links import Links, PlainLinks
from lms.markdown.page import LINE, Page
from lms.markdown.reader import Reader
from lms.markdown.result import Embed, Rendered
from lms.markdown.safety import Insertions, clean
from lms.markdown.shallow import Shallow
from lms.markdown.tree import TreeBuilder, readable

if TYPE_CHECKING:
    from collections.abc import Iterable

RENDERER = 3
PLAIN = PlainLinks()
EMBED_MARK = re.compile(rf'<hr class="{EMBED}([0-9]+)">')
WRAPPERS = re.compile(r"</?(?:raw-html|tight-text|odd-tag)>")
OURS = threading.local()
by_line = attrgetter("line")


class GitHubParser(BlockParser):
    """Python-Markdown's place for a block parser, filled with GitHub's rules."""

    page: Page

    def parseDocument(self, lines: Iterable[str]) -> ElementTree[Element | None]:  # noqa: N802  # Python-Markdown's name
        """The elements of a text, inline markup still unread."""
        lines = list(lines)
        if self.page.is_inline:
            root = Element(self.md.doc_tag)
            SubElement(root, "p", {LINE: "1"}).text = readable(" ".join(lines).strip(), 1, self.page)
            return ElementTree(root)
        if lines and not lines[-1]:
            lines.pop()
        reader = Reader()
        document = reader.read(lines)
        self.md.references.update(reader.references)
        builder = TreeBuilder(self.md, self.page)
        root = builder.build(document, self.md.doc_tag)
        self.page.footnotes.update({note.info.lower(): str(note.line) for note in builder.notes})
        return ElementTree(root)


class GitHub(Extension):
    """Makes Python-Markdown behave as Git hosts do."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Python-Markdown's name
        """Replace the parts that read another Markdown."""
        md.preprocessors.deregister("html_block")
        md.preprocessors.deregister("normalize_whitespace")
        md.treeprocessors.deregister("prettify")
        md.parser = GitHubParser(md)
        self.marks = register(md)
        self.finish = Finish(md)
        md.treeprocessors.register(self.finish, "finish", -10)
        register_reading(md)
        md.treeprocessors.register(Shallow(md), "shallow", 10)


class Machine:
    """One Markdown instance with the parts that must know the page. It belongs to one thread."""

    def __init__(self) -> None:
        self.github = GitHub()
        self.md = Markdown(
            extensions=[BetterEmExtension(), DeleteSubExtension(subscript=False), self.github], tab_length=4
        )

    def convert(self, text: str, page: Page) -> str:
        """HTML that is not safe yet."""
        self.md.reset()
        parser = self.md.parser
        assert isinstance(parser, GitHubParser)
        parser.page = page
        self.github.marks.page = page
        self.github.finish.page = page
        return WRAPPERS.sub("", self.md.convert(text))


def machine() -> Machine:
    """This thread's own instance."""
    if not hasattr(OURS, "machine"):
        OURS.machine = Machine()
    found: Machine = OURS.machine
    return found


def normalised(text: str) -> str:
    """Text with plain line ends and without characters that no text needs."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x00", "\ufffd").replace("\x02", "").replace("\x03", "")


def produce(text: str, page: Page) -> str:
    """Safe HTML of a text, what was found kept in the page."""
    source = machine().convert(normalised(text), page)
    return Insertions(page).run(clean(source, is_inline=page.is_inline))


def render(text: str, links: Links = PLAIN, *, language: str = "en", has_colours: bool = True) -> Rendered:
    """A lesson's text as safe HTML with its facts. `language` is the text's own. Never raises for any text.

    Code without colours takes a third less time, for those who want the facts only.
    """
    page = Page(links, language, has_colours=has_colours)
    html = produce(text, page)
    pieces = EMBED_MARK.split(html)
    parts: list[str | Embed] = []
    for place, piece in enumerate(pieces):
        if place % 2:
            parts.append(Embed(page.embeds[int(piece)]))
        elif piece.strip():
            parts.append(piece)
    return Rendered(
        tuple(parts),
        tuple(page.headings),
        tuple(sorted(page.links, key=by_line)),
        tuple(sorted(page.images, key=by_line)),
        tuple(sorted(page.oddities, key=by_line)),
        page.words,
        page.code_blocks,
        page.tables,
    )


def render_block(text: str, links: Links = PLAIN, *, language: str = "en") -> str:
    """A small text of blocks (feedback, explanation) as safe HTML; nothing in it is embedded."""
    return render(text, Unembedded(links), language=language).html


def render_inline(text: str, links: Links = PLAIN, *, language: str = "en") -> str:
    """One line (a heading, an option) as safe inline HTML without a paragraph around it."""
    return produce(text, Page(Unembedded(links), language, is_inline=True)).strip()


class Unembedded:
    """The same links, but nothing embedded."""

    def __init__(self, links: Links) -> None:
        self.links = links

    def link(self, target: str) -> str | None:
        """Ask the links given."""
        return self.links.link(target)

    def image(self, target: str) -> str | None:
        """Ask the links given."""
        return self.links.image(target)

    def embed(self, target: str) -> str | None:  # noqa: ARG002  # the protocol names it
        """Return None: nothing is embedded here."""
        return None
