"""The `lms` command as an operator types it, in this process."""

from __future__ import annotations

import io
import json
import logging
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from lms.cli import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Console:
    """Somebody at a terminal whose environment is the test's."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object, typed: str = "") -> Said:
        self.capsys.readouterr()
        self.monkeypatch.setattr(sys, "argv", ["lms", *map(str, arguments)])
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        finally:
            root.handlers[:], root.level = handlers, level
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.monkeypatch.setenv(f"LMS_{name.upper()}", value)
