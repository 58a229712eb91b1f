"""Every locked version runs on the oldest Python that the project promises, so that a fresh Debian can install it."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
LOCKED = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / ".ci/requirements.lock").read_text(), re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OLDEST = PROJECT["requires-python"].removeprefix(">=") + ".0"


@pytest.mark.parametrize(("name", "version"), LOCKED, ids=[name for name, _ in LOCKED])
def test_it_takes_the_oldest_python(name: str, version: str) -> None:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    if about["Version"] != version:
        pytest.skip(f"{about['Version']} is installed here, {version} is locked")
    assert SpecifierSet(about["Requires-Python"] or "").contains(OLDEST), f"{name} wants {about['Requires-Python']}"
