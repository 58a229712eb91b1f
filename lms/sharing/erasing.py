"""Materials of somebody who is erased.

What is the person's own and free stays, without the author's name: such a licence cannot be taken back, and others
may have built on it; an author may ask to be named no more (CC BY 4.0, section 3(a)(3)). What is not free goes, the
file too. What the person shared of others stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.folding import fold
from lms.sharing.models import Material, MaterialReport
from lms.sharing.rules import LICENCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Take the name off what may stay, and empty what may not; the files that go."""
    files = []
    for row in db.scalars(select(Material).where(Material.shared_by == person, Material.is_own.is_(True))).all():
        row.author = ""
        if LICENCES[row.licence].is_free and row.taken_off_at is None:
            row.words = fold(f"{row.title} {row.about}")
            continue
        files += [row.file] if row.file else []
        row.title = row.about = row.source = row.address = row.file = row.words = row.reason = ""
        row.taken_off_at = row.taken_off_at or now()
    db.execute(update(Material).where(Material.shared_by == person).values(reason=""))
    db.execute(update(MaterialReport).where(MaterialReport.reported_by == person).values(words=""))
    db.flush()
    return files
