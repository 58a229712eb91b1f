"""One file of a pack as a trainee would get it: the same compiler, only of this file. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lms.content.compiler import assemble
from lms.content.rendering import render_course
from lms.content.structure import CourseText, QuestionFile
from lms.content.targets import Targets
from lms.editing.opened import Opened, lesson_at, one_with, questions_at

if TYPE_CHECKING:
    from lms.content.compiled import CompiledCourse, CompiledLesson, CompiledQuiz


@dataclass(frozen=True, slots=True)
class Shown:
    """A file made ready to be shown in its own language: a lesson, the questions of a file, or a front page."""

    course: CompiledCourse
    language: str
    lesson: CompiledLesson | None = None
    quiz: CompiledQuiz | None = None
    questions: tuple[str, ...] = ()


def show(known: Opened, path: str) -> Shown | None:
    """A file as it will be shown; None if trainees never see this file."""
    targets = Targets(known.pack, known.files)
    place = lesson_at(known.pack, path)
    if place is not None:
        course, lesson = place
        texts = (lesson.source, *lesson.translations.values())
        language = next(text.language for text in texts if text.path == path)
        compiled = assemble(render_course(replace(course, lessons=(lesson,), aside=(), exam=""), targets))
        return Shown(compiled, language, lesson=compiled.lessons[0])
    file = questions_at(known.pack, path)
    if file is not None:
        return _questions(known, targets, file, path)
    for course in known.pack.courses:
        for language, front in course.index.items():
            if front == path:
                return Shown(assemble(render_course(replace(course, lessons=(), aside=(), exam=""), targets)), language)
    return None


def _questions(known: Opened, targets: Targets, file: QuestionFile, path: str) -> Shown:
    """All questions of a file. Nobody may be shown them yet, so they are taken where they were rendered."""
    course = one_with(known.pack, targets, file)
    course = course if course.texts else replace(course, texts={course.language: CourseText(file.title)})
    rendered = render_course(course, targets)
    compiled = assemble(rendered)
    found = rendered.files[file.id].questions if file.id in rendered.files else {}
    keyed = {
        f"{file.id}#{name}": {tag: replace(question, key=f"{file.id}#{name}") for tag, question in tongues.items()}
        for name, tongues in found.items()
    }
    language = next((other.language for other in file.translations.values() if other.path == path), file.language)
    return Shown(
        replace(compiled, questions={**compiled.questions, **keyed}, language=file.language),
        language,
        lesson=compiled.lessons[0] if compiled.lessons else None,
        quiz=compiled.quizzes.get(file.id),
        questions=tuple(keyed),
    )
