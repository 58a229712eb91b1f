"""The words on a certificate, in its own language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.credentials.paper import LABELS_EN
from lms.web.language import catalogue, lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

# Named here once so that the translators' catalogue has them; `labels` looks them up by their English words.
WORDS = (
    lazy("{issuer} certifies that"),
    lazy("This is to certify that"),
    lazy("has earned the certificate"),
    lazy("Local level"),
    lazy("National level"),
    lazy("Course"),
    lazy("Workload"),
    lazy("{n} academic hour"),
    lazy("{n} academic hours"),
    lazy("{n} hour"),
    lazy("{n} hours"),
    lazy("Assessment"),
    lazy("Exam"),
    lazy("needed {share}"),
    lazy("Issued"),
    lazy("Valid until"),
    lazy("Without time limit"),
    lazy("Framework"),
    lazy("The holder can"),
    lazy("Owner"),
    lazy("Provider"),
    lazy("Coordinator"),
    lazy("Partners"),
    lazy("Course version"),
    lazy("Certificate number"),
    lazy("Check this certificate"),
    lazy("QR code: opens {address}"),
)


def labels(language: str) -> Mapping[str, str]:
    """The labels of certificates in a language; English where a translation is missing."""
    words = catalogue(language)
    return {key: words.ugettext(text) for key, text in LABELS_EN.items()}
