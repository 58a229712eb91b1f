"""The pages of registers: nobody sees another one's, nothing is lost by a mistake, files are forgotten."""

from __future__ import annotations

import io
import uuid

import pytest
from sqlalchemy import func, select, update

from lms.jobs import Job
from lms.people.models import Person, PersonName
from lms.rosters.models import ImportBatch, ImportRun
from tests.rosters.importing import Importer, as_csv, counts

pytestmark = pytest.mark.mostly_sqlite

ROWS = [("A1", "Lò Thị Pâng", "", "", "N-1"), ("A2", "Giàng A Súa", "", "", "NOPE")]


@pytest.fixture
def nora(cast, worker):
    return Importer(cast.at_browser("nora"), worker, cast.units["N"])


def test_another_coordinator_finds_nothing(nora, cast):
    run = nora.send(as_csv(ROWS))
    nora.check(run)
    sid = cast.at_browser("sid")
    assert "register.csv" not in sid.get("/rosters/imports").text
    assert [sid.get(path).status_code for path in (run, f"{run}/rows.csv")] == [404, 404]
    assert [sid.post(f"{run}/{verb}").status_code for verb in ("start", "stop", "back", "columns")] == [404] * 4
    assert "register.csv" in nora.visitor.get("/rosters/imports").text


def test_nobody_brings_people_into_the_units_of_others(nora, cast, database):
    for unit in ("", str(cast.units["S"]), str(cast.units["ALL"])):
        form = {"file": (io.BytesIO(as_csv(ROWS)), "a.csv"), "kind": "people", "unit": unit}
        answer = nora.visitor.post("/rosters/imports/new", form)
        assert answer.status_code == 422
        assert "Choose one of your units." in answer.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_sending_a_file_twice_is_one_run(nora, database):
    key = str(uuid.uuid4())
    assert nora.send(as_csv(ROWS), upload_id=key) == nora.send(as_csv(ROWS), upload_id=key)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ImportRun)) == 1


def test_starting_twice_enters_each_row_once(nora, database):
    run = nora.send(as_csv(ROWS))
    nora.check(run)
    nora.visitor.post(f"{run}/start")
    nora.visitor.post(f"{run}/start")
    nora.worker.drain()
    assert nora.visitor.post(f"{run}/start").status_code == 303
    nora.worker.drain()
    with database.reading() as db:
        counted = db.scalars(select(ImportRun)).one()
        assert (counted.created, counted.rejected, counted.state) == (1, 1, "done")


def test_two_columns_for_one_field_and_none_for_the_name_are_said(nora):
    run = nora.send(as_csv(ROWS))
    twice = nora.visitor.post(f"{run}/columns", {"column-0": "name", "column-1": "name"})
    assert twice.status_code == 422
    assert "Two columns are “Name”. Choose one of them." in twice.text
    lacking = nora.visitor.post(f"{run}/columns", {"column-0": "code"})
    assert lacking.status_code == 422
    assert "Say which column is “Name”" in lacking.text
    assert "Which column is what?" in nora.visitor.get(run).text


def test_a_file_is_read_again_with_other_letters(nora):
    run = nora.send("name;unit code\nŽanna Ķīse;N-1\n".encode("cp1257"))
    nora.visitor.post(f"{run}/columns", {"what": "read", "encoding": "windows-1252", "separator": ";"})
    nora.worker.drain()
    assert "Žanna Ķīse" not in nora.visitor.get(run).text
    nora.visitor.post(f"{run}/columns", {"what": "read", "encoding": "windows-1257", "separator": ";"})
    nora.worker.drain()
    assert "Žanna Ķīse" in nora.visitor.get(run).text


def test_a_file_that_cannot_be_read_says_what_to_do(nora):
    run = nora.send(b"%PDF-1.7 a scan", name="list.csv")
    page = nora.visitor.get(run).text
    assert "This kind of file cannot be read. Save it as XLSX or CSV and send it again." in page


def test_rows_that_need_somebody_are_filtered_and_paged(nora):
    rows = [(f"B{number}", f"Person {number}", "", "", "NOPE") for number in range(60)]
    run = nora.bring_in(as_csv(rows))
    first = nora.visitor.get(f"{run}?only=rejected").text
    assert first.count("No unit here has the code NOPE.") == 50
    later = next(part for part in first.split('"') if "after=" in part).replace("&amp;", "&")
    assert nora.visitor.get(later).text.count("No unit here has the code NOPE.") == 10
    assert "There is no such row here." in nora.visitor.get(f"{run}?only=asked").text
    assert nora.visitor.get(f"{run}?only=other").status_code == 404
    assert {nora.visitor.get(f"{run}?after={odd}").status_code for odd in ("1-x", "5", "1-2-3", "²-1")} == {404}


def test_file_and_rows_are_forgotten_after_their_days_and_the_counts_stay(nora, database, settings):
    run = nora.bring_in(as_csv(ROWS))
    assert len(list((settings.home / "imports").iterdir())) == 1
    with database.writing() as db:
        db.execute(update(Job).where(Job.name == "forget_import").values(run_at=Job.created_at))
    nora.worker.drain()
    assert list((settings.home / "imports").iterdir()) == []
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ImportBatch)) == 0
        assert db.scalars(select(ImportRun.created)).one() == 1
    assert "were deleted after some weeks; the numbers stay" in nora.visitor.get(run).text


def test_a_name_in_another_script_has_a_suggestion_until_somebody_gives_its_latin_form(nora, database):
    head, rows = ("code", "name", "unit code"), [("T1", "Ҷамшед Қодирӣ", "N-1"), ("T2", "Anna Ķēniņa", "N-1")]
    file = as_csv(rows, head)
    run = nora.send(file)
    page = nora.check(run)
    assert page.count("(suggested)") == 1
    assert "Jamshed Qodiri (suggested)" in page
    assert "we suggest one by the rules that passports follow" in page
    nora.enter(run)
    with database.reading() as db:
        assert set(db.scalars(select(Person.latin_name).where(Person.code.in_(["T1", "T2"])))) == {""}
        jamshed = db.scalars(select(Person.id).where(Person.code == "T1")).one()
    given = {"name": "Ҷамшед Қодирӣ", "latin_name": "Jamshed Kodiri"}
    assert nora.visitor.post(f"/coordination/people/{jamshed}/name", given).status_code == 303
    nora.bring_in(file)
    assert counts(database) == {"unchanged": 2}
    with database.reading() as db:
        assert db.get_one(Person, jamshed).latin_name == "Jamshed Kodiri"
        assert db.scalars(select(PersonName.latin_name).where(PersonName.person_id == jamshed)).all() == [""]


def test_a_file_that_gives_latin_forms_gets_no_suggestion(nora):
    file = as_csv([("T1", "Ҷамшед Қодирӣ", "Jamshed Kodiri", "N-1")], ("code", "name", "latin name", "unit code"))
    page = nora.check(nora.send(file))
    assert "Jamshed Kodiri" in page
    assert "suggest" not in page


def give_up(database, error):
    """What becomes of the job of a run that the worker could not do."""
    with database.writing() as db:
        db.execute(update(Job).where(Job.name == "import").values(state="dead", attempts=8, error=error))


def test_a_run_that_the_worker_gave_up_says_why_and_is_tried_again(nora, database):
    run = nora.send(as_csv(ROWS))
    nora.check(run)
    nora.visitor.post(f"{run}/start")
    give_up(database, "sqlalchemy.exc.OperationalError: (psycopg.OperationalError) connection refused")
    shown = nora.visitor.get(run).text
    assert "The database did not answer." in shown
    assert "data-live" not in shown
    assert "Failed" in nora.visitor.get("/rosters/imports").text
    assert nora.visitor.post(f"{run}/start").status_code == 303
    nora.worker.drain()
    assert counts(database)["created"] == 1
    assert "Failed" not in nora.visitor.get("/rosters/imports").text


def test_a_check_that_was_given_up_and_stopped_can_be_made_anew(nora, database):
    run = nora.send(as_csv(ROWS))
    nora.visitor.post(f"{run}/columns", {"column-1": "name", "column-4": "unit_code", "language": "en"})
    give_up(database, "KeyError: 'something'")
    assert "does not expect" in nora.visitor.get(run).text
    nora.visitor.post(f"{run}/stop")
    assert "This is what would change" in nora.check(run)
