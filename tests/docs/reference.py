"""The pages that are made from the program: `python -m tests.docs.reference` writes them, a test keeps them current."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from lms.cli import lms
from lms.config import Settings

DOCS = Path(__file__).parents[2] / "docs"
MADE = "This page is made from the program by `python -m tests.docs.reference`; a test keeps it current."

SETTINGS_HEAD = f"""# Settings

{MADE}

A setting can stand in two places. The environment wins over the file:

* in the environment, as `LMS_` and the name in capitals: `LMS_PORT=8080`;
* in `lms.toml` in the data folder (`LMS_HOME`), or in the file that `LMS_CONFIG` names: `port = 8080`.

```toml
url = "https://learn.example.org"
time_zone = "Europe/Riga"
packs = ["/srv/handrail/our-courses"]
shipped_pack = false
```

A name in `lms.toml` that does not exist, or a value that cannot be understood, stops the start with a sentence that
names it. Unknown variables in the environment are left alone. `lms serve` and `lms work` read the settings when they
start, so restart them after a change. How the settings work together in production is told in [install](install.md).
"""

COMMANDS_HEAD = f"""# Commands

{MADE}

Every command takes `-h` or `--help`. `lms --version` tells the version. Exit codes, unless a command says more:

| code | means |
|---|---|
| 0 | done |
| 1 | not done; the last line says why |
| 2 | wrong use, a setting that cannot be used, or a plugin that cannot be loaded |

All commands but `lms check` and `lms show` need the [settings](settings.md) of an installation. `lms demo` makes its
own.
"""


def settings_page() -> str:
    """`docs/settings.md`."""
    return "\n".join([SETTINGS_HEAD, *_settings()]).rstrip() + "\n"


def _settings() -> Iterator[str]:
    yield "| name in `lms.toml` | variable | kind | if left out | meaning |"
    yield "|---|---|---|---|---|"
    for item in dataclasses.fields(Settings):
        secret = " **Secret.**" if item.metadata["secret"] else ""
        name = "–" if item.name == "home" else f"`{item.name}`"
        variable, kind, default = f"`LMS_{item.name.upper()}`", _kind(item.default), _shown(item.default)
        yield f"| {name} | {variable} | {kind} | {default} | {item.metadata['doc']}{secret} |"
    yield "| – | `LMS_CONFIG` | path | `lms.toml` in the data folder | Another place for the file with the settings. |"


def _kind(default: object) -> str:
    kinds = {bool: "yes or no", int: "number", tuple: "list", str: "text"}
    return next((words for kind, words in kinds.items() if isinstance(default, kind)), "path")


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"`{default}`" if default not in ("", ()) else "empty"


def commands_page() -> str:
    """`docs/commands.md`."""
    return "\n".join([COMMANDS_HEAD, *_commands(lms, "lms")]).rstrip() + "\n"


def commands(group: click.Group = lms, name: str = "lms") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its whole name."""
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


def _commands(group: click.Group, name: str) -> Iterator[str]:
    for whole, command in commands(group, name):
        context = click.Context(command, info_name=whole, terminal_width=200)
        yield f"## {whole}\n"
        yield f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```\n"
        yield from _help(command)
        records = [param.get_help_record(context) for param in command.params if isinstance(param, click.Option)]
        if records:
            yield "| option | |"
            yield "|---|---|"
            yield from (_option(*record) for record in records if record)
            yield ""


def _option(names: str, words: str) -> str:
    escaped = names.replace("|", "\\|")
    return f"| `{escaped}` | {' '.join(words.split())} |"


def _help(command: click.Command) -> Iterator[str]:
    for paragraph in (command.help or "").split("\n\n"):
        words = " ".join(paragraph.split())
        if words.startswith("Example: "):
            yield f"```sh\n{words.removeprefix('Example: ')}\n```\n"
        else:
            yield f"{words}\n"


PAGES = {"settings.md": settings_page, "commands.md": commands_page}

if __name__ == "__main__":
    for page, make in PAGES.items():
        (DOCS / page).write_text(make(), encoding="utf-8")
        sys.stdout.write(f"docs/{page}\n")
