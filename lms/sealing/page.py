"""What the page that checks certificates holds: keys, names, words, and for the archive everything else, too."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from lms.web.assets import FOLDER
from lms.web.language import _

if TYPE_CHECKING:
    from datetime import date, datetime

    from lms.issuers.signing import PublicKey
    from lms.sealing.offline_queries import Trust

SCRIPT, STYLE = "verify/built.js", "verify/built.css"


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The page. With `style` and `script` it is one file that needs nothing else, under its own `policy`."""

    known: dict[str, Any]
    check_url: str = ""
    home: str = ""
    archived: date | None = None
    style: str = ""
    script: str = ""
    policy: str = field(default="", repr=False)

    @property
    def known_json(self) -> Markup:
        """What the script is told, as it stands in the page: letters as they are, and no tag among them."""
        said = msgspec.json.encode(self.known).decode()
        return Markup(said.replace("<", r"\u003c"))  # noqa: S704 - nothing is left that could begin a tag


def known(trust: Trust, **more: str) -> dict[str, Any]:
    """What the script is told: whom to believe, and words in the page's language."""
    return {**said(trust), "words": _words(), **more}


def said(trust: Trust) -> dict[str, Any]:
    """The keys with their history, and the names of the issuers with theirs, as JSON tells them."""
    return {
        "keys": [told(key) for key in trust.keys],
        "issuers": {
            issuer.slug: {
                "name": issuer.name,
                "url": issuer.url,
                "former": [
                    {"name": old.name, "since": old.since.isoformat(), "until": old.until.isoformat()}
                    for old in issuer.former
                ],
            }
            for issuer in trust.issuers
        },
    }


def alone(known: dict[str, Any], day: date) -> VerifyPage:
    """The page as one file, for an archive of that day."""
    style, script = _text(STYLE), _text(SCRIPT)
    if any("</" in part or "<!--" in part for part in (style, script)):
        raise ValueError("a script that holds a tag cannot stand inside a page")
    policy = (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "img-src data: blob:; media-src blob:; base-uri 'none'; form-action 'none'"
    )
    return VerifyPage(known, archived=day, style=style, script=script, policy=policy)


def told(key: PublicKey) -> dict[str, Any]:
    """A key with its history, as JSON tells it."""
    return {
        "kid": key.kid,
        "issuer": key.issuer,
        "x": key.jwk["x"],
        "since": _moment(key.since),
        "until": _moment(key.until),
        "broken_at": _moment(key.broken_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _words() -> dict[str, str]:
    return {**_verdicts(), **_notes(), **_labels()}


def _verdicts() -> dict[str, str]:
    """A sentence and what it means, for each state."""
    return {
        "valid": _("This certificate is valid."),
        "valid_more": _("It is signed by {issuer} and was not withdrawn."),
        "expired": _("Expired on {date}"),
        "expired_more": _("It is genuine and was valid until then. The holder may renew it."),
        "superseded": _("Replaced on {date}"),
        "superseded_more": _("It is genuine, but a newer certificate took its place. Ask for that one."),
        "revoked": _("Withdrawn on {date}"),
        "revoked_more": _("{issuer} issued it and took it back. Do not accept it."),
        "erased": _("Deleted on {date}"),
        "erased_more": _("It was genuine. Its holder had it deleted from the register; it can no longer be checked."),
        "not_yet": _("Not issued yet on {day}"),
        "not_yet_more": _("It says that it was issued on {date}. Look whether the date of this device is right."),
        "unchecked": _("Genuine and not expired"),
        "unchecked_more": _(
            "It is signed by {issuer}. Whether it was withdrawn lately is not known here: the list of withdrawn "
            "certificates is missing or older than 30 days. Open this page once with a network."
        ),
        "untimely": _("Signed with a key that no longer counted"),
        "untimely_more": _("On {date} the key of {issuer} was given up. What it signed later is not from them."),
        "unsigned": _("Not signed by an issuer that we know"),
        "unsigned_more": _(
            "Something in it was changed, or somebody else made it. Do not accept it. Open this page once with a "
            "network if it was issued in the last days: the issuer may have a new key."
        ),
        "unreadable": _("This is no signed certificate"),
        "unreadable_more": _("Scan the large square code, with its whole white edge, or paste its whole text."),
    }


def _notes() -> dict[str, str]:
    return {
        "doubtful": _(
            "The key that signed it was stolen later. A thief could have written an earlier date: check the "
            "certificate by its code, at the register."
        ),
        "as_of": _("That is what was true on {day}."),
        "list": _("List of withdrawn certificates: of {date} ({age})."),
        "no_list": _("There is no list of withdrawn certificates on this device yet."),
        "left_out": _("Some of it was too long for the square code. It stands on the paper and in the register."),
        "compare": _("Compare every line with the paper: they must be the same."),
        "reading": _("Reading the picture …"),
        "hold": _("Hold the square code in front of the camera, so that it fills most of the picture."),
        "save": _(
            "To check without a network, save this page: over this connection browsers do not keep it themselves."
        ),
        "no_picture": _("This file is no picture that your browser can read. Take a photograph or a screenshot."),
        "no_code": _(
            "There is no square code in this picture that can be read. Take it again from straight above, sharp, "
            "without shadow, with the whole code in the picture."
        ),
        "no_camera": _("The camera may not be used here. Take a picture in its place."),
        "other_code": _("This code holds only an address. Scan the larger one, or go online to ask the register."),
    }


def _labels() -> dict[str, str]:
    return {
        "level": _("Level"),
        "level_local": _("Local level"),
        "level_national": _("National level"),
        "course": _("Course"),
        "workload": _("Workload"),
        "hours": _("{academic} academic hours of 45 minutes ({clock} hours)"),
        "assessment": _("Assessment"),
        "form_exam": _("Exam"),
        "form_evidence": _("Recognition of prior learning (evidence reviewed)"),
        "form_evidence-conversation": _("Recognition of prior learning (evidence reviewed, conversation held)"),
        "form_conversation": _("Recognition of prior learning (conversation held)"),
        "needed": _("needed {share}"),
        "issued": _("Issued"),
        "valid_until": _("Valid until"),
        "no_expiry": _("Without time limit"),
        "basis": _("Rests on"),
        "basis_renewal": _("a renewal"),
        "basis_correction": _("a correction of an earlier certificate"),
        "basis_prior_learning": _("evidence of earlier learning"),
        "mandate": _("Mandate"),
        "holder_can": _("The holder can"),
        "framework": _("Framework"),
        "issuer": _("Issuer"),
        "co_issuers": _("Issued together with"),
        "owner": _("Owner"),
        "provider": _("Provider"),
        "coordinator": _("Coordinator"),
        "partners": _("Partners"),
        "version": _("Course version"),
        "signed_by": _("Signed by"),
        "former": _("Formerly"),
        "until": _("{name}, until {date}"),
    }
