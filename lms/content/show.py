"""What was understood in a pack, for programs and for people."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lms.content.checker.checking import Report
from lms.content.checker.rule import CheckedCourse
from lms.content.compiled import CompiledCourse, CompiledLesson, CompiledQuiz, Part
from lms.content.compiler import assemble
from lms.content.parser import parse_pack
from lms.content.rendering import RenderedPage, render_course
from lms.content.structure import Course, Json, Lesson, Problem, Question, QuestionFile
from lms.content.targets import Targets
from lms.plugins import QuestionType

_IN_A_BROWSER_OR_MAIL = frozenset({"external", "unsafe", "template"})


def as_json(report: Report) -> dict[str, Json]:
    """Courses, banks (every question file is one) and problems, as plain JSON."""
    files = [*report.pack.banks, *(file for course in report.pack.courses for file in course.question_files)]
    return {
        "courses": [_course(each) for each in report.courses],
        "banks": [_bank(file) for file in files],
        "problems": [problem_as_json(problem) for problem in report.problems],
    }


def problem_as_json(problem: Problem) -> dict[str, Json]:
    """A problem with the names of its fields."""
    return {key: getattr(problem, key) for key in ("file", "line", "severity", "rule", "message", "fix")}


def _course(each: CheckedCourse) -> dict[str, Json]:
    course = each.course
    pairs = zip(course.lessons, each.compiled.lessons, strict=True)
    return {
        "id": course.id,
        "title": course.texts[course.language].title,
        "language": course.language,
        "hours": course.hours,
        "order_by": course.order_by,
        "lessons": [_lesson(each, lesson, compiled) for lesson, compiled in pairs],
    }


def _lesson(each: CheckedCourse, lesson: Lesson, compiled: CompiledLesson) -> dict[str, Json]:
    titles = {module.id: next(iter(module.titles.values()), "") for module in each.course.modules}
    page = each.rendered.lessons[lesson.id][lesson.source.language]
    return {
        "path": lesson.path,
        "id": lesson.id,
        "title": lesson.source.title,
        "language": lesson.source.language,
        "module": [titles[name] for name in lesson.module],
        "words": page.rendered.words,
        "headings": len(page.rendered.headings),
        "code_blocks": page.rendered.code_blocks,
        "tables": page.rendered.tables,
        "images": sum(not image.raw for image in page.rendered.images),
        "links_internal": sum(_is_internal(page, link.target) for link in page.rendered.links if not link.raw),
        "questions": len(compiled.questions),
    }


def _is_internal(page: RenderedPage, target: str) -> bool:
    """Whether a link stays in the pack. One with spaces in template tags is a link only to the site's program."""
    if any(map(str.isspace, target)) and "{" in target:
        return False
    return page.links.resolve(target).kind not in _IN_A_BROWSER_OR_MAIL


def _bank(file: QuestionFile) -> dict[str, Json]:
    return {
        "path": file.path,
        "id": file.id,
        "title": file.title,
        "language": file.language,
        "questions": [
            {
                "id": question.id,
                "type": question.type,
                "options": len(question.options),
                "correct": [
                    place
                    for place, option in enumerate(question.options, start=1)
                    if option.right or option.credit >= 1
                ],
                "feedback": any(option.feedback for option in question.options),
            }
            for question in file.questions
        ],
    }


def as_text(report: Report) -> Iterator[str]:
    """The same for people: an outline, line by line."""
    for each in report.courses:
        yield from _outline(each)
    for bank in report.pack.banks:
        yield f"{bank.title} [{bank.id}]: {_count(len(bank.questions), 'question')} in {bank.path}"
    found = [_count(report.count(kind), kind) for kind in ("error", "warning", "notice") if report.count(kind)]
    yield ", ".join(found) + ": see `lms check`." if found else "No problems."


def _outline(each: CheckedCourse) -> Iterator[str]:
    course, minutes = each.course, each.compiled.estimate["total"]
    yield f"{course.texts[course.language].title} [{course.id}], {course.language}, {minutes:.0f} minutes by estimate"
    yield f"  order: {course.order_by}" + (f" ({course.order_file})" if course.order_file else "")
    titles = {module.id: next(iter(module.titles.values()), "") for module in course.modules}
    shown: tuple[str, ...] = ()
    for lesson, compiled in zip(course.lessons, each.compiled.lessons, strict=True):
        if lesson.module != shown:
            yield from (
                f"{'  ' * depth}  {titles[name]}" for depth, name in enumerate(lesson.module) if name not in shown
            )
            shown = lesson.module
        more = f", {_count(len(compiled.questions), 'question')}" if compiled.questions else ""
        tags = f" ({', '.join(lesson.translations)})" if lesson.translations else ""
        yield f"{'  ' * len(lesson.module)}  - {lesson.source.title} [{lesson.id}]{tags}{more}"
    yield ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def page_html(files: Mapping[str, bytes], types: Mapping[str, QuestionType], path: str) -> str | None:
    """A lesson or front page as HTML, with its heading and its questions; None if the path is neither.

    Only this page is rendered; the other files say where its links lead.
    """
    pack = parse_pack(files, types)
    targets = Targets(pack, files)
    for course in pack.courses:
        for lesson in (*course.lessons, *course.aside):
            if path in (lesson.path, *(text.path for text in lesson.translations.values())):
                return _lesson_html(replace(course, lessons=(lesson,), aside=(), exam=""), targets, path)
        for language, front in course.index.items():
            if front == path:
                return render_course(replace(course, lessons=(), aside=()), targets).fronts[language].rendered.html
    return None


def _lesson_html(course: Course, targets: Targets, path: str) -> str:
    rendered = render_course(course, targets)
    lesson = course.lessons[0]
    page = next(page for page in rendered.lessons[lesson.id].values() if page.path == path)
    compiled = assemble(rendered)
    return "".join(_parts(compiled, page, compiled.lessons[0].pages[page.language].parts))


def _parts(compiled: CompiledCourse, page: RenderedPage, parts: tuple[Part, ...]) -> Iterator[str]:
    """The page's parts, the first with the heading that the site sets itself."""
    first = next((part for part in page.rendered.parts if isinstance(part, str)), "")
    for place, part in enumerate(parts):
        if part.question:
            yield question_html(compiled.questions[part.question], page.language)
        elif part.quiz:
            yield _card(compiled.quizzes[part.quiz], page.language)
        else:
            yield first if place == 0 else part.html


def _card(quiz: CompiledQuiz, language: str) -> str:
    title = quiz.titles.get(language) or next(iter(quiz.titles.values()))
    return f'\n<section class="quiz"><p>{html.escape(title)}</p></section>\n'


def question_html(languages: Mapping[str, Question], language: str) -> str:
    """A question as a trainee first sees it: no key, no feedback."""
    question = languages.get(language) or next(iter(languages.values()))
    options = "".join(f"<li>{option.text}</li>" for option in question.options) if _shows_options(question) else ""
    stem = f'<p class="stem">{question.stem}</p>' if question.stem else ""
    listed = f"<ul>{options}</ul>" if options else ""
    return f'\n<section class="question" id="q-{html.escape(question.id)}">{stem}{question.body}{listed}</section>\n'


def _shows_options(question: Question) -> bool:
    """Whether the options are what a trainee chooses from, not the accepted answers."""
    return question.type in ("single", "multiple", "true-false")
