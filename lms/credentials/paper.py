"""A certificate on paper: facts to PDF, by typst, the same bytes each time.

The PDF is A4, PDF/A-2a and PDF/UA-1, tagged, with the fonts of `lms/fonts` embedded and none of the system's. Labels
come translated from the caller; dates, numbers and shares are written here, by Babel, in the certificate's language, so
that one certificate cannot be printed in two ways. The designs are the typst files in `designs/`; all receive the
same texts.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from lms.credentials.facts import Assessment, CertificateFacts

DESIGNS = ("bookplate",)
QR_SIDE = 40  # mm, without the quiet zone: large enough for a cheap phone held at arm's length
_HERE = Path(__file__).parent
_FONTS = _HERE.parent / "fonts"

LABELS_EN: Mapping[str, str] = {
    "certifies": "{issuer} certifies that",
    "certified": "This is to certify that",  # when no issuer is named
    "earned": "has earned the certificate",
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
    "needed": "needed {share}",
    "issued": "Issued",
    "valid_until": "Valid until",
    "no_expiry": "Without time limit",
    "framework": "Framework",
    "holder_can": "The holder can",
    "owner": "Owner",
    "provider": "Provider",
    "coordinator": "Coordinator",
    "partners": "Partners",
    "version": "Course version",
    "number": "Certificate number",
    "check": "Check this certificate",
    "qr": "QR code: opens {address}",
}
"""What to translate. Words in braces are filled in. `academic_hours` and `clock_hours` may also have the plural
categories of CLDR (`academic_hours_few`, `clock_hours_many` …); where one is missing, the key without category serves.
"""

# CLDR writes Tajik months with a capital and without the ending that a day before them asks for.
_TAJIK_MONTHS = (
    "январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри".split()  # noqa: SIM905
)

_worker = threading.local()


class MissingLetters(ValueError):
    """The certificate's fonts lack some of the `letters`; issue it under another form of the name."""

    def __init__(self, letters: tuple[str, ...]) -> None:
        super().__init__(
            f"The certificate's fonts lack {', '.join(f'{each} (U+{ord(each):04X})' for each in letters)}."
        )
        self.letters = letters


def missing_letters(text: str) -> tuple[str, ...]:
    """The characters of `text`, each once, that no certificate can print. Composes accents first."""
    covered = _letters()
    return tuple(dict.fromkeys(each for each in _cleaned(text) if ord(each) not in covered))


def render_pdf(
    facts: CertificateFacts, *, verify_url: str, labels: Mapping[str, str], design: str = "bookplate"
) -> bytes:
    """The certificate as PDF. Repeated with the same arguments it gives the same bytes.

    `verify_url` is the full address at which anyone can check it: printed, and in the QR code. `labels` has the keys
    of `LABELS_EN`. Raises `MissingLetters`; ValueError for a design or a label that does not exist.
    """
    texts = _cleaned(certificate_texts(facts, verify_url=verify_url, labels=labels))
    if lacking := missing_letters("".join(_strings(texts))):
        raise MissingLetters(lacking)
    issued = dt.datetime.combine(dt.date.fromisoformat(facts.issued_on), dt.time(), dt.UTC)
    inputs = {"texts": json.dumps(texts), "qr": _qr(verify_url), "qr-side": str(QR_SIDE)}
    pdf = _compiler(design).compile(
        format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(issued.timestamp()), sys_inputs=inputs
    )
    assert isinstance(pdf, bytes)  # a list is what other formats give
    return pdf


def certificate_texts(facts: CertificateFacts, *, verify_url: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """Every text of the certificate as printed, by its place in the design. Raises ValueError if labels lack one."""
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
        "earned": labels["earned"],
        "title": facts.title,
        "level": labels.get(f"level_{facts.level}", facts.level),
        "course": [labels["course"], facts.course],
        "facts": _rows(facts, labels, locale),
        "framework": _filled((labels["framework"], ", ".join(facts.aligns))),
        "holder_can": labels["holder_can"],
        "outcomes": [[outcome.text, _share(outcome.share, locale)] for outcome in facts.outcomes],
        "parties": _filled(
            (labels["owner"], parties.owner),
            (labels["provider"], parties.provider),
            (labels["coordinator"], parties.coordinator),
            (labels["partners"], ", ".join(facts.partners)),
        ),
        "version": _filled((labels["version"], " ".join(filter(None, (facts.course_id, facts.version))))),
        "number": [labels["number"], facts.code],
        "check": [labels["check"], verify_url.removeprefix("https://")],
        "address": verify_url,
        "qr": labels["qr"].format(address=verify_url),
    }


def _rows(facts: CertificateFacts, labels: Mapping[str, str], locale: Locale) -> list[list[str]]:
    return _filled(
        (labels["workload"], _workload(facts, labels, locale)),
        (labels["assessment"], _assessment(facts.assessment, labels, locale)),
        (labels["issued"], _day(facts.issued_on, locale)),
        (labels["valid_until"], _day(facts.valid_until, locale) or labels["no_expiry"]),
    )


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
    return pattern.format(n=format_decimal(number, locale=locale))


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


def _share(share: float | None, locale: Locale) -> str:
    """Percent with one decimal at most, rounded down: nobody reads 80 % who did not reach it."""
    if share is None:
        return ""
    return format_percent(math.floor(round(share * 1000, 6)) / 1000, locale=locale, decimal_quantization=False)


def _day(iso: str, locale: Locale) -> str:
    if not iso:
        return ""
    day = dt.date.fromisoformat(iso)
    if locale.language == "tg":
        return f"{day.day} {_TAJIK_MONTHS[day.month - 1]} {day.year}"
    return format_date(day, "long", locale=locale)


def _locale(language: str) -> Locale:
    try:
        # English without a country is Europe's: 14 March 2026.
        return Locale.parse("en-150" if language == "en" else language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _cleaned(value: Any) -> Any:
    """The same JSON with composed accents and single spaces; no-break spaces stay."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", re.sub(r"[ \t\r\n]+", " ", value).strip(" "))
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {key: _cleaned(each) for key, each in value.items()}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))


def _qr(content: str) -> str:
    picture = io.BytesIO()
    # The design draws the quiet zone, so that the measured side is the symbol's own.
    segno.make(content, error="m", micro=False).save(picture, kind="svg", border=0, xmldecl=False, omitsize=True)
    return picture.getvalue().decode()


@cache
def _letters() -> frozenset[int]:
    ranges = (line.split("-") for line in (_FONTS / "letters.txt").read_text("ascii").split())
    return frozenset(each for ends in ranges for each in range(int(ends[0], 16), int(ends[-1], 16) + 1))


def _compiler(design: str) -> typst.Compiler:
    # A compiler keeps fonts and template parsed: 10 ms a certificate where a fresh one takes many times that.
    # One for each thread, because it is not said to be safe between threads.
    if design not in DESIGNS:
        raise ValueError(f'there is no certificate design "{design}", only {", ".join(DESIGNS)}')
    compilers: dict[str, typst.Compiler] = _worker.__dict__
    if design not in compilers:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
        compilers[design] = typst.Compiler(
            str(_HERE / "designs" / f"{design}.typ"), root=str(_HERE / "designs"), font_paths=fonts
        )
    return compilers[design]
