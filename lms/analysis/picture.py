"""The questions of one version of a quiz with their figures and flags: sums put together as somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.analysis.rules import SILENT, URGENT, Distractors, Figures, Raised, distractors, figures, flags
from lms.analysis.rules import harder_by_language as harder
from lms.analysis.sums import PARTLY, RIGHT, SKIPPED, WRONG, ChoiceSums, QuestionSums
from lms.analysis.texts import CHOICES, OPINION, text_of
from lms.content.queries import plain_text

if TYPE_CHECKING:
    from lms.analysis.tally import Place
    from lms.content.compiled import CompiledCourse
    from lms.content.structure import Question
    from lms.plugins import QuestionType

    Sums = Mapping[Place, tuple[QuestionSums, ChoiceSums]]


@dataclass(frozen=True, slots=True)
class Row:
    """A question of a version. `language` is the one that its words are in; `by_language` its figures in each."""

    key: str
    question: Question
    language: str
    interaction: str
    figures: Figures
    choices: Distractors
    flags: tuple[Raised, ...]
    by_language: Mapping[str, Figures]

    @property
    def id(self) -> str:
        """The question's id in its file."""
        return self.key.rpartition("#")[2]

    @property
    def words(self) -> str:
        """What is asked, as plain text."""
        return " ".join(plain_text(self.question.stem).split()) or self.id

    @property
    def is_opinion(self) -> bool:
        """Whether nothing is right or wrong about it."""
        return self.interaction == OPINION

    @property
    def is_choice(self) -> bool:
        """Whether its options are chosen from."""
        return self.interaction in CHOICES

    @property
    def is_flagged(self) -> bool:
        """Whether somebody should look at it."""
        return any(raised.flag not in SILENT for raised in self.flags)

    @property
    def is_urgent(self) -> bool:
        """Whether it may be unfair to people."""
        return any(raised.flag in URGENT for raised in self.flags)


def rows(
    course: CompiledCourse, quiz: str, types: Mapping[str, QuestionType], sums: Sums, language: str, only: str = ""
) -> list[Row]:
    """Every question of a quiz in a version, with what was answered to the very texts of that version.

    `language` is the reader's, for the words; `only` counts the answers in one language alone.
    """
    by_key: dict[str, dict[str, dict[str, tuple[QuestionSums, ChoiceSums]]]] = {}
    for (key, tongue, text), each in sums.items():
        by_key.setdefault(key, {}).setdefault(text, {})[tongue] = each
    return [_row(course, key, types, by_key.get(key, {}), language, only) for key in course.quizzes[quiz].questions]


def _row(
    course: CompiledCourse,
    key: str,
    types: Mapping[str, QuestionType],
    texts: Mapping[str, Mapping[str, tuple[QuestionSums, ChoiceSums]]],
    language: str,
    only: str,
) -> Row:
    versions = course.questions[key]
    source = versions[course.language]
    kind = types.get(source.type)
    interaction = kind.interaction if kind is not None else ""
    shown = {text_of(each, is_opinion=interaction == OPINION) for each in versions.values()}
    by_language = _by_language([sums for text, sums in texts.items() if text in shown])
    chosen = [by_language[only]] if only in by_language else [] if only else list(by_language.values())
    everything, choices = QuestionSums(), ChoiceSums()
    for question, choice in chosen:
        everything.merge(question)
        choices.merge(choice)
    known, table = figures(everything), distractors(choices, choice_names(source, interaction))
    rights = [option.right for option in source.options] if interaction in CHOICES else []
    hard = harder({tongue: question for tongue, (question, _choice) in by_language.items()})
    raised = flags(
        known,
        table,
        rights,
        {tongue: by for tongue, by in hard.items() if only in {"", tongue}},
        is_graded=interaction != OPINION,
    )
    spoken = language if language in versions else course.language
    every = {tongue: figures(question) for tongue, (question, _choice) in sorted(by_language.items())}
    return Row(key, versions[spoken], spoken, interaction, known, table, raised, every)


def _by_language(
    texts: Sequence[Mapping[str, tuple[QuestionSums, ChoiceSums]]],
) -> dict[str, tuple[QuestionSums, ChoiceSums]]:
    """What was answered in each language; where two texts of a version were shown in one, both together."""
    found: dict[str, tuple[QuestionSums, ChoiceSums]] = {}
    for sums in texts:
        for tongue, (question, choices) in sums.items():
            into = found.setdefault(tongue, (QuestionSums(), ChoiceSums()))
            into[0].merge(question)
            into[1].merge(choices)
    return found


def choice_names(question: Question, interaction: str) -> Sequence[str]:
    """The rows of a question's table: its options, its scale, or how right the answers were; last, who left it out."""
    if interaction in CHOICES:
        names: Iterable[str] = map(str, range(len(question.options)))
    elif interaction == OPINION:
        names = map(str, range(question.spec.get("from", 1), question.spec.get("to", 5) + 1))
    else:
        names = (RIGHT, PARTLY, WRONG)
    return (*names, SKIPPED)
