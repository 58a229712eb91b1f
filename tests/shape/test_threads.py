"""What all threads share is made while only one of them is there."""

from __future__ import annotations

import ast

from tests.shape.sources import name, python_files, tree


def test_an_alias_that_lasts_is_made_whole() -> None:
    """`aliased` is for a function's own; a module's is a `lasting_alias`, see there."""
    found = [
        f"{name(file)}:{inner.lineno}"
        for file in python_files("lms")
        for node in tree(file).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "aliased"
    ]
    assert found == []
