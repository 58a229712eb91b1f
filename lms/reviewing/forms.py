"""Forms of reviewing."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.web.language import lazy


class GiveBackForm(FlaskForm):  # type: ignore[misc]
    """What the author should mend."""

    words = TextAreaField(
        lazy("What should be mended?"),
        [InputRequired(lazy("Say what should be mended, so that the author can do it.")), Length(max=4000)],
    )


class LinkForm(FlaskForm):  # type: ignore[misc]
    """Whom a link is for."""

    made_for = StringField(lazy("Whom is it for?"), [Length(max=200)])
