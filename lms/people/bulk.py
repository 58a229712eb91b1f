"""People, memberships and units by the hundred, as registers bring them: a few statements for each batch.

Whoever calls has decided what is to change; here it is only written. Nobody who has an account is changed: the caller
may have looked a moment ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, text, update

from lms.folding import fold
from lms.people.actions import LONGEST_FOLDED
from lms.people.models import Actor, Membership, Person, PersonChange, PersonName, Unit, UnitName, UnitPlace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

NEXT_IDS = text("select nextval(pg_get_serial_sequence(:table, 'id')) from generate_series(1, :count)")
PERSON: Any = Person.__table__
UNIT: Any = Unit.__table__
MEMBERSHIP: Any = Membership.__table__
ACTOR: Any = Actor.__table__
FORMER: Any = PersonName.__table__
CHANGE: Any = PersonChange.__table__
PLACE: Any = UnitPlace.__table__
FURTHER: Any = UnitName.__table__
DEFAULTS = {
    "user_name": None, "proved_email": None, "password_hash": "", "is_demo": False, "reminds": True, "closed_at": None,
    "merged_into_id": None,
}  # fmt: skip
CORRECTED = ("code", "name", "latin_name", "folded_name", "email", "phone", "category", "employer", "language")


@dataclass(frozen=True, slots=True)
class Joining:
    """A membership to be made."""

    person: int
    unit: int
    since: date
    until: date | None


def insert_many(db: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that all name the same columns: arrays in one statement on PostgreSQL, one prepared one on SQLite.

    It spares what SQLAlchemy does for each row; 212,761 people make that worth the trouble.
    """
    if not rows:
        return
    connection, dialect = db.connection(), db.get_bind().dialect
    columns = [table.c[name] for name in rows[0]]
    names = ", ".join(column.name for column in columns)
    values = [[row[column.name] for row in rows] for column in columns]
    if dialect.name == "postgresql":
        arrays = ", ".join(f"cast(:p{place} as {_array(column, dialect)})" for place, column in enumerate(columns))
        given = {f"p{place}": several for place, several in enumerate(values)}
        connection.execute(text(f"insert into {table.name} ({names}) select * from unnest({arrays})"), given)  # noqa: S608 - names of our tables and columns
        return
    for place, column in enumerate(columns):
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            bound = {value: process(value) for value in set(values[place])}  # days and moments: few and often
            values[place] = [bound[value] for value in values[place]]
    marks = ", ".join("?" * len(columns))
    statement = f"insert into {table.name} ({names}) values ({marks})"  # noqa: S608 - as above
    connection.exec_driver_sql(statement, list(zip(*values, strict=True)))


def _array(column: Any, dialect: Any) -> str:
    """The array that holds values of a column. Texts have no length here: a cast would cut them without a word."""
    kind = column.type.compile(dialect)
    return "text[]" if kind.startswith("VARCHAR") else f"{kind}[]"


def new_ids(db: Session, table: str, count: int) -> list[int]:
    """Ids for rows that are about to be added. On SQLite the write transaction keeps everybody else away."""
    if not count:
        return []
    if db.get_bind().dialect.name == "postgresql":
        return list(db.connection().execute(NEXT_IDS, {"table": table, "count": count}).scalars())
    model = Actor if table == "actor" else Unit
    first = (db.scalar(select(func.max(model.id))) or 0) + 1
    return list(range(first, first + count))


def add_people(db: Session, rows: Sequence[Mapping[str, Any]], moment: datetime) -> list[int]:
    """New people who cannot sign in yet; their ids, in the order of the rows.

    A row has code, name, latin and folded name, e-mail, phone, category, employer and language.
    """
    ids = new_ids(db, "actor", len(rows))
    if not ids:
        return ids
    insert_many(db, ACTOR, [{"id": each, "created_at": moment} for each in ids])
    full = [{**DEFAULTS, **row, "id": each, "created_at": moment} for each, row in zip(ids, rows, strict=True)]
    insert_many(db, PERSON, full)
    return ids


def folded(name: str, latin_name: str) -> str:
    """What a search by name looks at."""
    return fold(f"{name} {latin_name}")[:LONGEST_FOLDED]


def correct_people(
    db: Session,
    rows: Sequence[Mapping[str, Any]],
    former: Mapping[int, tuple[str, str]],
    *,
    by: int | None,
    moment: datetime,
) -> None:
    """Change people who never signed in; `former` are the names that some of them had until now."""
    if rows:
        names = [*CORRECTED]
        change = update(PERSON).where(
            PERSON.c.id == bindparam("key"), PERSON.c.password_hash == "", PERSON.c.proved_email.is_(None)
        )
        values = [
            {**{name: row.get(name) for name in names}, "key": row["id"]}
            | {"folded_name": folded(row["name"], row["latin_name"])}
            for row in rows
        ]
        db.connection().execute(change.values({name: bindparam(name) for name in names}), values)
    if former:
        kept = [
            {"person_id": person, "name": name, "latin_name": latin, "until": moment, "changed_by": by}
            for person, (name, latin) in former.items()
        ]
        insert_many(db, FORMER, kept)


def change_memberships(
    db: Session,
    joins: Sequence[Joining],
    redated: Sequence[tuple[int, date, date | None]],
    dropped: Collection[int],
) -> None:
    """Make memberships, give some other days, and take away those that never held."""
    connection = db.connection()
    table = MEMBERSHIP
    if joins:
        rows = [{"person_id": j.person, "unit_id": j.unit, "since": j.since, "until": j.until} for j in joins]
        insert_many(db, table, rows)
    if redated:
        change = update(table).where(table.c.id == bindparam("key"))
        days = [{"key": key, "since": since, "until": until} for key, since, until in redated]
        connection.execute(change.values(since=bindparam("since"), until=bindparam("until")), days)
    if dropped:
        connection.execute(delete(table).where(table.c.id.in_(sorted(dropped))))


def touch_all(db: Session, people: Collection[int], moment: datetime) -> None:
    """Say of many people that they may be counted elsewhere now."""
    if people:
        rows = [{"person_id": person, "at": moment} for person in people]
        insert_many(db, CHANGE, rows)


def add_units(db: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New units, in an order in which each stands after the one above it; their ids.

    A row has the columns of `Unit` without id, path and folded name, and either `parent_id` and `parent_path` or
    `parent_row`, the place in `rows` of the unit above.
    """
    ids = new_ids(db, "unit", len(rows))
    if not ids:
        return ids
    full: list[dict[str, Any]] = []
    for key, row in zip(ids, rows, strict=True):
        above = full[row["parent_row"]] if row.get("parent_row") is not None else None
        parent, path = (above["id"], above["path"]) if above else (row["parent_id"], row["parent_path"])
        values = {name: row[name] for name in ("code", "name", "kind", "latitude", "longitude", "opened_on")}
        values |= {"id": key, "parent_id": parent, "path": f"{path or '/'}{key}/", "is_fixed": False}
        values |= {"folded_name": fold(row["name"])[:LONGEST_FOLDED], "closed_on": None, "merged_into_id": None}
        full.append(values)
    insert_many(db, UNIT, full)
    places = [{"unit_id": row["id"], "path": row["path"], "since": row["opened_on"], "until": None} for row in full]
    insert_many(db, PLACE, places)
    return ids


def add_unit_names(db: Session, rows: Sequence[tuple[int, str, str, str]], until: date | None = None) -> None:
    """Further names of units: (unit, kind, language, name); `until` is the last day of former ones."""
    if rows:
        values = [
            {"unit_id": unit, "kind": kind, "language": tag, "name": name, "folded_name": fold(name)[:LONGEST_FOLDED]}
            | {"until": until}
            for unit, kind, tag, name in rows
        ]
        insert_many(db, FURTHER, values)
