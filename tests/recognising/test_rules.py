"""What may become of a request, what has to be sent, which bytes are taken, who counts as recognised."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lms.content.compiled import CompiledCourse, CoursePage
from lms.content.parser import parse_pack
from lms.content.structure import PriorLearning
from lms.credentials.facts import PRIOR_FORMS
from lms.credentials.wording import LABELS_EN
from lms.discovery import OWN, question_types
from lms.figures.rules import Facts, Held, Kind, Stand, State, best, stand
from lms.recognising import rules
from lms.web.received import is_what_it_says
from tests.packs import as_files

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
EXAM = Kind("exam", certifies=True)


def course(prior: PriorLearning | None, *outcomes: str) -> CompiledCourse:
    page = CoursePage("A course", "", "", {name: name for name in outcomes}, "")
    return CompiledCourse("c", "0" * 64, "en", {"en": page}, prior_learning=prior)


@pytest.mark.parametrize(
    ("state", "new", "may"),
    [("waiting", "more", True), ("waiting", "approved", True), ("more", "more", False), ("more", "declined", True),
     ("approved", "declined", False), ("withdrawn", "approved", False), ("declined", "approved", False)],
)  # fmt: skip
def test_what_is_closed_stays_closed(state, new, may):
    assert rules.may_become(rules.State(state), rules.State(new)) is may


def test_all_outcomes_are_asked_for_unless_the_course_names_some():
    assert rules.outcomes_asked(course(PriorLearning(), "use", "help")) == ("use", "help")
    assert rules.outcomes_asked(course(PriorLearning(("help",)), "use", "help")) == ("help",)
    assert rules.outcomes_asked(course(PriorLearning())) == (rules.WHOLE,)


def test_words_for_each_outcome_and_a_file_are_needed():
    asked = course(PriorLearning(), "use", "help")
    assert rules.lacks(asked, {"use": "At work", "help": " "}, 0) == ("text:help", "file")
    assert rules.lacks(asked, {"use": "At work", "help": "At home"}, 1) == ()
    talked = course(PriorLearning(interview=True), "use")
    assert rules.lacks(talked, {"use": "At work"}, 0) == ()


def test_half_a_certificate_is_none():
    asked = course(PriorLearning(), "use", "help")
    assert not rules.is_whole(asked, ["use"])
    assert rules.is_whole(asked, ["help", "use"])


def test_evidence_is_kept_so_many_days():
    assert rules.forget_before(datetime(2026, 7, 1, tzinfo=UTC), 30) == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "content", "is_so"),
    [("a.pdf", b"%PDF-1.7", True), ("a.pdf", b"<html>", False), ("a.PNG", b"\x89PNG\r\n\x1a\n", True),
     ("a.jpg", b"\x89PNG\r\n\x1a\n", False), ("a.jpeg", b"\xff\xd8\xff\xe0", True), ("a.docx", b"PK\x03\x04", True),
     ("a.odt", b"MZ", False), ("a.txt", b"anything", True)],
)  # fmt: skip
def test_bytes_have_to_be_what_the_name_says(name, content, is_so):
    assert is_what_it_says(name, content) is is_so


@pytest.mark.parametrize(
    ("held", "is_recognised"),
    [
        ([Held(MAY, None, is_recognised=True)], True),
        ([Held(MAY, None)], False),
        ([Held(MAY, None, is_recognised=True), Held(JUNE, None)], False),  # completed later
        ([Held(MAY, None, True, True), Held(JUNE, None)], False),  # renewed by an exam
        ([Held(MAY, None, True, True), Held(JUNE, None, is_recognised=True)], True),  # its name corrected
        ([Held(MAY, date(2026, 5, 9)), Held(JUNE, None, is_recognised=True)], True),  # the other one is over
    ],
)
def test_who_is_certified_by_earlier_learning_alone(held, is_recognised):
    found = stand(Facts(held=held), EXAM, JULY)
    assert (found.state, found.is_recognised) == (State.CERTIFIED, is_recognised)


def test_of_all_courses_who_earned_one_has_earned():
    known, earned = Stand(State.CERTIFIED, MAY, is_recognised=True), Stand(State.CERTIFIED, JUNE)
    assert best([known]).is_recognised
    assert not best([known, earned]).is_recognised
    assert not best([Stand(State.UNDER_WAY, MAY)]).is_recognised


FRONT = """---
outcomes: {use: Use it, help: Help others}
certificate: Helper
prior_learning:
  evidence: {paper: a diploma, letter: a letter}
  outcomes: [help]
  interview: yes
---
"""
LATVIAN = "---\nprior_learning: {evidence: {paper: diploms}, interview: yes}\n---\n"


def understood(front, *more):
    files = {"courses/d/index.md": front, "courses/d/a.md": "# A\n\nText.\n", **dict(more)}
    return parse_pack(as_files(files), question_types([OWN]))


def test_a_course_says_what_proves_it_and_a_translation_translates_that_alone():
    pack = understood(FRONT, ("courses/d/index.lv.md", LATVIAN))
    (found,) = pack.courses
    assert found.prior_learning == PriorLearning(("help",), interview=True)
    assert found.texts["en"].evidence == {"paper": "a diploma", "letter": "a letter"}
    assert found.texts["lv"].evidence == {"paper": "diploms"}
    assert [(each.rule, each.file) for each in pack.problems] == [("translation-setting", "courses/d/index.lv.md")]


@pytest.mark.parametrize("given", ["yes", "{evidence: []}", "{outcomes: [use]}", "{evidence: [a], interview: maybe}"])
def test_what_asks_for_nothing_is_an_error(given):
    pack = understood(f"---\ncertificate: Helper\nprior_learning: {given}\n---\n")
    wrong = [each.severity for each in pack.problems]
    assert wrong == ["error"]


@pytest.mark.parametrize(
    ("files", "talked_on", "form"),
    [(2, None, "evidence"), (0, None, "evidence"), (1, MAY, "evidence-conversation"), (0, MAY, "conversation")],
)
def test_a_certificate_says_by_what_it_was_found_out(files, talked_on, form):
    assert rules.assessment_form(files, talked_on) == form
    assert form in PRIOR_FORMS
    assert f"form_{form}" in LABELS_EN
