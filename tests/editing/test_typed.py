"""Whatever somebody types into a form comes back as the very same text, and is never read as marks of YAML or ours."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lms.content.frontmatter import load_yaml
from lms.content.parser import parse_pack
from lms.editing.beginning import PackText, begun_pack, new_bank, new_course, new_lesson, new_module
from lms.editing.builder_fields import fields_of, sheet_from, without_blanks
from lms.editing.builder_settings import settings_shown, with_settings
from lms.editing.builder_sheets import File, Sheet, sheets_of
from lms.editing.builder_writing import NotWritable, rewrite
from lms.editing.heads import page_of, quoted, scalar, with_title
from lms.question_types import BUILT_IN
from tests.editing.worlds import TYPES as WORLD_TYPES
from tests.editing.worlds import applied, opened

TYPES = {type_.name: type_ for type_ in BUILT_IN}
NASTY = [
    "*x", "&a b", "!!python/object:os.system ls", "! x", ": ", "a: b", "a:", "- ", "- a", "---", "...", "|", ">",
    "|-", "\ta", "a\tb", "yes", "no", "on", "off", "true", "null", "~", "1e3", "0x10", "0o7", "010", "1_000",
    ".inf", ".nan", "2026-11-22", "12:30:45", "# a", "a #b", "%TAG ! x", "@a", "`a`", "{a: b}", "[a]", "a, b",
    "'a'", '"a"', "\\", "a\\", "\\n", "\\u2028", "\u200fabc", "\u202eabc", "👩\u200d🏫 and 🦆", "\U000e0001",
    "é" * 300, "=", "<<", "?", "? a", "a\xa0b", "\u2028a", "a\x85b", "\ufeffa", "\x7f", "x" * 3000, "{{ x }}",
    "{#id}", "a {#id}", "<b>a</b>", "**a**", "_a_", "a  ", "[[a]]", "-> a", "a -> b", "(50%) a", "[x] a", "> a",
    "1. a", "$x$", "![a](b)", "[a](b)", "<!-- a", "a #", "a ##",
]  # fmt: skip
SIGNS = st.text(
    st.one_of(
        st.sampled_from("*&!:-|>%@`{}[],#?=~'\"\\/ \t0x1eyno.+<()_$\u2028\u2029\x85\x7f\ufeff\u200f\u200d\xa0é漢🦆"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=25,
)
FIELDS = st.one_of(st.sampled_from(NASTY), SIGNS)


def one_line(text: str) -> str:
    """As the forms of titles take it."""
    return " ".join(text.split())[:200]


@settings(max_examples=400, deadline=None)
@given(FIELDS)
@example("a\r\nb")
@example("\0")
def test_a_value_of_the_front_matter_comes_back(text: str) -> None:
    assert load_yaml(f"k: {quoted(text)}").value == {"k": text}
    assert load_yaml(f"k: {scalar(text)}\nm: 1").value == {"k": text, "m": 1}
    assert load_yaml(f"k: [{scalar(text, in_list=True)}, b]").value == {"k": [text, "b"]}
    assert "\n" not in scalar(text)


@settings(max_examples=150, deadline=None)
@given(FIELDS.map(one_line).filter(bool))
def test_a_title_comes_back_and_every_other_byte_stays(title: str) -> None:
    for text in ("# Old\n\nWords.\n", "---\ntitle: Old # note\nminutes: 5\n---\n\n# Old\n", "Words.\r\n", ""):
        page = page_of(with_title(text, title))
        assert title_of(page.text, page.values) == title
        assert page_of(text).text.replace("# Old\n", "").strip() in page.text
        if "minutes" in text:
            assert with_title(text, title).split("\n")[2:] == text.split("\n")[2:]


def title_of(text: str, values: object) -> str:
    pack = {"courses/x/index.md": b"# X\n", "courses/x/01-a.md": b""}
    assert isinstance(values, dict)
    given_title = values.get("title")
    head = f"---\ntitle: {quoted(given_title)}\n---\n" if isinstance(given_title, str) else ""
    parsed = parse_pack({**pack, "courses/x/01-a.md": (head + text).encode()}, WORLD_TYPES)
    return parsed.courses[0].lessons[0].source.title


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS.map(one_line).filter(bool), FIELDS.map(one_line).filter(bool))
def test_new_things_have_the_titles_that_were_typed(title: str, first: str) -> None:
    files, _ = begun_pack(PackText("p", title, first, "en"), set())
    parsed = parse_pack(files, WORLD_TYPES)
    (course,) = parsed.courses
    assert course.texts["en"].title == title
    assert course.lessons[0].source.title == first


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS.map(one_line).filter(bool))
def test_what_comes_beside_others_has_the_title_that_was_typed(title: str) -> None:
    known = opened()
    made = [
        new_lesson(known, "courses/garden", title),
        new_module(known, "courses/garden", title, title),
        new_course(known, title, title, set()),
        new_bank(known, title),
    ]
    for changes, _opens in made:
        after = applied(known, changes)
        pages = {path: page_of((content or b"").decode()) for path, content in changes.items()}
        assert all(title_of(page.text, page.values) == title for page in pages.values())
        for path, content in known.files.items():
            assert after.files[path] == content


PARTS = ("stem", "text", "answer", "feedback", "hint", "explanation", "outcome")
AREAS = PARTS[1:6]  # fields of several lines
SINGLE = "## First {#first}\n\n- [x] a\n- [ ] b\n\n## Last {#last}\n\n- = 1\n"


def file(text: str) -> File:
    return File("q.quiz.md", text, "en", TYPES)


def with_part(sheet: Sheet, part: str, text: str) -> Sheet:
    """A question with something typed into one of its fields."""
    if part in ("stem", "hint", "explanation"):
        return replace(sheet, **{part: text})
    if part == "text":
        return replace(sheet, texts=(text,))
    if part == "outcome":
        return replace(sheet, settings={**sheet.settings, "outcome": text})
    first, second = sheet.answers
    changed = replace(first, text=text) if part == "answer" else replace(first, feedback=text)
    return replace(sheet, answers=(changed, second))


def typed(text: str) -> str:
    """What the form makes of a field: line feeds alone, nothing around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


REFUSED = {"text": {"-", "- a", "<!-- a"}, "answer": {">", "> a"}}  # another list; feedback; a comment without end


@pytest.mark.parametrize("part", PARTS)
def test_what_is_typed_into_the_builder_comes_back(part: str) -> None:
    for text in (typed(each) if part in AREAS else one_line(each) for each in NASTY):
        if text and text not in REFUSED.get(part, ()):
            come_back(part, text)


@pytest.mark.parametrize("part", PARTS)
@settings(max_examples=60, deadline=None)
@given(FIELDS)
@example("a\x85b")
@example("a\u2028b")
def test_nothing_is_changed_without_a_word(part: str, text: str) -> None:
    """What cannot be said in the format is refused; what is written is what was typed, and the rest is as it was."""
    text = typed(text) if part in AREAS else one_line(typed(text))
    if text:
        with suppress(NotWritable):
            come_back(part, text)


def come_back(part: str, text: str) -> None:
    sheet = sheets_of(file(SINGLE))[0]
    wanted = with_part(sheet, part, text)
    written = rewrite(file(SINGLE), 0, wanted).text
    shown = without_blanks(sheet_from(sent(sheets_of(file(written))[0]), sheets_of(file(written))[0]))
    assert with_part(sheet, part, part_of(shown, part)) == wanted
    assert written.endswith("\n## Last {#last}\n\n- = 1\n")
    if part in ("answer", "feedback"):
        assert "- [ ] b\n" in written
    assert rewrite(file(written), 0, shown).text == written


def part_of(sheet: Sheet, part: str) -> str:
    """What a field of the form shows."""
    if part in ("stem", "hint", "explanation"):
        return str(getattr(sheet, part))
    if part == "text":
        return "\n\n".join(each.strip("\n") for each in sheet.texts if each.strip())
    if part == "outcome":
        return sheet.settings["outcome"]
    return sheet.answers[0].text if part == "answer" else sheet.answers[0].feedback


def sent(sheet: Sheet) -> dict[str, list[str]]:
    """A form as a browser sends it."""
    form: dict[str, list[str]] = {}
    for name, value in fields_of(sheet):
        form.setdefault(name, []).append(value.replace("\n", "\r\n"))
    return form


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["outcome", "order", "level"]), FIELDS.map(one_line).filter(bool), min_size=1))
def test_settings_come_back_line_by_line(wanted: dict[str, str]) -> None:
    fence = ["```quiz", "# agreed with Ilze", "case:  exact", "```"]
    lines = with_settings(fence, {"case": "exact", **wanted})
    assert settings_shown(lines) == {"case": "exact", **wanted}
    assert lines[:3] == fence[:3]
    assert with_settings(lines, {"case": "exact"}) == fence


@settings(max_examples=100, deadline=None)
@given(st.lists(FIELDS.map(one_line).filter(bool), min_size=1, max_size=4))
def test_lists_of_settings_come_back(rows: list[str]) -> None:
    rows = [row for row in rows if ":" not in row] or ["a"]
    for key in ("labels", "rubric"):
        lines = with_settings([], {key: "\n".join(rows)})
        assert settings_shown(lines) == {key: "\n".join(rows)}
