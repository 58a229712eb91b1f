"""Packs that are moved about in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.content.checker.checking import check_pack
from lms.content.parser import parse_pack
from lms.discovery import OWN, question_types
from lms.editing.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.content.structure import Course

TYPES = question_types((OWN,))
QUESTION = "## Is soil alive? {#alive}\n\n- [x] Yes\n- [ ] No\n"
LEADS_NOWHERE = {
    "link-broken",
    "image-missing",
    "question-link-broken",
    "exam-missing",
    "order-page-missing",
    "anchor-missing",
}
GARDEN = {
    "courses/garden/index.md": "---\ntitle: Gardens\nexam: ../../quizzes/garden-exam.md\n---\n\n"
    "Begin with [soil](01-soil.md).\n",
    "courses/garden/01-soil.md": "# Soil\n\nThen [water](02-water.md#how-much), [tools](03-tools/01-spade.md).\n\n"
    "![Earth](images/earth.svg)\n\n[Check](01-soil.quiz.md#alive)\n\n```\n[not a link](02-water.md)\n```\n",
    "courses/garden/01-soil.lv.md": "# Augsne\n\nTad [ūdens](02-water.md).\n",
    "courses/garden/01-soil.quiz.md": QUESTION,
    "courses/garden/02-water.md": "# Water\n\n## How much\n\nBack to [soil](./01-soil.md), `[code](01-soil.md)`.\n\n"
    "[s]: 01-soil.md\n",
    "courses/garden/03-tools/index.md": "# Tools\n",
    "courses/garden/03-tools/01-spade.md": "# Spade\n\nFor [soil](../01-soil.md).\n\n"
    '<a href="../02-water.md">water</a>\n',
    "courses/garden/03-tools/02-rake.md": "# Rake\n\nText.\n",
    "courses/garden/images/earth.svg": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>\n',
    "quizzes/garden-exam.md": "---\ntitle: Exam\npass: 80%\n---\n\n"
    "## Which is earth? {#earth}\n\n- [x] soil\n- [ ] air\n",
}  # fmt: skip


def opened(files: Mapping[str, str | bytes] = GARDEN) -> Opened:
    """A pack as it is opened from disk."""
    raw = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return Opened("garden", raw, parse_pack(raw, TYPES, name="garden"))


def applied(known: Opened, changes: Mapping[str, bytes | None]) -> Opened:
    """The pack after a change."""
    files = {path: content for path, content in {**known.files, **changes}.items() if content is not None}
    return Opened(known.name, files, parse_pack(files, TYPES, name=known.name))


def broken(known: Opened) -> list[str]:
    """What leads nowhere in a pack."""
    found = check_pack(known.files, TYPES, name=known.name).problems
    return [f"{problem.file}:{problem.line} {problem.rule}" for problem in found if problem.rule in LEADS_NOWHERE]


def order(course: Course) -> list[str]:
    """The ids of a course's lessons, in order."""
    return [lesson.id for lesson in course.lessons]
