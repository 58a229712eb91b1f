"""Who attacks the log of help: words without end, files of strangers, entries of others on the same device."""

from __future__ import annotations

import io
import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.clock import now
from lms.helping.models import HelpEntry
from lms.helping.rules import scan
from tests.helping.world import certify, new_id

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor

JSON = {"headers": {"Accept": "application/json"}}


def seconds(note: str) -> float:
    began = time.process_time()
    scan(note)
    return time.process_time() - began


def test_no_note_takes_long_to_look_through() -> None:
    for endless in ("a", "a.", "1", "1 ", "Ab Cd ", "@", "www.", "http"):
        assert seconds(endless * (200_000 // len(endless))) < 2, endless


def test_addresses_are_found_wherever_they_stand() -> None:
    assert scan("ask anna@example.org, or (bob@example.org) https://a.lv www.b.lv").refused == (
        "anna@example.org,", "(bob@example.org)", "https://a.lv", "www.b.lv",
    )  # fmt: skip


def helper(database: Database, cast: Cast, login: str = "laura") -> Visitor:
    with database.writing() as db:
        certify(db, cast[login], since=now().date() - timedelta(days=9))
    return cast.at_browser(login)


def test_a_note_without_end_is_refused_at_once(database: Database, cast: Cast) -> None:
    laura = helper(database, cast)
    sent = {"kind": "visit", "audience": "citizen", "service": "health", "note": "Ab Cd. " * 60_000, "sure": "without"}
    began = time.process_time()
    assert laura.post("/help", {**sent, "client_id": new_id()}, **JSON).status_code == 422
    assert time.process_time() - began < 3


def test_what_somebody_noted_on_a_device_does_not_become_another_s(database: Database, cast: Cast) -> None:
    laura, otto = helper(database, cast), helper(database, cast, "otto")
    owner = str(uuid.uuid5(uuid.NAMESPACE_OID, str(cast["laura"])))
    key, sent = new_id(), {"kind": "visit", "audience": "citizen", "service": "health", "owner": owner}
    assert f'data-owner="{owner}"' in laura.get("/help").text
    assert otto.post("/help", {**sent, "client_id": key}, **JSON).status_code == 409
    assert laura.post("/help", {**sent, "client_id": key}, **JSON).status_code == 200
    assert otto.post(f"/help/{key}/undo", {"owner": owner}, **JSON).status_code == 409
    with database.reading() as db:
        entry = db.scalars(select(HelpEntry)).one()
    assert (entry.helper_id, entry.undone_at) == (cast["laura"], None)


def test_a_number_of_a_thousand_digits_is_a_wrong_number(cast: Cast) -> None:
    nora, month = cast.at_browser("nora"), f"{now():%Y-%m}"
    box = f"/help/tally/{cast.units['N-1']}/{month}"
    assert nora.post(box, {"n:visit:citizen:": "9" * 5000, "w:visit:citizen:": ""}).status_code == 422


def test_files_of_who_may_enter_nothing_are_not_read(database: Database, cast: Cast) -> None:
    def send(who: Visitor) -> int:
        file = (io.BytesIO(b"unit,month,kind,audience,people\nN-1,2026-10,visit,citizen,3\n"), "a.csv")
        sent = {"file": file, "what": "look"}
        return who.post("/help/tally/file", sent, content_type="multipart/form-data").status_code

    assert send(cast.at_browser("otto")) == 422
    nora = cast.at_browser("nora")
    assert [send(nora) for _ in range(61)] == [200] * 60 + [429]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(HelpEntry)) == 0
