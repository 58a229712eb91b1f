"""Templates carry no inline style, script or handler, print nothing unescaped, and say nothing untranslated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shape.sources import ROOT, name, python_files
from tests.shape.template_text import Finding, findings

TEMPLATES = sorted(file for file in (ROOT / "templates").rglob("*") if file.suffix in {".html", ".svg", ".txt", ".xml"})

# Names are the same in every language.
PROPER_NAMES = frozenset({"Handrail"})

# Folders whose templates may print HTML as it is (`|safe`, `|trusted`), and what made it safe.
PRINTS_HTML = {
    "question_types": "stems, options and feedback were sanitised when the course was compiled",
    "learning": "lessons were sanitised when the course was compiled",
    "grading": "questions were sanitised when the course was compiled; answers are printed escaped",
    "editing": "the preview is compiled and sanitised like the lesson itself",
    "authoring": "the preview is compiled and sanitised like the lesson itself",
    "renewing": "questions were sanitised when the course was compiled",
    "updating": "questions were sanitised when the course was compiled",
    "news": "announcements are sanitised when they are shown",
    "exchange": "what comes in is compiled and sanitised before it is looked at",
}

# Templates with scripts and styles inside, and what keeps others out.
STANDS_ALONE = {"sealing/verify.html": "one file for an archive: what it may run is named by its digest in its policy"}

# Python files that declare a string to be safe HTML, and why it is.
DECLARED_SAFE = {
    "lms/sealing/page.py": "JSON for a script, in which no tag can begin",
    "lms/web/language.py": "messages are ours and the translators'; values put into them are escaped",
    "lms/web/pages.py": "the filter `trusted`, for HTML that the compiler sanitised",
}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(ROOT / "templates").as_posix())
def test_template(file: Path) -> None:
    found = findings(file.read_text(encoding="utf-8"), proper_names=PROPER_NAMES)
    if name(file).removeprefix("templates/") in STANDS_ALONE:
        found = [finding for finding in found if finding.rule not in ("inline", "unsafe")]
    if file.suffix == ".txt" or file.relative_to(ROOT / "templates").parts[0] in PRINTS_HTML:
        found = [finding for finding in found if finding.rule != "unsafe"]
    assert not found, "\n".join(f"{name(file)}:{each.line}: {each.rule}: {each.text}" for each in found)


def test_python_declares_html_safe_only_where_listed() -> None:
    declares = {name(file) for file in python_files("lms") if re.search(r"\bMarkup\(", file.read_text("utf-8"))}
    assert sorted(declares) == sorted(DECLARED_SAFE)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(ROOT / "templates").as_posix())
def test_a_field_leaves_an_attribute_out_by_false(file: Path) -> None:
    """WTForms prints none as the word None, which is an id of nothing; false leaves the attribute out."""
    assert re.findall(r"\baria_\w+=[^,}]*\b(?:else|or) none\b", file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Hello there</p>", Finding(1, "untranslated", "Hello there")),
        ("<p>\n{{ name }} signed in\n</p>", Finding(2, "untranslated", "signed in")),
        ("<img alt='A dog' src='a.png'>", Finding(1, "untranslated", "A dog")),
        ("{% if a %}<b>\nyes</b>{% endif %}", Finding(2, "untranslated", "yes")),
        ("<p style='color: red'></p>", Finding(1, "inline", "style=")),
        ("<p onclick='go()'></p>", Finding(1, "inline", "onclick=")),
        ("<a href='javascript:go()'></a>", Finding(1, "inline", "href=javascript:go()")),
        ("<script>go()</script>", Finding(1, "inline", "<script> without src")),
        ("<style>p { color: red }</style>", Finding(1, "inline", "<style>")),
        ("{{ body|safe }}", Finding(1, "unsafe", "|safe")),
        ("{{ body | trusted }}", Finding(1, "unsafe", "|trusted")),
        ("{% autoescape false %}{{ body }}{% endautoescape %}", Finding(1, "unsafe", "autoescape")),
    ],
)
def test_a_fault_is_found(source: str, expected: Finding) -> None:
    assert findings(source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        "<p title=\"{{ _('Hello') }}\">{{ _('Hello') }} · 3 % &nbsp;{# a remark #}</p>",
        "{% trans %}Hello <b>there</b>{% endtrans %}",
        "{% trans n=n %}One{% pluralize %}Many{% endtrans %}<a class=\"{{ 'on' if here }}\" {{ more }}>{{ x }}</a>",
        '<script src="a.js" defer></script><script type="application/json">{"safe": "words"}</script>',
        "{% set safe = 1 %}{{ safe }}{% raw %}{{ }}{% endraw %}",
        "<h1>Handrail</h1>",
        '{% macro wrong(id) %} aria-invalid="true" aria-describedby="{{ id }}"{% endmacro %}',
    ],
)
def test_a_good_template_passes(source: str) -> None:
    assert findings(source, proper_names=PROPER_NAMES) == []
