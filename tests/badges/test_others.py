"""What others make of our badges: another canonicalization, another verifier. Nothing here is ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from lms.badges import baking, jsonld, picture
from tests.badges.makers import ISSUER, PLACE, document, keys, lists, plain, statused, token

HERE = Path(__file__).parent
DID = "https://lms.example.org/.well-known/did.json"


def internet(withdrawn: list[int]) -> Any:
    """What a verifier fetches from us, by address."""
    plain_list, token_list = lists(withdrawn)
    files = {
        DID: json.dumps(keys().document),
        json.loads(plain_list)["id"]: plain_list,
        json.loads(plain_list)["id"] + ".jwt": token_list,
    }
    return lambda address: files[address].encode()


def test_our_canonical_form_is_the_one_of_jsonld_js():
    """`sample.nq` was written by jsonld.js 9.0.0 (Digital Bazaar) from `sample.json` and our contexts."""
    sample = json.loads((HERE / "sample.json").read_text(encoding="utf-8"))
    assert jsonld.canonical(sample).decode() == (HERE / "sample.nq").read_text(encoding="utf-8")


def test_openbadgeslib_takes_our_token():
    signed = token(statused(plain(email="nino@example.ge"), is_token=True))
    verifier = OB3Verifier.for_issuer_did(ISSUER.id, download=internet([]))
    taken = verifier.verify(signed, check_status=True, download=internet([]))
    assert taken.achievement.name == "ციფრული დამხმარე, Local level"
    with pytest.raises(OB3VerificationError, match="revocation"):
        verifier.verify(signed, check_status=True, download=internet([PLACE]))


def test_openbadgeslib_takes_our_document():
    signed = document(statused(plain(email="nino@example.ge"), is_token=False))
    verifier = OB3LdpVerifier.for_issuer_did(ISSUER.id)
    # it reads signatures of status lists in tokens only, so here it takes the list as it is
    verifier.verify(signed, check_status=True, download=internet([]), verify_status_list=False)
    with pytest.raises(OB3VerificationError, match="revocation"):
        verifier.verify(signed, check_status=True, download=internet([PLACE]), verify_status_list=False)
    with pytest.raises(OB3VerificationError):
        verifier.verify(signed.replace("2028-", "2038-"), download=internet([]))


def test_openbadgeslib_finds_our_badge_in_pictures():
    drawn = picture.Picture("ციფრული დამხმარე", "Local level", "Ministry", "", "ka")
    assert OB3Verifier.extract_token_from_png(baking.into_png(picture.png(drawn), "{}")) == "{}"
    assert OB3Verifier.extract_token_from_svg(baking.into_svg(picture.svg(drawn), "a.b.c")) == "a.b.c"
    assert OB3Verifier.extract_token_from_svg(baking.into_svg(picture.svg(drawn), '{"a": "]]>"}')) == '{"a": "]]>"}'
