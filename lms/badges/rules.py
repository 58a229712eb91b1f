"""Pure decisions about badges: under which addresses things are found, what a status list says."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lms.credentials.rules import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable

BITS = BLOCK  # of one status list: the least that Bitstring Status List 1.0 allows, so that one bit tells nobody apart
MOST_LIST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is found that a badge names. `base` is the public address of the site, without a slash."""

    base: str

    def issuer(self, slug: str, *, is_first: bool) -> str:
        """The name under which an issuer signs: did:web where the site has https and no port, else a web address.

        The installation's own issuer takes the bare host, because some verifiers read no path in a did.
        """
        parts = urlsplit(self.base)
        if parts.scheme == "https" and parts.port is None and not parts.path:
            return f"did:web:{parts.hostname}" if is_first else f"did:web:{parts.hostname}:issuers:{slug}"
        return self.profile(slug)

    def profile(self, slug: str) -> str:
        """The page of an issuer."""
        return f"{self.base}/issuers/{slug}"

    def key(self, issuer_id: str, kid: str, slug: str) -> str:
        """The address of a key that signs tokens; it leads to one JSON Web Key."""
        return f"{issuer_id}#{kid}" if issuer_id.startswith("did:") else f"{self.profile(slug)}/keys/{kid}"

    def certificate(self, code: str) -> str:
        """The public page of a certificate."""
        return f"{self.base}/c/{code}"

    def achievement(self, course: str, version: str, language: str, *, is_organisation: bool = False) -> str:
        """What was achieved, in one language, by a person or an organisation."""
        address = f"{self.base}/achievements/{course}/{version or '-'}/{language}"
        return f"{address}/organisation" if is_organisation else address

    def status_list(self, slug: str, block: int, *, is_token: bool) -> str:
        """A status list, as a document or as a token: some verifiers read only one of them."""
        return f"{self.base}/status/{slug}/{block}{'.jwt' if is_token else ''}"


def derived(salt: str, purpose: str) -> str:
    """128 bits in hexadecimal that nobody can join to a certificate without its salt."""
    return hashlib.sha256(f"{purpose}|{salt}".encode()).hexdigest()[:32]


def identity_hash(identity: str, salt: str) -> str:
    """The form of Open Badges 3.0 for a hashed identity: `sha256$` and the SHA-256 of identity and salt."""
    return "sha256$" + hashlib.sha256((identity + salt).encode()).hexdigest()


def encoded(places: Iterable[int]) -> str:
    """A status list with these bits set, as multibase base64url of the gzipped bits, highest bit first."""
    bits = bytearray(BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> (place % 8)
    packed = gzip.compress(bytes(bits), compresslevel=9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def is_set(encoded_list: str, place: int) -> bool:
    """Whether a bit of a status list is set. Raises ValueError for a list that cannot be read or is too short."""
    text = encoded_list.removeprefix("u")
    opener = zlib.decompressobj(wbits=31)
    try:
        bits = opener.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), MOST_LIST_BYTES)
    except (ValueError, zlib.error) as error:
        raise ValueError("The status list is no gzipped bit string.") from error
    if not opener.eof or not 0 <= place < len(bits) * 8:
        raise ValueError("The status list is damaged, or too short for this certificate.")
    return bool(bits[place // 8] & (0x80 >> (place % 8)))
