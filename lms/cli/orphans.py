"""A process that was started to serve another must not outlive it, however that other one ended."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE = 1  # seconds between two looks


def when_orphaned(parent: int, act: Callable[[], object]) -> None:
    """Call `act`, in a thread, once the process `parent` is no longer the one that started us."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(PAUSE)
        act()

    threading.Thread(target=look, daemon=True).start()
