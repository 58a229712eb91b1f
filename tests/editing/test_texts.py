"""What was not changed keeps its bytes: line ends, marks, settings; and differences can be read back."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lms.authoring.differences import differences
from lms.content.frontmatter import split_page
from lms.content.headings import own_title
from lms.editing.heads import UnclearHead, page_of, scalar, with_earlier_id, with_setting, with_title
from lms.editing.names import file_name
from lms.editing.texts import MARK, NoText, Written, as_bytes, as_text, plain

LINES = st.lists(st.tuples(st.text("ab cā#-:", max_size=8), st.sampled_from(["\n", "\r\n", "\r"])), max_size=12)
RAW = LINES.map(lambda lines: "".join(words + end for words, end in lines))


@given(RAW, st.booleans())
def test_a_text_that_was_not_changed_keeps_every_byte(raw: str, has_mark: bool) -> None:
    content = ((MARK if has_mark else "") + raw).encode()
    written = as_text(content)
    assert as_bytes(written.text, written) == content
    assert as_bytes(written.text.replace("\n", "\r\n"), written) == content  # as browsers send it


@given(RAW, RAW)
@example("\n:\r", ":\n\n")
def test_what_is_written_is_read_back(before: str, after: str) -> None:
    assert as_text(as_bytes(after, as_text(before.encode()))).text == plain(after)


@given(
    st.lists(st.text("ab", min_size=1, max_size=5), min_size=1, max_size=9),
    st.integers(0, 8),
    st.sampled_from(["\n", "\r\n"]),
)
def test_lines_beside_a_change_keep_their_ends(lines: list[str], place: int, end: str) -> None:
    raw = "".join(f"{line}{end if number % 2 else chr(10)}" for number, line in enumerate(lines))
    text = plain(raw).split("\n")
    text.insert(min(place, len(lines)), "NEW")
    kept = as_bytes("\n".join(text), as_text(raw.encode())).decode()
    assert kept.replace("NEW\r\n", "").replace("NEW\n", "") == raw


@pytest.mark.parametrize("content", [b"\xff\xfea\0", b"a\xe9", b"a\0b"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(NoText):
        as_text(content)


def test_a_new_file_has_line_feeds() -> None:
    assert as_bytes("a\r\nb", Written("")) == b"a\nb"


HEAD = "---\ntitle: Soil # the ground\nsources: [a,  b]\nwas: old\n---\n\n# Soil\n\nText.\n"


def test_one_setting_changes_and_nothing_else() -> None:
    assert with_earlier_id(HEAD, "soil") == HEAD.replace("was: old", "was: [old, soil]")
    assert with_setting(HEAD, "minutes", "3") == HEAD.replace("was: old\n", "was: old\nminutes: 3\n")
    assert with_earlier_id("# Soil\r\n", "a/b") == "---\r\nwas: [a/b]\r\n---\r\n\r\n# Soil\r\n"
    assert (
        with_setting("---\na: 1\nwas:\n  - x\n  - y\nb: 2\n---\n", "was", "[z]") == "---\na: 1\nwas: [z]\nb: 2\n---\n"
    )


@pytest.mark.parametrize("text", ["---\ntitle: a: b\n---\n\nText\n", "+++\ntitle = 'x'\n+++\n"])
def test_a_head_that_cannot_be_read_is_left_alone(text: str) -> None:
    with pytest.raises(UnclearHead):
        with_earlier_id(text, "x")


@pytest.mark.parametrize(
    "text", [HEAD, "# Soil\n\n# Other\n", "Words first.\n\n# Soil\n", "No heading.\n", "```\n# no\n```\n# Soil\n"]
)
@pytest.mark.parametrize("title", ["Earth", "Earth: what it is", "# 1", '"Quoted"', "no", "Ēna [x]"])
def test_a_title_changes_where_it_stands(text: str, title: str) -> None:
    fresh = page_of(with_title(text, title))
    assert (fresh.values.get("title") or own_title(fresh.text)) == title
    assert fresh.text.splitlines()[-1] == page_of(text).text.splitlines()[-1] or "Soil" in text.splitlines()[-1]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30))
def test_any_words_can_be_a_setting(words: str) -> None:
    assume(words.strip())
    page = split_page(with_setting("# T\n", "title", scalar(words)))
    assert page.values == {"title": words}


@given(RAW.map(plain), RAW.map(plain))
def test_both_texts_can_be_read_out_of_their_differences(theirs: str, ours: str) -> None:
    lines = differences(theirs, ours)
    for kind, text in (("theirs", theirs), ("ours", ours)):
        for line in lines:
            words = "".join(piece for piece, _ in line.pieces)
            if line.kind == kind:
                assert text.split("\n")[line.number - 1] == words
    changed = [line for line in lines if line.kind in ("theirs", "ours")]
    assert bool(changed) == (theirs != ours)


def test_a_word_that_differs_is_marked() -> None:
    lines = differences("one\ntwo words here\n", "one\ntwo other here\n")
    assert [(line.kind, line.pieces) for line in lines if line.kind in ("theirs", "ours")] == [
        ("theirs", (("two ", False), ("words", True), (" here", False))),
        ("ours", (("two ", False), ("other", True), (" here", False))),
    ]


@pytest.mark.parametrize(("title", "name"), [
    ("What are e-services?", "what-are-e-services"), ("Kāpēc garas paroles", "kapec-garas-paroles"),
    ("რა არის პაროლი", "რა-არის-პაროლი"), ("…", ""), ("../../etc", "etc"), ("a" * 99, "a" * 60), ("CON .md", "con-md"),
])  # fmt: skip
def test_titles_become_names(title: str, name: str) -> None:
    assert file_name(title) == name
