"""Flags in words: what was found, and what one could do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.analysis.rules import FEWEST, SILENT, URGENT, Flag
from lms.analysis.sums import PARTLY, RIGHT, SKIPPED, WRONG
from lms.web.language import _, language_name, lazy, listing, ngettext, number, percent

if TYPE_CHECKING:
    from lms.analysis.picture import Row
    from lms.analysis.rules import Raised

LABELS = {
    Flag.CHECK_KEY: lazy("Check the key"),
    Flag.PULLS: lazy("A wrong option draws the best"),
    Flag.HARDER: lazy("Harder in one language"),
    Flag.WEAK: lazy("Tells little apart"),
    Flag.HARD: lazy("Very hard"),
    Flag.EASY: lazy("Very easy"),
    Flag.SKIPPED: lazy("Often left out"),
    Flag.NOBODY: lazy("An option nobody chooses"),
    Flag.HARDLY: lazy("An option hardly anybody chooses"),
    Flag.TOO_FEW: lazy("Too few answers"),
    Flag.NEVER: lazy("Not drawn yet"),
}
SENTENCES = {
    Flag.CHECK_KEY: lazy("People who do well elsewhere get this wrong."),
    Flag.WEAK: lazy("Who knows the rest and who does not answer this almost alike."),
    Flag.HARD: lazy("Hardly anybody gets this right."),
    Flag.EASY: lazy("Almost everybody gets this right."),
    Flag.NEVER: lazy("Nobody was asked this yet, as it is worded now."),
}
ADVICE = {
    Flag.CHECK_KEY: lazy("See whether the right answer is the marked one, and whether another one is right as well."),
    Flag.PULLS: lazy("It may be right as well, as it is worded."),
    Flag.HARDER: lazy("Read the translation beside the original."),
    Flag.WEAK: lazy("See whether it is clear what is asked, and whether the course teaches it."),
    Flag.HARD: lazy("Check the key first, then whether the course teaches it."),
    Flag.EASY: lazy("That may be as it should. To learn more from it, give it likelier wrong answers."),
    Flag.SKIPPED: lazy("See whether it is understood, and whether there is time enough."),
    Flag.NOBODY: lazy("Put something likelier in its place, or take it away."),
    Flag.HARDLY: lazy("Something likelier in its place would tell more."),
}
NOT_SAID = {
    "few": lazy("Too few people yet: it takes %(least)s of whom every question is graded."),
    "same": lazy("Everybody has the same result, so nothing can be said."),
    "one": lazy("Of a single question nothing can be said."),
    "points": lazy("Questions of different points are drawn by chance; for that there is no sound figure."),
}
CHOICES = {
    RIGHT: lazy("right"),
    PARTLY: lazy("partly right"),
    WRONG: lazy("wrong"),
    SKIPPED: lazy("left out"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A flag for a page: the kind and the icon of its sign, a label, a sentence, what one could do."""

    flag: Flag
    kind: str
    icon: str
    label: str
    sentence: str
    advice: str


def said(raised: Raised, row: Row) -> Said:
    """A flag in the reader's words."""
    kind, icon = ("stop", "stop") if raised.flag in URGENT else ("warn", "warn")
    if raised.flag in SILENT:
        kind, icon = "wait", "clock"
    label, advice = LABELS[raised.flag], ADVICE.get(raised.flag, "")
    return Said(raised.flag, kind, icon, str(label), _sentence(raised, row), str(advice))


def _sentence(raised: Raised, row: Row) -> str:
    if raised.flag in SENTENCES:
        return str(SENTENCES[raised.flag])
    if raised.flag == Flag.TOO_FEW:
        known = row.figures.asked - row.figures.waiting
        return _("Too few answers to say: %(known)s of %(least)s.", known=number(known), least=number(FEWEST))
    if raised.flag == Flag.HARDER:
        return _(
            "In %(language)s people earn %(points)s points in a hundred less than their other answers let expect.",
            language=language_name(raised.language),
            points=number(100 * raised.share, 0),
        )
    if raised.flag == Flag.SKIPPED:
        return _("%(share)s leave it out.", share=percent(raised.share))
    return _of_options(raised)


def _of_options(raised: Raised) -> str:
    options, count = listing([letter(place) for place in raised.options]), len(raised.options)
    if raised.flag == Flag.PULLS:
        return ngettext(
            "Those who do best choose option %(options)s more often than others.",
            "Those who do best choose options %(options)s more often than others.",
            count,
            options=options,
        )
    if raised.flag == Flag.NOBODY:
        return ngettext(
            "Nobody chooses option %(options)s.", "Nobody chooses options %(options)s.", count, options=options
        )
    return ngettext(
        "Hardly anybody chooses option %(options)s.",
        "Hardly anybody chooses options %(options)s.",
        count,
        options=options,
    )


def letter(place: int) -> str:
    """The name of an option by its place in the file: A, B, … Z, then numbers."""
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def choice_in_words(row: Row, name: str) -> tuple[str, str]:
    """A row of the table of choices: its letter or value, and its words as HTML of the question."""
    if name in CHOICES:
        return "", str(CHOICES[name])
    place = int(name)
    if row.is_choice:
        return letter(place), row.question.options[place].text
    label = row.question.spec.get("labels", {}).get(name, "")
    return name, str(label)
