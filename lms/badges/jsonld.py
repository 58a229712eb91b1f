"""JSON-LD with the contexts that come with the program, and no others: nothing is ever fetched.

A Data Integrity proof signs the RDF that a document stands for, while programs read its JSON. The two agree only where
the JSON is exactly what the contexts would make of that RDF; `strictly` sees to it (Data Integrity 1.0, section 2.4.1).
"""

from __future__ import annotations

import hashlib
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_OB = "https://purl.imsglobal.org/spec/ob/v3p0"
_FILES = {
    V2: "credentials-v2.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2.json",
    f"{_OB}/context.json": "ob-3.0.3.json",
    f"{_OB}/context-3.0.1.json": "ob-3.0.1.json",
    f"{_OB}/context-3.0.2.json": "ob-3.0.2.json",
    OPEN_BADGES: "ob-3.0.3.json",
    f"{_OB}/extensions.json": "ob-extensions.json",
}
MOST_CONTEXTS = 8
MOST_DEPTH = 32
MOST_NODES = 2000
MOST_STEPS = 2000
_one_at_a_time = threading.RLock()  # PyLD keeps contexts in a cache that threads may not share


class BadDocument(ValueError):
    """A document that cannot be signed or checked; the message says why."""


def canonical(document: dict[str, Any]) -> bytes:
    """The document as canonical N-Quads (RDF Dataset Canonicalization 1.0). Raises `BadDocument`."""
    with _one_at_a_time:
        try:
            dataset = jsonld.to_rdf(document, {"documentLoader": _load, "base": ""})
            found: str = _Bounded().main(dataset, {"format": "application/n-quads"})
        except jsonld.JsonLdError as error:
            raise BadDocument(_reason(error)) from error
    return found.encode()


def defined(document: dict[str, Any]) -> list[Any]:
    """The document in expanded form. Raises `BadDocument` if a member is in it that no context defines.

    Enough for what we write ourselves; for what others wrote see `strictly`.
    """
    _contexts(document)
    _bounded(document)
    lost: list[str] = []
    with _one_at_a_time:
        try:
            expanded: list[Any] = jsonld.expand(
                document, {"documentLoader": _load, "base": ""}, on_property_dropped=lambda name: lost.append(str(name))
            )
        except jsonld.JsonLdError as error:
            raise BadDocument(_reason(error)) from error
    if lost:
        raise BadDocument("It has a member that no context defines, so no signature covers it.")
    return expanded


def strictly(document: dict[str, Any]) -> None:
    """Refuse a document whose JSON says anything that the RDF does not. Raises `BadDocument`.

    So a member that no context defines is refused, and one that is spelt as its address, an inner context, a nested
    list, a context that does not come with the program.
    """
    expanded = defined(document)
    with _one_at_a_time:
        try:
            options = {"documentLoader": _load, "base": "", "graph": False}
            again = jsonld.compact(expanded, document["@context"], options)
        except jsonld.JsonLdError as error:
            raise BadDocument(_reason(error)) from error
    kept = {name: value for name, value in document.items() if name != "@context"}
    again.pop("@context", None)
    if _plain(kept) != _plain(again):
        raise BadDocument("It is not written as its contexts would write it, so a reader may see what is not signed.")


class _Bounded(URDNA2015):  # type: ignore[misc]
    """Canonicalization that gives up on a graph made to keep a processor busy for hours."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        """See RDF Dataset Canonicalization 1.0, section 4.8."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise BadDocument("It holds too many things that differ in nothing but their places.")
        return super().hash_n_degree_quads(id_, issuer)


def _contexts(document: dict[str, Any]) -> None:
    names = document.get("@context")
    if not isinstance(names, list) or not names or names[0] != V2 or len(names) > MOST_CONTEXTS:
        raise BadDocument(f"Its first context must be {V2}.")
    for name in names:
        if not isinstance(name, str) or name not in _FILES:
            raise BadDocument(f"It names a context that does not come with this program: {str(name)[:120]}")


def _bounded(document: dict[str, Any]) -> None:
    """Refuse what is too deep or too large, and contexts inside, before anything works on it."""
    waiting: list[tuple[Any, int]] = [(document, 1)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > MOST_DEPTH or seen > MOST_NODES:
            raise BadDocument("It is too large or too deep for a badge.")
        if isinstance(value, dict):
            if depth > 1 and "@context" in value:
                raise BadDocument("It holds another document with contexts of its own, which is not checked here.")
            waiting += [(each, depth + 1) for key, each in value.items() if key != "@context"]
        elif isinstance(value, list):
            if any(isinstance(each, list) for each in value):
                raise BadDocument("It has a list inside a list.")
            waiting += [(each, depth + 1) for each in value]


def _plain(value: Any) -> str:
    """A form in which two spellings of the same are equal: one value or a list of it, a reference or its address."""
    return json.dumps(_simple(value), sort_keys=True, ensure_ascii=False)


def _simple(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"id"}:
            return value["id"]
        return {name: _simple(each) for name, each in value.items()}
    if isinstance(value, list):
        inner = [_simple(each) for each in value]
        # RDF knows no order; a list that has one is a member of its own
        return inner[0] if len(inner) == 1 else sorted(inner, key=lambda each: json.dumps(each, sort_keys=True))
    return value


def _load(address: str, _options: Any) -> dict[str, Any]:
    if address not in _FILES:
        raise BadDocument(f"It names a context that does not come with this program: {address[:120]}")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _read(address),
    }


@cache
def _read(address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "contexts" / _FILES[address]).read_bytes())
    return found


def digest(document: dict[str, Any]) -> bytes:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(document)).digest()


def _reason(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, BadDocument):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    return f"It is not JSON-LD that can be read: {str(error).splitlines()[0][:160]}"
