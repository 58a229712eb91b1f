"""Registers as tests write them, and the way through the pages of an import."""

from __future__ import annotations

import csv
import io
import re
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms.rosters.models import ImportRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Visitor

HEAD = ("code", "name", "e-mail", "phone", "unit code")


def as_csv(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> bytes:
    """A register in UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode()


class Importer:
    """Somebody who brings registers in, and the worker that does it."""

    def __init__(self, visitor: Visitor, worker: Worker, unit: int | str = "") -> None:
        self.visitor, self.worker, self.unit = visitor, worker, unit

    def send(self, content: bytes, kind: str = "people", name: str = "register.csv", **form: Any) -> str:
        """Send a file and let it be read; the address of its run."""
        data = {"kind": kind, "unit": str(self.unit), "upload_id": str(uuid.uuid4()), **form}
        answer = self.visitor.post("/rosters/imports/new", {"file": (io.BytesIO(content), name), **data})
        assert answer.status_code == 303, answer.text
        self.worker.drain()
        return str(answer.location)

    def check(self, run: str, **form: Any) -> str:
        """Take the columns as they are recognised (or given), and let the file be checked; the page then."""
        page = self.visitor.get(run).text
        columns = {
            name: chosen
            for name, options in re.findall(
                r'<select class="in" name="(column-\d+)".*?>(.*?)</select>', page, re.DOTALL
            )
            for chosen in re.findall(r'value="([^"]+)" selected', options)
        }
        assert self.visitor.post(f"{run}/columns", {**columns, "language": "en", **form}).status_code == 303
        self.worker.drain()
        return self.visitor.get(run).text

    def enter(self, run: str) -> str:
        """Let the rows be entered; the page then."""
        assert self.visitor.post(f"{run}/start").status_code == 303
        self.worker.drain()
        return self.visitor.get(run).text

    def bring_in(self, content: bytes, kind: str = "people", **form: Any) -> str:
        """The whole way; the address of the run."""
        run = self.send(content, kind)
        self.check(run, **form)
        self.enter(run)
        return run

    def outcomes(self, run: str) -> list[list[str]]:
        """The file of outcomes, without its head."""
        return list(csv.reader(io.StringIO(self.visitor.get(f"{run}/rows.csv").text.lstrip("\ufeff"))))[1:]


def counts(database: Database) -> dict[str, int]:
    """What the newest run came to."""
    with database.reading() as db:
        run = db.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
        names = ("created", "updated", "unchanged", "asked", "rejected")
        return {name: getattr(run, name) for name in names if getattr(run, name)}
