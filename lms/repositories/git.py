"""The git program, started without a shell and without anybody's settings.

It never asks for a password, runs no hook, follows no link and no submodule, and speaks https and ssh only. What a
machine's or a person's own configuration says does not count: a commit made here is the same on every machine.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

SECONDS = 60  # for what stays on this machine
MOST_SAID = 128 * 2**20  # bytes of an answer: a few folders that hold each other stand for more files than any disk has
PAUSE = 0.2  # seconds between two looks at a git that works
LONGEST_WORDS = 2000
# what the operator's surroundings may say: where programs are, the way out, whom to trust, the keys for ssh
PASSED = (
    *("PATH", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"),
    *("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"),
)
OWN = {
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=15",
    "GIT_ALLOW_PROTOCOL": "https:ssh",
    "GIT_LFS_SKIP_SMUDGE": "1",
}
CONFIGURED = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.autocrlf": "false",
    "core.safecrlf": "false",
    "core.fileMode": "false",  # a file that is written anew keeps the mode it has in the repository
    "core.symlinks": "false",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "core.quotePath": "false",
    "submodule.recurse": "false",
    "commit.gpgSign": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "credential.helper": "",
    "fetch.unpackLimit": "1",  # a fetch that is given up leaves one file, which is taken away
    "http.followRedirects": "false",
    "transfer.fsckObjects": "true",
}
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")


class GitFailed(Exception):
    """Git could not do it; `words` are what it said, without passwords."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NoGit(GitFailed):
    """There is no git program on this machine."""


class TooLong(GitFailed):
    """Git was not done in time or had no end of things to say, and was ended."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said, and its exit code."""

    code: int
    out: bytes

    @property
    def line(self) -> str:
        """The answer as one line of text."""
        return self.out.decode(errors="replace").strip()

    @property
    def items(self) -> list[str]:
        """The answer as texts that NUL ends; names that are no UTF-8 as the file system gives them."""
        return [os.fsdecode(item) for item in self.out.split(b"\0") if item]


def run(
    folder: Path,
    *command: str,
    given: bytes = b"",
    env: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    fine: tuple[int, ...] = (0,),
    watch: Callable[[], None] | None = None,
) -> Answer:
    """Run one git command in a folder, with `given` as its input. Raises `GitFailed`.

    `watch` is called while git works, and may stop it by raising.
    """
    arguments = ["git", *(part for pair in CONFIGURED.items() for part in _option(*pair))]
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        source.write(given)
        source.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - a list, not a shell's line
                [*arguments, *command], cwd=folder, env=_surroundings(env), stdin=source, stdout=out, stderr=err,
                start_new_session=True,
            )  # fmt: skip
        except FileNotFoundError:
            reason = "There is no folder " + str(folder) if not folder.is_dir() else "The program git is not installed."
            raise NoGit(reason) from None
        _wait(process, command[0], seconds, [*([watch] if watch else []), lambda: _refuse_long(out, err)])
        answer = Answer(process.returncode, _whole(out))
        if answer.code not in fine:
            raise GitFailed(_said(_whole(err)) or f"git {command[0]} ended with {answer.code}.")
    return answer


def _option(name: str, value: str) -> tuple[str, str]:
    return "-c", f"{name}={value}"


def _surroundings(more: Mapping[str, str] | None) -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED if name in os.environ}
    return {**passed, **OWN, **(more or {})}


def _refuse_long(*files: IO[bytes]) -> None:
    if any(os.fstat(file.fileno()).st_size > MOST_SAID for file in files):
        raise TooLong("The repository has no end of files in it.")


def _wait(process: subprocess.Popen[bytes], name: str, seconds: float, looks: Sequence[Callable[[], None]]) -> None:
    """Wait for git, looking at what it does from time to time. Whom it started, ends with it."""
    end = time.monotonic() + seconds
    try:
        while not _is_done(process, end):
            _refuse_late(end, f"git {name} was not done within {seconds:.0f} seconds.")
            for look in looks:
                look()
        for look in looks:
            look()
    except BaseException:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        raise


def _refuse_late(end: float, words: str) -> None:
    if time.monotonic() >= end:
        raise TooLong(words)


def _is_done(process: subprocess.Popen[bytes], end: float) -> bool:
    try:
        process.wait(min(max(end - time.monotonic(), 0), PAUSE))
    except subprocess.TimeoutExpired:
        return False
    return True


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _said(err: bytes) -> str:
    """What git complained of: without passwords, colours and progress."""
    text = err.decode(errors="replace")
    lines = [line.rpartition("\r")[2].strip() for line in text.split("\n")]
    plain = "\n".join(line for line in lines if line and not line.startswith("hint:"))
    return _PASSWORD.sub("", "".join(sign for sign in plain if sign.isprintable() or sign == "\n"))[:LONGEST_WORDS]
