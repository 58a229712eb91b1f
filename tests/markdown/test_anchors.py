"""Headings get the anchors that Git hosts give them, in every script."""

from __future__ import annotations

import unicodedata

import pytest

from lms.markdown import render, slug


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("What is it?", "what-is-it"),
        ("A  double space", "a--double-space"),
        ("Sign in & out", "sign-in--out"),
        ("snake_case and kebab-case", "snake_case-and-kebab-case"),
        ("1. Numbers 2.0", "1-numbers-20"),
        ("Kas ir e-pakalpojumi?", "kas-ir-e-pakalpojumi"),
        ("Žurnāls: kā lasīt", "žurnāls-kā-lasīt"),
        ("Что такое «Госуслуги»?", "что-такое-госуслуги"),
        ("რა არის ხელმოწერა?", "რა-არის-ხელმოწერა"),
        ("Chữ ký số là gì?", "chữ-ký-số-là-gì"),
        ("Имзои электронӣ", "имзои-электронӣ"),
        ("Semnătura „electronică”", "semnătura-electronică"),
    ],
)
def test_slug(title: str, anchor: str):
    assert slug(title) == anchor


def test_marks_of_decomposed_letters_stay():
    decomposed = unicodedata.normalize("NFD", "Chữ ký")
    assert slug(decomposed) == decomposed.lower().replace(" ", "-")


def test_the_same_title_again_gets_a_number():
    headings = render("# Try\n\n## Try\n\n### Try 1\n\n## Try").headings
    assert [heading.id for heading in headings] == ["try", "try-1", "try-1-1", "try-2"]


def test_anchor_is_made_of_the_words_shown():
    (heading,) = render("## The `ls -l` *command* [here](x.md) &amp; now").headings
    assert (heading.id, heading.title) == ("the-ls--l-command-here--now", "The ls -l command here & now")


@pytest.mark.parametrize("braces", ["{#mine}", "{: #mine}", "{ #mine .wide }", "{#mine} ##"])
def test_an_own_anchor_wins_and_is_not_shown(braces: str):
    rendered = render(f"## Title {braces}")
    assert [(heading.id, heading.title) for heading in rendered.headings] == [("mine", "Title")]
    assert rendered.html == '<h2 id="t-mine">Title</h2>'


def test_other_braces_are_text():
    assert render("## Sets {a, b}").headings[0].title == "Sets {a, b}"


def test_a_title_without_letters_still_has_an_anchor():
    assert [heading.id for heading in render("# ???\n\n# !!!").headings] == ["section", "section-1"]
