"""What a pack says once it is understood: immutable values, without database, request or disk.

The parser fills them with Markdown; the compiler returns the same `Question` and `Option` values with HTML in
the places of text. Everything here can be written as JSON by msgspec and read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any  # plain JSON; msgspec cannot decode into a recursive alias
Severity: TypeAlias = Literal["error", "warning", "notice"]
Review: TypeAlias = Literal["each", "submitted", "passed", "never"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a pack that its author should know. Lines count from 1; 0 means the whole file."""

    file: str
    line: int
    severity: Severity
    rule: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Option:
    """One item of an answer part. `credit` is the share of the points, 0 to 1, that choosing it earns."""

    text: str
    right: bool = False
    credit: float = 0.0
    feedback: str = ""
    match: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `spec` is the type's own data (accepted answers, ranges, gaps, rubric), plain JSON.

    `key` is the identity in a course: the question file's id, `#`, the question's id. It is empty until the
    compiler places the question in a course. `level` says what answering takes: recall, understand or apply.
    """

    id: str
    type: str
    stem: str
    body: str = ""
    options: tuple[Option, ...] = ()
    hint: str = ""
    explanation: str = ""
    points: float = 1.0
    outcome: str = ""
    critical: bool = False
    fixed_order: bool = False
    spec: Mapping[str, Json] = field(default_factory=dict)
    line: int = 0
    key: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class QuizSettings:
    """How a question file is given as a quiz. Shares are 0 to 1, times are seconds, None means no limit.

    `passing` maps `total` and outcome ids to the share needed; it is empty for practice questions. `draw` maps
    `total` or outcome ids to a number of questions; empty means all of them.
    """

    passing: Mapping[str, float] = field(default_factory=dict)
    draw: Mapping[str, int] = field(default_factory=dict)
    attempts: int | None = None
    retry_after: int = 0
    time_limit: int | None = None
    review: Review = "submitted"
    shuffle: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A parsed question file: the practice questions of a lesson, a quiz, or a bank under `quizzes/`.

    `id` is the path without `quizzes/`, number prefixes, language tag and endings. `translations` maps a
    language tag to the same file in that language, whose questions have the same ids.
    """

    path: str
    id: str
    title: str
    language: str
    introduction: str = ""
    settings: QuizSettings = field(default_factory=QuizSettings)
    questions: tuple[Question, ...] = ()
    translations: Mapping[str, QuestionFile] = field(default_factory=dict)

    @property
    def is_graded(self) -> bool:
        """Whether the file is a quiz with a pass mark, not practice."""
        return bool(self.settings.passing)


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson's words in one language. `first_line` is the line of the file at which `text` begins."""

    path: str
    language: str
    title: str
    summary: str
    text: str
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """One Markdown file. `practice` is the path of its question file, empty if it has none."""

    id: str
    path: str
    source: LessonText
    translations: Mapping[str, LessonText] = field(default_factory=dict)
    module: tuple[str, ...] = ()
    minutes: float = 0.0
    topics: tuple[str, ...] = ()
    optional: bool = False
    valid_as_of: str = ""
    sources: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A folder of lessons. `titles` has its title in each language; `lessons` are ids in order."""

    id: str
    titles: Mapping[str, str]
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompletionRules:
    """What completes a course: the share of lessons read, graded quizzes, exam, sessions, outside actions, cascade.

    `cascade` is how many people the trainee must have trained who hold a certificate of what they were trained in.
    """

    lessons: float = 1.0
    quizzes: bool = True
    exam: bool = True
    attendance: int = 0
    actions: tuple[str, ...] = ()
    cascade: int = 0


DESIGNS = ("bookplate", "stair", "plain")  # of certificates; the first one where a course names none


@dataclass(frozen=True, slots=True)
class Look:
    """How a certificate looks on paper: a design by name, a colour (`#rrggbb`), the path of a logo in the pack."""

    design: str = ""
    colour: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class MicroCredential:
    """What a European micro-credential states besides what every certificate does.

    Source: Annex I of the Council Recommendation of 16 June 2022 on micro-credentials, OJ 2022/C 243/02.
    `country` is the issuer's (ISO 3166), `level` the one of a qualifications framework, `participation` the form of
    taking part, `quality` how it is assured. `credits`, `prerequisites` and `supervision` are optional.
    """

    country: str = ""
    level: str = ""
    participation: str = ""
    quality: str = ""
    credits: str = ""
    prerequisites: str = ""
    supervision: str = ""


@dataclass(frozen=True, slots=True)
class HelpScope:
    """What help a certificate is for: kinds, audiences and services by code; an empty one means no limit."""

    kinds: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationRules:
    """What an organisation's certificate needs: `helpers` of its people with a valid certificate of the same course.

    `kinds` are kinds of unit that may hold it (any, if empty), `mandate` what they may do in this name, by id, `warn`
    how long one is warned before it lapses, `helps` what help is within the mandate. `valid` is like "24 months";
    empty means no expiry of its own.
    """

    title: str
    helpers: int = 1
    kinds: tuple[str, ...] = ()
    mandate: Mapping[str, str] = field(default_factory=dict)
    valid: str = ""
    warn: str = "30 days"
    helps: HelpScope = HelpScope()


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """What a completed course earns. `valid` is like "24 months"; empty means no expiry. `helps` limits the help."""

    title: str
    level: str = ""
    valid: str = ""
    look: Look = Look()
    micro: MicroCredential | None = None
    organisations: OrganisationRules | None = None
    helps: HelpScope = HelpScope()


@dataclass(frozen=True, slots=True)
class PriorLearning:
    """That somebody who knows a course already may show it by evidence, and what has to be shown.

    `outcomes` are the ids of those that evidence has to show, all of the course if empty; with `interview` somebody
    talks with the person before it is recognised.
    """

    outcomes: tuple[str, ...] = ()
    interview: bool = False


@dataclass(frozen=True, slots=True)
class CourseText:
    """The words of a course in one language. `outcomes` and `actions` map ids to text; `text` is Markdown.

    `evidence` has, by id, what proves prior learning. `first_line` is the line of the front page at which `text`
    begins.
    """

    title: str
    summary: str = ""
    text: str = ""
    first_line: int = 1
    outcomes: Mapping[str, str] = field(default_factory=dict)
    certificate_title: str = ""
    organisation_title: str = ""
    mandate: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """A parsed course or, if `courses` lists others, a programme. `texts` has the source language first.

    `path` is its folder in the pack; `files` are the paths that may be served to a browser; `order_by` says
    what gave the order of lessons (front matter, mkdocs, summary, toc, config, readme, names). `aside` are pages
    that are no lessons because the order leaves them out; links reach them. `index` is the front page's path by
    language, `languages` the translations that are meant to exist, `sites` the addresses at which the same text
    stands elsewhere, `roots` the folders that a link with a leading slash may start from. `needs_approval` says that
    a second person looks at it before it is published.
    """

    id: str
    path: str
    language: str
    texts: Mapping[str, CourseText]
    order_by: str = "names"
    hours: float | None = None
    needs_approval: bool = False
    aligns: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    exam: str = ""
    complete: CompletionRules = field(default_factory=CompletionRules)
    certificate: CertificateRules | None = None
    prior_learning: PriorLearning | None = None
    parties: Mapping[str, str] = field(default_factory=dict)
    partners: tuple[str, ...] = ()
    co_issuers: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    aside: tuple[Lesson, ...] = ()
    question_files: tuple[QuestionFile, ...] = ()
    files: tuple[str, ...] = ()
    index: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    order_file: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that was understood in a folder, and what was not."""

    courses: tuple[Course, ...] = ()
    banks: tuple[QuestionFile, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether nothing of this pack may be published yet."""
        return any(problem.severity == "error" for problem in self.problems)
