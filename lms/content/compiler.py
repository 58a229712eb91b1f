"""A parsed course becomes a `CompiledCourse`: every text safe HTML, every link a URL. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lms.content.compiled import (
    CompiledCourse,
    CompiledLesson,
    CompiledQuiz,
    CoursePage,
    LessonPage,
    Media,
    Part,
    TocEntry,
)
from lms.content.estimates import MINUTES_A_QUESTION, WORDS_A_MINUTE, course_estimate
from lms.content.rendering import RenderedCourse, RenderedFile, RenderedPage, render_course
from lms.content.structure import Course, Lesson, Pack, Problem, Question
from lms.content.targets import Targets
from lms.markdown import ANCHOR_PREFIX, Embed

_FIRST_HEADING = re.compile(r"\s*<h1\b(?:[^>]*?\bid=\"([^\"]*)\")?[^>]*>.*?</h1>\s*", re.DOTALL)


def compile_course(
    course: Course, pack: Pack, files: Mapping[str, bytes]
) -> tuple[CompiledCourse, tuple[Problem, ...]]:
    """Compile one course of a pack. The problems are the links to questions that do not exist.

    `checker.check_pack` compiles all courses and finds everything else.
    """
    rendered = render_course(course, Targets(pack, files))
    return assemble(rendered), broken_embeds(rendered)


def broken_embeds(rendered: RenderedCourse) -> tuple[Problem, ...]:
    """Links to questions that are not in their file."""
    fix = "Use an id that stands in braces after a `## ` heading of that file."
    return tuple(
        Problem(page.path, page.line(link.line), "error", "question-link-broken",
                f"There is no question `{target.fragment}` in {target.path}.", fix)
        for page in rendered.pages()
        for link in page.rendered.links
        if (target := page.links.seen.get(link.target)) and target.kind == "no-question"
    )  # fmt: skip


@dataclass(slots=True)
class _Assembly:
    """What is gathered on the way from rendered pages to a compiled course."""

    rendered: RenderedCourse
    placed: set[str] = field(default_factory=set)
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def course(self) -> Course:
        return self.rendered.course

    def is_quiz(self, file: RenderedFile) -> bool:
        return self.rendered.targets.is_quiz(file.file)

    def keys_of(self, embed: str) -> tuple[tuple[str, ...], str]:
        """What an embedded link shows: keys of practice questions, or the id of a quiz."""
        kind, _, name = embed.partition(":")
        if kind == "quiz":
            return (), name
        if kind == "question":
            return (name,), ""
        file = self.rendered.files.get(name)
        return (tuple(f"{name}#{question.id}" for question in file.file.questions) if file else ()), ""


def assemble(rendered: RenderedCourse) -> CompiledCourse:
    """The compiled course of rendered pages."""
    work = _Assembly(rendered)
    course = rendered.course
    for lesson in course.lessons:
        for part in _source_page(work, lesson).rendered.parts:
            if isinstance(part, Embed):
                work.placed.update(work.keys_of(part.key)[0])
    lessons = tuple(_lesson(work, lesson) for lesson in course.lessons)
    aside = tuple(_lesson(work, lesson, listed=False) for lesson in rendered.aside)
    quizzes = {file.file.id: _quiz(file) for file in rendered.files.values() if work.is_quiz(file)}
    exam = rendered.targets.question_files[course.exam].id if course.exam in rendered.targets.question_files else ""
    compiled = CompiledCourse(
        id=course.id,
        digest=_digest(rendered),
        language=course.language,
        pages=_course_pages(work),
        hours=course.hours,
        needs_approval=course.needs_approval,
        aligns=course.aligns,
        topics=course.topics,
        requires=course.requires,
        courses=course.courses,
        exam=exam,
        complete=course.complete,
        certificate=course.certificate,
        prior_learning=course.prior_learning,
        parties=course.parties,
        partners=course.partners,
        co_issuers=course.co_issuers,
        modules=course.modules,
        lessons=lessons,
        aside=aside,
        quizzes=quizzes,
        questions=_questions(rendered, lessons, aside, quizzes),
        media=_media(rendered),
    )
    return replace(compiled, estimate=course_estimate(compiled, sum(lesson.minutes for lesson in course.lessons)))


def _source_page(work: _Assembly, lesson: Lesson) -> RenderedPage:
    return work.rendered.lessons[lesson.id][lesson.source.language]


def _lesson(work: _Assembly, lesson: Lesson, *, listed: bool = True) -> CompiledLesson:
    pages = work.rendered.lessons[lesson.id]
    parts = _with_rest(work, lesson, _parts(work, pages[lesson.source.language]), listed=listed)
    keys = tuple(part.question for part in parts if part.question)
    quizzes = tuple(part.quiz for part in parts if part.quiz)
    texts = {lesson.source.language: lesson.source, **lesson.translations}
    compiled = {}
    for language, text in texts.items():
        own = parts if text is lesson.source else _completed(_parts(work, pages[language]), keys, quizzes)
        compiled[language] = LessonPage(
            title=text.title,
            summary=text.summary,
            parts=_without_title(own, text.title, pages[language]),
            toc=_toc(pages[language]),
            words=pages[language].rendered.words,
            minutes=round(
                pages[language].rendered.words / WORDS_A_MINUTE + MINUTES_A_QUESTION * len(keys) + lesson.minutes, 1
            ),
        )
    return CompiledLesson(
        id=lesson.id,
        path=lesson.path,
        module=lesson.module[-1] if lesson.module else "",
        pages=compiled,
        questions=keys,
        quizzes=quizzes,
        topics=lesson.topics,
        optional=lesson.optional,
        valid_as_of=lesson.valid_as_of,
        sources=lesson.sources,
        was=lesson.was,
    )


def _parts(work: _Assembly, page: RenderedPage) -> tuple[Part, ...]:
    """A page's HTML and embeds; what a page already shows is not shown twice."""
    parts: list[Part] = []
    seen: set[str] = set()
    for part in page.rendered.parts:
        if not isinstance(part, Embed):
            parts.append(Part(html=part))
            continue
        keys, quiz = work.keys_of(part.key)
        if quiz and quiz not in seen:
            parts.append(Part(quiz=quiz))
        parts.extend(Part(question=key) for key in keys if key not in seen)
        seen.update((*keys, quiz))
    return tuple(parts)


def _with_rest(work: _Assembly, lesson: Lesson, parts: tuple[Part, ...], *, listed: bool) -> tuple[Part, ...]:
    """The parts and, at the end, the practice of the lesson that no link placed."""
    own = work.rendered.targets.question_files.get(lesson.practice) if listed else None
    if own is None:
        return parts
    if work.rendered.targets.is_quiz(own):
        is_there = own.path == work.course.exam or any(part.quiz == own.id for part in parts)
        return parts if is_there else (*parts, Part(quiz=own.id))
    keys = (f"{own.id}#{question.id}" for question in own.questions)
    return (*parts, *(Part(question=key) for key in keys if key not in work.placed))


def _completed(parts: tuple[Part, ...], keys: Iterable[str], quizzes: Iterable[str]) -> tuple[Part, ...]:
    """A translation's parts, with the questions and quizzes that it left out."""
    here = {part.question for part in parts} | {part.quiz for part in parts}
    rest = [Part(question=key) for key in keys if key not in here]
    return (*parts, *rest, *(Part(quiz=quiz) for quiz in quizzes if quiz not in here))


def _without_title(parts: tuple[Part, ...], title: str, page: RenderedPage) -> tuple[Part, ...]:
    """The parts without a first heading that repeats the title, which stands on the page anyway; its anchor stays."""
    first = page.rendered.headings[0] if page.rendered.headings else None
    if not parts or first is None or first.level != 1 or first.title.casefold() != title.casefold():
        return parts
    match = _FIRST_HEADING.match(parts[0].html)
    if match is None:
        return parts
    anchor = f'<span id="{match[1]}"></span>' if match[1] else ""
    html = anchor + parts[0].html[match.end() :]
    return ((Part(html=html),) if html else ()) + parts[1:]


def _toc(page: RenderedPage) -> tuple[TocEntry, ...]:
    return tuple(
        TocEntry(heading.level, ANCHOR_PREFIX + heading.id, heading.title)
        for heading in page.rendered.headings
        if heading.level in (2, 3) and heading.title
    )


def _quiz(file: RenderedFile) -> CompiledQuiz:
    languages = (file.file, *file.file.translations.values())
    return CompiledQuiz(
        id=file.file.id,
        path=file.file.path,
        titles={each.language: each.title for each in languages},
        introductions=file.introductions,
        settings=file.file.settings,
        questions=tuple(f"{file.file.id}#{question.id}" for question in file.file.questions),
    )


def _questions(
    rendered: RenderedCourse,
    lessons: tuple[CompiledLesson, ...],
    aside: tuple[CompiledLesson, ...],
    quizzes: Mapping[str, CompiledQuiz],
) -> dict[str, dict[str, Question]]:
    """All questions that the course can show, by key and language."""
    wanted = {key for lesson in (*lessons, *aside) for key in lesson.questions}
    wanted.update(key for quiz in quizzes.values() for key in quiz.questions)
    found: dict[str, dict[str, Question]] = {}
    for file in rendered.files.values():
        for name, languages in file.questions.items():
            key = f"{file.file.id}#{name}"
            if key in wanted:
                found[key] = {language: replace(question, key=key) for language, question in languages.items()}
    return found


def _course_pages(work: _Assembly) -> dict[str, CoursePage]:
    course, fronts = work.course, work.rendered.fronts
    source = course.texts[course.language]
    printed = course.certificate.title if course.certificate else ""
    pages = {}
    for language, text in course.texts.items():
        html = ""
        if language in fronts:
            parts = _without_title(_parts(work, fronts[language]), text.title, fronts[language])
            html = "".join(part.html for part in parts)
        pages[language] = CoursePage(
            title=text.title,
            summary=text.summary or source.summary,
            html=html,
            outcomes={key: text.outcomes.get(key, words) for key, words in source.outcomes.items()},
            certificate_title=text.certificate_title or printed,
            actions={key: text.actions.get(key, words) for key, words in source.actions.items()},
            organisation_title=text.organisation_title or source.organisation_title,
            mandate={key: text.mandate.get(key, words) for key, words in source.mandate.items()},
            evidence={key: text.evidence.get(key, words) for key, words in source.evidence.items()},
        )
    return pages


def _media(rendered: RenderedCourse) -> dict[str, Media]:
    """The files that pages and questions show or link to, and the certificate's logo: nothing else is ever served."""
    targets = [target for links in rendered.all_links() for target in links.seen.values()]
    paths = {target.path for target in targets if target.kind == "media"}
    award = rendered.course.certificate
    if award is not None and award.look.logo in rendered.course.files:
        paths.add(award.look.logo)
    return {path: rendered.targets.media(path) for path in sorted(paths)}


def source_paths(rendered: RenderedCourse) -> tuple[str, ...]:
    """Every file that a course was made from: its texts, question files, banks, media and order file."""
    paths = {*rendered.course.index.values(), rendered.course.order_file}
    paths.update(links.path for links in rendered.all_links())
    paths.update(_media(rendered))
    return tuple(sorted(path for path in paths if path in rendered.targets.sources.files))


def _digest(rendered: RenderedCourse) -> str:
    """A hex SHA-256 over the course's id and every file that it was made from."""
    course, files = rendered.course, rendered.targets.sources.files
    total = hashlib.sha256(f"{course.id}\0{course.path}\0".encode())
    for path in source_paths(rendered):
        total.update(f"{len(path.encode())}:{path}:".encode() + hashlib.sha256(files[path]).digest())
    return total.hexdigest()
