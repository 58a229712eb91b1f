"""Courses as they lie on disk or in a version, made ready to be looked at inside the desk.

A draft is compiled in memory, kept until a file of its pack changes, and never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import msgspec

from lms.content import drawings
from lms.content.compiled import CompiledCourse
from lms.content.compiler import compile_course
from lms.content.packs import PackFolder, read_pack, stamp
from lms.content.parser import parse_pack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lms.plugins import QuestionType

Key = TypeVar("Key")
Value = TypeVar("Value")
KEPT = 8
SHORT = 32  # how much of a file's digest stands in its address
_drafts: dict[tuple[str, str], tuple[int, DraftPack]] = {}
_versions: dict[tuple[int, str], CompiledCourse] = {}
_decoder = msgspec.json.Decoder(CompiledCourse)


@dataclass(frozen=True, slots=True)
class DraftPack:
    """The courses of a pack on disk, and the files they show, by the beginning of their digest."""

    courses: Mapping[str, CompiledCourse]
    media: Mapping[str, tuple[str, bytes]]


def read_draft(
    folder: PackFolder, types: Mapping[str, QuestionType], address: Callable[[str], str], media: str
) -> DraftPack:
    """The pack as it lies on disk, as far as it can be understood. Raises `BadPack`.

    `address` gives the place under which a course is looked at, `media` the place of files.
    """
    name, fresh = (folder.name, str(folder.path)), stamp(folder)
    known = _drafts.get(name)
    if known is not None and known[0] == fresh:
        return known[1]
    files = read_pack(folder)
    pack = parse_pack(files, types, name=folder.name)
    courses: dict[str, CompiledCourse] = {}
    shown: dict[str, tuple[str, bytes]] = {}
    for course in pack.courses:
        compiled, _problems = compile_course(course, pack, files)
        courses[course.id] = relocated(compiled, address(course.id), media)
        shown |= {
            item.digest[:SHORT]: (item.media_type, drawings.sent(path, files[path]))
            for path, item in compiled.media.items()
        }
    draft = DraftPack(courses, shown)
    _keep(_drafts, name, (fresh, draft))
    return draft


def version_at(version: int, course: CompiledCourse, address: str) -> CompiledCourse:
    """A published version whose links stay inside the desk."""
    known = _versions.get((version, course.digest))
    if known is None:
        known = relocated(course, address, "/media/")
        _keep(_versions, (version, course.digest), known)
    return known


def relocated(course: CompiledCourse, address: str, media: str) -> CompiledCourse:
    """The course with the links of its texts to itself and to its files leading elsewhere."""
    own = f"/courses/{quote(course.id, safe='')}"
    text = msgspec.json.encode(course)
    for old, new in (
        (f'="{own}/', f'="{address}/'),
        (f'="{own}#', f'="{address}#'),
        (f'="{own}"', f'="{address}"'),
        ('="/media/', f'="{media}'),
    ):
        text = text.replace(_in_json(old), _in_json(new))
    return _decoder.decode(text)


def _in_json(text: str) -> bytes:
    return msgspec.json.encode(text)[1:-1]


def _keep(kept: dict[Key, Value], name: Key, value: Value) -> None:
    while len(kept) >= KEPT:
        kept.pop(next(iter(kept)), None)
    kept[name] = value
