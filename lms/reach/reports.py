"""The reports on help: the rows of the desk's pages for the list of reports, for files and for `lms report`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lms.figures import queries as figures
from lms.helping import figure_queries as helping
from lms.plugins import N_
from lms.reach import chain_queries, files, gap_queries, help_queries, report_queries, words
from lms.reach.rules import ACTIVE_DAYS
from lms.reporting.months import of_year
from lms.reporting.offers import Offer
from lms.reporting.rules import UNIT, Column, Report
from lms.web.language import _, language, show_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from lms.reach.pages import Chain
    from lms.reporting.months import Months
    from lms.reporting.queries import Asked
    from lms.reporting.rules import Cell

_HELP = Report(
    "help",
    N_("Help given"),
    N_(
        "For the unit and for each unit right below it, in the whole period and in each of its months: what the "
        "definitions count that are in force on the last day of the period (today, if that is still to come). Number: "
        "what a valid certificate, and its mandate, covered on its day; a part of it is tallied by units. Counted "
        "apart: what none covered; it is in none of the numbers. People helped, with the code *, takes what any of the "
        "definitions counts as people, once. Months that were closed as a period are read as they were closed."
    ),
    (
        *UNIT,
        Column("month", N_("Month"), "month"),
        Column("definition", N_("Definition"), "text"),
        Column("version", N_("Version")),
        Column("title", N_("Counts"), "text"),
        Column("number", N_("Number")),
        Column("tallied", N_("Of them tallied")),
        Column("apart", N_("Counted apart")),
        Column("changed", N_("Change since closing")),
    ),
    has_course=False,
    has_months=True,
)
_CHAIN = Report(
    "chain",
    N_("From training to help"),
    N_(
        "For the unit and for each unit right below it, each person once for all courses: members today; of these who "
        "has begun a course, the certified among them (trained); who holds a valid certificate; who noted help in the "
        "last 30 and in the last 90 days, also if the certificate has run out since. People helped are citizens, "
        "counted in the period as in the report on help, and no share of anybody."
    ),
    (
        *UNIT,
        Column("registered", N_("Registered")),
        Column("trained", N_("Trained")),
        Column("trained_of_registered", N_("Trained of the registered"), "share"),
        Column("certified", N_("Certified")),
        Column("certified_of_trained", N_("Certified of the trained"), "share"),
        Column("certified_of_registered", N_("Certified of the registered"), "share"),
        Column("active_30", N_("Active in the last 30 days")),
        Column("active_90", N_("Active in the last 90 days")),
        Column("active_to_certified", N_("Active against certified"), "share"),
        Column("helped", N_("People helped")),
    ),
    has_past=False,
    has_course=False,
    has_months=True,
)
_GAPS = Report(
    "gaps",
    N_("Without a valid helper"),
    N_(
        "Every open unit below the unit in which, with all units below it, nobody holds a valid certificate of any "
        "course today: whoever asks for help there finds no certified helper."
    ),
    (
        *UNIT,
        Column("above", N_("Lies in"), "text"),
        Column("registered", N_("Registered")),
        Column("begun", N_("Under way")),
    ),
    has_past=False,
    has_course=False,
)


def _months(asked: Asked) -> Months:
    return asked.months or of_year(asked.day)


def _help(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    known = report_queries.meaning(db, asked.unit, _months(asked), asked.day)
    versions = {each.code: each.version for each in known.definitions}
    named = words.named(known.definitions, language())
    for line in report_queries.lines(db, asked, _months(asked)):
        unit = (line.unit.code, line.unit.name, line.unit.kind)
        for code, title in named.items():
            each = line.figures[code]
            changed = line.changed[code] if line.changed is not None else None
            numbers = (each.number, each.tallied, each.apart, changed)
            yield (*unit, line.month, code, versions.get(code), title, *numbers)


def _meaning(db: Session, asked: Asked) -> list[str]:
    """The definitions word by word; when the period was closed."""
    known = report_queries.meaning(db, asked.unit, _months(asked), asked.day)
    said = [files.in_words(each, language()) for each in known.definitions]
    if known.closed is None or known.closed.closed_at is None:
        return said
    return [files.closed_on(known.closed.closed_at), *said]


def _chain(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    usual, longer = ACTIVE_DAYS
    units = [asked.unit, *help_queries.children(db, asked.unit)]
    period = report_queries.meaning(db, asked.unit, _months(asked), asked.day).period
    chains = chain_queries.of_units(db, units, period, usual, asked.day)
    active = chain_queries.active_in(db, units, asked.day - timedelta(days=longer - 1), asked.day)
    for unit in units:
        yield (unit.code, unit.name, unit.kind, *_links(chains[unit.id], active.get(unit.id, 0)))


def _links(chain: Chain, active: int) -> tuple[Cell, ...]:
    return (
        chain.registered,
        chain.begun,
        _share(chain.begun, chain.registered),
        chain.certified,
        _share(chain.certified, chain.begun),
        _share(chain.certified, chain.registered),
        chain.active,
        active,
        _share(chain.active, chain.certified),
        chain.helped,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _also_counted(db: Session, asked: Asked) -> list[str]:
    """Up to when help is counted, which is another moment than that of the certificates; what people helped means."""
    counted = helping.counted_at(db)
    moment = [_("Help is counted as of %(moment)s.", moment=show_moment(counted))] if counted is not None else []
    return [*moment, *_meaning(db, asked)]


def _gaps(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    for row in report_queries.all_gaps(db, asked.unit):
        yield (row.unit.code, row.unit.name, row.unit.kind, row.above or asked.unit.name, row.registered, row.begun)


OFFERS = (
    Offer(_HELP, _help, helping.counted_at, _meaning),
    Offer(_CHAIN, _chain, figures.counted_at, _also_counted),
    Offer(_GAPS, _gaps, gap_queries.counted_at),
)
