"""The forms of the ways in: codes to join with, and claims of an entry of a register."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form
from lms.web.language import _, lazy

NEEDED = DataRequired(lazy("This is needed. Please fill it in."))


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class CodeForm(Form):
    """How long a join code is in force."""

    days = SelectField(lazy("In force for"), default="30")

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.days.choices = [("14", _("two weeks")), ("30", _("one month")), ("90", _("three months"))]


class ClaimForm(Form):
    """An entry of a register, and something that its coordinator knows."""

    code = StringField(lazy("Your number in the register"), [NEEDED, Length(max=80)], filters=[_trim])
    contact = StringField(lazy("Your telephone number or e-mail"), [NEEDED, Length(max=254)], filters=[_trim])
