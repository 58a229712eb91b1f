"""The desk itself: its blueprint, whose it is, and the courses that lie on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint
from flask_login import current_user

from lms.clock import now
from lms.content import queries as content
from lms.coordination.pages import Desk, Offer
from lms.web.language import language
from lms.web.transaction import reading

if TYPE_CHECKING:
    from lms.content.compiled import CompiledCourse

bp = Blueprint("coordination", __name__, url_prefix="/coordination")
Courses = dict[str, "CompiledCourse"]


def courses_on_offer() -> Courses:
    """The courses on offer, by id, in the order of the catalogue."""
    return {current.course.id: current.course for current in content.catalogue(reading())}


def desk_with(courses: Courses, only: str = "") -> Desk:
    """The desk of whoever asks, with all courses or with one of them."""
    offers = {
        name: Offer(course.certificate is not None, course.courses)
        for name, course in courses.items()
        if only in {"", name}
    }
    return Desk(current_user.actor, now().date(), offers)


def titles_of(courses: Courses) -> dict[str, str]:
    """The titles of these courses, in the reader's language as far as there is one."""
    return {
        name: (course.pages.get(language()) or course.pages[course.language]).title for name, course in courses.items()
    }
