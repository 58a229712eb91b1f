"""Made-up people for tests of the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.clock import now
from lms.folding import fold
from lms.people.models import Actor, Person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def add_people(db: Session, count: int, *, name: str = "Person") -> list[int]:
    """That many accounts; their ids."""
    actors = [Actor(created_at=now()) for _ in range(count)]
    db.add_all(actors)
    db.flush()
    for actor in actors:
        called = f"{name} {actor.id}"
        db.add(Person(id=actor.id, name=called, folded_name=fold(called), created_at=now()))
    db.flush()
    return [actor.id for actor in actors]
