"""Which pages of a folder are its lessons, in which order, with which titles: on folders nobody prepared for us."""

from tests.content.packs import A, B, C, course, ids, modules, order, rules, titles


def test_names_order_a_plain_folder_naturally():
    files = {"10-c.md": C, "2-b.md": B, "1-a.md": A, "index.md": "# Fruit\n"}
    assert order(files) == ["1-a.md", "2-b.md", "10-c.md"]
    assert course(files).order_by == "names"


def test_files_and_folders_stand_in_one_order():
    files = {"1-a.md": A, "2-more/b.md": B, "3-c.md": C, "2-more/index.md": "# More\n"}
    assert modules(files) == [("Apple", []), ("Berry", ["More"]), ("Cherry", [])]


def test_front_matter_beats_names_and_lists_exactly_the_lessons():
    files = {"index.md": "---\nlessons: [c.md, a]\n---\n", "a.md": A, "b.md": B, "c.md": C}
    found = course(files)
    assert [lesson.path for lesson in found.lessons] == ["c.md", "a.md"]
    assert [lesson.path for lesson in found.aside] == ["b.md"]
    assert found.order_by == "front matter"


def test_front_matter_may_name_folders_and_give_titles():
    files = {
        "index.md": "---\nlessons:\n  - x/\n  - Later:\n      - b.md\n      - Last: c.md\n---\n",
        "x/a.md": A, "b.md": B, "c.md": C,
    }  # fmt: skip
    assert modules(files) == [("Apple", ["X"]), ("Berry", ["Later"]), ("Last", ["Later"])]


def test_a_module_may_order_its_own_lessons():
    files = {"m/index.md": "---\ntitle: M\nlessons: [b.md, a.md]\n---\n", "m/a.md": A, "m/b.md": B, "c.md": C}
    assert order(files) == ["c.md", "m/b.md", "m/a.md"]


def test_a_readme_orders_what_it_links_to():
    files = {
        "README.md": "# Fruit\n\n1. [C](c.md)\n2. <a href='./a.md#x'>A</a>\n3. [B][b]\n\n[b]: b\n",
        "a.md": A,
        "b.md": B,
        "c.md": C,
    }
    assert order(files) == ["c.md", "a.md", "b.md"]
    assert course(files).order_by == "readme"


def test_a_readme_orders_folders_and_what_stands_in_them():
    readme = "| [Two](two/README.md) | [One](./one/) |\n\n```\n[x](one/a.md)\n```\n[deep](two/c.md) [deep](two/b.md)\n"
    files = {"README.md": readme, "one/a.md": A, "two/b.md": B, "two/c.md": C, "two/README.md": "# Two\n"}
    assert order(files) == ["two/c.md", "two/b.md", "one/a.md"]


def test_a_link_or_two_in_a_readme_is_no_order():
    files = {"README.md": "See [C](c.md) first.\n", "a.md": A, "b.md": B, "c.md": C}
    assert order(files) == ["a.md", "b.md", "c.md"]
    assert course(files).order_by == "names"


def test_numbers_in_names_beat_a_readme():
    files = {
        "README.md": "New: [2](2-b.md)! [1](1-a.md) [2](2-b.md) [t](teachers.md)\n",
        "1-a.md": A,
        "2-b.md": B,
        "teachers.md": C,
    }
    assert order(files) == ["1-a.md", "2-b.md", "teachers.md"]
    assert course(files).order_by == "names"


def test_pages_that_a_readme_does_not_name_follow():
    files = {"README.md": "[D](d.md) [C](c.md) [B](b.md)\n", "a.md": A, "b.md": B, "c.md": C, "d.md": "# D\n"}
    assert order(files) == ["d.md", "c.md", "b.md", "a.md"]


def test_pages_about_the_repository_are_no_lessons():
    files = {
        "a.md": A,
        "CONTRIBUTING.md": B,
        "LICENSE.md": C,
        "x/security.md": "# Security\n",
        "_includes/y.md": "# Y\n",
    }
    assert order(files) == ["a.md", "x/security.md"]


def test_a_folder_of_one_page_is_a_course_of_one_lesson():
    assert titles({"README.md": "# Alone\n\nText.\n"}) == ["Alone"]
    assert titles({"readme.md": "# Alone\n\nText.\n"}) == ["Alone"]
    assert course({"a.md": A}, "my-fruit").texts["en"].title == "My fruit"


def test_an_index_with_text_is_its_folders_first_lesson_and_alone_it_is_the_lesson():
    files = {
        "m/index.md": "# Module\n\nText.\n",
        "m/b.md": B,
        "n/README.md": "# Alone\n",
        "o/index.md": "# Only a title\n",
        "o/c.md": C,
    }
    assert modules(files) == [
        ("Module", ["Module"]),
        ("Berry", ["Module"]),
        ("Alone", []),
        ("Cherry", ["Only a title"]),
    ]
    assert ids(files) == ["m", "m/b", "n", "o/c"]


def test_index_wins_over_readme_with_a_notice():
    files = {"m/index.md": "# Index\n\nText.\n", "m/README.md": "# Readme\n\nText.\n", "m/b.md": B}
    assert titles(files) == ["Index", "Berry"]
    assert rules(files) == [("index-and-readme", "m/README.md", 0)]


def test_what_stands_around_the_pages_of_a_site_is_no_lesson():
    assert order({"a.md": A, "x/_sidebar.md": B, "_navbar.md": C, "_coverpage.md": C, "404.md": B}) == ["a.md"]


def test_an_index_may_be_capitalised_in_any_way():
    files = {"ReadMe.MD": "# Fruit\n\nSee [m](m/).\n", "m/Index.md": "# Module\n\nText.\n", "m/a.md": A, "b.md": B}
    assert course(files).texts["en"].title == "Fruit"
    assert [lesson.path for lesson in course(files).lessons] == ["b.md", "m/Index.md", "m/a.md"]
    assert not rules(files)


def test_a_folder_called_quizzes_in_another_format_holds_pages():
    files = {"a.md": A, "quizzes/1.md": "# Quiz\n\n## Which?\n\n1. one\n2. two\n\n## Who?\n\n- [ ] me\n\nText.\n"}
    assert order(files) == ["a.md", "quizzes/1.md"]
    assert not rules(files)


def test_pictures_beside_a_title_are_no_part_of_it():
    files = {
        "a.md": "# Fruit [![built](b.svg)](https://x.example) ![seen][s]\n\nText.\n\n[s]: s.svg\n",
        "b.md": "# ![The orchard](o.png)\n\nText.\n",
    }
    assert titles(files) == ["Fruit", "The orchard"]


def test_an_underlined_title_may_have_several_lines():
    files = {"a.md": "A long *title*\nof a lesson\n===\n\nText.\n", "b.md": "- item\nstill\n---\n\n# Berry\n"}
    assert titles(files) == ["A long title of a lesson", "Berry"]


def test_copies_in_other_languages_and_section_pages_are_no_further_lessons():
    files = {"a.md": A, "translations/lv/a.md": B, "translations/README.lv.md": C, "m/_index.md": "# M\n", "m/b.md": B}
    assert order(files) == ["a.md", "m/b.md"]
    assert modules(files) == [("Apple", []), ("Berry", ["M"])]
