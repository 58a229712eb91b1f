"""The plugin contract: what a plugin may bring and what each kind promises. Discovery stands in `discovery.py`.

A plugin is one frozen object. It returns values; the LMS stores them. Nothing that grades sees a request or
the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from lms.content.structure import Json, Problem, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.config import Settings

Response: TypeAlias = Json
FormValues: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a question's last top-level list, as written, with its feedback quote taken off.

    `marker` is what opens it: `[ ]`, `[x]`, `=` (with `percent` for `=50%`), `1.` or `-`.
    """

    marker: str
    text: str
    feedback: str
    line: int
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionSource:
    """A question as it stands in the file, split into its parts but not yet understood by a type.

    `stem` and `body` are Markdown, `body_line` is the file's line at which `body` begins; `settings` is the `quiz`
    block; `language` is the file's.
    """

    file: str
    id: str
    line: int
    stem: str
    body: str
    items: tuple[Item, ...]
    hint: str
    explanation: str
    settings: Mapping[str, Json]
    language: str
    body_line: int = 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a type made of a source: the question, unless an error forbids it, and what the author should know."""

    question: Question | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A response's worth. `score` is the share of the points, 0 to 1, or None while a trainer must grade it.

    `counts` is False for opinions, which never enter a total. `parts` has a score for each part of the question
    where a page in review can't tell by itself which parts are right.
    """

    score: float | None
    counts: bool = True
    parts: tuple[float, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether the response earned everything."""
        return self.score is not None and self.score >= 1.0


class UnclearAnswer(ValueError):
    """The trainee wrote something with two meanings, such as `1,024`; the message asks her.

    The message is a fixed English sentence, marked by `N_` for the catalogues; the page translates it.
    """


def N_(message: str) -> str:  # noqa: N802 - the name by which gettext tools find it
    """The message itself: marks a sentence that is translated later, where the reader's language is known."""
    return message


class QuestionType(Protocol):
    """A kind of question. All methods are pure.

    `template` renders inputs and, in review, verdicts; it receives `question`, `order` (option indices as shown),
    `response`, `name` (prefix that makes ids unique) and `review`. Form fields are `answer` (repeated for several
    choices) or `answer-N` with N the 0-based position of the part in the source; where that position is itself the
    key (ordering), N is a token that says nothing.

    `takes_list` tells the parser whether the last list of the question is the answer part, or text like any other.
    """

    name: str
    interaction: str
    template: str
    example: str
    settings: frozenset[str]
    shuffles: bool
    takes_list: bool

    def recognises(self, source: QuestionSource) -> bool:
        """Whether a source without `type:` is of this type."""
        ...

    def parse(self, source: QuestionSource) -> Parsed:
        """Understand a source. Never raises: what is wrong comes back as problems with file and line."""
        ...

    def read(self, question: Question, form: FormValues) -> Response | None:
        """The response in a submitted form; None if nothing was answered. Raises `UnclearAnswer`."""
        ...

    def grade(self, question: Question, response: Response) -> Grade:
        """The worth of a response that `read` returned, also one read by an older version."""
        ...

    def describe(self, question: Question, response: Response) -> str:
        """The response in plain words, for review lists."""
        ...

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge, or nothing is right."""
        ...

    def solution(self, question: Question) -> str:
        """The right answer in plain words; empty if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person can be reached; an empty text where we know nothing."""

    name: str
    language: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person, in their language. `key` is the same when it is sent again after a failure.

    `stop_url` is where the person says, with one press, that they want no more of these.
    """

    key: str
    to: str
    language: str
    subject: str
    text: str
    stop_url: str


class Undeliverable(Exception):
    """This message will never arrive: the address is wrong, or the other side refuses it. Trying again is useless."""


class MessageChannel(Protocol):
    """A way to reach people: mail, SMS, a messenger.

    `words` is its name on the screen, a fixed English sentence marked by `N_`.
    """

    name: str
    words: str

    def address(self, contact: Contact) -> str:
        """Where this channel reaches the person; empty if it does not."""
        ...

    def send(self, message: Message) -> None:
        """Send a message. Raises `Undeliverable`, or `OSError` where trying again later may help."""
        ...


# makes a channel from the settings; None where the settings do not ask for it
ChannelMaker: TypeAlias = "Callable[[Settings], MessageChannel | None]"


@dataclass(frozen=True, slots=True)
class Plugin:
    """One plugin, found by the entry-point group `lms.plugins` or listed among the built-ins."""

    name: str
    question_types: tuple[QuestionType, ...] = ()
    channels: tuple[ChannelMaker, ...] = ()
    packs: Mapping[str, str] = field(default_factory=dict)
