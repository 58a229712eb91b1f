"""Repositories of packs as the settings name them: what is accepted as an address, a branch, a folder.

One is written on one line: `NAME=ADDRESS`, and after a `#` what differs from the usual, as in
`water=https://git.example.org/water.git#branch=main&folder=courses&push=yes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
HOST = re.compile(r"(?!-)[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
USER = re.compile(r"(?!-)[A-Za-z0-9._-]+")
NEAR = re.compile(r"(?P<user>[^@/:]+)@(?P<host>[^@/:]+):(?P<path>[^:].*)")  # as ssh's own copying program writes it
BRANCH = re.compile(r"(?![-./])(?!.*(?:\.\.|//|/\.|@\{|\.lock(?:/|$)))[^\s~^:?*\[\\\x00-\x1f\x7f]{1,200}(?<![./])")
LONGEST = 500


class BadRemote(ValueError):
    """This cannot be used; the message is a sentence in English that says why."""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a pack comes from. An empty branch is the one that the other side offers first; `folder` is in it."""

    name: str
    address: str
    branch: str = ""
    folder: str = ""
    pushes: bool = False


def read_remote(line: str) -> Remote:
    """A repository as it stands in the settings. Raises `BadRemote`."""
    name, equals, rest = line.partition("=")
    if not equals:
        raise BadRemote("Write it as NAME=ADDRESS.")
    address, _mark, options = rest.partition("#")
    given: dict[str, str] = {}
    for option in filter(None, options.split("&")):
        key, _equals, value = option.partition("=")
        if key not in ("branch", "folder", "push"):
            raise BadRemote(f"{key} is no option; branch, folder and push are.")
        given[key] = unquote(value)
    push = given.get("push", "no")
    if push not in ("yes", "no"):
        raise BadRemote("push takes yes or no.")
    return checked(Remote(name, address, given.get("branch", ""), given.get("folder", ""), push == "yes"))


def checked(remote: Remote) -> Remote:
    """The same, if it can be used. Raises `BadRemote`."""
    for problem in (
        name_problem(remote.name),
        address_problem(remote.address),
        branch_problem(remote.branch),
        folder_problem(remote.folder),
    ):
        if problem:
            raise BadRemote(problem)
    return remote


def N_(sentence: str) -> str:  # noqa: N802 - the name by which Babel finds sentences that are translated later
    """Mark a sentence for the catalogues."""
    return sentence


def name_problem(name: str) -> str:
    """What is wrong with a name; empty if nothing is."""
    return "" if NAME.fullmatch(name) else N_("A name has small letters, digits and hyphens, at most 60.")


def address_problem(address: str) -> str:
    """What is wrong with an address; empty if nothing is. Only https and ssh, and no password inside."""
    if not address.isascii() or not address.isprintable() or " " in address or len(address) > LONGEST:
        return N_("An address has no spaces and no letters outside of ASCII, and at most 500 characters.")
    if near := NEAR.fullmatch(address):
        fits = USER.fullmatch(near["user"]) and HOST.fullmatch(near["host"]) and not near["path"].startswith("-")
        return "" if fits else N_("This is no address of a repository.")
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return N_("This is no address of a repository.")
    if parts.scheme not in ("https", "ssh"):
        return N_("Use an address that begins with https:// or ssh://, or one like git@example.org:academy/water.git.")
    if parts.password is not None or (parts.scheme == "https" and parts.username is not None):
        return N_("Leave the password or token out: an address stands in lists and logs. LMS_GIT_TOKENS takes it.")
    return _parts_problem(parts.username, parts.netloc.rpartition("@")[2], parts.path, parts.query + parts.fragment)


def _parts_problem(user: str | None, place: str, path: str, more: str) -> str:
    host = re.sub(r":\d*$", "", place)
    fits = HOST.fullmatch(host) and path.strip("/") and not more and (user is None or USER.fullmatch(user))
    return "" if fits else N_("This is no address of a repository.")


def branch_problem(branch: str) -> str:
    """What is wrong with a branch's name; empty if nothing is. After the manual of git-check-ref-format."""
    return "" if not branch or BRANCH.fullmatch(branch) else N_("This is no name of a branch.")


def folder_problem(folder: str) -> str:
    """What is wrong with a folder inside a repository; empty if nothing is."""
    parts = folder.split("/") if folder else []
    if len(folder) <= LONGEST and folder.isprintable() and all(part and not part.startswith(".") for part in parts):
        return "" if "\\" not in folder else N_("Write the folder with / between its parts.")
    return N_("Write the folder as it stands in the repository, such as packs/water, without dots at the beginning.")


def read_token(line: str) -> tuple[str, str]:
    """The address for which a token is good, and `user:token`. Written as `ADDRESS=USER:TOKEN`. Raises `BadRemote`."""
    address, _equals, credential = line.partition("=")
    user, colon, token = credential.partition(":")
    if not address.startswith("https://") or urlsplit(address).username is not None:
        raise BadRemote("Write it as https://git.example.org/academy=USER:TOKEN.")
    if not (colon and user and token and credential.isprintable()):
        raise BadRemote("After the = stand the user and the token, with a colon between them.")
    return address, credential
