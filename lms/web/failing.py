"""Why a job of the worker failed, in words for whoever asked for it; the details are on the operator's page of jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.web.language import lazy

if TYPE_CHECKING:
    from lms.jobs import Trouble

FAILED = lazy("Failed")  # how a list calls what was given up
OTHER = lazy(
    "Something happened that the program does not expect. Whoever runs this site finds it under Operation, Jobs."
)
CAUSES = (
    (
        re.compile(r"No space left on device|database or disk is full|could not extend file"),
        lazy("The disk of the server is full. Tell whoever runs this site."),
    ),
    (
        re.compile(r"killed before it was done|BrokenProcessPool|MemoryError|out of memory"),
        lazy("It was stopped on the way, most likely because the server has too little memory for it."),
    ),
    (
        re.compile(r"PermissionError|Read-only file system"),
        lazy("The program may not write into its data folder. Tell whoever runs this site."),
    ),
    (
        re.compile(r"FileNotFoundError"),
        lazy("A file that it needs is not there any more. Send it again, or ask for it anew."),
    ),
    (
        re.compile(r"OperationalError|database is locked|InterfaceError"),
        lazy("The database did not answer."),
    ),
)


def why(trouble: Trouble) -> str:
    """One or two sentences: what went wrong and, where somebody can do something, who and what."""
    return str(next((words for pattern, words in CAUSES if pattern.search(trouble.error)), OTHER))
