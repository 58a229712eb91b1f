"""The page that strangers check: rendered once for all visitors, for as long as nothing that it says has changed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
import segno
from flask import current_app, render_template, request
from flask_login import current_user
from markupsafe import escape

from lms.credentials.labels import labels
from lms.credentials.wording import certificate_texts
from lms.web.language import language, show_moment

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from lms.credentials.queries import CertificatePage

MOMENT = "\0"  # stands in what is kept for the moment at which the register was asked; no text has it
MOST_KEPT = 512  # pages of up to 20 kB
# Any mask is a right one; to find the most even of the eight takes six times as long.
MASK = 3

_labels = lru_cache(maxsize=64)(labels)


def for_somebody(page: CertificatePage, address: str, moment: datetime) -> str:
    """The page with what only the holder may do, and with the reader's name in its head."""
    is_mine = current_user.is_authenticated and current_user.actor == page.actor
    return _rendered(page, address, show_moment(moment), is_mine=is_mine)


def for_visitors(page: CertificatePage, address: str, moment: datetime) -> bytes:
    """The page as everybody without a session reads it in this language, in UTF-8.

    It is kept under all that the register says of the certificate, so that a change shows at once. What the address
    asks besides is repeated in links; such a page is not kept.
    """
    if request.query_string:
        return _rendered(page, address, show_moment(moment), is_mine=False).encode()
    kept = _kept(current_app)
    key = (msgspec.msgpack.encode(page), language())
    parts = kept.get(key)
    if parts is None:
        html = _rendered(page, address, MOMENT, is_mine=False)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        parts = kept[key] = tuple(part.encode() for part in html.split(MOMENT))
    return str(escape(show_moment(moment))).encode().join(parts)


def _kept(app: Flask) -> dict[tuple[bytes, str], tuple[bytes, ...]]:
    """What one app keeps, because its name and address stand on the pages."""
    found: dict[tuple[bytes, str], tuple[bytes, ...]] = app.extensions.setdefault("lms_certificate_pages", {})
    return found


def _rendered(page: CertificatePage, address: str, checked: str, *, is_mine: bool) -> str:
    qr_size, qr_path = _qr(address)
    facts = page.facts
    return render_template(
        "credentials/certificate.html",
        page=page,
        facts=facts,
        texts=certificate_texts(facts, verify_url=address, labels=_labels(facts.language)),
        address=address,
        checked=checked,
        is_mine=is_mine,
        qr_size=qr_size,
        qr_path=qr_path,
    )


def _qr(address: str) -> tuple[int, str]:
    """The side of a QR code in modules, and its dark modules as an SVG path of one rectangle for each run."""
    rows = list(segno.make(address, error="m", micro=False, mask=MASK).matrix)
    return len(rows), "".join(_runs(y, bytes(row)) for y, row in enumerate(rows))


def _runs(y: int, row: bytes) -> str:
    path, x = "", row.find(1)
    while x >= 0:
        end = row.find(0, x)
        end = end if end >= 0 else len(row)
        path += f"M{x} {y}h{end - x}v1H{x}z"
        x = row.find(1, end)
    return path
