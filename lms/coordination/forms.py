"""The forms of the coordinator's desk."""

from __future__ import annotations

from typing import Any

from wtforms import Field, IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from lms.web.forms import Form
from lms.web.language import _, lazy

MOST_ATTEMPTS = 10
MOST_MINUTES = 600
A_NUMBER = InputRequired(lazy("Write a number; 0 gives none."))
A_REASON = InputRequired(lazy("Write the reason; it is kept with what you give."))


def _trim(value: str | None) -> str:
    return (value or "").strip()


class WholeNumber(IntegerField):
    """A number without a fraction; what is none is said in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a number; 0 gives none.")) from None


class AllowanceForm(Form):
    """Further attempts or time at one quiz, and why."""

    quiz = SelectField(lazy("Quiz"), validate_choice=False)
    attempts = WholeNumber(
        lazy("Further attempts"),
        [A_NUMBER, NumberRange(0, MOST_ATTEMPTS, lazy("From 0 to 10, please."))],
        default=1,
    )
    minutes = WholeNumber(
        lazy("Further minutes in each attempt"),
        [A_NUMBER, NumberRange(0, MOST_MINUTES, lazy("From 0 to 600, please."))],
        default=0,
    )
    reason = TextAreaField(lazy("Reason"), [A_REASON, Length(max=500)], filters=[_trim])

    def __init__(self, choices: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.quiz.choices = choices
        self.offered = frozenset(value for value, _words in choices)

    def validate_quiz(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in self.offered:
            raise ValidationError(_("Choose one of the quizzes."))

    def validate_minutes(self, field: Field) -> None:
        """Something is given: attempts or minutes."""
        if not field.data and not self.attempts.data:
            raise ValidationError(_("Give at least one attempt or one minute."))

    def validate_reason(self, field: Field) -> None:
        """Spaces are no reason."""
        if not field.data:
            raise ValidationError(A_REASON.message or "")
