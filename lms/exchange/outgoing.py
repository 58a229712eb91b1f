"""Our questions on their way out: Markdown as HTML that any system shows, pictures at hand, losses noted."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote, unquote, urlsplit

from bs4 import BeautifulSoup

from lms.content.question_rendering import render_question
from lms.content.structure import Question, QuestionFile
from lms.exchange.found import Loss, shortened
from lms.exchange.numerals import plain
from lms.markdown import render_block, render_inline
from lms.question_types.true_false import WORDS

HERE = "@@PLUGINFILE@@/"
_KEPT = frozenset({"href", "src", "alt", "title", "colspan", "rowspan", "start", "lang"})
# the shares that Moodle's list of marks knows; any other is refused when the file is brought in
SHARES = (100.0, 90.0, 83.33333, 80.0, 75.0, 70.0, 66.66667, 60.0, 50.0, 40.0, 33.33333, 30.0, 25.0, 20.0, 16.66667,
          14.28571, 12.5, 11.11111, 10.0, 5.0, 0.0)  # fmt: skip
Read = Callable[[str], bytes | None]


@dataclass(slots=True)
class Outgoing:
    """One question with HTML in the places of Markdown. `files` are the pictures that its texts show, by name."""

    file: QuestionFile
    source: Question
    question: Question
    files: dict[str, bytes]
    losses: list[Loss] = field(default_factory=list)

    def lose(self, what: str, why: str) -> None:
        """Note something that the other format has no place for."""
        self.losses.append(Loss(f"{self.file.path}:{self.source.line}: {self.source.id}", what, why))

    @property
    def html(self) -> str:
        """Stem and text together."""
        stem = f"<p>{self.question.stem}</p>" if self.question.stem else ""
        return stem + self.question.body

    @property
    def name(self) -> str:
        """What the question is called where it goes: the start of its words."""
        return shortened(words_of_html(self.question.stem or self.question.body), 60) or self.source.id

    def share(self, credit: float) -> float:
        """A share in per cent, as near as the list of the other system has it."""
        wanted = abs(credit) * 100
        nearest = min(SHARES, key=lambda share: abs(share - wanted))
        if abs(nearest - wanted) > 0.01:
            self.lose(
                f"a share of {wanted:.5g}%", f"Moodle's list of shares has none like it; {nearest:g}% is written."
            )
        return nearest if credit >= 0 else -nearest


def words_of_html(html: str) -> str:
    """The words of a piece of HTML in one line."""
    text = BeautifulSoup(html, "html.parser").get_text(" ") if "<" in html or "&" in html else html
    return " ".join(re.sub("[\U000f0000-\U000ffffd]", "…", text).split())


def exact(share: float) -> str:
    """A share in per cent with the five digits that Moodle's list has."""
    return f"{share:.5f}".rstrip("0").rstrip(".")


def says_false(html: str, language: str) -> bool:
    """Whether an option's words are what stands for false in a language."""
    text = words_of_html(html).rstrip(".").casefold()
    pairs = (*WORDS.get(language.split("-", maxsplit=1)[0].lower(), ()), *WORDS["en"])
    return any(text == false for _true, false in pairs)


def outgoing(file: QuestionFile, read: Read) -> Sequence[Outgoing]:
    """The questions of a file with their texts rendered. `read` gives a file of the pack, or None."""
    return [_rendered(file, question, read) for question in file.questions]


def _rendered(file: QuestionFile, source: Question, read: Read) -> Outgoing:
    here = Outgoing(file, source, source, {})
    links = _Links(here, read)
    here.question = render_question(
        source,
        lambda text: bare(render_inline(text, links, language=file.language)),
        lambda text: bare(render_block(text, links, language=file.language)),
    )
    return here


def bare(html: str) -> str:
    """HTML without what only our own pages need: classes, ids, spans, frames for scrolling."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(["span", "div"]):
        tag.unwrap()
    for tag in soup.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in _KEPT}
    return soup.decode(formatter="minimal").strip()


class _Links:
    """Pictures go along under their names; links into the pack lead nowhere from there."""

    def __init__(self, here: Outgoing, read: Read) -> None:
        self.here, self.read = here, read

    def link(self, target: str) -> str | None:
        """Addresses on the web stay."""
        if urlsplit(target).scheme in {"http", "https", "mailto", "tel"}:
            return target
        self.here.lose(f"the link to {target}", "It leads to a page of the pack; its words are kept.")
        return None

    def image(self, target: str) -> str | None:
        """A file of the pack under a name of its own."""
        if urlsplit(target).scheme in {"http", "https"}:
            return target
        folder = posixpath.dirname(self.here.file.path)
        path = posixpath.normpath(posixpath.join(folder, unquote(target.partition("#")[0])))
        content = self.read(path)
        if content is None:
            self.here.lose(f"the picture {target}", "There is no such file in the pack.")
            return None
        name = path.rpartition("/")[2]
        if self.here.files.get(name, content) != content:
            name = path.replace("/", "-")
        self.here.files[name] = content
        return HERE + quote(name)

    def embed(self, target: str) -> str | None:  # noqa: ARG002 - the protocol names it
        """Nothing is embedded."""
        return None


def files_in(html: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files that a text shows."""
    return {name: content for name, content in files.items() if HERE + quote(name) in html}


def html_of(text: str) -> str:
    """A plain text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def key_words(key: dict[str, str]) -> tuple[str, str]:
    """A number key `{"low", "high"}` as a middle and what it may be off by."""
    low, high = Decimal(key["low"]), Decimal(key["high"])
    return plain((low + high) / 2), plain((high - low) / 2)
