"""Packs as folders and as zip files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

FRONT = "courses/gardens/index.md"
LESSON = "courses/gardens/01-soil.md"
GARDENS = {
    FRONT: "---\ntitle: Gardens for beginners\n---\n\nAbout gardens.\n",
    LESSON: "# Soil\n\nSoil is alive.\n",
}
BROKEN = {**GARDENS, "courses/gardens/01-soil.md": "# Soil\n\nSoil is alive.\n\n[Check](01-soil.quiz.md#nothing)\n",
          "courses/gardens/01-soil.quiz.md": "## Is soil alive? {#alive}\n\n- [x] Yes\n- [ ] No\n"}  # fmt: skip


def write(folder: Path, pack: Mapping[str, str]) -> Path:
    """Put a pack on disk."""
    for path, text in pack.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def zipped(pack: Mapping[str, str | bytes]) -> io.BytesIO:
    """A pack as a zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in pack.items():
            archive.writestr(path, text)
    target.seek(0)
    return target


def unzipped(body: bytes) -> dict[str, bytes]:
    """What a downloaded zip holds."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
