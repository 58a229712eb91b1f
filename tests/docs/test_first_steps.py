"""The two tutorials, followed to the letter: each file is written, each command typed, each answer compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lms.app import create_app
from lms.config import Settings
from lms.content.actions import prepare, publish
from lms.content.reader import read_folder
from lms.db import Database
from lms.discovery import enabled_plugins, question_types
from tests.cast import Visitor
from tests.docs.pages import Fence, fences, read

SECRET = "a key for tests, long enough to be taken"


def follow(page: str, folder: Path, **more: str) -> None:
    """Do what a page says, one block after the other. What is exported stays, as in the reader's own shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "PYTHON", "GIT_"))}
    env = {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}", **more}
    exported, said = "", ""
    for fence in fences(read(page)):
        if fence.value("file"):
            file = folder / fence.value("file")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(fence.text, encoding="utf-8")
        elif fence.value("replace"):
            replace(folder / fence.value("replace"), fence)
        elif "run" in fence.words:
            done = subprocess.run(
                ["sh", "-c", exported + fence.text], cwd=folder, env=env, capture_output=True, text=True, check=False
            )
            exported += "".join(line + "\n" for line in fence.text.splitlines() if line.startswith("export "))
            said = done.stdout + done.stderr
        elif "says" in fence.words:
            assert fits(fence.text, said), f"{fence.text}\nis promised, but it says:\n{said}"


def replace(file: Path, fence: Fence) -> None:
    """The first line of a block becomes its second."""
    before, after = fence.text.splitlines()
    text = file.read_text(encoding="utf-8")
    assert text.count(before + "\n") == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


def fits(promised: str, said: str) -> bool:
    """Whether a text is as promised, where `…` stands for anything left out."""
    pattern = ".*".join(re.escape(part) for part in promised.strip().split("…"))
    return re.fullmatch(pattern, said.strip(), re.DOTALL) is not None


def test_the_comparison_is_strict():
    assert fits("a\n…\nc", "a\nb\nc")
    assert not fits("a\nc", "a\nb\nc")
    assert not fits("a…", "b")


@pytest.mark.usefixtures("sqlite_template")
def test_your_first_pack(tmp_path: Path):
    follow("first-pack.md", tmp_path)
    database = Database(f"sqlite:///{tmp_path / 'site' / 'lms.db'}", durable=False)
    settings = Settings(home=tmp_path / "site", url="http://localhost", secret_key=SECRET, shipped_pack=False)
    visitor = Visitor(create_app(settings, database))
    lesson = visitor.get("/courses/water/lessons/boiling").text
    assert "A pot with a lid on a flame" in lesson
    assert "How long must water boil to be safe?" in lesson
    assert "Make water safe to drink" in visitor.get("/courses/water").text
    database.dispose()


def test_your_first_question_type(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch):
    site = tmp_path / "site"
    here = {"PIP_TARGET": str(site), "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    follow("first-question-type.md", tmp_path, PYTHONPATH=str(site), **here)
    code = (tmp_path / "handrail-phone" / "handrail_phone.py").read_text()
    assert len(code.splitlines()) < 60
    monkeypatch.syspath_prepend(str(site))
    types = question_types(enabled_plugins(["phone"]))
    files = read_folder(tmp_path / "numbers")
    first = next(fence for fence in fences(read("first-question-type.md")) if fence.value("file") == QUESTIONS)
    shutil.copy(sqlite_template, tmp_path / "lms.db")
    database = Database(f"sqlite:///{tmp_path / 'lms.db'}", durable=False)
    with database.writing() as db:
        publish(db, prepare("numbers", {**files, "calling.quiz.md": first.text.encode()}, types))
    settings = Settings(
        home=tmp_path, url="http://localhost", secret_key=SECRET, shipped_pack=False, plugins=("phone",)
    )
    visitor = Visitor(create_app(settings, database))
    place = "/courses/numbers/practise/calling"
    for answer, status, words in (
        ("(00371) 20001111", 200, "This is right."),
        ("112", 200, "Not yet."),
        ("the help desk", 422, "Write the number with digits"),
    ):
        sent = {"question": "calling#help-desk", "answer": answer}
        answered = visitor.post(place, sent, headers={"X-Fragment": "1"})
        assert (answered.status_code, words in answered.text) == (status, True)
    database.dispose()
    sys.modules.pop("handrail_phone", None)


QUESTIONS = "numbers/calling.quiz.md"
