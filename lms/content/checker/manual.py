"""The manual page of the rules, made from the rules themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from lms.content.checker.registry import SUBJECTS
from lms.content.checker.rule import Rule

_LONGEST = 1400  # characters of an example that are worth printing
_HEAD = """# What `lms check` finds

This page is made from the rules in `lms/content/checker/`; a test keeps it current.

An *error* must be mended: it stops a pack from being published. A *warning* is probably not what the author meant. A
*notice* is advice. Rules about how well something teaches are never errors. Every finding names file and line.
`lms check --json` prints them for programs. `lms check --fix`, and *Fix it* on the trainer's desk, mend what needs no
decision. The desk has a page for each rule: `/authoring/rules`.
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
            yield f"**Fix:** {rule.fix}{' `lms check --fix` does it.' if _is_silent(rule) else ''}\n"
            if rule.based_on:
                yield f"**Based on:** {rule.based_on}\n"
            yield from _example("Found here" + (f" (line {rule.line})" if rule.line else ""), rule, rule.bad)
            yield from _example("Mended", rule, rule.good)


def _is_silent(rule: Rule) -> bool:
    """Whether the rule is mended by itself and does not say so yet."""
    return rule.mend is not None and "--fix" not in rule.fix + rule.why


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
