"""The log of help in a real browser: three taps, without a line, on two pages at once, after signing out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.clock import now
from lms.helping.models import HelpEntry
from tests.browser.driver import SCREENS
from tests.browser.places import be

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.browser.driver import Watch
    from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("screen", ["phone"], indirect=True)]
KEPT = """async () => {
  const shelf = await caches.open('handrail-help');
  const isKept = async () => navigator.serviceWorker.controller && await shelf.match('/help');
  while (!await isKept()) await new Promise(later => setTimeout(later, 50));
}"""


SENT = """async () => {
  const waiting = () => JSON.parse(localStorage.getItem('handrail-help') || '[]');
  while (waiting().length) await new Promise(later => setTimeout(later, 50));
}"""


def entries(live: Site) -> list[HelpEntry]:
    with live.app.extensions["lms_database"].reading() as db:
        return list(db.scalars(select(HelpEntry).where(HelpEntry.note.like("%!")).order_by(HelpEntry.id)))


def tap(page: Page, note: str) -> int:
    """Note help as a thumb does; how many taps it took, without the note by which the test knows it."""
    page.locator("details.more").evaluate("more => more.open = true")
    page.get_by_label("A note for yourself").fill(note)
    taps = (
        page.locator("label.plate", has_text="Visit"),
        page.locator("label.plate", has_text="A business"),
        page.get_by_role("button", name="Work and taxes"),
    )
    for plate in taps:
        plate.click()
    return len(taps)


@pytest.fixture
def kept(page: Page) -> Page:
    """The log on Lucia's phone, which has kept it."""
    be(page, "lucia")
    page.goto("/help")
    page.evaluate(KEPT)
    return page


def test_three_taps_note_help(kept: Page, live: Site) -> None:
    assert tap(kept, "one!") == 3
    expect(kept.locator("[data-noted]")).to_contain_text("Noted: Visit · A business · Work and taxes.")
    kept.evaluate(SENT)
    assert [(each.kind, each.audience, each.service) for each in entries(live)] == [("visit", "business", "work")]
    assert [UUID(each.client_id).version for each in entries(live)] == [7]


def test_without_a_line_help_waits_and_is_sent_once(
    kept: Page, context: BrowserContext, live: Site, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    context.set_offline(True)
    kept.reload()
    tap(kept, "one!")
    expect(kept.locator("[data-waiting]")).to_contain_text("One entry waits on this device")
    kept.reload()
    tap(kept, "two!")
    expect(kept.locator("[data-waiting]")).to_contain_text("2 entries wait on this device")
    assert entries(live) == []
    other = context.new_page()
    other.goto("/help")
    context.set_offline(False)
    for page in (kept, other):
        page.evaluate("dispatchEvent(new Event('online'))")
    kept.evaluate(SENT)
    kept.reload()
    assert [each.note for each in entries(live)] == ["one!", "two!"]


WAITING = "() => JSON.parse(localStorage.getItem('handrail-help')).map(({ body }) => Object.fromEntries(body).given_on)"


def test_a_page_that_was_kept_for_days_notes_the_day_of_the_help(
    kept: Page, context: BrowserContext, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    context.set_offline(True)
    kept.clock.set_fixed_time(now() + timedelta(days=2))
    kept.reload()
    today = now().date()
    tap(kept, "one!")
    tap(kept, "two!")
    kept.get_by_label("Day", exact=True).fill(str(today - timedelta(days=1)))
    tap(kept, "three!")
    days = [str(today + timedelta(days=each)) for each in (2, 2, -1)]
    assert kept.evaluate(WAITING) == days


def test_a_name_is_asked_about_before_it_leaves_the_phone(kept: Page, live: Site) -> None:
    tap(kept, "for Anna Bērziņa!")
    expect(kept.get_by_text("“Anna Bērziņa” looks like a name.")).to_be_visible()
    assert entries(live) == []
    kept.locator("[data-ask]").get_by_role("button", name="Leave it out").click()
    expect(kept.locator("[data-noted]")).to_contain_text("Noted")
    kept.evaluate(SENT)
    assert [each.note for each in entries(live)] == ["for …!"]


def test_what_the_site_refuses_later_comes_back_to_be_put_right(
    kept: Page, context: BrowserContext, live: Site, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|422")
    context.set_offline(True)
    kept.locator("details.more").evaluate("more => more.open = true")
    kept.get_by_label("How many people").fill("9999")
    tap(kept, "one!")
    tap(kept, "two!")
    context.set_offline(False)
    kept.evaluate("dispatchEvent(new Event('online'))")
    refused = kept.locator("[data-refused]")
    expect(refused.locator("[data-what]")).to_contain_text("Visit · A business · Work and taxes")
    expect(refused.locator("[data-why]")).to_contain_text("Write how many people it was")
    kept.reload()
    expect(refused).to_be_visible()
    assert [each.note for each in entries(live)] == ["two!"]
    refused.get_by_role("button", name="Put it right").click()
    expect(kept.get_by_label("How many people")).to_have_value("9999")
    kept.get_by_label("How many people").fill("9")
    kept.get_by_role("button", name="Work and taxes").click()
    kept.evaluate(SENT)
    expect(refused).to_be_hidden()
    assert [(each.note, each.people) for each in entries(live)] == [("two!", 1), ("one!", 9)]


def test_what_is_refused_can_be_thrown_away(kept: Page, live: Site, watch: Watch) -> None:
    watch.allow("422")
    kept.locator("details.more").evaluate("more => more.open = true")
    kept.get_by_label("Minutes").fill("0")
    tap(kept, "one!")
    kept.locator("[data-refused]").get_by_role("button", name="Throw it away").click()
    kept.evaluate(SENT)
    expect(kept.locator("[data-refused]")).to_be_hidden()
    assert entries(live) == []


def test_the_day_turns_on_a_page_that_was_kept(kept: Page, context: BrowserContext, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    made_on = kept.get_by_label("Day").input_value()
    tomorrow = (date.fromisoformat(made_on) + timedelta(days=1)).isoformat()
    context.set_offline(True)
    kept.clock.set_fixed_time(f"{tomorrow}T12:00:00Z")
    kept.reload()
    tap(kept, "one!")
    assert f'["given_on","{tomorrow}"]' in kept.evaluate("localStorage.getItem('handrail-help')")
    kept.locator("details.more").evaluate("more => more.open = true")
    kept.get_by_label("Day").fill(made_on)
    tap(kept, "two!")
    assert f'["given_on","{made_on}"]' in kept.evaluate("localStorage.getItem('handrail-help')")


def test_a_number_is_refused_before_it_leaves_the_phone(kept: Page, live: Site) -> None:
    tap(kept, "26 123 456!")
    expect(kept.get_by_text("The note holds a number")).to_be_visible()
    expect(kept.get_by_label("A note for yourself")).to_be_focused()
    tap(kept, "2FA Smart-ID!")
    expect(kept.get_by_label("A note for yourself")).not_to_have_attribute("aria-invalid", "true")
    expect(kept.get_by_text("“FA Smart-ID” looks like a name.")).to_be_visible()
    kept.locator("[data-ask]").get_by_role("button", name="It is no name: send as it is").click()
    kept.evaluate(SENT)
    assert [each.note for each in entries(live)] == ["2FA Smart-ID!"]


FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
FORBIDDEN = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
)


@pytest.mark.parametrize("script", [FULL, FORBIDDEN])
def test_where_nothing_can_be_kept_help_is_sent_at_once(kept: Page, live: Site, script: str) -> None:
    kept.add_init_script(script)
    kept.reload()
    tap(kept, "one!")
    kept.wait_for_url("**/help?noted=*")
    expect(kept.locator("[data-noted]")).to_contain_text("Noted: Visit · A business · Work and taxes.")
    assert [(each.note, each.service) for each in entries(live)] == [("one!", "work")]
    kept.locator("[data-undo]").get_by_role("button", name="Undo").click()
    kept.wait_for_url("**/help")
    assert [each.undone_at is None for each in entries(live)] == [False]


def test_who_answers_in_place_of_the_site_is_not_believed(kept: Page, live: Site) -> None:
    kept.context.route("**/help", lambda route: route.fulfill(body="<h1>Sign in to this network</h1>"))
    tap(kept, "one!")
    expect(kept.locator("[data-waiting]")).to_contain_text("One entry waits on this device")
    kept.context.unroute("**/help")
    kept.evaluate("dispatchEvent(new Event('online'))")
    kept.evaluate(SENT)
    assert [each.note for each in entries(live)] == ["one!"]


def test_signing_out_leaves_no_page_of_hers(kept: Page, context: BrowserContext, watch: Watch) -> None:
    tap(kept, "one!")
    expect(kept.locator("[data-noted]")).to_contain_text("Noted")
    kept.goto("/account")
    kept.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(kept.get_by_role("link", name="Sign in").first).to_be_visible()
    watch.allow("ERR_INTERNET_DISCONNECTED")
    context.set_offline(True)
    kept.goto("/help")
    assert "one!" not in kept.content()
    assert "Lucia" not in kept.content()


def test_labels_of_fields_beside_each_other_stand_in_one_line(page: Page) -> None:
    be(page, "janis")
    page.set_viewport_size(SCREENS["desktop"])
    page.goto("/coordination/help/samples")
    tops = page.locator(".filters label").evaluate_all("labels => labels.map(each => each.getBoundingClientRect().top)")
    assert len(tops) == 4
    assert max(tops) - min(tops) < 1


def test_a_sentence_on_a_card_stands_below_its_label(page: Page) -> None:
    be(page, "janis")
    page.goto("/coordination/help/lists")
    cell = page.locator("td.long").first
    expect(cell).to_have_css("display", "block")
    told = cell.locator("> span").bounding_box()
    assert told is not None
    assert told["x"] < 60
