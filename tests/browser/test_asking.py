"""Help is asked for on a phone, taken by a consultant, ended, and noted as help given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from lms.clock import now
from lms.consulting import consultant_actions
from lms.consulting.consultant_actions import Skills
from lms.consulting.models import Consultation
from lms.demo import PASSWORD
from lms.helping.models import HelpEntry
from lms.people.models import Membership, Person
from tests.browser.driver import sound

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.site import Site

pytestmark = pytest.mark.browser


def name_consultant(site: Site) -> None:
    """Lucia, who is certified, answers for her library."""
    with site.database.writing() as db:
        ids = {row.user_name: row.id for row in db.execute(select(Person.user_name, Person.id))}
        unit = db.scalars(select(Membership.unit_id).where(Membership.person_id == ids["lucia"])).first()
        assert unit is not None
        consultant_actions.name(db, ids["lucia"], unit, Skills(), by=ids["janis"], today=now().date())


def ask(page: Page) -> None:
    page.goto("/ask")
    page.get_by_label("Where are you?").fill("river mouth")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="River mouth library").click()
    page.get_by_label("Doctor and prescriptions").check()
    page.get_by_label("By phone").check()
    page.get_by_label("Phone", exact=True).fill("+371 2612 3456")
    sound(page)
    page.get_by_role("button", name="Ask for help").click()


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_from_a_citizen_on_a_phone_to_an_entry_of_help(live: Site, page: Page) -> None:
    name_consultant(live)
    ask(page)
    expect(page.get_by_text("Waits: somebody will take it soon")).to_be_visible()
    sound(page)
    address = page.url
    with live.database.reading() as db:
        newest_request = db.scalar(select(func.max(Consultation.id)))

    page.goto("/sign-in?next=/requests")
    page.locator("#login").fill("lucia")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.btn-main").first.click()
    page.get_by_role("link", name=f"Doctor and prescriptions · request {newest_request}").click()
    page.get_by_role("button", name="I take it").click()
    expect(page.get_by_text("+371 2612 3456")).to_be_visible()
    sound(page)
    page.get_by_label("Solved", exact=True).check()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("This is noted as help given.")).to_be_visible()

    page.goto(address)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("You said: yes")).to_be_visible()
    with live.database.reading() as db:
        newest = db.scalars(select(HelpEntry).order_by(HelpEntry.id.desc())).first()
    assert newest is not None
    assert (newest.kind, newest.service, newest.channel, newest.outcome) == (
        "consultation", "health", "phone", "solved",
    )  # fmt: skip
