"""Which Chromium the tests drive. As a program: prints its path, after installing one if there is none."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find() -> str | None:
    """The path of a browser that starts: `$LMS_CHROMIUM` alone if set, else one of the machine, else Playwright's."""
    return next((path for path in _candidates() if _starts(path)), None)


def install() -> None:
    """Get a browser in the first way that this machine allows; whether one came, `find` tells."""
    is_root = os.getuid() == 0
    if is_root and _distribution() == "debian":
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _call("apt-get", "update", "-qq", env=quietly)
        if _call("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", env=quietly) == 0:
            return
    with_libraries = ["--with-deps"] if is_root and platform.system() == "Linux" else []
    _call(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")


def advice() -> str:
    """The one command that a person can run to get a browser."""
    if platform.system() == "Darwin":
        return "brew install --cask chromium"
    if _distribution() == "debian":
        return "sudo apt-get install -y chromium"
    return f"sudo {sys.executable} -m playwright install --with-deps chromium"


def _candidates() -> Iterator[str]:
    named = os.environ.get("LMS_CHROMIUM")
    if named:
        yield named
        return
    yield from filter(None, map(shutil.which, NAMES))
    yield from MAC_APPLICATIONS
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(path: str) -> bool:
    """Whether it answers; Ubuntu's `chromium-browser` may be a script that only advertises a snap."""
    if not Path(path).exists():
        return False
    asked = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    return asked.returncode == 0


def _distribution() -> str:
    if platform.system() != "Linux":
        return ""
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""


def _call(*command: str, env: dict[str, str] | None = None) -> int:
    print("$", " ".join(command), file=sys.stderr, flush=True)
    return subprocess.call(command, env=env, stdout=sys.stderr)


def main() -> int:
    """Print the browser's path; without one, print to the error stream how to get it."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        print(f"The tests need a browser. Please run once: {advice()}", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
