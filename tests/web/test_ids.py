"""Ids that clients make: no two the same, in the order of their time."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pytest

from lms.web.ids import client_id, new_id

if TYPE_CHECKING:
    from flask import Flask


def test_an_id_says_its_moment_as_rfc_9562_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment is that of the standard's own example, in appendix A.6."""
    monkeypatch.setattr(time, "time_ns", lambda: 0x017F22E279B0 * 1_000_000 + 999_999)
    made = uuid.UUID(new_id())
    assert str(made).startswith("017f22e2-79b0-7")
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_ids_differ_also_within_a_moment_and_later_ones_are_greater(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    at_once = {new_id() for _ in range(1000)}
    assert len(at_once) == 1000
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_001_000_000)
    assert new_id() > max(at_once)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0190E3A4-5B6C-4D7E-8F90-A1B2C3D4E5F6", "0190e3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6"),
        ("{0190e3a45b6c4d7e8f90a1b2c3d4e5f6}", "0190e3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6"),
    ],
)
def test_an_id_of_a_form_is_kept_in_one_spelling(app: Flask, sent: str, kept: str) -> None:
    with app.test_request_context(method="POST", data={"id": sent}):
        assert client_id("id") == kept


@pytest.mark.parametrize("sent", ["", "nonsense", "0190e3a4"])
def test_a_form_without_a_good_id_gets_one(app: Flask, sent: str) -> None:
    with app.test_request_context(method="POST", data={"id": sent}):
        assert uuid.UUID(client_id("id")).version == 7
