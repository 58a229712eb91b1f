"""Reading a file that waits: at once where it is small, in the worker where it is not; what was found is kept beside.

Whoever reads notes how far she is and looks whether the file is still wanted. A worker that is killed leaves the file
as it was, and the next one begins again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from lms import jobs
from lms.authoring import saving
from lms.content.packs import offered_packs
from lms.exchange import keeping, placing
from lms.exchange.bringing import Watch, bring
from lms.exchange.found import CannotRead, Loss
from lms.exchange.keeping import Held, Progress, Stand
from lms.exchange.looking import ImportPage, import_page
from lms.exchange.placing import Existing

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from lms.content.packs import PackFolder
    from lms.db import Database
    from lms.plugins import QuestionType

JOB = "read_questions"
AT_ONCE = 256 * 2**10  # bytes: about a second's work
MOST_TRIES = 3  # a file at which every reader is stopped is more likely the reason than they are
MOST_SECONDS = 600  # of one reading
EVERY = 0.5  # seconds between two notes of how far it is
MOST_LOST = 200  # losses that the record of steps remembers


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing can be made of a file: the line, what is wrong, what to do."""

    line: int
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a file becomes. `base` stands for what of the target it was read for; for another target it may differ.

    `text` are the questions as Markdown, `files` the pictures by their path beside the question file.
    """

    mark: str
    base: str
    page: ImportPage | None = None
    text: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    lost: tuple[Loss, ...] = ()
    refused: Refused | None = None


class NotWanted(Exception):
    """Whoever sent the file has it forgotten, or sent another one: nothing is found in it any more."""


def base_of(existing: bytes | None, mode: Existing) -> str:
    """What stands for all that a target says to questions that come in: its language and the ids that it has."""
    said = [placing.language_of(existing, "en"), *sorted(placing.taken_ids(existing, mode))]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def finding(held: Held, existing: bytes | None) -> Finding | None:
    """What was found in a file, if it was read for this target as it is now."""
    try:
        found = msgspec.msgpack.decode(held.place.with_suffix(".found").read_bytes(), type=Finding)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    is_same = found.mark == held.mark and found.base == base_of(existing, Existing(held.wish.mode))
    return found if is_same else None


def read_now(held: Held, existing: bytes | None, types: Mapping[str, QuestionType]) -> Finding:
    """Read a file here and keep what was found. Raises `NotWanted`."""
    return _kept(held, _read(held, existing, types, lambda _done, _of: None))


def ask(db: Session, actor: int, held: Held) -> None:
    """Have the worker read a file, again where it was read before. Asking twice is asking once."""
    if keeping.progress(held).stand in (Stand.READ, Stand.REFUSED):
        keeping.note_progress(held, Progress(held.mark))
    args = {"actor": actor, "held": str(held.id), "mark": held.mark}
    jobs.enqueue(db, JOB, args, dedupe=f"{JOB}/{actor}/{held.id}/{held.mark[:16]}")


def read_kept(app: Flask, database: Database, task: jobs.Task) -> None:
    """Read a file that waits, unless nobody wants it any more."""
    settings, actor = app.config["LMS"], int(task.args["actor"])
    held = keeping.kept(settings.home, actor, UUID(task.args["held"]))
    if held is not None and held.mark == task.args["mark"]:
        folder = next((each for each in offered_packs(settings) if each.name == held.wish.pack), None)
        _read_in_turn(held, folder, app.extensions["lms_question_types"])
    with database.writing() as db:
        jobs.finish(db, task)


def _read_in_turn(held: Held, folder: PackFolder | None, types: Mapping[str, QuestionType]) -> None:
    existing = saving.read_file(folder, held.wish.path) if folder else None
    tries = keeping.progress(held).tries + 1
    if tries > MOST_TRIES:
        _kept(held, _without(held, existing, _stopped()))
        return
    keeping.note_progress(held, Progress(held.mark, tries=tries, stand=Stand.READING))
    try:
        _kept(held, _read(held, existing, types, _Watch(held, tries)))
    except NotWanted:
        keeping.tidy(held)


class _Watch:
    """Says how far a reading is, and ends it where it goes on too long or nobody wants it any more."""

    def __init__(self, held: Held, tries: int) -> None:
        self.held, self.tries = held, tries
        self.began = self.told = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        moment = time.monotonic()
        if moment - self.told < EVERY:
            return
        self.told = moment
        if not keeping.is_kept(self.held):
            raise NotWanted(self.held.id)
        if moment - self.began > MOST_SECONDS:
            message = f"After {MOST_SECONDS // 60} minutes {done} of {of} questions were read."
            raise CannotRead(1, message, "Export the categories one by one.")
        keeping.note_progress(self.held, Progress(self.held.mark, done, of, self.tries, Stand.READING))


def _read(held: Held, existing: bytes | None, types: Mapping[str, QuestionType], watch: Watch) -> Finding:
    wish, mode = held.wish, Existing(held.wish.mode)
    try:
        brought = bring(
            _data(held),
            types,
            stem=placing.name_of(wish.path),
            format_name=wish.format_name,
            encoding=wish.encoding,
            language=placing.language_of(existing, "en"),
            taken=placing.taken_ids(existing, mode),
            watch=watch,
        )
    except CannotRead as error:
        return _without(held, existing, error)
    page = import_page(brought, types)
    return Finding(held.mark, base_of(existing, mode), page, brought.text, brought.files, brought.losses[:MOST_LOST])


def _data(held: Held) -> bytes:
    try:
        return held.data()
    except FileNotFoundError:
        raise NotWanted(held.id) from None


def _without(held: Held, existing: bytes | None, error: CannotRead) -> Finding:
    refused = Refused(error.line, error.message, error.fix)
    return Finding(held.mark, base_of(existing, Existing(held.wish.mode)), refused=refused)


def _stopped() -> CannotRead:
    message = f"Whoever read this file was stopped {MOST_TRIES} times before the end."
    return CannotRead(1, message, "Export the categories one by one, and leave out very large pictures.")


def _kept(held: Held, found: Finding) -> Finding:
    if not keeping.is_kept(held):
        raise NotWanted(held.id)
    keeping.write_whole(held.place.with_suffix(".found"), msgspec.msgpack.encode(found))
    keeping.note_progress(held, Progress(held.mark, stand=Stand.REFUSED if found.refused else Stand.READ))
    return found
