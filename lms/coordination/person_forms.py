"""Forms on the page of one person."""

from __future__ import annotations

from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form
from lms.web.language import _, lazy

A_REASON = DataRequired(lazy("Write the reason; it is kept with your name."))
A_NAME = DataRequired(lazy("Write the name."))


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class ExemptionForm(Form):
    """A course that somebody need not take, and why."""

    course = SelectField(lazy("Course"), validate_choice=False, id="exempt-course")
    reason = TextAreaField(lazy("Reason"), [A_REASON, Length(max=500)], filters=[_trim], id="exempt-reason")

    def offer(self, choices: list[tuple[str, str]]) -> ExemptionForm:
        """Say which courses there are to choose from."""
        self.course.choices = choices
        self.offered = frozenset(value for value, _words in choices)
        return self

    def validate_course(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in self.offered:
            raise ValidationError(_("Choose one of the courses."))


class NameForm(Form):
    """A corrected name."""

    name = StringField(lazy("Name, as the person writes it"), [A_NAME, Length(max=200)], filters=[_trim])
    latin_name = StringField(lazy("Name in Latin letters"), [Length(max=200)], filters=[_trim])
