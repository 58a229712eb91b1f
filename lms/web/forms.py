"""Forms whose ready-made complaints, those of WTForms itself, come in the reader's language too."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from lms.web.language import _, catalogue, language, lazy


class _Words:
    """What WTForms asks for its sentences; it fills in the numbers itself."""

    def gettext(self, message: str) -> str:
        """A sentence."""
        return _(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """A sentence beside a number."""
        return catalogue(language()).ungettext(one, many, number)


class Form(FlaskForm):  # type: ignore[misc]
    """A form of this site."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How WTForms is told about languages."""

        def get_translations(self, _form: Any) -> _Words:
            """Ours, in place of the few that WTForms brings."""
            return _Words()


def _plural(one: str, many: str) -> tuple[str, str]:
    return one, many


# Sentences of WTForms that our fields can give, named here once so that the translators' catalogue has them.
READY_MADE = (
    lazy("Not a valid choice."),
    lazy("Field must be between %(min)d and %(max)d characters long."),
    _plural("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters."),
    _plural(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
    ),
)
