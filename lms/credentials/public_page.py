"""The page that strangers check: rendered once for all visitors, for as long as nothing that it says has changed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from flask import current_app, render_template, request, url_for
from flask_login import current_user
from markupsafe import escape

from lms.credentials.codes import code
from lms.credentials.labels import labels
from lms.credentials.wording import certificate_texts
from lms.web.language import language, show_moment

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from lms.credentials.queries import CertificatePage

TITLE, MAIN, SIGN_IN, HERE = "\1", "\2", "\3", "\4"  # stand in the frame for what each page has of its own
MARKS = re.compile("([\1-\4])")
MOMENT = "\0"  # stands in what is kept for the moment at which the register was asked; no text has it
MOST_KEPT = 512  # pages of up to 20 kB

_labels = lru_cache(maxsize=64)(labels)


def for_somebody(page: CertificatePage, address: str, moment: datetime, covers: str) -> str:
    """The page with what only the holder may do, and with the reader's name in its head.

    `covers` says what help the certificate is for, in the reader's language; empty where there is no limit.
    """
    is_mine = current_user.is_authenticated and current_user.actor == page.actor
    told = _told(page, address, show_moment(moment), covers, is_mine=is_mine)
    return render_template("credentials/certificate.html", **told)


def for_visitors(page: CertificatePage, address: str, moment: datetime, covers: str) -> bytes:
    """The page as everybody without a session reads it in this language, in UTF-8.

    It is kept under all that the register says of the certificate, so that a change shows at once. What the address
    asks besides is repeated in links; such a page is not kept.
    """
    if request.query_string:
        return _framed(page, _told(page, address, show_moment(moment), covers, is_mine=False)).encode()
    kept = _kept(current_app)
    key = (msgspec.msgpack.encode(page), covers, language())
    parts = kept.get(key)
    if parts is None:
        html = _framed(page, _told(page, address, MOMENT, covers, is_mine=False))
        if len(kept) >= MOST_KEPT:
            kept.clear()
        parts = kept[key] = tuple(part.encode() for part in html.split(MOMENT))
    return str(escape(show_moment(moment))).encode().join(parts)


def _kept(app: Flask) -> dict[tuple[bytes, str, str], tuple[bytes, ...]]:
    """What one app keeps, because its name and address stand on the pages."""
    found: dict[tuple[bytes, str, str], tuple[bytes, ...]] = app.extensions.setdefault("lms_certificate_pages", {})
    return found


def _framed(page: CertificatePage, told: dict[str, Any]) -> str:
    """The page for visitors. What is around the certificate is rendered once for each language.

    It says where the visitor is in two places: where signing in and choosing a language lead back.
    """
    here = request.full_path.rstrip("?")
    own = {SIGN_IN: str(escape(url_for("people.sign_in", next=here))), HERE: str(escape(here))}
    frames: dict[str, list[str]] = current_app.extensions.setdefault("lms_certificate_frames", {})
    frame = frames.get(language())
    if frame is None:
        html = render_template("credentials/frame.html", title=TITLE, main=MAIN)
        for mark, said in own.items():
            html = html.replace(said, mark)
        frame = frames[language()] = MARKS.split(html)
    own[TITLE] = str(escape(f"{page.facts.title} · {page.code}"))
    own[MAIN] = render_template("credentials/_certificate.html", **told)
    return "".join(own.get(part, part) for part in frame)


def _told(page: CertificatePage, address: str, checked: str, covers: str, *, is_mine: bool) -> dict[str, Any]:
    facts, qr = page.facts, code(address)
    return {
        "page": page,
        "facts": facts,
        "texts": certificate_texts(facts, verify_url=address, labels=_labels(facts.language)),
        "address": address,
        "checked": checked,
        "covers": covers,
        "is_mine": is_mine,
        "qr_size": qr.side,
        "qr_path": qr.lines(),
    }
