"""`lms import` and `lms export` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli import lms

GIFT = "::Sun::The sun is a star.{T#no#yes}\n\nOnly text.\n\nWhich?{=a ~%-50%b}\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(lms, list(words))


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LMS_PLUGINS", "")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.gift").write_text(GIFT, encoding="utf-8")
    return tmp_path


def test_a_file_becomes_a_question_file(pack: Path) -> None:
    said = run("import", "old.gift", "--into", "quizzes/sun.md")
    assert said.exit_code == 0, said.output
    assert (pack / "quizzes/sun.md").read_text(encoding="utf-8").startswith("## The sun is a star. {#sun}\n")
    for words in ("line 1: Sun: true-false", "line 3: left out: description", "-50%", "2 questions in quizzes/sun.md"):
        assert words in said.output
    assert run("check", ".").exit_code == 0


def test_the_report_as_json_and_nothing_written(pack: Path) -> None:
    said = run("import", "old.gift", "--into", "quizzes/sun.md", "--dry-run", "--json")
    report = json.loads(said.output)
    assert list(report) == ["questions", "lost"]
    assert report["questions"][0] == {"id": "sun", "type": "true-false", "options": 2, "correct": [1], "feedback": True}
    assert {tuple(loss) for loss in report["lost"]} == {("where", "what", "why")}
    assert [loss["where"] for loss in report["lost"]] == ["line 3", "line 5"]
    assert not (pack / "quizzes").exists()


@pytest.mark.usefixtures("pack")
def test_what_is_reported_is_what_show_finds() -> None:
    reported = json.loads(run("import", "old.gift", "--into", "quizzes/sun.md", "--json").output)["questions"]
    assert json.loads(run("show", ".", "--json").output)["banks"][0]["questions"] == reported


@pytest.mark.usefixtures("pack")
def test_without_a_place_the_text_is_printed_and_the_report_beside_it() -> None:
    said = run("import", "old.gift")
    assert said.stdout.startswith("## The sun is a star. {#sun}")
    assert "left out" in said.stderr
    assert "left out" not in said.stdout


def test_a_file_that_is_there_is_never_overwritten_unasked(pack: Path) -> None:
    run("import", "old.gift", "--into", "quizzes/sun.md")
    target = pack / "quizzes/sun.md"
    target.write_text("---\ntitle: Sky\npass: 80%\n---\n\n" + target.read_text(encoding="utf-8"), encoding="utf-8")
    before = target.read_bytes()
    said = run("import", "old.gift", "--into", "quizzes/sun.md")
    assert said.exit_code == 1
    assert "already" in said.output
    assert target.read_bytes() == before
    assert run("import", "old.gift", "--into", "quizzes/sun.md", "--append").exit_code == 0
    assert target.read_bytes().startswith(before.rstrip())
    assert "{#sun-2}" in target.read_text(encoding="utf-8")
    assert run("import", "old.gift", "--into", "quizzes/sun.md", "--replace").exit_code == 0
    assert target.read_bytes() == before
    assert run("import", "old.gift", "--into", "quizzes/sun.md", "--replace", "--append").exit_code == 2


@pytest.mark.parametrize(
    "path",
    ["../out.md", "/etc/out.md", "lesson.md", "quizzes/index.md", "quizzes/.hidden.md", "a.quiz.md/../../b.quiz.md"],
)
def test_questions_go_nowhere_else(pack: Path, path: str) -> None:
    said = run("import", "old.gift", "--into", path)
    assert said.exit_code in {1, 2}
    assert not list(pack.rglob("*.md"))
    assert not (pack.parent / "out.md").exists()


def test_an_error_names_file_line_and_fix(pack: Path) -> None:
    (pack / "bad.xml").write_text("<quiz>\n<question>\n</quiz>", encoding="utf-8")
    said = run("import", "bad.xml", "--into", "quizzes/x.md")
    assert said.exit_code == 1
    assert "bad.xml:3: The XML cannot be read: mismatched tag. Open the file" in said.output
    (pack / "none.txt").write_text("Only a text.\n\nAnother {", encoding="utf-8")
    assert run("import", "none.txt", "--format", "gift", "--into", "quizzes/x.md").exit_code == 1
    assert not (pack / "quizzes").exists()


def test_another_language_is_written_down(pack: Path) -> None:
    run("import", "old.gift", "--into", "quizzes/sun.md", "--language", "lv")
    assert (pack / "quizzes/sun.md").read_text(encoding="utf-8").startswith("---\nlanguage: lv\n---\n\n## ")
    assert run("check", ".").exit_code == 0


@pytest.mark.usefixtures("pack")
def test_out_and_in_again() -> None:
    run("import", "old.gift", "--into", "quizzes/sun.md")
    out = run("export", "quizzes/sun.md", "--format", "moodle-xml", "-o", "sun.xml")
    assert (out.exit_code, "2 questions, 0 losses." in out.output) == (0, True)
    first = json.loads(run("import", "old.gift", "--dry-run", "--json").output)["questions"]
    assert json.loads(run("import", "sun.xml", "--dry-run", "--json").output)["questions"] == first
    assert run("export", ".", "--format", "gift").stdout.startswith("$CATEGORY: $course$/top/Sun\n")


@pytest.mark.usefixtures("pack")
def test_a_pack_without_questions_cannot_go_out() -> None:
    assert run("export", ".", "--format", "gift").exit_code == 1


def test_help_has_an_example() -> None:
    assert "lms import old-exam.xml --into quizzes/exam.md" in run("import", "--help").output
