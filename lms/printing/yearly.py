"""What each person's year holds, in words: the parts that everybody above adds, and certificates, which are known here.

Texts are written in the holder's language where the screens speak it, else in the site's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lms.credentials.colours import colours
from lms.issuers import queries as issuers
from lms.people import queries as people
from lms.people.latin import in_latin_letters
from lms.printable import missing_letters
from lms.printing import statement_queries as queries
from lms.printing.logos import logo
from lms.printing.queries import labels_of
from lms.printing.statement_rules import (
    Column,
    Figure,
    Looks,
    Period,
    Row,
    Section,
    Statement,
    StatementPart,
    whole,
)
from lms.web.language import _, language, languages, lazy, ngettext, number, show_date, speaking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.people.models import Person
    from lms.printing.statement_queries import Earned

RENEWAL = "renewal"
# Named here for the translators; the heading of a table is said when the table is made.
HEADINGS = {False: lazy("Certificates earned"), True: lazy("Certificates renewed")}


def years(db: Session, person: int, parts: Sequence[StatementPart], today: date) -> list[int]:
    """The years, up to this one, of which there is something to state about somebody; the last one first."""
    known = {year for part in parts for year in part.years(db, person)}
    return sorted((year for year in known if year <= today.year), reverse=True)


def statements(
    db: Session, ids: Sequence[int], year: int, today: date, parts: Sequence[StatementPart], settings: Settings
) -> dict[int, Statement]:
    """The statements of these people for a year, in this order, without those of whom there is nothing to state."""
    known = people.persons(db, ids)
    issuer = issuers.default_issuer(db)
    named = issuer.name if issuer else settings.site_name
    spoken: dict[str, list[int]] = {}
    for each in known.values():
        if not each.is_erased:
            tag = each.language if each.language in languages() else settings.language
            spoken.setdefault(tag, []).append(each.id)
    made: dict[int, Statement] = {}
    for tag, group in spoken.items():
        with speaking(tag):
            found = _sections(db, group, year, parts)
            made |= {key: _statement(known[key], found[key], year, today, named, settings.url) for key in found}
    return {each: made[each] for each in ids if each in made}


def looks(db: Session, made_on: date) -> Looks:
    """The issuer's colours and logo."""
    issuer = issuers.default_issuer(db)
    file = issuers.logo(db, issuer.logo) if issuer else None
    return Looks(made_on, colours(issuer.colour if issuer else ""), logo(file.data) if file else None)


def _sections(
    db: Session, group: Sequence[int], year: int, parts: Sequence[StatementPart]
) -> Mapping[int, tuple[Section, ...]]:
    found: dict[int, tuple[Section, ...]] = {}
    for part in parts:
        for person, sections in part.sections(db, group, whole(year)).items():
            found[person] = (*found.get(person, ()), *sections)
    return {person: sections for person, sections in found.items() if sections}


def _statement(
    person: Person, sections: tuple[Section, ...], year: int, today: date, issuer: str, url: str
) -> Statement:
    title = _("Statement for %(year)s", year=year)
    holder, latin = _names(person)
    period = whole(year)
    dates = {"first": show_date(period.first), "last": show_date(min(period.last, today))}
    return Statement(
        language=language(),
        title=title,
        label=f"{holder} · {title}",
        holder=holder,
        holder_latin=latin,
        issuer=issuer,
        confirms=_(
            "%(issuer)s confirms what is on record of this person’s learning and helping from %(first)s to %(last)s.",
            issuer=issuer,
            **dates,
        ),
        sections=sections,
        check=_(
            "Anybody can check a certificate by its number: %(address)s",
            address=f"{url.rstrip('/').removeprefix('https://')}/c",
        ),
        made=_("Made on %(date)s", date=show_date(today)),
    )


def _names(person: Person) -> tuple[str, str]:
    """The name as it can be printed, and beside it the one in Latin letters; what nobody can print stays as it is."""
    latin = person.latin_name or in_latin_letters(person.name, person.language)
    if missing_letters(person.name) and latin and not missing_letters(latin):
        return latin, ""
    beside = "" if person.latin_name == person.name or missing_letters(person.latin_name) else person.latin_name
    return person.name, beside


def _of_each(found: Iterable[Earned]) -> Mapping[int, list[Earned]]:
    each: dict[int, list[Earned]] = {}
    for one in found:
        each.setdefault(one.person, []).append(one)
    return each


def _earned(db: Session, ids: Collection[int], period: Period) -> Mapping[int, Sequence[Section]]:
    """Certificates earned, and certificates renewed."""
    found: dict[int, Sequence[Section]] = {}
    for person, earned in _of_each(queries.issued(db, ids, period)).items():
        parts = [[each for each in earned if (each.basis == RENEWAL) is renewed] for renewed in HEADINGS]
        count = sum(each.revoked_at is None for each in earned)
        figure = Figure(number(count), ngettext("certificate", "certificates", count))
        headed = zip(HEADINGS.values(), parts, strict=True)
        first, *others = [_table(str(words), rows) for words, rows in headed if rows]
        found[person] = [replace(first, figure=figure), *others]  # one number for both tables
    return found


def _table(heading: str, rows: Sequence[Earned]) -> Section:
    columns = (Column(_("Certificate")), Column(_("Issued")), Column(_("Valid until")))
    return Section(heading, columns, tuple(_row(each) for each in rows))


def _row(each: Earned) -> Row:
    facts, words = each.facts, labels_of(language())
    level = words.get(f"level_{facts.level}", facts.level)
    basis = "" if facts.basis in ("", RENEWAL) else words.get(f"basis_{facts.basis}", facts.basis)
    withdrawn = each.revoked_at and _("withdrawn on %(date)s", date=show_date(each.revoked_at.date()))
    course = facts.course if facts.course != facts.title else ""
    details = (" · ".join(filter(None, (facts.code, level))), course, basis, withdrawn or "")
    until = show_date(facts.valid_until) if facts.valid_until else words["no_expiry"]
    return Row(facts.title, tuple(filter(None, details)), (show_date(facts.issued_on), until), facts.language)


def _ending(db: Session, ids: Collection[int], period: Period) -> Mapping[int, Sequence[Section]]:
    """Certificates that end in the year, so that nobody overlooks it."""
    heading = _("Certificates that end in %(year)s", year=period.first.year)
    columns = (Column(_("Certificate")), Column(_("Last day")))
    return {
        person: [Section(heading, columns, tuple(_last_day(each.facts.code, each) for each in rows))]
        for person, rows in _of_each(queries.ending(db, ids, period)).items()
    }


def _last_day(code: str, each: Earned) -> Row:
    return Row(each.facts.title, (code,), (show_date(each.facts.valid_until),), each.facts.language)


EARNED = StatementPart(queries.years_issued, queries.with_issued, _earned)
ENDING = StatementPart(queries.years_ending, queries.with_ending, _ending)
