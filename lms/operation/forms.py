"""The forms of the operator's desk."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, Field, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from lms.people.rules import Role
from lms.web.forms import Form
from lms.web.language import _, lazy

NEEDED = DataRequired(lazy("This is needed. Please fill it in."))
A_DAY = InputRequired(lazy("This is needed. Please fill it in."))  # keeps what DayField says of a bad one
ROLES = {
    Role.TRAINER: lazy("Trainer"),
    Role.COORDINATOR: lazy("Coordinator"),
    Role.OWNER: lazy("Owner"),
    Role.PROVIDER: lazy("Provider"),
    Role.OPERATOR: lazy("Operator"),
}


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class DayField(DateField):
    """A day; what is none is said in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a day as year-month-day, for example 2026-03-31.")) from None


class RoleForm(Form):
    """A role to give, and where a coordinator's role holds."""

    role = SelectField(lazy("Role"), validate_choice=False)
    unit = StringField(lazy("Code of the unit"), [Length(max=60)], filters=[_trim])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = [(role.value, str(words)) for role, words in ROLES.items()]

    def validate_role(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in set(Role):
            raise ValidationError(_("Choose one of the roles."))


class UnitForm(Form):
    """A unit to add."""

    name = StringField(lazy("Name"), [NEEDED, Length(max=200)], filters=[_trim])
    kind = StringField(lazy("Kind"), [NEEDED, Length(max=40)], filters=[_trim])
    code = StringField(lazy("Code"), [NEEDED, Length(max=60)], filters=[_trim])
    parent = StringField(lazy("Code of the unit above"), [Length(max=60)], filters=[_trim])

    def validate_code(self, field: Field) -> None:
        """A code stands in addresses and lists."""
        if any(sign in field.data for sign in " /?#&;"):
            raise ValidationError(_("A code has no spaces and none of / ? # & ;"))


class MemberForm(Form):
    """Somebody to add to a unit."""

    login = StringField(lazy("E-mail or user name"), [NEEDED, Length(max=254)], filters=[_trim])
    unit = StringField(lazy("Code of the unit"), [NEEDED, Length(max=60)], filters=[_trim])
    since = DayField(lazy("Member since"), [A_DAY])
