"""What kinds of unit are called on the screen. An unknown kind keeps its own word."""

from __future__ import annotations

from lms.web.language import lazy, ngettext, number

KINDS = {
    "country": lazy("Countries"),
    "province": lazy("Provinces"),
    "region": lazy("Regions"),
    "district": lazy("Districts"),
    "commune": lazy("Communes"),
    "municipality": lazy("Municipalities"),
    "team": lazy("Teams"),
    "library": lazy("Libraries"),
    "organisation": lazy("Organisations"),
    "unit": lazy("Units"),
}


def kind_words(kind: str) -> str:
    """Units of a kind, as a heading calls them."""
    return str(KINDS.get(kind, kind.capitalize()))


def counted(kind: str, count: int) -> str:
    """So many units of a kind."""
    sentences = {
        "country": lambda: ngettext("%(num)s country", "%(num)s countries", count),
        "province": lambda: ngettext("%(num)s province", "%(num)s provinces", count),
        "region": lambda: ngettext("%(num)s region", "%(num)s regions", count),
        "district": lambda: ngettext("%(num)s district", "%(num)s districts", count),
        "commune": lambda: ngettext("%(num)s commune", "%(num)s communes", count),
        "municipality": lambda: ngettext("%(num)s municipality", "%(num)s municipalities", count),
        "team": lambda: ngettext("%(num)s team", "%(num)s teams", count),
        "library": lambda: ngettext("%(num)s library", "%(num)s libraries", count),
        "organisation": lambda: ngettext("%(num)s organisation", "%(num)s organisations", count),
        "unit": lambda: ngettext("%(num)s unit", "%(num)s units", count),
    }
    return sentences[kind]() if kind in sentences else f"{number(count)} {kind}"
