"""What holds for every command: an example in its help, exit codes for scripts, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lms.cli import COMMANDS, lms
from tests.cli.console import Console


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield (*before, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*before, name))


ALL = list(commands(lms))


def test_every_command_of_the_list_is_there() -> None:
    expected = {"serve", "check", "show", "publish", "people", "work", "backup", "restore", "doctor", "demo", "db"}
    assert expected | {
        "units",
        "report",
        "recount",
        "import",
        "export",
        "pull",
        "pack",
        "keys",
        "certificates",
        "help",
    } == set(COMMANDS)
    assert ("db", "upgrade") in ALL
    assert {("units", "import"), ("people", "import")} <= set(ALL)
    assert ("people", "add") in ALL


@pytest.mark.parametrize("command", [(), *ALL], ids=" ".join)
def test_help_says_what_it_is_for_and_gives_an_example(console: Console, command: tuple[str, ...]) -> None:
    said = console(*command, "--help")
    assert said.code == 0
    example = next(line for line in said.out.splitlines() if line.strip().startswith("Example:"))
    assert f"lms {command[0] if command else ''}" in example


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_every_option_is_explained(command: tuple[str, ...]) -> None:
    found: click.Command = lms
    for name in command:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name) or pytest.fail(name)
    silent = [each.name for each in found.params if isinstance(each, click.Option) and not each.help]
    assert silent == []


@pytest.mark.parametrize("wrong", [["tset"], ["publish", "--no-such"], ["backup"], ["db", "nothing"], ["doctor", "x"]])
def test_wrong_use_is_code_2(console: Console, wrong: list[str]) -> None:
    said = console(*wrong)
    assert said.code == 2
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "command",
    [["publish"], ["people", "list"], ["doctor"], ["db", "state"], ["backup", "x.zip"], ["work", "--once"], ["serve"]],
    ids=" ".join,
)
def test_a_slip_in_the_data_folder_makes_no_database(console: Console, tmp_path: Path, command: list[str]) -> None:
    console.set(home=str(tmp_path / "slip"), shipped_pack="yes")
    said = console(*command)
    assert said.code == 1
    assert "no database" in said.err
    assert "lms db upgrade" in said.err
    assert not (tmp_path / "slip").exists()


@pytest.mark.parametrize("command", [["publish"], ["people", "list"], ["work", "--once"], ["serve"]], ids=" ".join)
def test_a_database_without_tables_is_a_sentence(console: Console, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "lms.db").touch()
    console.set(shipped_pack="yes")
    said = console(*command)
    assert said.code == 1
    assert said.err.strip().startswith("Error: The tables are at nothing, this program needs")


@pytest.mark.parametrize("command", [["doctor"], ["db", "upgrade"], ["people", "list"]], ids=" ".join)
def test_a_file_that_is_no_database_is_a_sentence(console: Console, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "lms.db").write_bytes(b"certainly not a database" * 100)
    said = console(*command)
    assert said.code == 1
    assert "file is not a database" in said.err
    assert said.err.count("\n") == 1


def test_a_server_that_does_not_answer_is_a_sentence_without_the_password(console: Console, tmp_path: Path) -> None:
    console.set(database_url=f"postgresql+psycopg://lms:geheim@/lms?host={tmp_path}")
    said = console("doctor")
    assert said.code == 1
    assert "cannot be used" in said.err
    assert "geheim" not in said.err


@pytest.mark.parametrize("command", [["people", "list"], ["doctor"], ["db", "state"]], ids=" ".join)
def test_json_is_json(ready: Console, command: list[str]) -> None:
    ready("people", "add", "--name", "Olga", "--login", "olga", "--role", "operator", typed="four quiet green words\n")
    assert ready(*command, "--json").json


def test_a_bad_setting_is_code_2_and_one_sentence(console: Console) -> None:
    console.set(port="eighty")
    said = console("doctor")
    assert said.code == 2
    assert said.err == "lms: LMS_PORT is 'eighty'; it takes a whole number.\n"


def test_a_plugin_that_is_not_there_is_code_2_and_one_sentence(sqlite_ready: Console) -> None:
    sqlite_ready.set(plugins="ghost")
    said = sqlite_ready("publish")
    assert said.code == 2
    assert said.err == "lms: The plugin ghost is enabled (LMS_PLUGINS) but not installed.\n"
