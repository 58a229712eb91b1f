"""What a course earns, and by what: `certificate:` and `prior_learning:` of its front matter, key by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lms.content.structure import (
    CertificateRules,
    HelpScope,
    Json,
    Look,
    MicroCredential,
    OrganisationRules,
    PriorLearning,
)

if TYPE_CHECKING:
    from lms.content.fields import Fields

KEYS = ("title", "level", "valid", "design", "colour", "logo", "micro_credential", "organisations", "helps")
ORGANISATION_KEYS = ("title", "helpers", "kinds", "mandate", "valid", "warn", "helps")
HELP_KEYS = ("kinds", "audiences", "services")
HELP_KINDS = ("training", "consultation", "visit")
MICRO_KEYS = ("country", "level", "participation", "quality", "credits", "prerequisites", "supervision")
PRIOR_KEYS = ("evidence", "outcomes", "interview")
MOST_HELPERS = 1000
_VALIDITY = re.compile(r"(\d{1,4})\s+(day|week|month|year)s?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def read_validity(value: Json) -> str | None:
    """How long a certificate is valid, written in one way (`24 months`); None if it is not readable."""
    match = _VALIDITY.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        return None
    return f"{int(match[1])} {match[2]}{'' if int(match[1]) == 1 else 's'}"


def read_certificate(fields: Fields, value: Json, course_title: str) -> CertificateRules | None:
    """What the course earns; None if it earns nothing. What cannot be used is reported."""
    if value is None or value is False:
        return None
    if isinstance(value, str):
        return CertificateRules(value)
    if not isinstance(value, Mapping):
        fields.wrong("certificate", "Give the certificate a `title:`.", is_error=True)
        return None
    fields.unknown(value, KEYS, "certificate")
    return CertificateRules(
        title=_line(value, "title") or course_title,
        level=_line(value, "level"),
        valid=_valid(fields, value, "valid", ("certificate", "valid")),
        look=_look(fields, value),
        micro=_micro(fields, value.get("micro_credential")),
        organisations=_organisations(fields, value.get("organisations")),
        helps=_helps(fields, value, ("certificate", "helps")),
    )


def organisation_words(value: Json) -> tuple[str, dict[str, str]]:
    """The title and the mandate, by id, of the organisations' certificate as one language's front page has them."""
    given = value.get("organisations") if isinstance(value, Mapping) else None
    if not isinstance(given, Mapping):
        return "", {}
    return _line(given, "title"), _mandate(given)


def read_prior_learning(fields: Fields, value: Json) -> PriorLearning | None:
    """What is asked of who knows the course already; None if nothing is. What cannot be used is reported."""
    if value in (None, False, "no"):
        return None
    if not evidence_words(value):
        fix = "Write what proves it: `prior_learning: {evidence: [a diploma, a letter of your employer]}`."
        fields.wrong("prior_learning", fix, is_error=True)
        return None
    if not isinstance(value, Mapping):
        return PriorLearning()
    fields.unknown(value, PRIOR_KEYS, "prior_learning")
    outcomes = value.get("outcomes") or []
    return PriorLearning(
        tuple(str(name) for name in (outcomes if isinstance(outcomes, list) else [outcomes])),
        _has_interview(fields, value.get("interview")),
    )


def evidence_words(value: Json) -> dict[str, str]:
    """What proves prior learning, by id, as one language's front page has it."""
    given = value.get("evidence") if isinstance(value, Mapping) else value
    return {} if given in (True, False, "yes", "no") else _words(given)


def _has_interview(fields: Fields, value: Json) -> bool:
    if value in (True, "yes"):
        return True
    if value not in (None, False, "no"):
        fields.wrong("interview", "Write `yes` or `no`.", is_error=True, place=("prior_learning", "interview"))
    return False


def _line(values: Mapping[str, Json], key: str) -> str:
    value = values.get(key)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _valid(fields: Fields, values: Mapping[str, Json], key: str, place: tuple[str | int, ...]) -> str:
    given = values.get(key)
    found = "" if given is None else read_validity(given)
    if found is None:
        fix = f"Write a number and a unit: `{key}: 24 months` (days, weeks, months or years)."
        fields.wrong(key, fix, is_error=True, place=place)
    return found or ""


def _look(fields: Fields, values: Mapping[str, Json]) -> Look:
    colour = _line(values, "colour").lower()
    if colour and not _COLOUR.fullmatch(colour):
        fix = 'Write six hexadecimal digits after #, in quotes: `colour: "#0b6e4f"`.'
        fields.wrong("colour", fix, is_error=True, place=("certificate", "colour"))
        colour = ""
    return Look(_line(values, "design"), colour, _line(values, "logo"))


def _micro(fields: Fields, value: Json) -> MicroCredential | None:
    if value is None or value is False:
        return None
    if not isinstance(value, Mapping):
        fix = "List its elements, for example `country: LV` and `level: EQF 4`."
        fields.wrong("micro_credential", fix, is_error=True, place=("certificate", "micro_credential"))
        return None
    fields.unknown(value, MICRO_KEYS, "micro_credential")
    found = MicroCredential(**{key: _line(value, key) for key in MICRO_KEYS})
    if found.country and not _COUNTRY.fullmatch(found.country):
        fix = "Write the two capital letters of ISO 3166, for example `country: LV`."
        fields.wrong("country", fix, is_error=True, place=("certificate", "micro_credential", "country"))
    return found


def _organisations(fields: Fields, value: Json) -> OrganisationRules | None:
    if value is None or value is False:
        return None
    place = ("certificate", "organisations")
    if not isinstance(value, Mapping) or not _line(value, "title"):
        fix = "Give the certificate of organisations a `title:` and the number of `helpers:` it needs."
        fields.wrong("organisations", fix, is_error=True, place=place)
        return None
    fields.unknown(value, ORGANISATION_KEYS, "organisations")
    helpers = value.get("helpers", 1)
    if not isinstance(helpers, int) or isinstance(helpers, bool) or not 0 < helpers <= MOST_HELPERS:
        fix = "Write how many people of an organisation must hold a valid certificate, for example `helpers: 2`."
        fields.wrong("helpers", fix, is_error=True, place=(*place, "helpers"))
        helpers = 1
    kinds = value.get("kinds") or []
    return OrganisationRules(
        title=_line(value, "title"),
        helpers=helpers,
        kinds=tuple(str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])),
        mandate=_mandate(value),
        valid=_valid(fields, value, "valid", (*place, "valid")),
        warn=_valid(fields, value, "warn", (*place, "warn")) or "30 days",
        helps=_helps(fields, value, (*place, "helps")),
    )


def _helps(fields: Fields, values: Mapping[str, Json], place: tuple[str | int, ...]) -> HelpScope:
    """What help a certificate is for. A kind that is none is reported: the mandate would cover nothing."""
    given = values.get("helps")
    if given is None:
        return HelpScope()
    if not isinstance(given, Mapping):
        fix = "List what the holder may do, for example `kinds: [consultation]` and `audiences: [citizen]`."
        fields.wrong("helps", fix, is_error=True, place=place)
        return HelpScope()
    fields.unknown(given, HELP_KEYS, "helps")
    scope = HelpScope(**{key: _codes(given.get(key)) for key in HELP_KEYS})
    if unknown := [kind for kind in scope.kinds if kind not in HELP_KINDS]:
        fix = f"There is no kind {unknown[0]}, only {', '.join(HELP_KINDS)}."
        fields.wrong("kinds", fix, is_error=True, place=(*place, "kinds"))
    return scope


def _codes(value: Json) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return tuple("-".join(str(item).split()).lower() for item in items)


def _mandate(values: Mapping[str, Json]) -> dict[str, str]:
    return _words(values.get("mandate"))


def _words(given: Json) -> dict[str, str]:
    """Texts by id; where they are only listed, by their place."""
    if isinstance(given, Mapping):
        return {str(key): " ".join(str(text).split()) for key, text in given.items() if text}
    items = given if isinstance(given, list) else [given] if given else []
    return {str(place): " ".join(str(text).split()) for place, text in enumerate(items, 1)}
