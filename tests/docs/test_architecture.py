"""The map is the territory: each folder and file of the program is on it, once, and imports follow it."""

from __future__ import annotations

import re
import tomllib

import pytest

from lms.cli import COMMANDS
from tests.docs.pages import ROOT, fences, read, spans

PAGE = read("architecture.md")
(MAP,) = [fence.text for fence in fences(PAGE) if "map" in fence.words]
INSIDE, _, OUTSIDE = MAP.partition("\n\n")


def on_the_map(text: str, indent: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.startswith(indent) and not line.startswith(f"{indent}--")]
    return [name for line in lines for name in re.split(r" {2,}", line[len(indent) :])[0].split(" ")]


def test_everything_in_the_package_is_on_the_map():
    there = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "lms").iterdir()
        if path.name not in {"__init__.py", "__pycache__", "_data"} and (path.is_file() or any(path.iterdir()))
    }
    drawn = on_the_map(INSIDE, "  ")
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == there


def test_the_other_folders_exist():
    drawn = on_the_map(OUTSIDE, "")
    assert len(drawn) >= 6
    assert [name for name in drawn if not (ROOT / name).is_dir()] == []


def test_the_map_has_the_order_of_the_import_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "map")
    height = {name: row for row, layer in enumerate(layers) for name in re.findall(r"\w+", layer)}
    drawn = [name.rstrip("/").removesuffix(".py") for name in on_the_map(INSIDE, "  ")]
    rows = [height[name] for name in drawn if name in height]
    assert rows == sorted(rows)
    assert len(rows) >= 25


@pytest.mark.parametrize("command", ["rules.md", "tests.docs.reference"])
def test_the_commands_that_make_pages_are_named(command):
    assert any(command in span for span in spans(PAGE))


def test_commands_stand_where_the_page_says():
    assert all((ROOT / "lms" / "cli" / f"{file}.py").exists() for file in COMMANDS.values())
