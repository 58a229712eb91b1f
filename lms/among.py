"""The SQL condition that a column is one of many values: one parameter however many they are.

The text of the statement stays the same, so that it is compiled once here and prepared once there; a list of a thousand
parameters costs both libraries more than what is looked up.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Boolean, Integer, String, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine


class _Many(TypeDecorator[Any]):
    """Several values as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[Integer | String]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        many: TypeEngine[Any] = ARRAY(self.item) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(many)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = sorted(value or ())  # in the order of the index
        return values if dialect.name == "postgresql" else json.dumps(values)


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - its signature
        """A condition as it is: with SQLAlchemy's `= 1` behind it, SQLite would not look it up in an index."""
        return self


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - what the compiler made of our parts


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY ({values})"


class _OnPath(FunctionElement[bool]):
    name = "on_path"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - as above
        """A condition as it is."""
        return self


@compiles(_OnPath, "sqlite")
def _path_on_sqlite(element: _OnPath, compiler: SQLCompiler, **how: Any) -> str:
    column, path = (compiler.process(each, **how) for each in element.clauses)
    ids = f"'[' || replace(trim({path}, '/'), '/', ',') || ']'"
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - as above


@compiles(_OnPath, "postgresql")
def _path_on_postgresql(element: _OnPath, compiler: SQLCompiler, **how: Any) -> str:
    column, path = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY (string_to_array(trim(BOTH '/' FROM {path}), '/')::integer[])"


def on_path(column: Any, path: Any) -> ColumnElement[bool]:
    """The condition that a column holds one of the ids in a path of a tree, such as `/1/20/300/`."""
    return _OnPath(column, path)


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """The condition on a column of whole numbers or of words."""
    return _Among(column, bindparam(None, values, _Many(_item(column)), unique=True))


def among_given(column: Any, name: str = "given") -> ColumnElement[bool]:
    """The same for a statement that is built once: the values are its parameter of this name."""
    return _Among(column, bindparam(name, type_=_Many(_item(column))))


def _item(column: Any) -> type[Integer | String]:
    return Integer if isinstance(column.type, Integer) else String
