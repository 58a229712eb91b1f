"""The picture of a badge: one for all who achieved the same, in the programme's colour, with our own typefaces."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typst

from lms.credentials.colours import INK, WHITE, contrast, known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.credentials.facts import CertificateFacts

BRASS_ON_DARK, BRASS_ON_LIGHT = "#f0bd55", "#8a5300"
_HERE = Path(__file__).parent
_worker = threading.local()


@dataclass(frozen=True, slots=True)
class Picture:
    """What stands on the picture. `colour` is `#rrggbb`, or empty for our own green."""

    title: str
    level: str
    issuer: str
    colour: str
    language: str


def picture_of(facts: CertificateFacts, labels: Mapping[str, str], issuer: str) -> Picture:
    """The picture of a certificate; nothing on it differs from holder to holder."""
    level = labels.get(f"level_{facts.level}", facts.level)
    return Picture(facts.title, level, issuer, facts.look.colour, facts.language)


@lru_cache(maxsize=256)
def png(picture: Picture) -> bytes:
    """600 pixels wide and high, with a transparent ground."""
    return _drawn(picture, "png")


@lru_cache(maxsize=64)
def svg(picture: Picture) -> bytes:
    """The same picture as lines: letters too, so that it looks the same where nobody has our typefaces."""
    return _drawn(picture, "svg")


def _drawn(picture: Picture, form: Literal["png", "svg"]) -> bytes:
    ground = known(picture.colour)
    is_dark = contrast(ground, WHITE) >= contrast(ground, INK)
    texts = {
        "title": picture.title,
        "level": picture.level,
        "issuer": picture.issuer,
        "language": picture.language or "en",
    }
    inputs = {
        "texts": json.dumps(texts),
        "ground": ground,
        "ink": WHITE if is_dark else INK,
        "rail": BRASS_ON_DARK if is_dark else BRASS_ON_LIGHT,
    }
    drawn = _compiler().compile(format=form, ppi=108, sys_inputs=inputs)
    assert isinstance(drawn, bytes)  # a list is what several pages give
    return drawn


def _compiler() -> typst.Compiler:
    # One for each thread, because it is not said to be safe between threads; it keeps fonts and template parsed.
    if not hasattr(_worker, "compiler"):
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE.parent / "fonts"]
        )
        _worker.compiler = typst.Compiler(
            str(_HERE / "designs" / "badge.typ"), root=str(_HERE / "designs"), font_paths=fonts
        )
    compiler: typst.Compiler = _worker.compiler
    return compiler
