"""What the program says of a code, a list and a day."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.credentials import rules
from lms.sealing import cose, offline, status
from lms.sealing.letters import Unreadable
from lms.sealing.status import Change
from lms.sealing.verdicts import verdict
from tests.sealing.cases import (
    AT_FIRST,
    BROKEN,
    CASES,
    CHANGES,
    FIRST,
    KEYS,
    LIST,
    LISTED,
    OLD_NAME,
    RETIRED,
    SECOND,
    STRANGER,
    THIRD,
    UNCHANGED,
    Case,
    code,
)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_verdict_is_right(case: Case) -> None:
    known = status.read(case.list, KEYS) if case.list else None
    found = verdict(case.code, KEYS, known, date.fromisoformat(case.as_of))
    since = found.since.isoformat() if found.since else None
    assert (found.state, since, found.age, found.is_doubtful) == (case.state, case.since, case.age, case.is_doubtful)
    assert (found.facts is None) == (found.state in {"unreadable", "unsigned"})


def test_the_name_is_that_of_the_day_of_issue() -> None:
    found = verdict(AT_FIRST, KEYS, None, date(2026, 3, 20))
    assert found.facts is not None
    assert found.facts.parties.issuer == OLD_NAME.issuer
    assert found.facts.issuer_id == "handrail"


def test_every_flipped_bit_is_refused() -> None:
    message = offline.message_of(UNCHANGED)
    texts = (offline.qr_text(flipped(message, bit)) for bit in range(8 * len(message)))
    said = {verdict(text, KEYS, None, date(2026, 3, 20)).state for text in texts}
    assert said == {"unreadable", "unsigned"}


def test_every_flipped_bit_of_the_text_is_refused() -> None:
    text = UNCHANGED.encode()
    texts = (flipped(text, bit).decode("latin-1") for bit in range(8 * len(text)))
    said = {verdict(each, KEYS, None, date(2026, 3, 20)).state for each in texts}
    assert said == {"unreadable", "unsigned"}


def test_a_flipped_bit_of_each_of_a_thousand_is_refused() -> None:
    chance = random.Random(5)
    for number in range(1000):
        message = offline.message_of(numbered(number))
        text = offline.qr_text(flipped(message, chance.randrange(8 * len(message))))
        assert verdict(text, KEYS, None, date(2026, 3, 20)).state in {"unreadable", "unsigned"}


@pytest.mark.long
def test_a_hundred_flipped_bits_of_each_of_a_thousand_are_refused() -> None:
    chance = random.Random(6)
    for number in range(1000):
        message = offline.message_of(numbered(number))
        for bit in chance.sample(range(8 * len(message)), 100):
            found = verdict(offline.qr_text(flipped(message, bit)), KEYS, None, date(2026, 3, 20))
            assert found.state in {"unreadable", "unsigned"}


def test_as_of_any_day_it_says_what_the_register_says() -> None:
    """Two rotations, one renaming, 1 % withdrawn and 3 % replaced: for each certificate a few days of three years."""
    chance = random.Random(7)
    first, changes, issued = date(2024, 1, 1), [], {}
    for place in range(400):
        day = first + timedelta(days=chance.randrange(800))
        issued[place] = day
        if place % 100 == 3:
            changes.append(Change(place, "revoked", day + timedelta(days=chance.randrange(300))))
        if place % 33 == 3:
            changes.append(Change(place, "superseded", day + timedelta(days=chance.randrange(300))))
    known = status.read(status.write(changes, LISTED, THIRD), KEYS)
    for place, day in issued.items():
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        by = FIRST if moment < RETIRED else SECOND if moment < BROKEN else THIRD
        name = "Agency of Yesterday" if day < date(2025, 3, 1) else "Agency of Today"
        until = day + timedelta(days=200)
        parties = replace(OLD_NAME, issuer=name)
        text = code(by, moment, place, parties=parties, valid_until=until.isoformat(), outcomes=())
        for as_of in {
            day,
            until,
            until + timedelta(days=1),
            *(day + timedelta(days=chance.randrange(500)) for _ in "123"),
        }:
            past = {change.kind for change in changes if change.place == place and change.day <= as_of}
            right = rules.state(
                valid_until=until, is_revoked="revoked" in past, is_superseded="superseded" in past, today=as_of
            )
            found = verdict(text, KEYS, known, as_of)
            assert found.state == right or (found.state == "unchecked" and right == "valid" and (found.age or 0) > 30)
            assert found.facts is not None
            assert found.facts.parties.issuer == name


def test_the_list_says_what_was_put_into_it() -> None:
    found = status.read(LIST, KEYS)
    assert found.made_at == LISTED
    assert sorted(change for changes in found.changes.values() for change in changes) == sorted(CHANGES)


def test_the_list_of_a_country_is_small() -> None:
    chance = random.Random(3)
    kinds = chance.choices(["revoked", "superseded", ""], [0.01, 0.03, 0.96], k=250_000)
    first = date(2022, 1, 1)
    changes = [Change(n, kind, first + timedelta(days=chance.randrange(1500))) for n, kind in enumerate(kinds) if kind]
    written = status.write(changes, LISTED, THIRD)
    assert len(written) <= 40_000
    assert sum(map(len, status.read(written, KEYS).changes.values())) == len(changes)


@pytest.mark.parametrize("by", [STRANGER, FIRST, SECOND], ids=["stranger", "retired", "broken"])
def test_a_list_by_a_key_that_does_not_count_is_refused(by) -> None:
    with pytest.raises(Unreadable):
        status.read(status.write(CHANGES, LISTED, by), KEYS)


def test_every_flipped_bit_of_a_list_is_refused() -> None:
    for bit in range(8 * len(LIST)):
        with pytest.raises(Unreadable):
            status.read(flipped(LIST, bit), KEYS)


def test_a_message_in_another_form_is_refused() -> None:
    message = offline.message_of(UNCHANGED)
    for other in (b"", message[1:], message + b"\0", message[:-1], bytes(600), b"\xff" * 600):
        with pytest.raises(cose.NotSigned):
            cose.opened(other)


def numbered(number: int) -> str:
    return code(THIRD, datetime(2026, 3, 14, 9, tzinfo=UTC), number, holder=f"Holder {number}")


def flipped(data: bytes, bit: int) -> bytes:
    made = bytearray(data)
    made[bit // 8] ^= 1 << bit % 8
    return bytes(made)
