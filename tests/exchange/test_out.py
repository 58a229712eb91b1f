"""Questions on their way out, and back: the same types, keys and points."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.questions import parse_question_file
from lms.content.structure import Question, QuestionFile
from lms.exchange.sending import Sent, question_files, send
from lms.exchange.xml_tree import read_tree
from lms.question_types import BUILT_IN
from tests.exchange.files import TYPES, again, brought
from tests.exchange.test_gift import HOSTILE, WORDS, escaped

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BANK = """\
---
title: Birds / at the window
---

## Which bird is black? {#black}

```quiz
points: 2
outcome: birds
```

- [ ] gull
  > (50%) Young ones are darker.
- [x] crow, *Corvus*
  > Yes: 100 % black {really} = true ~ #1
- [ ] swan

> [!TIP]
> Think of coal.

> [!NOTE]
> Crows are black.

## {#seen}

Who was seen?

![A map](images/map.png)

- [x] the gull
- [x] the crow
- [x] the swan
- [ ] the owl

## A whale is a bird. {#whale}

- [ ] True
- [x] False
  > It gives milk.

## The name of `a*b`? {#name}

```quiz
case: exact
```

- = a*b
  > Well.
- =50% `> a`

## How many wings? {#wings}

- = 2
- =50% 1..3
- =25% 2.5 ± 2

## Who eats what? {#food}

- owl -> mouse
- heron -> fish
- -> cake

## First to last {#order}

```quiz
type: ordering
```

1. egg
2. chick
3. bird

## {#gaps}

A bird has [[two|2]] wings, [[(one)|three]] beak and [[0.5 ± 0.1]] kilograms.

## Describe a bird. {#essay}

```quiz
type: essay
words: 80..200
rubric:
  - 2: names its colour
  - 1: says where it lives
```

> [!NOTE]
> Nobody is wrong here.

## Draw a bird. {#draw}

```quiz
type: upload
files: [png, jpg]
max: 2
```

## Which command lists birds? {#list}

```quiz
type: command
```

- = ls -la birds

## How do you like birds? {#like}

```quiz
type: scale
from: 1
to: 5
```
"""
FILES: Mapping[str, bytes] = {"quizzes/birds.md": BANK.encode(), "quizzes/images/map.png": PNG}


def sent(format_name: str) -> Sent:
    return send(question_files(FILES, TYPES, "quizzes/birds.md"), FILES, format_name)


def parsed(text: str) -> tuple[Question, ...]:
    file, problems = parse_question_file("q.md", text, id="q", language="en", types=TYPES)
    assert [problem for problem in problems if problem.severity == "error"] == []
    return file.questions


def key(question: Question) -> tuple[Any, ...]:
    """What must survive: id, type, points, what is right, and accepted answers."""
    return (
        question.id,
        question.type,
        [(option.right, option.credit, bool(option.feedback), bool(option.text)) for option in question.options],
        [answer["key"] for answer in question.spec.get("answers", ())],
        [{name: value for name, value in gap.items() if name != "token"} for gap in question.spec.get("gaps", ())],
        question.spec.get("exact", False),
    )


def test_everything_but_an_opinion_survives_moodle_xml() -> None:
    out = sent("moodle-xml")
    assert [loss.what for loss in out.losses] == ["commands compared as a shell reads them", "the question (scale)"]
    back = {question.id: question for question in again_of(out.text)}
    for question in parsed(BANK):
        if question.type not in {"command", "scale"}:
            assert key(back[question.id]) == key(question)
            assert back[question.id].points == question.points
    assert back["list"].type == "text"
    assert (back["black"].hint, back["black"].explanation) == ("Think of coal.", "Crows are black.")
    assert back["draw"].spec["endings"] == ["png", "jpg"]
    assert back["essay"].spec["most_words"] == 200
    assert out.questions == 11


def again_of(text: str) -> tuple[Question, ...]:
    found = brought(text)
    file, problems = parse_question_file("q.md", found.text, id="q", language="en", types=TYPES)
    assert [problem for problem in problems if problem.severity == "error"] == []
    return file.questions


def test_pictures_travel_inside() -> None:
    found = brought(sent("moodle-xml").text)
    assert list(found.files.values()) == [PNG]
    assert "![A map](images/" in found.text


def test_gift_holds_what_it_can_and_names_the_rest() -> None:
    out = sent("gift")
    lost = {loss.where.rpartition(": ")[2]: loss.what for loss in out.losses}
    assert [lost[name] for name in ("order", "gaps", "draw", "like")] == [
        f"the question ({kind})" for kind in ("ordering", "gaps", "upload", "scale")
    ]
    assert {"pictures", "case: exact", "the rubric", "points: 2"} <= {loss.what for loss in out.losses}
    back = {question.id: question for question in again_of(out.text)}
    for question in parsed(BANK):
        if question.id in {"black", "seen", "whale", "wings", "food", "essay"}:
            assert key(back[question.id]) == key(question)
    assert back["name"].spec["answers"][0]["key"] == "a*b"
    assert out.questions == len(back) == 8


def test_the_xml_is_what_moodle_asks_for() -> None:
    root = read_tree(sent("moodle-xml").text)
    kinds = [each.attributes["type"] for each in root.all("question")]
    assert kinds == ["category", "multichoice", "multichoice", "truefalse", "shortanswer", "numerical", "matching",
                     "ordering", "cloze", "essay", "essay", "shortanswer"]  # fmt: skip
    category, black, seen, *_rest = root.all("question")
    assert category.text("category", "text") == "$course$/top/Birds // at the window"
    assert [each.attributes["fraction"] for each in black.all("answer")] == ["50", "100", "0"]
    assert [each.attributes["fraction"] for each in seen.all("answer")] == ["33.33333"] * 3 + ["-33.33333"]
    assert (black.text("single"), seen.text("single")) == ("true", "false")
    assert "class=" not in sent("moodle-xml").text
    picture = seen.first("questiontext", "file")
    assert picture is not None
    assert picture.attributes == {"name": "map.png", "path": "/", "encoding": "base64"}
    assert "@@PLUGINFILE@@/map.png" in seen.text("questiontext", "text")


def test_shares_that_moodle_does_not_know_are_told() -> None:
    bank = "## Which? {#w}\n\n- [x] a\n- [ ] b\n  > (47%) Nearly.\n"
    file = parse_question_file("quizzes/w.md", bank, id="w", language="en", types=TYPES)[0]
    out = send([file], {}, "moodle-xml")
    assert [loss.what for loss in out.losses] == ["a share of 47%"]
    assert 'fraction="50"' in out.text


def test_each_type_of_ours_goes_out_or_is_named() -> None:
    for type_ in BUILT_IN:
        text = type_.example
        file = parse_question_file(f"quizzes/{type_.name}.md", text, id="x", language="en", types=TYPES)[0]
        for format_name in ("gift", "moodle-xml"):
            out = send([file], {}, format_name)
            named = [loss for loss in out.losses if loss.what.startswith("the question (")]
            assert out.questions + len(named) == len(file.questions)
            if out.questions:
                assert len(brought(out.text).fates) == out.questions


def test_true_and_false_go_out_in_any_language() -> None:
    course = {"courses/a/index.md": "---\nlanguage: lv\n---\n# A\n", "courses/a/b.md": "# B\n\nTeksts.\n"}
    path = "courses/a/b.quiz.md"
    files = {name: text.encode() for name, text in course.items()}
    files[path] = "## Vai tā? {#x}\n\n- [x] Nepatiesi\n- [ ] Patiesi\n".encode()
    found = question_files(files, TYPES, path)
    assert "{FALSE}" in send(found, files, "gift").text
    assert 'fraction="100" format="moodle_auto_format"><text>false' in send(found, files, "moodle-xml").text


def one(text: str) -> QuestionFile:
    return parse_question_file("quizzes/q.md", text, id="q", language="en", types=TYPES)[0]


@pytest.mark.parametrize("format_name", ["gift", "moodle-xml"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_go_out_and_come_back(text: str, format_name: str) -> None:
    start = brought(f"::n::[plain]{escaped(text)} asks{{=[plain]{escaped(text)}#[plain]{escaped(text)}~[plain]other}}")
    file = one(start.text)
    back = brought(send([file], {}, format_name).text)
    assert [fate.question.type for fate in back.fates] == ["single"]
    before, after = file.questions[0], again(back)[0]
    assert [option.right for option in after.options] == [True, False]
    assert words(after) == words(before)


def words(question: Question) -> list[str]:
    """What stands in a question, without any backslash and white space."""
    texts = [question.stem or question.body, *(each for o in question.options for each in (o.text, o.feedback))]
    return [re.sub(r"[\\\s]|&(?:amp|lt|gt);", "", text.replace("&lt;", "<").replace("&amp;", "&")) for text in texts]


@settings(max_examples=60, deadline=None)
@given(stem=WORDS, option=WORDS, format_name=st.sampled_from(["gift", "moodle-xml"]))
def test_any_words_go_out_and_come_back(stem: str, option: str, format_name: str) -> None:
    start = brought(
        f"::n::[plain]{escaped(stem)}{{=[plain]{escaped(option)}~[plain]something else}}", format_name="gift"
    )
    back = brought(send([one(start.text)], {}, format_name).text)
    assert [option.right for option in again(back)[0].options] == [True, False]


def test_a_pack_goes_out_with_a_category_for_each_file() -> None:
    files = {**FILES, "quizzes/more.md": b"## Is it? {#is}\n\n- [x] True\n- [ ] False\n"}
    out = send(question_files(files, TYPES), files, "moodle-xml")
    assert out.text.count('type="category"') == 2
    assert out.questions == 12
    assert dataclasses.is_dataclass(out)
