"""`lms backup` and `lms restore`: everything in the data folder, as one zip file, while serving."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import make_url

from lms import __version__
from lms.clock import now
from lms.config import load_settings

if TYPE_CHECKING:
    from lms.config import Settings

DATABASE, MANIFEST = "lms.db", "backup.json"
FOLDERS = ("uploads", "packs", "outbox")


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write a consistent copy of database, uploads and uploaded packs into TARGET, a zip file.

    Example: lms backup /var/backups/handrail-$(date +%F).zip
    """
    settings = load_settings()
    partial = target.with_suffix(target.suffix + ".partial")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        name, copy = _copy_database(settings, Path(folder))
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            about = {"version": __version__, "made": now().isoformat(), "database": name}
            archive.writestr(MANIFEST, json.dumps(about))
            archive.write(copy, name)
            for path in _files(settings.home):
                archive.write(path, path.relative_to(settings.home).as_posix())
    partial.replace(target)
    click.echo(f"Backed up to {target} ({target.stat().st_size / 1e6:.1f} MB).")


def _files(home: Path) -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((home / folder).rglob("*")) if path.is_file()]


def _copy_database(settings: Settings, folder: Path) -> tuple[str, Path]:
    """A snapshot while others write: SQLite's backup interface, or pg_dump."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        copy = folder / DATABASE
        source = sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return DATABASE, copy
    copy = folder / "lms.pgdump"
    _run("pg_dump", "--format=custom", f"--file={copy}", _libpq(settings))
    return copy.name, copy


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what is in the data folder now.")
def restore(source: Path, *, replace: bool) -> None:
    """Put a backup back. Stop the server first.

    Example: lms restore handrail-2026-11-21.zip
    """
    settings = load_settings()
    with zipfile.ZipFile(source) as archive:
        try:
            about = json.loads(archive.read(MANIFEST))
        except KeyError:
            raise click.ClickException(f"{source} is no backup of ours: it has no {MANIFEST}.") from None
        if archive.testzip() is not None:
            raise click.ClickException(f"{source} is damaged. Nothing was changed.")
        is_sqlite = make_url(settings.database).get_backend_name() == "sqlite"
        if is_sqlite != (about["database"] == DATABASE):
            raise click.ClickException(f"The backup holds {about['database']}; LMS_DATABASE_URL names another kind.")
        _refuse_to_overwrite(settings, replace=replace)
        _put_back(settings, archive, about["database"])
    click.echo(f"Restored the backup of {about['made']}. Next: lms db upgrade && lms doctor")


def _refuse_to_overwrite(settings: Settings, *, replace: bool) -> None:
    path = make_url(settings.database).database
    if not replace and path and Path(path).exists():
        raise click.ClickException(f"{path} exists. Add --replace to put the backup in its place.")


def _put_back(settings: Settings, archive: zipfile.ZipFile, database: str) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        archive.extractall(folder)
        unpacked = Path(folder)
        if database == DATABASE:
            path = Path(str(make_url(settings.database).database))
            for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                leftover.unlink(missing_ok=True)
            shutil.move(unpacked / DATABASE, path)
        else:
            _run(
                "pg_restore",
                "--clean",
                "--if-exists",
                "--no-owner",
                f"--dbname={_libpq(settings)}",
                str(unpacked / database),
            )
        for name in FOLDERS:
            if (unpacked / name).exists():
                shutil.rmtree(settings.home / name, ignore_errors=True)
                shutil.move(unpacked / name, settings.home / name)


def _libpq(settings: Settings) -> str:
    return make_url(settings.database).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise click.ClickException(f"{program} is missing. Install PostgreSQL's client programs.")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - own arguments
    if done.returncode:
        raise click.ClickException(f"{program} failed: {done.stderr.strip()[-500:]}")
