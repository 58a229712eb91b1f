"""Python's garbage collector looks through everything that is alive, again and again, while much is made.

What a process has loaded stays for good, and rows are plain values that need no collector: without the first and with
fewer rounds a file of a country is written in two thirds of the time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = (10_000, 10, 10)  # Python's own first number is 700 objects; who finds this one is in a settled process


def settle() -> None:
    """Everything that a process needs is loaded: leave it out of the rounds from now on."""
    gc.freeze()
    gc.set_threshold(*ROUNDS)


@contextmanager
def settled() -> Iterator[None]:
    """The same while the block runs, unless the process is settled anyway."""
    before = gc.get_threshold()
    if before == ROUNDS:
        yield
        return
    settle()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
