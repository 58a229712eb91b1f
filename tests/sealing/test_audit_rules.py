"""The audit over plain values: each of a thousand random edits is found, and an untouched chain has nothing to tell."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lms.issuers import signing
from lms.issuers.signing import PublicKey
from lms.sealing import audit, chain
from lms.sealing.audit import Signed
from lms.sealing.chain import HeadLine, Link, Past, Row

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PRIVATE = signing.new_private("ed25519")


def key(private: signing.Private = PRIVATE, **more: Any) -> PublicKey:
    public = private.public_key()
    return PublicKey(signing.kid_of(public), "ed25519", "ours", {}, "", START, spki=signing.spki(public), **more)


KEYS = {key().kid: key()}


def row(number: int, **more: Any) -> Row:
    facts = {"code": f"C-{number}", "holder": f"Nguyễn Thị {number}", "hours": 36.0, "outcomes": [{"text": "a"}]}
    made = Row(
        number, f"C-{number}", "safety", 3, "completion", START + timedelta(minutes=number), date(2028, 1, 5),
        number + 100, None, f"{number}/safety", None, "", None, None, None, facts, f"{number:032x}", NOW,
    )  # fmt: skip
    return replace(made, **more)


def sealed(rows: list[Row], past: dict[int, Past] | None = None) -> list[Signed]:
    found, previous = [], chain.FIRST
    for each in rows:
        for event in chain.events_since(each, (past or {}).get(each.id, Past())):
            digest, state = chain.digest_of(each), chain.state_of(each)
            link = Link(len(found) + 1, each.id, event, each.issued_at, digest, state, previous)
            previous = link.hash
            signature = PRIVATE.sign(chain.seal_message(link.hash))  # type: ignore[call-arg, union-attr]
            found.append(Signed(link, link.hash, key().kid, signature, each.code))
    return found


def head(seals: list[Signed]) -> HeadLine:
    last = seals[-1]
    signature = PRIVATE.sign(chain.head_message(last.link.seq, NOW, last.hash))  # type: ignore[call-arg, union-attr]
    return HeadLine(last.link.seq, NOW, last.hash, last.kid, signature)


def past(seals: list[Signed], number: int) -> Past:
    return chain.past_of(
        [(s.link.event, s.link.digest, s.link.state) for s in seals if s.link.certificate_id == number]
    )


def kinds(seals: list[Signed], heads: list[HeadLine], keys: dict[str, PublicKey] = KEYS) -> list[str]:
    return [finding.kind for finding in audit.of_chain(seals, keys, heads)]


def changed(value: Any, chance: random.Random) -> Any:
    """Another value of the same kind."""
    if isinstance(value, datetime):
        return value + timedelta(microseconds=chance.randint(1, 10**9))
    if isinstance(value, date):
        return value + timedelta(days=chance.randint(1, 900))
    if isinstance(value, int):
        return value + chance.randint(1, 999)
    if isinstance(value, dict):
        name = chance.choice(sorted(value))
        return {**value, name: {"text": "b"} if name == "outcomes" else f"{value[name]}."}
    return f"{value}{chance.choice('abc ')}"


FILLED = {"revoked_at": NOW, "superseded_by": 9, "superseded_at": NOW, "erased_at": NOW, "unit_id": 4}


def edited(original: Row, chance: random.Random) -> Row:
    name = chance.choice(chain.PROTECTED)
    value = getattr(original, name)
    if value is None:
        return replace(original, **{name: FILLED[name]})
    if name in {*FILLED, "valid_until"} and chance.random() < 0.5:
        return replace(original, **{name: None})
    return replace(original, **{name: changed(value, chance)})


def test_the_protected_columns_are_all_but_the_sealers_own() -> None:
    assert {*chain.PROTECTED, "sealed_at"} == {each.name for each in dataclasses.fields(Row)}


def test_a_thousand_random_edits_are_found() -> None:
    chance = random.Random(20261122)
    rows = [row(number) for number in range(1, 201)]
    for number in range(0, 200, 3):
        rows[number] = replace(rows[number], revoked_at=NOW, revoked_reason="a mistake")
    for number in range(1, 200, 7):
        rows[number] = replace(rows[number], superseded_by=1, superseded_at=NOW)
    seals = sealed(rows)
    known = {each.id: past(seals, each.id) for each in rows}
    assert [finding for each in rows for finding in audit.of_certificate(each, known[each.id], NOW)] == []
    found = 0
    for _ in range(1000):
        original = chance.choice(rows)
        wrong = edited(original, chance)
        assert wrong != original
        found += bool(list(audit.of_certificate(wrong, known[original.id], NOW)))
    assert found == 1000


def test_an_edit_of_the_facts_is_found_even_if_the_row_asks_to_be_sealed_again() -> None:
    seals = sealed([row(1)])
    wrong = row(1, facts={**row(1).facts, "holder": "Somebody Else"}, sealed_at=None)
    assert [each.kind for each in audit.of_certificate(wrong, past(seals, 1), NOW)] == ["printed"]
    assert chain.is_altered(wrong, past(seals, 1))


def test_what_was_just_withdrawn_may_wait_a_minute_for_its_seal() -> None:
    known = past(sealed([row(1)]), 1)
    withdrawn = row(1, revoked_at=NOW - timedelta(seconds=30), revoked_reason="x", sealed_at=None)
    assert not list(audit.of_certificate(withdrawn, known, NOW))
    later = audit.of_certificate(withdrawn, known, NOW + timedelta(minutes=2))
    assert [each.kind for each in later] == ["waiting"]


def test_an_erased_certificate_holds_nothing_and_stays_sealed() -> None:
    known = past(sealed([row(1)]), 1)
    gone = row(1, facts={}, salt="", erased_at=NOW)
    assert chain.events_since(gone, known) == ("erased",)
    after = Past(known.digest, chain.state_of(gone), (*known.events, "erased"))
    assert not list(audit.of_certificate(gone, after, NOW))
    assert [each.kind for each in audit.of_certificate(replace(gone, facts={"a": 1}), after, NOW)] == ["erased"]
    back = replace(gone, erased_at=None)
    assert [each.kind for each in audit.of_certificate(back, after, NOW)] == ["printed"]


def test_never_sealed_is_told_from_seals_that_were_deleted() -> None:
    assert [each.kind for each in audit.of_certificate(row(1, sealed_at=None), Past(), NOW)] == ["unsealed"]
    assert [each.kind for each in audit.of_certificate(row(1), Past(), NOW)] == ["tail"]
    assert not list(audit.of_certificate(row(1, sealed_at=None, issued_at=NOW), Past(), NOW))


def test_an_untouched_chain_leads_through_its_heads() -> None:
    seals = sealed([row(number) for number in range(1, 30)])
    assert kinds(seals, [head(seals[:10]), head(seals)]) == []


@pytest.mark.parametrize("name", ["certificate_id", "event", "at", "digest", "state", "previous", "seq"])
def test_a_seal_that_was_changed_is_found(name: str) -> None:
    seals = sealed([row(number) for number in range(1, 8)])
    value = {"event": "moved", "at": NOW, "seq": 99}.get(name, 5 if name == "certificate_id" else "f" * 64)
    seals[3] = replace(seals[3], link=replace(seals[3].link, **{name: value}))
    assert "hash" in kinds(seals, [head(sealed([row(number) for number in range(1, 8)]))])


def test_a_deleted_seal_is_a_gap_and_a_deleted_tail_is_told_by_the_head() -> None:
    seals = sealed([row(number) for number in range(1, 8)])
    assert kinds([*seals[:3], *seals[4:]], [head(seals)]) == ["gap"]
    assert kinds(seals[:-2], [head(seals)]) == ["tail"]
    assert kinds([], [head(seals)]) == ["tail"]
    assert kinds([replace(seals[0], code=None), *seals[1:]], [head(seals)]) == ["gone"]


def test_a_chain_made_anew_without_the_key_is_found() -> None:
    rows = [row(number) for number in range(1, 8)]
    noted = head(sealed(rows))
    rows[2] = replace(rows[2], facts={"holder": "Somebody Else"})
    anew = sealed(rows)
    unsigned = [replace(each, signature=bytes(64)) for each in anew]
    assert kinds(unsigned, [noted]) == ["signature"] * 7 + ["rebuilt"]
    assert kinds(anew, [noted]) == ["rebuilt"], "a head kept elsewhere tells even if the key was stolen"
    stranger = signing.new_private("ed25519")
    signed = [replace(each, signature=stranger.sign(chain.seal_message(each.hash))) for each in anew]  # type: ignore[call-arg, union-attr]
    assert kinds(signed, []) == ["signature"] * 7
    smuggled = {**KEYS, key(stranger).kid: key(stranger)}
    signed = [replace(each, kid=key(stranger).kid) for each in signed]
    assert kinds(signed, [noted], smuggled) == ["rebuilt"], "a key of one's own in the table helps nobody"


def test_what_a_retired_or_broken_key_signed_afterwards_does_not_count() -> None:
    seals = sealed([row(number) for number in range(1, 5)])
    second = seals[1].link.at
    assert kinds(seals, [], {key().kid: key(until=second)}) == ["key", "key"]
    assert kinds(seals, [], {key().kid: key(broken_at=second)}) == ["key", "key", "key"]
    assert kinds(seals, [head(seals)], {key().kid: key(until=seals[3].link.at)}) == ["head"]


def test_events_tell_what_happened_since() -> None:
    known = past(sealed([row(1)]), 1)
    assert chain.events_since(row(1), known) == ()
    revoked = row(1, revoked_at=NOW, revoked_reason="x")
    assert chain.events_since(revoked, known) == ("revoked",)
    after = Past(known.digest, chain.state_of(revoked), ("issued", "revoked"))
    assert chain.events_since(row(1), after) == ("reinstated",)
    assert chain.events_since(row(1, superseded_by=2, superseded_at=NOW), known) == ("superseded",)
    assert chain.events_since(row(1, actor_id=7), known) == ("moved",)
    assert chain.events_since(revoked, Past()) == ("issued", "revoked")
