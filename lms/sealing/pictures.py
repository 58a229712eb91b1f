"""The QR code that carries a whole certificate, as a picture that also says its text."""

from __future__ import annotations

import io
import re
from typing import Literal
from xml.sax.saxutils import escape

import segno
from PIL import Image, PngImagePlugin

from lms.sealing.offline import PREFIX

ERROR = "m"  # 15 % may be lost to folds and stamps; at 40 mm a module is still 0.4 mm wide
BORDER = 4  # modules of white around it, as ISO/IEC 18004 asks
MODULE = 12  # pixels: 40 mm at 600 dots an inch, and more
IN_FILES = "certificate"  # the name of the text inside a PNG
TEXT = re.compile(rb"HR1:[0-9A-Z $%*+\-./:]{100,4000}")


def svg(text: str) -> str:
    """The code as SVG; its description is the text."""
    made = io.BytesIO()
    _code(text).save(made, kind="svg", border=BORDER, xmldecl=False, omitsize=True, light="#fff", desc=text)
    return made.getvalue().decode()


def png(text: str) -> bytes:
    """The code as PNG; the text stands in it once more, for programs."""
    drawn, made, more = io.BytesIO(), io.BytesIO(), PngImagePlugin.PngInfo()
    _code(text).save(drawn, kind="png", border=BORDER, scale=MODULE)
    more.add_text(IN_FILES, f"{text}\n")  # the checksum that follows may look like more of the text
    Image.open(drawn).save(made, "PNG", pnginfo=more, optimize=True)
    return made.getvalue()


def noted(picture: bytes, form: Literal["png", "svg"], text: str) -> bytes:
    """A picture of a paper with the text of its code beside what is drawn, for programs."""
    if form == "svg":
        opened = picture.index(b">") + 1
        return picture[:opened] + f"<desc>{escape(text)}</desc>".encode() + picture[opened:]
    made, more = io.BytesIO(), PngImagePlugin.PngInfo()
    more.add_text(IN_FILES, f"{text}\n")
    Image.open(io.BytesIO(picture)).save(made, "PNG", pnginfo=more)
    return made.getvalue()


def text_in(data: bytes) -> str:
    """The text of a code that stands in the bytes of a file as it is; empty if there is none."""
    found = TEXT.search(data)
    return found[0].decode() if found else ""


def _code(text: str) -> segno.QRCode:
    assert text.startswith(PREFIX)
    return segno.make(text, error=ERROR, micro=False)
