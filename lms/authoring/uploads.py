"""Packs that come as zip files: named, read within limits, put on disk whole or not at all."""

from __future__ import annotations

import lzma
import os
import re
import shutil
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lms.content import actions
from lms.content.checker.checking import check_pack, has_errors
from lms.content.compiler import source_paths
from lms.content.packs import PARTS, UPLOADED, Origin, PackFolder, offered_packs, read_pack
from lms.content.reader import OUR_ZIP, BadPack, read_folder, read_zip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lms.config import Settings
    from lms.db import Database
    from lms.plugins import QuestionType

MOST_BYTES = 50 * 2**20
MOST_UNPACKED = 300 * 2**20  # everything is in memory for a moment, in each server process that takes an upload
INCOMING = "incoming"
LONGEST_NAME = 60
# What damaged bytes make the standard library raise, as trying thousands of damaged files has shown.
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, EOFError, OSError,
              ValueError)  # fmt: skip


class NameTaken(Exception):
    """A pack has this name already; `may_replace` says whether an upload may take its place."""

    def __init__(self, name: str, *, may_replace: bool) -> None:
        super().__init__(name)
        self.name, self.may_replace = name, may_replace


def pack_name(file_name: str) -> str:
    """The pack's name in a zip file's name: small letters, digits and hyphens."""
    stem = re.split(r"[/\\]", file_name)[-1].rpartition(".")[0] or file_name
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-") or "pack"


def read_upload(file: IO[bytes]) -> dict[str, bytes]:
    """The files of an uploaded zip. Raises `BadPack`."""
    try:
        _refuse_large(file)
        files = read_zip(file)
    except BadPack:
        raise
    except UNREADABLE:
        raise BadPack("The file is not a zip file that can be read.") from None
    if not files:
        raise BadPack("The zip file is empty.")
    return files


def _refuse_large(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MOST_UNPACKED:
        raise BadPack(f"The zip file unpacks to more than {MOST_UNPACKED // 2**20} MB.")
    file.seek(0)


def as_published(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that publishing looks at: those of `courses/` and `quizzes/` where there are any, else all."""
    parts = tuple(f"{part}/" for part in PARTS)
    chosen = {path: content for path, content in files.items() if path.startswith(parts)}
    return chosen or dict(files)


def refuse_taken(settings: Settings, name: str, *, replace: bool) -> None:
    """Raise `NameTaken` if a pack of this name may not be put on disk."""
    mine = settings.home / UPLOADED / name
    held = [folder for folder in offered_packs(settings) if folder.name == name]
    if any(folder.path != mine for folder in held):
        raise NameTaken(name, may_replace=False)
    if held and not replace:
        raise NameTaken(name, may_replace=True)


@contextmanager
def placed(settings: Settings, name: str, files: Mapping[str, bytes]) -> Iterator[PackFolder]:
    """Put a pack on disk by one rename; if the block fails, what was there before is put back. Raises `BadPack`."""
    incoming = settings.home / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    (settings.home / UPLOADED).mkdir(exist_ok=True)
    target = settings.home / UPLOADED / name
    with tempfile.TemporaryDirectory(dir=incoming) as place:
        fresh, before = Path(place, "new"), Path(place, "old")
        _write(fresh, files)
        if target.exists():
            target.rename(before)
        try:
            fresh.rename(target)
            yield PackFolder(name, target, Origin.UPLOAD)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            if before.exists():
                before.rename(target)
            raise


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir()
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise BadPack(f"A name in the zip file cannot be used here: {reason}.") from None


def whole_zip(files: Mapping[str, bytes]) -> IO[bytes]:
    """A pack's files as a zip, on disk if it is large."""
    target = tempfile.SpooledTemporaryFile(max_size=2**23)  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = OUR_ZIP
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), files[path], zipfile.ZIP_DEFLATED)
    target.seek(0)
    return target


def read_whole(folder: PackFolder) -> dict[str, bytes]:
    """What a download of a pack holds: of one that was uploaded or fetched everything, else what publishing looks at.

    A folder that the settings name, or the program's own, may hold what is nobody's business. Raises `BadPack`.
    """
    return read_folder(folder.path) if folder.origin in (Origin.UPLOAD, Origin.REPOSITORY) else read_pack(folder)


def course_files(files: Mapping[str, bytes], types: Mapping[str, QuestionType], course_id: str) -> dict[str, bytes]:
    """A small pack with one course of a pack: its folder, and the quizzes, questions and pictures that it uses.

    Raises `LookupError`.
    """
    for each in check_pack(files, types, has_colours=False).courses:
        if each.course.id == course_id:
            used, inside = set(source_paths(each.rendered)), f"{each.course.path}/" if each.course.path else ""
            return {path: files[path] for path in files if path in used or path.startswith(inside)}
    raise LookupError(course_id)


def bring_in(
    database: Database,
    settings: Settings,
    types: Mapping[str, QuestionType],
    name: str,
    files: Mapping[str, bytes],
    *,
    by: int | None,
) -> list[str]:
    """Put a pack on disk and publish it: the courses that changed.

    Raises `PackHasErrors` or `BadPack`, and then nothing has changed.
    """
    draft = actions.prepare(name, as_published(files), types)
    with database.reading() as db:
        found = (*actions.taken(db, draft), *draft.problems)
    if has_errors(found):
        raise actions.PackHasErrors(found)
    with placed(settings, name, files), database.writing() as db:
        changed = actions.publish(db, draft, by=by)
        actions.remember_report(db, draft)
    return changed
