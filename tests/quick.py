"""What is the same for every test is worked out once in a run: each test makes an app and engines of its own.

Without this, half of the time goes into compiling the same routes, templates and statements again. And passwords are
hashed as in production, only with less work: who guesses them here is nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

from lms import postgresql, sqlite
from lms.people import actions as people

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
    """What a route compiles to depends on its text and its defaults alone."""
    compile_one = Rule.compile
    kept: dict[Any, Compiled] = {}

    def compile_once(self: Rule) -> None:
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, repr(self.defaults))
        if key not in kept:
            compile_one(self)
            kept[key] = Compiled.of(self)
        kept[key].give(self)

    patch.setattr(Rule, "compile", compile_once)


@dataclass(frozen=True)
class Compiled:
    """All that compiling makes of a route, unless its application makes converters of its own."""

    parts: list[Any]
    trace: list[tuple[bool, str]]
    converters: dict[str, Any]
    arguments: frozenset[str]
    build: Callable[..., Any]
    build_unknown: Callable[..., Any]

    @classmethod
    def of(cls, rule: Rule) -> Compiled:
        build, build_unknown = rule._build.__func__, rule._build_unknown.__func__  # type: ignore[attr-defined]
        return cls(rule._parts, rule._trace, rule._converters, frozenset(rule.arguments), build, build_unknown)

    def give(self, rule: Rule) -> None:
        rule._parts, rule._trace, rule._converters = self.parts, self.trace, self.converters
        rule.arguments = set(self.arguments)
        rule._build = self.build.__get__(rule, None)
        rule._build_unknown = self.build_unknown.__get__(rule, None)


def share_statements(patch: pytest.MonkeyPatch) -> None:
    """Engines of one kind speak one dialect, under which SQLAlchemy keeps what it has compiled."""
    create_engine = sqlite.create_engine
    first: dict[str, Engine] = {}

    def create(url: str, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        kind = engine.dialect.name + options.get("begins", "")
        known = first.setdefault(kind, engine)
        if getattr(known.dialect, "server_version_info", None):
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        else:  # the first has not met its server yet, so its dialect knows nothing to share
            first[kind] = engine
        return engine

    for house in (postgresql, sqlite):
        patch.setattr(house, "create_engine", create)


def hash_with_little_work(patch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    patch.setattr(people, "HASHER", hasher)
    patch.setattr(people, "NOBODY", hasher.hash("nobody"))
