"""Every page of every role, read in another language: nothing of it is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest
from babel import Locale
from flask import Flask

from lms.discovery import OWN, question_types
from lms.finding.words import TONGUES
from lms.operation.health import versions
from lms.organisation.forms import NAMED_IN
from lms.translations import catalogues
from lms.web.language import COOKIE
from lms.web.language import NAMES as LANGUAGES
from tests.cast import NAMES as PEOPLE
from tests.cast import Cast, Visitor
from tests.contracts.places import tries
from tests.contracts.world import GARDENS, LOGINS, World, forget_tries
from tests.i18n.reading import outside, read
from tests.packs import SMALL

GETS, POSTS = frozenset({"GET"}), frozenset({"POST"})
ROLES = ["visitor", "trainee", "trainer", "coordinator", "operator"]
WORDS = re.compile(r"[^\W\d_]{2,}")
LONG_WORDS = re.compile(r"[^\W\d_]{4,}")
GAP = re.compile(r"%\(\w+\)s|%%|\{\w*\}")

# What is shown as somebody wrote it, or as a machine says it.
WRITTEN = frozenset(
    phrase.strip()
    for text in (*SMALL.values(), *GARDENS.values())
    for line in text.splitlines()
    for phrase in re.split(r"[\[\](){}<>#`|,]|[:>] |^- |\] ", line)
    if WORDS.search(phrase)
)
NAMED = frozenset(
    (
        *(name for person in PEOPLE.values() for name in (person, person.split()[0])),
        *LANGUAGES.values(),
        *(str(Locale.parse(tag).get_language_name(tag)) for tag in NAMED_IN),
        *("Handrail", "LV", "EN", "un", "tests", "gardens-trainer", "unit", "key.svg", "first-aid"),
        *("laura", "otto", "tina", "nora", "sid", "omar", "handrail", "ALL", "N-1", "localhost"),
        *("Another Institute", "Ed25519"),
        *("Some Body", "Some", "Nina New", "Nina", "New", "NEW", "Power cut", "A comma is missing.", "Good day."),
        *("Gardens open", "By telephone"),
        *("Good day", "pack", "role", "coordinator", "trainer", "operator", "Pages", "Jobs", "CSV", "register.csv"),
        *(
            "Corrected",
            "Autumn",
            "On leave",
            "Stuck",
            "team",
            "Northern one",
            "House in the north",
            "Tiek lietots: unit",
        ),
        *("water", "air-operator", "pack-of-trainer", "copy-for-trainer", "map-trainer.svg", "water.gift", "sun.gift"),
        *(
            "Ieva",
            "Which form?",
            "The blue one.",
            "asker@example.org",
            "nobody",
            "Is it?",
            "GIFT",
            "Moodle XML",
            "Aiken",
            "# Helping",
            "Helping",
            "without typing",
            "heading-skipped",
            "The sun rises in the east.",
        ),
        *("Water boils at 100 degrees.", "utf-8", "utf-16", "Tab"),
        *("Main street 3", "diploma.pdf", "PDF", "Bytes", "Periods", "Leaflet", "It is out of date", "Latin"),
        *("quizzes/water.md", "quizzes/sun-trainer.md"),
        *(name for tag in TONGUES if (name := Locale.parse(tag).get_display_name())),
        *Locale("lv").days["format"]["wide"].values(),
        *("Team coordinator", "TEAM-coordinator", "Team operator", "TEAM-operator"),
    )
)
MADE = re.compile(
    r"\d{4}\. gada \d+\. \w+\.?|\d{4}\. g(ada|\.) \w+|life/\w+|CC0 1\.0|CC BY[A-Z-]* 4\.0|\S+@example\.org|[0-9A-Z]{4}(-[0-9A-Z]{4}){3}|https?://\S+|[0-9a-f]{12}|[0-9A-Z]{3}-[0-9A-Z]{3}|[0-9A-Z]{5}-[0-9A-Z]{5}"
    r"|(Ctrl|Alt)\+[\w+]+|windows-\d+"
    r"|Unit [A-Z0-9-]+|SQLite [\d.]+|" + "|".join(map(re.escape, [*versions(), *question_types([OWN])]))
)


SAID_BY_PEOPLE = re.compile(
    rf"(?<!\w)(?:{'|'.join(re.escape(phrase) for phrase in sorted(WRITTEN | NAMED, key=len, reverse=True))})(?!\w)"
)


@cache
def left_over(part: str) -> str:
    """What of a text nobody wrote into a course, a name, a setting or a date."""
    part = SAID_BY_PEOPLE.sub(" ", MADE.sub(" ", part))
    return part if WORDS.search(part) else ""


def at_browser(cast: Cast, who: str) -> Visitor:
    """Somebody of this role."""
    forget_tries(cast.app)
    return Visitor(cast.app) if who == "visitor" else cast.at_browser(LOGINS[who])


def pages(app: Flask, cast: Cast, world: World, who: str, methods: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Every page that this role can get: opened, sent with an empty form, sent with a good one."""
    person = at_browser(cast, who)
    for each in tries(app, world, who, methods):
        if who not in each.place.who:
            continue
        if each.place.last:
            person = at_browser(cast, who)
        forms = [{}, each.place.form(world, who)] if each.method == "POST" else [None]
        for form in forms:
            person.browser.set_cookie(COOKIE, "lv")
            answer = person.get(each.path) if form is None else person.post(each.path, form)
            if answer.status_code == 303:
                person.browser.set_cookie(COOKIE, "lv")
                answer.close()
                answer = person.get(answer.location)
            if answer.mimetype == "text/html":
                yield f"{each} ({who})", answer.text
            answer.close()


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.usefixtures("brackets")
def test_nothing_is_said_outside_of_a_catalogue(app: Flask, cast: Cast, world: World, who: str) -> None:
    found = set()
    for place, html in pages(app, cast, world, who, GETS | POSTS):
        page = read(html)
        shown = [text for text, spoken in page.texts if spoken == "lv"]
        parts = [*outside(shown), *(part for text in page.spoken for part in outside([text]))]
        found |= {f"{place}: {part.strip()}" for part in parts if left_over(part)}
    assert not found, "\n".join(sorted(found))


@pytest.mark.long  # `test_catalogues` finds what is not translated at once
def test_latvian_pages_have_no_english_left(app: Flask, cast: Cast, world: World) -> None:
    english = english_sentences()
    found = set()
    for place, html in chain.from_iterable(pages(app, cast, world, who, GETS) for who in ROLES):
        page = read(html)
        texts = [*(text for text, spoken in page.texts if spoken == "lv"), *page.spoken]
        read_as = {text.strip() for text in texts if left_over(text) and english.fullmatch(" ".join(text.split()))}
        found |= {f"{place}: {text}" for text in read_as}
    assert not found, "\n".join(sorted(found))


@cache
def english_sentences() -> re.Pattern[str]:
    """Every sentence of the catalogue that reads otherwise in Latvian.

    Without those that have short words only: "to" and "no" are words of both languages, and "for" tells too little.
    """
    sentences = set()
    for message in catalogues.catalogue("lv"):
        for said in message.id if isinstance(message.id, (tuple, list)) else (message.id,):
            if said not in message.string and LONG_WORDS.search(GAP.sub("", said)):
                sentences.add(".+".join(re.escape(piece) for piece in GAP.split(said)))
    return re.compile("|".join(sorted(sentences)))
