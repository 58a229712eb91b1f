"""A lesson changes, a trainer tells holders of it, and a holder is up to date in two minutes on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms.clock import now
from lms.content.models import CourseVersion, Publication, PublishedCourse
from lms.db import Database
from tests.browser.driver import Watch, axe, no_sideways_scroll, profile
from tests.browser.places import be
from tests.browser.site import Site

COURSE, LESSON = "online-security", "What we protect, and why e-mail comes first"
NEWS = "Since January the mailbox asks for a second step."


def change(database: Database) -> None:
    """Make a version in which the first lesson with a question has one more sentence the current one."""
    with database.writing() as db:
        old = db.scalars(select(CourseVersion).where(CourseVersion.course_id == COURSE)).one()
        compiled = json.loads(old.compiled)
        lesson = next(each for each in compiled["lessons"] if each.get("questions"))
        for page in lesson["pages"].values():
            part = next(each for each in page["parts"] if "<p>" in each.get("html", ""))
            part["html"] = part["html"].replace("<p>", f"<p>{NEWS} ", 1)
        facts = {"course_id": COURSE, "renderer": old.renderer, "number": 2, "created_at": now()}
        new = CourseVersion(**facts, digest="e" * 64, compiled=json.dumps(compiled).encode(), source=old.source)
        db.add(new)
        db.flush()
        db.get_one(PublishedCourse, COURSE).current_version_id = new.id
        db.add(Publication(course_id=COURSE, version_id=new.id, at=now()))


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_a_holder_is_told_and_answers(browser: Browser, watch: Watch, page: Page, live: Site) -> None:
    change(live.database)
    with profile(browser, watch, "desktop") as other:
        desk = other.new_page()
        be(desk, "ilze")
        desk.goto(f"/authoring/courses/{COURSE}/updates")
        axe(desk)
        desk.get_by_role("link", name=LESSON).click()
        desk.get_by_label("What changed").first.fill("The mailbox asks for a second step.")
        desk.get_by_label("Why it matters").first.fill("Whoever does not expect it thinks that it is fraud.")
        axe(desk)
        desk.get_by_role("button", name="Tell holders").click()
        expect(desk.get_by_role("heading", name="By district")).to_be_visible()
        axe(desk)
    be(page, "lucia")
    page.goto("/my-learning")
    page.get_by_role("link", name="See what changed").click()
    page.get_by_role("link", name=LESSON).click()
    expect(page.locator("ins").first).to_contain_text(NEWS)
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("Done: you are up to date with this lesson.")).to_be_visible()
    axe(page)
