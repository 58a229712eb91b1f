"""Every route of the app: who may come in, and a request that makes sense there.

A new route needs a line in `PLACES`; the tests of this folder then try it from all sides.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lms.web.assets import asset_url
from tests.contracts.place import (
    ALL,
    FINE,
    OPERATORS,
    SIGNED_IN,
    Place,
    fixed,
    fresh_id,
)
from tests.contracts.places_of_trainers import OF_TRAINERS
from tests.contracts.places_of_units import OF_UNITS
from tests.contracts.world import World

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Rule


def _sign_up(_world: World, who: str) -> dict[str, Any]:
    return {"name": "Nina New", "login": f"new-{who}-{uuid.uuid4().hex[:6]}", "password": "four words are good"}


def _practice(_world: World, _who: str) -> dict[str, Any]:
    return {"question": "long-passwords#hardest", "answer": "1", "answer_id": str(uuid.uuid4())}


SIGN_IN = fixed(login="laura", password="correct horse battery")

ACCOUNT = fixed(name="Some Body", latin_name="", email="", current="correct horse battery", language="en")

PLACES: Mapping[str, Place] = {
    **OF_TRAINERS,
    **OF_UNITS,
    "static": Place(ALL),
    "static_plain": Place(ALL),
    "healthz": Place(ALL),
    "metrics": Place(ALL, says=frozenset({404})),  # asks for its token instead: tests/web/test_health.py
    "people.sign_in": Place(ALL),
    "people.sign_in_post": Place(ALL, SIGN_IN, last=1),
    "people.sign_up": Place(ALL, _sign_up, last=1),
    "people.sign_out": Place(ALL, last=1),
    "people.ask_link": Place(ALL),
    "people.ask_link_post": Place(ALL, fixed(email="nobody@example.org")),
    "people.open_link": Place(ALL),
    "people.use_link": Place(ALL, says=frozenset({410})),
    "people.choose_language": Place(ALL, fixed(language="en")),
    "people.account": Place(SIGNED_IN),
    "erasure.ask": Place(SIGNED_IN),
    "erasure.erase": Place(SIGNED_IN, says=frozenset({422})),  # without a tick: others use these accounts
    "operation.erase": Place(OPERATORS, says=frozenset({422})),
    "people.change_account": Place(SIGNED_IN, ACCOUNT),
    "people.change_password": Place(
        SIGNED_IN, fixed(current="correct horse battery", password="five words are better"), last=9
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
    "lessons.report": Place(ALL, fixed(text="A comma is missing.", report_id="")),
    "lessons.media": Place(ALL),
    "quizzes.start_page": Place(SIGNED_IN),
    "quizzes.start": Place(SIGNED_IN, fresh_id("attempt_id")),
    "quizzes.question": Place(SIGNED_IN),
    "quizzes.save": Place(SIGNED_IN, fresh_id("answer_id")),
    "quizzes.review": Place(SIGNED_IN),
    "quizzes.submit": Place(SIGNED_IN, last=1),
    "quizzes.result": Place(SIGNED_IN),
    "credentials.check": Place(ALL),
    "credentials.show": Place(ALL),
    "printing.pdf": Place(ALL),
    "statements.home": Place(SIGNED_IN),
    "statements.pdf": Place(SIGNED_IN, says=FINE | {404}),  # others did nothing in that year
    "sealing.verify": Place(ALL),
    "sealing.keys": Place(ALL),
    "sealing.status": Place(ALL),
    "sealing.worker": Place(ALL),
    "sealing.manifest": Place(ALL),
    "sealing.code": Place(ALL),
    "badges.badge": Place(ALL),
    "badges.own_did": Place(ALL),
    "badges.did": Place(ALL),
    "badges.key_set": Place(ALL),
    "badges.issuer": Place(ALL),
    "badges.key": Place(ALL),
    "badges.logo": Place(ALL, says=frozenset({404})),  # this issuer has none
    "badges.achieved": Place(ALL, says=frozenset({200, 404})),  # the course certifies no organisations
    "badges.achieved_picture": Place(ALL, says=frozenset({200, 404})),
    "badges.status": Place(ALL),
    "heads.heads": Place(ALL),
    "quizzes.own_file": Place(SIGNED_IN, says=frozenset({404})),
    "slip_sign_in.ask": Place(ALL),
    "slip_sign_in.use": Place(ALL, fixed(code="7K3MC-92DTF"), says=frozenset({422})),
    "slip_sign_in.own_door": Place(SIGNED_IN),
    "slip_sign_in.choose_door": Place(SIGNED_IN, fixed(user_name="x", password="four words are good")),
    "operation.home": Place(OPERATORS),
    "operation.search": Place(OPERATORS),
    "operation.person": Place(OPERATORS),
    "operation.grant_role": Place(OPERATORS, fixed(role="coordinator", unit="N-1")),
    "operation.end_role": Place(OPERATORS, says=frozenset({404})),
    "operation.send_link": Place(OPERATORS),
    "operation.sign_out": Place(OPERATORS),
    "operation.close": Place(OPERATORS, last=1),
    "operation.jobs": Place(OPERATORS),
    "operation.run_again": Place(OPERATORS),
    "operation.log": Place(OPERATORS),
    "operation.units": Place(OPERATORS),
    "operation.add_unit": Place(OPERATORS, fixed(name="New", kind="unit", code="NEW", parent="N")),
    "operation.add_member": Place(OPERATORS, fixed(login="otto", unit="N-2", since="2026-01-31")),
    "issuer_settings.home": Place(OPERATORS),
    "issuer_settings.add": Place(OPERATORS, fixed(name="Another Institute")),
    "issuer_settings.issuer": Place(OPERATORS),
    "issuer_settings.change": Place(OPERATORS, fixed(name="Handrail", country="LV")),
    "issuer_settings.logo": Place(OPERATORS),
    "issuer_settings.audit": Place(OPERATORS),
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
