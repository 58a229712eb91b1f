"""Small writes of several threads in one commit.

SQLite lets one write at a time, and each commit waits for the disk. Whoever comes while another commits is written
together with all others who wait, so that many people who save at once pay for one wait. This is the group commit of
DeWitt et al., "Implementation Techniques for Main Memory Database Systems" (SIGMOD 1984). PostgreSQL does it itself.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

T = TypeVar("T")
# seconds: while commits follow each other closely, whoever is alone waits a moment for those who come meanwhile
BUSY, GATHER = 0.02, 0.001


class NotKnownKept(RuntimeError):
    """The thread that wrote for others was ended: whether this write was kept is not known."""


class _Piece(Generic[T]):
    """One thread's write, and what became of it."""

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.is_done = False
        self._found: T
        self._error: Exception | None = None

    def end(self, found: T) -> None:
        self.is_done, self._found = True, found

    def fail(self, error: Exception) -> None:
        self.is_done, self._error = True, error

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._found


class SharedCommits:
    """The one door for small writes; each returns once it is on the disk."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_shared = engine.dialect.name == "sqlite"
        self._waiting: deque[_Piece[object]] = deque()
        self._ended = 0.0
        self._turn = Lock()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run a short write and commit it; what it returns or raises.

        `work` may run in another thread, and twice if the writes beside it failed: it must do nothing but ask its
        connection. If it raises, nothing of it is kept, and nothing of the others is lost. Raises `NotKnownKept`.
        """
        piece: _Piece[T] = _Piece(work)
        if not self._is_shared:
            self._commit([piece])
            return piece.outcome()
        self._waiting.append(piece)  # type: ignore[arg-type]
        with self._turn:
            if not piece.is_done:
                self._write_all()
        return piece.outcome()

    def _write_all(self) -> None:
        if len(self._waiting) == 1 and time.monotonic() - self._ended < BUSY:
            time.sleep(GATHER)
        pieces = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            self._commit_each(pieces)
        except BaseException:  # it ends this thread; the others are to learn that nobody writes for them any more
            for piece in pieces:
                if not piece.is_done:
                    piece.fail(NotKnownKept())
            raise
        self._ended = time.monotonic()

    def _commit_each(self, pieces: Sequence[_Piece[object]]) -> None:
        try:
            self._commit(pieces)
        except Exception:  # noqa: BLE001 - asked again below, each alone, so that each thread gets its own error
            for piece in pieces:
                self._commit_alone(piece)

    def _commit_alone(self, piece: _Piece[object]) -> None:
        try:
            self._commit([piece])
        except Exception as error:  # noqa: BLE001 - raised in the thread that asked
            piece.fail(error)

    def _commit(self, pieces: Sequence[_Piece[T]]) -> None:
        with self._engine.connect() as db:
            found = [piece.work(db) for piece in pieces]
            db.commit()
        for piece, each in zip(pieces, found, strict=True):
            piece.end(each)
