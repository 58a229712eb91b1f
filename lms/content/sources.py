"""A pack's files while it is being parsed: each text is read and taken apart once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lms.content.frontmatter import Page, plain_text, split_page
from lms.content.naming import folder_of, index_rank, is_page, stem
from lms.content.structure import Problem

LARGEST_TEXT = 2_000_000  # bytes of a Markdown, question or order file; a long book has half of that
_SERVED = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "ico"), "image"),
    **dict.fromkeys(("mp3", "ogg", "oga", "opus", "wav", "m4a", "flac"), "audio"),
    **dict.fromkeys(("mp4", "webm", "ogv", "mov", "m4v"), "video"),
    **dict.fromkeys(("vtt", "srt"), "captions"),
    **dict.fromkeys(
        ("pdf", "odt", "ods", "odp", "odg", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "rtf"), "document"
    ),
    **dict.fromkeys(("csv", "tsv", "txt", "json", "geojson"), "data"),
}


def served_kind(path: str) -> str:
    """The kind of a file that a browser may be sent (`image`, `audio` …); empty for all others."""
    name = path.rpartition("/")[2].lower()
    return _SERVED.get(name.rpartition(".")[2], "") if "." in name else ""


class Sources:
    """The files of a pack, with a memory of what was read and a list of what was found wrong."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.problems: list[Problem] = []
        self._texts: dict[str, str] = {}
        self._pages: dict[str, Page] = {}
        self._folded: dict[str, str] | None = None
        self._indexes: dict[str, str] | None = None

    def text(self, path: str) -> str:
        """The text of a file, empty if there is none or too much; bytes that are no text are reported once."""
        if path not in self._texts:
            data = self._bounded(path)
            self._texts[path] = plain_text(data)
            if "\ufffd" in self._texts[path] and not self._is_utf8(data):
                line = self._texts[path].partition("\ufffd")[0].count("\n") + 1
                self.warn(path, line, "not-utf8", "This file is not UTF-8.", "Save it as UTF-8.")
        return self._texts[path]

    def _bounded(self, path: str) -> bytes:
        """The bytes of a text file; nothing of one that nobody could read to its end, which is reported once."""
        data = self.files.get(path, b"")
        if len(data) <= LARGEST_TEXT:
            return data
        size, most = len(data) / 1_000_000, LARGEST_TEXT // 1_000_000
        message = f"This file has {size:.1f} MB; a text has {most} MB at most. It was not read."
        self.fail(
            path, 0, "text-too-large", message, "Part it into several files; data belongs into a file to download."
        )
        return b""

    @staticmethod
    def _is_utf8(data: bytes) -> bool:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    def page(self, path: str) -> Page:
        """A Markdown file taken apart; front matter that cannot be read is reported once."""
        if path not in self._pages:
            page = self._pages[path] = split_page(self.text(path))
            if page.error:
                fix = "Correct the lines between the --- lines; put text that has a colon in quotes."
                self.fail(path, page.error[1], "front-matter-unreadable", page.error[0], fix)
            for key, line in page.doubles:
                self.warn(
                    path, line, "front-matter-twice", f"`{key}` is given twice; the last one counts.", "Keep one."
                )
        return self._pages[path]

    def has_body(self, path: str) -> bool:
        """Whether a page has text beyond its title."""
        lines = [line for line in self.page(path).text.split("\n") if line.strip()]
        if lines and (lines[0].lstrip().startswith("# ") or lines[0].strip() == "#"):
            lines = lines[1:]
        elif len(lines) > 1 and not lines[1].strip().strip("="):
            lines = lines[2:]
        return bool(lines)

    def under(self, folder: str) -> Iterator[str]:
        """The paths of the files in a folder and below."""
        start = f"{folder}/" if folder else ""
        return (path for path in self.files if path.startswith(start))

    def find_page(self, path: str) -> str | None:
        """The Markdown file that a path means, as sites write them: without ending, as `.html`, as a folder."""
        path = posixpath.normpath(path) if path else ""
        if path in self.files and is_page(path):
            return path
        bare = "" if path == "." else path
        if bare.lower().endswith((".html", ".htm")):
            bare = bare.rpartition(".")[0]
        base = stem(bare) if is_page(bare) else bare
        names = (f"{base}.md", f"{base}.markdown") if base else ()
        found = next((name for name in names if name in self.files), None) or self.index_of(base)
        if not found and base.rpartition("/")[2].lower() == "index":
            found = self.index_of(folder_of(base))
        return found

    def index_of(self, folder: str) -> str | None:
        """The page that speaks for a folder, an index before a README, however it is capitalised."""
        if self._indexes is None:
            ranked = [(rank, path) for path in self.files if is_page(path) and (rank := index_rank(path)) is not None]
            self._indexes = {folder_of(path): path for _, path in sorted(ranked, reverse=True)}
        return self._indexes.get(folder)

    def same_but_case(self, path: str) -> str | None:
        """A file whose path differs only in capital letters."""
        if self._folded is None:
            self._folded = {name.casefold(): name for name in self.files}
        return self._folded.get(path.casefold())

    def fail(self, file: str, line: int, rule: str, message: str, fix: str) -> None:
        """Note an error: the pack cannot be published with it."""
        self.problems.append(Problem(file, line, "error", rule, message, fix))

    def warn(self, file: str, line: int, rule: str, message: str, fix: str) -> None:
        """Note a warning: probably not what the author meant."""
        self.problems.append(Problem(file, line, "warning", rule, message, fix))

    def note(self, file: str, line: int, rule: str, message: str, fix: str) -> None:
        """Note something that is good to know."""
        self.problems.append(Problem(file, line, "notice", rule, message, fix))
