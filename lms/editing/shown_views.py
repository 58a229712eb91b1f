"""What a trainee will get of a text that is being written: the same renderer, the same templates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Response, abort, render_template, request, url_for

from lms.authoring.drafts import SHORT, relocated
from lms.authoring.preview_views import MEDIA_POLICY, Seen
from lms.content import drawings
from lms.content.sources import served_kind
from lms.content.targets import Targets
from lms.editing.desk import MOST_BYTES, MOST_CHARACTERS, bp, opened_pack
from lms.editing.opened import Opened, with_file
from lms.editing.showing import Shown, show
from lms.editing.texts import plain
from lms.learning.course_views import LessonCard, card
from lms.learning.lesson_views import LessonView
from lms.learning.presentation import QuestionView, question_types, view_question
from lms.people.needs import needs
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


def text_sent() -> str:
    """The text that a page sends, with line feeds alone; none that is too long for the editor."""
    request.max_content_length = request.max_form_memory_size = MOST_BYTES
    text = plain(request.form.get("text", ""))
    if len(text) > MOST_CHARACTERS:
        abort(413)
    return text


@bp.post("/preview/<path:file>")
@needs(Right.AUTHOR)
def preview(pack: str, file: str) -> ResponseReturnValue:
    """A text as trainees will get it, as a piece of HTML."""
    known = with_file(opened_pack(pack), file, text_sent().encode(), question_types())
    return fragment(known, file)


def fragment(known: Opened, file: str) -> str:
    """A file of a pack as trainees get it, as a piece of HTML."""
    found = show(known, file)
    if found is None:
        return render_template("editing/_shown.html", shown=None)
    course = found.course
    address = url_for("authoring.preview", pack=known.name, course_id=course.id) if course.id else ""
    media = url_for("editing.shown_file", pack=known.name, digest="-", name="-").removesuffix("-/-")
    moved = relocated(course, address, media)
    lesson = moved.lessons[0] if found.lesson and moved.lessons else None
    return _page(known.name, replace(found, course=moved, lesson=lesson))


def _page(pack: str, shown: Shown) -> str:
    course, lesson = shown.course, shown.lesson
    wanted = shown.questions or (lesson.questions if lesson else ())
    views = _views(shown, wanted)
    return render_template(
        "editing/_shown.html",
        shown=shown,
        url_for=Seen(pack, 0, course).url_for,
        page=_lesson_view(shown, views),
        front=course.pages.get(shown.language) or card(course).page,
        questions={view.key: view for view in views},
        items=views,
        outcomes=card(course).page.outcomes,
        solutions={view.key: view.type.solution(view.question) for view in views},
    )


def _views(shown: Shown, keys: Sequence[str]) -> list[QuestionView]:
    return [
        view_question(shown.course, key, shown.language, seed=0, name=f"q{number}", shuffle=shown.quiz is None)
        for number, key in enumerate(keys, 1)
    ]


def _lesson_view(shown: Shown, views: Sequence[QuestionView]) -> LessonView | None:
    course, lesson = shown.course, shown.lesson
    if lesson is None:
        return None
    text = lesson.pages.get(shown.language) or lesson.pages[course.language]
    return LessonView(
        course=card(course),
        lesson=LessonCard(course, lesson, text),
        place=1,
        module="",
        before=None,
        after=None,
        read=(False,),
        is_read=False,
        questions={view.key: view for view in views},
    )


@bp.get("/shown/<digest>/<path:name>")
@needs(Right.AUTHOR)
def shown_file(pack: str, digest: str, name: str) -> ResponseReturnValue:
    """A picture or other file that a text shows, as it lies on disk."""
    known = opened_pack(pack)
    targets = Targets(known.pack, known.files)
    paths = [path for path in known.files if path.rpartition("/")[2] == name and served_kind(path)]
    path = next((path for path in paths if targets.media(path).digest[:SHORT] == digest), None)
    if path is None:
        abort(404)
    response = Response(drawings.sent(path, known.files[path]), mimetype=targets.media(path).media_type)
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    if served_kind(path) not in {"image", "audio", "video"}:
        response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
