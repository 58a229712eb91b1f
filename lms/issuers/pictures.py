"""Logos as they are kept: PNG without what programs note in it, or SVG without anything that acts. Pure."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image

from lms.content import drawings

MOST_BYTES = 200_000
MOST_PIXELS = 4_000_000
LARGEST = 1000  # pixels of the longer side: a hand's breadth in print


class BadLogo(ValueError):
    """A file that cannot be a logo. `reason` is `size`, `kind` or `acts`; `args` name what was found."""

    def __init__(self, reason: str, found: str = "") -> None:
        super().__init__(reason, found)
        self.reason = reason
        self.found = found


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo: its media type, its bytes, and the SHA-256 of them in hexadecimal."""

    media_type: str
    data: bytes
    digest: str


def logo(content: bytes) -> Picture:
    """A logo as it is kept. What it is, is told by its bytes. Raises `BadLogo`."""
    if len(content) > MOST_BYTES:
        raise BadLogo("size", f"{len(content) // 1000} kB")
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return _picture("image/png", _png(content))
    if b"<svg" in content[:4000]:
        return _picture("image/svg+xml", _svg(content))
    raise BadLogo("kind")


def _picture(media_type: str, data: bytes) -> Picture:
    return Picture(media_type, data, hashlib.sha256(data).hexdigest())


def _svg(content: bytes) -> bytes:
    """A drawing that does nothing but show: what would be taken out is named instead, so that nobody is surprised."""
    try:
        found = drawings.findings(content)
    except drawings.BrokenDrawing:
        raise BadLogo("kind") from None
    if found:
        raise BadLogo("acts", ", ".join(found[:5]))
    return content


def _png(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise BadLogo("size", f"{image.width} × {image.height}")
                plain = image.convert("RGBA")
                plain.thumbnail((LARGEST, LARGEST))
                target = io.BytesIO()
                plain.save(target, "PNG", optimize=True)
                return target.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadLogo("size") from None
    except (OSError, SyntaxError, EOFError, IndexError, ValueError) as error:
        if isinstance(error, BadLogo):
            raise
        raise BadLogo("kind") from None
