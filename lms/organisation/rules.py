"""Pure decisions: who may change which unit, and who may give or end which role where.

Nobody gives a right that they lack, or gives it anywhere that they do not reach. An operator may give any role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.people.rules import GRANTS, SCOPED, SCOPED_ROLES, Right, Role

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, and the path of the unit in which it holds; empty: everywhere."""

    role: Role
    top: str = ""

    @property
    def rights(self) -> frozenset[Right]:
        """What the role allows; what has no scope, such as writing, comes only with a role that holds everywhere."""
        return GRANTS[self.role] & SCOPED if self.top else GRANTS[self.role]


def rights_at(held: Iterable[Held], path: str) -> frozenset[Right]:
    """Everything that these roles allow in a unit."""
    return frozenset[Right]().union(*(each.rights for each in held if path.startswith(each.top)))


def may_organise(held: Iterable[Held], path: str) -> bool:
    """Whether somebody may add units below this one, name it, and give roles in it."""
    return Right.ORGANISE in rights_at(held, path)


def may_reshape(held: Iterable[Held], path: str) -> bool:
    """Whether somebody may rename, move, merge or close a unit: who answers for the unit above it may."""
    return any(Right.ORGANISE in each.rights and path.startswith(each.top) and path != each.top for each in held)


def may_give(held: Iterable[Held], role: Role, path: str) -> bool:
    """Whether somebody may give a role in a unit: only with rights that they have there themselves."""
    rights = rights_at(held, path)
    if role not in SCOPED_ROLES or Right.ORGANISE not in rights:
        return False
    return Right.OPERATE in rights or GRANTS[role] & SCOPED <= rights


def may_end(held: Iterable[Held], role: Role, path: str, *, is_own: bool, is_given_by_her: bool) -> bool:
    """Whether somebody may end a role in a unit, or hand it over.

    Two who answer for the same unit cannot end each other's role, unless one gave it to the other.
    """
    held = tuple(held)
    if not may_give(held, role, path):
        return False
    return is_own or is_given_by_her or may_reshape(held, path)


def roles_to_give(held: Iterable[Held], path: str) -> tuple[Role, ...]:
    """The roles that somebody may give in a unit, in the order of the roles."""
    held = tuple(held)
    return tuple(role for role in Role if may_give(held, role, path))


def highest(held: Iterable[Held]) -> tuple[str, ...] | None:
    """The paths of the highest units in which somebody may organise; None if that is everywhere."""
    tops = {each.top for each in held if Right.ORGANISE in each.rights}
    if "" in tops:
        return None
    return tuple(sorted(top for top in tops if not any(top != other and top.startswith(other) for other in tops)))
