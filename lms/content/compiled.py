"""A published version as the running site uses it: every text is safe HTML, every link is a URL.

A `CompiledCourse` is immutable and complete: no page needs the folder again. It is stored as JSON in
`course_version.compiled` and decoded once in each process (`content.queries.version`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.content.structure import CertificateRules, CompletionRules, Module, PriorLearning, Question, QuizSettings


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a lesson page, in order. Exactly one field is filled: HTML, a question's key or a quiz's id."""

    html: str = ""
    question: str = ""
    quiz: str = ""


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading of level 2 or 3 and the id to jump to."""

    level: int
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson in one language. `minutes` is FORMAT's estimate: reading, practice and stated practical time."""

    title: str
    summary: str
    parts: tuple[Part, ...]
    toc: tuple[TocEntry, ...]
    words: int
    minutes: float


@dataclass(frozen=True, slots=True)
class CompiledLesson:
    """A lesson in all its languages. `questions` are the keys of its practice questions in page order."""

    id: str
    path: str
    module: str
    pages: Mapping[str, LessonPage]
    questions: tuple[str, ...] = ()
    quizzes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    optional: bool = False
    valid_as_of: str = ""
    sources: tuple[str, ...] = ()
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledQuiz:
    """A graded quiz: `titles` and `introductions` (HTML) by language, `questions` the keys it may draw from."""

    id: str
    path: str
    titles: Mapping[str, str]
    introductions: Mapping[str, str]
    settings: QuizSettings
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course's own words in one language; `html` is the body of its front page, `actions` titles by name.

    `evidence` are the kinds of evidence of prior learning that are asked for, by id.
    """

    title: str
    summary: str
    html: str
    outcomes: Mapping[str, str]
    certificate_title: str
    actions: Mapping[str, str] = field(default_factory=dict)
    organisation_title: str = ""
    mandate: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a page may show: the SHA-256 of its bytes (hex) and its media type."""

    digest: str
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class CompiledCourse:
    """One immutable version of a course or programme. `digest` names its source, hex SHA-256.

    `questions` maps a question's key to the question in each language; text answers of a translation include
    the source's. `estimate` is the whole course in minutes by part: reading, questions, practical, total. `aside`
    are pages that links reach but that are no lessons: they are not in the order and count for nothing.
    """

    id: str
    digest: str
    language: str
    pages: Mapping[str, CoursePage]
    hours: float | None = None
    aligns: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    exam: str = ""
    complete: CompletionRules = field(default_factory=CompletionRules)
    certificate: CertificateRules | None = None
    parties: Mapping[str, str] = field(default_factory=dict)
    partners: tuple[str, ...] = ()
    co_issuers: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    lessons: tuple[CompiledLesson, ...] = ()
    aside: tuple[CompiledLesson, ...] = ()
    quizzes: Mapping[str, CompiledQuiz] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, Question]] = field(default_factory=dict)
    media: Mapping[str, Media] = field(default_factory=dict)
    estimate: Mapping[str, float] = field(default_factory=dict)
    needs_approval: bool = False
    prior_learning: PriorLearning | None = None
