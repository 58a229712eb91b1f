"""What a start of a block may ask of the reader, and what it answers."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lms.markdown.block import Block, Kind
    from lms.markdown.cursor import Cursor


class Start(Enum):
    """Nothing starts here; a block started that may hold others; one started that holds lines only."""

    NONE = auto()
    CONTAINER = auto()
    LEAF = auto()


class Builder(Protocol):
    """The reader, as starts see it."""

    cursor: Cursor
    tip: Block
    references: dict[str, tuple[str, str]]

    def add(self, kind: Kind, container: Block, **values: object) -> Block:
        """Open a block in the container, or in the nearest one around it that may hold it."""
        ...

    def close(self, block: Block) -> None:
        """Close a block."""
        ...
