"""What templates may do besides printing: trust compiled HTML, look into mappings, make ids for forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from lms.web.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask


def trusted(markup: str) -> Markup:
    """HTML that the compiler made and sanitised (`lms.markdown`), which a page may print as it is."""
    return Markup(markup)  # noqa: S704 - sanitised when it was compiled; nothing else may be given here


def in_map(key: str, mapping: Mapping[str, bool]) -> bool:
    """Whether a mapping says yes to a key."""
    return bool(mapping.get(key))


def init_pages(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters["trusted"] = trusted
    app.jinja_env.tests["in_map"] = in_map
    app.jinja_env.globals.update(new_id=new_id)
