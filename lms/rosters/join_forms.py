"""The forms of the ways in: codes to join with, and claims of an entry of a register."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from lms.web.forms import Form
from lms.web.language import lazy

NEEDED = DataRequired(lazy("This is needed. Please fill it in."))


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class CodeForm(Form):
    """How long a join code is in force."""

    days = SelectField(
        lazy("In force for"),
        choices=[("14", lazy("two weeks")), ("30", lazy("one month")), ("90", lazy("three months"))],
        default="30",
    )


class ClaimForm(Form):
    """An entry of a register, and something that its coordinator knows."""

    code = StringField(lazy("Your number in the register"), [NEEDED, Length(max=80)], filters=[_trim])
    contact = StringField(lazy("Your telephone number or e-mail"), [NEEDED, Length(max=254)], filters=[_trim])
