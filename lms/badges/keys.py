"""Public keys as others write them down: base58 multikeys and JSON Web Keys."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms.badges.jsonld import BadDocument
from lms.issuers.signing import BASE58, ED25519_MULTIKEY, verifies

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 200  # letters; a signature has 88


def unbase58(letters: str) -> bytes:
    """The bytes of a base58btc text. Raises `BadDocument`."""
    if not letters or len(letters) > LONGEST or set(letters) - set(BASE58):
        raise BadDocument("This is no base58 text.")
    number = 0
    for letter in letters:
        number = number * 58 + BASE58.index(letter)
    zeros = len(letters) - len(letters.lstrip(BASE58[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def proof_key(multikey: object, jwk: object = None) -> Callable[[bytes, bytes], bool]:
    """What tells whether an Ed25519 key signed some data, from a multikey or a JSON Web Key. Raises `BadDocument`."""
    public = _ed25519(multikey, jwk)
    return lambda data, signature: verifies(public, data, signature)


def _ed25519(multikey: object, jwk: object) -> Ed25519PublicKey:
    if isinstance(multikey, str) and multikey.startswith("z"):
        data = unbase58(multikey[1:])
        raw = data[len(ED25519_MULTIKEY) :] if data.startswith(ED25519_MULTIKEY) else b""
    elif isinstance(jwk, dict) and jwk.get("crv") == "Ed25519":
        letters = str(jwk.get("x", ""))
        raw = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    else:
        raw = b""
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise BadDocument("The key of the proof is no Ed25519 key.") from error
