"""Which language a page speaks, how it is chosen and kept, and how numbers and dates are written in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from lms.config import BadSetting, Settings
from lms.credentials.labels import labels
from lms.jobs import Worker
from lms.people.models import Person
from lms.web.language import (
    init_language,
    language,
    listing,
    minutes_in_words,
    number,
    percent,
    show_date,
    show_moment,
    speaking,
)
from tests.cast import Cast, Visitor
from tests.i18n.reading import read


def test_numbers_and_dates_are_written_as_in_latvia(app: Flask) -> None:
    with app.app_context(), speaking("lv"):
        assert show_date(date(2026, 3, 8)) == "2026. gada 8. marts"
        assert show_date("2026-03-08", "medium") == "2026. gada 8. marts"
        assert show_moment(datetime(2026, 3, 8, 14, 5, tzinfo=UTC)) == "2026. gada 8. marts, plkst. 14:05"
        assert number(1234567.89) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,9"
        assert percent(0.799) == "79%"
        assert listing(["a", "b", "c"]) == "a, b un c"
        assert [minutes_in_words(minutes) for minutes in (1, 10, 21, 150)] == [
            "1 minūte",
            "10 minūtes",
            "21 minūte",
            "apmēram 2,5 stundas",
        ]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "0 akadēmisko stundu"),
        (1, "1 akadēmiskā stunda"),
        (1.5, "1,5 akadēmiskās stundas"),
        (2, "2 akadēmiskās stundas"),
        (10, "10 akadēmiskās stundas"),
        (11, "11 akadēmiskās stundas"),
        (21, "21 akadēmiskā stunda"),
    ],
)
def test_latvian_counts_in_templates(app: Flask, amount: float, said: str) -> None:
    words = "{{ ngettext('%(num)s academic hour', '%(num)s academic hours', amount) }}"
    with app.test_request_context(headers={"Accept-Language": "lv"}):
        assert render_template_string(words, amount=amount) == said


def test_what_was_said_before_a_request_does_not_choose_its_language(app: Flask) -> None:
    assert language() == "en"
    with app.test_request_context(headers={"Accept-Language": "lv"}):
        assert language() == "lv"


def test_certificates_have_a_label_for_each_way_of_counting() -> None:
    latvian = labels("lv")
    assert latvian["academic_hours_one"] == "{n} akadēmiskā stunda"
    assert latvian["academic_hours_other"] == "{n} akadēmiskās stundas"
    assert latvian["clock_hours_zero"] == "{n} stundas"
    assert labels("en")["academic_hours_one"] == "{n} academic hour"
    assert labels("xx")["academic_hours_other"] == "{n} academic hours"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("lv", "lv"), ("lv-LV,lv;q=0.9,en;q=0.5", "lv"), ("en-US", "en"), ("fi,lv;q=0.3", "lv"), ("fi", "en"), ("", "en")],
)
def test_a_page_speaks_what_the_browser_asks_for_first(app: Flask, asked: str, spoken: str) -> None:
    page = Visitor(app).get("/", headers={"Accept-Language": asked})
    assert page.headers["Content-Language"] == spoken
    assert f'<html lang="{spoken}">' in page.text
    assert {"Accept-Language", "Cookie"} <= set(page.vary)


def test_a_choice_beats_the_browser_and_an_unknown_one_is_refused(client: Visitor) -> None:
    latvian = {"Accept-Language": "en"}
    answer = client.post("/language", {"language": "lv", "next": "/courses"})
    assert (answer.status_code, answer.location) == (303, "/courses")
    assert client.get("/", headers=latvian).headers["Content-Language"] == "lv"
    assert client.post("/language", {"language": "tlh"}).status_code == 400
    client.browser.set_cookie("lang", "tlh")
    assert client.get("/", headers=latvian).headers["Content-Language"] == "en"


def test_a_site_in_a_language_without_catalogue_says_so(app: Flask) -> None:
    app.config["LMS"] = Settings(language="tlh")
    with pytest.raises(BadSetting, match="tlh"):
        init_language(app)


def test_the_switch_marks_each_language_in_itself(client: Visitor) -> None:
    texts = read(client.get("/").text).texts
    assert ("Latviešu", "lv") in texts


def test_a_choice_is_kept_for_the_person_on_every_device(cast: Cast) -> None:
    cast.at_browser("laura").post("/language", {"language": "lv"})
    other_device = cast.at_browser("laura")
    page = other_device.get("/my-learning", headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "lv", page.text
    assert "Labdien, Laura" in page.text


def test_letters_come_in_the_language_of_whoever_gets_them(app: Flask, cast: Cast, worker: Worker) -> None:
    with app.extensions["lms_database"].writing() as db:
        for login, tag in (("laura", "lv"), ("otto", "en")):
            person = db.get_one(Person, cast[login])
            person.email = person.proved_email = f"{login}@example.org"
            person.language = tag
    for login in ("laura", "otto"):
        Visitor(app).post("/sign-in/link", {"email": f"{login}@example.org"}, headers={"Accept-Language": "ru"})
    worker.drain()
    letters = {file.read_text("utf-8") for file in (app.config["LMS"].home / "outbox").glob("*.eml")}
    assert len(letters) == 2
    assert len([text for text in letters if "Labdien, Laura" in text]) == 1
    assert len([text for text in letters if "Good day, Otto" in text]) == 1


def test_course_texts_that_are_not_translated_say_their_own_language(cast: Cast) -> None:
    laura = cast.at_browser("laura")
    laura.post("/language", {"language": "lv"})
    translated = read(laura.get("/courses/first-aid/lessons/long-passwords").text).texts
    assert ("Četri vārdi ir viegli paturami.", "lv") in translated
    fallen_back = read(laura.get("/courses/first-aid/lessons/helping").text).texts
    assert ("Hands off their keyboard.", "en") in fallen_back


@pytest.mark.parametrize(
    ("path", "untranslated"),
    [
        ("/courses/first-aid", {"Helping without typing"}),
        ("/courses/first-aid/lessons/long-passwords", {"Which password is hardest to guess?", "four random words"}),
        ("/courses/first-aid/lessons/helping", {"Helping without typing", "Hands off their keyboard."}),
        ("/courses/first-aid/quizzes/first-aid-exam", {"Exam of first aid"}),
    ],
)
def test_every_part_in_another_language_says_so(cast: Cast, path: str, untranslated: set[str]) -> None:
    laura = cast.at_browser("laura")
    laura.post("/language", {"language": "lv"})
    body = laura.get(path).text.partition("<body")[2]
    said = [(text.strip(), spoken) for text, spoken in read(body).texts if text.strip() in untranslated]
    assert {text for text, _ in said} == untranslated
    assert {spoken for _, spoken in said} == {"en"}
