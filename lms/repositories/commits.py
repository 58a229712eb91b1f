"""What the desk writes into a repository: commits of exactly the files that somebody saved."""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lms.repositories.git import GitFailed, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SITE, SITE_EMAIL = "Handrail", "handrail@localhost"
LOCK = "handrail.lock"
PATIENCE = 120  # seconds that somebody waits for a fetch that is under way
TRIES = 25
_held = threading.local()


class Busy(GitFailed):
    """Something else works in this repository and did not end in time."""


class Unfinished(GitFailed):
    """Somebody has begun to merge or rebase in this folder and has not ended it."""


def top_of(folder: Path) -> Path | None:
    """The folder of the work tree in which a folder lies; None if it lies in none."""
    folder = folder.resolve()
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)


def is_repository(folder: Path) -> bool:
    """Whether what is saved in a folder is to be committed: it is a work tree, or a part of one that Git knows.

    A folder that merely lies inside of a work tree, such as the data folder beside somebody's own program, is not.
    """
    top = top_of(folder)
    if top is None:
        return False
    if top == folder.resolve():
        return True
    try:
        return bool(run(folder, "ls-files", "-z", "--", ".").items)
    except GitFailed:
        return False


def head(folder: Path) -> str:
    """The commit that a work tree stands on; empty before the first one. Raises `GitFailed`."""
    return run(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", fine=(0, 1)).line


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep everybody else out of a repository for the block: other saves, fetches, other processes.

    Whoever compares a file with what somebody saw, writes it and commits it, does all three inside. May be used inside
    of itself. Does nothing for a folder that is no repository. Raises `Busy`.
    """
    top = top_of(folder)
    held: set[Path] = _held.__dict__.setdefault("places", set())
    if top is None or top in held:
        yield
        return
    with (git_folder(top) / LOCK).open("ab") as file:
        take(file.fileno(), PATIENCE)
        held.add(top)
        try:
            yield
        finally:
            held.discard(top)


def git_folder(top: Path) -> Path:
    """Where Git keeps what it knows of a work tree. Raises `GitFailed`."""
    own = top / ".git"
    return own if own.is_dir() else Path(run(top, "rev-parse", "--absolute-git-dir").line)


def take(number: int, patience: float) -> None:
    """Take the lock of an open file, waiting `patience` seconds for whoever holds it. Raises `Busy`."""
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise Busy("Another fetch or save in this repository takes very long. Try again in a minute.") from None
            time.sleep(0.02)
        else:
            return


def commit(folder: Path, paths: Sequence[str], *, author_name: str, author_email: str, words: str) -> str:
    """Commit exactly these files of a folder as they lie on disk; a file that is gone is deleted. The commit's id.

    `paths` are relative to the folder. What else is changed or staged stays as it is; a new file that the repository
    ignores is left out. Where nothing changed, no commit is made. Raises `GitFailed` and its kinds; nothing is
    committed then.
    """
    with alone(folder):
        _refuse_unfinished(folder)
        names = "\0".join(_kept(folder, paths)).encode("utf-8", "surrogateescape")
        before = head(folder)
        tree = _tree(folder, before, names)
        if before and tree == run(folder, "rev-parse", f"{before}^{{tree}}").line:
            return before
        made = commit_tree(folder, tree, [before] if before else [], words, author=(author_name, author_email))
        run(folder, "update-ref", "-m", "saved on the desk", "HEAD", made, before or "0" * len(made))
        _again_while_locked(folder, names)
        return made


def commit_tree(folder: Path, tree: str, parents: Sequence[str], words: str, *, author: tuple[str, str] | None) -> str:
    """Make a commit of a tree, which no branch names yet: its id. The site commits; it is the author, too, if None."""
    site = (_said(folder, "user.name") or SITE, _said(folder, "user.email") or SITE_EMAIL)
    name, email = author or site
    env = {
        "GIT_AUTHOR_NAME": _plain(name) or SITE,
        "GIT_AUTHOR_EMAIL": _plain(email),
        "GIT_COMMITTER_NAME": _plain(site[0]) or SITE,
        "GIT_COMMITTER_EMAIL": _plain(site[1]),
    }
    text = (words.strip() or "Change") + "\n"
    before = [part for parent in parents for part in ("-p", parent)]
    return run(folder, "commit-tree", tree, *before, given=text.encode(), env=env).line


def _said(folder: Path, name: str) -> str:
    return run(folder, "config", "--local", "--get", name, fine=(0, 1)).line


def _plain(text: str) -> str:
    """A name as Git can keep it: no line breaks, no angle brackets, nothing but signs at its ends."""
    return "".join(sign for sign in text if sign.isprintable() and sign not in "<>").strip(" .,:;\"'\\")


def _refuse_unfinished(folder: Path) -> None:
    place = Path(run(folder, "rev-parse", "--absolute-git-dir").line)
    if any((place / mark).exists() for mark in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "rebase-merge", "rebase-apply")):
        raise Unfinished(f"Somebody merges or rebases in {folder} and has not ended it.")


def _kept(folder: Path, paths: Sequence[str]) -> list[str]:
    """The paths without those that Git is told to ignore and does not know already."""
    plain = [f"./{path}" for path in paths]  # a name that begins with a colon would be read as an order
    asked = "\0".join(plain).encode("utf-8", "surrogateescape")
    ignored = set(run(folder, "check-ignore", "-z", "--stdin", given=asked, fine=(0, 1)).items)
    return [path for path in plain if path not in ignored]


def _tree(folder: Path, before: str, names: bytes) -> str:
    """The tree of the last commit with these files as they lie on disk, without a look at what is staged."""
    with tempfile.TemporaryDirectory() as place:
        env = {"GIT_INDEX_FILE": os.path.join(place, "index")}  # noqa: PTH118 - a text for the program
        run(folder, "read-tree", before or "--empty", env=env)
        _put(folder, names, env)
        return run(folder, "write-tree", env=env).line


def _put(folder: Path, names: bytes, env: dict[str, str] | None = None) -> None:
    run(folder, "update-index", "-z", "--add", "--remove", "--replace", "--stdin", given=names, env=env)


def _again_while_locked(folder: Path, names: bytes) -> None:
    """Note in the work tree's own index what was committed; whoever else uses Git there in this moment goes first."""
    for _turn in range(TRIES):
        with suppress(GitFailed):
            _put(folder, names)
            return
        time.sleep(0.2)  # the commit is made; an index that lags behind is put right by the next one
