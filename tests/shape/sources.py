"""The project's own Python files, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("lms", "tests")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files of these top folders; without names, all that people write (migrations are generated)."""
    files = [file for folder in folders or FOLDERS for file in (ROOT / folder).rglob("*.py")]
    own = files if folders else [*files, ROOT / "run.py"]
    return tuple(sorted(file for file in own if "_data" not in file.parts))


@cache
def tree(file: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def name(file: Path) -> str:
    """A file's path in the repository, as messages show it."""
    return file.relative_to(ROOT).as_posix()


def functions(file: Path) -> Iterator[tuple[str, Function]]:
    """Every function of a file, with the names of the classes and functions around it."""

    def walk(node: ast.AST, around: tuple[str, ...]) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                continue  # no function is defined in an expression
            inside = around
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inside = (*around, child.name)
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield ".".join(inside), child
            yield from walk(child, inside)

    yield from walk(tree(file), ())
