"""The translators' catalogues are complete, right in their forms, and the same each time they are written."""

from __future__ import annotations

import gettext
import io

import pytest
from babel.messages.catalog import Catalog

from lms.translations import catalogues
from tests.i18n.reading import outside

FORMS = {
    "lv": {0: 2, 1: 0, 2: 1, 9: 1, 10: 1, 11: 1, 20: 1, 21: 0, 30: 1, 101: 0, 111: 1},
    "ro": {0: 1, 1: 0, 2: 1, 10: 1, 11: 1, 19: 1, 20: 2, 21: 2, 101: 1, 119: 1, 120: 2},
    "ru": {0: 2, 1: 0, 2: 1, 4: 1, 5: 2, 10: 2, 11: 2, 12: 2, 21: 0, 22: 1, 111: 2},
    "vi": {0: 0, 1: 0, 2: 0, 21: 0},
    "ka": {0: 0, 1: 0, 2: 0, 21: 0},
    "tg": {0: 0, 1: 0, 2: 0, 21: 0},
}


def test_every_catalogue_is_complete() -> None:
    assert list(catalogues.problems()) == []


def test_latvian_is_there() -> None:
    assert "lv" in catalogues.languages()
    assert len(catalogues.catalogue("lv")) > 700


def test_the_table_of_forms_covers_every_language_we_can_begin() -> None:
    assert FORMS.keys() == catalogues.PLURALS.keys()


@pytest.mark.parametrize("language", FORMS)
def test_each_number_takes_its_form(language: str) -> None:
    compiled = gettext.GNUTranslations(io.BytesIO(catalogues.compiled(one_plural(language))))
    said = {number: compiled.ngettext("%(num)s thing", "%(num)s things", number) for number in FORMS[language]}
    assert said == {number: f"form {form}" for number, form in FORMS[language].items()}


def one_plural(language: str) -> Catalog:
    """A new catalogue with a single counted sentence, whose forms say their number."""
    made = catalogues._Stable(language)
    count = catalogues.PLURALS[language][0]
    made.add(("%(num)s thing", "%(num)s things"), tuple(f"form {each}" for each in range(count)))
    return made


@pytest.mark.parametrize("language", catalogues.languages())
def test_a_file_says_the_plurals_of_our_table(language: str) -> None:
    count, rule = catalogues.PLURALS[language]
    assert f'"Plural-Forms: nplurals={count}; plural={rule};' in catalogues.source(language).read_text("utf-8")


def test_files_hold_nothing_that_changes_by_itself() -> None:
    template = catalogues.extract()
    assert catalogues.as_text(template) == catalogues.as_text(catalogues.extract())
    text = catalogues.TEMPLATE.read_text("utf-8")
    assert "-Date:" not in text
    assert "Generated-By" not in text


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("Good day, %(name)s", "Labdien, %(nams)s", "other placeholders"),
        ("<b>%(num)s</b> left", "%(num)s palicis", "other placeholders"),
        ("needed {share}", "vajag", "other placeholders"),
        ("Good day", "", "not translated"),
        ("Good day", "Labdien", ""),
        ("%(b)s of %(a)s", "no %(a)s: %(b)s", ""),
        (("A file", "%(num)s files"), ("Datne", "%(num)s datnes", "%(num)s datņu"), ""),
        (("%(num)s file", "%(num)s files"), ("%(num)s datne", "%(num)s datnes", ""), "not translated"),
        (("%(num)s file", "%(num)s files"), ("%(num)s datne", "datnes", "%(num)s datņu"), "other placeholders"),
    ],
)
def test_a_fault_is_found(source: str | tuple[str, str], translation: str | tuple[str, ...], fault: str) -> None:
    wanted, made = Catalog(), catalogues._Stable("lv")
    key = source if isinstance(source, str) else source[0]
    wanted.add(source, "")
    made.add(source, translation)
    found = " ".join(catalogues._faults("lv", wanted[key], made[key]))
    assert fault in found
    assert bool(found) == bool(fault)


def test_a_sentence_that_was_added_is_missed() -> None:
    wanted = Catalog()
    wanted.add("A new sentence", "")
    assert "not translated" in " ".join(catalogues._faults("lv", wanted["A new sentence"], None))


def test_nested_brackets_hide_what_they_hold_and_nothing_else() -> None:
    texts = ["⟦Further ⟦text⟧ of ", "one", " sentence⟧ bare ", "⟦whole⟧"]
    assert [part for part in outside(texts) if part.strip()] == [" bare "]
