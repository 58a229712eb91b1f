"""Keys as plain values: what they are called, how they are written down, how they sign and are checked.

Ed25519 (RFC 8032) signs seals, offline certificates and badges; P-256 (FIPS 186-5) or RSA (PKCS #1 v1.5) sign badges
in the form of tokens, because some verifiers read nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Kind: TypeAlias = Literal["ed25519", "p256", "rsa"]
Private: TypeAlias = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Public: TypeAlias = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
RSA_BITS = 3072
HALF = 32  # bytes of each number of a P-256 signature
ED25519_MULTIKEY = b"\xed\x01"  # the multicodec of an Ed25519 public key
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What everybody may know of a key.

    `kid` is the beginning of the SHA-256 of the raw key (Ed25519) or of its SubjectPublicKeyInfo; `jwk` as in RFC 7517;
    `multikey` is `z6Mk…` for Ed25519, else empty. From `until` on it signs nothing more; what it signed before counts.
    Nothing that it signed from `broken_at` on counts.
    """

    kid: str
    kind: Kind
    issuer: str
    jwk: Mapping[str, str]
    multikey: str
    since: datetime
    until: datetime | None = None
    broken_at: datetime | None = None
    broken_reason: str = ""
    spki: bytes = field(default=b"", repr=False)

    @property
    def is_in_use(self) -> bool:
        """Whether it signs today."""
        return self.until is None and self.broken_at is None

    def counted(self, moment: datetime) -> bool:
        """Whether what it signed at that moment counts."""
        if moment < self.since or (self.until is not None and moment > self.until):
            return False
        return self.broken_at is None or moment < self.broken_at

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature of this data was made by this key's owner. See `Signer.sign` for its form."""
        return verifies(opened(self.spki), data, signature)


class Signer:
    """Signs with a private key, and never shows it."""

    __slots__ = ("_private", "key")

    def __init__(self, key: PublicKey, private: Private) -> None:
        self.key = key
        self._private = private

    def sign(self, data: bytes) -> bytes:
        """The signature: 64 bytes for Ed25519; r and s, 32 bytes each, for P-256; PKCS #1 v1.5, SHA-256 for RSA."""
        private = self._private
        if isinstance(private, ed25519.Ed25519PrivateKey):
            return private.sign(data)
        if isinstance(private, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(private.sign(data, ec.ECDSA(SHA256())))
            return r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")
        return private.sign(data, padding.PKCS1v15(), SHA256())

    def __repr__(self) -> str:
        return f"<Signer {self.key.kid}>"


def verifies(public: Public, data: bytes, signature: bytes) -> bool:
    """Whether a signature in the form of `Signer.sign` is right."""
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, data)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            if len(signature) != 2 * HALF:
                return False
            r, s = int.from_bytes(signature[:HALF], "big"), int.from_bytes(signature[HALF:], "big")
            public.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
        else:
            public.verify(signature, data, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def new_private(kind: Kind) -> Private:
    """A fresh private key."""
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def spki(public: Public) -> bytes:
    """SubjectPublicKeyInfo (RFC 5280), DER."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def opened(der: bytes) -> Public:
    """The key that `spki` wrote down. Raises `ValueError` for anything else."""
    public: Any = load_der_public_key(der)
    if not isinstance(public, ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise ValueError(f"keys of the kind {type(public).__name__} are not used here")  # noqa: TRY004 - the bytes are wrong, not the type
    return public


def kid_of(public: Public) -> str:
    """The name of a key: 16 hexadecimal digits."""
    return hashlib.sha256(_raw(public) or spki(public)).hexdigest()[:16]


def jwk_of(public: Public) -> dict[str, str]:
    """The key as a JSON Web Key (RFC 7517, RFC 8037)."""
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": _base64url(_raw(public))}
    if isinstance(public, ec.EllipticCurvePublicKey):
        point = public.public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _number(point.x, HALF), "y": _number(point.y, HALF)}
    numbers = public.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}


def multikey_of(public: Public) -> str:
    """The key as a W3C Multikey in base58btc; empty unless it is Ed25519."""
    raw = _raw(public)
    return f"z{base58(ED25519_MULTIKEY + raw)}" if raw else ""


def base58(data: bytes) -> str:
    """The bytes in base58btc."""
    number, letters = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        letters = BASE58[rest] + letters
    return BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + letters


def _raw(public: Public) -> bytes:
    if isinstance(public, ed25519.Ed25519PublicKey):
        return public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b""


def _number(value: int, size: int = 0) -> str:
    return _base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
