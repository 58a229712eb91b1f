"""Names in Latin letters, computed where nobody has given them: by standards, marked, and changeable."""

from __future__ import annotations

import pytest

from lms.demo.names import GEORGIAN_FAMILIES, GEORGIAN_GIVEN
from lms.people import actions
from lms.people.latin import in_latin_letters
from lms.people.models import Person


@pytest.mark.parametrize(
    ("name", "language", "latin"),
    [
        ("Юлия Щербакова", "ru", "Iuliia Shcherbakova"),
        ("Фёдор Объедков-Ильин", "ru", "Fedor Obieedkov-Ilin"),
        ("ЖАННА ХУЦИШВИЛИ", "ru", "ZHANNA KHUTSISHVILI"),
        ("Ғуломов Шаҳриёр", "", "Ghulomov Shahriyor"),
        ("Рустам Юнусов", "tg", "Rustam Yunusov"),
        ("Рустам Юнусов", "ru", "Rustam Iunusov"),
        ("Ҷамшед Қодирӣ", "tg-TJ", "Jamshed Qodiri"),
        ("ქეთევან წიკლაური", "ka", "Ketevan Tsiklauri"),
        ("И. П. Цой", "ru", "I. P. Tsoi"),
        ("Anna Ķēniņa", "lv", ""),
        ("Trần Thị Hoa", "vi", ""),
        ("Олена O’Brien", "ru", "Olena O’Brien"),
        ("山田 太郎", "ja", ""),
        ("", "ru", ""),
        ("123", "ru", ""),
    ],
)
def test_names_are_romanised_by_rule_and_only_where_they_need_it(name: str, language: str, latin: str) -> None:
    assert in_latin_letters(name, language) == latin


@pytest.mark.parametrize(("name", "latin"), [*GEORGIAN_GIVEN, *GEORGIAN_FAMILIES])
def test_georgian_names_become_what_georgians_write(name: str, latin: str) -> None:
    assert in_latin_letters(name, "ka") == latin


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_account_offers_a_computed_name_until_one_is_given(cast, database) -> None:
    with database.writing() as db:
        laura = db.get_one(Person, cast["laura"])
        laura.name, laura.language = "Лаура Жукова", "ru"
    browser = cast.at_browser("laura")
    page = browser.get("/account?lang=en").text
    assert 'value="Laura Zhukova"' in page
    form = {"name": "Лаура Жукова", "latin_name": "Laura Zukova", "email": "", "language": "lv"}
    assert browser.post("/account", form).status_code == 303
    page = browser.get("/account").text
    assert 'value="Laura Zukova"' in page
    assert "Laura Zhukova" not in page


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_coordinator_sees_that_the_name_is_computed(cast, database) -> None:
    with database.writing() as db:
        new = actions.NewPerson("Зебо Ҳакимова", "zebo", "", "tg")
        person = actions.sign_up(db, new, "").id
        actions.join_unit(db, person, cast.units["N-1"], since=db.get_one(Person, person).created_at.date())
    nora = cast.at_browser("nora")
    page = nora.get(f"/coordination/people/{person}").text
    assert "Zebo Hakimova (suggested)" in page
    assert 'value="Zebo Hakimova"' in page
    assert "Suggested by the rules that passports follow" in page
    given = {"name": "Зебо Ҳакимова", "latin_name": "Zebo Hakimova"}
    assert nora.post(f"/coordination/people/{person}/name", given).status_code == 303
    assert "(suggested)" not in nora.get(f"/coordination/people/{person}").text
