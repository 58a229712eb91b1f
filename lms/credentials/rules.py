"""Pure decisions about certificates: what state one is in on a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import date

State: TypeAlias = Literal["valid", "expired", "superseded", "revoked"]
BLOCK = 131_072  # places of a status list, the fewest that W3C's Bitstring Status List allows
RENEWABLE = timedelta(days=60)  # before the end
STEP, SHIFT = 40_503, 77_317  # odd, near the golden section of a block; where a block begins


def state(*, valid_until: date | None, is_revoked: bool, is_superseded: bool, today: date) -> State:
    """What to tell whoever asks. Withdrawn beats replaced, replaced beats expired."""
    if is_revoked:
        return "revoked"
    if is_superseded:
        return "superseded"
    return "expired" if valid_until is not None and today > valid_until else "valid"


def may_renew(state: State, valid_until: date | None, today: date) -> bool:
    """Whether a certificate may be renewed: it ends soon, or has ended, and was neither replaced nor withdrawn."""
    return valid_until is not None and state in ("valid", "expired") and valid_until <= today + RENEWABLE


def status_index(certificate_id: int) -> int:
    """The place of a certificate in the status lists, of which each has `BLOCK` places.

    A bijection inside each block: every place is somebody's, and neighbours were not issued one after the other.
    """
    block, number = divmod(certificate_id, BLOCK)
    return block * BLOCK + (number * STEP + SHIFT) % BLOCK
