"""Order files of other programs, each read as its own program reads it."""

from tests.content.packs import A, B, C, course, modules, order, pack, rules, titles

MKDOCS = """\
site_name: Fruit school
site_url: https://fruit.example/school/
docs_dir: pages
theme: {name: any, language: lv}
plugins: !!python/object/apply:os.system ["false"]
extra: !ENV [HOME, none]
nav:
  - Welcome: index.md
  - Basics:
      - basics/b.md
      - The apple: basics/a.md
      - Deep:
          - basics/c.md
  - Elsewhere: https://fruit.example/other
  - Basics again: basics/b.md
"""
MKDOCS_PACK = {
    "mkdocs.yml": MKDOCS, "pages/index.md": "# Hello\n\nText.\n", "pages/basics/a.md": A, "pages/basics/b.md": B,
    "pages/basics/c.md": C, "pages/left-out.md": "# Left\n", "README.md": "# The repository\n",
}  # fmt: skip


def test_a_mkdocs_nav_gives_order_titles_and_sections():
    found = course(MKDOCS_PACK)
    assert modules(MKDOCS_PACK) == [
        ("Welcome", []), ("Berry", ["Basics"]), ("The apple", ["Basics"]), ("Cherry", ["Basics", "Deep"]),
    ]  # fmt: skip
    assert (found.order_by, found.language, found.texts["lv"].title) == ("mkdocs", "lv", "Fruit school")
    assert {lesson.path for lesson in found.aside} == {"pages/left-out.md", "README.md"}
    assert not pack(MKDOCS_PACK).problems


def test_mkdocs_without_nav_takes_the_pages_of_its_folder_by_name():
    files = {
        "mkdocs.yml": "site_name: F\n",
        "docs/2-b.md": B,
        "docs/1-a.md": A,
        "docs/index.md": "# F\n\nHi.\n",
        "x.md": C,
    }
    found = course(files)
    assert [lesson.path for lesson in found.lessons] == ["docs/1-a.md", "docs/2-b.md"]
    assert (found.order_by, found.index["en"]) == ("names", "docs/index.md")


def test_a_site_in_a_folder_called_courses_is_one_course():
    files = {"mkdocs.yml": "docs_dir: courses\nnav: [b/b.md, a/a.md]\n", "courses/a/a.md": A, "courses/b/b.md": B}
    assert order(files) == ["courses/b/b.md", "courses/a/a.md"]


def test_a_nav_may_name_folders():
    files = {"mkdocs.yml": "nav: [c.md, More: part/, 'x/*']\n", "docs/c.md": C, "docs/part/b.md": B, "docs/x/a.md": A}
    assert modules(files) == [("Cherry", []), ("Berry", ["More"]), ("Apple", ["X"])]


SUMMARY = """\
# Summary

[Foreword](foreword.md)

# First part

- [Berry time](b.md)
  - [Apple time](sub/a%20b.md)
    - [Nothing yet]()
* [Draft chapter]()
  * [Cherry](c.md#here)

---

# Second part

1. [Missing](missing.md)
[Afterword](after.md)
"""


def test_a_summary_gives_order_and_parts():
    files = {
        "book.toml": '[book]\ntitle = "The fruit book"\nsrc = "text"\nlanguage = "lv"\n', "text/SUMMARY.md": SUMMARY,
        "text/foreword.md": "Words.\n", "text/b.md": B, "text/sub/a b.md": A, "text/c.md": C,
        "text/after.md": "# Afterwards\n",
        "text/loose.md": "# Loose\n",
    }  # fmt: skip
    found = course(files)
    assert modules(files) == [
        ("Foreword", []), ("Berry", ["First part", "Berry"]), ("Apple", ["First part", "Berry"]),
        ("Cherry", ["First part", "Draft chapter"]), ("Afterwards", ["Second part"]),
    ]  # fmt: skip
    assert (found.order_by, found.texts["lv"].title) == ("summary", "The fruit book")
    assert [lesson.path for lesson in found.aside] == ["text/loose.md"]
    assert ("order-page-missing", "text/SUMMARY.md", 17) in [(p.rule, p.file, p.line) for p in pack(files).problems]


def test_a_summary_at_the_top_with_headings_as_parts():
    files = {"SUMMARY.md": "# Table of contents\n\n* [Home](README.md)\n\n## Fruit\n\n* [B](b.md)\n* [A](a.md)\n",
             "README.md": "# Home\n\nHi.\n", "a.md": A, "b.md": B}  # fmt: skip
    assert modules(files) == [("Home", []), ("Berry", ["Fruit"]), ("Apple", ["Fruit"])]


def test_a_summary_whose_parts_follow_its_title_at_once():
    files = {
        "src/SUMMARY.md": "# Summary\n\n# One\n- [A](./a.md)\n\n# Two\n- [B](b.md)\n",
        "src/a.md": A,
        "src/b.md": B,
    }
    assert modules(files) == [("Apple", ["One"]), ("Berry", ["Two"])]


def test_a_toc_with_parts_and_sections():
    toc = (
        "format: jb-book\nroot: intro\nparts:\n- caption: Sweet\n  chapters:\n  - file: b\n    title: My berry\n"
        "    sections:\n    - file: x/a\n- chapters:\n  - file: c\n  - url: https://example.org\n  - glob: z*\n"
    )
    files = {
        "_toc.yml": toc,
        "intro.md": "# Intro\n",
        "b.md": B,
        "x/a.md": A,
        "c.md": C,
        "z2.md": "# Z2\n",
        "z1.md": "# Z1\n",
    }
    assert modules(files) == [
        ("Intro", []), ("My berry", ["Sweet", "My berry"]), ("Apple", ["Sweet", "My berry"]), ("Cherry", []),
        ("Z1", []), ("Z2", []),
    ]  # fmt: skip
    assert course(files).order_by == "toc"


def test_a_toc_of_the_older_form():
    toc = (
        "- file: intro\n- part: Sweet\n  chapters:\n  - file: b\n- header: Sour\n- file: c\n  sections:\n  - file: a\n"
    )
    files = {"_toc.yml": toc, "intro.md": "# Intro\n", "a.md": A, "b.md": B, "c.md": C}
    assert modules(files) == [
        ("Intro", []), ("Berry", ["Sweet"]), ("Cherry", ["Sour", "Cherry"]), ("Apple", ["Sour", "Cherry"]),
    ]  # fmt: skip


def test_pages_of_other_formats_are_mentioned():
    files = {"_toc.yml": "root: a\nchapters:\n- file: notebook\n", "a.md": A, "notebook.ipynb": "{}"}
    assert rules(files) == [("order-not-markdown", "_toc.yml", 3)]


def test_a_carpentries_lesson():
    files = {
        "config.yaml": "title: 'Fruit'\nlang: es\nurl: https://x.example/fruit\nepisodes:\n- b.md\n- a.md\nlearners:\n",
        "episodes/a.md": "---\ntitle: An apple\nteaching: 10\n---\nText.\n",
        "episodes/b.md": "---\ntitle: 'A berry'\n---\n",
        "learners/setup.md": "# Setup\n", "index.md": "---\nsite: x\n---\nWelcome\n", "LICENSE.md": "# Licence\n",
    }  # fmt: skip
    found = course(files)
    assert titles(files) == ["A berry", "An apple"]
    assert (found.order_by, found.language, found.texts["es"].title) == ("config", "es", "Fruit")


def test_a_carpentries_lesson_that_lists_nothing_takes_all_episodes():
    files = {"config.yaml": "title: F\nepisodes:\n", "episodes/02-b.md": B, "episodes/01-a.md": A, "learners/x.md": C}
    assert order(files) == ["episodes/01-a.md", "episodes/02-b.md"]


def test_a_jekyll_lesson_of_the_older_kind():
    files = {"_config.yml": "title: F\nepisode_order: [b, a]\n", "_episodes/a.md": A, "_episodes/b.md": B,
             "_extras/x.md": C, "index.md": "Hi\n"}  # fmt: skip
    assert order(files) == ["_episodes/b.md", "_episodes/a.md"]
    del files["_config.yml"]
    assert order(files)[:2] == ["_episodes/a.md", "_episodes/b.md"]


def test_an_order_that_cannot_be_read_leaves_the_names():
    files = {"mkdocs.yml": "nav: [\n", "docs/b.md": B, "docs/a.md": A}
    assert order(files) == ["docs/a.md", "docs/b.md"]
    assert rules(files)[0][0] == "order-unreadable"


def test_an_order_that_contains_itself_ends():
    assert order({"mkdocs.yml": "nav: &a [a.md, X: *a]\n", "docs/a.md": A}) == ["docs/a.md"]


def test_a_line_across_ends_a_part_of_a_summary():
    files = {"SUMMARY.md": "# Summary\n\n## Sweet\n\n* [A](a.md)\n\n----\n\n* [B](b.md)\n", "a.md": A, "b.md": B}
    assert modules(files) == [("Apple", ["Sweet"]), ("Berry", [])]


def test_a_summary_that_lists_places_in_pages_names_each_page_once_where_it_is_whole():
    files = {
        "SUMMARY.md": "* [A](a.md)\n  * [Peel](a.md#peel)\n  * [See](b.md#stone)\n* [B](b.md)\n* [C](c.md#pit)\n",
        "a.md": A, "b.md": B, "c.md": C,
    }  # fmt: skip
    assert modules(files) == [("Apple", []), ("Berry", []), ("Cherry", [])]


def test_a_book_in_several_languages_is_the_one_that_it_names_first():
    files = {
        "LANGS.md": "* [Latviešu](lv/)\n* [English](en)\n", "README.md": "# All\n\nWords.\n",
        "lv/SUMMARY.md": "* [B](b.md)\n* [A](a.md)\n", "lv/a.md": A, "lv/b.md": B,
        "en/SUMMARY.md": "* [A](a.md)\n", "en/a.md": A,
    }  # fmt: skip
    found = course(files)
    assert [lesson.path for lesson in found.lessons] == ["lv/b.md", "lv/a.md"]
    assert (found.order_by, found.language) == ("summary", "lv")


def test_a_toc_of_the_oldest_form():
    toc = "- url: /start\n  title: Go\n- header: Sour\n- url: /x/c\n  title: Cherries\n- url: https://fruit.example\n"
    files = {"_data/toc.yml": toc, "_config.yml": "title: Orchard\n", "content/start.md": A, "content/x/c.md": C}
    assert modules(files) == [("Go", []), ("Cherries", ["Sour"])]
    assert course(files).texts["en"].title == "Orchard"


def test_pages_after_a_part_with_chapters_of_its_own_are_not_in_it():
    files = {"_toc.yml": "- part: Sweet\n  chapters:\n  - file: b\n- file: a\n", "a.md": A, "b.md": B}
    assert modules(files) == [("Berry", ["Sweet"]), ("Apple", [])]


def test_a_myst_project():
    toc = (
        "version: 1\nproject:\n  title: Orchard\n  toc:\n  - file: a.md\n  - title: Sour\n    children:\n"
        "    - file: c.md\n      children:\n      - file: b.md\n"
    )
    files = {"myst.yml": toc, "a.md": A, "b.md": B, "c.md": C}
    assert modules(files) == [("Apple", []), ("Cherry", ["Sour", "Cherry"]), ("Berry", ["Sour", "Cherry"])]
    assert (course(files).order_by, course(files).texts["en"].title) == ("toc", "Orchard")


def test_a_carpentries_lesson_without_a_list_has_its_episodes_by_name():
    files = {"config.yaml": "carpentry: none\ntitle: F\n", "episodes/b.md": B, "episodes/a.md": A, "learners/x.md": C}
    assert titles(files) == ["Apple", "Berry"]


def test_an_order_file_of_a_small_part_orders_nothing():
    files = {"a.md": A, "b.md": B, "c.md": C, "z.md": "# Z\n", "tool/mkdocs.yml": "nav: [x.md]\n", "tool/docs/x.md": A}
    assert order(files) == ["a.md", "b.md", "c.md", "tool/docs/x.md", "z.md"]
    files = {"README.md": "# F\n", "site/mkdocs.yml": "nav: [b.md, a.md]\n", "site/docs/a.md": A, "site/docs/b.md": B}
    assert order(files) == ["site/docs/b.md", "site/docs/a.md"]


def test_the_order_file_of_a_pack_s_only_course_does_not_make_the_pack_a_site():
    files = {"courses/fruit/mkdocs.yml": "nav: [b.md]\n", "courses/fruit/docs/b.md": B}
    assert [found.id for found in pack(files).courses] == ["fruit"]
    assert order(files) == ["courses/fruit/docs/b.md"]


def test_a_title_that_the_order_gives_is_not_missing():
    files = {"mkdocs.yml": "nav: [Pears: pear.md, plum.md]\n", "docs/pear.md": "Text.\n", "docs/plum.md": "Text.\n"}
    assert rules(files) == [("lesson-title-missing", "docs/plum.md", 1)]


def test_an_order_file_may_lie_deeper_if_it_is_the_only_one():
    files = {
        "guide/text/_toc.yml": "root: b\nchapters: [{file: a}]\n",
        "guide/text/a.md": A,
        "guide/text/b.md": B,
        "c.md": C,
    }
    assert order(files) == ["guide/text/b.md", "guide/text/a.md"]
    files = {"guide/src/SUMMARY.md": "- [B](b.md)\n- [A](a.md)\n", "guide/src/a.md": A, "guide/src/b.md": B, "c.md": C}
    assert order(files) == ["guide/src/b.md", "guide/src/a.md"]
