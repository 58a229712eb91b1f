"""The words on a certificate, in its own language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import UnknownLocaleError

from lms.credentials.wording import LABELS_EN
from lms.web.language import catalogue, lazy, locale

if TYPE_CHECKING:
    from collections.abc import Mapping

# Named here once so that the translators' catalogue has them; `labels` looks them up by their English words.
WORDS = (
    lazy("{issuer} certifies that"),
    lazy("This is to certify that"),
    lazy("has earned the certificate"),
    lazy("holds the certificate"),
    lazy("Local level"),
    lazy("National level"),
    lazy("Course"),
    lazy("Workload"),
    lazy("Assessment"),
    lazy("Exam"),
    lazy("Recognition of prior learning (evidence reviewed)"),
    lazy("Recognition of prior learning (evidence reviewed, conversation held)"),
    lazy("Recognition of prior learning (conversation held)"),
    lazy("needed {share}"),
    lazy("Issued"),
    lazy("Valid until"),
    lazy("Without time limit"),
    lazy("Framework"),
    lazy("Basis"),
    lazy("Renewed by a new exam"),
    lazy("Issued in place of an earlier certificate"),
    lazy("Recognised on evidence of earlier learning"),
    lazy("The holder can"),
    lazy("It is entitled to"),
    lazy("European micro-credential"),
    lazy("Country of the issuer"),
    lazy("Level of the learning"),
    lazy("Form of participation"),
    lazy("Quality assurance"),
    lazy("Credits"),
    lazy("Prerequisites"),
    lazy("Supervision and identity"),
    lazy("Owner"),
    lazy("Provider"),
    lazy("Coordinator"),
    lazy("Issued together with"),
    lazy("Partners"),
    lazy("Course version"),
    lazy("Certificate number"),
    lazy("Check this certificate"),
    lazy("QR code: opens {address}"),
    lazy("QR code: the signed certificate, to be scanned at {address}"),
    lazy("The large code is the signed certificate. It can be checked without internet: {address}"),
)


def labels(language: str) -> Mapping[str, str]:
    """The labels of certificates in a language; English where a translation is missing.

    What is counted has a label for each plural category that CLDR gives the language, as `academic_hours_few`.
    """
    words = catalogue(language)
    said = {key: words.ugettext(text) for key, text in LABELS_EN.items()}
    for category, number in _examples(language).items():
        said[f"academic_hours_{category}"] = words.ungettext("{n} academic hour", "{n} academic hours", number)
        said[f"clock_hours_{category}"] = words.ungettext("{n} hour", "{n} hours", number)
    return said


def _examples(language: str) -> dict[str, int]:
    """For each plural category a number that has it; fractions alone take the form that stands beside 2."""
    try:
        form = locale(language).plural_form
    except (UnknownLocaleError, ValueError):
        form = locale("en").plural_form
    found: dict[str, int] = {}
    for number in range(1, 101):
        found.setdefault(form(number), number)
    return {"other": 2, **found}
