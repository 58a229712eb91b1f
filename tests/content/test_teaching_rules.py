"""Rules about headings, sources and dates, outcomes, time limits and the state of translations, at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from lms.content.checker.checking import check_pack
from lms.content.checker.evidence import last_day
from lms.content.checker.fixing import fix, fix_files
from lms.content.checker.registry import SUBJECTS
from tests.content.packs import TYPES, encoded, report

TODAY = date(2026, 11, 22)
OPTIONS = "- [x] yes\n  > Yes.\n- [ ] no\n  > No.\n"


def found(files, *wanted, **more):
    return [(each.file, each.rule, each.line) for each in report(files, **more).problems if each.rule in wanted]


def lesson(text, head=""):
    return {"a.md": f"---\ntitle: A\n{head}---\n{text}"}


def test_headings_may_rise_by_any_number_and_fall_by_one():
    assert not found(lesson("## B\n\n### C\n\n#### D\n\n## E\n"), "heading-skipped")
    assert found(lesson("### B\n\n### C\n"), "heading-skipped") == [("a.md", "heading-skipped", 4)]
    assert not found(lesson("```\n##### no heading\n```\n"), "heading-skipped")


def mended(text, rule):
    problems = [each for each in report({"a.md": text}).problems if each.rule == rule]
    for problem in problems:
        text = fix(text, problem)
    return text


def test_a_mended_heading_takes_what_is_below_it_along_and_nothing_else():
    before = "# A\n\n## B\n\n#### C\n\n##### D\n\n#### E\n\n## F\n\n### G\n"
    assert mended(before, "heading-skipped") == "# A\n\n## B\n\n### C\n\n#### D\n\n### E\n\n## F\n\n### G\n"
    before = "# A\n\n## B\n\n# C\n\n## D\n\n# E\n\n## F\n"
    assert mended(before, "heading-one-twice") == "# A\n\n## B\n\n## C\n\n### D\n\n## E\n\n### F\n"


def test_underlined_headings_stay():
    before = "A\n=\n\nText.\n\nB\n=\n\nText.\n"
    assert mended(before, "heading-one-twice") == before


@pytest.mark.parametrize(
    "text",
    [
        "Section 12 says so.", "Regulation (EU) No 910/2014 holds.", "See § 5.", "This is required by law.",
        "Art. 6 GDPR.", "Skat. 12. pantu.", "Закон № 152 это говорит.", "40 % of people do. 3 million have done it.",
    ],
)  # fmt: skip
def test_law_and_figures_want_a_source(text):
    assert found(lesson(f"{text}\n"), "sources-missing") == [("a.md", "sources-missing", 4)]


@pytest.mark.parametrize(
    "text",
    [
        "The disk is 80 % full.", "It costs 40 euros.", "40 % of people do.", "An actor acts.",
        "Read this article twice.", "Section B of the form.", "Section 12 says so.[^1]\n\n[^1]: The law.",
        "Section 12 says [so](https://law.example).",
    ],
)  # fmt: skip
def test_other_numbers_and_proved_ones_do_not(text):
    assert not found(lesson(f"{text}\n"), "sources-missing")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)), ("2026-02", date(2026, 2, 28)), ("2026", date(2026, 12, 31)),
        ("2026-02-30", None), ("2026-13", None), ("soon", None), ("21.11.2026", None), ("", None),
    ],
)  # fmt: skip
def test_days_are_read_as_their_last(written, day):
    assert last_day(written) == day


def test_a_day_is_overdue_after_a_year_by_the_clock_that_is_given():
    old, fresh = lesson("Text.\n", "valid_as_of: 2025-11-21\n"), lesson("Text.\n", "valid_as_of: 2025-11-22\n")
    assert found(old, "valid-as-of-old", today=TODAY) == [("a.md", "valid-as-of-old", 3)]
    assert not found(fresh, "valid-as-of-old", today=TODAY)
    assert not found(old, "valid-as-of-old")
    later = lesson("Text.\n", "valid_as_of: 2026-11-23\n")
    assert found(later, "valid-as-of-unclear", today=TODAY) == [("a.md", "valid-as-of-unclear", 3)]
    assert not found(lesson("Text.\n", "valid_as_of: 2026\n"), "valid-as-of-unclear", today=TODAY)


def exam(*questions):
    text = "---\npass: 80%\n---\n"
    for number, settings in enumerate(questions):
        text += f"\n## Which {number}? {{#q{number}}}\n\n```quiz\noutcome: open\n{settings}```\n\n{OPTIONS}"
    index = "---\noutcomes:\n  open: Open doors\nexam: ../../quizzes/exam.md\n---\n"
    return {"courses/d/index.md": index, "courses/d/a.md": "# A\n\nText.\n", "quizzes/exam.md": text}


def test_one_question_that_puts_a_case_is_enough():
    named = ("courses/d/index.md", "outcome-not-applied", 3)
    assert found(exam("", "level: recall\n"), "outcome-not-applied") == [named]
    assert not found(exam("", "level: apply\n"), "outcome-not-applied")
    assert not found(exam(), "outcome-not-applied")


def test_a_level_is_one_of_three():
    (problem,) = [each for each in report(exam("level: aply\n")).problems if each.rule == "question-setting-value"]
    assert (problem.severity, problem.line, problem.fix) == ("error", 9, "Did you mean `apply`?")


def test_advice_never_stops_a_pack():
    quality = {
        "Options that give the answer away",
        "Patterns in a file of questions",
        "Time",
        "Plain language",
        "Headings",
    }
    named = {subject for subject, rules in SUBJECTS if any(rule.severity == "error" for rule in rules)}
    assert not named & quality


TRANSLATED = {
    "index.md": "---\nlanguages: [lv]\n---\n# Doors\n", "index.lv.md": "# Durvis\n", "a.md": "# A\n\nText.\n",
    "a.lv.md": "---\ntranslated_from: now\n---\n# A\n\nTeksts.\n", "a.quiz.md": f"## Open? {{#o}}\n\n{OPTIONS}",
    "a.lv.quiz.md": "---\ntranslated_from: now\n---\n\n## Vaļā? {#o}\n\n- [ ] jā\n- [ ] nē\n",
}  # fmt: skip


def stamped(files):
    for problem in report(files).problems:
        if problem.rule == "translation-now":
            files = {**files, problem.file: fix(files[problem.file], problem)}
    return files


def test_a_translation_is_stale_once_its_source_has_changed():
    files = stamped(TRANSLATED)
    assert "now" not in files["a.lv.md"] + files["a.lv.quiz.md"]
    assert not report(files).problems
    lesson_changed = {**files, "a.md": "# A\n\nOther text.\n"}
    assert found(lesson_changed, "translation-stale") == [("a.lv.md", "translation-stale", 2)]
    question_changed = {**files, "a.quiz.md": files["a.quiz.md"].replace("Open", "Closed")}
    assert found(question_changed, "translation-stale") == [("a.lv.quiz.md", "translation-stale", 2)]


def test_spaces_and_settings_of_the_source_make_nothing_stale():
    files = stamped(TRANSLATED)
    files["a.md"] = "---\nminutes: 1\n---\n\n# A  \n\nText.\n\n"
    assert not found(files, "translation-stale")


def test_questions_without_a_translation_are_named():
    files = {path: text for path, text in TRANSLATED.items() if path != "a.lv.quiz.md"}
    assert found(files, "translation-missing") == [("a.quiz.md", "translation-missing", 0)]


def test_what_is_not_utf_8_is_mended_byte_for_byte():
    files = encoded({"a.md": "# A\n\nCaf\udce9\r\n\r\n### B\r\n"})
    changed = fix_files(files, check_pack(files, TYPES).problems)
    assert changed == {"a.md": b"# A\n\nCaf\xe9\r\n\r\n## B\r\n"}
    utf16 = {"a.md": "# A\n\n### B\n".encode("utf-16")}
    assert fix_files(utf16, check_pack(utf16, TYPES).problems) == {}
