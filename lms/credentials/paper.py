"""Certificates on paper: facts to PDF, by typst, the same bytes each time.

The PDF is A4, PDF/A-2a and PDF/UA-1, tagged, with the fonts of `lms/fonts` embedded and none of the system's. Two QR
codes stand on it: a large one with the signed certificate itself, a small one with the address. The designs are the
typst files in `designs/`; all receive the same texts.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import typst

from lms.content.structure import DESIGNS
from lms.credentials.codes import code
from lms.credentials.colours import colours
from lms.credentials.facts import CertificateFacts
from lms.credentials.wording import certificate_texts
from lms.printable import FONTS, MissingLetters, as_printed, missing_letters

PIECE = 25  # certificates laid out at a time: each takes some megabytes
KEPT = 10  # documents for which typst keeps what it laid out
DOTS = 200  # per inch of a picture: the code is legible, the file small
_HERE = Path(__file__).parent
_worker = threading.local()

Inputs: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as the designs take it: PNG or SVG that does nothing but show."""

    form: Literal["png", "svg"]
    data: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """One certificate to print. `labels` has the keys of `LABELS_EN`, in the certificate's language.

    `verify_url` is the full address at which anyone can check it, `signed` the text of the code that carries the
    signed certificate, `scan_url` the address of the page that reads that code.
    """

    facts: CertificateFacts
    labels: Mapping[str, str]
    verify_url: str
    signed: str
    scan_url: str
    logo: Logo | None = None


def design_of(facts: CertificateFacts) -> str:
    """The name of the design that a certificate is printed in; what nobody knows is the first one."""
    return facts.look.design if facts.look.design in DESIGNS else DESIGNS[0]


def render_pdf(paper: Paper) -> bytes:
    """The certificate as PDF. Repeated with the same paper it gives the same bytes. Raises `MissingLetters`."""
    facts = paper.facts
    return _pdf(
        [paper],
        as_printed(f"{facts.title} – {facts.holder}"),
        keywords=[facts.code, paper.signed],  # so that a program finds the signed certificate in the file
    )


def render_many(papers: Sequence[Paper], title: str) -> bytes:
    """One PDF with all of these certificates, in this order; at least one. Raises `MissingLetters`."""
    return _pdf(papers, title, keywords=[])


def render_pieces(papers: Sequence[Paper], title: str, size: int = PIECE) -> Iterator[bytes]:
    """The same as several PDFs of `size` certificates each, one laid out after the other was taken.

    Each says of itself what the whole does, so that `lms.printing.joining` can make one of them.
    """
    for start in range(0, len(papers), size):
        yield _pdf(papers[start : start + size], title, keywords=[], whole=papers)
        forget_layout()


def forget_layout() -> None:
    """Let go of what typst keeps of documents that were laid out, a few megabytes for each certificate.

    It does so itself with what was not used for ten documents; so some empty ones are set.
    """
    other = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False))
    for _ in range(KEPT + 1):
        other.compile(input=b" ", format="svg")


def render_picture(paper: Paper, form: Literal["png", "svg"]) -> bytes:
    """The first page as a picture. Raises `MissingLetters`."""
    made = _compiler().compile(format=form, ppi=DOTS, sys_inputs=_inputs([paper], paper.facts.title, []))
    first = made[0] if isinstance(made, list) else made
    assert isinstance(first, bytes)
    return first


def _pdf(papers: Sequence[Paper], title: str, keywords: list[str], whole: Sequence[Paper] = ()) -> bytes:
    day = max(dt.date.fromisoformat(paper.facts.issued_on) for paper in whole or papers)
    pdf = _compiler().compile(
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()),
        sys_inputs=_inputs(papers, title, keywords, whole),
    )
    assert isinstance(pdf, bytes)  # a list is what other formats give
    return pdf


def _inputs(papers: Sequence[Paper], title: str, keywords: list[str], whole: Sequence[Paper] = ()) -> Inputs:
    facts = (whole or papers)[0].facts
    about = {
        "title": title,
        "author": [facts.parties.issuer] if facts.parties.issuer else [],
        "description": facts.code if len(whole or papers) == 1 else title,
        "keywords": keywords,
        "language": facts.language,
    }
    logos = list(dict.fromkeys(paper.logo for paper in papers if paper.logo is not None))
    return {
        "document": json.dumps(about),
        "logos": json.dumps([{"logo": list(each.data), "logo-format": each.form} for each in logos]),
        "papers": json.dumps([_input(paper, logos) for paper in papers]),
    }


def _input(paper: Paper, logos: Sequence[Logo]) -> dict[str, Any]:
    texts = _cleaned(
        certificate_texts(paper.facts, verify_url=paper.verify_url, labels=paper.labels, scan_url=paper.scan_url)
    )
    if lacking := missing_letters("".join(_strings(texts))):
        raise MissingLetters(lacking)
    return {
        "design": design_of(paper.facts),
        "look": colours(paper.facts.look.colour),
        "texts": texts,
        "codes": {"signed": _qr(paper.signed), "address": _qr(paper.verify_url)},
        "logo": logos.index(paper.logo) if paper.logo is not None else None,
    }


def _cleaned(value: Any) -> Any:
    """The same JSON with every text as it is printed."""
    if isinstance(value, str):
        return as_printed(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {key: _cleaned(each) for key, each in value.items()}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))


def _qr(content: str) -> str:
    # The designs keep the quiet zone free, so that the measured side is the symbol's own.
    made = code(content)
    side = f'viewBox="0 0 {made.side} {made.side}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {side}><path stroke="#000" d="{made.lines()}"/></svg>'


def _compiler() -> typst.Compiler:
    # A compiler keeps fonts and templates parsed: 10 ms a certificate where a fresh one takes many times that.
    # One for each thread, because it is not said to be safe between threads.
    if not hasattr(_worker, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        designs = _HERE / "designs"
        _worker.compiler = typst.Compiler(str(designs / "certificate.typ"), root=str(designs), font_paths=fonts)
    compiler: typst.Compiler = _worker.compiler
    return compiler
