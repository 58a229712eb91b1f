"""The pages made from the program are current, and what they say of settings and commands holds."""

from __future__ import annotations

import ast
import dataclasses
import re
from functools import cache

import click
import pytest

import run
from lms.cli import lms
from lms.config import Settings
from tests.docs.pages import PAGES, ROOT, fences, read, spans
from tests.docs.reference import PAGES as MADE
from tests.docs.reference import commands

COMMANDS = dict(commands())


@pytest.mark.parametrize("page", MADE)
def test_a_made_page_is_current(page):
    assert read(page) == MADE[page](), "run: python -m tests.docs.reference"


@cache
def settings_read() -> frozenset[str]:
    """The attributes of settings that some code asks for."""
    found: set[str] = set()
    for file in (ROOT / "lms").rglob("*.py"):
        owners = {"settings", "self"} if file.name == "config.py" else {"settings"}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and (
                (isinstance(node.value, ast.Name) and node.value.id in owners)
                or isinstance(node.value, ast.Subscript | ast.Call)
            ):
                found.add(node.attr)
    return frozenset(found)


@pytest.mark.parametrize("setting", dataclasses.fields(Settings), ids=lambda item: item.name)
def test_a_setting_has_a_meaning_and_an_effect(setting):
    meaning = setting.metadata["doc"]
    assert meaning.endswith(".")
    assert (setting.name in settings_read()) is not meaning.endswith("Not used yet.")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_it_takes(name):
    examples = re.findall(r"Example: (.+)", COMMANDS[name].help or "")
    assert len(examples) == 1
    assert name in examples[0]
    assert misused(examples[0]) == []


def misused(line: str) -> list[str]:
    """What a line of shell says of `lms` that is not so: commands and options that do not exist."""
    wrong = []
    for call in re.findall(r"(?:^|[\s(])lms +([a-z][^|&;#)]*)", line):
        command: click.Command = lms
        context = click.Context(lms)
        for word in call.split():
            if isinstance(command, click.Group):
                found = command.get_command(context, word)
                if found is None:
                    wrong.append(f"lms {call}: {word}")
                    break
                command = found
            elif word.startswith("-"):
                known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
                wrong += [f"lms {call}: {word}"] * (word.partition("=")[0] not in known | {"-h", "--help"})
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_documents_call_commands_that_exist(page):
    text = page.read_text(encoding="utf-8")
    shell = [line for fence in fences(text) if fence.language == "sh" for line in fence.text.splitlines()]
    said = [span for span in spans(text) if span.startswith("lms ")]
    assert [wrong for line in (*shell, *said) for wrong in misused(line)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_documents_name_settings_that_exist(page):
    known = {f"LMS_{item.name.upper()}" for item in dataclasses.fields(Settings)} | {"LMS_CONFIG"}
    named = set(re.findall(r"\bLMS_[A-Z]\w*", page.read_text(encoding="utf-8")))
    assert named <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_documents_name_tasks_of_make_that_exist(page):
    text = page.read_text(encoding="utf-8")
    shell = [line.strip() for fence in fences(text) if fence.language == "sh" for line in fence.text.splitlines()]
    named = [match[1] for said in (*shell, *spans(text)) if (match := re.match(r"(?:\w+=\S+ )*make ([a-z-]+)", said))]
    assert set(named) <= set(run.TASKS)


def test_a_wrong_call_is_noticed():
    assert misused("lms backup --fast x.zip && lms fly") == ["lms backup --fast x.zip : --fast", "lms fly: fly"]
    assert misused("see lms.toml, then LMS_HOME=/srv lms people add --name x") == []
