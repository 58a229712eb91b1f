"""The forms of the account pages."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from email_validator import EmailNotValidError, validate_email
from wtforms import BooleanField, Field, PasswordField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from lms.people.latin import in_latin_letters
from lms.people.rules import is_email, password_problem
from lms.printable import MissingLetters, printed_name
from lms.web.forms import Form
from lms.web.language import _, language_name, languages, lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED = DataRequired(lazy("This is needed. Please fill it in."))
LONGEST_USER_NAME = 80
JOINERS = "\u200c\u200d"  # between letters of Persian, Hindi and others; every other unseen sign is refused


def _trim(value: str | None) -> str:
    return " ".join((value or "").split())


def check_email(address: str) -> None:
    """Raise `ValidationError` unless this can be an address."""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise ValidationError(
            _("This does not look like an e-mail address. Check it for a missing dot or a space.")
        ) from None


def check_name(name: str) -> None:
    """Raise `ValidationError` unless a certificate can show this name and a letter can begin with it."""
    if not any(letter.isalpha() for letter in name):
        raise ValidationError(_("This is needed. Please fill it in."))
    unseen = any(unicodedata.category(letter) in {"Cc", "Cf"} and letter not in JOINERS for letter in name)
    # strangers could else make us send letters that begin with an advertisement
    if unseen or "//" in name or "www." in name.casefold() or "@" in name:
        raise ValidationError(_("A name has letters, spaces, hyphens and the like, but no addresses."))


def check_letters(name: str, latin: str = "", language: str = "") -> None:
    """Raise `ValidationError` unless a certificate can print this name, or else its form in Latin letters."""
    try:
        printed_name(name, latin or in_latin_letters(name, language))
    except MissingLetters as problem:
        letters = ", ".join(problem.letters)
        raise ValidationError(
            _("Certificates cannot print %(letters)s yet. Please give the name in Latin letters.", letters=letters)
        ) from None


def check_user_name(name: str) -> None:
    """Raise `ValidationError` unless this can be a user name."""
    if len(name.casefold()) > LONGEST_USER_NAME:
        raise ValidationError(_("At most 80 characters, please."))
    if not name.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise ValidationError(_("A user name has letters, digits, dots, hyphens and underscores only."))


def check_password(password: str, login: str) -> None:
    """Raise `ValidationError` with the reason if a password may not be used."""
    reasons = {
        "short": _("At least 10 characters, please. Four ordinary words are good."),
        "long": _("At most 200 characters, please."),
        "usual": _("Many people use this password, so it is easily guessed. Four ordinary words are good."),
        "login": _("The password must differ from your e-mail or user name."),
    }
    problem = password_problem(password, login)
    if problem:
        raise ValidationError(reasons[problem])


class SignInForm(Form):
    """Login, password, and whether the computer is shared."""

    login = StringField(lazy("E-mail or user name"), [NEEDED, Length(max=254)], filters=[_trim])
    password = PasswordField(lazy("Password"), [NEEDED, Length(max=200)])
    shared = BooleanField(lazy("This is a shared computer: forget me when I close it"))


class SignUpForm(Form):
    """What it takes to begin."""

    name = StringField(lazy("First name and last name"), [NEEDED, Length(max=200)], filters=[_trim])
    login = StringField(lazy("E-mail or user name"), [NEEDED, Length(min=3, max=254)], filters=[_trim])
    password = PasswordField(lazy("Password"), [NEEDED])

    def validate_name(self, field: Field) -> None:
        """A name that can be shown. Whether it can be printed is asked on the account page, where both forms are."""
        check_name(field.data)

    def validate_login(self, field: Field) -> None:
        """An address, or a user name without spaces."""
        if is_email(field.data):
            check_email(field.data)
        else:
            check_user_name(field.data)

    def validate_password(self, field: Field) -> None:
        """Long enough and not everybody's."""
        check_password(field.data or "", self.login.data or "")


class LinkForm(Form):
    """Where to send a link."""

    email = StringField(lazy("E-mail"), [NEEDED, Length(max=254)], filters=[_trim])

    def validate_email(self, field: Field) -> None:
        """An address."""
        check_email(field.data)


class ErasureForm(Form):
    """To delete one's account: the present password, and a tick."""

    current = PasswordField(lazy("Present password"))
    sure = BooleanField(
        lazy("I understand that nobody can bring it back"),
        [DataRequired(lazy("Tick this if you really want it."))],
    )


class SlipForm(Form):
    """The code on a slip; and, for somebody who is signed in, whose it is."""

    code = StringField(lazy("Code"), [NEEDED, Length(max=80)], filters=[_trim])
    shared = BooleanField(lazy("This is a shared computer: forget me when I close it"))
    mine = RadioField(lazy("Whose code is it?"), default="other", validate_choice=False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.mine.choices = [
            ("mine", _("Mine: add it to the account in which I am signed in")),
            ("other", _("Somebody else’s, who signs in now; I am signed out")),
        ]


class OwnDoorForm(Form):
    """A user name, for whoever has none yet, and a password."""

    user_name = StringField(lazy("User name"), filters=[_trim])
    password = PasswordField(lazy("Password"), [NEEDED])

    def __init__(self, *, needs_name: bool, **values: Any) -> None:
        super().__init__(**values)
        self.needs_name = needs_name

    def validate_user_name(self, field: Field) -> None:
        """A name without spaces, if one is needed."""
        if self.needs_name:
            if not field.data:
                raise ValidationError(NEEDED.message or "")
            check_user_name(field.data)

    def validate_password(self, field: Field) -> None:
        """Long enough and not everybody's."""
        check_password(field.data or "", self.user_name.data or "")


class PasswordForm(Form):
    """A new password, and the present one, so that a screen left open is not enough."""

    current = PasswordField(lazy("Your present password"), [Length(max=200)], id="present-password")
    password = PasswordField(lazy("New password"), [NEEDED])

    def validate_password(self, field: Field) -> None:
        """Long enough and not everybody's."""
        check_password(field.data or "", "")


class AccountForm(Form):
    """What somebody may correct about themselves."""

    name = StringField(lazy("Name, as the certificate should show it"), [NEEDED, Length(max=200)], filters=[_trim])
    latin_name = StringField(lazy("The same name in Latin letters"), [Length(max=200)], filters=[_trim])
    email = StringField(lazy("E-mail"), [Length(max=254)], filters=[_trim])
    language = SelectField(lazy("Language of pages and letters"))
    current = PasswordField(lazy("Your present password"), [Length(max=200)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.language.choices = _choices(languages())

    def validate_name(self, field: Field) -> None:
        """A name that can be shown, and printed in one of its forms."""
        check_name(field.data)
        check_letters(field.data, self.latin_name.data or "", self.language.data or "")

    def validate_latin_name(self, field: Field) -> None:
        """A name that can be shown, or nothing."""
        if field.data:
            check_name(field.data)

    def validate_email(self, field: Field) -> None:
        """An address, or nothing."""
        if field.data:
            check_email(field.data)


def _choices(tags: Sequence[str]) -> list[tuple[str, str]]:
    return [(tag, language_name(tag)) for tag in tags]
