"""`lms backup` and `lms restore`: everything in the data folder, as one zip file, while serving."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import zipfile
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lms import __version__
from lms.cli import snapshots
from lms.cli.schema import known_revisions, open_database, revisions
from lms.clock import now
from lms.config import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lms.config import Settings

MANIFEST = "backup.json"
FOLDERS = ("uploads", "packs", "outbox")


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write a consistent copy of database, uploads and uploaded packs into TARGET, a zip file.

    Serving goes on meanwhile. The settings (lms.toml, LMS_*) are not in it: keep them apart, they hold secrets.

    Example: lms backup /var/backups/handrail-$(date +%F).zip
    """
    settings = load_settings()
    folder = target.resolve().parent
    if not folder.is_dir():
        raise click.ClickException(f"There is no folder {folder}.")
    with open_database(settings) as database:
        revision = revisions(database)[0]
    with tempfile.TemporaryDirectory(dir=folder, prefix=".handrail-") as work:
        copy = snapshots.take(settings, Path(work))
        about = {"version": __version__, "made": now().isoformat(), "database": copy.name, "revision": revision}
        partial = Path(work) / "backup.zip"
        with _private(partial) as archive:
            archive.writestr(MANIFEST, json.dumps(about))
            _add_files(archive, [(copy, copy.name), *_files(settings.home)])
        partial.replace(target)
    click.echo(f"Backed up to {target} ({target.stat().st_size / 1e6:.1f} MB).")


@contextmanager
def _private(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip file that only its owner may read: it holds personal data."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3, strict_timestamps=False) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _files(home: Path) -> list[tuple[Path, str]]:
    found = [path for folder in FOLDERS for path in sorted((home / folder).rglob("*")) if path.is_file()]
    return [(path, path.relative_to(home).as_posix()) for path in found]


def _add_files(archive: zipfile.ZipFile, files: list[tuple[Path, str]]) -> None:
    with click.progressbar(files, label="Packing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for path, name in bar:
            with suppress(FileNotFoundError):  # somebody deleted it meanwhile
                archive.write(path, name)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what is in the data folder now.")
def restore(source: Path, *, replace: bool) -> None:
    """Put a backup back. Stop the server first.

    Example: lms restore handrail-2026-11-21.zip
    """
    settings = load_settings()
    try:
        with zipfile.ZipFile(source) as archive:
            about = _about(archive, source)
            _refuse_unfit(settings, about)
            _refuse_to_overwrite(settings, replace=replace)
            settings.home.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=settings.home, prefix=".restore-") as folder:
                _unpack(archive, Path(folder))
                _put_back(settings, Path(folder), about["database"])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise click.ClickException(f"{source} is damaged ({error}). Nothing was changed.") from None
    click.echo(f"Restored the backup of {about['made']}. Next: lms db upgrade && lms doctor")


def _about(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """What the backup says of itself."""
    try:
        about: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError):
        raise click.ClickException(f"{source} is no backup of ours: it has no {MANIFEST}.") from None
    return about


def _refuse_unfit(settings: Settings, about: dict[str, Any]) -> None:
    if about["database"] != snapshots.kind(settings):
        raise click.ClickException(f"The backup holds {about['database']}; LMS_DATABASE_URL names another kind.")
    if about.get("revision") not in known_revisions():
        raise click.ClickException(f"The backup was made by a newer program ({about['version']}). Install that first.")


def _refuse_to_overwrite(settings: Settings, *, replace: bool) -> None:
    there = [str(folder) for name in FOLDERS if (folder := settings.home / name).exists() and any(folder.iterdir())]
    if snapshots.is_there(settings):
        there.insert(0, "The database")
    if there and not replace:
        raise click.ClickException(f"{there[0]} is there already. Add --replace to put the backup in its place.")
    if snapshots.is_in_use(settings):
        raise click.ClickException("The database is in use. Stop the server first.")


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    """Unpack everything before anything is changed; a damaged file raises `BadZipFile` here."""
    with click.progressbar(
        archive.namelist(), label="Unpacking", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as names:
        for name in names:
            archive.extract(name, folder)


def _put_back(settings: Settings, unpacked: Path, database: str) -> None:
    snapshots.refuse_damaged(unpacked / database)
    snapshots.put_back(settings, unpacked / database)
    for name in FOLDERS:
        here = settings.home / name
        if here.exists():
            here.rename(unpacked / f"{name}.old")  # removed with the folder that it is in now
        if (unpacked / name).exists():
            (unpacked / name).rename(here)
