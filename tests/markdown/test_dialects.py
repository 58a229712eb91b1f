"""What authors use beyond plain GFM, and what other tools' Markdown leaves in their texts."""

from __future__ import annotations

import re

import pytest

from lms.markdown import render, render_block, render_inline


def squeezed(text: str, language: str = "en") -> str:
    """Rendered HTML without line breaks between tags."""
    return re.sub(r"\n(?=<|$)", "", render(text, language=language).html)


@pytest.mark.parametrize(
    ("kind", "classes", "icon", "label"),
    [
        ("NOTE", "note", "info", "Note"),
        ("TIP", "note note-ok", "tip", "Tip"),
        ("IMPORTANT", "note note-plain", "flag", "Important"),
        ("WARNING", "note note-warn", "warn", "Warning"),
        ("CAUTION", "note note-stop", "stop", "Caution"),
    ],
)
def test_callout(kind: str, classes: str, icon: str, label: str):
    html = squeezed(f"> [!{kind}]\n> Ask *first*.\n>\n> - twice\n")
    assert html == (
        f'<div class="{classes}"><svg class="i" viewBox="0 0 24 24" aria-hidden="true">'
        f'<use href="/static/icons.svg#{icon}"/></svg><div><p><b>{label}</b></p><p>Ask <em>first</em>.</p>'
        "<ul><li>twice</li></ul></div></div>"
    )


def test_callout_in_the_language_of_the_text():
    assert "<b>Brīdinājums</b>" in squeezed("> [!WARNING]\n> Uzmanies", "lv")
    assert "<b>Внимание</b>" not in squeezed("> [!NOTE]\n> x", "ru")
    assert "<b>Примечание</b>" in squeezed("> [!NOTE]\n> x", "ru-RU")


def test_an_unknown_callout_is_a_quote():
    assert squeezed("> [!FOO]\n> x").startswith("<blockquote>")


def test_table_has_alignment_classes_and_a_named_region():
    html = squeezed("## Fees\n\n| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |\n")
    assert '<div class="scroll" tabindex="0" role="region" aria-label="Fees"><table class="tbl"><thead><tr>' in html
    assert '<th class="left" scope="col">a</th><th class="center" scope="col">b</th>' in html
    assert '<td class="right">3</td><td>4</td>' in html
    assert html.endswith("</tbody></table></div>")
    assert "style=" not in html


def test_code_has_a_language_classes_and_can_be_scrolled():
    html = squeezed("```python\nif x:\n\tpass\n```")
    assert html.startswith('<pre tabindex="0"><code class="language-python"><span class="k">if</span>')
    assert "\t<span" in html


@pytest.mark.parametrize("info", ["", "nobody-knows-this", "text"])
def test_code_without_a_known_language_is_plain(info: str):
    assert "<span" not in render(f"```{info}\nif x: pass\n```").html


def test_language_from_a_kramdown_line():
    html = squeezed("~~~\nif\n~~~\n{: .language-python}\n\nafter")
    assert '<code class="language-python"><span class="k">if</span>' in html
    assert "{:" not in html
    assert html.endswith("</pre><p>after</p>")


def test_tasks_have_boxes_that_nobody_can_press():
    html = squeezed("- [ ] open\n- [x] done\n")
    assert html == (
        '<ul><li><input type="checkbox" disabled aria-label="Not done"> open</li>'
        '<li><input type="checkbox" disabled checked aria-label="Done"> done</li></ul>'
    )


def test_definition_list():
    html = squeezed("Term\n: First\n: Second *one*\n\nOther\n\n:   With\n\n    two paragraphs\n")
    assert html == (
        "<dl><dt>Term</dt><dd>First</dd><dd>Second <em>one</em></dd>"
        "<dt>Other</dt><dd><p>With</p><p>two paragraphs</p></dd></dl>"
    )


def test_footnotes_are_numbered_as_they_are_called():
    html = squeezed("One[^b] two[^a] again[^b].\n\n[^a]: A\n[^b]: B\n[^c]: C\n")
    assert '<sup id="t-fnref-b"><a href="#t-fn-b" aria-label="Footnote 1" class="footnote-mark">1</a></sup>' in html
    assert html.index('<li id="t-fn-b">') < html.index('<li id="t-fn-a">')
    assert 'id="t-fnref-b-2"' in html
    assert '<a href="#t-fnref-a" aria-label="Back to the text" class="footnote-back">' in html
    assert "t-fn-c" not in html


def test_a_footnote_that_nothing_calls_is_an_oddity():
    assert [(oddity.rule, oddity.line) for oddity in render("x\n\n[^c]: C").oddities] == [("footnote-unused", 3)]


def test_figure_with_caption():
    html = squeezed('![A log](log.png "Newest on top")')
    assert html == (
        '<figure><img alt="A log" src="log.png" loading="lazy"><figcaption>Newest on top</figcaption></figure>'
    )


def test_image_with_alt_in_braces_has_its_text_as_caption():
    html = squeezed("![Newest on top](log.png){alt='A log' width=\"50%\"}")
    assert '<img alt="A log" src="log.png" loading="lazy"><figcaption>Newest on top</figcaption>' in html


def test_details_hold_markdown():
    html = squeezed("<details>\n<summary>Show</summary>\n\n- **one**\n\n</details>\n")
    assert html == "<details><summary>Show</summary><ul><li><strong>one</strong></li></ul></details>"


@pytest.mark.parametrize(
    "text",
    [
        "text\n{: .wide}",
        "{: .wide}\n\ntext",
        "text\n\n{:.no_toc}",
        'text\n\n{::options parse_block_html="true" /}',
        "text\n{#some-id}",
    ],
)
def test_kramdown_lines_are_not_shown(text: str):
    assert squeezed(text) == "<p>text</p>"


def test_kramdown_lines_do_not_break_quotes_and_tables():
    html = squeezed("> ## T\n>\n> > a\n> {: .solution}\n{: .challenge}\n\n| a |\n|---|\n| 1 |\n{: .table}\n")
    assert "{:" not in html
    assert html.count("<blockquote>") == 2
    assert html.count("<tr>") == 2


def test_braces_after_links_and_code_are_not_shown():
    html = squeezed('[a](b.md){:target="_blank"} `c`{.sh} *d*{: .e}')
    assert html == '<p><a href="b.md">a</a> <code>c</code> <em>d</em></p>'


def test_template_tags_are_text():
    html = squeezed('{% include a.html x="1" %}\n\n- {{ page.title }}\n\n[a]({{ site.url }}/b_c_d)')
    assert '{% include a.html x="1" %}' in html
    assert "<li>{{ page.title }}</li>" in html
    assert 'href="{{ site.url }}/b_c_d"' in html


def test_divs_become_panels_and_solutions_fold():
    html = squeezed("::::: challenge\n\n## Try\n\n:::: solution\n\nSo.\n\n::::\n\n:::::\n\nafter")
    assert ":::" not in html
    assert '<div class="panel"><h2 id="t-try">Try</h2>' in html
    assert "<details><summary>Solution</summary><p>So.</p></details></div><p>after</p>" in html


def test_divs_that_never_close_or_open_leave_balanced_html():
    assert squeezed(":::\n\ntext") == "<p>text</p>"
    assert squeezed("::: tip\n\ntext") == '<div class="panel"><p>text</p></div>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("snake_case_name and 2*3*4", "snake_case_name and 2<em>3</em>4"),
        ("**bold**text and __init__", "<strong>bold</strong>text and <strong>init</strong>"),
        ("~~gone~~ H~2~O", "<del>gone</del> H~2~O"),
        ("a  \nb\\\nc\nd", "a<br>\nb<br>\nc\nd"),
        (r"\*not\* \[a\](b) \# \<kbd>", "*not* [a](b) # &lt;kbd&gt;"),
        ("``a ` b`` &copy; AT&T", "<code>a ` b</code> © AT&amp;T"),
        ("<kbd>F1</kbd><br>x<!-- gone -->", "<kbd>F1</kbd><br>x"),
    ],
)
def test_inline(text: str, html: str):
    assert render(text).html == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("text", "target", "rest"),
    [
        ("https://example.org.", "https://example.org", "."),
        ("(https://example.org/a(b))", "https://example.org/a(b)", ")"),
        ("www.example.org/x_y_z!", "http://www.example.org/x_y_z", "!"),
        ('"https://example.org/"', "https://example.org/", '"'),
        ("help@example.org,", "mailto:help@example.org", ","),
    ],
)
def test_bare_addresses_are_links(text: str, target: str, rest: str):
    rendered = render(text)
    assert [link.target for link in rendered.links] == [target]
    assert rendered.html.strip().endswith(f"</a>{rest}</p>")


def test_an_address_in_code_or_a_link_is_not_linked_again():
    assert len(render("`https://example.org` [https://example.org](x.md)").links) == 1


def test_reference_with_code_in_its_label():
    assert squeezed("See [`run()`].\n\n[`run()`]: api.md") == '<p>See <a href="api.md"><code>run()</code></a>.</p>'


def test_one_line_stays_one_line():
    assert render_inline("1. *x* <div>y</div> `z`") == "1. <em>x</em> y <code>z</code>"
    assert render_inline("# no\nheading") == "# no heading"
    assert render_inline("") == ""


def test_small_blocks():
    assert render_block("Right:\n- one").split() == ["<p>Right:</p>", "<ul><li>one</li>", "</ul>"]
