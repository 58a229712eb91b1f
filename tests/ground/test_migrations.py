"""Tables: from nothing to now and back, the same as the models say, and a filled database survives each step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Date, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from lms.cli.schema import alembic_config, known_revisions, revisions, upgrade_database
from lms.content.packs import PackFolder, publish_pack
from lms.db import Base, Database
from lms.demo import make_people
from lms.discovery import OWN, question_types
from lms.paths import shipped
from tests.postgres import Server

EMPTY = "alembic_version"
OLDEST_FIRST = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
# revision -> (table, row): what is written at each stage, to be found unharmed at the end
FILL: Mapping[str, list[tuple[str, dict[str, Any]]]] = {
    "0001": [
        ("actor", {"id": 1001, "created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        (
            "person",
            {
                "id": 1001, "name": "Ģirts Ķēniņš", "latin_name": "", "folded_name": "girts kenins", "email": "",
                "phone": "", "password_hash": "", "language": "lv", "category": "", "employer": "", "is_demo": False,
                "created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            },
        ),
        ("unit", {"id": 501, "path": "/501/", "kind": "country", "code": "LV", "name": "Ķekava"}),
        ("unit", {"id": 502, "parent_id": 501, "path": "/501/502/", "kind": "town", "code": "LV-1", "name": "Āne"}),
        ("role_grant", {"id": 601, "person_id": 1001, "role": "coordinator", "unit_id": 502,
                        "granted_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0002": [
        ("unit_name", {"id": 701, "unit_id": 502, "kind": "alias", "language": "", "name": "Ane", "folded_name": "a"}),
    ],
    "0003": [
        ("authoring_step", {"id": 801, "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "pack": "tests",
                            "course_id": "", "path": "courses/a/b.md", "kind": "saved", "by": 1001, "detail": "{}"}),
        ("file_draft", {"id": 802, "actor_id": 1001, "draft_id": "d", "pack": "tests", "path": "courses/a/b.md",
                        "text": "Ķērpis", "seen": "", "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0005": [
        ("repository", {"id": 801, "name": "water", "origin": "page", "address": "https://example.org/w.git",
                        "branch": "", "folder": "", "pushes": True, "round": 0, "added_by": 1001, "state": "current",
                        "words": "", "added_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("repository_fetch", {"id": 802, "repository_id": 801, "seconds": 0.5, "cause": "webhook", "before": "",
                              "after": "", "outcome": "nothing", "words": "", "courses": "water",
                              "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0006": [
        ("course", {"id": "first-aid", "pack": "tests", "is_withdrawn": False, "position": 0}),
        (
            "course_version",
            {
                "id": 1101, "course_id": "first-aid", "digest": "0" * 64, "renderer": 1, "number": 1,
                "created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "compiled": b"{}", "source": b"",
            },
        ),
        (
            "regrading",
            {
                "id": "r-1", "course_id": "first-aid", "question_key": "exam#longest", "version_id": 1101,
                "state": "looked", "total": 2, "reached": "", "found": '{"changed": 1}', "made": "{}",
                "asked_by": 1001, "asked_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            },
        ),
    ],
    "0007": [
        ("certificate", {"id": 1100, "code": "7K3M", "actor_id": 1001, "completion_key": "1001/first-aid",
                         "course_id": "first-aid", "version_id": 1101, "facts": '{"holder": "Ķērpe"}',
                         "issued_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "revoked_reason": ""}),
    ],
    "0010": [
        ("issuer", {"id": 1010, "slug": "trust", "name": "Ķērpju institūts", "since": date(2026, 1, 2), "url": "",
                    "email": "", "country": "LV", "colour": "", "logo": "", "co_issuers": "[]",
                    "created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("issuer_name", {"id": 1011, "issuer_id": 1010, "name": "Ķērpis", "since": date(2020, 1, 2),
                         "until": date(2026, 1, 2)}),
        ("issuer_key", {"id": 1012, "kid": "0123456789abcdef", "issuer_id": 1010, "kind": "ed25519", "public": b"k",
                        "private": "PEM", "since": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "broken_reason": ""}),
    ],
    "0012": [
        ("certificate_request", {"id": 1201, "client_id": "r", "certificate_id": 1100, "kind": "name",
                                 "holder": "Ķērpe", "holder_latin": "", "reason": "", "asked_by": 1001, "answer": "",
                                 "asked_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0013": [
        (
            "accreditation",
            {
                "id": 1301, "unit_id": 501, "course_id": "first-aid", "number": 0, "helpers": 1, "needed": 2,
                "looked_on": "2026-01-02", "state": "none",
            },
        ),
    ],
    "0014": [
        ("review_card", {"id": 1401, "actor_id": 1001, "course_id": "first-aid", "question_key": "a#b", "lapses": 1,
                         "memory": '{"state": 2}', "started_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
                         "due_at": datetime(2026, 1, 4, 3, 4, 5, tzinfo=UTC)}),
        ("review_answer", {"id": "1402", "actor_id": 1001, "course_id": "first-aid", "version_id": 1101,
                           "response": "1", "question_key": "a#b", "is_right": True, "days": 2,
                           "at": datetime(2026, 1, 4, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0016": [
        ("recognition", {"id": 1601, "client_id": "p", "actor_id": 1001, "course_id": "first-aid", "version_id": 1101,
                         "state": "waiting", "asked_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("recognition_file", {"id": "1602", "recognition_id": 1601, "name": "Ķērpis.pdf", "size": 3,
                              "received_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("recognition_step", {"id": 1603, "client_id": "s", "recognition_id": 1601, "kind": "sent", "by": 1001,
                              "words": "Ķērpe", "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0017": [
        ("print_run", {"id": 1701, "client_id": "p", "kind": "certificates", "unit_id": 502, "design": "",
                       "sheet_order": "unit", "state": "done", "papers": 1, "as_of": date(2026, 1, 2),
                       "asked_by": 1001, "asked_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("print_file", {"id": 1702, "run_id": 1701, "number": 1, "sheets": '[[1100, "7K3M", "Āne", "Ķērpe"]]',
                        "left_out": "[]", "papers": 1, "bytes": 3, "digest": ""}),
    ],
    "0018": [
        ("help_entry", {"id": 1801, "client_id": "h", "helper_id": 1001, "unit_id": 502, "given_on": date(2026, 1, 2),
                        "kind": "visit", "audience": "citizen", "service": "health", "people": 2, "channel": "",
                        "outcome": "", "note": "ķērpji", "standing": "covered", "logged_by": 1001,
                        "logged_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_choice", {"id": 1802, "unit_id": 501, "field": "service", "code": "moss", "names": '{"lv": "Ķērpji"}',
                         "situation": "", "position": 0}),
        ("help_definition", {"id": 1803, "unit_id": 501, "code": "seen", "version": 1, "titles": "{}", "texts": "{}",
                             "kinds": "[]", "audiences": "[]", "counts": "people",
                             "made_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_period", {"id": 1804, "unit_id": 501, "first_day": date(2026, 1, 1), "last_day": date(2026, 3, 31)}),
        ("help_count", {"id": 1, "units": ""}),
    ],
    "0019": [
        ("closed_period", {"period_id": 1804, "definitions": "[]"}),
        ("closed_figure", {"period_id": 1804, "unit_id": 501, "month": date(2026, 1, 1), "code": "seen", "number": 3,
                           "apart": 0, "tallied": 0}),
        ("board_consent", {"id": 1901, "person_id": 1001, "given_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0020": [
        ("consultation", {"id": 2001, "client_id": "c", "code": "22222-33333", "unit_id": 502, "audience": "citizen",
                          "service": "health", "channel": "phone", "language": "lv", "state": "taken",
                          "asked_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
                          "waits_since": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "taken_by": 1001, "outcome": "",
                          "meets_on": date(2026, 1, 3), "note": "ķērpji"}),
        ("consultation_step", {"id": 2002, "consultation_id": 2001, "kind": "asked", "reasons": "{}",
                               "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("consultant", {"id": 2003, "person_id": 1001, "unit_id": 502, "services": '["health"]', "languages": "[]",
                        "channels": "[]", "most": 5, "named_by": 1001,
                        "named_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("hard_question", {"id": 2004, "client_id": "q", "asked_by": 1001, "consultation_id": 2001,
                           "course_id": "first-aid", "service": "health", "words": "Ķērpji?", "answer": "",
                           "asked_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("course_mark", {"id": 2005, "question_id": 2004, "course_id": "first-aid", "lesson_id": "moss",
                         "question_key": "", "made_by": 1001,
                         "made_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0021": [
        ("help_point", {"id": 2101, "unit_id": 502, "state": "public", "place": "Ķērpju iela 3", "folded_place": "",
                        "exceptions": "", "phone": "", "looked_on": date(2026, 1, 2), "token": "t",
                        "token_since": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
                        "edited_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_point_tag", {"point_id": 2101, "field": "access", "value": "quiet"}),
        ("help_point_hours", {"point_id": 2101, "weekday": 1, "opens": 540, "closes": 1020}),
        ("help_said", {"id": 2102, "client_id": "s", "point_id": 2101, "week": date(2026, 1, 5), "answer": "yes"}),
        ("help_said_tally", {"id": 2103, "point_id": 2101, "month": date(2026, 1, 1), "yes": 3, "partly": 0, "no": 1,
                             "entered_by": 1001, "entered_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("helper_listing", {"person_id": 1001, "languages": "[]", "services": "[]", "hours": "", "contact": "",
                            "changed_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("find_name", {"unit_id": 502, "folded_name": "ane"}),
    ],
    "0022": [
        ("announcement", {"id": 2201, "client_id": "n", "desk": "units", "unit_id": 502, "role": "", "language": "lv",
                          "course_id": "first-aid", "source_language": "lv", "former": "[]", "is_urgent": False,
                          "texts": '{"lv": {"title": "Ķērpji", "text": "Aug."}}', "asks_confirm": True,
                          "channel": "", "starts_on": date(2026, 1, 2), "made_by": 1001,
                          "made_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("news_reading", {"announcement_id": 2201, "person_id": 1001,
                          "opened_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("news_round", {"id": 2202, "key": "2026-W01", "kind": "week", "first_day": date(2026, 1, 2), "reached": 0,
                        "begun_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("news_letter", {"round_id": 2202, "person_id": 1001, "state": "sent", "reason": "",
                         "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0023": [
        ("material", {"id": 2301, "client_id": "m", "title": "Ķērpji", "about": "", "language": "lv", "author": "Āne",
                      "is_own": True, "source": "", "licence": "by", "is_allowed": False, "address": "", "file": "f",
                      "ending": "pdf", "size": 3, "digest": "0", "words": "kerpji", "unit_id": 502,
                      "shared_by": 1001, "shared_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "reason": ""}),
        ("material_report", {"id": 2302, "client_id": "r", "material_id": 2301, "words": "Ķērpe", "reported_by": 1001,
                             "reported_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0024": [
        ("course_update", {"id": 2401, "client_id": "u", "course_id": "first-aid", "lesson_id": "moss",
                           "old_version_id": 1101, "new_version_id": 1101, "question_key": "",
                           "words": '{"lv": {"what": "Ķērpji", "why": ""}}', "made_by": 1001,
                           "made_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("update_answer", {"id": "2402", "update_id": 2401, "actor_id": 1001, "response": "1", "is_right": True,
                           "is_first": True, "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0025": [
        ("help_finding", {"id": 2501, "helper_id": 1001, "unit_id": 502, "month": date(2026, 1, 1), "entries": 1,
                          "reasons": '[{"reason": "round", "entries": 1, "days": 1}]', "people": 2, "newest_id": 1801,
                          "state": "asked", "found_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_finding_step", {"id": 2502, "client_id": "f", "finding_id": 2501, "state": "asked", "words": "Ķērpji?",
                               "entries": 1, "by": 1001, "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_peers", {"root_id": 501, "month": date(2026, 1, 1), "measures": "{}",
                        "counted_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_look", {"id": 1, "last_id": 1801}),
        ("help_sample", {"id": 2503, "client_id": "s", "unit_id": 502, "first_day": date(2026, 1, 1),
                         "last_day": date(2026, 1, 31), "size": 1, "seed": 7, "total": 1, "up_to": 1801,
                         "made_by": 1001, "made_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_sampled", {"sample_id": 2503, "place": 1, "entry_id": 1801, "result": "confirmed"}),
    ],
    "0026": [
        ("help_taking", {"id": 2601, "helper_id": 1001, "reason": "Ķērpji?", "by": 1001,
                         "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("help_taken", {"entry_id": 1801, "taking_id": 2601,
                        "noted_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
    "0027": [
        ("expert", {"id": 2701, "person_id": 1001, "unit_id": 502, "services": '["health"]', "courses": "[]",
                    "named_by": 1001, "named_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("hard_question_to", {"question_id": 2004, "person_id": 1001,
                              "put_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
    ],
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'empty.db'}", durable=False)
        yield made
        made.dispose()
        return
    server: Server = request.getfixturevalue("postgres")
    name = f"m{abs(hash(request.node.nodeid)):x}"
    made = Database(server.create(name), durable=False)
    yield made
    made.dispose()
    server.drop(name)


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_tables_and_models_are_the_same(empty: Database) -> None:
    upgrade_database(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    assert tables(empty) == {*Base.metadata.tables, EMPTY}


def test_the_way_back_leads_to_nothing_and_forth_again(empty: Database) -> None:
    upgrade_database(empty)
    command.downgrade(alembic_config(empty.engine), "base")
    assert tables(empty) == {EMPTY}
    upgrade_database(empty)
    present, needed = revisions(empty)
    assert present == needed == known_revisions()[0]


def test_what_was_written_at_each_stage_is_there_at_the_end(empty: Database) -> None:
    for revision in OLDEST_FIRST:
        command.upgrade(alembic_config(empty.engine), revision)
        for table, row in FILL.get(revision, []):
            columns = ", ".join(row)
            places = ", ".join(f":{name}" for name in row)
            with empty.writing() as db:
                db.execute(text(f"insert into {table} ({columns}) values ({places})"), row)
    assert revisions(empty)[0] == known_revisions()[0]
    with empty.reading() as db:
        for table, row in (each for rows in FILL.values() for each in rows):
            columns = Base.metadata.tables[table].c
            key = (column == row[column.name] for column in Base.metadata.tables[table].primary_key)
            found = db.execute(select(*columns).where(*key)).mappings().one()
            plain = {name: value for name, value in row.items() if not isinstance(value, date)}
            assert {name: found[name] for name in plain} == {
                name: _as_read(columns[name].type, value) for name, value in plain.items()
            }


def _as_read(kind: TypeEngine[Any], written: Any) -> Any:
    if isinstance(kind, JSON):
        return json.loads(written)
    return date.fromisoformat(written) if isinstance(kind, Date) else written


def test_units_that_were_there_stand_where_they_stand_and_can_be_found(empty: Database) -> None:
    command.upgrade(alembic_config(empty.engine), "0001")
    with empty.writing() as db:
        db.execute(
            text("insert into unit (id, path, kind, code, name) values (501, '/501/', 'country', 'LV', 'Ķekava')")
        )
    upgrade_database(empty)
    with empty.reading() as db:
        assert db.execute(text("select path, until from unit_place where unit_id = 501")).one() == ("/501/", None)
        assert db.execute(text("select folded_name from unit where id = 501")).scalar_one() == "kekava"
        assert db.execute(text("select count(*) from person where not reminds")).scalar_one() == 0


def test_rows_cannot_refer_to_nothing_after_an_upgrade(empty: Database) -> None:
    upgrade_database(empty)
    with pytest.raises(DBAPIError), empty.writing() as db:
        db.execute(text("insert into unit_place (unit_id, path, since) values (999, '/999/', '2026-01-01')"))


FAILING = """
revision = "9999"
down_revision = "{head}"
branch_labels = depends_on = None

from alembic import op
import sqlalchemy as sa


def upgrade():
    op.create_table("half_way", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("delete from actor")
    op.execute("this is no SQL")
"""


def test_an_upgrade_that_fails_changes_nothing(empty: Database, tmp_path: Path) -> None:
    upgrade_database(empty)
    with empty.writing() as db:
        db.execute(text("insert into actor (id, created_at) values (7, '2026-01-02 03:04:05')"))
    config = alembic_config(empty.engine)
    shutil.copytree(shipped("migrations"), tmp_path / "migrations")
    failing = FAILING.format(head=known_revisions()[0])
    (tmp_path / "migrations" / "versions" / "9999_failing.py").write_text(failing)
    config.set_main_option("script_location", str(tmp_path / "migrations"))
    with pytest.raises(DBAPIError):
        command.upgrade(config, "head")
    assert "half_way" not in tables(empty)
    assert revisions(empty)[0] == known_revisions()[0]
    with empty.reading() as db:
        assert db.execute(text("select count(*) from actor")).scalar_one() == 1


def test_a_filled_database_survives_an_upgrade(empty: Database) -> None:
    types = question_types([OWN])
    upgrade_database(empty)
    publish_pack(empty, PackFolder("handrail", shipped("courses").parent), types)
    make_people(empty, types)
    before = counts(empty)
    assert before["answer"] > 0
    assert before["certificate"] > 1
    assert before["review_answer"] > 0
    upgrade_database(empty)
    assert counts(empty) == before


def counts(database: Database) -> dict[str, int]:
    with database.reading() as db:
        found = {
            name: db.scalar(select(func.count()).select_from(table)) for name, table in Base.metadata.tables.items()
        }
    return {name: count or 0 for name, count in found.items()}
