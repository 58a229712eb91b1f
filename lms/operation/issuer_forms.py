"""The forms about issuers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask_wtf.file import FileField
from wtforms import EmailField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Email, Length, Optional

from lms.web.forms import Form
from lms.web.language import _, lazy

NEEDED = DataRequired(lazy("This is needed. Please fill it in."))
MOST_NAMES = 10


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


class IssuerForm(Form):
    """What may be said of an issuer."""

    name = StringField(lazy("Name"), [NEEDED, Length(max=200)], filters=[_trim])
    url = StringField(lazy("Web address"), [Length(max=300)], filters=[_trim])
    email = EmailField(
        lazy("E-mail"),
        [Optional(), Length(max=254), Email(lazy("This does not look like an e-mail address."))],
        filters=[_trim],
    )
    country = StringField(lazy("Country"), filters=[_trim])
    colour = StringField(lazy("Colour"), filters=[_trim])
    co_issuers = TextAreaField(lazy("Who issues with it"), [Length(max=2000)])

    @property
    def others(self) -> tuple[str, ...]:
        """The names of co-issuers, one a line."""
        return tuple(filter(None, map(_trim, (self.co_issuers.data or "").splitlines())))

    def validate_url(self, field: Field) -> None:
        """An address that a badge can name."""
        if field.data and (not re.match(r"https?://", field.data) or not urlsplit(field.data).hostname):
            raise ValidationError(_("An address begins with https:// and names a host."))

    def validate_country(self, field: Field) -> None:
        """ISO 3166-1."""
        field.data = (field.data or "").upper()
        if field.data and not re.fullmatch(r"[A-Z]{2}", field.data):
            raise ValidationError(_("Two letters, for example LV."))

    def validate_colour(self, field: Field) -> None:
        """As style sheets write it."""
        field.data = (field.data or "").lower()
        if field.data and not re.fullmatch(r"#[0-9a-f]{6}", field.data):
            raise ValidationError(_("A colour is # and six digits or letters from a to f, for example #1d5c8f."))

    def validate_co_issuers(self, _field: Field) -> None:
        """As many as a paper can show."""
        if len(self.others) > MOST_NAMES:
            raise ValidationError(_("A certificate has room for %(most)s names.", most=MOST_NAMES))
        if any(len(name) > 200 for name in self.others):
            raise ValidationError(_("A name may have 200 characters. Write one name on each line."))


class LogoForm(Form):
    """A picture; none takes the logo away."""

    file = FileField(lazy("PNG or SVG, up to 200 kB"))
