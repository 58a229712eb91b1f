"""The doors on each page: the menu in the head, the line of a desk below it, and which one somebody stands in.

A desk is the work of one kind of people, on pages of its own. Doors that belong together lead into one room, which has
one place in the line, and whose pages have tabs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from flask import Flask, request

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

FEWEST = 2  # a line with one door leads nowhere


@dataclass(frozen=True, slots=True)
class Door:
    """A link that is always in the same place. The words are translated when they are shown.

    `right` opens it; whoever has `unless` too finds what is behind it elsewhere. `behind` names blueprints and
    endpoints, besides its own, whose pages lie behind it; `but` endpoints of these blueprints that do not.
    `inside` are doors on its own pages: links there, with no place in the line and no tab.
    """

    endpoint: str
    words: object
    right: str
    unless: str = ""
    behind: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    inside: tuple[Door, ...] = ()

    @property
    def doors(self) -> tuple[Door, ...]:
        """A door by itself, with those inside."""
        return (self, *self.inside)

    def is_for(self, rights: Collection[str]) -> bool:
        """Whether somebody with these rights sees it."""
        return self.right in rights and self.unless not in rights

    def leads_to(self, endpoint: str) -> bool:
        """Whether a page lies behind it."""
        blueprint = endpoint.partition(".")[0]
        return endpoint == self.endpoint or (bool({endpoint, blueprint} & self.behind) and endpoint not in self.but)


@dataclass(frozen=True, slots=True)
class Room:
    """Doors that belong together: one place in the line of a desk, which opens the first door that somebody may open.

    The pages of its doors have tabs, one for each.
    """

    words: object
    tabs: tuple[Door, ...]

    @property
    def doors(self) -> tuple[Door, ...]:
        """The doors of its tabs, with those inside."""
        return tuple(all_doors(self.tabs))


@dataclass(frozen=True, slots=True)
class Link:
    """A door as it is shown, with its `aria-current`: `page`, `true` on a page behind it, or nothing."""

    endpoint: str
    words: object
    current: str


def all_doors(line: Sequence[Door | Room]) -> Iterator[Door]:
    """Every door of a line, those of its rooms and those inside a door too."""
    return (door for each in line for door in each.doors)


def here(doors: Sequence[Door], endpoint: str) -> Door | None:
    """The door behind which a page lies: one that names the page goes before one that names the whole blueprint."""
    found = [door for door in doors if door.leads_to(endpoint)]
    named = [door for door in found if endpoint == door.endpoint or endpoint in door.behind]
    return next(iter(named or found), None)


def init_menu(app: Flask, entries: Sequence[Door], desks: Mapping[str, Sequence[Door | Room]]) -> None:
    """Give templates the menu, the line of the desk whose page is shown, and the tabs. `desks` are by name."""
    rooms = [each for each in chain(*desks.values()) if isinstance(each, Room)]

    def menu(rights: Collection[str]) -> Sequence[Link]:
        return _shown(entries, rights)

    def desk_line(rights: Collection[str]) -> tuple[str, Sequence[Link]]:
        for name, desk in desks.items():
            line = _shown(desk, rights) if here(tuple(all_doors(desk)), request.endpoint or "") else ()
            if len(line) >= FEWEST:
                return name, line
        return "", ()

    def room_tabs(rights: Collection[str]) -> tuple[object, Sequence[Link]]:
        return _tabs(rooms, rights)

    def doors_inside(rights: Collection[str]) -> Sequence[Link]:
        return _inside(tuple(all_doors(tuple(chain(*desks.values())))), rights)

    def is_here(endpoint: str) -> bool:
        return request.endpoint == endpoint

    app.jinja_env.globals.update(
        menu=menu, desk_line=desk_line, room_tabs=room_tabs, doors_inside=doors_inside, is_here=is_here
    )


def _tabs(rooms: Sequence[Room], rights: Collection[str]) -> tuple[object, Sequence[Link]]:
    """The name and the tabs of the room that the shown page is a tab of; a page further behind has none."""
    room = next((room for room in rooms if any(door.endpoint == request.endpoint for door in room.tabs)), None)
    line = _shown(room.tabs, rights) if room is not None else ()
    return (room.words, line) if room is not None and len(line) >= FEWEST else ("", ())


def _inside(doors: Sequence[Door], rights: Collection[str]) -> Sequence[Link]:
    """The links inside the door behind which the shown page lies."""
    door = here(doors, request.endpoint or "")
    return _shown(door.inside, rights) if door is not None else ()


def _shown(line: Sequence[Door | Room], rights: Collection[str]) -> Sequence[Link]:
    """The doors for somebody; of a room the first one that may be opened."""
    endpoint, seen = request.endpoint or "", [door for door in all_doors(line) if door.is_for(rights)]
    stands = here(seen, endpoint)
    found = []
    for each in line:
        doors = [door for door in each.doors if door.is_for(rights)]
        if doors:
            current = "page" if doors[0].endpoint == endpoint else "true"
            found.append(Link(doors[0].endpoint, each.words, current if stands in doors else ""))
    return tuple(found)
