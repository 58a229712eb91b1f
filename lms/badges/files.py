"""A signed badge as a file: a document, a token, or a picture that carries one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.badges import baking, identity, picture, queries
from lms.credentials.labels import labels
from lms.issuers import queries as issuers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from lms.badges.picture import Picture
    from lms.badges.queries import BadgeFile
    from lms.config import Settings
    from lms.credentials.facts import CertificateFacts

# the PNG carries the document and the SVG the token, because some programs read only one of them
FORMS: dict[str, tuple[str, Callable[[BadgeFile, Picture], bytes]]] = {
    "json": ("application/ld+json", lambda found, _drawn: found.document.encode()),
    "jwt": ("application/vc+jwt", lambda found, _drawn: found.token.encode()),
    "png": ("image/png", lambda found, drawn: baking.into_png(picture.png(drawn), found.document)),
    "svg": ("image/svg+xml", lambda found, drawn: baking.into_svg(picture.svg(drawn), found.token)),
}


def content(db: Session, settings: Settings, found: BadgeFile, form: str) -> bytes:
    """The badge in one of `FORMS`."""
    return FORMS[form][1](found, picture_for(db, settings, found.facts))


def picture_for(db: Session, settings: Settings, facts: CertificateFacts) -> Picture:
    """What stands on the picture of a badge."""
    return picture.picture_of(facts, labels(facts.language), queries.issuer_of(db, facts, settings).name)


def own_documents(db: Session, settings: Settings) -> Iterator[Mapping[str, object]]:
    """What our own issuers publish of their keys."""
    for profile in issuers.issuers(db):
        shown = queries.badge_issuer(db, profile, settings)
        yield identity.did_document(shown, issuers.keys(db, profile.slug), queries.addresses(settings))


def own_lists(db: Session) -> Iterator[str]:
    """Our status lists, as documents and as tokens."""
    for slug, block in queries.blocks(db):
        found = queries.status_file(db, slug, block)
        if found is not None:
            yield from (found.document, found.token)
