"""One signature around some bytes: COSE_Sign1 (RFC 9052) with Ed25519 (RFC 9053), in one exact form.

The protected header holds the algorithm and the first eight bytes of the key's name; nothing is unprotected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cbor2

if TYPE_CHECKING:
    from lms.issuers.signing import Signer

TAG = 18
EDDSA = -8
ALGORITHM, KID = 1, 4  # names in the header
SIGNATURE_SIZE = 64


class NotSigned(ValueError):
    """Bytes that are no such message."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A message. Nothing in it may be believed before `signature` was found to be that of `covered` by key `kid`."""

    kid: str
    payload: bytes
    covered: bytes
    signature: bytes


def sign(payload: bytes, signer: Signer) -> bytes:
    """The message that carries the payload, signed."""
    protected = _header(signer.key.kid)
    message = [protected, {}, payload, signer.sign(_covered(protected, payload))]
    return cbor2.dumps(cbor2.CBORTag(TAG, message), canonical=True)


def opened(message: bytes) -> Signed:
    """The parts of a message. Raises `NotSigned` for everything that `sign` does not write bit by bit."""
    try:
        found = cbor2.loads(message)
        protected, _, payload, signature = found.value
        kid = bytes(cbor2.loads(protected)[KID]).hex()
        again = cbor2.dumps(cbor2.CBORTag(TAG, [_header(kid), {}, payload, signature]), canonical=True)
        is_ours = again == message and len(payload) > 0 and len(signature) == SIGNATURE_SIZE
    except Exception as error:  # whatever a decoder says of foreign bytes
        raise NotSigned(f"no signed message: {error}") from error
    if not is_ours:
        raise NotSigned("a signed message in another form")
    return Signed(kid, payload, _covered(protected, payload), signature)


def _header(kid: str) -> bytes:
    return cbor2.dumps({ALGORITHM: EDDSA, KID: bytes.fromhex(kid)}, canonical=True)


def _covered(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
