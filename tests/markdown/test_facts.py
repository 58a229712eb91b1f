"""What rendering tells about a text: headings, links, images, words, oddities, each with its line."""

from __future__ import annotations

import threading

from lms.markdown import Embed, Heading, Link, Rendered, render


class Course:
    """Links of a small course: questions embed, one page is missing, pictures live elsewhere."""

    def link(self, target: str) -> str | None:
        return None if target.startswith("missing") else "/c/" + target

    def image(self, target: str) -> str | None:
        return None if target.startswith("missing") else "/m/" + target

    def embed(self, target: str) -> str | None:
        return target.partition("#")[2] if ".quiz.md" in target else None


def test_headings_of_all_kinds_with_lines():
    text = "intro\n\n# One\nSetext\nheading\n---\n- # In a list\n\n> ### In a quote\n\n    # code\n"
    assert render(text).headings == (
        Heading(1, "one", "One", 3),
        Heading(2, "setext-heading", "Setext heading", 4),
        Heading(1, "in-a-list", "In a list", 7),
        Heading(3, "in-a-quote", "In a quote", 9),
    )


def test_links_as_written_with_lines():
    text = "a [x](my%20file.md#p)\nand [y](<b c.md> 'T')\n\n- [z]\n\n  https://example.org/?a=1&b=2\n\n[z]: z.md\n"
    assert render(text).links == (
        Link("my%20file.md#p", "x", 1),
        Link("b c.md", "y", 2),
        Link("z.md", "z", 4),
        Link("https://example.org/?a=1&b=2", "https://example.org/?a=1&b=2", 6),
    )


def test_links_in_raw_html_are_marked():
    text = '<p>\n<a href="a.md">x</a>\n</p>\n\ntext <img src="b.png" alt="B">\n'
    rendered = render(text)
    assert rendered.links == (Link("a.md", "", 2, raw=True),)
    assert rendered.images == (Link("b.png", "B", 5, raw=True),)


def test_a_target_may_have_any_letters_and_in_angle_brackets_spaces():
    targets = [link.target for link in render("[b](<her file.md>) [c](ceļš/Ņina.md#daļa)").links]
    assert targets == ["her file.md", "ceļš/Ņina.md#daļa"]


def test_a_bare_space_in_a_target_makes_text_as_on_git_hosts_and_is_told():
    found = render("# A\n\nSee [a](my file.md) and ![the map](my map.png).\n")
    assert (found.links, found.images) == ((), ())
    assert "[a](my file.md) and ![the map](my map.png)" in found.html
    assert [(oddity.line, oddity.rule) for oddity in found.oddities] == [(3, "link-with-space")] * 2
    assert "(<my file.md>)" in found.oddities[0].fix


def test_spaces_in_a_template_tag_do_not_end_a_target():
    text = "[a]({{ page.root }}{% link terms.md %}#word) [b]({{ page.root }}/next/)"
    assert [link.target for link in render(text).links] == [
        "{{ page.root }}{% link terms.md %}#word",
        "{{ page.root }}/next/",
    ]


def test_images_and_a_link_around_one():
    rendered = render("one\n[![Alt *text*](p.png)](q.md)")
    assert rendered.images == (Link("p.png", "Alt *text*", 2),)
    assert [link.target for link in rendered.links] == ["q.md"]


def test_line_counts_go_on_behind_code_and_breaks():
    rendered = render("`a\nb` and  \n[x](y.md)\n\n| [h](h.md) |\n|---|\n| [c](c.md) |\n")
    assert [(link.target, link.line) for link in rendered.links] == [("y.md", 3), ("h.md", 5), ("c.md", 7)]


def test_words_are_tokens_with_a_letter_or_digit():
    assert render("# Two words\n\nthree — more `in code` & done\n").words == 2 + 5
    assert render("- item one\n- item two\n\n| a | b |\n|---|---|\n| c | - |\n").words == 4 + 3
    assert render("![alternative text](x.png) don't АБВ ქარ 2.0").words == 6


def test_code_blocks_and_raw_html_are_no_words():
    rendered = render("one\n\n```\nnot counted\n```\n\n    nor this\n\n<div>\nnor this\n</div>\n\ntwo\n")
    assert (rendered.words, rendered.code_blocks) == (2, 2)


def test_tables_are_counted():
    assert render("|a|\n|-|\n\n- |b|\n  |-|\n").tables == 2


def test_a_paragraph_of_one_link_is_embedded():
    rendered = render("before\n\n[Check](a.quiz.md#q1)\n\nafter\n\n[Again](a.quiz.md#q2)\n", Course())
    assert rendered.parts == ("<p>before</p>\n", Embed("q1"), "\n<p>after</p>\n", Embed("q2"))
    assert rendered.html == "<p>before</p>\n\n<p>after</p>\n"


def test_nothing_else_is_embedded():
    for text in (
        "- [Check](a.quiz.md#q)",
        "> [Check](a.quiz.md#q)",
        "See [Check](a.quiz.md#q)",
        "[Check](a.quiz.md#q).",
        "[Check](a.quiz.md#q) [Check](a.quiz.md#q)",
        "**[Check](a.quiz.md#q)**",
        "# [Check](a.quiz.md#q)",
    ):
        assert not [part for part in render(text, Course()).parts if isinstance(part, Embed)], text


def test_links_and_images_are_resolved_also_in_raw_html():
    html = render('[a](b.md) ![c](d.png) <a href="e.md">f</a> <img src="g.png" alt="h">', Course()).html
    for piece in ('href="/c/b.md"', 'src="/m/d.png"', 'href="/c/e.md"', 'src="/m/g.png"'):
        assert piece in html


def test_what_cannot_be_resolved_leaves_its_words():
    assert render("[a](missing.md) ![c](missing.png)", Course()).html == "<p><a>a</a> c</p>"


def test_words_in_angle_brackets_stay_with_a_warning():
    rendered = render("Type\n`<not-this>` but <your-name> here\n\n<your-town>\n\n<div>\n<your-street>\n</div>\n")
    assert [(oddity.line, oddity.rule) for oddity in rendered.oddities] == [
        (2, "angle-brackets"),
        (4, "angle-brackets"),
        (7, "angle-brackets"),
    ]
    for words in ("&lt;your-name&gt;", "&lt;your-town&gt;", "&lt;your-street&gt;"):
        assert words in rendered.html
    assert "<your-name>" in rendered.oddities[0].message


def test_tags_of_other_tools_are_left_out_with_a_warning():
    rendered = render('<Listing number="1" />\n\na <Badge text="x"/> b <Tab a="b">c</Tab>\n\n</Listing>\n')
    assert rendered.html.split("\n")[-1] == "<p>a  b c</p>"
    assert [(oddity.line, oddity.rule) for oddity in rendered.oddities] == [
        (1, "unknown-tag"),
        (3, "unknown-tag"),
        (3, "unknown-tag"),
    ]


def test_lines_count_on_behind_a_comment_in_a_block():
    rendered = render("<div>\n<!-- a\nb -->\n<your-name>\n</div>\n")
    assert [oddity.line for oddity in rendered.oddities] == [4]


def test_real_tags_are_no_oddity():
    assert render("<kbd>Ctrl</kbd> <br> <center>x</center>").oddities == ()


def test_empty_texts():
    for text in ("", "\n\n", "\ufeff", "<!-- nothing -->", "[a]: b"):
        rendered = render(text)
        assert (rendered.html.strip(), rendered.words) == ("", 0)
    assert render("") == Rendered()


def test_threads_do_not_share_a_page():
    texts = [f"# Page {number}\n\n" + "- *item* `code` [l](x.md)\n" * 40 for number in range(4)]
    expected = [render(text) for text in texts]
    found: dict[int, list[Rendered]] = {}

    def work(number: int) -> None:
        found[number] = [render(texts[number]) for _ in range(5)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(page == expected[number] for number, pages in found.items() for page in pages)
    assert len(found) == 4


def test_code_without_colours_has_the_same_facts():
    text = "# A\n\n```python\nif door: pass\n```\n\n[b](c.md)\n"
    plain, coloured = render(text, has_colours=False), render(text)
    assert "<span" in coloured.html
    assert "<span" not in plain.html
    assert (plain.headings, plain.links, plain.words, plain.code_blocks) == (
        coloured.headings, coloured.links, coloured.words, coloured.code_blocks
    )  # fmt: skip
