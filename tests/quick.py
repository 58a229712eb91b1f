"""What is the same for every test is worked out once in a run: each test makes an app and engines of its own.

Without this, half of the time goes into compiling the same routes, templates and statements again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

from lms import db

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from jinja2.bccache import Bucket
    from sqlalchemy import Engine


class Templates(BytecodeCache):
    """Compiled templates, kept in memory under their source's checksum."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(bucket.key + bucket.checksum)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def share_templates(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Templates()})


def share_routes(patch: pytest.MonkeyPatch) -> None:
    """The function that builds a route's address depends on the route's text alone."""
    compile_builder = Rule._compile_builder
    kept: dict[Any, Callable[..., Any]] = {}

    def once(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:  # noqa: FBT002 - as Werkzeug's own
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(self, append_unknown)
        return kept[key]

    patch.setattr(Rule, "_compile_builder", once)


def share_statements(patch: pytest.MonkeyPatch) -> None:
    """Engines of one kind speak one dialect, under which SQLAlchemy keeps what it has compiled."""
    create_engine = db.create_engine
    first: dict[str, Engine] = {}

    def create(url: str, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        known = first.setdefault(engine.dialect.name, engine)
        if getattr(known.dialect, "server_version_info", None):
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        else:  # the first has not met its server yet, so its dialect knows nothing to share
            first[engine.dialect.name] = engine
        return engine

    patch.setattr(db, "create_engine", create)
