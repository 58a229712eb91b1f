"""The forms that give courses to units and to groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from lms.coordination.target_forms import Day
from lms.web.forms import Form
from lms.web.language import _, lazy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

NEEDED = DataRequired(lazy("This is needed. Please fill it in."))
MOST_TYPED = 40_000  # letters; a group has 500 people at most


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class RuleForm(Form):
    """Which unit takes which courses by when."""

    unit = StringField(lazy("Code of the unit"), [NEEDED, Length(max=60)], filters=[_trim])
    courses = SelectMultipleField(lazy("Courses"), validate_choice=False, option_widget=CheckboxInput())
    due = Day(lazy("By which day"), [Optional()])

    def __init__(self, titles: Mapping[str, str], today: date, **values: Any) -> None:
        super().__init__(**values)
        self.courses.choices = list(titles.items())
        self.offered, self.today = frozenset(titles), today

    def validate_courses(self, field: Field) -> None:
        """At least one of those on offer."""
        if not field.data or not set(field.data) <= self.offered:
            raise ValidationError(_("Choose at least one of the courses."))

    def validate_due(self, field: Field) -> None:
        """A deadline lies ahead."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("This day is over. Choose today or a later day, or leave it empty."))


class GroupForm(Form):
    """A group: its unit, its course, its name, its days."""

    unit = StringField(lazy("Code of the unit"), [NEEDED, Length(max=60)], filters=[_trim])
    course = SelectField(lazy("Course"), validate_choice=False)
    name = StringField(lazy("Name of the group"), [NEEDED, Length(max=120)], filters=[_trim])
    starts = Day(lazy("First day"), [InputRequired(lazy("Choose a day in the calendar, or write it as 2026-11-30."))])
    ends = Day(lazy("Last day"), [InputRequired(lazy("Choose a day in the calendar, or write it as 2026-11-30."))])

    def __init__(self, titles: Mapping[str, str], today: date, **values: Any) -> None:
        super().__init__(**values)
        self.course.choices = list(titles.items())
        self.offered, self.today = frozenset(titles), today

    def validate_course(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in self.offered:
            raise ValidationError(_("Choose one of the courses."))

    def validate_ends(self, field: Field) -> None:
        """A group has a day at least, and not all of its days are over."""
        if field.data is None:
            return
        if self.starts.data is not None and field.data < self.starts.data:
            raise ValidationError(_("The last day lies before the first. Exchange the two."))
        if field.data < self.today:
            raise ValidationError(_("This day is over. Choose today or a later day."))


class PutInForm(Form):
    """People to put into a group, one a line."""

    people = TextAreaField(lazy("Codes or names, one a line"), [NEEDED, Length(max=MOST_TYPED)])
