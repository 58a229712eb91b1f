"""The way of the install page is gone: its shell is run in order, and what its other blocks set is understood."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import make_url

from lms.authoring.uploads import MOST_BYTES
from lms.config import load_settings
from lms.jobs import MOST_ATTEMPTS
from tests.docs.pages import Fence, fences, read, sections
from tests.docs.test_reference import misused

PAGE = read("install.md")
BLOCKS = fences(PAGE)


def one(word: str) -> Fence:
    (block,) = [block for block in BLOCKS if word in block.words]
    return block


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything was run that the page says can be."""
    folder = tmp_path_factory.mktemp("machine")
    programs = folder / "programs"
    programs.mkdir()
    (programs / "lms").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lms "$@"\n')
    (programs / "lms").chmod(0o755)
    (programs / "python3").symlink_to(sys.executable)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    path = f"{programs}:{os.environ['PATH']}"
    about = {**kept, "PATH": path, "LMS_HOME": str(folder / "data"), "PYTHONPATH": str(Path(__file__).parents[2])}
    script = "\n".join(["set -eu", *(block.text for block in BLOCKS if "run" in block.words)])
    ran = subprocess.run(["sh", "-c", script], cwd=folder, env=about, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (folder / "said").write_text(ran.stdout)
    return folder


def test_the_installation_is_in_order(machine):
    said = (machine / "said").read_text()
    assert "fine  operators: 1 of them" in said
    assert "LOOK" not in said
    assert "our-courses: published welcome." in said


def test_the_backup_was_put_back(machine):
    assert "Restored the backup" in (machine / "said").read_text()
    assert (machine / "trial" / "lms.db").stat().st_size > 0


def test_the_settings_are_taken_and_hidden_from_others(machine):
    settings = load_settings({"LMS_HOME": str(machine / "data")})
    assert settings.is_https
    assert settings.packs == (str(machine / "our-courses"),)
    assert (machine / "data" / "lms.toml").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("word", ["postgres", "room"])
def test_the_other_settings_are_taken(word, tmp_path):
    (tmp_path / "lms.toml").write_text(one(word).text)
    settings = load_settings({"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": "x" * 40})
    assert all(getattr(settings, name) == value for name, value in tomllib.loads(one(word).text).items())
    assert make_url(settings.database).drivername in {"postgresql+psycopg", "sqlite"}


def test_the_unit_starts_a_command_that_exists():
    unit = configparser.ConfigParser(strict=False)
    unit.read_string(one("unit").text)
    program, _, words = unit["Service"]["ExecStart"].partition(" ")
    assert program.endswith("/venv/bin/lms")
    assert misused(f"lms {words}") == []


def test_the_proxy_passes_on_what_the_platform_needs():
    (nginx,) = [block.text for block in BLOCKS if block.language == "nginx"]
    for header in ("Host $host", "X-Forwarded-For $proxy_add_x_forwarded_for", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in nginx
    assert "proxies = 1" in PAGE
    assert int(nginx.partition("client_max_body_size ")[2].partition("m;")[0]) * 2**20 > MOST_BYTES


def test_numbers():
    mail = next(section.text for section in sections(PAGE) if section.title == "Mail")
    assert {8: "eight times"}[MOST_ATTEMPTS] in mail
