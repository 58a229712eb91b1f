"""What the pages of materials say about licences and about what is wrong with what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.sharing import rules
from lms.web.language import _, lazy, listing, number

if TYPE_CHECKING:
    from collections.abc import Mapping

# what each licence lets others do, in a sentence
LICENCES = {
    "by": lazy("Others may use and change it, also for money, and name you."),
    "by-sa": lazy("The same, and what they make of it has this licence too."),
    "by-nc": lazy("Others may use and change it and name you, but not for money."),
    "by-nc-sa": lazy("The same, not for money, and what they make of it has this licence too."),
    "by-nd": lazy("Others may pass it on unchanged, also for money, and name you."),
    "by-nc-nd": lazy("Others may pass it on unchanged and name you, but not for money."),
    "cc0": lazy("Everybody may do anything with it, without naming anybody."),
    "here": lazy("All rights stay with the author; it may be used on this site by helpers."),
}
AGAINST = {
    "adapting": lazy("The licence of the source does not allow changed versions. Ask its author, then tick so."),
    "alike": lazy("What is made of the source has to have the same licence as the source."),
    "commercial": lazy("The source may not be used for money; choose a licence that says so too."),
    "naming": lazy("The source’s author has to be named; choose a licence that asks for it too."),
    "unallowed": lazy("It is not free and not yours: tick that its author agreed, or share a link to it."),
    "unknown": lazy("Choose a licence. If you do not know it, ask whoever made the material."),
}
PROBLEMS = {
    ("title", "empty"): lazy("Give it a title by which others find it."),
    ("title", "long"): lazy("The title is too long for a list; keep it under 200 signs."),
    ("about", "long"): lazy("Keep it under 1,000 signs."),
    ("title", "personal"): lazy("An address or a number is in the title. Take it out; nothing personal is kept here."),
    ("about", "personal"): lazy("An address or a number is in the text. Take it out; nothing personal is kept here."),
    ("language", "unknown"): lazy("Choose the language of the material."),
    ("author", "empty"): lazy("Say who made it, or tick that you made it."),
    ("source", "broken"): lazy("This is no address of a page. It begins with https://."),
    ("address", "broken"): lazy("This is no address of a page. It begins with https://."),
    ("address", "both"): lazy("Choose a file or give an address, not both: these are two materials."),
    ("address", "nothing"): lazy("Choose a file, or give the address of a page."),
    ("is_harmless", "untold"): lazy("Look through the material once more, then tick this."),
}


def licence(code: str) -> str:
    """What a licence is called."""
    return rules.LICENCES[code].name or _("All rights with the author, may be used here")


def told(problems: Mapping[str, str], wanted: rules.Wanted) -> dict[str, str]:
    """Field -> a sentence about what is wrong with it."""
    found = {}
    for name, problem in problems.items():
        if name == "names_nobody":
            found[name] = _("This looks like a name: %(names)s. Is it nobody who was helped?", names=listing(
                [f"“{each}”" for each in rules.doubtful(wanted)]
            ))  # fmt: skip
        else:
            found[name] = str(AGAINST[problem] if name == "licence" else PROBLEMS[name, problem])
    return found


def size(count: int) -> str:
    """How large a file is."""
    if count < 1024 * 1024:
        return _("%(size)s KB", size=number(max(1, count // 1024)))
    return _("%(size)s MB", size=number(count / 1024 / 1024))
