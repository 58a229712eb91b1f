"""A process of its own that publishes a changed pack so many times: `publishing DATABASE FOLDER TIMES`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from lms.content.packs import PackFolder, publish_pack
from lms.db import Database
from lms.discovery import OWN, question_types
from lms.people import models  # noqa: F401 - publications name an actor

PAUSE = 0.25  # seconds between two publications: a busy day in half a minute


def main(url: str, folder: str, times: str) -> None:
    """Change the last line of one lesson and publish, again and again; print the seconds it took."""
    database, types, pack = Database(url), question_types([OWN]), PackFolder("many", Path(folder))
    lesson = next(iter(sorted(pack.path.glob("courses/*/0*.md"))))
    text = lesson.read_text(encoding="utf-8")
    began = time.perf_counter()
    for turn in range(int(times)):
        lesson.write_text(f"{text}\nEdition {turn}.\n", encoding="utf-8")
        changed, problems = publish_pack(database, pack, types)
        time.sleep(PAUSE)
        assert changed, [problem for problem in problems if problem.severity == "error"]
    print(f"{time.perf_counter() - began:.1f}")
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
