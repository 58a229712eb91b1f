"""Nobody can change a badge unnoticed; what was withdrawn or has ended does not count."""

from __future__ import annotations

import base64
import copy
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.badges import baking, integrity, jsonld, picture
from lms.badges.credential import status_list
from lms.badges.verifying import check, known
from lms.credentials.facts import Outcome
from lms.issuers.signing import base58
from tests.badges.makers import (
    FACTS,
    ISSUER,
    MOMENT,
    PLACE,
    at_hand,
    document,
    keys,
    lists,
    new_signer,
    plain,
    statused,
    token,
)

DAY = timedelta(days=1)


def as_document(**other: Any) -> str:
    return document({**statused(plain(email="nino@example.ge"), is_token=False), **other})


def as_token(**other: Any) -> str:
    return token(statused(plain(email="nino@example.ge"), is_token=True), **other)


@pytest.mark.parametrize("make", [as_document, as_token])
def test_our_badge_is_valid(make: Any):
    verdict = check(make().encode(), at_hand([]), MOMENT + DAY)
    assert (verdict.state, verdict.is_status_known, verdict.issuer) == ("valid", True, ISSUER.id)


@pytest.mark.parametrize("make", [as_document, as_token])
def test_without_its_status_list_it_says_so(make: Any):
    verdict = check(make().encode(), at_hand(), MOMENT + DAY)
    assert (verdict.state, verdict.is_status_known) == ("unchecked", False)
    assert "not at hand" in verdict.why
    assert "https://lms.example.org/status/" in verdict.why  # where it is found


@pytest.mark.parametrize("make", [as_document, as_token])
def test_a_withdrawn_one_is_refused_by_both_forms_of_list(make: Any):
    assert check(make().encode(), at_hand([PLACE]), MOMENT + DAY).state == "revoked"
    assert check(make().encode(), at_hand([PLACE + 1]), MOMENT + DAY).state == "valid"


@pytest.mark.parametrize("make", [as_document, as_token])
def test_it_counts_in_its_time_alone(make: Any):
    assert check(make().encode(), at_hand([]), MOMENT + 1000 * DAY).state == "expired"
    assert check(make().encode(), at_hand([]), MOMENT - DAY).state == "early"


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every member and every entry of a document, however deep."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*path, name)
        yield from places(each, (*path, name))


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    return "changed"


def test_every_changed_member_of_a_document_is_refused():
    small = replace(FACTS, outcomes=(Outcome("Keep it", 1.0),), assessment=None)
    whole = json.loads(document(statused(plain(small, email="nino@example.ge"), is_token=False)))
    paths = list(places(whole))
    assert len(paths) > 60
    for path in paths:
        for change in (altered, None) if len(path) < 3 else (altered,):
            tampered = copy.deepcopy(whole)
            inner = tampered
            for name in path[:-1]:
                inner = inner[name]
            if change:
                inner[path[-1]] = change(inner[path[-1]])
            else:
                del inner[path[-1]]
            verdict = check(json.dumps(tampered).encode(), at_hand([]), MOMENT + DAY)
            assert verdict.state not in {"valid", "expired", "early"}, (path, change)


def test_every_changed_claim_of_a_token_is_refused():
    header, payload, signature = as_token().split(".")
    whole = json.loads(base64.urlsafe_b64decode(payload + "==="))
    for name in whole:
        tampered = {**whole, name: altered(whole[name])}
        packed = base64.urlsafe_b64encode(json.dumps(tampered).encode()).rstrip(b"=").decode()
        assert check(f"{header}.{packed}.{signature}".encode(), at_hand([]), MOMENT + DAY).state != "valid", name


@pytest.mark.parametrize(
    "added",
    [
        {"foo": "bar"},
        {"nbf": 1},
        {"https://schema.org/name": "Somebody"},
        {"@included": [{"id": "urn:x:1", "name": "x"}]},
        {"expirationDate": "2099-01-01T00:00:00Z"},
    ],
)
def test_every_added_member_is_refused(added: dict[str, Any]):
    whole = {**json.loads(as_document()), **added}
    assert check(json.dumps(whole).encode(), at_hand([]), MOMENT + DAY).state == "altered"


def test_a_member_twice_is_refused():
    text = as_document()
    assert check(('{"name": "Else", ' + text[1:]).encode(), at_hand([]), MOMENT + DAY).state == "unreadable"


def test_members_that_no_context_defines_are_never_signed():
    with pytest.raises(jsonld.BadDocument, match="no context defines"):
        as_document(foo="bar")
    with pytest.raises(jsonld.BadDocument, match="no context defines"):
        document({**statused(plain(), is_token=False), "credentialSubject": {"id": "urn:x:1", "shoe": 42}})


def test_contexts_are_never_fetched(monkeypatch: pytest.MonkeyPatch):
    def reach(*_args: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", reach)
    monkeypatch.setattr(socket.socket, "connect", reach)
    jsonld._read.cache_clear()
    assert check(as_document().encode(), at_hand([]), MOMENT + DAY).state == "valid"
    foreign = {**json.loads(as_document()), "@context": [jsonld.V2, "https://example.org/ours.json"]}
    verdict = check(json.dumps(foreign).encode(), at_hand([]), MOMENT + DAY)
    assert verdict.state == "altered"
    assert "does not come with this program" in verdict.why


def test_another_key_is_refused():
    stranger = new_signer("ed25519")
    theirs = f"{ISSUER.id}#{keys().proof.key.multikey}"
    forged = document(statused(plain(), is_token=False), stranger, method=theirs)
    assert check(forged.encode(), at_hand([]), MOMENT + DAY).state == "altered"
    own = document(statused(plain(), is_token=False), stranger)
    assert check(own.encode(), at_hand([]), MOMENT + DAY).state == "unknown issuer"
    elsewhere = document(statused(plain(), is_token=False), stranger, method=f"did:key:{stranger.key.multikey}#x")
    assert check(elsewhere.encode(), at_hand([]), MOMENT + DAY).state == "altered"
    signed = token(statused(plain(), is_token=True), new_signer("p256"))
    assert check(signed.encode(), at_hand([]), MOMENT + DAY).state == "unknown issuer"


@pytest.mark.parametrize("claim", [{"iss": "did:web:else.example"}, {"jti": "urn:x:1"}, {"sub": "urn:x:2"}, {"vc": {}}])
def test_a_token_that_contradicts_itself_is_refused(claim: dict[str, Any]):
    assert check(as_token(**claim).encode(), at_hand([]), MOMENT + DAY).state == "altered"


def test_the_end_of_a_token_counts_too():
    assert check(as_token(exp=int(MOMENT.timestamp()) + 60).encode(), at_hand([]), MOMENT + DAY).state == "expired"


def test_a_proof_that_is_no_list_is_taken_too():
    whole = json.loads(as_document())
    whole["proof"] = whole["proof"][0]
    assert check(json.dumps(whole).encode(), at_hand([]), MOMENT + DAY).state == "valid"


def test_pictures_carry_badges():
    drawn = picture.Picture("ციფრული დამხმარე", "", "Library", "#7a1f5c", "ka")
    for credential in (as_document(), as_token()):
        for baked in (baking.into_png(picture.png(drawn), credential), baking.into_svg(picture.svg(drawn), credential)):
            assert check(baked, at_hand([]), MOMENT + DAY).state == "valid"


def test_a_baked_picture_carries_one_badge():
    drawn = picture.png(picture.Picture("A", "", "", "", "en"))
    baked = baking.into_png(baking.into_png(drawn, "first"), "second")
    assert baked.count(b"iTXtopenbadgecredential\0\0\0\0\0") == 1
    assert baking.out_of_png(baked) == "second"
    assert baking.out_of_svg(baking.into_svg(picture.svg(picture.Picture("A", "", "", "", "en")), "a.b.c")) == "a.b.c"


def test_our_svg_says_where_its_badge_is():
    baked = baking.into_svg(picture.svg(picture.Picture("A", "", "", "", "en")), "a.b.c").decode()
    assert 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential verify="a.b.c">' in baked


def test_others_put_it_last_and_as_plain_text():
    text = as_document().replace("&", "&amp;").replace("<", "&lt;")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="https://purl.imsglobal.org/ob/v3p0"><g/>'
        f"<ob:credential>\n{text}\n</ob:credential></svg>"
    )
    assert check(svg.encode(), at_hand([]), MOMENT + DAY).state == "valid"


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"{",
        b"[]",
        b"a.b.c",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe",
        b"<svg/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        b'{"type": {"a": 1}}',
        b'{"issuer": NaN}',
        b"{" + b'"a":{' * 5000,
    ],
)
def test_what_is_no_badge_is_said_to_be_none(file: bytes):
    assert check(file, at_hand([]), MOMENT).state in {"unreadable", "altered"}


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_odd_value_breaks_the_check(data: st.DataObject):
    whole = json.loads(SIGNED)
    path = data.draw(st.sampled_from(sorted(whole)))
    odd = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    )
    whole[path] = data.draw(odd)
    assert check(json.dumps(whole).encode(), at_hand(), MOMENT + DAY).state != "valid" or whole == json.loads(SIGNED)


SIGNED = as_document()


def test_a_graph_made_to_keep_us_busy_is_given_up():
    nodes = [{"type": ["Related"]} for _ in range(60)]
    made = plain()
    made["credentialSubject"]["achievement"]["related"] = nodes
    tangled = {**json.loads(SIGNED), "credentialSubject": made["credentialSubject"]}
    assert check(json.dumps(tangled).encode(), at_hand(), MOMENT + DAY).state == "altered"


def test_keys_may_come_as_a_key_set():
    key = keys().token.key
    sets = [{"keys": [{**key.jwk, "kid": key.kid, "iss": ISSUER.id}]}]
    assert check(as_token().encode(), known(sets), MOMENT + DAY).state == "unchecked"
    others = [{"keys": [{**key.jwk, "kid": key.kid, "iss": "did:web:else.example"}]}]
    assert check(as_token().encode(), known(others), MOMENT + DAY).state == "unknown issuer"


def test_a_foreign_status_list_says_nothing():
    listed = json.loads(lists([])[0])
    del listed["proof"]
    address = statused(plain(), is_token=False)["credentialStatus"]["statusListCredential"]
    at = at_hand([])
    unsigned = replace(at, lists={**at.lists, address: json.dumps(listed)})
    assert check(as_document().encode(), unsigned, MOMENT + DAY).state == "altered"
    of_others = replace(at, lists={**at.lists, address: document({**listed, "issuer": "did:web:else.example"})})
    assert check(as_document().encode(), of_others, MOMENT + DAY).state == "altered"


def test_the_name_of_a_georgian_is_nowhere_but_hashed():
    assert FACTS.holder not in as_document()
    assert FACTS.title in as_document()


def test_keys_may_be_named_relative_to_their_document_and_stand_where_they_are_used():
    whole = keys().document
    relative = [{**each, "id": each["id"].removeprefix(ISSUER.id)} for each in whole["verificationMethod"]]
    named = [each["id"] for each in relative]
    for published in (
        {**whole, "verificationMethod": relative, "assertionMethod": named},
        {**whole, "verificationMethod": [], "assertionMethod": relative},
    ):
        for badge in (as_document(), as_token()):
            assert check(badge.encode(), known([published]), MOMENT + DAY).state == "unchecked"
    for_others = {**whole, "verificationMethod": relative, "assertionMethod": [], "authentication": named}
    for_others["assertionMethod"] = [f"{ISSUER.id}#another"]
    assert check(as_document().encode(), known([for_others]), MOMENT + DAY).state == "unknown issuer"


@pytest.mark.parametrize(("purpose", "state"), [("suspension", "revoked"), ("message", "valid"), ("refresh", "valid")])
def test_what_a_list_says_counts_by_its_purpose(purpose: str, state: str):
    made = statused(plain(), is_token=False)
    made["credentialStatus"]["statusPurpose"] = purpose
    listed = status_list(ISSUER, made["credentialStatus"]["statusListCredential"], [PLACE], MOMENT)
    listed["credentialSubject"]["statusPurpose"] = purpose
    at = known([keys().document], [document(listed)])
    verdict = check(document(made).encode(), at, MOMENT + DAY)
    assert (verdict.state, verdict.is_status_known) == (state, True)


def test_a_list_that_has_ended_says_nothing_about_today():
    made = statused(plain(), is_token=False)
    listed = status_list(ISSUER, made["credentialStatus"]["statusListCredential"], [], MOMENT)
    at = known([keys().document], [document({**listed, "validUntil": "2026-11-22T20:00:00Z"})])
    assert check(document(made).encode(), at, MOMENT).state == "valid"
    assert check(document(made).encode(), at, MOMENT + DAY).state == "unchecked"


def test_the_end_of_a_proof_counts_too():
    signer, plainly = keys().proof, statused(plain(), is_token=False)
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": integrity.SUITE, "created": "2026-11-22T08:04:20Z",
        "expires": "2026-11-22T09:00:00Z", "verificationMethod": f"{ISSUER.id}#{signer.key.multikey}",
        "proofPurpose": "assertionMethod",
    }  # fmt: skip
    value = "z" + base58(signer.sign(integrity._signed(plainly, proof)))
    whole = {**plainly, "proof": [{**proof, "proofValue": value}]}
    assert check(json.dumps(whole).encode(), at_hand([]), MOMENT).state == "valid"
    assert check(json.dumps(whole).encode(), at_hand([]), MOMENT + DAY).state == "expired"
