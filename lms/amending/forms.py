"""The forms about certificates."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from lms.web.forms import Form
from lms.web.language import lazy

LONGEST = 500


def _trim(value: str | None) -> str:
    return (value or "").strip()


class CorrectionForm(Form):
    """What to say to whoever decides; it may stay empty."""

    reason = TextAreaField(lazy("What happened? (if you like)"), [Length(max=LONGEST)], filters=[_trim])


class AppealForm(Form):
    """Why the withdrawal was wrong."""

    reason = TextAreaField(
        lazy("Why should it be valid again?"),
        [InputRequired(lazy("Write why; somebody else than who withdrew it will read it.")), Length(max=LONGEST)],
        filters=[_trim],
    )


class WithdrawalForm(Form):
    """Why a certificate is withdrawn: everybody who checks it reads it."""

    reason = TextAreaField(
        lazy("Reason"),
        [InputRequired(lazy("Write the reason; everybody who checks the certificate reads it.")), Length(max=LONGEST)],
        filters=[_trim],
    )


class DecisionForm(Form):
    """What the holder is told with the decision."""

    answer = TextAreaField(lazy("What should the holder know?"), [Length(max=LONGEST)], filters=[_trim])
