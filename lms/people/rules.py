"""Pure decisions about people: what a role may do, what a good password is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
USUAL = frozenset(
    {"password", "passwort", "parole123", "1234567890", "0123456789", "qwertyuiop", "qwerty12345", "password123"}
    | {"handrail", "handrail123", "iloveyou123", "letmein1234", "welcome123", "admin12345", "11111111111"}
)


class Right(StrEnum):
    """What a page may need. Everybody has ANYONE; whoever is signed in has LEARN."""

    ANYONE = "anyone"
    LEARN = "learn"
    AUTHOR = "author"
    OVERSEE = "oversee"  # figures of a subtree, nobody's name
    SEE_PEOPLE = "see-people"  # who stands where in a subtree
    TEACH = "teach"  # hold sessions and note who was there
    COORDINATE = "coordinate"  # bring people in, remind, exempt, approve
    ORGANISE = "organise"  # change the units of a subtree, and who has which role in it
    OPERATE = "operate"


class Role(StrEnum):
    """What people are called when they may more than learn."""

    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    OWNER = "owner"
    PROVIDER = "provider"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and whether it holds in one subtree only."""

    role: Role
    is_scoped: bool = False


# what a role may do; a right in `SCOPED` reaches as far as the unit of the grant, and everywhere without one
GRANTS: dict[Role, frozenset[Right]] = {
    Role.TRAINER: frozenset({Right.AUTHOR, Right.TEACH}),
    Role.COORDINATOR: frozenset({Right.OVERSEE, Right.SEE_PEOPLE, Right.TEACH, Right.COORDINATE, Right.ORGANISE}),
    Role.OWNER: frozenset({Right.OVERSEE}),
    Role.PROVIDER: frozenset({Right.OVERSEE, Right.SEE_PEOPLE, Right.TEACH}),
    Role.OPERATOR: frozenset({Right.OPERATE, Right.ORGANISE}),
}
SCOPED = frozenset({Right.OVERSEE, Right.SEE_PEOPLE, Right.TEACH, Right.COORDINATE, Right.ORGANISE})
SCOPED_ROLES = frozenset(role for role, rights in GRANTS.items() if rights & SCOPED and Right.OPERATE not in rights)


def rights_of(grants: Iterable[Grant], *, signed_in: bool) -> frozenset[Right]:
    """All rights that come with these grants. What has no scope, such as writing, needs a grant without a unit."""
    given = frozenset[Right]().union(*(_rights_with(grant) for grant in grants))
    return given | {Right.ANYONE} | ({Right.LEARN} if signed_in else frozenset())


def _rights_with(grant: Grant) -> frozenset[Right]:
    return GRANTS[grant.role] & SCOPED if grant.is_scoped else GRANTS[grant.role]


def roles_with(right: Right) -> frozenset[Role]:
    """The roles that bring a right."""
    return frozenset(role for role, rights in GRANTS.items() if right in rights)


def password_problem(password: str, login: str) -> str | None:
    """Why a password is refused: `short`, `long`, `usual` or `login`; None if it may be used.

    Length instead of character classes, and no passwords that everybody tries: NIST SP 800-63B, 5.1.1.2.
    """
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    plain = password.casefold()
    if plain in USUAL or len(set(plain)) < 4:
        return "usual"
    if login and plain in {login.casefold(), login.casefold().partition("@")[0]}:
        return "login"
    return None


def is_email(login: str) -> bool:
    """Whether a login is an address, not a user name."""
    return "@" in login
