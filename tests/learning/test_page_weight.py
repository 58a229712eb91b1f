"""What a lesson costs on a slow line: the first view and the next one, compressed, everything that is fetched."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from lms.content.packs import offered_packs, publish_pack
from lms.content.queries import catalogue

if TYPE_CHECKING:
    from flask import Flask

    from lms.db import Database
    from tests.cast import Visitor

FIRST, NEXT = 50_000, 15_000
PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_shipped_lesson_is_light(app: Flask, database: Database, client: Visitor) -> None:
    own = offered_packs(app.config["LMS"].__class__(home=app.config["LMS"].home))[0]
    publish_pack(database, own, app.extensions["lms_question_types"])
    client.post("/sign-up", {"name": "Ann", "login": "ann", "password": "four words are good"})
    with database.reading() as db:
        courses = [current.course for current in catalogue(db)]
    assert sum(len(course.lessons) for course in courses) > 50
    for course in courses:
        for lesson in course.lessons:
            page = client.get(f"/courses/{course.id}/lessons/{lesson.id}", headers=PACKED)
            assert len(page.data) <= NEXT, f"{lesson.id}: {len(page.data)} bytes of HTML"
            assert len(page.data) + _frame(client, page) + _pictures(client, page) <= FIRST, lesson.id


def _text(page) -> str:
    return gzip.decompress(page.data).decode()


def _frame(client: Visitor, page) -> int:
    """Styles, scripts and icons: fetched once."""
    found = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', _text(page)))
    return sum(len(client.get(path, headers=PACKED).data) for path in found)


def _pictures(client: Visitor, page) -> int:
    found = set(re.findall(r'src="(/media/[^"]+)', _text(page)))
    return sum(len(client.get(path, headers=PACKED).data) for path in found)
