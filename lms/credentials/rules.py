"""Pure decisions about certificates: what state one is in on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import date

State: TypeAlias = Literal["valid", "expired", "superseded", "revoked"]


def state(*, valid_until: date | None, is_revoked: bool, is_superseded: bool, today: date) -> State:
    """What to tell whoever asks. Withdrawn beats replaced, replaced beats expired."""
    if is_revoked:
        return "revoked"
    if is_superseded:
        return "superseded"
    return "expired" if valid_until is not None and today > valid_until else "valid"
