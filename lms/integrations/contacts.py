"""How somebody can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.plugins import Contact

if TYPE_CHECKING:
    from lms.people.models import Person


def contact(person: Person) -> Contact:
    """How somebody can be reached. An address that nobody proved counts only if a register, not a stranger, gave it."""
    email = person.proved_email or ("" if person.password_hash else person.email)
    return Contact(person.name, person.language, email, person.phone)
