"""One route as the contracts try it: who may come in, what a POST sends, what can be answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.world import World

VISITOR, TRAINEE, TRAINER, COORDINATOR, OPERATOR = "visitor", "trainee", "trainer", "coordinator", "operator"
ALL = frozenset({VISITOR, TRAINEE, TRAINER, COORDINATOR, OPERATOR})
SIGNED_IN = ALL - {VISITOR}
TRAINERS, COORDINATORS, OPERATORS = frozenset({TRAINER}), frozenset({COORDINATOR}), frozenset({OPERATOR})
TEACHERS = TRAINERS | COORDINATORS
ORGANISERS = COORDINATORS | OPERATORS
FINE = frozenset({200, 204, 303})
Form = Callable[[World, str], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """One route. `form` is what a POST sends, `says` the statuses that whoever may come in can get.

    `last` puts a POST at the end of a walk, with a session of its own, because it ends that session or more.
    """

    who: frozenset[str]
    form: Form = field(default=lambda _world, _who: {})
    says: frozenset[int] = FINE
    last: int = 0


def fixed(**values: Any) -> Form:
    return lambda _world, _who: dict(values)


def fresh_id(name: str) -> Form:
    return lambda _world, _who: {name: str(uuid.uuid4())}
