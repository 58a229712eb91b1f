"""What comes along with texts: pictures and other files, and what had to stay behind."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import unicodedata
import warnings
from collections.abc import Mapping
from urllib.parse import unquote

from PIL import Image

from lms.content.sources import served_kind

FOLDER = "images"
_HERE = "@@PLUGINFILE@@"
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.-]+)*;base64,(.*)", re.DOTALL | re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:)?//|mailto:|tel:", re.IGNORECASE)
_SIGNS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"%PDF", "pdf"), (b"BM", "bmp"))
# endings whose files begin with a sign of their own: what begins otherwise is something else
_TOLD = {"png": "png", "jpg": "jpg", "jpeg": "jpg", "gif": "gif", "webp": "webp", "pdf": "pdf", "bmp": "bmp"}
_MOST_PIXELS = 60_000_000  # as on the desk: unpacked it is 180 MB, for whoever opens the page
_LIES = "What it holds is no picture, whatever its name says. Save it anew and put it beside the question file."
_TOO_LARGE = "It has more pixels than a browser should unpack. Save it smaller and put it beside the question file."
_ENDINGS = {"image/jpeg": "jpg", "image/svg+xml": "svg", "audio/mpeg": "mp3", "image/x-icon": "ico"}


class Luggage:
    """All files by their path beside the question file; the losses and the new files of the present question."""

    def __init__(self, stem: str) -> None:
        self.stem = plain_name(stem) or "questions"
        self.files: dict[str, bytes] = {}
        self.losses: list[tuple[str, str]] = []
        self.fresh: list[str] = []

    def lose(self, what: str, why: str) -> None:
        """Note something that cannot come along, once for each question."""
        if (what, why) not in self.losses:
            self.losses.append((what, why))

    def leave_fresh(self) -> None:
        """Leave behind the files that came with the present question alone."""
        for path in self.fresh:
            del self.files[path]
        self.fresh = []

    def address(self, target: str, files: Mapping[str, bytes], *, is_shown: bool) -> str:
        """Where a link or, if `is_shown`, a picture leads from the question file; empty if nowhere."""
        target = target.strip()
        data = _DATA.match(target)
        if data:
            return self._of_data(data[1] or "", data[2])
        if target.startswith(_HERE):
            return self._of_file(unquote(target.removeprefix(_HERE).partition("?")[0]).strip("/"), files)
        if _REMOTE.match(target):
            if is_shown:
                why = "It stands on another site, so trainees get a link. Put the picture into the pack."
                self.lose(f"the picture {target}", why)
            return (
                re.sub(r"[\s<>]", lambda sign: f"%{ord(sign[0]):02X}", target).replace("(", "%28").replace(")", "%29")
            )
        name = target.rpartition("/")[2]
        if name in files:
            return self._of_file(name, files)
        if target and not target.startswith("#"):
            self.lose(f"the link to {target[:200]}", "It leads nowhere from here.")
        return ""

    def _of_file(self, name: str, files: Mapping[str, bytes]) -> str:
        content = files.get(name) or next((files[path] for path in files if path.rpartition("/")[2] == name), b"")
        if not content:
            self.lose(f"the file {name}", "The text shows it, and the export does not hold it or holds it damaged.")
            return ""
        return self._keep(name.rpartition("/")[2], content)

    def _of_data(self, media: str, encoded: str) -> str:
        try:
            content = base64.b64decode(unquote("".join(encoded.split())))
        except (binascii.Error, ValueError):
            content = b""
        if not content:
            self.lose("a picture inside the text", "Its data are damaged.")
            return ""
        return self._keep(f"picture.{_ENDINGS.get(media.lower(), media.lower().rpartition('/')[2])}", content)

    def _keep(self, name: str, content: bytes) -> str:
        words, _dot, ending = name.rpartition(".")
        if not served_kind(name):
            words, ending = name, _told_by(content)
        if not ending:
            self.lose(f"the file {name}", "Files of this kind are never sent to a browser.")
            return ""
        ending = ending.lower()
        if ending in _TOLD and _told_by(content) != _TOLD[ending]:
            ending = _told_by(content)
        if not ending or _is_too_large(content):
            self.lose(f"the picture {name}", _LIES if not ending else _TOO_LARGE)
            return ""
        digest = hashlib.sha256(content).hexdigest()[:6]
        path = f"{FOLDER}/{self.stem}-{plain_name(words) or 'picture'}-{digest}.{ending}"
        if path not in self.files:
            self.files[path] = content
            self.fresh.append(path)
        return path


def _told_by(content: bytes) -> str:
    """The ending that goes with what a file holds; empty where it is nothing that is known."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in content[:4000]:
        return "svg"
    return next((ending for sign, ending in _SIGNS if content.startswith(sign)), "")


def _is_too_large(content: bytes) -> bool:
    """Whether a picture says of itself that it has too many pixels; they are not unpacked here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP")) as image:
                return image.width * image.height > _MOST_PIXELS
    except Image.DecompressionBombError:
        return True
    except (OSError, ValueError, SyntaxError, EOFError, IndexError):
        return False  # no picture, or one that a browser may mend


def plain_name(text: str) -> str:
    """Words as a piece of a file name or an id: `a` to `z`, digits and hyphens, at most 40 of them."""
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].strip("-")
