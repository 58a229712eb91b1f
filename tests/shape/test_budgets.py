"""Budgets for the tail: code that is liked differs from code that is put up with by its longest parts.

Complexity up to 8 is ruff's business (C901 in pyproject.toml).
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.shape.sources import ROOT, functions, name, python_files

FUNCTION_LINES = 40
TEST_LINES = 60  # a story, or a text and what is understood of it, stays in one piece
FILE_LINES = 400

# What is longer, how long it may be, and why it reads better in one piece. Shrinking something means taking it out.
LONGER_FUNCTIONS = {
    "lms/content/courses.py:parse_course": (51, "half of it names the fields of a course, one a line"),
    "lms/content/questions.py:parse_question_file": (44, "a third of it names what goes in, one a line"),
}
LONGER_FILES: dict[str, tuple[int, str]] = {}


# An own import that stands in a function, and why.
HIDDEN_IMPORTS = {"lms/__init__.py:__getattr__": "`lms check` starts without the web behind `lms.create_app`"}


def test_functions_fit_on_a_screen() -> None:
    code = over_budget(lengths(*python_files("lms"), ROOT / "run.py"), FUNCTION_LINES, LONGER_FUNCTIONS)
    found = [*code, *over_budget(lengths(*python_files("tests")), TEST_LINES, {})]
    assert not found, "\n".join(found)


def test_files_stay_small() -> None:
    files = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in python_files()}
    found = over_budget(files, FILE_LINES, LONGER_FILES)
    assert not found, "\n".join(found)


def test_a_long_function_would_be_found() -> None:
    assert over_budget({"a": 41, "b": 40}, 40, {}) == ["a has 41 lines, 40 are allowed"]
    assert over_budget({"a": 41}, 40, {"a": (50, "a table")}) == []
    assert over_budget({"a": 12}, 40, {"a": (50, "a table")}) == ["a needs no exception any more"]


def test_no_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "data", "info"}
    found = [name(file) for file in python_files("lms") if drawers & {file.stem, file.parent.name}]
    assert found == []


def test_no_own_import_hides_in_a_function() -> None:
    found = [
        f"{name(file)}:{title}"
        for file in python_files("lms")
        for title, node in functions(file)
        for inner in ast.walk(node)
        if is_own_import(inner)
    ]
    assert found == list(HIDDEN_IMPORTS)


def is_own_import(node: ast.AST) -> bool:
    """Whether a statement imports a part of `lms`."""
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] == "lms"
    return isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "lms" for alias in node.names)


def test_exceptions_name_something_that_exists() -> None:
    assert [path for path in LONGER_FILES if not (ROOT / path).exists()] == []


def lengths(*files: Path) -> dict[str, int]:
    """The lines of each function, from `def` to its end."""
    return {
        f"{name(file)}:{title}": (node.end_lineno or node.lineno) - node.lineno + 1
        for file in files
        for title, node in functions(file)
    }


def over_budget(found_lengths: dict[str, int], budget: int, exceptions: dict[str, tuple[int, str]]) -> list[str]:
    """What is longer than allowed, and which exceptions are no longer needed."""
    found = []
    for title, length in sorted(found_lengths.items()):
        allowed, _ = exceptions.get(title, (budget, ""))
        if length > allowed:
            found.append(f"{title} has {length} lines, {allowed} are allowed")
        elif title in exceptions and length <= budget:
            found.append(f"{title} needs no exception any more")
    return found
