"""How many rows are done at a time, and when the right to write is left to others.

Large batches are quick: each costs some statements and one wait for the disk. But on SQLite nobody else writes until a
batch is committed, so it may take no longer than somebody who saves an answer should wait.
"""

from __future__ import annotations

import time

AIM = 0.15  # seconds between the beginning of a batch and its end
FIRST, LEAST = 250, 50  # rows
MOST_GROWTH = 2.0  # from one batch to the next
# whoever waits for SQLite's lock looks for it again after up to 0.47 of the time waited so far, in its main.c
# (`sqliteDefaultBusyCallback`): a break of half a batch is never slept through
BREAK = 0.5


class Pace:
    """The pace of one run. `most` rows are in a batch; with `breaks` there is one lock for everybody's writes."""

    def __init__(self, most: int, *, breaks: bool) -> None:
        self.most, self.breaks = most, breaks
        self.rows = min(FIRST, most)
        self.began = self.ended = 0.0

    def start(self) -> None:
        """The batch begins, and what was read and understood meanwhile was a break, too."""
        if self.breaks and self.ended:
            left = self.ended + BREAK * (self.ended - self.began) - time.monotonic()
            if left > 0:
                time.sleep(left)
        self.began = time.monotonic()

    def end(self, rows: int) -> None:
        """The batch is committed."""
        self.ended = time.monotonic()
        self.rows = next_size(self.rows, rows, self.ended - self.began, self.most)


def next_size(size: int, rows: int, seconds: float, most: int) -> int:
    """How many rows to take after a batch that had some rows and took some seconds."""
    if rows < size:
        return size  # a batch that ended early says little
    fitting = int(rows * min(MOST_GROWTH, AIM / max(seconds, 0.001)))
    return max(min(LEAST, most), min(fitting, most))
