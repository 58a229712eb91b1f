"""What help a certificate is for, as front matter says it: `helps:` of people's and of organisations' certificates."""

from __future__ import annotations

from tests.content.packs import course, rules

FRONT = """---
certificate:
  title: Helper
  helps: {people}
  organisations:
    title: Library
    helps: {units}
---
"""
HELPS = "---\ncertificate:\n  title: Helper\n  helps: {people}\n---\n"
TEXT = "# A\n\nText.\n"


def front(people: str = "{audiences: [citizen]}", units: str = "{kinds: visit, services: [Lost phone]}") -> str:
    return FRONT.format(people=people, units=units)


def test_what_a_certificate_is_for_is_read() -> None:
    found = course({"index.md": front(), "01-a.md": TEXT}).certificate
    assert found is not None
    assert found.organisations is not None
    assert (found.helps.kinds, found.helps.audiences, found.helps.services) == ((), ("citizen",), ())
    assert (found.organisations.helps.kinds, found.organisations.helps.services) == (("visit",), ("lost-phone",))


def test_what_is_no_mandate_is_reported() -> None:
    def found(people: str) -> list[tuple[str, str, int]]:
        return rules({"index.md": HELPS.format(people=people), "01-a.md": TEXT})

    assert found("{kinds: [consultation]}") == []
    assert found("{kinds: [dancing]}") == [("setting-wrong", "index.md", 4)]
    assert found("citizens") == [("setting-wrong", "index.md", 4)]
    assert found("{audience: [citizen]}") == [("setting-unknown", "index.md", 1)]
