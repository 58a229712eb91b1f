"""Who may open what: every route, tried by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import select

from lms.clock import now
from lms.people.actions import end_role
from lms.people.models import Person, RoleGrant
from lms.people.needs import UndecidedRoute, init_needs, right_of
from tests.cast import PASSWORD, Cast, Visitor
from tests.contracts.place import ALL
from tests.contracts.places import PLACES, Try, tries
from tests.contracts.world import LOGINS, World, forget_tries

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

METHODS = frozenset({"GET", "POST"})


class Walker:
    """One of the cast, who tries one route after the other; a request may not spoil the session of the next."""

    def __init__(self, app: Flask, cast: Cast, who: str) -> None:
        self.app, self.cast, self.who = app, cast, who
        self.cookie = self._signed_in().browser.get_cookie("lms") if who in LOGINS else None

    def _signed_in(self) -> Visitor:
        forget_tries(self.app)
        return self.cast.at_browser(LOGINS[self.who])

    def browser(self, each: Try) -> Visitor:
        """A browser for one request."""
        if self.cookie is not None and each.place.last:
            return self._signed_in()
        fresh = Visitor(self.app)
        if self.cookie is not None:
            fresh.browser.set_cookie("lms", self.cookie.value, domain="localhost")
        return fresh

    def request(self, each: Try, world: World) -> TestResponse:
        """The answer to one request."""
        browser = self.browser(each)
        if each.method == "GET":
            return browser.get(each.path)
        return browser.post(each.path, each.place.form(world, self.who))


@pytest.mark.mostly_sqlite
@pytest.mark.parametrize("who", sorted(ALL))
def test_every_route_is_open_to_its_people_alone(app: Flask, cast: Cast, world: World, who: str) -> None:
    walker, wrong = Walker(app, cast, who), []
    for each in tries(app, world, who, METHODS):
        answer = walker.request(each, world)
        answer.close()  # a download keeps its file open until then
        expected = each.place.says if who in each.place.who else {303 if who == "visitor" else 403}
        if answer.status_code not in expected or is_to_sign_in(answer) != (who not in each.place.who):
            wrong.append(f"{each}: {answer.status_code} {answer.location or ''}, expected {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


def is_to_sign_in(answer: TestResponse) -> bool:
    """Whether the answer turns somebody away."""
    return answer.status_code == 403 or (answer.location or "").startswith("/sign-in?next=")


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(PLACES)


def test_a_route_that_says_nothing_stops_the_start(app: Flask) -> None:
    app.view_functions["undecided"] = lambda: ""
    with pytest.raises(UndecidedRoute, match="undecided"):
        right_of(app, "undecided")
    app.add_url_rule("/undecided", "undecided")
    with pytest.raises(UndecidedRoute, match="undecided"):
        init_needs(app)


def test_a_right_taken_away_is_gone_at_the_next_click(app: Flask, cast: Cast) -> None:
    tina = cast.at_browser(cast.trainer)
    assert tina.get("/authoring").status_code == 200
    with app.extensions["lms_database"].writing() as db:
        for grant in db.scalars(select(RoleGrant).where(RoleGrant.person_id == cast[cast.trainer])).all():
            end_role(db, grant.id, by=None)
    assert tina.get("/authoring").status_code == 403


def test_a_closed_account_is_shut_out_at_the_next_click(app: Flask, cast: Cast) -> None:
    laura = cast.at_browser(cast.learner)
    assert laura.get("/account").status_code == 200
    with app.extensions["lms_database"].writing() as db:
        db.get_one(Person, cast[cast.learner]).closed_at = now()
    assert laura.get("/account").location == "/sign-in?next=/account"
    again = Visitor(app).post("/sign-in", {"login": cast.learner, "password": PASSWORD})
    assert again.status_code == 422
