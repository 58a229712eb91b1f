"""The pages that are looked at in a browser: who looks, and how they get there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from lms.demo import PASSWORD

COURSE = "/courses/e-services"
ANSWERS = "/authoring/analysis/e-services/questions/e-services-exam"
PACK = "/authoring/packs/handrail"


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the demonstration: the person who is signed in, the address, and links to follow from there."""

    name: str
    path: str
    login: str = ""
    links: tuple[str, ...] = ()
    status: int = 200


PLACES = (
    Place("home", "/"),
    Place("catalogue", "/courses"),
    Place("course-of-a-visitor", COURSE),
    Place("lesson-of-a-visitor", COURSE, links=(rf"{COURSE}/lessons/",)),
    Place("sign-in", "/sign-in"),
    Place("sign-in-by-link", "/sign-in/link"),
    Place("check-a-certificate", "/c"),
    Place("check-without-a-network", "/verify"),
    Place("issuer-of-certificates", "/issuers/handrail"),
    Place("not-found", "/nowhere", status=404),
    Place("home-of-a-trainee", "/", login="anna"),
    Place("course", COURSE, login="anna"),
    Place("lesson", COURSE, login="anna", links=(rf"{COURSE}/lessons/",)),
    Place("my-learning", "/my-learning", login="anna"),
    Place("account", "/account", login="anna"),
    Place("delete-my-account", "/account/erasure", login="anna"),
    Place("my-learning-with-a-certificate", "/my-learning", login="lucia"),
    Place("yearly-statements", "/account/statement", login="lucia"),
    Place("certificate", "/my-learning", login="lucia", links=(r"/c/[\w-]+$",)),
    Place("reviews", "/reviews", login="lucia"),
    Place("question-that-came-back", "/reviews", login="marta"),
    Place("renewal", "/my-learning", login="marta", links=(r"/certificates/[\w-]+/renewal$",)),
    Place("help", "/help", login="lucia"),
    Place("help-closed", "/help", login="anna"),
    Place("all-that-i-noted", "/help/mine", login="lucia"),
    Place("what-a-figure-counts", "/help/definitions/consulted"),
    Place("tallies", "/help/tally", login="janis"),
    Place("tally-of-a-month", "/help/tally", login="janis", links=(r"/help/tally/\d+/",)),
    Place("paper-of-a-tally", "/help/tally", login="janis", links=(r"/help/tally/\d+/", r"/paper$")),
    Place("tallies-from-a-file", "/help/tally/file", login="janis"),
    Place("lists-of-help", "/coordination/help/lists", login="janis"),
    Place("board-of-helpers", "/help/board", login="lucia"),
    Place("help-of-a-unit", "/coordination/help/units/KUR", login="janis"),
    Place("chain-of-a-unit", "/coordination/help/units/KUR/chain", login="janis"),
    Place("most-active", "/coordination/help/units/KUR/most-active", login="janis"),
    Place("cascade-of-a-unit", "/coordination/help/units/KUR/cascade", login="janis"),
    Place("without-a-helper", "/coordination/help/units/KUR/gaps", login="janis"),
    Place("periods", "/coordination/help/periods", login="austra"),
    Place("find-help", "/find?q=harbour"),
    Place("help-point", "/find", links=(r"/find/[\w-]+$",)),
    Place("did-you-get-it", "/find/KUR-LIE/said"),
    Place("how-people-find-you", "/find-me", login="lucia"),
    Place("help-that-looks-odd", "/coordination/help/odd", login="janis"),
    Place("odd-entries", "/coordination/help/odd", login="janis", links=(r"/coordination/help/odd/\d+$",)),
    Place("call-back", "/coordination/help/samples", login="janis"),
    Place("help-points", "/coordination/help/points", login="janis"),
    Place("help-point-of-a-coordinator", "/coordination/help/points/KUR-LIE", login="janis"),
    Place("poster-of-a-help-point", "/coordination/help/points/KUR-LIE/poster", login="janis"),
    Place("ask-for-help", "/ask"),
    Place("requests-of-a-consultant", "/requests", login="lucia"),
    Place("ask-an-expert", "/hard-questions", login="lucia"),
    Place("requests-in-units", "/coordination/help/requests", login="janis"),
    Place("consultants", "/coordination/help/consultants?q=luc", login="janis"),
    Place("experts", "/coordination/help/experts?q=il", login="janis"),
    Place("questions-of-an-expert", "/hard-questions/to-me", login="lucia"),
    Place("times-of-requests", "/coordination/help/times", login="janis"),
    Place("hard-questions", "/authoring/hard-questions", login="ilze"),
    Place("what-is-asked-for", "/authoring/asked", login="ilze"),
    Place("materials", "/materials", login="lucia"),
    Place("new-material", "/materials/new", login="lucia"),
    Place("materials-reported", "/authoring/materials", login="ilze"),
    Place("updates", "/updates", login="lucia"),
    Place("updates-of-a-trainer", "/authoring/updates", login="ilze"),
    Place("lessons-to-tell-of", "/authoring/courses/e-services/updates", login="ilze"),
    Place("updates-of-units", "/coordination/updates", login="janis"),
    Place("what-is-kept", "/authoring/analysis/e-services/kept", login="ilze"),
    Place("coordination", "/coordination", login="janis"),
    Place("unit-of-a-coordinator", "/coordination", login="janis", links=(r"/coordination/units/",)),
    Place("courses-of-a-unit", "/coordination", login="janis", links=(r"/coordination/units/", r"/courses\?")),
    Place("targets", "/coordination/targets", login="janis"),
    Place("new-target", "/coordination", login="janis", links=(r"/targets/new/",)),
    Place("people-of-a-coordinator", "/coordination/people", login="janis"),
    Place("who-is-missing", "/coordination/people?course=e-services&state=left", login="janis"),
    Place("person-of-a-coordinator", "/coordination/people", login="janis", links=(r"/coordination/people/\d+$",)),
    Place("remind", "/coordination/remind?course=e-services&state=not-started", login="janis"),
    Place("reminders", "/reminders", login="janis"),
    Place("news-of-a-helper", "/news", login="lucia"),
    Place("announcements", "/coordination/news", login="janis"),
    Place("new-announcement", "/coordination/news/new", login="janis"),
    Place("announcements-of-a-trainer", "/authoring/news", login="ilze"),
    Place("reports", "/reports", login="janis"),
    Place("report-of-units", "/reports/units", login="janis"),
    Place("report-of-people", "/reports/people", login="janis"),
    Place("kept-in-units", "/kept?unit=KUR&course=online-security", login="janis"),
    Place("organisation", "/organisation", login="janis"),
    Place("unit-of-the-organisation", "/organisation", login="janis", links=(r"/organisation/\d+$",)),
    Place("roles-in-a-unit", "/organisation", login="janis", links=(r"/organisation/\d+$", r"/roles$")),
    Place("names-of-a-unit", "/organisation", login="janis", links=(r"/organisation/\d+$", r"/edit$")),
    Place("sessions", "/sessions", login="janis"),
    Place("new-session", "/sessions/new", login="janis"),
    Place("trainers", "/sessions/trainers", login="janis"),
    Place("outside-actions", "/outside-actions", login="janis"),
    Place("ways-in", "/rosters/join", login="janis"),
    Place("ways-into-a-unit", "/rosters/join", login="janis", links=(r"/rosters/join/units/",)),
    Place("requests-to-join", "/rosters/join/requests", login="janis"),
    Place("slips", "/rosters/join", login="janis", links=(r"/rosters/slips/",)),
    Place("one-person-or-two", "/rosters/duplicates", login="janis"),
    Place("who-takes-what", "/coordination/enrolment", login="janis"),
    Place("groups", "/coordination/groups", login="janis"),
    Place("join", "/join"),
    Place("join-by-number", "/join/register", login="anna"),
    Place("sign-in-by-slip", "/sign-in/code"),
    Place("certified-organisations", "/accreditation", login="janis"),
    Place("i-know-this-already", "/courses/linux-admin/prior-learning", login="anna"),
    Place("earlier-learning", "/certificates/prior-learning", login="janis"),
    Place("requests-about-certificates", "/certificates", login="janis"),
    Place("prints", "/prints", login="janis"),
    Place("print-certificates", "/prints/new/certificates?unit=KUR&order=unit&course=&design=", login="janis"),
    Place("print-statements", "/prints/new/statements", login="janis"),
    Place("certificates-that-end", "/certificates/expiring", login="janis"),
    Place("issuers", "/operation/issuers", login="olga"),
    Place("issuer", "/operation/issuers", login="olga", links=(r"/operation/issuers/handrail$",)),
    Place("registers", "/rosters/imports", login="janis"),
    Place("send-a-register", "/rosters/imports/new", login="janis"),
    Place("units-that-list-me", "/my-units", login="anna"),
    Place("authoring", "/authoring", login="ilze"),
    Place("course-of-a-trainer", "/authoring/courses/e-services", login="ilze"),
    Place("upload", "/authoring/upload", login="ilze"),
    Place("to-grade", "/authoring/grading", login="ilze"),
    Place("graded-before", "/authoring/grading/graded", login="ilze"),
    Place("changed-keys", "/authoring/grading/keys?course=e-services", login="ilze"),
    Place("grade-again", "/authoring/grading/keys?course=e-services", "ilze", (r"/grading/keys/e-services/",)),
    Place("passes-to-decide", "/authoring/grading/decisions", login="ilze"),
    Place("answers", "/authoring/analysis", login="ilze"),
    Place("answers-of-a-course", "/authoring/analysis/e-services", login="ilze"),
    Place("answers-of-an-exam", "/authoring/analysis/e-services/e-services-exam", login="ilze"),
    Place("answers-to-a-question", f"{ANSWERS}%23exam-aunt", login="ilze"),
    Place("to-approve", "/authoring/approvals", login="ilze"),
    Place("links-for-colleagues", "/authoring/courses/tour/links", login="ilze"),
    Place("text-in-the-editor", f"{PACK}/edit/courses/tour/01-how-lessons-work.md", login="ilze"),
    Place("questions-of-a-lesson", f"{PACK}/questions/courses/tour/01-how-lessons-work.quiz.md", login="ilze"),
    Place("question-as-a-form", f"{PACK}/question/quizzes/every-question-type.md?place=0", login="ilze"),
    Place("new-question", f"{PACK}/question/courses/tour/01-how-lessons-work.quiz.md?kind=gaps", login="ilze"),
    Place("repositories", "/authoring/repositories", login="ilze"),
    Place("bring-questions-in", "/authoring/import", login="ilze"),
    Place("send-questions-out", "/authoring/packs/handrail/export", login="ilze"),
    Place("rules-of-the-check", "/authoring/rules", login="ilze"),
    Place("rule-of-the-check", "/authoring/rules/heading-skipped", login="ilze"),
    Place("exam-half-way", "/my-learning", login="maris", links=(r"/attempts/",)),
    Place("files-of-a-pack", "/authoring/packs/handrail/files", login="ilze"),
    Place("steps-of-a-pack", "/authoring/packs/handrail/steps", login="ilze"),
    Place("new-pack", "/authoring/new-pack", login="ilze"),
    Place("copy-of-a-pack", "/authoring/packs/handrail/copy", login="ilze"),
    Place("lesson-of-a-pack", "/authoring/packs/handrail/item/courses/e-services/index.md", login="ilze"),
)


_cookies: dict[tuple[str, str], list[Any]] = {}


def go(page: Page, place: Place) -> None:
    """Sign in if the place needs it, and walk there as that person would."""
    if place.login:
        be(page, place.login)
    walk(page, place)


def walk(page: Page, place: Place) -> None:
    """Walk to a place as whoever is signed in already."""
    answer = page.goto(place.path)
    assert answer
    assert answer.status == place.status, f"{place.path} answered {answer.status}"
    for link in place.links:
        follow(page, link)


def be(page: Page, login: str) -> None:
    """Be somebody: by the form the first time on a site, later by the cookie that it gave."""
    page.goto("/c")
    known = _cookies.get((page.url, login))
    if known is None:
        site = page.url
        sign_in(page, login)
        _cookies[site, login] = page.context.cookies()
    else:
        page.context.add_cookies(known)


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.locator("input[name=login]").first.fill(login)
    page.locator("input[name=password]").first.fill(password)
    page.locator("form", has=page.locator("input[name=password]")).first.locator("button").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def follow(page: Page, pattern: str) -> None:
    """Open the first link to an address like this. It may be folded away on a phone, so it is not clicked."""
    links: list[str] = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    found = [link for link in links if re.search(pattern, link)]
    assert found, f"{page.url} has no link like {pattern}"
    page.goto(found[0])
