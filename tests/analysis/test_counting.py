"""Counting from the database against a reference that has every answer in memory."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from lms.analysis import actions
from lms.analysis.models import QuestionFigure, QuizCount
from lms.analysis.queries import Chosen, QuizPage, quiz_page, quizzes_to_count
from lms.analysis.sums import SKIPPED
from lms.clock import now
from lms.db import Database
from lms.quiz.models import Attempt, QuestionGrade
from tests.analysis.world import BEGAN, EXAMS, FIXED_EXAM, PACK, TYPES, Sitting, sit, usual
from tests.packs import publish

CLOSE = 1e-9


def page(database: Database, course: str = "safe", **chosen: object) -> QuizPage:
    with database.reading() as db:
        found = quiz_page(db, course, EXAMS[course], TYPES, "en", Chosen(**chosen))  # type: ignore[arg-type]
    assert found is not None
    return found


def close(found: float | None, wanted: float) -> bool:
    return found is not None and abs(found - wanted) < CLOSE


def rest(sitting: Sitting, name: str) -> float:
    others = [other for other in sitting.scores if other != name]
    reached = math.fsum(sitting.scores[other] * sitting.points[other] for other in others)
    return reached / math.fsum(sitting.points[other] for other in others)


def check_questions(found: QuizPage, taken: Sequence[Sitting]) -> None:
    """Every figure of every graded question as its definition says."""
    for row in found.graded:
        asked = [sitting for sitting in taken if row.id in sitting.questions]
        scores = [sitting.scores[row.id] for sitting in asked]
        rests = [rest(sitting, row.id) for sitting in asked]
        times = [sitting.seconds[row.id] for sitting in asked if row.id in sitting.seconds]
        assert row.figures.asked == len(asked)
        assert row.figures.answered == len(times)
        assert close(row.figures.facility, statistics.fmean(scores))
        assert close(row.figures.discrimination, statistics.correlation(scores, rests))
        assert row.figures.seconds == statistics.median(times)


def test_every_figure_is_as_its_definition_says(world: Database) -> None:
    taken = sit(world, "safe", 120, languages=("en", "lv", "en"))
    assert actions.count_answers(world, TYPES) is False
    found = page(world)
    check_questions(found, taken)
    assert (found.exam.people, found.counted.attempts, found.exam.is_drawn) == (120, 120, False)
    names = [row.id for row in found.graded]
    points = {name: [each.scores[name] * each.points[name] for each in taken] for name in names}
    totals = [math.fsum(each) for each in zip(*points.values(), strict=True)]
    inner = math.fsum(statistics.variance(each) for each in points.values())
    alpha = len(names) / (len(names) - 1) * (1 - inner / statistics.variance(totals))
    assert close(found.exam.reliability.value, alpha)
    assert close(found.exam.reliability.error, statistics.stdev(totals) * math.sqrt(1 - alpha) / 7)
    assert close(found.exam.mean, statistics.fmean(total / 7 for total in totals))
    assert close(found.exam.pass_rate, statistics.fmean(bool(each.passed) for each in taken))
    latvian = page(world, language="lv")
    check_questions(latvian, [each for each in taken if each.language == "lv"])
    assert {tongue: row.figures.asked for row in found.every[:1] for tongue in row.by_language} == {
        "en": 120,
        "lv": 120,
    }


def test_drawn_questions_are_counted_for_those_who_got_them(world: Database) -> None:
    taken = sit(world, "luck", 150)
    actions.count_answers(world, TYPES)
    found = page(world, "luck")
    check_questions(found, taken)
    assert found.exam.is_drawn
    rows = [list(each.scores.values()) for each in taken]
    every = [score for row in rows for score in row]
    middle = statistics.fmean(every)
    between = math.fsum(5 * (statistics.fmean(row) - middle) ** 2 for row in rows) / (len(rows) - 1)
    within = math.fsum((score - statistics.fmean(row)) ** 2 for row in rows for score in row) / (4 * len(rows))
    assert close(found.exam.reliability.value, 1 - within / between)
    assert close(found.exam.reliability.error, math.sqrt(within / 5))


def test_who_chose_what_in_each_third(world: Database) -> None:
    taken = sit(world, "safe", 90)
    actions.count_answers(world, TYPES)
    row = page(world).question("q1")
    assert row is not None
    order = sorted(round(rest(each, "q1") * 1000) for each in taken)

    def third(sitting: Sitting) -> str:
        mine = round(rest(sitting, "q1") * 1000)
        places = [place + 0.5 for place, each in enumerate(order) if each == mine]
        middle = statistics.fmean(places) / len(order)
        return "lower" if middle < 1 / 3 else "upper" if middle > 2 / 3 else "middle"

    for each in row.choices.rows:
        chose = [s for s in taken if s.responses["q1"] == (None if each.name == SKIPPED else int(each.name))]
        assert each.people == len(chose)
        assert each.of_thirds == {name: sum(third(s) == name for s in chose) for name in ("lower", "middle", "upper")}
    assert sum(each.people for each in row.choices.rows) == 90
    several = page(world).question("close")
    assert several is not None
    assert several.choices.rows[0].people == sum(0 in (each.responses["close"] or ()) for each in taken)
    (opinion,) = page(world).opinions
    assert [each.people for each in opinion.choices.rows] == [
        sum(each.responses["sure"] == value for each in taken) for value in (1, 2, 3, 4, 5, None)
    ]
    assert opinion.figures.facility is None


def test_counting_a_little_at_a_time_comes_to_the_same(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.analysis.taken_queries.SLICE", 7)
    first = sit(world, "safe", 40)
    steps = 1
    while actions.count_quiz(world, TYPES, "safe", "safe-exam", seconds=0):
        steps += 1
    assert steps == 40 // 7 + 2  # each slice a step, and one that finds nothing more
    second = sit(world, "safe", 25, seed=2, begin=BEGAN + timedelta(days=1))
    actions.count_answers(world, TYPES)
    check_questions(page(world), [*first, *second])
    with world.reading() as db:
        assert db.scalars(select(QuizCount.whole_at)).all() != [None]
        assert set(db.scalars(select(QuestionFigure.generation))) == {1}
    actions.count_answers(world, TYPES)
    assert page(world).exam.people == 65


def test_figures_of_a_count_under_way_are_not_shown(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.analysis.taken_queries.SLICE", 10)
    taken = sit(world, "safe", 40)
    actions.count_answers(world, TYPES)
    with world.writing() as db:
        actions.ask_for_count(db, "safe")
    assert page(world).counted.is_asked
    assert actions.count_quiz(world, TYPES, "safe", "safe-exam", seconds=0)
    assert page(world).exam.people == 40
    check_questions(page(world), taken)
    while actions.count_answers(world, TYPES, seconds=0):
        pass
    assert not page(world).counted.is_asked
    check_questions(page(world), taken)


def test_only_first_attempts_that_were_handed_in_count(world: Database) -> None:
    taken = sit(world, "safe", 30)
    sit(world, "safe", 0, seed=3, number=2, actors=[each.actor for each in taken], begin=BEGAN + timedelta(days=1))
    late = sit(world, "safe", 1, seed=4, begin=now())
    with world.writing() as db:
        db.execute(update(Attempt).where(Attempt.id == late[0].id).values(submitted_at=None))
    actions.count_answers(world, TYPES)
    check_questions(page(world), taken)


def test_a_corrected_grade_counts_instead_of_the_old_one(world: Database) -> None:
    taken = sit(world, "safe", 40)
    actions.count_answers(world, TYPES)
    changed = taken[5]
    with world.writing() as db:
        old = (QuestionGrade.attempt_id == changed.id, QuestionGrade.question_key == "safe-exam#q2")
        db.execute(update(QuestionGrade).where(*old).values(superseded_at=now()))
        better = 1.0 - changed.scores["q2"]
        grade = {"attempt_id": changed.id, "question_key": "safe-exam#q2", "score": better, "points": 1.0}
        db.execute(insert(QuestionGrade), [{**grade, "outcome": "", "graded_at": now()}])
        db.execute(update(QuizCount).values(whole_at=now() - 2 * actions.GRADES_EVERY))
    actions.count_answers(world, TYPES)
    scores = {**changed.scores, "q2": better}
    again = Sitting(*(scores if name == "scores" else getattr(changed, name) for name in Sitting.__dataclass_fields__))
    check_questions(page(world), [again if each is changed else each for each in taken])


def test_the_version_of_a_question_is_what_people_see_of_it(world: Database) -> None:
    spoken = {path: text for path, text in PACK.items() if ".lv." not in path}
    publish(world, spoken, "answers")
    before = sit(world, "safe", 40)
    old = before[0].version
    text = FIXED_EXAM.replace("case 1", "the first case")
    text = text.replace("case 2? {#q2}\n\n- [ ] the first\n- [x]", "case 2? {#q2}\n\n- [x] the first\n- [ ]")
    publish(world, {**spoken, "quizzes/safe-exam.md": text}, "answers")
    after = sit(world, "safe", 30, seed=5, begin=BEGAN + timedelta(days=1))
    actions.count_answers(world, TYPES)
    asked = {row.id: row.figures.asked for row in page(world).every}
    assert asked["q1"] == 30  # its words changed
    assert asked["q2"] == 70  # its key alone was mended
    assert asked["q3"] == 70
    assert {row.id: row.figures.asked for row in page(world, version=old).every}["q1"] == 40
    assert [(each.id, each.people) for each in page(world).versions] == [(after[0].version, 30), (old, 40)]
    assert page(world).exam.people == 70  # the same set of questions


def test_an_essay_that_waits_does_not_count_yet(world: Database) -> None:
    taken = sit(world, "safe", 40)
    with world.writing() as db:
        waits = (QuestionGrade.attempt_id == taken[0].id, QuestionGrade.question_key == "safe-exam#q3")
        db.execute(update(QuestionGrade).where(*waits).values(score=None))
        db.execute(update(Attempt).where(Attempt.id == taken[0].id).values(passed=None))
    actions.count_answers(world, TYPES)
    found = page(world)
    row = found.question("q3")
    assert row is not None
    assert (row.figures.asked, row.figures.waiting) == (40, 1)
    assert close(row.figures.facility, statistics.fmean(each.scores["q3"] for each in taken[1:]))
    assert (found.exam.people, found.exam.complete) == (40, 39)
    assert close(found.exam.pass_rate, statistics.fmean(bool(each.passed) for each in taken[1:]))


def test_two_who_count_at_once_count_once(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = sit(world, "safe", 20)
    add = actions._add

    def overtaken(*given: object, **more: object) -> object:
        monkeypatch.setattr(actions, "_add", add)
        found = add(*given, **more)  # type: ignore[arg-type]
        actions.count_quiz(world, TYPES, "safe", "safe-exam")
        return found

    monkeypatch.setattr(actions, "_add", overtaken)
    actions.count_quiz(world, TYPES, "safe", "safe-exam")
    check_questions(page(world), taken)
    with world.reading() as db:
        assert db.scalar(select(func.count()).select_from(QuestionFigure)) == 7
        assert db.scalars(select(QuizCount.attempts)).all() == [20]


def test_nothing_is_written_while_nothing_happens(world: Database) -> None:
    sit(world, "safe", 12)
    actions.count_answers(world, TYPES)
    with world.reading() as db:
        before = db.scalars(select(QuizCount.turn)).all()
    actions.count_answers(world, TYPES)
    with world.reading() as db:
        assert db.scalars(select(QuizCount.turn)).all() == before


def test_whoever_went_away_for_an_hour_has_no_time(world: Database) -> None:
    def slow(chance: object, able: float, question: str) -> object:
        return usual(chance, able, question) or 1  # type: ignore[arg-type]

    taken = sit(world, "luck", 5, answers=slow)
    long = {**taken[0].seconds}
    name = taken[0].questions[0]
    with world.writing() as db:
        earlier = BEGAN - timedelta(seconds=3601 - long[name])
        db.execute(update(Attempt).where(Attempt.id == taken[0].id).values(started_at=earlier))
    actions.count_answers(world, TYPES)
    row = page(world, "luck").question(name)
    assert row is not None
    assert row.figures.seconds == statistics.median(each.seconds[name] for each in taken[1:] if name in each.seconds)


def test_a_quiz_that_cannot_be_counted_holds_up_no_other(world: Database) -> None:
    with world.reading() as db:
        first, second = (course for course, _quiz in quizzes_to_count(db))
    broken, taken = sit(world, first, 6), sit(world, second, 6, seed=2)
    with world.writing() as db:
        db.execute(update(Attempt).where(Attempt.id == broken[0].id).values(questions=7))
    with pytest.raises(TypeError):
        actions.count_answers(world, TYPES)
    assert page(world, first).counted.at is None
    assert page(world, second).exam.people == len(taken)
