"""What somebody sends about a material, read without guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.sharing.rules import LONGEST_ABOUT, LONGEST_NAME, LONGEST_TITLE, Wanted

if TYPE_CHECKING:
    from collections.abc import Collection

    from werkzeug.datastructures import MultiDict


def wanted_in(form: MultiDict[str, str], services: Collection[str]) -> Wanted:
    """A material as a form describes it. Texts keep one sign more than is allowed, so that it is said they are long."""
    return Wanted(
        title=_line(form, "title")[: LONGEST_TITLE + 1],
        about=_line(form, "about")[: LONGEST_ABOUT + 1],
        language=form.get("language", ""),
        services=tuple(each for each in form.getlist("service") if each in services),
        licence=form.get("licence", ""),
        author=_line(form, "author")[:LONGEST_NAME],
        is_own=form.get("made") == "own",
        source=_line(form, "source"),
        address=_line(form, "address"),
        is_allowed="is_allowed" in form,
        is_harmless="is_harmless" in form,
        names_nobody="names_nobody" in form,
    )


def _line(form: MultiDict[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())
