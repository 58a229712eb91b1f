"""A site with https, an issuer with keys, and certificates to be signed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.badges.actions import sign_waiting
from lms.content.models import CourseVersion
from lms.credentials.actions import Earned, issue
from lms.credentials.models import Certificate
from lms.issuers.keyring import ensure_keys
from lms.people.models import Person
from tests.badges import makers

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.config import Settings
    from lms.credentials.facts import CertificateFacts
    from lms.db import Database
    from tests.cast import Cast

# what is filled in when a certificate is issued is empty
FACTS = replace(
    makers.FACTS,
    code="",
    issued_on="",
    valid_until="",
    version="",
    language="en",
    title="Password helper",
    course="First aid for passwords",
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
