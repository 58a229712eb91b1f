"""What comes along with texts: pictures and other files, and what had to stay behind."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import unquote

from lms.content.sources import served_kind

FOLDER = "images"
_HERE = "@@PLUGINFILE@@"
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.-]+)*;base64,(.*)", re.DOTALL | re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:)?//|mailto:|tel:", re.IGNORECASE)
_SIGNS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"%PDF", "pdf"), (b"BM", "bmp"))
_ENDINGS = {"image/jpeg": "jpg", "image/svg+xml": "svg", "audio/mpeg": "mp3", "image/x-icon": "ico"}


class Luggage:
    """The files of all questions by their path beside the question file, and the losses of the present one."""

    def __init__(self, stem: str) -> None:
        self.stem = plain_name(stem) or "questions"
        self.files: dict[str, bytes] = {}
        self.losses: list[tuple[str, str]] = []

    def lose(self, what: str, why: str) -> None:
        """Note something that cannot come along, once for each question."""
        if (what, why) not in self.losses:
            self.losses.append((what, why))

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
            words, ending = name, next((end for sign, end in _SIGNS if content.startswith(sign)), "")
        if not ending:
            self.lose(f"the file {name}", "Files of this kind are never sent to a browser.")
            return ""
        digest = hashlib.sha256(content).hexdigest()[:6]
        path = f"{FOLDER}/{self.stem}-{plain_name(words) or 'picture'}-{digest}.{ending.lower()}"
        self.files[path] = content
        return path


def plain_name(text: str) -> str:
    """Words as a piece of a file name or an id: `a` to `z`, digits and hyphens, at most 40 of them."""
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].strip("-")
