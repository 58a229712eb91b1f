"""A folder or a zip file becomes a mapping of path to bytes: the one place of this slice that touches the disk.

Paths are relative, with `/`. Nothing outside the folder is ever read: links are not followed, and a zip file
that names another place is refused.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

FILE_LIMIT = 200 * 2**20
PACK_LIMIT = 2 * 2**30
COUNT_LIMIT = 50_000
OUR_ZIP = b"Handrail: a pack as it lies in its folder"  # such a zip has no folder around everything
RATIO_LIMIT = 200  # unpacked to packed; text seldom reaches 20
_RATIO_FREE = 2**20  # a small file may be packed as tightly as it likes
_SKIPPED = frozenset(
    {"node_modules", "bower_components", "__pycache__", "__MACOSX", "_site", "_build", "_book", "site-packages", "venv"}
)
_BUILT_MARKS = ("sitemap.xml", "search_index.json", "searchindex.js")


class BadPack(ValueError):
    """The folder or zip file cannot be taken as a pack; the message says why."""


def read_folder(path: str | os.PathLike[str]) -> dict[str, bytes]:
    """Read all files of a folder, but no dot files, links, version control or build output. Raises `BadPack`."""
    root = Path(path)
    if not root.is_dir():
        raise BadPack(f"{root} is not a folder.")
    files: dict[str, bytes] = {}
    total = 0
    for file in _walk(root):
        size = file.stat(follow_symlinks=False).st_size
        total += size
        _refuse_size(file.name, size, total, len(files))
        name = Path(file.path).relative_to(root).as_posix()
        files[_readable(name)] = Path(file.path).read_bytes()
    return files


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise BadPack(f"{folder} cannot be read: {error.strerror}.") from None
    if any(entry.name in _BUILT_MARKS for entry in entries) and any(entry.name == "index.html" for entry in entries):
        return  # a site built from the same text
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIPPED or entry.is_symlink():
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield entry


def _readable(name: str) -> str:
    """A file name whose bytes are not UTF-8, made printable."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _refuse_size(name: str, size: int, total: int, count: int) -> None:
    if size > FILE_LIMIT:
        raise BadPack(f"{name} is larger than {FILE_LIMIT // 2**20} MB.")
    if total > PACK_LIMIT:
        raise BadPack(f"The pack is larger than {PACK_LIMIT // 2**30} GB.")
    if count >= COUNT_LIMIT:
        raise BadPack(f"The pack has more than {COUNT_LIMIT} files.")


class Surroundings(Mapping[str, bytes]):
    """The files around one page, by name: the page's own text and other files are read, other pages are empty.

    Enough to show one page of a large folder without reading all of it.
    """

    def __init__(self, root: Path, page: str) -> None:
        self._root = root
        self._whole = page.rpartition("/")[2].partition(".")[0]
        self._names = dict.fromkeys(_readable(Path(file.path).relative_to(root).as_posix()) for file in _walk(root))

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        file = self._root / name
        is_other = file.suffix.lower() in (".md", ".markdown") and file.name.partition(".")[0] != self._whole
        return b"" if is_other or file.stat().st_size > FILE_LIMIT else file.read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


_ROOT_MARKS = (
    "courses", ".git", "mkdocs.yml", "mkdocs.yaml", "book.toml", "book.json", "LANGS.md", "_toc.yml", "myst.yml",
    "SUMMARY.md", "config.yaml", "_config.yml",
)  # fmt: skip
_INDEXES = ("README.md", "readme.md", "index.md")


def read_around(page: Path) -> tuple[Surroundings, str]:
    """The pack around a page, and the page's path in it. Raises `BadPack`."""
    page = page.resolve()
    marked = (folder for folder in page.parents[:6] if any((folder / mark).exists() for mark in _ROOT_MARKS))
    root = next(marked, None) or _with_indexes(page)
    name = page.relative_to(root).as_posix()
    return Surroundings(root, name), name


def _with_indexes(page: Path) -> Path:
    """The outermost folder around a page that has a front page itself, as have those between, but for one."""
    root, gaps = page.parent, 0
    for folder in page.parents[1:6]:
        if any((folder / name).exists() for name in _INDEXES):
            root, gaps = folder, 0
        elif gaps:
            break
        else:
            gaps += 1
    return root


def read_zip(file: str | os.PathLike[str] | IO[bytes]) -> dict[str, bytes]:
    """Read a zip file as `read_folder` reads a folder; one folder around everything is taken off, if others packed it.

    Raises `BadPack` for absolute or parent paths, links, encryption, and what unpacks too large.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            files = _read_members(archive)
            return files if archive.comment == OUR_ZIP else _without_top(files)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        if isinstance(error, BadPack):
            raise
        raise BadPack("The file is not a zip file that can be read.") from None


def _read_members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for member in archive.infolist():
        name = _member_name(member)
        if member.is_dir() or any(part.startswith(".") or part in _SKIPPED for part in name.split("/")):
            continue
        if name in files:
            raise BadPack(f"The zip file has {name} twice.")
        total += member.file_size
        _refuse_size(name, member.file_size, total, len(files))
        files[name] = _read_member(archive, member)
    return files


def _member_name(member: zipfile.ZipInfo) -> str:
    name = member.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name.split("/")[0] or "\0" in name:
        raise BadPack(f"The zip file names a place outside itself: {member.filename!r}.")
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadPack(f"The zip file holds a link or a device: {member.filename!r}.")
    if member.flag_bits & 0x1:
        raise BadPack("The zip file is encrypted.")
    return path.as_posix()


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.file_size > _RATIO_FREE and member.file_size > RATIO_LIMIT * max(member.compress_size, 1):
        raise BadPack(f"{member.filename} unpacks to more than {RATIO_LIMIT} times its size.")
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise BadPack(f"{member.filename} is not as long as the zip file says.")
    return data


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {name.partition("/")[0] for name in files}
    if len(tops) != 1 or not all("/" in name for name in files) or tops & {"courses", "quizzes"}:
        return files
    return {name.partition("/")[2]: data for name, data in files.items()}


def digest(files: Mapping[str, bytes]) -> str:
    """A hex SHA-256 over names and contents; the same for the same files, whatever their order."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{len(name.encode())}:{name}:".encode())
        total.update(hashlib.sha256(files[name]).digest())
    return total.hexdigest()
