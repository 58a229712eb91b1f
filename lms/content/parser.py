"""A mapping of path to bytes becomes a `Pack`. Pure, and it never raises: what is wrong is a `Problem`.

Any folder of Markdown is a course. A folder with `courses/` or `quizzes/` is a pack of several.
"""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.arrangement import is_course_page
from lms.content.courses import Surroundings, parse_course
from lms.content.naming import natural_key
from lms.content.orderfiles import find_order
from lms.content.questionfiles import bank_paths, parse_banks
from lms.content.sources import Sources
from lms.content.structure import Course, Pack, Problem
from lms.plugins import QuestionType

COURSE_FOLDER = "courses"


def parse_pack(files: Mapping[str, bytes], types: Mapping[str, QuestionType], name: str = "course") -> Pack:
    """Understand a pack. `types` maps names to question types; `name` is the id of a folder that is one course."""
    sources = Sources(files)
    folders = course_folders(sources)
    paths = bank_paths(sources, certain=bool(folders) or not _has_pages(sources))
    banks = parse_banks(sources, types, paths)
    around = Surroundings(sources, types, banks, frozenset(() if folders else paths))
    if folders:
        courses = [parse_course(around, folder.partition("/")[2], folder) for folder in folders]
    else:
        courses = [parse_course(around, name, "")] if _has_pages(sources) else []
    if not courses and not banks:
        fix = "Put a Markdown file into it: `index.md` is the front page, every other file a lesson."
        sources.fail("", 0, "pack-empty", "There is no course and no question bank here.", fix)
    _check_references(sources, courses)
    return Pack(tuple(courses), banks, tuple(sorted(set(sources.problems), key=problem_order)))


def problem_order(problem: Problem) -> tuple[str, int, str, str]:
    """Problems by file, line and rule."""
    return problem.file, problem.line, problem.rule, problem.message


def course_folders(sources: Sources) -> list[str]:
    """The folders in `courses/` that are courses; none if the whole folder is one course."""
    parts = [path.split("/") for path in sources.under(COURSE_FOLDER) if is_course_page(path)]
    folders = {f"{COURSE_FOLDER}/{names[1]}" for names in parts if len(names) > 2}
    order = find_order(Sources(sources.files), "") if folders else None
    is_own = order is not None and order.file.startswith(f"{COURSE_FOLDER}/") and order.file.count("/") > 1
    if order and not is_own and (order.root == COURSE_FOLDER or order.root.startswith(f"{COURSE_FOLDER}/")):
        return []  # a site whose pages happen to lie in a folder of that name
    return sorted(folders, key=natural_key)


def _has_pages(sources: Sources) -> bool:
    return any(is_course_page(path) and not path.startswith("quizzes/") for path in sources.files)


def _check_references(sources: Sources, courses: list[Course]) -> None:
    """Programmes and `requires:` name courses; one that another pack may have is only a warning."""
    known = {course.id for course in courses}
    for course in courses:
        path = course.index.get(course.language, "")
        for key, wanted in (("courses", course.courses), ("requires", course.requires)):
            for number, other in enumerate(wanted):
                if other in known and other != course.id:
                    continue
                line = sources.page(path).line(key, number)
                message = f'The course "{other}" is not in this pack.'
                if other == course.id:
                    message = f'The course "{other}" cannot name itself.'
                fix = "Use the name of a folder in `courses/`, or make sure that another pack brings the course."
                sources.warn(path, line, "course-unknown", message, fix)
