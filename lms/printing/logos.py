"""A programme's logo as paper takes it: what cannot be drawn is left out, so that a certificate can be printed."""

from __future__ import annotations

import io
import warnings
from functools import lru_cache

import typst
from PIL import Image

from lms.content import drawings
from lms.credentials.paper import Logo

MOST_PIXELS = 16_000_000
LARGEST = 1000  # pixels of the longer side: 60 mm at more than 400 dots an inch
TRIAL = b'#set document(title: "Logo")\n#pdf.artifact(image(bytes(json(bytes(sys.inputs.logo))), format: "svg"))'


@lru_cache(maxsize=64)
def logo(data: bytes) -> Logo | None:
    """The logo in a file: SVG without anything that acts, any other picture as PNG; None if it is none."""
    return _drawing(drawings.sent("logo.svg", data)) if b"<svg" in data[:4000] else _picture(data)


def _drawing(data: bytes) -> Logo | None:
    inputs = {"logo": str(list(data))}
    try:
        typst.compile(TRIAL, format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=inputs, ignore_system_fonts=True)
    except typst.TypstError:
        return None
    return Logo("svg", data)


def _picture(data: bytes) -> Logo | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                plain = image.convert("RGBA")
                plain.thumbnail((LARGEST, LARGEST))
                target = io.BytesIO()
                plain.save(target, "PNG", optimize=True)
                return Logo("png", target.getvalue())
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
