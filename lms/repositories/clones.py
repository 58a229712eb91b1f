"""Clones of repositories in the data folder: made, brought up to date, given back.

A clone has one branch. `refs/handrail/there` is where the other side stood when it was last asked.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lms.content.packs import CLONE, CLONED
from lms.content.reader import COUNT_LIMIT, PACK_LIMIT
from lms.remotes import Remote, read_token
from lms.repositories.commits import head, take
from lms.repositories.git import GitFailed, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lms.config import Settings

THERE = "refs/handrail/there"
SECONDS = 300  # for what goes over the network
STALE = 60  # seconds after which a lock of a git that was killed is taken away
LINK, SUBMODULE = "120000", "160000"


class TooLarge(GitFailed):
    """The repository holds more than a pack may."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a commit is not taken: links, submodules; and what is kept elsewhere (Git LFS)."""

    links: tuple[str, ...]
    submodules: tuple[str, ...]
    has_lfs: bool

    @property
    def words(self) -> str:
        """What the author should know, in English; empty if nothing."""
        told = []
        if self.links:
            told.append(f"Links are left out: {_some(self.links)}.")
        if self.submodules:
            told.append(f"Submodules are left out: {_some(self.submodules)}.")
        if self.has_lfs:
            told.append("Files that Git LFS keeps elsewhere are not fetched; put them into the repository itself.")
        return " ".join(told)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def place_of(settings: Settings, name: str) -> Path:
    """Where the clone of a repository lies."""
    return settings.home / CLONED / name


@contextmanager
def turn(settings: Settings, name: str, patience: float) -> Iterator[None]:
    """Let one process after the other work on a repository, also where there is no clone yet. Raises `Busy`."""
    locks = settings.home / CLONED / ".locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / name).open("ab") as file:
        take(file.fileno(), patience)
        yield


def fetch(settings: Settings, remote: Remote, *, origin: str) -> tuple[Path, str]:
    """Ask the other side where it stands; the clone's folder, made if need be, and that commit. Raises `GitFailed`.

    What lies in the folder does not change.
    """
    place = place_of(settings, remote.name)
    if not (place / CLONE).exists():
        _make(settings, remote, place)
    _take_stale_lock(place)
    there = _fetch_into(settings, remote, place)
    _note(place, remote, origin)
    return place, there


def _make(settings: Settings, remote: Remote, place: Path) -> None:
    """An empty clone, complete before it has its name."""
    shutil.rmtree(place, ignore_errors=True)  # begun, never completed: a clone without our note holds nothing of ours
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as waiting:
        fresh = Path(waiting, "clone")
        fresh.mkdir()
        run(fresh, "init", "--quiet", "--template=", "--initial-branch=main")
        host = urlsplit(settings.url).hostname or "localhost"
        for name, value in (("user.name", settings.site_name), ("user.email", f"handrail@{host}")):
            run(fresh, "config", "--local", name, value)
        _note(fresh, remote, "making")
        fresh.rename(place)


def _note(place: Path, remote: Remote, origin: str) -> None:
    waiting = place / CLONE.with_suffix(".new")
    waiting.write_text(json.dumps({"folder": remote.folder, "origin": origin}), encoding="utf-8")
    waiting.rename(place / CLONE)


def _take_stale_lock(place: Path) -> None:
    """A git that was killed leaves its lock. Nobody but us works here, and we are alone."""
    lock = place / ".git" / "index.lock"
    try:
        if time.time() - lock.stat().st_mtime > STALE:
            lock.unlink()
    except FileNotFoundError:
        pass


def _fetch_into(settings: Settings, remote: Remote, place: Path) -> str:
    wanted = f"refs/heads/{remote.branch}" if remote.branch else "HEAD"
    options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance")
    env = access(settings)
    watch = _size_watch(place)
    try:
        run(place, "fetch", *options, remote.address, f"+{wanted}:{THERE}.new", seconds=SECONDS, env=env, watch=watch)
    finally:
        for begun in (place / ".git" / "objects" / "pack").glob("tmp_*"):
            begun.unlink(missing_ok=True)
    there = run(place, "rev-parse", "--verify", f"{THERE}.new^{{commit}}").line
    look(place, there)
    return there


def access(settings: Settings) -> dict[str, str]:
    """What opens private repositories, where other users of the machine cannot see it."""
    env = {}
    for number, (address, credential) in enumerate(map(read_token, settings.git_tokens)):
        basic = base64.b64encode(credential.encode()).decode()
        env[f"GIT_CONFIG_KEY_{number}"] = f"http.{address}.extraHeader"
        env[f"GIT_CONFIG_VALUE_{number}"] = f"Authorization: Basic {basic}"
    return {**env, "GIT_CONFIG_COUNT": str(len(settings.git_tokens))}


def _size_watch(place: Path) -> Callable[[], None]:
    def watch() -> None:
        total = 0
        for folder, _folders, names in os.walk(place / ".git" / "objects"):
            for name in names:
                try:
                    total += os.stat(os.path.join(folder, name)).st_size  # noqa: PTH116, PTH118 - many at once
                except FileNotFoundError:
                    continue
        if total > PACK_LIMIT:
            raise TooLarge(f"The repository with its history is larger than {PACK_LIMIT // 2**30} GB.")

    return watch


def look(place: Path, commit: str) -> Contents:
    """What a commit holds, before anything of it comes to lie on disk. Raises `TooLarge`."""
    links, submodules, total, count, has_attributes = [], [], 0, 0, False
    for line in run(place, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).items:
        about, _tab, path = line.partition("\t")
        mode, _kind, _id, size = about.split()
        total, count = total + int(size if size != "-" else 0), count + 1
        if mode == LINK:
            links.append(path)
        elif mode == SUBMODULE:
            submodules.append(path)
        has_attributes = has_attributes or path.rpartition("/")[2] == ".gitattributes"
    if total > PACK_LIMIT:
        raise TooLarge(f"The files are larger than {PACK_LIMIT // 2**30} GB.")
    if count > COUNT_LIMIT:
        raise TooLarge(f"There are more than {COUNT_LIMIT} files.")
    return Contents(tuple(links), tuple(submodules), has_attributes and _has_lfs(place, commit))


def _has_lfs(place: Path, commit: str) -> bool:
    words = ("grep", "--quiet", "--fixed-strings", "filter=lfs", commit, "--", ":(glob)**/.gitattributes")
    return run(place, *words, fine=(0, 1)).code == 0


def known_there(place: Path) -> str:
    """Where the other side stood when what lies here was last brought up to date; empty if never."""
    return run(place, "rev-parse", "--verify", "--quiet", f"{THERE}^{{commit}}", fine=(0, 1)).line


def advance(place: Path, to: str) -> None:
    """Make a commit what lies in the folder. Raises `GitFailed` if that would overwrite what nobody committed."""
    before = head(place)
    run(place, "update-index", "-q", "--refresh", fine=(0, 1))
    run(place, "read-tree", "-m", "-u", *([before] if before else []), to)
    run(place, "update-ref", "-m", "fetched", "HEAD", to, before or "0" * len(to))
    for link in look(place, to).links:
        (place / link).unlink(missing_ok=True)  # written as a text that names another file, which nobody means


def remember_there(place: Path, there: str) -> None:
    """Note that what lies here holds everything of a commit of the other side."""
    run(place, "update-ref", THERE, there)


def is_within(place: Path, commit: str, later: str) -> bool:
    """Whether a commit is another one, or comes before it."""
    return run(place, "merge-base", "--is-ancestor", commit, later, fine=(0, 1)).code == 0


def count_between(place: Path, since: str, until: str) -> int:
    """How many commits the second has that the first has not."""
    return int(run(place, "rev-list", "--count", until, *([f"^{since}"] if since else [])).line)


def push(settings: Settings, remote: Remote, place: Path) -> str:
    """Give the other side what was committed here; never overwrites. The commit. Raises `GitFailed`."""
    mine = head(place)
    branch = remote.branch or _first_branch(settings, remote, place)
    order = ("push", "--quiet", "--no-recurse-submodules", remote.address, f"{mine}:refs/heads/{branch}")
    run(place, *order, seconds=SECONDS, env=access(settings))
    remember_there(place, mine)
    return mine


def _first_branch(settings: Settings, remote: Remote, place: Path) -> str:
    """The branch that the other side offers first."""
    order = ("ls-remote", "--symref", remote.address, "HEAD")
    for line in run(place, *order, seconds=SECONDS, env=access(settings)).line.splitlines():
        if line.startswith("ref: refs/heads/"):
            return line.removeprefix("ref: refs/heads/").partition("\t")[0]
    raise GitFailed("The other side does not say which branch comes first. Name the branch.")


def tidy(place: Path) -> None:
    """Pack what has gathered, as Git itself would from time to time."""
    run(place, "-c", "gc.auto=2000", "-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", seconds=SECONDS)
