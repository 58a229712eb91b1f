"""The forms of the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, Field, FloatField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from lms.people.rules import Role
from lms.web.forms import Form
from lms.web.language import _, language_name, languages, lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

# besides the languages of the screens, those of the countries that use us and of their neighbours
NAMED_IN = frozenset({"az", "be", "de", "en", "et", "fi", "fr", "hy", "ka", "kk", "ky", "lt", "lv", "pl", "ro", "ru"})
NAMED_IN |= {"tg", "tk", "tr", "uk", "uz", "vi"}
NEEDED = DataRequired(lazy("This is needed. Please fill it in."))
ROLES = {
    Role.COORDINATOR: lazy("Coordinator"),
    Role.TRAINER: lazy("Trainer"),
    Role.OWNER: lazy("Owner"),
    Role.PROVIDER: lazy("Provider"),
    Role.OPERATOR: lazy("Operator"),
}


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class Degrees(FloatField):
    """An angle; a decimal comma is as good as a point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata([value.strip().replace(",", ".") for value in valuelist])
        except ValueError:
            raise ValueError(_("Write degrees as a number, for example 56.95.")) from None


class UnitForm(Form):
    """A unit: what it is called, what it is, its code."""

    name = StringField(lazy("Name"), [NEEDED, Length(max=200)], filters=[_trim])
    kind = StringField(lazy("Kind"), [NEEDED, Length(max=40)], filters=[_trim])
    code = StringField(lazy("Code"), [NEEDED, Length(max=60)], filters=[_trim])

    def validate_code(self, field: Field) -> None:
        """A code stands in addresses and lists."""
        if any(sign in field.data for sign in " /?#&;"):
            raise ValidationError(_("A code has no spaces and none of / ? # & ;"))


class PlaceForm(Form):
    """Where a unit is, and whether the list of units below it is closed."""

    latitude = Degrees(lazy("Latitude"), [Optional(), NumberRange(-90, 90, lazy("From -90 to 90 degrees, please."))])
    longitude = Degrees(
        lazy("Longitude"), [Optional(), NumberRange(-180, 180, lazy("From -180 to 180 degrees, please."))]
    )
    is_fixed = BooleanField(lazy("The list of units right below is complete: nobody adds or imports another one"))

    def validate_latitude(self, _field: Field) -> None:
        """Both or none; this is asked only where something is given."""
        if self.longitude.data is None:
            raise ValidationError(_("Give both latitude and longitude, or leave both empty."))

    def validate_longitude(self, _field: Field) -> None:
        """Both or none."""
        if self.latitude.data is None:
            raise ValidationError(_("Give both latitude and longitude, or leave both empty."))


class NameForm(Form):
    """Another name of a unit: in a language, or what people say."""

    name = StringField(lazy("Name"), [NEEDED, Length(max=200)], filters=[_trim])
    language = SelectField(lazy("Language"), validate_choice=False, default="")

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        choices = [("", _("No language: what people also call it"))]
        self.offered = NAMED_IN.union(languages())
        self.language.choices = [*choices, *((tag, language_name(tag)) for tag in sorted(self.offered))]

    def validate_language(self, field: Field) -> None:
        """One of those on offer."""
        if field.data and field.data not in self.offered:
            raise ValidationError(_("Choose one of the languages."))


class LoginForm(Form):
    """Somebody by e-mail or user name."""

    login = StringField(lazy("E-mail or user name"), [NEEDED, Length(max=254)], filters=[_trim])


class RoleForm(LoginForm):
    """A role for somebody."""

    role = SelectField(lazy("Role"), validate_choice=False)

    def __init__(self, roles: Sequence[Role], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = [(role.value, str(words)) for role, words in ROLES.items() if role in roles]
        self.offered = frozenset(roles)

    def validate_role(self, field: Field) -> None:
        """One of those on offer."""
        if field.data not in self.offered:
            raise ValidationError(_("Choose one of the roles."))
