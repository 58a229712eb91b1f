"""The menu in the head of each page: which doors there are, and which one somebody stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, request

if TYPE_CHECKING:
    from collections.abc import Sequence

# (endpoint, words, right that opens it); the words are translated when they are shown
Entry = tuple[str, object, str]


def init_menu(app: Flask, entries: Sequence[Entry]) -> None:
    """Give templates the menu."""

    def menu() -> Sequence[Entry]:
        return entries

    def is_here(endpoint: str) -> bool:
        return request.endpoint == endpoint or (
            request.blueprint is not None and f"{request.blueprint}.home" == endpoint != "learning.home"
        )

    app.jinja_env.globals.update(menu=menu, is_here=is_here)
