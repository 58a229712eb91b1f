"""All texts of one course as HTML, each rendered once, with what the checker wants to know about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.content.questions import render_question
from lms.content.structure import Course, Lesson, LessonText, Question, QuestionFile
from lms.content.targets import PageLinks, Target, Targets
from lms.markdown import Links, Rendered, render, render_block, render_inline

_MARKED = re.compile(r"[<>&*_`\[\]\\~@|{}$^\n\t]|://|www\.|  ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """One text in one language. Lines in `rendered` count from `first_line` of the file."""

    path: str
    language: str
    first_line: int
    rendered: Rendered
    links: PageLinks

    def line(self, line: int) -> int:
        """The line in the file of a line in the text."""
        return line + self.first_line - 1 if line else 0


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A question file in all its languages, texts as HTML. `links` has the links of each language."""

    file: QuestionFile
    questions: dict[str, dict[str, Question]]
    introductions: dict[str, str]
    links: dict[str, PageLinks]


@dataclass(slots=True)
class RenderedCourse:
    """A course with its pages as HTML. `aside` are the pages outside the order that a link was found to."""

    course: Course
    targets: Targets
    has_colours: bool = True
    fronts: dict[str, RenderedPage] = field(default_factory=dict)
    lessons: dict[str, dict[str, RenderedPage]] = field(default_factory=dict)
    aside: list[Lesson] = field(default_factory=list)
    files: dict[str, RenderedFile] = field(default_factory=dict)

    def pages(self) -> Iterator[RenderedPage]:
        """All pages, front page first."""
        yield from self.fronts.values()
        for pages in self.lessons.values():
            yield from pages.values()

    def all_links(self) -> Iterator[PageLinks]:
        """The links of all pages and question files."""
        for page in self.pages():
            yield page.links
        for file in self.files.values():
            yield from file.links.values()


class _NoEmbeds:
    """The same links, nothing embedded: a front page holds no questions."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def link(self, target: str) -> str | None:
        """Ask the links given."""
        return self._links.link(target)

    def image(self, target: str) -> str | None:
        """Ask the links given."""
        return self._links.image(target)

    def embed(self, target: str) -> str | None:
        """Ask where it leads, for the record, and embed nothing."""
        self._links.link(target)
        return None


def render_course(course: Course, targets: Targets, *, has_colours: bool = True) -> RenderedCourse:
    """Render the front page, the lessons, the pages that they link to, and the question files they use.

    Without colours in code it is faster: enough for a check, not for publishing.
    """
    result = RenderedCourse(course, targets, has_colours)
    for language, text in course.texts.items():
        path = course.index.get(language, "")
        if text.text.strip():
            links = PageLinks(targets, course, path)
            rendered = render(text.text, _NoEmbeds(links), language=language, has_colours=has_colours)
            result.fronts[language] = RenderedPage(path, language, text.first_line, rendered, links)
    for lesson in course.lessons:
        _render_lesson(result, lesson)
    _render_aside(result)
    for file in used_files(result):
        result.files[file.id] = _render_file(result, file)
    _render_aside(result)
    return result


def _render_lesson(result: RenderedCourse, lesson: Lesson) -> None:
    texts = (lesson.source, *lesson.translations.values())
    result.lessons[lesson.id] = {text.language: _render_text(result, text) for text in texts}


def _render_text(result: RenderedCourse, text: LessonText) -> RenderedPage:
    links = PageLinks(result.targets, result.course, text.path)
    rendered = render(text.text, links, language=text.language, has_colours=result.has_colours)
    return RenderedPage(text.path, text.language, text.first_line, rendered, links)


def _render_aside(result: RenderedCourse) -> None:
    """Render the pages outside the order that are linked to, and those that these link to."""
    waiting = {
        text.path: lesson for lesson in result.course.aside for text in (lesson.source, *lesson.translations.values())
    }
    done: set[str] = {lesson.id for lesson in result.aside}
    queue = list(result.all_links())
    while queue:
        for target in queue.pop().seen.values():
            lesson = waiting.get(target.path) if target.kind == "page" else None
            if lesson and lesson.id not in done:
                done.add(lesson.id)
                result.aside.append(lesson)
                _render_lesson(result, lesson)
                queue.extend(page.links for page in result.lessons[lesson.id].values())


def used_files(result: RenderedCourse) -> list[QuestionFile]:
    """The question files that the course shows: practice of its lessons, what links name, the exam."""
    targets, course = result.targets, result.course
    paths = dict.fromkeys(lesson.practice for lesson in course.lessons if lesson.practice)
    for page in result.pages():
        found: list[Target] = [target for target in page.links.seen.values() if target.embed]
        paths.update(dict.fromkeys(target.path for target in found))
    if course.exam:
        paths[course.exam] = None
    return [targets.question_files[path] for path in paths if path in targets.question_files]


def _render_file(result: RenderedCourse, file: QuestionFile) -> RenderedFile:
    rendered = RenderedFile(file, {}, {}, {})
    for each in (file, *file.translations.values()):
        links = PageLinks(result.targets, result.course, each.path)
        language = each.language

        def inline(text: str, links: PageLinks = links, language: str = language) -> str:
            return _inline(text, links, language)

        def block(text: str, links: PageLinks = links, language: str = language) -> str:
            return render_block(text, links, language=language)

        rendered.links[language] = links
        rendered.introductions[language] = block(each.introduction) if each.introduction.strip() else ""
        for question in each.questions:
            rendered.questions.setdefault(question.id, {})[language] = render_question(question, inline, block)
    return rendered


def _inline(text: str, links: PageLinks, language: str) -> str:
    """One line as HTML. Most options are plain words, which need no Markdown: that halves a pack's time."""
    return render_inline(text, links, language=language) if _MARKED.search(text) else text.strip()
