"""Yearly statements on paper: texts to PDF, by typst, the same bytes each time.

As certificates, they are A4, PDF/A-2a and PDF/UA-1, tagged, with the fonts of `lms/fonts` embedded and no others.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typst

from lms.credentials.paper import PIECE, forget_layout
from lms.printable import FONTS, MissingLetters, as_printed, missing_letters
from lms.printing import joining

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lms.printing.statement_rules import Looks, Statement

_HERE = Path(__file__).parent
_worker = threading.local()


def unprintable(statement: Statement) -> tuple[str, ...]:
    """The letters of a statement that the fonts lack."""
    return missing_letters(_texts(statement))


def render_statements(statements: Sequence[Statement], looks: Looks, title: str = "") -> bytes:
    """One PDF with all of these statements, in this order; at least one. Raises `MissingLetters`."""
    return _pdf(statements, looks, title, statements[0])


def write_statements(path: Path, statements: Sequence[Statement], looks: Looks, title: str) -> None:
    """The same into a file, which appears when it is whole; some are laid out at a time. Raises `MissingLetters`."""
    joining.write(_pieces(statements, looks, title), path)


def _pieces(statements: Sequence[Statement], looks: Looks, title: str) -> Iterator[bytes]:
    for start in range(0, len(statements), PIECE):
        yield _pdf(statements[start : start + PIECE], looks, title, statements[0])
        forget_layout()


def _pdf(statements: Sequence[Statement], looks: Looks, title: str, first: Statement) -> bytes:
    """Some statements of a file, which says of itself what its first one does."""
    texts = ",".join(_texts(each) for each in statements)
    if lacking := missing_letters(texts):
        raise MissingLetters(lacking)
    about: dict[str, object] = {
        "title": as_printed(title or f"{first.title} – {first.holder}"),
        "author": [first.issuer],
        "language": first.language,
        "colours": looks.colours,
    }
    if looks.logo is not None:
        about |= {"logo": list(looks.logo.data), "logo-format": looks.logo.form}
    pdf = _compiler().compile(
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(dt.datetime.combine(looks.made_on, dt.time(), dt.UTC).timestamp()),
        sys_inputs={"document": json.dumps(about), "statements": f"[{texts}]"},
    )
    assert isinstance(pdf, bytes)  # a list is what other formats give
    return pdf


def _texts(statement: Statement) -> str:
    # JSON's own marks are plain, so that composing accents and joining spaces touches only what is printed
    return as_printed(msgspec.json.encode(statement).decode())


def _compiler() -> typst.Compiler:
    # kept, because it keeps fonts and templates parsed; one for each thread, because it is not said to be safe
    if not hasattr(_worker, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        design = _HERE / "designs" / "statement.typ"
        # the root is the package, because the design takes its parts from that of certificates
        _worker.compiler = typst.Compiler(str(design), root=str(_HERE.parent), font_paths=fonts)
    compiler: typst.Compiler = _worker.compiler
    return compiler
