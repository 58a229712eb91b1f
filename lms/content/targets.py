"""Where a link in course text leads: to a page, a question, a quiz, a file, another site, or nowhere."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from lms.content import drawings
from lms.content.compiled import Media
from lms.content.naming import folder_of, is_page, stem
from lms.content.sources import Sources, served_kind
from lms.content.structure import Course, Lesson, Pack, QuestionFile
from lms.markdown import ANCHOR_PREFIX

Kind: TypeAlias = Literal[
    "page", "course", "question", "practice", "quiz", "media", "external", "anchor", "template", "folder", "unserved",
    "outside", "missing", "no-question", "unsafe",
]  # fmt: skip
BROKEN = frozenset({"missing", "outside", "unserved", "no-question", "folder"})
_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_TEMPLATE_START = re.compile(r"^\s*(?:\{\{[^}]*\}\}|\{filename\}|\{static\}|\{attach\})/?")
_TEMPLATE_LINK = re.compile(r"\s*\{%-?\s*(?:link|post_url)\s+(\S+?)\s*-?%\}")
MEDIA_TYPES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "svg": "image/svg+xml", "bmp": "image/bmp", "ico": "image/x-icon",
    "mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav",
    "m4a": "audio/mp4", "flac": "audio/flac", "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm",
    "ogv": "video/ogg", "mov": "video/quicktime", "vtt": "text/vtt", "srt": "application/x-subrip",
    "pdf": "application/pdf", "rtf": "application/rtf", "txt": "text/plain", "csv": "text/csv",
    "tsv": "text/tab-separated-values", "json": "application/json", "geojson": "application/geo+json",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation", "odg": "application/vnd.oasis.opendocument.graphics",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Where one link leads. `path` is the file in the pack, `url` what a browser gets (None: no link).

    `embed` names what a paragraph of just this link becomes: `question:`, `file:` or `quiz:` and an id. `note`
    is a path that was found only by another spelling.
    """

    kind: Kind
    url: str | None
    path: str = ""
    fragment: str = ""
    embed: str = ""
    note: str = ""


class Targets:
    """Everything in a pack that a link may lead to."""

    def __init__(self, pack: Pack, files: Mapping[str, bytes]) -> None:
        self.pack = pack
        self.sources = Sources(files)
        self.lessons: dict[str, tuple[Course, Lesson]] = {}
        self.fronts: dict[str, Course] = {}
        self.question_files: dict[str, QuestionFile] = {}
        self.owners: dict[str, tuple[Course, Lesson]] = {}
        self.exams = {course.exam for course in pack.courses if course.exam}
        self.folders = {folder for path in files for folder in _folders(path)}
        self._media: dict[str, Media] = {}
        for course in pack.courses:
            self._add_course(course)
        for bank in pack.banks:
            self._add_questions(bank)
        self.banks = {bank.path for bank in pack.banks}

    def _add_course(self, course: Course) -> None:
        for path in course.index.values():
            self.fronts.setdefault(path, course)
        for lesson in (*course.lessons, *course.aside):
            for text in (lesson.source, *lesson.translations.values()):
                self.lessons.setdefault(text.path, (course, lesson))
            if lesson.practice:
                self.owners[lesson.practice] = (course, lesson)
        for file in course.question_files:
            self._add_questions(file)

    def _add_questions(self, file: QuestionFile) -> None:
        for path in (file.path, *(translation.path for translation in file.translations.values())):
            self.question_files[path] = file

    def is_quiz(self, file: QuestionFile) -> bool:
        """Whether a question file is taken as a quiz: a bank, an exam, or one with a pass mark."""
        return file.is_graded or file.path in self.banks or file.path in self.exams

    def media(self, path: str) -> Media:
        """The manifest entry of a file that may be served."""
        if path not in self._media:
            digest = hashlib.sha256(drawings.sent(path, self.sources.files[path])).hexdigest()
            name = path.rpartition("/")[2]
            self._media[path] = Media(digest, MEDIA_TYPES[name.rpartition(".")[2].lower()], name)
        return self._media[path]


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def lesson_url(course: str, lesson: str, fragment: str = "") -> str:
    """The URL of a lesson, with an anchor of its text."""
    anchor = f"#{ANCHOR_PREFIX}{quote(fragment)}" if fragment else ""
    return f"/courses/{quote(course, safe='')}/lessons/{quote(lesson)}{anchor}"


def quiz_url(course: str, quiz: str) -> str:
    """The URL of a graded quiz."""
    return f"/courses/{quote(course, safe='')}/quizzes/{quote(quiz)}"


def media_url(media: Media) -> str:
    """The URL of a file of a pack, different for different bytes."""
    return f"/media/{media.digest[:32]}/{quote(media.name)}"


class PageLinks:
    """The links of one file, as the Markdown renderer asks for them, and a record of what they were."""

    def __init__(self, targets: Targets, course: Course, path: str) -> None:
        self.targets = targets
        self.course = course
        self.path = path
        self.seen: dict[str, Target] = {}

    def link(self, target: str) -> str | None:
        """The URL of a link; None takes the link off its words."""
        return self.resolve(target).url

    def image(self, target: str) -> str | None:
        """The URL of an image, sound or film of the pack; other sites' addresses stay as they are."""
        found = self.resolve(target)
        return found.url if found.kind in ("media", "external") else None

    def embed(self, target: str) -> str | None:
        """What stands in the place of a paragraph that is only this link."""
        return self.resolve(target).embed or None

    def resolve(self, target: str) -> Target:
        """Where a link leads, remembered."""
        found = self.seen.get(target)
        if found is None:
            found = self.seen[target] = self._resolve(target)
        return found

    def _resolve(self, written: str) -> Target:
        target = written.strip()
        if target.startswith("#"):
            return Target("anchor", target, self.path, unquote(target[1:]))
        target = _without_template(target)
        if "{{" in target or "{%" in target or "{$" in target:
            return Target("template", None)
        target = self._without_site(target)
        if target.startswith("//"):
            return Target("external", target)
        scheme = _SCHEME.match(target)
        if scheme:
            is_safe = scheme[1].lower() in _SAFE_SCHEMES
            return Target("external", target) if is_safe else Target("unsafe", None)
        return self._local(target)

    def _without_site(self, target: str) -> str:
        """An address at the course's own site as a path from its root."""
        if not target.lower().startswith(("http://", "https://")):
            return target
        for site in self.course.sites:
            base = site.rstrip("/")
            bare, other = _without_scheme(target), _without_scheme(base)
            if other and (bare == other or bare.startswith((f"{other}/", f"{other}#"))):
                return "/" + bare[len(other) :].lstrip("/")
        return target

    def _local(self, target: str) -> Target:
        before, _, fragment = target.partition("#")
        name = unquote(before.partition("?")[0])
        fragment = unquote(fragment)
        for path in self._candidates(name):
            found = self._at(path, fragment)
            if found:
                return found
        other = next((same for path in self._candidates(name) if (same := self._other_case(path))), "")
        found = self._at(other, fragment) if other else None
        if found:
            return Target(found.kind, found.url, found.path, found.fragment, found.embed, note=other)
        nearest = next(self._candidates(name), None)
        if nearest is None:
            return Target("outside", None)
        return self._nothing(nearest)

    def _other_case(self, path: str) -> str | None:
        same = self.targets.sources.same_but_case
        return same(path) or (same(f"{path}.md") if path else None)

    def _nothing(self, path: str) -> Target:
        if path in self.targets.folders or path == "":
            return Target("folder", None, path)
        return Target("missing", None, path)

    def _candidates(self, name: str) -> Iterator[str]:
        """The paths in the pack that a name may mean, the likeliest first."""
        if name.startswith("/"):
            for root in self.course.roots:
                yield from _inside(posixpath.join(root, name.lstrip("/")))
            if self.course.sites:  # a site may live under a path of its host
                yield from _inside(posixpath.join(self.course.roots[0], name.lstrip("/").partition("/")[2]))
            return
        yield from _inside(posixpath.join(folder_of(self.path), name))
        if name:  # sites serve `a/b.md` as `a/b/`, and some authors count from there
            yield from _inside(posixpath.join(stem(self.path), name))
        if self.course.order_by == "config":  # Carpentries sites put the pages of all folders side by side
            for folder in ("episodes", "_episodes", "learners", "instructors", "profiles", "_extras", ""):
                yield from _inside(posixpath.join(self.course.path, folder, name.removeprefix("../")))

    def _at(self, path: str, fragment: str) -> Target | None:
        """What stands at a path, if anything does."""
        targets = self.targets
        if path in targets.question_files:
            return self._questions(targets.question_files[path], fragment)
        page = targets.sources.find_page(path)
        if page and page in targets.question_files:
            return self._questions(targets.question_files[page], fragment)
        if page and (page in targets.lessons or page in targets.fronts):
            return self._page(page, fragment)
        if path in targets.sources.files and not is_page(path):
            if not served_kind(path):
                return Target("unserved", None, path)
            anchor = f"#{quote(fragment)}" if fragment else ""
            return Target("media", media_url(targets.media(path)) + anchor, path, fragment)
        return self._folder(path)

    def _page(self, page: str, fragment: str) -> Target:
        if page in self.targets.lessons:
            course, lesson = self.targets.lessons[page]
            return Target("page", lesson_url(course.id, lesson.id, fragment), page, fragment)
        course = self.targets.fronts[page]
        anchor = f"#{ANCHOR_PREFIX}{quote(fragment)}" if fragment else ""
        return Target("course", f"/courses/{quote(course.id, safe='')}{anchor}", page, fragment)

    def _folder(self, path: str) -> Target | None:
        """A folder stands for the first lesson in it."""
        if not path or path not in self.targets.folders:
            return None
        inside = f"{path}/"
        for course in self.targets.pack.courses:
            for lesson in course.lessons:
                if lesson.path.startswith(inside):
                    return Target("page", lesson_url(course.id, lesson.id), lesson.path)
        return None

    def _questions(self, file: QuestionFile, fragment: str) -> Target:
        if fragment and not any(question.id == fragment for question in file.questions):
            return Target("no-question", None, file.path, fragment)
        if fragment and (file.path in self.targets.banks or not self.targets.is_quiz(file)):
            embed = f"question:{file.id}#{fragment}"
            return Target("question", self._question_url(file, fragment), file.path, fragment, embed)
        if self.targets.is_quiz(file):
            return Target("quiz", quiz_url(self.course.id, file.id), file.path, "", f"quiz:{file.id}")
        return Target("practice", self._question_url(file, ""), file.path, "", f"file:{file.id}")

    def _question_url(self, file: QuestionFile, fragment: str) -> str | None:
        owner = self.targets.owners.get(file.path) or self.targets.lessons.get(self.path)
        if owner is None:
            return None
        course, lesson = owner
        return lesson_url(course.id, lesson.id) + f"#q-{quote(fragment)}" * bool(fragment)


def _inside(path: str) -> Iterator[str]:
    """The path in its plain form, if it does not leave the pack."""
    plain = posixpath.normpath(path) if path else ""
    plain = "" if plain == "." else plain
    if plain != ".." and not plain.startswith("../"):
        yield plain


def _without_template(target: str) -> str:
    start = _TEMPLATE_START.match(target)
    link = _TEMPLATE_LINK.match(target, start.end() if start else 0)
    if link:
        return "/" + link[1].lstrip("/") + target[link.end() :]
    return "/" + target[start.end() :].lstrip("/") if start else target


def _without_scheme(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    rest = url.partition("://")[2]
    return (parts.netloc.lower() + rest[len(parts.netloc) :]) if parts.netloc else ""
