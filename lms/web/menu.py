"""The doors on each page: the menu in the head, the line of a desk below it, and which one somebody stands in.

A desk is the work of one kind of people, on pages of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, request

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

FEWEST = 2  # a line with one door leads nowhere


@dataclass(frozen=True, slots=True)
class Door:
    """A link that is always in the same place. The words are translated when they are shown.

    `right` opens it; whoever has `unless` too finds what is behind it elsewhere. `behind` names blueprints and
    endpoints, besides its own, whose pages lie behind it; `but` endpoints of these blueprints that do not.
    """

    endpoint: str
    words: object
    right: str
    unless: str = ""
    behind: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    def is_for(self, rights: Collection[str]) -> bool:
        """Whether somebody with these rights sees it."""
        return self.right in rights and self.unless not in rights

    def leads_to(self, endpoint: str) -> bool:
        """Whether a page lies behind it."""
        blueprint = endpoint.partition(".")[0]
        return endpoint == self.endpoint or (bool({endpoint, blueprint} & self.behind) and endpoint not in self.but)


def here(doors: Sequence[Door], endpoint: str) -> Door | None:
    """The door behind which a page lies: one that names the page goes before one that names the whole blueprint."""
    found = [door for door in doors if door.leads_to(endpoint)]
    named = [door for door in found if endpoint == door.endpoint or endpoint in door.behind]
    return next(iter(named or found), None)


def init_menu(app: Flask, entries: Sequence[Door], desks: Mapping[str, Sequence[Door]]) -> None:
    """Give templates the menu, and the line of the desk whose page is shown. `desks` are by name."""

    def menu(rights: Collection[str]) -> Sequence[tuple[Door, str]]:
        return _shown(entries, rights)

    def desk_line(rights: Collection[str]) -> tuple[str, Sequence[tuple[Door, str]]]:
        for name, desk in desks.items():
            line = _shown(desk, rights) if here(desk, request.endpoint or "") else ()
            if len(line) >= FEWEST:
                return name, line
        return "", ()

    def is_here(endpoint: str) -> bool:
        return request.endpoint == endpoint

    app.jinja_env.globals.update(menu=menu, desk_line=desk_line, is_here=is_here)


def _shown(doors: Sequence[Door], rights: Collection[str]) -> Sequence[tuple[Door, str]]:
    """The doors for somebody, each with its `aria-current`: `page`, `true` on a page behind it, or nothing."""
    endpoint, seen = request.endpoint or "", [door for door in doors if door.is_for(rights)]
    stands = here(seen, endpoint)
    current = "page" if stands is not None and stands.endpoint == endpoint else "true"
    return tuple((door, current if door is stands else "") for door in seen)
