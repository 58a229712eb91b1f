#!/usr/bin/env python3
"""Prepare this checkout and do one thing with it: `python3 run.py help` lists what.

Needs Python 3.11 or newer and nothing else. Everything it installs goes into `.venv`, but for one thing: root on
Debian gets a missing `python3-venv` or, for the tests, Chromium, by apt-get.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / "bin"
PYTHON = str(PROGRAMS / "python")
STAMP = VENV / "installed.json"
LOCK = ROOT / ".ci" / "requirements.lock"
OLDEST = (3, 11)
NEWEST_TRIED = 15
FAST = "not long and not benchmark"
# what reads the project itself: its documents, its words in all languages, its shape
READ_OVER = ("tests/shape", "tests/docs", "tests/i18n")
# a file stays with one worker, which makes its world once; in the order of the folders, long files early
ON_BOTH_CORES = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def main(arguments: Sequence[str]) -> int:
    """Run the named task, `run` if none is named, and return its exit status."""
    use_new_enough_python()
    os.chdir(ROOT)
    name, *rest = arguments or ["run"]
    task = TASKS.get(name)
    if task is None:
        print(f"There is no task {name!r}.\n", file=sys.stderr)
        show_help([])
        return 2
    return task(rest)


def run(arguments: Sequence[str]) -> int:
    """Start Handrail with its courses and made-up people (PORT=8000 names the port)."""
    prepare()
    port = os.environ.setdefault("LMS_PORT", os.environ.get("PORT", "8000"))
    if port.isdigit() and is_taken(int(port)):
        sys.exit(f"Something else answers on port {port}. Choose another one: PORT={int(port) + 1} make run")
    lms = str(PROGRAMS / "lms")
    os.execv(lms, [lms, "demo", "--serve", *arguments])


def test(arguments: Sequence[str]) -> int:
    """Run the tests, with a real PostgreSQL and a real browser (all but those of `make check`; paths may follow)."""
    return pytest(*ON_BOTH_CORES, "-m", FAST, *(arguments or (f"--ignore={path}" for path in READ_OVER)))


def test_long(arguments: Sequence[str]) -> int:
    """Run the tests that take long: whole journeys, many inputs, crashes."""
    return pytest(*ON_BOTH_CORES, "-m", "long", *arguments)


def bench(arguments: Sequence[str]) -> int:
    """Measure at national scale, one thing after the other."""
    return pytest("-m", "benchmark", "-s", *arguments)


def screenshots(arguments: Sequence[str]) -> int:
    """Take pictures of the main pages, on a phone and on a desk, into build/screenshots."""
    prepare("test", "check")
    return say_and_call(PYTHON, "-m", "tests.browser.screenshots", *arguments, env=with_browser())


def check(_: Sequence[str]) -> int:
    """Look the code over without running it: style, types, imports, templates, documents, translations."""
    prepare("test", "check")
    looks = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
        ("djlint", "templates", "--lint", "--quiet"),
        ("python", "lms/translations/catalogues.py", "check"),
        ("pytest", *ON_BOTH_CORES, "-m", FAST, *existing(*READ_OVER)),
    )
    failed = [" ".join(look) for look in looks if say_and_call(PROGRAMS / look[0], *look[1:])]
    for look in failed:
        print(f"failed: {look}", file=sys.stderr)
    return 1 if failed else 0


def lock(_: Sequence[str]) -> int:
    """Write the versions that a fresh installation gets today into .ci/requirements.lock."""
    shutil.rmtree(VENV, ignore_errors=True)
    LOCK.unlink(missing_ok=True)
    prepare("test", "check")
    listed = [PYTHON, "-m", "pip", "freeze", "--exclude-editable"]
    versions = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    LOCK.write_text(f"# The versions that were tried together; `make lock` writes them anew.\n{versions}")
    return 0


def show_help(_: Sequence[str]) -> int:
    """Show this list."""
    for name, task in TASKS.items():
        print(f"make {name:12} {(task.__doc__ or '').splitlines()[0]}")
    print("\n`python3 run.py NAME` does the same without make, and takes further arguments.")
    return 0


TASKS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "test-long": test_long,
    "bench": bench,
    "screenshots": screenshots,
    "lock": lock,
    "help": show_help,
}


def is_taken(port: int) -> bool:
    """Whether something on this machine listens on the port."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def use_new_enough_python(version: tuple[int, ...] = sys.version_info[:2]) -> None:
    """Go on with a newer Python of this machine if this one is too old, or say plainly that one is needed."""
    if version >= OLDEST:
        return
    names = (f"python3.{minor}" for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1))
    newer = next((path for path in filter(None, map(shutil.which, names)) if runs(path)), None)
    if newer:
        os.execv(newer, [newer, *sys.argv])
    here = f"{sys.executable}, version {version[0]}.{version[1]}"
    sys.exit(f"Handrail needs Python 3.11 or newer. This is {here}, and no newer one is here.")


def prepare(*extras: str) -> None:
    """Make `.venv` hold the project, editable, and the extras, unless it already does."""
    wanted = {"at": str(ROOT), "of": fingerprint(), "extras": sorted({*extras, *installed_extras()})}
    if runs(PYTHON, "import pip") and STAMP.exists() and json.loads(STAMP.read_text()) == wanted:
        return
    if not runs(PYTHON, "import pip") or was_moved():
        print("Preparing .venv. The first time takes a minute.", flush=True)
        make_venv()
    project = f".[{','.join(wanted['extras'])}]" if wanted["extras"] else "."
    install = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", project]
    if not LOCK.exists() or subprocess.call([*install, "--constraint", str(LOCK)]):
        if LOCK.exists():
            print("The locked versions cannot be had here; trying the newest ones.", file=sys.stderr, flush=True)
        if subprocess.call(install):
            sys.exit("The packages could not be installed; pip says above why.")
    STAMP.write_text(json.dumps(wanted))


def fingerprint() -> str:
    """A hash of all that decides what has to be installed."""
    digest = hashlib.sha256()
    for file in (ROOT / "pyproject.toml", LOCK):
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


def installed_extras() -> list[str]:
    """The extras that an earlier call has installed: a later one never takes them away."""
    return json.loads(STAMP.read_text())["extras"] if STAMP.exists() else []


def was_moved() -> bool:
    """Whether `.venv` was made for a checkout in another place: its programs still point there."""
    return STAMP.exists() and json.loads(STAMP.read_text())["at"] != str(ROOT)


def runs(python: str | Path, statement: str = "") -> bool:
    """Whether a Python starts and can do this; a `.venv` whose Python was upgraded away does not."""
    command = [str(python), "-c", statement]
    return Path(python).exists() and subprocess.call(command, stderr=subprocess.DEVNULL) == 0


def make_venv() -> None:
    """Make `.venv` by whatever this Python has: ensurepip, else its own pip, else (as root) Debian's package."""
    if importlib.util.find_spec("ensurepip"):
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(VENV)])
        return
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    borrowed = [sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "pip"]
    if importlib.util.find_spec("pip") and subprocess.call(borrowed) == 0:
        return
    package = f"python3.{sys.version_info[1]}-venv"
    command = ["apt-get", "install", "-y", package]
    if os.getuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"This Python cannot install packages. Please run once: sudo {' '.join(command)}")
    subprocess.call(["apt-get", "update", "-qq"])
    if say_and_call(*command):
        sys.exit(f"{package} could not be installed; apt-get says above why.")
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(VENV)])


def pytest(*arguments: str) -> int:
    """Run pytest where neither a missing PostgreSQL nor a missing browser can hide behind a skip."""
    prepare("test", "check")
    return say_and_call(PYTHON, "-m", "pytest", *arguments, env={**with_browser(), "LMS_REQUIRE_PG": "1"})


def with_browser() -> dict[str, str]:
    """An environment that names the browser. Installs one where that can be done; ends with one command elsewhere."""
    found = subprocess.run(
        [PYTHON, "-m", "tests.browser.chromium"], stdout=subprocess.PIPE, stderr=None, text=True, check=False
    )
    if found.returncode:
        sys.exit(found.returncode)
    return {**os.environ, "LMS_REQUIRE_BROWSER": "1", "LMS_CHROMIUM": found.stdout.strip()}


def existing(*paths: str) -> list[str]:
    """Those of the paths that are there."""
    return [path for path in paths if (ROOT / path).exists()]


def say_and_call(*command: object, env: dict[str, str] | None = None) -> int:
    """Show a command, run it, and return its exit status."""
    words = [str(word) for word in command]
    print("$", " ".join(words).replace(f"{PROGRAMS}/", ""), flush=True)
    return subprocess.call(words, env=env)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
