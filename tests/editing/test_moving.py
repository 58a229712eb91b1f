"""What moves keeps its identity; whatever names it follows, and nothing else changes by a byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.checker.registry import RULES
from lms.editing.links import relinked
from lms.editing.moving import KeepsResults, PlaceTaken, family, links_to, moved, without
from lms.editing.ordering import OrderElsewhere, rearranged, renamed
from tests.editing.worlds import GARDEN, LEADS_NOWHERE, QUESTION, TYPES, applied, broken, opened, order

SOIL, WATER = "courses/garden/01-soil.md", "courses/garden/02-water.md"
SPADE, RAKE = "courses/garden/03-tools/01-spade.md", "courses/garden/03-tools/02-rake.md"
KNOWN = {"garden": {"soil", "water", "tools/spade", "tools/rake", "soil#alive", "garden-exam#earth"}}


def move(path: str, name: str, folder: str | None = None, files=GARDEN, published=KNOWN):
    known = opened(files)
    return applied(known, moved(known, renamed(known, path, name, folder), TYPES, published))


def text(known, path: str) -> str:
    return known.files[path].decode()


def test_a_lesson_goes_with_its_translation_and_its_questions() -> None:
    assert set(family(opened().pack, SOIL)) == {SOIL, SOIL[:-3] + ".lv.md", SOIL[:-3] + ".quiz.md"}
    after = move(SOIL, "09-earth", "courses/garden/03-tools")
    assert {path for path in after.files if "earth" in path} == {
        "courses/garden/03-tools/09-earth.md", "courses/garden/03-tools/09-earth.lv.md",
        "courses/garden/03-tools/09-earth.quiz.md", "courses/garden/images/earth.svg",
    }  # fmt: skip
    assert SOIL not in after.files


def test_what_leads_nowhere_would_be_found() -> None:
    assert RULES.keys() >= LEADS_NOWHERE
    assert broken(opened({**GARDEN, WATER: "# Water\n"})) == [f"{SOIL}:3 anchor-missing"]


@pytest.mark.parametrize(("path", "name", "folder"), [
    (SOIL, "09-earth", "courses/garden/03-tools"), (SOIL, "01-earth", None), (SPADE, "04-spade", "courses/garden"),
    (WATER, "05-rain", None), ("courses/garden/03-tools", "07-things", None),
    ("courses/garden/images/earth.svg", "ground.svg"[:-4], None),
])  # fmt: skip
def test_no_link_breaks(path: str, name: str, folder: str | None) -> None:
    assert broken(opened()) == []
    assert broken(move(path, name, folder)) == []


def test_links_are_written_anew_and_code_stays_as_it_is() -> None:
    after = move(SOIL, "04-earth", "courses/garden/03-tools")
    earth = text(after, "courses/garden/03-tools/04-earth.md")
    assert "[water](../02-water.md#how-much), [tools](01-spade.md)" in earth
    assert "![Earth](../images/earth.svg)" in earth
    assert "[Check](04-earth.quiz.md#alive)" in earth
    assert "[not a link](02-water.md)" in earth
    water = text(after, WATER)
    assert "[soil](03-tools/04-earth.md), `[code](01-soil.md)`" in water
    assert "[s]: 03-tools/04-earth.md\n" in water
    assert "[soil](03-tools/04-earth.md)" in text(after, "courses/garden/index.md")


def test_a_published_lesson_says_what_it_was_and_others_do_not() -> None:
    after = move(SOIL, "01-earth")
    lesson = next(lesson for lesson in after.pack.courses[0].lessons if lesson.id == "earth")
    assert lesson.was == ("soil",)
    assert move(SOIL, "01-earth", published={}).files["courses/garden/01-earth.md"].startswith(b"# Soil")
    again = applied(after, moved(after, renamed(after, lesson.path, "01-ground"), TYPES, {"garden": {"earth"}}))
    assert next(lesson for lesson in again.pack.courses[0].lessons if lesson.id == "ground").was == ("soil", "earth")


def test_a_number_alone_changes_no_id_and_writes_no_earlier_one() -> None:
    after = move(SOIL, "07-soil")
    assert "was" not in text(after, "courses/garden/07-soil.md")
    assert order(after.pack.courses[0]) == ["water", "tools/spade", "tools/rake", "soil"]


def test_a_module_takes_its_lessons_along() -> None:
    after = move("courses/garden/03-tools", "03-things")
    lessons = {lesson.id: lesson.was for lesson in after.pack.courses[0].lessons}
    assert lessons["things/spade"] == ("tools/spade",)
    assert "[tools](03-things/01-spade.md)" in text(after, SOIL)


def test_a_quiz_that_counts_keeps_its_name_once_it_was_published() -> None:
    with pytest.raises(KeepsResults):
        move("quizzes/garden-exam.md", "other")
    after = move("quizzes/garden-exam.md", "other", published={})
    assert "exam: ../../quizzes/other.md" in text(after, "courses/garden/index.md")
    assert after.pack.courses[0].exam == "quizzes/other.md"
    graded = {**GARDEN, "courses/garden/01-soil.quiz.md": "---\npass: 50%\n---\n" + QUESTION}
    with pytest.raises(KeepsResults):
        move(SOIL, "01-earth", files=graded)
    assert "courses/garden/05-soil.quiz.md" in move(SOIL, "05-soil", files=graded).files


def test_nothing_is_put_over_something_else() -> None:
    with pytest.raises(PlaceTaken):
        move(SOIL, "02-water")


def test_a_list_of_lessons_follows() -> None:
    front = "---\nlessons:\n  - 02-water.md   # first\n  - Basics: 01-soil.md\n  - 03-tools/\n---\n\nWords.\n"
    after = move(SOIL, "01-earth", files={**GARDEN, "courses/garden/index.md": front})
    assert text(after, "courses/garden/index.md") == front.replace("01-soil.md", "01-earth.md")
    after = move("courses/garden/03-tools", "09-things", files={**GARDEN, "courses/garden/index.md": front})
    assert text(after, "courses/garden/index.md") == front.replace("03-tools/", "09-things/")
    known = opened({**GARDEN, "courses/garden/index.md": front})
    gone = applied(known, without(known, family(known.pack, WATER)))
    assert text(gone, "courses/garden/index.md") == front.replace("  - 02-water.md   # first\n", "")


def test_an_order_file_follows() -> None:
    nav = "site_name: Gardens\nnav:\n  - Home: index.md\n  - 'The soil': a/soil.md # under us\n  - Water: a/water.md\n"
    files = {
        "mkdocs.yml": nav,
        "docs/index.md": "# Hi\n\nText.\n",
        "docs/a/soil.md": "# S\n\nT.\n",
        "docs/a/water.md": "# W\n\nT.\n",
    }
    after = move("docs/a/soil.md", "earth", files=files, published={})
    assert text(after, "mkdocs.yml") == nav.replace("a/soil.md", "a/earth.md")
    assert broken(after) == []


def test_who_links_here_is_known() -> None:
    known = opened()
    assert set(links_to(known, family(known.pack, SOIL))) == {
        "courses/garden/index.md", WATER, SPADE,
    }  # fmt: skip
    assert links_to(known, [RAKE]) == ()


@pytest.mark.parametrize(("path", "way", "wanted"), [
    (WATER, "up", ["water", "soil", "tools/spade", "tools/rake"]),
    (SOIL, "down", ["water", "soil", "tools/spade", "tools/rake"]),
    (SOIL, "up", ["soil", "water", "tools/spade", "tools/rake"]),
    (RAKE, "up", ["soil", "water", "tools/rake", "tools/spade"]),
    ("courses/garden/03-tools", "up", ["soil", "tools/spade", "tools/rake", "water"]),
])  # fmt: skip
def test_lessons_and_modules_change_places(path: str, way, wanted: list[str]) -> None:
    known = opened()
    fresh = rearranged(known, path, way)
    after = applied(known, moved(known, fresh.moves, TYPES, KNOWN))
    assert order(after.pack.courses[0]) == wanted
    assert broken(after) == []
    assert not any(b"was:" in content for content in after.files.values())
    assert len(after.files) == len(known.files)


def test_names_without_numbers_get_them() -> None:
    files = {"courses/c/index.md": "# C\n", **{f"courses/c/{name}.md": f"# {name}\n\nT.\n" for name in "abc"}}
    known = opened(files)
    after = applied(known, moved(known, rearranged(known, "courses/c/c.md", "up").moves, TYPES, {}))
    assert order(after.pack.courses[0]) == ["a", "c", "b"]
    assert "courses/c/02-c.md" in after.files


def test_a_list_of_lessons_is_put_in_order_itself() -> None:
    front = "---\ntitle: T\nlessons:\n  - b.md # the second letter\n  - a.md\n  - c.md\nhours: 1\n---\n"
    files = {"courses/c/index.md": front, **{f"courses/c/{name}.md": f"# {name}\n\nT.\n" for name in "abc"}}
    known = opened(files)
    fresh = rearranged(known, "courses/c/b.md", "down")
    assert fresh.moves == {}
    assert fresh.pages["courses/c/index.md"].decode() == front.replace(
        "  - b.md # the second letter\n  - a.md\n", "  - a.md\n  - b.md # the second letter\n"
    )


def test_an_order_file_of_another_program_is_left_to_its_author() -> None:
    nav = "nav:\n  - soil.md\n  - water.md\n"
    known = opened({"mkdocs.yml": nav, "docs/soil.md": "# S\n\nT.\n", "docs/water.md": "# W\n\nT.\n"})
    with pytest.raises(OrderElsewhere) as caught:
        rearranged(known, "docs/water.md", "up")
    assert caught.value.path == "mkdocs.yml"


PIECES = st.sampled_from(
    ["[a](b.md)", "![x](<c d.md>)", "`[n](b.md)`", "\n\n```\n[n](b.md)\n```\n\n", "words ", "(", "]", "[", "\n\n",
     "[r]: b.md\n",
     '<img src="b.md">', "<!-- [n](b.md) -->", "é\r\n", "[a](b.md 'title')", "[a](#b)", "\\[a](b.md)", "~~~\n", "ļ"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=20).map("".join))
@settings(max_examples=200, deadline=None)
def test_only_targets_change(text: str) -> None:
    found: list[str] = []
    assert relinked(text, found.append) == text  # type: ignore[arg-type,func-returns-value]
    changed = relinked(text, lambda target: target.replace("b.md", "q.md"))
    assert changed.replace("q.md", "b.md") == text
    assert len(changed) == len(text)


LESSONS = ["soil", "water", "tools/spade", "tools/rake"]


@given(st.lists(st.tuples(st.sampled_from(LESSONS), st.sampled_from(["up", "down"])), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_any_rearrangement_keeps_every_lesson_and_breaks_no_link(steps) -> None:
    known = opened()
    for lesson, way in steps:
        path = next(each.path for each in known.pack.courses[0].lessons if each.id == lesson)
        known = applied(known, moved(known, rearranged(known, path, way).moves, TYPES, KNOWN))
    assert sorted(order(known.pack.courses[0])) == sorted(LESSONS)
    assert broken(known) == []
