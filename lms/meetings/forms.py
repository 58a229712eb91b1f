"""The form of a session."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, Field, FloatField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from lms.web.forms import Form
from lms.web.language import _, lazy

FIRST_DAY, DAYS_AHEAD = date(1990, 1, 1), 730
MOST_HOURS = 200
NEEDED = lazy("This is needed. Please fill it in.")


def trim(value: str | None) -> str:
    """Without white space at the ends, and single spaces inside."""
    return " ".join((value or "").split())


class DayField(DateField):
    """A day; what is none is said in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a day as year-month-day, for example 2026-03-31.")) from None


class HoursField(FloatField):
    """Hours, perhaps half ones, with a point or a comma."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata([value.strip().replace(",", ".") for value in valuelist])
        except ValueError:
            raise ValueError(_("Write a number of hours, for example 4 or 1.5.")) from None


class SessionForm(Form):
    """A session: of which course, for which unit, where, when, how long, by whom."""

    course = SelectField(lazy("Course"), validate_choice=False)
    unit = StringField(lazy("Unit"), [Length(max=200)], filters=[trim])
    title = StringField(lazy("Title"), [Length(max=200)], filters=[trim])
    place = StringField(lazy("Place"), [Length(max=200)], filters=[trim])
    is_online = BooleanField(lazy("It is online"))
    held_on = DayField(lazy("Day"), [InputRequired(NEEDED)])
    hours = HoursField(lazy("Academic hours"), [InputRequired(NEEDED)])
    trainer = StringField(lazy("Trainer"), [Length(max=200)], filters=[trim])

    def __init__(self, choices: list[tuple[str, str]], today: date, **values: Any) -> None:
        super().__init__(**values)
        self.course.choices = choices
        self.offered, self.today = frozenset(value for value, _words in choices), today

    def validate_course(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in self.offered:
            raise ValidationError(_("Choose one of the courses."))

    def validate_unit(self, field: Field) -> None:
        """Spaces are no unit."""
        if not field.data:
            raise ValidationError(str(NEEDED))

    def validate_held_on(self, field: Field) -> None:
        """A session may be entered late, or planned ahead."""
        if field.data is not None and not FIRST_DAY <= field.data <= self.today + timedelta(days=DAYS_AHEAD):
            raise ValidationError(_("Look at the year: a session lies at most two years ahead."))

    def validate_hours(self, field: Field) -> None:
        """More than nothing, less than a week."""
        if field.data is not None and not 0 < field.data <= MOST_HOURS:  # not a number is neither
            raise ValidationError(_("From 0.5 to 200 hours, please. An academic hour is 45 minutes."))
