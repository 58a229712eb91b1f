"""A static site that goes on checking certificates after the server is gone.

It holds the page that checks as one file in each language, the keys with their history, the signed status list, the
signed heads of the chain, and salted digests of every certificate: no name of anybody.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask import render_template

from lms.clock import now
from lms.issuers import keyring
from lms.sealing import status
from lms.sealing.heads_file import NAME as HEADS
from lms.sealing.heads_file import line
from lms.sealing.listing import FILE as LIST
from lms.sealing.offline_queries import changes, digests, every_head, trust
from lms.sealing.page import alone, known, said
from lms.web.language import _, languages, speaking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings

COLUMNS = ("place", "event", "at", "digest", "hash", "payload_sha256")


def archive(db: Session, settings: Settings) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of the archive, each with its pieces. Needs an application context. Raises `keyring.NoKey`."""
    moment, trusted = now(), trust(db)
    message = status.write(changes(db), moment, keyring.signer(db, settings))
    for tag in (settings.language, *(tag for tag in languages() if tag != settings.language)):
        name = "index.html" if tag == settings.language else f"index.{tag}.html"
        with speaking(tag):
            told = known(trusted, status=base64.b64encode(message).decode())
            yield name, (render_template("sealing/verify.html", page=alone(told, moment.date())).encode(),)
            if tag == settings.language:
                yield "README.txt", (_readme(settings).encode(),)
    yield LIST, (message,)
    yield "keys.json", (_json(said(trusted)),)
    yield HEADS, (line(head) for head in every_head(db))
    yield "certificates.csv", _table(digests(db))


def _readme(settings: Settings) -> str:
    return _(
        "This folder checks certificates of %(site)s without any server. Open index.html in a browser and scan the "
        "large square code of a certificate, or put the folder on any web server.\n\n"
        "status.cose: what was withdrawn, replaced or deleted, and when, signed.\n"
        "keys.json: the issuers' keys and names with their history.\n"
        "heads.jsonl: the signed ends of the chain of seals.\n"
        "certificates.csv: salted digests of all that was sealed; it names nobody.\n",
        site=settings.site_name,
    )


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _table(rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    yield _row(COLUMNS)
    for row in rows:
        yield _row(row)


def _row(cells: tuple[Any, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
