"""The manual page of the rules, made from the rules themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from lms.content.checker.registry import SUBJECTS
from lms.content.checker.rule import Rule

_LONGEST = 400  # characters of an example that are worth printing
_HEAD = """# What `lms check` finds

This page is made from the rules in `lms/content/checker/`; a test keeps it current.

An *error* stops a pack from being published. A *warning* is probably not what the author meant. A *notice* is
good to know. Every finding names file and line. `lms check --json` prints them for programs.
"""


def manual() -> str:
    """The page, in Markdown."""
    return "\n".join([_HEAD, *_lines()]).rstrip() + "\n"


def _lines() -> Iterator[str]:
    for subject, rules in SUBJECTS:
        yield f"## {subject}\n"
        for rule in rules:
            yield f"### {rule.id}\n"
            yield f"*{rule.severity.capitalize()}.* {rule.why}\n"
            yield f"**Fix:** {rule.fix}\n"
            yield from _example("Found here" + (f" (line {rule.line})" if rule.line else ""), rule, rule.bad)
            yield from _example("Mended", rule, rule.good)


def _example(title: str, rule: Rule, pack: Mapping[str, str]) -> Iterator[str]:
    """The file in which the rule looks, or what differs if that file is the same in both."""
    other = rule.good if pack is rule.bad else rule.bad
    differing = [name for name in pack if pack[name] != other.get(name)]
    name = rule.file if rule.file in differing else next(iter(differing), "")
    text = pack.get(name, "").encode("utf-8", "replace").decode().rstrip("\n")
    if name and text and len(text) <= _LONGEST:
        yield f"{title}, `{name}`:\n"
        yield f"````markdown\n{text}\n````\n" if name.endswith(".md") else f"````text\n{text}\n````\n"
    elif name:
        yield f"{title}: `{name}`" + (" is an empty file.\n" if not text else ".\n")


if __name__ == "__main__":
    sys.stdout.write(manual())
