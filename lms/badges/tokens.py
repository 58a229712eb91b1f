"""Credentials as signed web tokens (JWS, RFC 7515; Open Badges 3.0, section 8.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSAlgModel, JWSRegistry  # type: ignore[attr-defined] # left out of its own list

from lms.badges.jsonld import BadDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.issuers.signing import Signer

ALGORITHMS = {"rsa": "RS256", "p256": "ES256"}
TAKEN = {"RSA": ["RS256", "PS256"], "EC": ["ES256"], "OKP": ["EdDSA"]}
CLAIMS = ("iss", "jti", "sub", "nbf", "exp")


class _SignedByIssuer(JWSAlgModel):
    """A JWS algorithm that asks the issuer's signer: the private key stays where it is."""

    def __init__(self, signer: Signer) -> None:
        self.name = ALGORITHMS[signer.key.kind]
        self._signer = signer

    def check_key(self, key: Any) -> None:
        """Any: the public key that is handed over signs nothing."""

    def sign(self, msg: bytes, _key: Any) -> bytes:
        """The signature in the form that RFC 7518 asks for."""
        return self._signer.sign(msg)

    def verify(self, msg: bytes, sig: bytes, _key: Any) -> bool:
        """Whether this signer's key made the signature."""
        return self._signer.key.verifies(msg, sig)


class _IssuerRegistry(JWSRegistry):
    def __init__(self, signer: Signer) -> None:
        super().__init__()
        self._model = _SignedByIssuer(signer)

    def get_alg(self, name: str) -> JWSAlgModel:
        """The signer's algorithm, the only one."""
        assert name == self._model.name
        return self._model


def token(claims: Mapping[str, Any], signer: Signer, *, kid: str) -> str:
    """The claims as a compact JWS. `signer` is of the kind `rsa` or `p256`; `kid` is the address of its key."""
    header = {"alg": ALGORITHMS[signer.key.kind], "kid": kid, "typ": "JWT"}
    public = _key(signer.key.jwk)
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, payload, public, registry=_IssuerRegistry(signer))


def parts(compact: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, before anything is checked. Raises `BadDocument`."""
    try:
        found = jws.extract_compact(compact.strip().encode())
        claims = json.loads(found.payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise BadDocument("It is no signed token (compact JWS).") from error
    if not isinstance(claims, dict):
        raise BadDocument("The token holds no credential.")
    return dict(found.headers()), claims


def is_right(compact: str, jwk: Mapping[str, Any]) -> bool:
    """Whether the owner of a public key signed the token. Which algorithm counts, the key says, not the token."""
    try:
        jws.deserialize_compact(compact.strip(), _key(jwk), algorithms=TAKEN[str(jwk.get("kty"))])
    except (JoseError, KeyError, ValueError):
        return False
    return True


def _key(jwk: Mapping[str, Any]) -> ECKey | OKPKey | RSAKey:
    public = {name: value for name, value in jwk.items() if name in {"kty", "crv", "x", "y", "n", "e"}}
    kinds: dict[str, type[ECKey | OKPKey | RSAKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    return kinds[public["kty"]].import_key(public)
