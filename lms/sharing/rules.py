"""Pure decisions about materials: which files and links are taken, what a licence allows, how a material is named."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from lms.helping.rules import scan

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_BYTES = 20 * 1024 * 1024
LONGEST_TITLE, LONGEST_ABOUT, LONGEST_ADDRESS, LONGEST_NAME = 200, 1000, 1000, 200
MOST_PARTS = 5000  # files inside an office file
PART = b"PK\x01\x02"  # with which a zip file's list names each of them
PICTURES = frozenset({"png", "jpg", "jpeg", "webp"})
# the endings of office files, and the file inside by which each is known; those with macros have other endings
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
OPEN_OFFICE = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
KINDS = PICTURES | {"pdf"} | OFFICE.keys() | OPEN_OFFICE.keys()


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence allows. Its `name` is the same in every language; `address` is where its text stands.

    `is_free`: it cannot be taken back, so that copies stay lawful whatever its author does later.
    """

    code: str
    name: str
    address: str
    adapts: bool = True  # changed versions may be shared
    is_alike: bool = False  # a changed version has to have the same licence
    is_commercial: bool = True  # also for money
    is_named: bool = True  # the author has to be named
    is_free: bool = True


_CC = "https://creativecommons.org/licenses"
LICENCES = {
    each.code: each
    for each in (
        Licence("by", "CC BY 4.0", f"{_CC}/by/4.0/"),
        Licence("by-sa", "CC BY-SA 4.0", f"{_CC}/by-sa/4.0/", is_alike=True),
        Licence("by-nc", "CC BY-NC 4.0", f"{_CC}/by-nc/4.0/", is_commercial=False),
        Licence("by-nc-sa", "CC BY-NC-SA 4.0", f"{_CC}/by-nc-sa/4.0/", is_alike=True, is_commercial=False),
        Licence("by-nd", "CC BY-ND 4.0", f"{_CC}/by-nd/4.0/", adapts=False),
        Licence("by-nc-nd", "CC BY-NC-ND 4.0", f"{_CC}/by-nc-nd/4.0/", adapts=False, is_commercial=False),
        Licence("cc0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", is_named=False),
        Licence("here", "", "", adapts=False, is_free=False),  # all rights with the author; may be used on this site
    )
}


def against(source: str, chosen: str) -> str:
    """Why a changed version under `chosen` may not be shared of a material under `source`; empty if it may.

    `adapting`: the source may be passed on unchanged only. `alike`: its licence has to be kept. `commercial`: its use
    for money is not allowed. `naming`: its author has to be named. Source: the legal texts of the licences, sections
    2(a), 3(a) and 3(b).
    """
    first, second = LICENCES[source], LICENCES[chosen]
    if not first.adapts:
        return "adapting"
    if first.is_alike and source != chosen:
        return "alike"
    if not first.is_commercial and second.is_commercial and second.is_free:
        return "commercial"
    if first.is_named and not second.is_named:
        return "naming"
    return ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to share, as it was typed. Either a file comes with it or an `address`."""

    title: str
    about: str
    language: str
    services: tuple[str, ...]
    licence: str
    author: str
    is_own: bool
    source: str = ""
    address: str = ""
    is_allowed: bool = False
    is_harmless: bool = False
    names_nobody: bool = False


def problems(wanted: Wanted, languages: Collection[str], *, has_file: bool, source_licence: str = "") -> dict[str, str]:
    """Field -> what is wrong with it, as a word; see `words.PROBLEMS` for the sentences."""
    texts = (("title", wanted.title, LONGEST_TITLE), ("about", wanted.about, LONGEST_ABOUT))
    found = {name: _text(text, most, is_needed=name == "title") for name, text, most in texts}
    found["language"] = "" if wanted.language in languages else "unknown"
    found["licence"] = _licence(wanted, source_licence)
    found["author"] = "" if wanted.is_own or wanted.author else "empty"
    found["source"] = _source(wanted)
    found["address"] = _what(wanted.address, has_file=has_file)
    found["is_harmless"] = "" if wanted.is_harmless else "untold"
    found["names_nobody"] = "doubtful" if doubtful(wanted) and not wanted.names_nobody else ""
    return {name: problem for name, problem in found.items() if problem}


def _text(text: str, most: int, *, is_needed: bool) -> str:
    if is_needed and not text:
        return "empty"
    return "long" if len(text) > most else "personal" if scan(text).refused else ""


def _licence(wanted: Wanted, source_licence: str) -> str:
    if wanted.licence not in LICENCES:
        return "unknown"
    if wanted.licence == "here" and not wanted.is_own and not wanted.is_allowed:
        return "unallowed"
    return against(source_licence, wanted.licence) if source_licence and not wanted.is_allowed else ""


def _source(wanted: Wanted) -> str:
    return "broken" if wanted.source and clean_address(wanted.source) is None else ""


def _what(address: str, *, has_file: bool) -> str:
    if has_file or address:
        return "both" if has_file and address else "broken" if address and clean_address(address) is None else ""
    return "nothing"


def doubtful(wanted: Wanted) -> tuple[str, ...]:
    """What looks like a name of somebody, in what is said of a material; its author is named on purpose."""
    return tuple(each for each in scan(wanted.about).doubtful if each != wanted.author)


def clean_address(typed: str) -> str | None:
    """An address of the web as it is kept: without what differs in spelling only. None if it is none."""
    try:
        parts = urlsplit(typed.strip())
        is_sound = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.username is None
    except ValueError:
        return None
    if not is_sound or len(typed) > LONGEST_ADDRESS or any(sign.isspace() for sign in typed.strip()):
        return None
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", parts.query, parts.fragment))


def is_office(ending: str, content: bytes) -> bool:
    """Whether bytes are the office file that the ending of their name promises, without macros."""
    if content.count(PART) > MOST_PARTS:  # before a list of all of them is made
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS or any(name.endswith("vbaProject.bin") for name in names):
                return False
            if ending in OFFICE:
                return {"[Content_Types].xml", OFFICE[ending]} <= set(names)
            kind = archive.getinfo("mimetype")
            is_short = kind.file_size < 200 and not any(name.startswith("Basic/") for name in names)
            return is_short and archive.read(kind).strip() == OPEN_OFFICE[ending]
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error, EOFError):
        return False
