"""Every route of the app: who may come in, and a request that makes sense there.

A new route needs a line in `PLACES`; the tests of this folder then try it from all sides.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lms.web.assets import asset_url
from tests.contracts.world import World

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Rule

VISITOR, TRAINEE, TRAINER, COORDINATOR, OPERATOR = "visitor", "trainee", "trainer", "coordinator", "operator"
ALL = frozenset({VISITOR, TRAINEE, TRAINER, COORDINATOR, OPERATOR})
SIGNED_IN = ALL - {VISITOR}
TRAINERS, COORDINATORS, OPERATORS = frozenset({TRAINER}), frozenset({COORDINATOR}), frozenset({OPERATOR})
TEACHERS = TRAINERS | COORDINATORS
ORGANISERS = COORDINATORS | OPERATORS
FINE = frozenset({200, 204, 303})
Form = Callable[[World, str], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """One route. `form` is what a POST sends, `says` the statuses that whoever may come in can get.

    `last` puts a POST at the end of a walk, with a session of its own, because it ends that session or more.
    """

    who: frozenset[str]
    form: Form = field(default=lambda _world, _who: {})
    says: frozenset[int] = FINE
    last: int = 0


def _fixed(**values: Any) -> Form:
    return lambda _world, _who: dict(values)


def _fresh_id(name: str) -> Form:
    return lambda _world, _who: {name: str(uuid.uuid4())}


def _sign_up(_world: World, who: str) -> dict[str, Any]:
    return {"name": "Nina New", "login": f"new-{who}-{uuid.uuid4().hex[:6]}", "password": "four words are good"}


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


def _laura(*names: str) -> Form:
    return lambda world, _who: dict.fromkeys(names, world.common["person_id"])


def _new_unit(_world: World, who: str) -> dict[str, Any]:
    return {"name": f"Team {who}", "kind": "team", "code": f"TEAM-{who}"}


def _new_repository(_world: World, who: str) -> dict[str, Any]:
    return {"name": f"air-{who}", "address": "https://127.0.0.1:1/air.git"}


def _register(world: World, _who: str) -> dict[str, Any]:
    content = io.BytesIO(b"name,unit code\nNina New,N-1\n")
    return {"file": (content, "register.csv"), "kind": "people", "unit": str(world.common["scope"])}


GROUP = {"unit": "N-1", "course": "first-aid", "name": "Autumn", "starts": "2026-01-31", "ends": "2099-01-31"}
SIGN_IN = _fixed(login="laura", password="correct horse battery")
ALLOWANCE = _fixed(quiz="first-aid-exam", attempts="1", minutes="0", reason="Power cut")
ALLOWANCE_OF_UNIT = _fixed(quiz="first-aid/first-aid-exam", attempts="1", minutes="0", reason="Power cut")
TARGET = _fixed(course="first-aid", counts="person", share="100", due="2099-01-01")
ACCOUNT = _fixed(name="Some Body", latin_name="", email="", current="correct horse battery", language="en")

PLACES: Mapping[str, Place] = {
    "static": Place(ALL),
    "static_plain": Place(ALL),
    "healthz": Place(ALL),
    "metrics": Place(ALL, says=frozenset({404})),  # asks for its token instead: tests/web/test_health.py
    "people.sign_in": Place(ALL),
    "people.sign_in_post": Place(ALL, SIGN_IN, last=1),
    "people.sign_up": Place(ALL, _sign_up, last=1),
    "people.sign_out": Place(ALL, last=1),
    "people.ask_link": Place(ALL),
    "people.ask_link_post": Place(ALL, _fixed(email="nobody@example.org")),
    "people.open_link": Place(ALL),
    "people.use_link": Place(ALL, says=frozenset({410})),
    "people.choose_language": Place(ALL, _fixed(language="en")),
    "people.account": Place(SIGNED_IN),
    "people.change_account": Place(SIGNED_IN, ACCOUNT),
    "people.change_password": Place(
        SIGNED_IN, _fixed(current="correct horse battery", password="five words are better"), last=9
    ),
    "people.confirm_email": Place(SIGNED_IN),
    "people.end_sessions": Place(SIGNED_IN),
    "learning.home": Place(ALL),
    "learning.catalogue": Place(ALL),
    "learning.course": Place(ALL),
    "learning.enrol": Place(SIGNED_IN),
    "learning.my_learning": Place(SIGNED_IN),
    "lessons.lesson": Place(ALL),
    "lessons.read": Place(ALL),
    "lessons.place": Place(SIGNED_IN),
    "lessons.practise": Place(ALL, _practice),
    "lessons.report": Place(ALL, _fixed(text="A comma is missing.", report_id="")),
    "lessons.media": Place(ALL),
    "quizzes.start_page": Place(SIGNED_IN),
    "quizzes.start": Place(SIGNED_IN, _fresh_id("attempt_id")),
    "quizzes.question": Place(SIGNED_IN),
    "quizzes.save": Place(SIGNED_IN, _fresh_id("answer_id")),
    "quizzes.review": Place(SIGNED_IN),
    "quizzes.submit": Place(SIGNED_IN, last=1),
    "quizzes.result": Place(SIGNED_IN),
    "credentials.check": Place(ALL),
    "credentials.show": Place(ALL),
    "credentials.pdf": Place(ALL),
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
    "editing.reorder": Place(TRAINERS, _fixed(way="up")),
    "editing.rename": Place(TRAINERS, _fixed(title="Helping")),
    "editing.move": Place(TRAINERS, _fixed(to="courses/first-aid")),
    "editing.delete": Place(TRAINERS, _fixed(sure="1")),
    "editing.new": Place(TRAINERS),
    "editing.new_post": Place(TRAINERS, _fixed(title="Gardens", first="Soil")),
    "editing.copy": Place(TRAINERS),
    "editing.copy_post": Place(TRAINERS, lambda _world, who: {"name": f"copy-for-{who}"}),
    "making.new_pack": Place(TRAINERS),
    "making.new_pack_post": Place(TRAINERS, _new_pack),
    "editing.edit": Place(TRAINERS),
    "editing.edit_post": Place(TRAINERS, _fixed(text="# Helping", seen="older"), says=frozenset({409})),
    "editing.preview": Place(TRAINERS, _fixed(text="# Helping")),
    "editing.check": Place(TRAINERS, _fixed(text="# Helping")),
    "editing.mend": Place(TRAINERS, _fixed(text="# Helping", rule="question-mark", line="1")),
    "editing.draft": Place(TRAINERS, _fixed(text="# Helping", seen="")),
    "editing.drop_draft": Place(TRAINERS),
    "editing.shown_file": Place(TRAINERS),
    "editing.add_picture": Place(TRAINERS),
    "editing.picture": Place(TRAINERS, _picture),
    "editing.steps": Place(TRAINERS),
    "builder.questions": Place(TRAINERS),
    "builder.lesson_questions": Place(TRAINERS, says=frozenset({302})),
    "builder.question": Place(TRAINERS, says=frozenset({404})),
    "builder.save": Place(TRAINERS, _fixed(kind="text", stem="What is asked?"), says=frozenset({422})),
    "builder.quick": Place(TRAINERS, _fixed(text="Is it?\n* yes\nno\n")),
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
    "exchange.export": Place(TRAINERS),
    "exchange.export_file": Place(TRAINERS),
    "reviewing.waiting": Place(TRAINERS),
    "reviewing.approve": Place(TRAINERS, says=frozenset({404})),
    "reviewing.give_back": Place(TRAINERS, _fixed(words="A comma is missing."), frozenset({404})),
    "reviewing.compare": Place(TRAINERS),
    "reviewing.links": Place(TRAINERS),
    "reviewing.make_link": Place(TRAINERS, _fixed(made_for="Ieva")),
    "reviewing.make_draft_link": Place(TRAINERS, _fixed(made_for="Ieva")),
    "reviewing.end_link": Place(TRAINERS),
    "looking.course": Place(ALL),
    "looking.begin": Place(ALL),
    "looking.lesson": Place(ALL),
    "looking.practise": Place(ALL, _practice, frozenset({422})),
    "looking.read": Place(ALL),
    "looking.place": Place(ALL),
    "looking.report": Place(ALL, _fixed(text="A comma is missing.")),
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
    "authoring.preview_report": Place(TRAINERS, _fixed(text="A comma is missing.")),
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
    "grading.decide": Place(TRAINERS, _fixed(what="keep", reason="She showed it in person")),
    "grading.keys": Place(TRAINERS),
    "grading.one_key": Place(TRAINERS),
    "grading.ask": Place(TRAINERS, _fresh_id("regrading_id")),
    "grading.regrading": Place(TRAINERS, says=frozenset({404})),
    "grading.confirm": Place(TRAINERS, says=frozenset({404})),
    "grading.drop": Place(TRAINERS, says=frozenset({404})),
    "quizzes.own_file": Place(SIGNED_IN, says=frozenset({404})),
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
    "coordination.home": Place(COORDINATORS),
    "coordination.people": Place(COORDINATORS),
    "coordination.people_csv": Place(COORDINATORS),
    "coordination.person": Place(COORDINATORS),
    "coordination.allow": Place(COORDINATORS, ALLOWANCE_OF_UNIT),
    "coordination.correct_name": Place(COORDINATORS, _fixed(name="Laura Lapina", latin_name="")),
    "coordination.exempt": Place(COORDINATORS, _fixed(course="first-aid", reason="On leave")),
    "coordination.end_exemption": Place(COORDINATORS, says=frozenset({303, 404})),
    "coordination.keep_filter": Place(COORDINATORS, _fixed(name="Stuck", state="stuck")),
    "coordination.delete_filter": Place(COORDINATORS),
    "reminding.home": Place(COORDINATORS),
    "reminding.cancel": Place(COORDINATORS, says=frozenset({404})),
    "reminding.stop": Place(ALL, says=frozenset({404})),  # the token opens it: tests/reminding
    "reminding.stop_post": Place(ALL, says=frozenset({404})),
    "reminding.start_post": Place(ALL, says=frozenset({404})),
    "coordination.remind": Place(COORDINATORS, says=frozenset({404})),  # asks for a course: tests/reminding
    "coordination.remind_post": Place(COORDINATORS, says=frozenset({404})),
    "reporting.home": Place(COORDINATORS),
    "reporting.choose": Place(COORDINATORS),
    "reporting.report": Place(COORDINATORS),
    "reporting.report_csv": Place(COORDINATORS),
    "reporting.make_file": Place(COORDINATORS, _fixed(format="csv")),
    "reporting.file": Place(COORDINATORS),
    "reporting.download": Place(COORDINATORS, says=frozenset({404})),
    "figures.shown": Place(ALL, says=frozenset({404})),  # shown where published: tests/reporting
    "organisation.home": Place(ORGANISERS),
    "organisation.unit": Place(ORGANISERS),
    "organisation.new": Place(ORGANISERS),
    "organisation.create": Place(ORGANISERS, _new_unit),
    "organisation.edit": Place(ORGANISERS),
    "organisation.rename": Place(ORGANISERS, _fixed(name="Unit N-1", kind="unit", code="N-1")),
    "organisation.place": Place(ORGANISERS, _fixed(latitude="56.95", longitude="24,11")),
    "organisation.add_name": Place(ORGANISERS, _fixed(name="Northern one", language="")),
    "organisation.drop_name": Place(ORGANISERS),
    "organisation.move_page": Place(ORGANISERS),
    "organisation.move": Place(ORGANISERS, _fixed(to="N-2")),
    "organisation.merge_page": Place(ORGANISERS),
    "organisation.merge": Place(ORGANISERS, _fixed(to="N-2"), last=1),
    "organisation.close": Place(ORGANISERS, last=2),
    "organisation.reopen": Place(ORGANISERS, last=3),
    "organisation.roles": Place(ORGANISERS),
    "organisation.give": Place(ORGANISERS, _fixed(role="owner", login="otto")),
    "organisation.end": Place(ORGANISERS, says=frozenset({404})),
    "organisation.hand_over_page": Place(ORGANISERS, says=frozenset({404})),
    "organisation.hand_over": Place(ORGANISERS, _fixed(login="otto"), says=frozenset({404})),
    "declaring.declare": Place(SIGNED_IN, says=frozenset({404})),  # no course here asks for it: tests/learning
    "hooks.take_action": Place(ALL, says=frozenset({404})),  # without a secret: tests/learning/test_outside_webhook.py
    "meetings.home": Place(TEACHERS),
    "meetings.by_code": Place(TEACHERS),
    "meetings.session": Place(TEACHERS),
    "meetings.new": Place(TEACHERS),
    "meetings.make": Place(TEACHERS, _fixed(course="first-aid", unit="N-1", held_on="2026-01-31", hours="4")),
    "meetings.change_page": Place(TEACHERS),
    "meetings.change": Place(TEACHERS, _fixed(held_on="2026-01-31", hours="5", title="Corrected")),
    "meetings.cancel": Place(TEACHERS, last=1),
    "meetings.restore": Place(TEACHERS),
    "meetings.attendance": Place(TEACHERS),
    "meetings.tick": Place(TEACHERS, _laura("shown", "there")),
    "meetings.lines": Place(TEACHERS, _fixed(lines="Laura Lapiņa")),
    "meetings.take_off": Place(TEACHERS, _laura("person")),
    "meetings.print_list": Place(TEACHERS),
    "meetings.cascade": Place(TEACHERS),
    "meetings.attended": Place(SIGNED_IN),
    "meetings.trained_by": Place(COORDINATORS),
    "meetings.trainers": Place(COORDINATORS),
    "meetings.trainer": Place(COORDINATORS),
    "outside.home": Place(COORDINATORS),
    "outside.tick": Place(COORDINATORS, says=frozenset({404})),  # no course here asks for it: tests/meetings
    "outside.lines": Place(COORDINATORS, says=frozenset({404})),
    "joining.ask_code": Place(ALL),
    "joining.invitation": Place(ALL),
    "joining.ask_to_join": Place(SIGNED_IN),
    "joining.claim": Place(SIGNED_IN),
    "joining.claim_post": Place(SIGNED_IN, _fixed(code="R-1", contact="20000001")),
    "joins.home": Place(COORDINATORS),
    "joins.unit": Place(COORDINATORS),
    "joins.make_code": Place(COORDINATORS, _fixed(days="30")),
    "joins.end_code": Place(COORDINATORS, last=1),
    "joins.sheet": Place(COORDINATORS),
    "joins.requests": Place(COORDINATORS),
    "joins.decide": Place(COORDINATORS, _fixed(what="refuse", request="0")),
    "joins.compare": Place(COORDINATORS, lambda world, _who: {"entry": str(world.common["entry_id"])}),
    "duplicates.home": Place(COORDINATORS),
    "duplicates.compare": Place(COORDINATORS),
    "duplicates.decide": Place(COORDINATORS, _fixed(decision="different"), last=1),
    "slips.choose": Place(COORDINATORS),
    "slips.make": Place(COORDINATORS, lambda world, _who: {"person": str(world.common["entry_id"])}),
    "slip_sign_in.ask": Place(ALL),
    "slip_sign_in.use": Place(ALL, _fixed(code="7K3MC-92DTF"), says=frozenset({422})),
    "slip_sign_in.own_door": Place(SIGNED_IN),
    "slip_sign_in.choose_door": Place(SIGNED_IN, _fixed(user_name="x", password="four words are good")),
    "coordination.unit": Place(COORDINATORS),
    "coordination.unit_courses": Place(COORDINATORS),
    "coordination.unit_lacking": Place(COORDINATORS),
    "coordination.targets": Place(COORDINATORS),
    "coordination.new_target": Place(COORDINATORS),
    "coordination.set_target": Place(COORDINATORS, TARGET),
    "coordination.end_target": Place(COORDINATORS, says=frozenset({303, 404})),
    "coordination.enrolments": Place(COORDINATORS),
    "coordination.give_courses": Place(COORDINATORS, _fixed(unit="N-1", courses="first-aid")),
    "coordination.end_rule": Place(COORDINATORS),
    "coordination.groups": Place(COORDINATORS),
    "coordination.make_group": Place(COORDINATORS, _fixed(**GROUP)),
    "coordination.group": Place(COORDINATORS),
    "coordination.put_in": Place(COORDINATORS, _fixed(people="laura")),
    "coordination.tick": Place(COORDINATORS),
    "coordination.put_in_ticked": Place(COORDINATORS),
    "coordination.take_out": Place(COORDINATORS),
    "coordination.end_group": Place(COORDINATORS, last=1),
    "imports.home": Place(COORDINATORS),
    "imports.new": Place(COORDINATORS),
    "imports.upload": Place(COORDINATORS, _register),
    "imports.run": Place(COORDINATORS),
    "imports.columns": Place(COORDINATORS, _fixed(**{"column-0": "name"})),
    "imports.start": Place(COORDINATORS),
    "imports.stop": Place(COORDINATORS),
    "imports.back": Place(COORDINATORS),
    "imports.outcomes": Place(COORDINATORS),
    "offers.home": Place(SIGNED_IN),
    "offers.decide": Place(SIGNED_IN, _fixed(answer="no"), says=frozenset({303, 404})),
    "operation.home": Place(OPERATORS),
    "operation.search": Place(OPERATORS),
    "operation.person": Place(OPERATORS),
    "operation.grant_role": Place(OPERATORS, _fixed(role="coordinator", unit="N-1")),
    "operation.end_role": Place(OPERATORS, says=frozenset({404})),
    "operation.send_link": Place(OPERATORS),
    "operation.sign_out": Place(OPERATORS),
    "operation.close": Place(OPERATORS, last=1),
    "operation.jobs": Place(OPERATORS),
    "operation.run_again": Place(OPERATORS),
    "operation.log": Place(OPERATORS),
    "operation.units": Place(OPERATORS),
    "operation.add_unit": Place(OPERATORS, _fixed(name="New", kind="unit", code="NEW", parent="N")),
    "operation.add_member": Place(OPERATORS, _fixed(login="otto", unit="N-2", since="2026-01-31")),
    "outbox.listed": Place(OPERATORS),
    "outbox.letter": Place(OPERATORS),
}


@dataclass(frozen=True)
class Try:
    """One request: a method, the route it belongs to, a path filled in."""

    method: str
    endpoint: str
    rule: str
    path: str

    @property
    def place(self) -> Place:
        """What the table says of it."""
        return PLACES[self.endpoint]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def tries(app: Flask, world: World, who: str, methods: frozenset[str]) -> list[Try]:
    """A request for each route and method; those after which nothing works come last."""
    found = [
        Try(method, rule.endpoint, rule.rule, path_of(rule, world, who))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & methods)
    ]
    return sorted(found, key=lambda each: each.place.last)


def path_of(rule: Rule, world: World, who: str) -> str:
    """The rule with names that exist."""
    if rule.endpoint in {"static", "static_plain"}:
        digest = asset_url("tokens.css").split("/")[2]
        values = {"name": "tokens.css", "digest": digest}
    else:
        values = world.names(who)
    built = rule.build({name: values[name] for name in rule.arguments})
    assert built is not None, f"tests/contracts/world.py has no names for {rule.rule}"
    return built[1]
