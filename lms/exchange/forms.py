"""The form that takes questions of other systems."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from lms import encodings
from lms.web.forms import Form
from lms.web.language import lazy

FORMAT_NAMES = {"gift": "GIFT", "moodle-xml": "Moodle XML", "aiken": "Aiken"}
KINDS = {
    "single": lazy("One right answer"),
    "multiple": lazy("Several right answers"),
    "true-false": lazy("True or false"),
    "text": lazy("A word or two, typed"),
    "number": lazy("A number, typed"),
    "matching": lazy("Pairs"),
    "ordering": lazy("Steps in order"),
    "gaps": lazy("Gaps in a text"),
    "essay": lazy("A longer text, graded by a trainer"),
    "upload": lazy("Files, graded by a trainer"),
}
MODES = {
    "refuse": lazy("leave it as it is and ask me"),
    "append": lazy("add the questions at its end"),
    "replace": lazy("put them in the place of its questions"),
}


class ImportForm(Form):
    """A file with questions, and where they go."""

    file = FileField(lazy("File with questions"), [FileRequired(lazy("Choose a file first."))])
    pack = SelectField(lazy("Pack"), [InputRequired(lazy("Choose a pack."))])
    path = StringField(
        lazy("Question file"),
        [InputRequired(lazy("This is needed. Please fill it in.")), Length(max=300)],
        default="quizzes/questions.md",
        filters=[lambda text: "/".join(part.strip() for part in (text or "").split("/"))],
    )
    mode = RadioField(lazy("If this question file is there already"), default="refuse")
    format_name = SelectField(lazy("Format"), default="")
    encoding = SelectField(lazy("Letters"), default="")

    def __init__(self, packs: list[str], **values: Any) -> None:
        super().__init__(**values)
        self.mode.choices = list(MODES.items())
        self.format_name.choices = [("", lazy("Recognise it")), *FORMAT_NAMES.items()]
        self.encoding.choices = [("", lazy("Recognise them")), *((name, name) for name in encodings.CHOICES)]
        self.pack.choices = [(name, name) for name in packs]
