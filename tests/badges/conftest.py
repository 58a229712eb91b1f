"""A site with https, an issuer with keys, and certificates to be signed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.badges.actions import sign_waiting
from lms.content.models import CourseVersion
from lms.credentials.actions import Earned, issue
from lms.credentials.facts import Assessment, CertificateFacts, Look, Outcome, Parties
from lms.credentials.models import Certificate
from lms.issuers.keyring import ensure_keys
from lms.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.config import Settings
    from lms.db import Database
    from tests.cast import Cast

FACTS = CertificateFacts(
    code="",
    holder="ნინო ბერიძე",
    holder_latin="Nino Beridze",
    language="en",
    title="Password helper",
    course="First aid for passwords",
    course_id="first-aid",
    issued_on="",
    level="local",
    hours=36,
    outcomes=(Outcome("Make a long password", 0.8334), Outcome("Keep it", 1.0), Outcome("Tell nobody")),
    assessment=Assessment("exam", 0.9, 0.75),
    parties=Parties(owner="Library of Riga"),
    partners=("University of Somewhere",),
    aligns=("DigComp 2.2 / 4.2", "Our own frame"),
    look=Look(colour="#7a1f5c"),
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The site of a ministry: https, no port."""
    return replace(settings, url="https://lms.example.org", key_passphrase="opens the keys of tests, long enough")


@pytest.fixture
def issued(database: Database, settings: Settings, cast: Cast) -> Callable[..., Certificate]:
    """Issue a certificate to Laura, sign its badge, give the row back."""

    def make(
        facts: CertificateFacts = FACTS, *, valid: str = "24 months", email: str = "", key: str = ""
    ) -> Certificate:
        with database.writing() as db:
            ensure_keys(db, settings)
            version = db.scalars(select(CourseVersion).where(CourseVersion.course_id == "first-aid")).one()
            db.get_one(Person, cast["laura"]).proved_email = email or None
            said = replace(facts, version=facts.version or version.digest[:12])
            is_person = facts.kind == "person"
            row = issue(
                db,
                Earned(
                    key or f"{cast['laura']}/first-aid",
                    cast["laura"] if is_person else None,
                    version.id,
                    valid,
                    said,
                    None if is_person else cast.units["N-1"],
                ),
            )
            db.flush()
            db.expunge(row)
        sign_waiting(database, settings)
        return row

    return make
