"""YAML 1.2 at the head of a file, and YAML files: values with the line at which each key stands.

Only the core schema is understood: `no` is a word, `010` is ten, a date stays text. A tag that the reader
does not know is ignored, so nothing in a file can make an object or run code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from lms.content.structure import Json

Path: TypeAlias = tuple[str | int, ...]
_LIMIT = 200_000  # characters of YAML; far above any real order file
_DEPTH = 100
_TAGS = "tag:yaml.org,2002:"
_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(?:\n|$)")
_KEY_FIRST = re.compile(r"\s*(?:#[^\n]*\n\s*)*[\"']?[\w-]+[\"']?\s*:(?:\s|$)")


class NotYaml(ValueError):
    """The text cannot be read; `line` counts from 1 inside it."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML value. `lines` has the line of each key and list item by its path, `doubles` keys given twice."""

    value: Json
    lines: Mapping[Path, int] = field(default_factory=dict)
    doubles: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown file taken apart. `first_line` is the file's line at which `text` begins.

    `error` says why the front matter could not be read, with its line.
    """

    values: Mapping[str, Json]
    lines: Mapping[Path, int]
    text: str
    first_line: int
    error: tuple[str, int] | None = None
    doubles: tuple[tuple[str, int], ...] = ()

    def line(self, *path: str | int) -> int:
        """The line of a key, or of the nearest key around it that is known; 1 if none is."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader with the resolvers of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own form


def _ignore_tag(loader: Any, _suffix: str, node: yaml.Node) -> Json:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


def _integer(loader: Any, node: yaml.ScalarNode) -> int:
    text = loader.construct_scalar(node)
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text)


def _number(loader: Any, node: yaml.ScalarNode) -> float:
    return float(loader.construct_scalar(node).lower().replace(".inf", "inf").replace(".nan", "nan"))


def _truth(loader: Any, node: yaml.ScalarNode) -> bool:
    return bool(loader.construct_scalar(node).lower() == "true")


def _set_up() -> None:
    for tag, pattern, first in (
        ("null", r"~|null|Null|NULL|", "~nN"),
        ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
        ("int", r"[-+]?[0-9]{1,400}|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
        (
            "float",
            r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
            "-+.0123456789",
        ),
    ):
        resolver = re.compile(rf"(?:{pattern})\Z")
        _CoreLoader.add_implicit_resolver(_TAGS + tag, resolver, [*first, ""] if tag == "null" else list(first))
    _CoreLoader.add_constructor(_TAGS + "int", _integer)
    _CoreLoader.add_constructor(_TAGS + "float", _number)
    _CoreLoader.add_constructor(_TAGS + "bool", _truth)
    _CoreLoader.add_multi_constructor("", _ignore_tag)


_set_up()


def load_yaml(text: str) -> Document:
    """Read one YAML document. Raises `NotYaml` with a plain reason and the line."""
    if len(text) > _LIMIT:
        raise NotYaml("The YAML is too long to be read.", 1)
    loader = _CoreLoader(text)
    try:
        _refuse_depth(text)
        node = loader.get_single_node()
        if node is None:
            return Document(None)
        lines: dict[Path, int] = {}
        doubles: list[tuple[str, int]] = []
        _note_lines(node, (), lines, doubles)
        return Document(loader.construct_document(node), lines, tuple(doubles))
    except NotYaml:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(_reason(error), mark.line + 1 if mark else 1) from None
    except yaml.YAMLError:
        raise NotYaml("It has a character that YAML does not allow.", 1) from None
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise NotYaml("It is not YAML that can be read.", 1) from None
    finally:
        loader.dispose()


def _refuse_depth(text: str) -> None:
    """Refuse what is nested so deeply that the C parser, which recurses, would end the process."""
    if sum(map(text.count, ("[", "{", "- ", "? ", "-\t"))) <= _DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_CoreLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEPTH:
            raise NotYaml("The YAML is nested too deeply to be read.", 1)


def _reason(error: yaml.MarkedYAMLError) -> str:
    return f"YAML: {error.problem or error.context or 'it cannot be read'}."


def _note_lines(
    node: yaml.Node, path: Path, lines: dict[Path, int], doubles: list[tuple[str, int]], depth: int = 0
) -> None:
    if depth > 20 or len(lines) > 20_000:  # an alias may stand for a structure that contains itself
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, str(key.value) if isinstance(key, yaml.ScalarNode) else "?")
            if place in lines and depth == 0:
                doubles.append((str(place[-1]), key.start_mark.line + 1))
            lines[place] = key.start_mark.line + 1
            _note_lines(value, place, lines, doubles, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            lines[*path, number] = item.start_mark.line + 1
            _note_lines(item, (*path, number), lines, doubles, depth + 1)


def plain_text(data: bytes) -> str:
    """The text of a file in UTF-8, or UTF-16 with its mark: no byte order mark, only line feeds at line ends."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_page(text: str) -> Page:
    """Take the front matter off a Markdown text (with line feeds alone). Never raises: see `Page.error`."""
    opening = _OPENING.match(text)
    closing = _closing(text, opening) if opening else None
    if opening is None or closing is None:
        return Page({}, {}, text, 1)
    head = text[opening.end() : closing[0]]
    rest, first_line = text[closing[1] :], text.count("\n", 0, closing[1]) + 1
    if opening[1] == "+++":
        return _toml_page(head, rest, first_line)
    try:
        document = load_yaml(head)
    except NotYaml as error:
        if not _KEY_FIRST.match(head):
            return Page({}, {}, text, 1)
        return Page({}, {}, rest, first_line, error=(str(error), error.line + 1))
    if document.value is not None and not isinstance(document.value, dict):
        return Page({}, {}, text, 1)  # two rules with a paragraph between them are not front matter
    values = {str(key): value for key, value in (document.value or {}).items()}
    lines = {path: line + 1 for path, line in document.lines.items()}
    return Page(values, lines, rest, first_line, doubles=tuple((key, line + 1) for key, line in document.doubles))


def _closing(text: str, opening: re.Match[str]) -> tuple[int, int] | None:
    ends = r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)" if opening[1] == "---" else r"^\+\+\+[ \t]*(?:\n|\Z)"
    found = re.compile(ends, re.MULTILINE).search(text, opening.end())
    return found.span() if found else None


def _toml_page(head: str, rest: str, first_line: int) -> Page:
    try:
        return Page(tomllib.loads(head), {}, rest, first_line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return Page({}, {}, rest, first_line, error=("The TOML between the +++ lines cannot be read.", 2))
