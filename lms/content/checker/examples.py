"""The examples of a rule as pages show them: the files that tell the bad pack from the good one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lms.content.checker.rule import Rule

MOST_LINES, LONGEST_LINE = 60, 160


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of an example. `marked` is the line (from 1) at which the problem is found; 0 for none."""

    name: str
    lines: tuple[str, ...]
    marked: int
    is_cut: bool


def bad_example(rule: Rule) -> tuple[ShownFile, ...]:
    """What the rule finds, with the line."""
    return tuple(_shown(rule, rule.bad, rule.good, rule.line))


def good_example(rule: Rule) -> tuple[ShownFile, ...]:
    """The same, mended."""
    return tuple(_shown(rule, rule.good, rule.bad, 0))


def _shown(rule: Rule, pack: Mapping[str, str], other: Mapping[str, str], marked: int) -> Iterator[ShownFile]:
    """The file in which the problem is found, and the files that differ."""
    for name, text in pack.items():
        is_place = name == rule.file and marked
        if is_place or text != other.get(name):
            yield _file(name, text.encode("utf-8", "replace").decode(), marked if is_place else 0)


def _file(name: str, text: str, marked: int) -> ShownFile:
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    shown = [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} …" for line in lines[:MOST_LINES]]
    return ShownFile(name, tuple(shown), min(marked, len(shown)), shown != lines)
