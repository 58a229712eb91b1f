"""A Git host for tests: bare repositories over the real transport of ssh, whose program runs everything right here."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SSH = """#!/bin/sh
for last; do :; done
exec sh -c "$last"
"""


def git(folder: Path, *command: str) -> str:
    """What a person's own git says."""
    who = ["-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgSign=false"]
    done = subprocess.run(["git", *who, *command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@dataclass(frozen=True)
class Hosted:
    """A repository at the host, and Anna's own clone of it."""

    bare: Path
    annas: Path

    @property
    def address(self) -> str:
        """Where the site finds it."""
        return f"ssh://git@git.example.org{self.bare}"

    def push(self, files: Mapping[str, str | bytes | None], words: str = "Change", *options: str) -> str:
        """Anna writes files (None: deletes), commits and pushes; the commit."""
        for name, content in files.items():
            file = self.annas / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content.encode() if isinstance(content, str) else content)
        git(self.annas, "add", "--all", "--force")
        git(self.annas, "commit", "--quiet", "--allow-empty", "-m", words)
        git(self.annas, "push", "--quiet", *options, str(self.bare), "HEAD:main")
        return git(self.annas, "rev-parse", "HEAD")

    def text(self, path: str) -> str:
        """A file as the host has it."""
        return git(self.bare, "show", f"main:{path}")


def begin(folder: Path, files: Mapping[str, str | bytes]) -> Hosted:
    """A host with one repository. `folder / "bin"` holds the ssh to be found first."""
    program = folder / "bin" / "ssh"
    program.parent.mkdir(parents=True)
    program.write_text(SSH)
    program.chmod(0o755)
    hosted = Hosted(folder / "water.git", folder / "annas")
    for place, options in ((hosted.bare, ["--bare"]), (hosted.annas, [])):
        place.mkdir()
        git(place, "init", "--quiet", "--initial-branch=main", *options)
    if files:
        hosted.push(files, "Begin")
    return hosted
