from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.credentials.facts import Assessment, BadValidity, CertificateFacts, Outcome, Parties, valid_until


@pytest.mark.parametrize(
    ("start", "valid", "last"),
    [
        ("2026-03-14", "24 months", "2028-03-14"),
        ("2026-03-14", "2 years", "2028-03-14"),
        ("2026-03-14", "1 year", "2027-03-14"),
        ("2026-03-14", "90 days", "2026-06-12"),
        ("2026-03-14", "6 weeks", "2026-04-25"),
        ("2026-12-31", " 1 Day ", "2027-01-01"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2026-01-31", "3 months", "2026-04-30"),
        ("2026-11-30", "2 months", "2027-01-30"),
        ("2026-12-15", "12 months", "2027-12-15"),
        ("2028-02-29", "1 year", "2029-02-28"),
        ("2028-02-29", "4 years", "2032-02-29"),
    ],
)
def test_validity_follows_the_calendar(start, valid, last):
    assert valid_until(date.fromisoformat(start), valid) == date.fromisoformat(last)


def test_without_a_time_of_validity_a_certificate_does_not_expire():
    assert valid_until(date(2026, 3, 14), "") is None


@pytest.mark.parametrize(
    "valid", ["soon", "24", "months", "0 months", "-1 years", "1.5 years", "24 moons", "24months x"]
)
def test_what_is_no_time_of_validity_is_quoted(valid):
    with pytest.raises(BadValidity, match="24 months") as caught:
        valid_until(date(2026, 3, 14), valid)
    assert f'"{valid}"' in str(caught.value)


@pytest.mark.parametrize("valid", ["9000 years", "99999 months", "99999 weeks", "8000 years"])
def test_validity_ends_within_the_calendar(valid):
    try:
        last = valid_until(date(2026, 3, 14), valid)
    except BadValidity as problem:
        assert "9999" in str(problem)  # noqa: PT017
    else:
        assert last is not None


@given(st.dates(max_value=date(2400, 1, 1)), st.integers(1, 1200))
def test_months_later_is_that_month_and_never_a_later_day(start, months):
    last = valid_until(start, f"{months} months")
    assert last is not None
    assert (last.year * 12 + last.month) - (start.year * 12 + start.month) == months
    assert last.day <= start.day


FACTS = CertificateFacts(
    code="7K3M-92DC-TF4X-V8PW",
    holder="ნინო ბერიძე",
    holder_latin="Nino Beridze",
    language="ka",
    title="Digital agent",
    level="local",
    course="E-services in everyday life",
    course_id="e-services",
    hours=8.0,
    outcomes=(Outcome("use e-services", 0.9), Outcome("advise citizens")),
    assessment=Assessment("exam", 0.85, 0.8),
    parties=Parties(issuer="Culture Information Centre"),
    partners=("National Library",),
    aligns=("DigComp 2.2: 2.3",),
    issued_on="2026-03-14",
    valid_until="2028-03-14",
    version="3f9a2c71b0de",
)


def test_facts_survive_json():
    assert msgspec.json.decode(msgspec.json.encode(FACTS), type=CertificateFacts) == FACTS


def test_facts_written_without_the_optional_fields_are_still_read():
    required = dict.fromkeys(("code", "holder", "language", "title", "course", "course_id", "issued_on"), "x")
    facts = msgspec.convert(required, type=CertificateFacts)
    assert facts.assessment is None
    assert facts.clock_hours is None


def test_an_academic_hour_has_45_minutes():
    assert FACTS.clock_hours == 6.0
