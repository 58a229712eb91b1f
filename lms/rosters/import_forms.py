"""The forms of bringing people and units in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, HiddenField, RadioField, SelectField, ValidationError

from lms.rosters.columns import PEOPLE, UNITS
from lms.web.forms import Form
from lms.web.language import _, lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = {PEOPLE: lazy("People"), UNITS: lazy("Units")}
ENDINGS = ("csv", "tsv", "txt", "xlsx")


class UploadForm(Form):
    """A file, what is in it, and the unit that it may touch."""

    file = FileField(lazy("File (CSV or XLSX)"), [FileRequired(lazy("Choose a file."))])
    kind = RadioField(lazy("What is in the file?"), default=PEOPLE, validate_choice=False)
    unit = SelectField(lazy("Into which unit, and those below it?"), validate_choice=False)
    upload_id = HiddenField()

    def __init__(self, units: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.unit.choices = list(units)
        self.offered = frozenset(value for value, _words in units)

    def validate_kind(self, field: Field) -> None:
        """One of the two."""
        if field.data not in KINDS:
            raise ValidationError(_("Say what is in the file."))

    def validate_unit(self, field: Field) -> None:
        """One of those on offer; an empty one stands for everything."""
        if field.data not in self.offered:
            raise ValidationError(_("Choose one of your units."))

    def validate_file(self, field: Field) -> None:
        """A kind of file that we read; what is really in it is looked at later."""
        ending = (field.data.filename or "").rpartition(".")[2].lower()
        if ending not in ENDINGS:
            raise ValidationError(_("This kind of file cannot be read. Save it as XLSX or CSV and send it again."))
