"""The form of a new target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import DateField, Field, IntegerField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from lms.coordination.kinds import RULES
from lms.coordination.target_pages import PERSON
from lms.people.kinds import kind_words
from lms.web.forms import Form
from lms.web.language import _, lazy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

A_SHARE = lazy("Write a whole number from 1 to 100.")
A_DAY = lazy("Choose a day in the calendar, or write it as 2026-11-30.")


class Percentage(IntegerField):
    """A whole number; what is none is said in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; a percent sign behind it does no harm."""
        try:
            super().process_formdata([value.strip().removesuffix("%").strip() for value in valuelist])
        except ValueError:
            raise ValueError(str(A_SHARE)) from None


class Day(DateField):
    """A day; what is none is said in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(A_DAY)) from None


class TargetForm(Form):
    """What shall be reached by when."""

    course = SelectField(lazy("Course"), validate_choice=False)
    counts = SelectField(lazy("What is counted"), validate_choice=False)
    share = Percentage(
        lazy("How many of them, in percent"), [InputRequired(A_SHARE), NumberRange(1, 100, A_SHARE)], default=100
    )
    due = Day(lazy("By which day"), [InputRequired(A_DAY)])

    def __init__(self, titles: dict[str, str], kinds: Sequence[str], today: date, **values: Any) -> None:
        super().__init__(**values)
        self.today = today
        self.courses = titles
        self.course.choices = list(titles.items())
        ways = [
            (PERSON, _("People: each person who is certified")),
            *(
                (f"{kind}:{rule}", _("%(kind)s: each %(rule)s", kind=kind_words(kind), rule=words))
                for kind in kinds
                for rule, words in RULES.items()
            ),
        ]
        self.counts.choices, self.ways = ways, frozenset(way for way, _words in ways)

    def validate_course(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in self.courses:
            raise ValidationError(_("Choose one of the courses."))

    def validate_counts(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in self.ways:
            raise ValidationError(_("Choose one of the ways to count."))

    def validate_due(self, field: Field) -> None:
        """A target lies ahead."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("This day is over. Choose today or a later day."))

    @property
    def counted(self) -> tuple[str, str]:
        """What is counted, and by which rule."""
        counts, _colon, rule = (self.counts.data or PERSON).rpartition(":")
        return (counts, rule) if counts else (rule, "")
