"""The worked example of the plugin manual is installed as a distribution and used; each member is told."""

from __future__ import annotations

import dataclasses
import importlib
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lms import plugins
from lms.app import create_app
from lms.config import Settings
from lms.content.actions import prepare, publish
from lms.db import Database
from lms.discovery import BrokenPlugin, enabled_plugins, question_types
from tests.cast import Visitor
from tests.docs.pages import fences, read, sections, spans, table_rows

MANUAL = read("plugins.md")
FILES = {fence.value("file"): fence.text for fence in fences(MANUAL) if fence.value("file")}
PRACTICE = "practice.quiz.md"
CHANNEL = "handrail_post.py"
SECRET = "a key for tests, long enough to be taken"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the example."""
    source, site = tmp_path_factory.mktemp("handrail-date"), tmp_path_factory.mktemp("site")
    for name, text in FILES.items():
        if name not in {PRACTICE, CHANNEL}:
            (source / name).write_text(text, encoding="utf-8")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(site)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True)
    return site


@pytest.fixture
def enabled(installed: Path, monkeypatch: pytest.MonkeyPatch):
    """The example, importable in this process."""
    monkeypatch.syspath_prepend(str(installed))
    yield enabled_plugins(["date"])
    sys.modules.pop("handrail_date", None)
    importlib.invalidate_caches()


def pack() -> dict[str, bytes]:
    return {"practice.md": b"# Practice\n\nTry it.\n", PRACTICE: FILES[PRACTICE].encode()}


def test_it_is_short():
    assert len(FILES["handrail_date.py"].splitlines()) < 65


@pytest.mark.usefixtures("enabled")
def test_its_own_test_passes(tmp_path):
    (tmp_path / "test_it.py").write_text(FILES["test_handrail_date.py"])
    runpy.run_path(str(tmp_path / "test_it.py"))["test_the_contract"]()


def test_lms_check_knows_its_type_once_the_settings_name_it(installed, tmp_path):
    for name, content in pack().items():
        (tmp_path / name).write_bytes(content)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "PYTHON"))}
    about = {**kept, "PYTHONPATH": str(installed), "LMS_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "lms", "check", str(tmp_path)]
    without = subprocess.run(command, env=about, capture_output=True, text=True, check=False)
    assert without.returncode == 1
    assert "question-type-unknown" in without.stdout
    named = subprocess.run(command, env={**about, "LMS_PLUGINS": "date"}, capture_output=True, text=True, check=False)
    assert (named.returncode, named.stderr) == (0, "")


def test_a_trainee_answers_such_a_question(enabled, sqlite_template, tmp_path):
    shutil.copy(sqlite_template, tmp_path / "lms.db")
    database = Database(f"sqlite:///{tmp_path / 'lms.db'}", durable=False)
    settings = Settings(home=tmp_path, url="http://localhost", secret_key=SECRET, shipped_pack=False, plugins=("date",))
    app = create_app(settings, database)
    with database.writing() as db:
        publish(db, prepare("days", pack(), question_types(enabled)))
    visitor = Visitor(app)
    key, place = "practice#card", "/courses/days/practise/practice"
    assert 'name="answer"' in visitor.get("/courses/days/lessons/practice").text
    assert visitor.post(place, {"question": key, "answer": "at Christmas"}).status_code == 422
    answered = visitor.post(place, {"question": key, "answer": "31.12.2026"}, headers={"X-Fragment": "1"})
    assert "This is right." in answered.text
    wrong = visitor.post(place, {"question": key, "answer": "2026-11-30"}, headers={"X-Fragment": "1"})
    assert "Not yet." in wrong.text
    database.dispose()


def test_a_plugin_that_is_not_installed_stops_the_start_with_its_name():
    with pytest.raises(BrokenPlugin, match=r"nowhere is enabled \(LMS_PLUGINS\) but not installed"):
        enabled_plugins(["nowhere"])


def told(first_row: str) -> set[str]:
    """The members in the table that begins with such a row."""
    text = next(section.text for section in sections(MANUAL) if f"|---|---|\n| `{first_row}`" in section.text)
    tables = [table for table in text.split("\n\n") if f"|---|---|\n| `{first_row}`" in table]
    assert len(tables) == 1
    return {span for row in table_rows(tables[0], "| member") for span in spans(row[0])}


def test_each_member_of_a_question_type_is_told():
    contract = plugins.QuestionType
    methods = {name for name, value in vars(contract).items() if callable(value) and not name.startswith("_")}
    members = set(contract.__annotations__) | methods
    text = next(section.text for section in sections(MANUAL) if section.title == "What a question type has")
    first = text.split("\n\n")[2]
    assert {span for row in table_rows(first, "| member") for span in spans(row[0])} == members


@pytest.mark.parametrize(
    ("value", "first"),
    [
        (plugins.QuestionSource, "file"),
        (plugins.Item, "marker"),
        (plugins.Parsed, "question"),
        (plugins.Grade, "score"),
    ],
)
def test_each_member_of_the_values_is_told(value, first):
    assert told(first) == {field.name for field in dataclasses.fields(value)}


def test_each_field_of_a_plugin_is_told():
    section = next(section for section in sections(MANUAL) if section.title == "What a plugin is")
    named = {span for row in table_rows(section.text, "| field") for span in spans(row[0])}
    assert named == {field.name for field in dataclasses.fields(plugins.Plugin)}
