"""Pure decisions about people: what a role may do, what a good password is."""

from __future__ import annotations

from enum import StrEnum

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
    COORDINATE = "coordinate"
    OPERATE = "operate"


class Role(StrEnum):
    """What people are called when they may more than learn."""

    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"


GRANTS: dict[Role, frozenset[Right]] = {
    Role.TRAINER: frozenset({Right.AUTHOR}),
    Role.COORDINATOR: frozenset({Right.COORDINATE}),
    Role.OPERATOR: frozenset({Right.OPERATE}),
}
SCOPED = frozenset({Role.COORDINATOR})


def rights_of(roles: frozenset[Role], *, signed_in: bool) -> frozenset[Right]:
    """All rights that come with these roles."""
    given = frozenset[Right]().union(*(GRANTS[role] for role in roles))
    return given | {Right.ANYONE} | ({Right.LEARN} if signed_in else frozenset())


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
