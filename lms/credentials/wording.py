"""The words of a certificate, by their places: facts and translated labels to the texts that are printed.

Labels come translated from the caller; dates, numbers and shares are written here, by Babel, in the certificate's
language, so that one certificate cannot be worded in two ways.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from lms.credentials.facts import Assessment, CertificateFacts

LABELS_EN: Mapping[str, str] = {
    "certifies": "{issuer} certifies that",
    "certified": "This is to certify that",  # when no issuer is named
    "earned": "has earned the certificate",
    "holds": "holds the certificate",  # an organisation
    "level_local": "Local level",
    "level_national": "National level",
    "course": "Course",
    "workload": "Workload",
    "academic_hours_one": "{n} academic hour",
    "academic_hours": "{n} academic hours",
    "clock_hours_one": "{n} hour",
    "clock_hours": "{n} hours",
    "assessment": "Assessment",
    "form_exam": "Exam",
    "form_evidence": "Recognition of prior learning (evidence reviewed)",
    "form_evidence-conversation": "Recognition of prior learning (evidence reviewed, conversation held)",
    "form_conversation": "Recognition of prior learning (conversation held)",
    "needed": "needed {share}",
    "issued": "Issued",
    "valid_until": "Valid until",
    "no_expiry": "Without time limit",
    "framework": "Framework",
    "basis": "Basis",
    "basis_renewal": "Renewed by a new exam",
    "basis_correction": "Issued in place of an earlier certificate",
    "basis_prior-learning": "Recognised on evidence of earlier learning",
    "holder_can": "The holder can",
    "entitled": "It is entitled to",  # an organisation
    "micro_heading": "European micro-credential",
    "micro_country": "Country of the issuer",
    "micro_level": "Level of the learning",
    "micro_participation": "Form of participation",
    "micro_quality": "Quality assurance",
    "micro_credits": "Credits",
    "micro_prerequisites": "Prerequisites",
    "micro_supervision": "Supervision and identity",
    "owner": "Owner",
    "provider": "Provider",
    "coordinator": "Coordinator",
    "co_issuers": "Issued together with",
    "partners": "Partners",
    "version": "Course version",
    "number": "Certificate number",
    "check": "Check this certificate",
    "qr": "QR code: opens {address}",
    "qr_signed": "QR code: the signed certificate, to be scanned at {address}",
    "offline": "The large code is the signed certificate. It can be checked without internet: {address}",
}
"""What to translate. Words in braces are filled in. `academic_hours` and `clock_hours` may also have the plural
categories of CLDR (`academic_hours_few`, `clock_hours_many` …); where one is missing, the key without category serves.
"""

# CLDR writes Tajik months with a capital and without the ending that a day before them asks for.
_TAJIK_MONTHS = (
    "январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри".split()  # noqa: SIM905
)


def certificate_texts(
    facts: CertificateFacts, *, verify_url: str, labels: Mapping[str, str], scan_url: str = ""
) -> dict[str, Any]:
    """Every text of the certificate as printed, by its place in the design. Raises ValueError if labels lack one.

    `verify_url` is the full address at which anyone can check it; `scan_url` the one of the page that reads the signed
    code, without internet too.
    """
    if lost := sorted(LABELS_EN.keys() - labels.keys() - {"academic_hours_one", "clock_hours_one"}):
        raise ValueError(f"labels lack {', '.join(lost)}")
    locale = _locale(facts.language)
    parties = facts.parties
    return {
        "language": facts.language,
        "issuer": parties.issuer,
        "certifies": labels["certifies"].format(issuer=parties.issuer) if parties.issuer else labels["certified"],
        "holder": facts.holder,
        "holder_latin": "" if facts.holder_latin == facts.holder else facts.holder_latin,
        "earned": labels["holds" if facts.kind == "organisation" else "earned"],
        "title": facts.title,
        "level": labels.get(f"level_{facts.level}", facts.level),
        "course": [labels["course"], facts.course],
        "facts": _rows(facts, labels, locale),
        "framework": _filled((labels["framework"], ", ".join(facts.aligns))),
        "holder_can": labels["holder_can"],
        "outcomes": [[outcome.text, _share(outcome.share, locale)] for outcome in facts.outcomes],
        "entitled": labels["entitled"],
        "mandate": list(facts.mandate),
        "micro_heading": labels["micro_heading"],
        "micro": _micro(facts.micro, labels, locale),
        "parties": _parties(facts, labels),
        "version": _filled((labels["version"], " ".join(filter(None, (facts.course_id, facts.version))))),
        "number": [labels["number"], facts.code],
        "check": [labels["check"], _spoken(verify_url)],
        "address": verify_url,
        "offline": labels["offline"].format(address=_spoken(scan_url)),
        "qr": labels["qr"].format(address=verify_url),
        "qr_signed": labels["qr_signed"].format(address=_spoken(scan_url)),
    }


def _rows(facts: CertificateFacts, labels: Mapping[str, str], locale: Locale) -> list[list[str]]:
    return _filled(
        (labels["workload"], _workload(facts, labels, locale)),
        (labels["assessment"], _assessment(facts.assessment, labels, locale)),
        (labels["issued"], _day(facts.issued_on, locale)),
        (labels["valid_until"], _day(facts.valid_until, locale) or labels["no_expiry"]),
        (labels["basis"], labels.get(f"basis_{facts.basis}", facts.basis) if facts.basis else ""),
    )


def _parties(facts: CertificateFacts, labels: Mapping[str, str]) -> list[list[str]]:
    parties = facts.parties
    return _filled(
        (labels["co_issuers"], ", ".join(facts.co_issuers)),
        (labels["owner"], parties.owner),
        (labels["provider"], parties.provider),
        (labels["coordinator"], parties.coordinator),
        (labels["partners"], ", ".join(facts.partners)),
    )


def _micro(elements: Mapping[str, str], labels: Mapping[str, str], locale: Locale) -> list[list[str]]:
    """The elements of a micro-credential in the order in which the labels stand; the country by its name."""
    country = elements.get("country", "")
    said = {**elements, "country": locale.territories.get(country, country)}
    order = (key.removeprefix("micro_") for key in LABELS_EN if key.startswith("micro_") and key != "micro_heading")
    return _filled(*((labels[f"micro_{name}"], said.get(name, "")) for name in order))


def _spoken(address: str) -> str:
    return address.removeprefix("https://")


def _filled(*rows: tuple[str, str]) -> list[list[str]]:
    return [[name, value] for name, value in rows if value]


def _workload(facts: CertificateFacts, labels: Mapping[str, str], locale: Locale) -> str:
    if facts.hours is None or facts.clock_hours is None:
        return ""
    academic = _counted("academic_hours", facts.hours, labels, locale)
    return f"{academic} ({_unbroken(_counted('clock_hours', facts.clock_hours, labels, locale))})"


def _counted(key: str, number: float, labels: Mapping[str, str], locale: Locale) -> str:
    category = locale.plural_form(number)
    pattern = labels.get(f"{key}_{category}", labels[key])
    return pattern.format(n=_number(number, locale))


@lru_cache(maxsize=1024)
def _number(number: float, locale: Locale) -> str:
    return format_decimal(number, locale=locale)


def _assessment(assessment: Assessment | None, labels: Mapping[str, str], locale: Locale) -> str:
    if assessment is None:
        return ""
    needed = _share(assessment.needed, locale)
    words = (
        labels.get(f"form_{assessment.form}", assessment.form),
        _share(assessment.score, locale),
        _unbroken(needed and labels["needed"].format(share=needed)),
    )
    return ", ".join(filter(None, words))


def _unbroken(words: str) -> str:
    return words.replace(" ", "\N{NO-BREAK SPACE}")


@lru_cache(maxsize=4096)
def _share(share: float | None, locale: Locale) -> str:
    """Percent with one decimal at most, rounded down: nobody reads 80 % who did not reach it."""
    if share is None:
        return ""
    return format_percent(math.floor(round(share * 1000, 6)) / 1000, locale=locale, decimal_quantization=False)


@lru_cache(maxsize=4096)
def _day(iso: str, locale: Locale) -> str:
    if not iso:
        return ""
    day = dt.date.fromisoformat(iso)
    if locale.language == "tg":
        return f"{day.day} {_TAJIK_MONTHS[day.month - 1]} {day.year}"
    return format_date(day, "long", locale=locale)


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        # English without a country is Europe's: 14 March 2026.
        return Locale.parse("en-150" if language == "en" else language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
