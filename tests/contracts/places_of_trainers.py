"""The routes of the trainer's desk."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from typing import Any

from tests.contracts.place import (
    ALL,
    OPERATORS,
    TRAINERS,
    Place,
    fixed,
    fresh_id,
)
from tests.contracts.world import World


def _practice(_world: World, _who: str) -> dict[str, Any]:
    return {"question": "long-passwords#hardest", "answer": "1", "answer_id": str(uuid.uuid4())}


def _zip(world: World, who: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(world.zipped), f"gardens-{who}.zip")}


def _questions(_world: World, who: str) -> dict[str, Any]:
    content = io.BytesIO(b"The sun rises in the east.{T}\n")
    return {"file": (content, "sun.gift"), "pack": "tests", "path": f"quizzes/sun-{who}.md", "mode": "refuse"}


def _new_pack(_world: World, who: str) -> dict[str, Any]:
    return {"name": f"pack-of-{who}", "course": "Gardens", "lesson": "Soil", "language": "en"}


def _picture(_world: World, who: str) -> dict[str, Any]:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>'
    return {"file": (io.BytesIO(drawing), f"map-{who}.svg"), "alt": "A map"}


def _new_repository(_world: World, who: str) -> dict[str, Any]:
    return {"name": f"air-{who}", "address": "https://127.0.0.1:1/air.git"}


ALLOWANCE = fixed(quiz="first-aid-exam", attempts="1", minutes="0", reason="Power cut")

OF_TRAINERS: Mapping[str, Place] = {
    "authoring.home": Place(TRAINERS),
    "authoring.pack": Place(TRAINERS),
    "authoring.check": Place(TRAINERS),
    "authoring.publish": Place(TRAINERS),
    "authoring.mend": Place(TRAINERS),
    "authoring.rules": Place(TRAINERS),
    "authoring.rule": Place(TRAINERS),
    "authoring.download": Place(TRAINERS),
    "authoring.download_course": Place(TRAINERS),
    "editing.files": Place(TRAINERS),
    "editing.item": Place(TRAINERS),
    "editing.reorder": Place(TRAINERS, fixed(way="up")),
    "editing.rename": Place(TRAINERS, fixed(title="Helping")),
    "editing.move": Place(TRAINERS, fixed(to="courses/first-aid")),
    "editing.delete": Place(TRAINERS, fixed(sure="1")),
    "editing.new": Place(TRAINERS),
    "editing.new_post": Place(TRAINERS, fixed(title="Gardens", first="Soil")),
    "editing.copy": Place(TRAINERS),
    "editing.copy_post": Place(TRAINERS, lambda _world, who: {"name": f"copy-for-{who}"}),
    "making.new_pack": Place(TRAINERS),
    "making.new_pack_post": Place(TRAINERS, _new_pack),
    "editing.edit": Place(TRAINERS),
    "editing.edit_post": Place(TRAINERS, fixed(text="# Helping", seen="older"), says=frozenset({409})),
    "editing.preview": Place(TRAINERS, fixed(text="# Helping")),
    "editing.check": Place(TRAINERS, fixed(text="# Helping")),
    "editing.mend": Place(TRAINERS, fixed(text="# Helping", rule="question-mark", line="1")),
    "editing.draft": Place(TRAINERS, fixed(text="# Helping", seen="")),
    "editing.drop_draft": Place(TRAINERS),
    "editing.shown_file": Place(TRAINERS),
    "editing.add_picture": Place(TRAINERS),
    "editing.picture": Place(TRAINERS, _picture),
    "editing.steps": Place(TRAINERS),
    "builder.questions": Place(TRAINERS),
    "builder.lesson_questions": Place(TRAINERS, says=frozenset({302})),
    "builder.question": Place(TRAINERS, says=frozenset({404})),
    "builder.save": Place(TRAINERS, fixed(kind="text", stem="What is asked?"), says=frozenset({422})),
    "builder.quick": Place(TRAINERS, fixed(text="Is it?\n* yes\nno\n")),
    "builder.arrange": Place(TRAINERS, says=frozenset({409})),
    "authoring.upload": Place(TRAINERS),
    "authoring.upload_post": Place(TRAINERS, _zip),
    "authoring.course": Place(TRAINERS),
    "authoring.version_zip": Place(TRAINERS),
    "authoring.restore": Place(TRAINERS),
    "exchange.begin": Place(TRAINERS),
    "exchange.receive": Place(TRAINERS, _questions),
    "exchange.look": Place(TRAINERS),
    "exchange.bring_in": Place(TRAINERS, last=1),
    "exchange.again": Place(TRAINERS),
    "exchange.forget": Place(TRAINERS, last=2),
    "exchange.export": Place(TRAINERS),
    "exchange.export_file": Place(TRAINERS),
    "reviewing.waiting": Place(TRAINERS),
    "reviewing.approve": Place(TRAINERS, says=frozenset({404})),
    "reviewing.give_back": Place(TRAINERS, fixed(words="A comma is missing."), frozenset({404})),
    "reviewing.compare": Place(TRAINERS),
    "reviewing.links": Place(TRAINERS),
    "reviewing.make_link": Place(TRAINERS, fixed(made_for="Ieva")),
    "reviewing.make_draft_link": Place(TRAINERS, fixed(made_for="Ieva")),
    "reviewing.end_link": Place(TRAINERS),
    "looking.course": Place(ALL),
    "looking.begin": Place(ALL),
    "looking.lesson": Place(ALL),
    "looking.practise": Place(ALL, _practice, frozenset({422})),
    "looking.read": Place(ALL),
    "looking.place": Place(ALL),
    "looking.report": Place(ALL, fixed(text="A comma is missing.")),
    "authoring.mistakes": Place(TRAINERS),
    "authoring.settle": Place(TRAINERS),
    "authoring.allowances": Place(TRAINERS),
    "authoring.allowance": Place(TRAINERS),
    "authoring.allow": Place(TRAINERS, ALLOWANCE),
    "authoring.draft_media": Place(TRAINERS),
    "authoring.preview": Place(TRAINERS),
    "authoring.preview_begin": Place(TRAINERS),
    "authoring.preview_lesson": Place(TRAINERS),
    "authoring.preview_phone": Place(TRAINERS),
    "authoring.preview_place": Place(TRAINERS),
    "authoring.preview_practise": Place(TRAINERS, _practice),
    "authoring.preview_quiz": Place(TRAINERS),
    "authoring.preview_read": Place(TRAINERS),
    "authoring.preview_report": Place(TRAINERS, fixed(text="A comma is missing.")),
    "experts.home": Place(TRAINERS),
    "experts.look": Place(TRAINERS),
    "experts.answer": Place(TRAINERS, fixed(answer="The blue one.")),
    "experts.mark": Place(TRAINERS, fixed(course="first-aid", place="lesson:long-passwords")),
    "experts.settle": Place(TRAINERS),
    "experts.asked": Place(TRAINERS),
    "analysis.home": Place(TRAINERS),
    "analysis.course": Place(TRAINERS),
    "analysis.count_again": Place(TRAINERS),
    "analysis.quiz": Place(TRAINERS),
    "analysis.question": Place(TRAINERS),
    "analysis.course_file": Place(TRAINERS),
    "analysis.quiz_file": Place(TRAINERS),
    "grading.home": Place(TRAINERS),
    "grading.graded": Place(TRAINERS),
    "grading.next_one": Place(TRAINERS),
    "grading.take": Place(TRAINERS, says=frozenset({404})),  # nothing waits for a person here: tests/grading
    "grading.later": Place(TRAINERS),
    "grading.answer": Place(TRAINERS, says=frozenset({404})),
    "grading.grade": Place(TRAINERS, says=frozenset({404})),
    "grading.keep": Place(TRAINERS, says=frozenset({404})),
    "grading.show_name": Place(TRAINERS, says=frozenset({404})),
    "grading.open_file": Place(TRAINERS, says=frozenset({404})),
    "grading.decisions": Place(TRAINERS),
    "grading.decide": Place(TRAINERS, fixed(what="keep", reason="She showed it in person")),
    "grading.keys": Place(TRAINERS),
    "grading.one_key": Place(TRAINERS),
    "grading.ask": Place(TRAINERS, fresh_id("regrading_id")),
    "grading.regrading": Place(TRAINERS, says=frozenset({404})),
    "grading.again": Place(TRAINERS, says=frozenset({404})),
    "grading.confirm": Place(TRAINERS, says=frozenset({404})),
    "grading.drop": Place(TRAINERS, says=frozenset({404})),
    "repositories.home": Place(TRAINERS),
    "repositories.repository": Place(TRAINERS),
    "repositories.fetch": Place(TRAINERS),
    "repositories.settle": Place(TRAINERS),
    "repositories.patches": Place(TRAINERS, says=frozenset({404})),  # nothing was fetched: tests/authoring
    "repository_hooks.pushed": Place(ALL, says=frozenset({401})),  # asks for its signature: tests/repositories
    "repository_settings.home": Place(OPERATORS),
    "repository_settings.add": Place(OPERATORS, _new_repository),
    "repository_settings.repository": Place(OPERATORS),
    "repository_settings.change_secret": Place(OPERATORS),
    "repository_settings.remove": Place(OPERATORS, last=1),
}
