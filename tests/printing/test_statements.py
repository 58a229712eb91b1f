"""What a person's year holds, on paper: everything that is on record, in any script, tagged, the same when repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from lms.app import STATEMENT_PARTS
from lms.clock import now
from lms.credentials.actions import correct, revoke
from lms.credentials.colours import colours
from lms.credentials.models import Certificate
from lms.credentials.paper import Logo
from lms.credentials.queries import facts_of
from lms.learning.models import Enrolment
from lms.meetings.models import Attendance, TrainingSession
from lms.people.models import Person, Unit
from lms.printable import MissingLetters
from lms.printing import statement_queries, yearly
from lms.printing.statement_paper import render_statements, unprintable
from lms.printing.statement_rules import Column, Figure, Looks, Row, Section, Statement, whole
from tests.contracts.world import earn_certificate
from tests.credentials.test_paper import elements, read

TODAY = date(2026, 11, 22)
LOOKS = Looks(TODAY, colours(""))
COURSES = Section(
    "Courses finished",
    (Column("Course"), Column("Finished"), Column("Academic hours", is_number=True)),
    (Row("E-services", ("use e-services · advise others",), ("14 March 2026", "8")),),
    Figure("8", "academic hours"),
)
STATEMENT = Statement(
    "en", "Statement for 2026", "Nino · Statement for 2026", "Nino O’Brien-Smith", "", "Culture Centre",
    "Culture Centre confirms it.", (COURSES,), "Check it at handrail.example/c", "Made on 22 November 2026",
)  # fmt: skip
# language, name, name in Latin letters, title, course, number
SCRIPTS = [
    ("lv", "Ģirts Šķēle-Ņūtons", "", "Izziņa par 2026. gadu", "E-pakalpojumi ikdienā", "6,5"),
    ("vi", "Nguyễn Thị Ngọc Ánh", "", "Bản xác nhận năm 2026", "Tổ công nghệ số cộng đồng", "6,5"),
    ("ka", "ნინო ბერიძე-ჯღამაძე", "Nino Beridze-Jghamadze", "ცნობა 2026 წლისთვის", "ციფრული აგენტი", "6,5"),
    ("ru", "Ёлкина Съёмка", "Yolkina Syomka", "Справка за 2026 год", "Цифровой агент", "6,5"),
    ("tg", "Ҷамшед Ғуломқодирӣ Ӯҳтамов", "Jamshed", "Маълумотнома барои соли 2026", "Ёрдамчии рақамӣ", "6,5"),
]


@pytest.mark.parametrize(("language", "name", "latin", "title", "course", "hours"), SCRIPTS)
def test_every_script_can_be_read_on_the_paper(language, name, latin, title, course, hours):
    section = replace(COURSES, rows=(Row(course, (), ("2026", hours)),))
    made = replace(STATEMENT, language=language, holder=name, holder_latin=latin, title=title, sections=(section,))
    pdf = render_statements([made], LOOKS)
    text = read(pdf)
    assert [words for words in (name, latin, title, course, hours, "Culture Centre") if words not in text] == []
    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == language


def test_it_is_an_archived_document_with_tables_for_a_screen_reader():
    titled = replace(COURSES, rows=(*COURSES.rows, Row("ციფრული აგენტი", (), ("2 April 2026", "2"), "ka")))
    pdf = render_statements([replace(STATEMENT, sections=(titled,))], LOOKS)
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    declared = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in declared
    assert "<pdfuaid:part>1</pdfuaid:part>" in declared
    found = elements(pdf)
    kinds = [each["/S"] for each in found]
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/Table")
    assert (kinds.count("/TH"), kinds.count("/TD")) == (3, 6)
    assert "ka" in {each.get("/Lang") for each in found}


def test_the_same_year_gives_the_same_bytes():
    others = [replace(STATEMENT, holder=f"Nino {number}") for number in range(3)]
    first = render_statements(others, LOOKS, "Statements 1–3")
    render_statements([STATEMENT], LOOKS)
    assert render_statements(others, LOOKS, "Statements 1–3") == first
    assert len(PdfReader(BytesIO(first)).pages) == 3


def test_a_long_year_goes_on_with_its_name_at_the_foot():
    many = tuple(Row(f"Course {number}", ("what one can do then",), ("2 April 2026", "2")) for number in range(60))
    pages = PdfReader(BytesIO(render_statements([replace(STATEMENT, sections=(replace(COURSES, rows=many),))], LOOKS)))
    texts = [page.extract_text() for page in pages.pages]
    assert len(texts) > 2
    assert all("Statement for 2026" in text for text in texts)
    assert all("Academic hours" in text for text in texts[:-1])  # the head of the table is said again
    assert "Made on" in texts[-1]


def test_a_logo_stands_in_the_place_of_the_mark():
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>'
    assert render_statements([STATEMENT], replace(LOOKS, logo=Logo("svg", drawing))) != render_statements(
        [STATEMENT], LOOKS
    )


def test_letters_that_the_fonts_lack_are_named():
    chinese = replace(STATEMENT, holder="李 Li")
    assert unprintable(chinese) == ("李",)
    assert unprintable(STATEMENT) == ()
    with pytest.raises(MissingLetters):
        render_statements([STATEMENT, chinese], LOOKS)


@pytest.fixture
def certified(cast):
    """Laura has earned a certificate this year; her course took two academic hours."""
    laura = cast.at_browser("laura")
    earn_certificate(laura)
    return laura


def stated(database, settings, person, year=None, today=None):
    with database.reading() as db:
        today = today or now().date()
        found = yearly.statements(db, [person], year or today.year, today, STATEMENT_PARTS, settings)
        return list(found.values())


@pytest.mark.usefixtures("certified")
def test_certificates_and_courses_of_the_year_are_on_it(database, cast, settings):
    with database.reading() as db:
        row = db.query(Certificate).one()
        code, end = row.code, row.valid_until
    (made,) = stated(database, settings, cast["laura"])
    assert [section.heading for section in made.sections] == ["Certificates earned", "Courses finished"]
    assert [(each.figure.number, each.figure.words) for each in made.sections] == [
        ("1", "certificate"),
        ("2", "academic hours"),
    ]
    text = read(render_statements([made], LOOKS))
    for words in ("Laura Lapiņa", "Password helper", code, "Keep passwords", "First aid for passwords", "Local level"):
        assert words in text
    (ending,) = stated(database, settings, cast["laura"], end.year, end)
    assert [section.heading for section in ending.sections] == [f"Certificates that end in {end.year}"]
    assert stated(database, settings, cast["laura"], end.year - 1, end) == []
    assert stated(database, settings, cast["otto"]) == []


@pytest.mark.usefixtures("certified")
def test_it_speaks_the_holders_language(database, cast, settings):
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).language = "lv"
    (made,) = stated(database, settings, cast["laura"])
    assert made.language == "lv"
    courses = made.sections[1].rows[0]
    assert (courses.title, courses.language) == ("Pirmā palīdzība parolēm", "lv")
    assert "gada" in courses.cells[0]
    # the certificate's own words stay in the language in which it was issued
    assert made.sections[0].rows[0].language == "en"


@pytest.mark.usefixtures("certified")
def test_a_correction_stands_for_what_it_corrected_and_a_withdrawal_is_said(database, cast, settings):
    with database.writing() as db:
        old = db.query(Certificate).one()
        new = correct(db, old, replace(facts_of(old), holder="Laura Ozoliņa"), key="correction/1")
        codes = old.code, new.code
    (made,) = stated(database, settings, cast["laura"])
    details = made.sections[0].rows[0].details
    assert len(made.sections[0].rows) == 1
    assert codes[1] in details[0]
    assert "Issued in place of an earlier certificate" in details
    with database.writing() as db:
        revoke(db, db.query(Certificate).filter_by(code=codes[1]).one(), reason="Mistake")
    (made,) = stated(database, settings, cast["laura"])
    assert made.sections[0].figure.number == "0"
    assert made.sections[0].rows[0].details[-1].startswith("withdrawn on")


@pytest.mark.usefixtures("certified")
def test_a_renewal_has_a_table_of_its_own_and_is_counted_once(database, cast, settings):
    with database.writing() as db:
        db.query(Certificate).one().basis = "renewal"
    (made,) = stated(database, settings, cast["laura"])
    assert made.sections[0].heading == "Certificates renewed"
    assert made.sections[0].figure.number == "1"


def hold(db, cast, trainer, people, *, cancelled=False):
    moment = now()
    number = db.query(TrainingSession).count()
    held = TrainingSession(
        client_id=str(number), code=f"C{number}", trainer_id=cast[trainer], course_id="first-aid",
        unit_id=cast.units["N-1"], title="T", held_on=moment.date(), hours=2.0, made_by=cast["nora"], made_at=moment,
        cancelled_at=moment if cancelled else None,
    )  # fmt: skip
    db.add(held)
    db.flush()
    for person in people:
        noted = {"hours": 2.0, "noted_by": cast["nora"], "noted_at": moment}
        db.add(Attendance(session_id=held.id, person_id=cast[person], **noted))


@pytest.mark.usefixtures("certified")
def test_people_trained_are_counted_once_in_sessions_that_count(database, cast, settings):
    with database.writing() as db:
        hold(db, cast, "laura", ["otto", "tina", "laura"])
        hold(db, cast, "laura", ["otto"])
        hold(db, cast, "laura", ["sid"], cancelled=True)
        hold(db, cast, "tina", ["otto"])  # who holds no certificate
    (made,) = stated(database, settings, cast["laura"])
    trained = made.sections[-1]
    assert trained.heading == "People trained"
    assert (trained.rows[0].title, trained.rows[0].cells) == ("First aid for passwords", ("2", "2"))
    assert (trained.figure.number, trained.figure.words) == ("2", "people trained")
    assert stated(database, settings, cast["tina"]) == []
    with database.reading() as db:
        assert yearly.years(db, cast["laura"], STATEMENT_PARTS, now().date()) == [now().year]
        assert yearly.years(db, cast["tina"], STATEMENT_PARTS, now().date()) == []


@pytest.mark.usefixtures("certified")
def test_those_of_a_unit_are_known_in_one_count(database, cast):
    period, today = whole(now().year), now().date()
    with database.reading() as db:
        counted, named = {}, {}
        for code in ("ALL", "N", "S"):
            unit = db.get_one(Unit, cast.units[code])
            counted[code] = statement_queries.count_to_state(db, STATEMENT_PARTS, unit, period, today)
            found = statement_queries.to_state(db, STATEMENT_PARTS, unit, period, today)
            named[code] = [(each.unit, each.name) for each in found]
    assert counted == {"ALL": 1, "N": 1, "S": 0}
    assert named == {"ALL": [("Unit N-1", "Laura Lapiņa")], "N": [("Unit N-1", "Laura Lapiņa")], "S": []}


def test_her_own_page_lists_the_years_and_each_opens(cast, certified):
    year = now().year
    assert f"/account/statement/{year}.pdf" in certified.get("/account/statement").text
    assert "/account/statement" in certified.get("/my-learning").text
    answer = certified.get(f"/account/statement/{year}.pdf")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert "Laura Lapiņa" in read(answer.data)
    assert answer.data == certified.get(f"/account/statement/{year}.pdf").data
    for other in (1, 2020, year + 1, 99999):
        missing = certified.get(f"/account/statement/{other}.pdf")
        assert missing.status_code == 404
        assert "finished no course" in missing.text
    otto = cast.at_browser("otto")
    assert "none yet" in otto.get("/account/statement").text
    assert otto.get(f"/account/statement/{year}.pdf").status_code == 404


def test_a_name_that_nobody_can_print_is_told_and_one_in_latin_letters_helps(database, cast, certified):
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).name = "劳拉"
    answer = certified.get(f"/account/statement/{now().year}.pdf")
    assert answer.status_code == 409
    assert "劳, 拉" in answer.text
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).latin_name = "Lao La"
    assert "Lao La" in read(certified.get(f"/account/statement/{now().year}.pdf").data)


@pytest.mark.usefixtures("certified")
def test_the_last_second_of_a_year_belongs_to_it(database, cast, settings):
    with database.writing() as db:
        db.query(Enrolment).filter_by(actor_id=cast["laura"]).one().completed_at = datetime(
            2025, 12, 31, 23, 59, 59, tzinfo=UTC
        )
    found = {year: stated(database, settings, cast["laura"], year, TODAY) for year in (2024, 2025)}
    assert found[2024] == []
    assert found[2025][0].sections[0].heading == "Courses finished"
    assert "31 December 2025" in found[2025][0].confirms
