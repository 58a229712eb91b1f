import pytest

from lms.content.headings import own_title, plain_words
from lms.content.languages import language_tag
from lms.content.naming import identity, natural_key, slug, split_language, unique, without_number, words_of


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("01-start", "start"), ("2_start", "start"), ("003. start", "start"), ("10 start", "start"),
        ("1.2-start", "2-start"),
        ("2024-01-02-start", "2024-01-02-start"), ("03-04-2024-start", "03-04-2024-start"), ("3d-print", "3d-print"),
        ("1234-start", "1234-start"), ("42", "42"), ("7-", "7-"), ("365days", "365days"),
    ],
)  # fmt: skip
def test_number_prefixes_are_taken_off_but_dates_and_names_stay(name, bare):
    assert without_number(name) == bare


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("01-start/02-first.md", "start/first"), ("01-start/index.md", "start"), ("01-start/README.md", "start"),
        ("index.md", "index"), ("README.md", "index"), ("node.js.md", "node.js"), ("1-a.quiz.md", "a"),
        ("2 Ā b.md", "Ā b"),
    ],
)  # fmt: skip
def test_an_id_is_the_path_without_numbers_and_ending(path, name):
    assert identity(path) == name


def test_names_sort_as_people_count():
    names = ["10-x.md", "2-x.md", "1-x.md", "b/10.md", "b/9.md", "a2.md", "a.md", "B.md", "1-x-y.md"]
    assert sorted(names, key=natural_key) == [
        "1-x.md", "1-x-y.md", "2-x.md", "10-x.md", "a.md", "a2.md", "B.md", "b/9.md", "b/10.md",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("lv", "lv"), ("pt_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("no", "no"), ("NB", "nb"), ("js", None),
        ("sh", None), ("cn", None), ("english", None), ("l", None), ("en-", None), ("", None),
    ],
)  # fmt: skip
def test_language_tags_are_those_of_real_languages(text, tag):
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    ("path", "pages", "listed", "expected"),
    [
        ("a.lv.md", {"a.md"}, (), ("a.md", "lv")),
        ("a.lv.md", set(), (), ("a.lv.md", "")),
        ("a.lv.md", set(), ("lv",), ("a.md", "lv")),
        ("node.js.md", {"node.md"}, (), ("node.js.md", "")),
        ("setup.sh.md", {"setup.md"}, (), ("setup.sh.md", "")),
        ("a.lv.quiz.md", {"a.quiz.md"}, (), ("a.quiz.md", "lv")),
        ("x/a.zh-hant.md", {"x/a.md"}, (), ("x/a.md", "zh-Hant")),
        ("v1.0.md", {"v1.md"}, (), ("v1.0.md", "")),
        (".lv.md", {".md"}, ("lv",), (".lv.md", "")),
    ],
)
def test_a_tag_is_a_translation_only_beside_its_source_or_if_listed(path, pages, listed, expected):
    assert split_language(path, pages, listed) == expected


def test_a_file_name_becomes_a_title():
    assert [words_of(name) for name in ("01-what-are_e-services", "3d-print", "42")] == [
        "What are e services",
        "3d print",
        "42",
    ]


def test_slugs_and_free_names():
    assert slug("Git & GitHub: Ā") == "git-github-ā"
    assert slug("!!!") == "part"
    assert unique("a", {"a", "a-2"}) == "a-3"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Hello\n", "Hello"),
        ("Intro\n\n# Later #\n", "Later"),
        ("#\n\n# Second\n", "Second"),
        ("```\n# code\n```\n# Real\n", "Real"),
        ("~~~~\n# code\n~~~\n# still code\n~~~~\n# Real\n", "Real"),
        ("<!-- # No\n# no -->\n# Yes\n", "Yes"),
        ("Title\n=====\n", "Title"),
        ("- item\n=====\n\n# Yes\n", "Yes"),
        ("## First line\n\ntext\n", "First line"),
        ("text\n\n## Not first\n", ""),
        ("## Second level first\n\n# First level\n", "First level"),
        ('<h1 align="center">Big <b>one</b></h1>\n', "Big one"),
        ("    # code\n", ""),
        ("> # quoted\n", ""),
        ("#Hashtag\n", ""),
        ("# The `ls -l` command {#ls}\n", "The ls -l command"),
        ("# [Linked](x.md) and *strong* **words** {: .big}\n", "Linked and strong words"),
        ("# ![Logo](x.png)\n", "Logo"),
        ("# A &amp; B \\* snake_case_name\n", "A & B * snake_case_name"),
        ("{% include x %}\n\n## First words\n", "First words"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_title_is_the_first_heading_with_words(text, title):
    assert own_title(text) == title


def test_code_in_a_heading_is_taken_as_it_is():
    assert plain_words("``a`b`` and `**`") == "a`b and **"
