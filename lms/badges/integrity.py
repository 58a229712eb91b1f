"""Data Integrity proofs with the cryptosuite eddsa-rdfc-2022 (W3C, Data Integrity EdDSA Cryptosuites 1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.badges import jsonld
from lms.badges.jsonld import BadDocument
from lms.badges.keys import unbase58
from lms.issuers.signing import base58

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

SUITE = "eddsa-rdfc-2022"
SIGNATURE = 64  # bytes


class NoProof(BadDocument):
    """There is no proof that we can check; the message says what there is."""


def secured(
    document: dict[str, Any], sign: Callable[[bytes], bytes], *, method: str, created: datetime
) -> dict[str, Any]:
    """The document with a proof. `method` is the address of the key. Raises `BadDocument`."""
    jsonld.defined(document)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    value = "z" + base58(sign(_signed(document, proof)))
    return {**document, "proof": [{**proof, "proofValue": value}]}


def proof_of(document: dict[str, Any]) -> dict[str, Any]:
    """The one proof of a document that we can check; an object or a list of one. Raises `NoProof`."""
    found = document.get("proof")
    proofs = [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]
    known = [each for each in proofs if each.get("type") == "DataIntegrityProof" and each.get("cryptosuite") == SUITE]
    if len(known) != 1:
        named = ", ".join(str(each.get("cryptosuite") or each.get("type"))[:40] for each in proofs) or "none"
        raise NoProof(f"It needs exactly one proof of the kind {SUITE}; it has: {named}.")
    return known[0]


def is_right(document: dict[str, Any], verifies: Callable[[bytes, bytes], bool]) -> bool:
    """Whether the proof was made over exactly this document. `verifies(data, signature)` asks the key.

    Raises `BadDocument` for a document or a proof that cannot be checked at all.
    """
    proof = proof_of(document)
    plain = {name: value for name, value in document.items() if name != "proof"}
    jsonld.strictly(plain)
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    jsonld.strictly({"@context": document["@context"], **config})
    if proof.get("proofPurpose") != "assertionMethod":
        raise NoProof("Its proof was made for another purpose than to assert.")
    return verifies(_signed(plain, config), _signature(proof.get("proofValue")))


def _signed(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    return jsonld.digest({"@context": document["@context"], **proof}) + jsonld.digest(document)


def _signature(value: object) -> bytes:
    if not isinstance(value, str) or not value.startswith("z"):
        raise NoProof("Its proof value is no base58 text.")
    data = unbase58(value[1:])
    if len(data) != SIGNATURE:
        raise NoProof(f"Its proof value has {len(data)} bytes instead of {SIGNATURE}.")
    return data
