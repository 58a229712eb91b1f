"""Many hand in at the same moment, each twice, at two servers: everybody has one certificate, at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from lms.app import create_app
from lms.config import Settings
from lms.db import Database
from tests.cast import Visitor
from tests.ready import Ready, assert_exactly_once, get_ready, right_responses

PEOPLE, PAIRS = 40, 4


def test_handing_in_twice_at_two_servers_is_one_certificate_each(
    app: Flask, settings: Settings, database: Database
) -> None:
    people = get_ready(app, database, range(PEOPLE), right_responses(app, database))
    elsewhere = Database(settings.database, durable=False)
    apps = (app, create_app(settings, elsewhere))

    def hand_in(site: Flask, person: Ready, start: Barrier) -> int:
        visitor = Visitor(site)
        visitor.browser.set_cookie("lms", person.cookie, domain="localhost")
        start.wait()
        return visitor.post(person.path).status_code

    with ThreadPoolExecutor(2 * PAIRS) as pool:
        answers = []
        for person in people:
            start = Barrier(2)
            answers += [pool.submit(hand_in, site, person, start) for site in apps]
        assert {answer.result() for answer in answers} == {303}
    elsewhere.dispose()
    assert_exactly_once(database, people, seconds=1.0)
