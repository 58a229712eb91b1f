"""The forms of the trainer's desk."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms.web.forms import Form
from lms.web.language import _, lazy

NEEDED = InputRequired(lazy("This is needed. Please fill it in."))
MOST_ATTEMPTS, MOST_MINUTES = 5, 120


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class WholeNumber(IntegerField):
    """An integer; what is none is left to the range to complain about, so that one sentence says it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what can be taken."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class UploadForm(Form):
    """A pack as a zip file."""

    file = FileField(lazy("Zip file"), [FileRequired(lazy("Choose a zip file first."))])
    replace = BooleanField(lazy("If there is a pack of this name, replace it"))


class AllowanceForm(Form):
    """More attempts or more time at one quiz, and why."""

    quiz = SelectField(lazy("Quiz or exam"), [NEEDED])
    attempts = WholeNumber(
        lazy("Further attempts"),
        [InputRequired(lazy("A whole number from 0 to 5, please.")),
         NumberRange(0, MOST_ATTEMPTS, lazy("A whole number from 0 to 5, please."))],
        default=0,
    )  # fmt: skip
    minutes = WholeNumber(
        lazy("Further minutes"),
        [InputRequired(lazy("A whole number from 0 to 120, please.")),
         NumberRange(0, MOST_MINUTES, lazy("A whole number from 0 to 120, please."))],
        default=0,
    )  # fmt: skip
    reason = StringField(
        lazy("Reason"),
        [DataRequired(lazy("This is needed. Please fill it in.")), Length(max=500)],
        filters=[lambda text: " ".join((text or "").split())],
    )

    def __init__(self, quizzes: dict[str, str], **values: Any) -> None:
        super().__init__(**values)
        self.quiz.choices = list(quizzes.items())

    def validate_minutes(self, field: IntegerField) -> None:
        """Something has to be given."""
        if not field.data and not self.attempts.data:
            raise ValidationError(_("Give at least one attempt or one minute."))
