"""`make NAME` and `python3 run.py NAME` are the same tasks, and an old Python can at least read the way out."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys

import pytest

import run
from tests.shape.sources import ROOT


def test_make_offers_exactly_the_tasks_of_run_py() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    offered = re.search(r"^TASKS := (.*)$", makefile, re.MULTILINE)
    assert offered
    assert offered.group(1).split() == list(run.TASKS)


def test_ci_runs_tasks_that_exist() -> None:
    called = re.findall(r"run\.py ([\w-]+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert called == ["test", "check"]
    assert set(called) <= set(run.TASKS)


def test_help_explains_each_task() -> None:
    said = subprocess.run([sys.executable, ROOT / "run.py", "help"], capture_output=True, text=True, check=True).stdout
    assert [line.split()[1] for line in said.splitlines() if line.startswith("make ")] == list(run.TASKS)


def test_an_unknown_task_is_refused() -> None:
    ran = subprocess.run([sys.executable, ROOT / "run.py", "tset"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "'tset'" in ran.stderr


def test_a_python_of_2020_understands_run_py() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_too_old_a_python_is_told_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer.*version 3\.9"):
        run.use_new_enough_python((3, 9))


def test_a_taken_port_is_said_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "prepare", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.setenv("LMS_PORT", "")  # so that it is put back, whatever happens
        monkeypatch.delenv("LMS_PORT")
        with pytest.raises(SystemExit, match=f"PORT={port + 1} make run"):
            run.run([])


def test_a_change_of_the_dependencies_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "LOCK", tmp_path / "lock")
    before = run.fingerprint()
    (tmp_path / "lock").write_text("Flask==1")
    between = run.fingerprint()
    (tmp_path / "pyproject.toml").write_text("[project]")
    assert len({before, between, run.fingerprint()}) == 3
