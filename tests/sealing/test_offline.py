"""What a QR code carries: everything that is printed, in few bytes, and nothing else."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import cbor2
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as some

from lms.credentials.facts import Assessment, CertificateFacts, Look, Outcome, Parties
from lms.sealing import cose, offline, pictures
from lms.sealing.letters import Unreadable, clean, pack, unpack
from lms.sealing.offline import MOST, Carried
from tests.sealing.cases import THIRD
from tests.sealing.papers import ENGLISH, PAPERS

ISSUED = datetime(2026, 3, 14, 9, 30, 12, tzinfo=UTC)
FULL = replace(
    ENGLISH,
    holder_latin="Alexandrina F.-C.",
    level="Level 5 of 8",
    hours=7.5,
    assessment=Assessment("Portfolio and conversation", None, 0.5),
    outcomes=(Outcome("Help", None), Outcome("Listen", 0.123)),
    partners=("Library of Anytown", "Union"),
    co_issuers=("Ministry",),
    valid_until="",
    version="first edition",
    kind="organisation",
    mandate=("Train others", "Certify"),
    basis="prior-learning",
    micro={"country": "Latvia", "quality": "Agency for quality"},
)


def message(facts: CertificateFacts) -> bytes:
    return offline.payload(facts, status_index=123_456, issued_at=ISSUED, issuer=None, signer=THIRD)


def carried(facts: CertificateFacts) -> Carried:
    return offline.read(cose.opened(message(facts)).payload)


def rounded(facts: CertificateFacts) -> CertificateFacts:
    """As printed: shares in tenths of a percent, rounded down. The key says who signed; the look is the paper's."""
    outcomes = tuple(Outcome(each.text, each.share and int(each.share * 1000 + 1e-6) / 1000) for each in facts.outcomes)
    return replace(facts, outcomes=outcomes, issuer_id="", look=Look())


@pytest.mark.parametrize("facts", [*PAPERS.values(), FULL], ids=[*PAPERS, "full"])
def test_all_that_is_printed_comes_back(facts: CertificateFacts) -> None:
    found = carried(facts)
    assert found.facts == rounded(facts)
    assert (found.issued_at, found.status_index, found.left_out) == (ISSUED, 123_456, {})


@pytest.mark.parametrize("facts", PAPERS.values(), ids=PAPERS)
def test_it_fits_and_is_read_from_forty_millimetres(facts: CertificateFacts) -> None:
    made = message(facts)
    assert len(made) <= MOST
    code = segno.make(offline.qr_text(made), error=pictures.ERROR, micro=False)
    assert code.mode == "alphanumeric"
    assert 40 / (code.symbol_size(border=0)[0]) >= 0.4  # mm a module


def test_a_code_of_600_bytes_is_still_large_enough() -> None:
    code = segno.make(offline.qr_text(bytes(MOST)), error=pictures.ERROR, micro=False)
    assert 40 / (code.symbol_size(border=0)[0]) >= 0.4


def test_what_is_too_long_is_left_out_and_said() -> None:
    chance = random.Random(2)
    words = tuple(Outcome("".join(chance.choices("абвгдежзиклмнопрст ", k=70)), 0.5) for _ in range(12))
    facts = replace(PAPERS["ru"], outcomes=words, micro={"country": "Latvia"})
    found = carried(facts)
    assert len(message(facts)) <= MOST
    assert found.left_out == {name: offline.digest(offline.lines(facts)[name]).hex() for name in ("outcomes", "micro")}
    assert [outcome.share for outcome in found.facts.outcomes] == [0.5] * 12
    assert {outcome.text for outcome in found.facts.outcomes} == {""}


def test_it_holds_nothing_but_what_is_printed() -> None:
    said = cbor2.loads(cose.opened(message(FULL)).payload)
    assert set(said) <= {int(key) for key in offline.Key}
    texts = unpack(said.get(offline.Key.ALPHABET), said[offline.Key.TEXTS])
    assert "#" not in texts + str(FULL.look)
    assert FULL.issuer_id not in texts.split("\n")


def test_the_form_is_deterministic() -> None:
    payload = cose.opened(message(FULL)).payload
    assert cbor2.dumps(cbor2.loads(payload), canonical=True) == payload
    assert message(FULL) == message(FULL)


def test_the_issuer_is_named_where_the_course_names_none() -> None:
    facts = replace(ENGLISH, parties=Parties())
    profile = type("Profile", (), {"name": "Agency"})()
    made = offline.payload(facts, status_index=1, issued_at=ISSUED, issuer=profile, signer=THIRD)
    assert offline.read(cose.opened(made).payload).facts.parties.issuer == "Agency"


@given(some.text(max_size=300))
def test_any_text_comes_back(text: str) -> None:
    cleaned = clean(text)
    alphabet, data = pack(cleaned)
    assert unpack(alphabet, data) == cleaned


@given(some.binary(max_size=120), some.sampled_from([None, 0, 1, 2, 3, 9]))
def test_any_other_bytes_are_refused_or_a_text(data: bytes, alphabet: int | None) -> None:
    with suppress(Unreadable):
        assert isinstance(unpack(alphabet, data), str)


@given(some.binary(max_size=300))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        offline.read(data)
    with pytest.raises(cose.NotSigned):
        cose.opened(data)


def test_a_last_space_may_get_lost() -> None:
    for number in range(200):
        made = offline.payload(ENGLISH, status_index=number, issued_at=ISSUED, issuer=None, signer=THIRD)
        text = offline.qr_text(made)
        assert offline.message_of(f" {text.rstrip(' ')}\n") == made


def test_pictures_hold_their_text() -> None:
    text = offline.qr_text(message(ENGLISH))
    assert pictures.text_in(pictures.png(text)) == text
    assert pictures.text_in(pictures.svg(text).encode()) == text
    assert pictures.text_in(b"HR1: nothing") == ""
