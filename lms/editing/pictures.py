"""Pictures that come from phones and screens, made fit for a lesson: no wider than a page, no metadata. Pure."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, ImageSequence

from lms.content import drawings

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDEST = 1600  # pixels: what a lesson shows on a large screen
MOST_PIXELS = 60_000_000  # of all frames; more than any phone's camera takes by default; unpacked it is 180 MB
ENDINGS: Mapping[str, str] = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}


class NoPicture(ValueError):
    """This is no picture that a lesson can show."""


class TooLarge(NoPicture):
    """The picture has more pixels than can be unpacked here."""


def made_fit(content: bytes) -> tuple[bytes, str]:
    """A picture as it is kept, and the ending of its name. What it is, is told by its bytes. Raises `NoPicture`."""
    if _is_drawing(content):
        try:
            drawings.findings(content)
        except drawings.BrokenDrawing:
            raise NoPicture from None
        return drawings.sent("x.svg", content), "svg"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(ENDINGS)) as image:
                if image.width * image.height * getattr(image, "n_frames", 1) > MOST_PIXELS:
                    raise TooLarge
                kind = image.format or "PNG"
                return _written(image, kind), ENDINGS[kind]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        if isinstance(error, NoPicture):
            raise
        raise NoPicture from None


def _is_drawing(content: bytes) -> bool:
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and b"<svg" in content[:4000]


def _written(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    if getattr(image, "is_animated", False):
        frames = [_narrow(frame.copy()) for frame in ImageSequence.Iterator(image)]
        pause = image.info.get("duration", 100)
        frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=pause, loop=0)
        return target.getvalue()
    upright = _narrow(ImageOps.exif_transpose(image))
    upright.info = {name: value for name, value in upright.info.items() if name == "transparency"}
    if kind == "JPEG":
        upright.convert("RGB").save(target, kind, quality=85, optimize=True, progressive=True)
    else:
        upright.save(target, kind, **({"optimize": True} if kind == "PNG" else {}))
    return target.getvalue()


def _narrow(image: Image.Image) -> Image.Image:
    """The picture no wider than a page."""
    if image.width <= WIDEST:
        return image
    height = max(1, round(image.height * WIDEST / image.width))
    whole = image if image.mode in ("RGB", "RGBA", "L", "LA") else image.convert("RGBA")
    return whole.resize((WIDEST, height), Image.Resampling.LANCZOS)
