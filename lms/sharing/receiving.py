"""A file as it comes in: looked at by its bytes, photos without what cameras note, kept without its name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lms.editing.pictures import NoPicture, TooLarge, made_fit
from lms.sharing.actions import Kept
from lms.sharing.rules import KINDS, MOST_BYTES, PICTURES, clean_address, is_office
from lms.web.language import _
from lms.web.received import BadUpload, ending_of, is_what_it_says, read_files

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage


def read_one(sent: FileStorage | None) -> tuple[str, bytes] | None:
    """The ending and the bytes of the file that was chosen, as they are to be kept; None without one.

    Raises `BadUpload`.
    """
    found = read_files([sent] if sent is not None else [], KINDS, MOST_BYTES)
    if not found:
        return None
    [(name, content)] = found
    ending = ending_of(name)
    if ending in PICTURES:
        return _picture(name, content)
    is_sound = is_what_it_says(name, content) if ending == "pdf" else is_office(ending, content)
    if not content or not is_sound:
        raise BadUpload(
            _(
                "%(name)s is not what its name says, or has macros in it. Save it anew, without macros, and try again.",
                name=name,
            )
        )
    return ending, content


def _picture(name: str, content: bytes) -> tuple[str, bytes]:
    """A photo as a lesson would show it: upright, no wider than a page, without place, time and camera."""
    if not is_what_it_says(name, content):
        raise BadUpload(_("%(name)s is not what its name says. Save it anew, and send it again.", name=name))
    try:
        made, ending = made_fit(content)
    except TooLarge:
        raise BadUpload(_("%(name)s has too many pixels. Make it smaller, and send it again.", name=name)) from None
    except NoPicture:
        raise BadUpload(_("%(name)s is no picture that can be read. Save it anew as JPEG or PNG.", name=name)) from None
    return ending, made


def kept_file(read: tuple[str, bytes], name: str) -> Kept:
    """A file that lies in the data folder under a name."""
    ending, content = read
    return Kept(hashlib.sha256(content).hexdigest(), name, ending, len(content))


def kept_address(typed: str) -> Kept:
    """An address, as it is compared with others."""
    address = clean_address(typed) or ""
    return Kept(hashlib.sha256(address.encode()).hexdigest(), address=address)
