"""Made-up people for tests of the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Engine, event

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


class Counted:
    """The statements that a block sends, to whichever database."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.seen.append(statement)

    def __enter__(self) -> Self:
        event.listen(Engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)
