"""What was written here and what was written there become one, or both are shown: nothing is ever overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lms.repositories import clones
from lms.repositories.commits import commit_tree, head
from lms.repositories.git import GitFailed, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_SHOWN = 200_000  # bytes of a text


class Conflict(Exception):
    """The same lines were changed on both sides. The folder is as it was."""

    def __init__(self, ours: str, theirs: str, files: tuple[str, ...]) -> None:
        super().__init__(f"{len(files)} files")
        self.ours, self.theirs, self.files = ours, theirs, files


class Rewritten(GitFailed):
    """The other side has another history now, and the desk has commits of its own on top of the old one."""


class Moved(Exception):
    """One of the sides has changed since the conflict was shown."""


@dataclass(frozen=True, slots=True)
class Side:
    """A file on one side of a conflict: its text (None if it is gone or no text), who changed it last, and when."""

    text: str | None
    is_there: bool
    author: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Sides:
    """One file, here and there."""

    path: str
    ours: Side
    theirs: Side


def bring(place: Path, there: str) -> bool:
    """Bring a clone up to where the other side stands; whether anything changed. Raises `Conflict`, `GitFailed`.

    Commits of the desk are joined with theirs where Git finds no line that both changed.
    """
    mine, known = head(place), clones.known_there(place)
    if mine and clones.is_within(place, there, mine):
        clones.remember_there(place, there)
        return False
    if not mine or clones.is_within(place, mine, there) or (known and clones.is_within(place, mine, known)):
        clones.advance(place, there)  # also where their history was rewritten and nothing of ours is on it
    elif known and not clones.is_within(place, known, there):
        raise Rewritten(
            "The history over there was rewritten, and commits of the desk stand on the old one. Nothing was changed "
            "here. Save the desk's commits as patches, then remove the repository and add it again."
        )
    else:
        clones.advance(place, _joined(place, mine, there))
    clones.remember_there(place, there)
    return True


def _joined(place: Path, mine: str, there: str) -> str:
    tree, files = _merged(place, mine, there)
    if files:
        raise Conflict(mine, there, files)
    return commit_tree(place, tree, [mine, there], "Join the desk's commits with those fetched", author=None)


def _merged(place: Path, mine: str, there: str) -> tuple[str, tuple[str, ...]]:
    order = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", mine, there)
    tree, *files = run(place, *order, fine=(0, 1)).items
    return tree, tuple(dict.fromkeys(files))


def settle(
    place: Path, conflict: tuple[str, str], keeps_ours: Mapping[str, bool], *, author: tuple[str, str], words: str
) -> None:
    """End a conflict: of each file in it, take the one or the other; both stay in the history. Raises `Moved`.

    `conflict` are the two commits as they were shown.
    """
    mine, theirs = conflict
    tree, files = _merged(place, mine, theirs)
    if head(place) != mine or set(files) != set(keeps_ours):
        raise Moved
    index = place / ".git" / "handrail.index"
    env = {"GIT_INDEX_FILE": str(index)}
    try:
        run(place, "read-tree", tree, env=env)
        for path, ours in keeps_ours.items():
            _put(place, path, mine if ours else theirs, env)
        chosen = run(place, "write-tree", env=env).line
    finally:
        index.unlink(missing_ok=True)
    clones.advance(place, commit_tree(place, chosen, [mine, theirs], words, author=author))
    clones.remember_there(place, theirs)


def _put(place: Path, path: str, commit: str, env: dict[str, str]) -> None:
    """Have a file as it stands in a commit, or have it not, if it does not stand there."""
    entry = _entry(place, commit, path)
    line = f"0 {'0' * 40}\t{path}" if entry is None else f"{entry[0]} {entry[1]}\t{path}"
    run(place, "update-index", "-z", "--index-info", given=line.encode("utf-8", "surrogateescape") + b"\0", env=env)


def _entry(place: Path, commit: str, path: str) -> tuple[str, str] | None:
    """The mode and the id of a file in a commit."""
    for line in run(place, "--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", path).items:
        about, _tab, found = line.partition("\t")
        mode, _kind, blob = about.split()
        if found == path:
            return mode, blob
    return None


def sides(place: Path, conflict: tuple[str, str], path: str) -> Sides:
    """A file as it stands here and there. Raises `GitFailed`."""
    return Sides(path, *(_side(place, commit, path) for commit in conflict))


def _side(place: Path, commit: str, path: str) -> Side:
    entry = _entry(place, commit, path)
    form = "--format=%an%x00%at%x00%s"
    told = run(place, "--literal-pathspecs", "log", "-1", form, commit, "--", path).out.decode(errors="replace")
    author, at, words = [*told.strip("\n").split("\0"), "", "", ""][:3]
    text = _text(place, entry[1]) if entry else None
    return Side(text, entry is not None, author, datetime.fromtimestamp(int(at or 0), UTC), words)


def _text(place: Path, blob: str) -> str | None:
    if int(run(place, "cat-file", "-s", blob).line) > MOST_SHOWN:
        return None
    content = run(place, "cat-file", "blob", blob).out
    try:
        return None if b"\0" in content else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def patches(place: Path) -> bytes:
    """The desk's commits that the other side has not, as `git am` takes them."""
    return run(place, "format-patch", "--stdout", f"{clones.THERE}..HEAD").out
