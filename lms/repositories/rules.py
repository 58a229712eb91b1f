"""Pure decisions about repositories: what a state means, whether a message of a Git host is genuine."""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIGNATURES = ("X-Hub-Signature-256", "X-Forgejo-Signature", "X-Gitea-Signature")
TOKEN = "X-Gitlab-Token"  # noqa: S105 - the name of a header


class State(StrEnum):
    """How a repository stands."""

    NEW = "new"  # never fetched
    CURRENT = "current"
    REFUSED = "refused"  # fetched, but the pack has errors; trainees see what they saw
    CONFLICT = "conflict"  # the same lines were changed here and there
    UNPUSHED = "unpushed"  # what the desk wrote was not taken by the other side
    FAILED = "failed"


class Outcome(StrEnum):
    """What became of one look."""

    NOTHING = "nothing"
    PUBLISHED = "published"
    WAITING = "waiting"  # fetched, and now a second person has to approve it
    REFUSED = "refused"
    CONFLICT = "conflict"
    UNPUSHED = "unpushed"
    FAILED = "failed"


class Cause(StrEnum):
    """Who or what asked for a look."""

    WEBHOOK = "webhook"
    BUTTON = "button"
    COMMAND = "command"
    CLOCK = "clock"
    SAVE = "save"


STATES = {
    Outcome.PUBLISHED: State.CURRENT,
    Outcome.WAITING: State.CURRENT,
    Outcome.NOTHING: State.CURRENT,
    Outcome.REFUSED: State.REFUSED,
    Outcome.CONFLICT: State.CONFLICT,
    Outcome.UNPUSHED: State.UNPUSHED,
    Outcome.FAILED: State.FAILED,
}


def N_(sentence: str) -> str:  # noqa: N802 - the name by which Babel finds sentences that are translated later
    """Mark a sentence for the catalogues."""
    return sentence


# a piece of what git says, and what it means for whoever reads it on the desk
MEANINGS = (
    ("could not read Username", N_("The repository is private: set LMS_GIT_TOKENS, or use an address with ssh.")),
    ("Authentication failed", N_("The other side does not take the token in LMS_GIT_TOKENS.")),
    ("Permission denied", N_("The other side does not know this server's ssh key, or it may not do this.")),
    ("Host key verification failed", N_("This server has not met that host yet: see “ssh” in the manual on Git.")),
    ("Could not resolve host", N_("There is no such host, or this server has no way to it.")),
    ("Failed to connect", N_("The host does not answer.")),
    ("timed out", N_("The host does not answer.")),
    ("couldn't find remote ref HEAD", N_("The repository has no commit yet.")),
    ("couldn't find remote ref", N_("The repository has no such branch.")),
    ("not found", N_("There is no repository at this address, or it is private.")),
    ("not uptodate", N_("Somebody changed files in the clone by hand. Commit or undo them there first.")),
    ("redirect", N_("The repository has moved. Write its new address.")),
)


def meaning(words: str) -> str:
    """What git's words mean, as a sentence in English; empty if only git knows."""
    return next((meant for piece, meant in MEANINGS if piece in words), "")


def webhook_secret(site_key: str, name: str, number: int) -> str:
    """The secret of a repository's webhook: made from the site's key, so that it is kept nowhere.

    Another `number` makes another secret.
    """
    return hmac.new(site_key.encode(), f"webhook of {name}, {number}".encode(), hashlib.sha256).hexdigest()


def is_genuine(headers: Mapping[str, str], secret: str, digest: Callable[[], str]) -> bool:
    """Whether a message comes from somebody who knows the secret.

    GitHub sends `sha256=` and the HMAC-SHA256 (RFC 2104) of the body in hexadecimal digits, Gitea and Forgejo the
    digits alone, GitLab the secret itself; each in a header of its own, as their manuals say. `digest` gives the
    body's HMAC. A header that is there has to be right, whatever the others say.
    """
    found = [headers[name].removeprefix("sha256=") for name in SIGNATURES if name in headers]
    if found:
        right = digest()
        return all(hmac.compare_digest(right.encode(), each.strip().lower().encode()) for each in found)
    return hmac.compare_digest(secret.encode(), headers.get(TOKEN, "").strip().encode())
