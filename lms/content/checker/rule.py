"""What a rule is, and what it is given to look at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lms.content.checker.prose import Sentence, sentences
from lms.content.compiled import CompiledCourse
from lms.content.rendering import RenderedCourse, RenderedPage
from lms.content.structure import Course, Pack, Problem, QuestionFile, Severity
from lms.content.targets import PageLinks, Target, Targets


class Found(NamedTuple):
    """A place where a rule is broken. Without a `fix` of its own the rule's fix is shown."""

    file: str
    line: int
    message: str
    fix: str = ""


class Link(NamedTuple):
    """A link or image as written, where it stands, and where it leads. `text` is None if it is not known."""

    file: str
    line: int
    written: str
    target: Target
    is_image: bool
    text: str | None


class PageText(NamedTuple):
    """What people read of a lesson or front page in one language; lines are those of the file."""

    file: str
    language: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class CheckedCourse:
    """A course in its three forms."""

    course: Course
    rendered: RenderedCourse
    compiled: CompiledCourse

    @property
    def index(self) -> str:
        """The path of its front page."""
        return self.course.index.get(self.course.language, self.course.path)

    def line(self, *key: str | int) -> int:
        """The line of a key in the front page's front matter; 0 if there is none."""
        page = self.rendered.targets.sources.page(self.index)
        return page.lines.get(key, page.lines.get(key[:1], 0))


@dataclass(frozen=True, slots=True)
class Check:
    """A pack as the rules see it.

    `earlier` has, by course, the lesson ids and question keys that were published before; `owners` the pack to
    which a course id belongs; `name` is this pack's own name. `today` is the day against which dates are held; without
    one no date is overdue. `only` is the path of the one file that is looked at, if it is only one.
    """

    pack: Pack
    targets: Targets
    courses: tuple[CheckedCourse, ...]
    name: str = ""
    earlier: Mapping[str, Collection[str]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    texts: tuple[PageText, ...] = ()
    today: date | None = None
    only: str = ""

    def question_files(self) -> Iterator[QuestionFile]:
        """Every question file in its source language, once; of one file's check, that file."""
        if self.only:
            file = self.targets.question_files.get(self.only)
            yield from (file,) if file else ()
            return
        yield from {file.path: file for file in self.targets.question_files.values()}.values()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `bad` is a small pack that breaks it at `file` and `line`, `good` the same pack mended.

    `why` and `fix` are sentences for the manual, `based_on` names the standard or paper behind the rule. `earlier`,
    `owners` and `today` go with both examples. `mend` gives the text of the file without the problem; a rule has one
    only if that needs no decision.
    """

    id: str
    severity: Severity
    why: str
    fix: str
    bad: Mapping[str, str]
    good: Mapping[str, str]
    file: str
    line: int
    check: Callable[[Check], Iterable[Found]] | None = None
    earlier: Mapping[str, Collection[str]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    today: date | None = None
    based_on: str = ""
    mend: Callable[[str, Problem], str] | None = None


def texts_of(courses: Iterable[CheckedCourse]) -> Iterator[PageText]:
    """The sentences of every front page and lesson in each language, once for each file."""
    seen = set()
    for each in courses:
        fronts = (
            (each.course.index.get(tag, ""), tag, text.text, text.first_line) for tag, text in each.course.texts.items()
        )
        lessons = (
            (text.path, text.language, text.text, text.first_line)
            for lesson in each.course.lessons
            for text in (lesson.source, *lesson.translations.values())
        )
        for path, language, text, first_line in (*fronts, *lessons):
            if path and path not in seen:
                seen.add(path)
                found = (sentence._replace(line=sentence.line + first_line - 1) for sentence in sentences(text))
                yield PageText(path, language, tuple(found))


def links_of(courses: Iterable[CheckedCourse]) -> Iterator[Link]:
    """Every link and image of pages and question files, once for each place."""
    for each in courses:
        for page in each.rendered.pages():
            yield from _links_of_page(page)
        for file in each.rendered.files.values():
            for links in file.links.values():
                yield from _links_by_text(links, links.seen)


def _links_of_page(page: RenderedPage) -> Iterator[Link]:
    known = set()
    for found, is_image in ((page.rendered.links, False), (page.rendered.images, True)):
        for link in found:
            known.add(link.target)
            target = page.links.resolve(link.target)
            yield Link(page.path, page.line(link.line), link.target, target, is_image, link.text)
    yield from _links_by_text(page.links, {written for written in page.links.seen if written not in known})


def _links_by_text(links: PageLinks, written: Iterable[str]) -> Iterator[Link]:
    """Links whose line the renderer does not tell: it is where the target first stands in the file."""
    text = ""
    for each in written:
        text = text or links.targets.sources.text(links.path)
        place = text.find(each)
        line = text.count("\n", 0, place) + 1 if place >= 0 else 0
        yield Link(links.path, line, each, links.seen[each], is_image=False, text=None)
