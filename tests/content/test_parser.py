import pytest

from lms.content.structure import CertificateRules, CompletionRules
from tests.content.packs import DOOR, GATE, course, ids, pack, rules, titles

TEXT = "# A\n\nText.\n"

# The pack that the description of the format draws.
PACK = {
    "courses/e-services/index.md": """\
---
title: E-services in everyday life
summary: Use public e-services and help others to.
language: en
languages: [lv, ro]
hours: 8
outcomes:
  use: Use state and municipal e-services
  safety: Stay safe in the digital environment
aligns: [DigComp 2.2 / 2.3]
topics: [life/child, life/work]
requires: [online-security]
exam: ../../quizzes/e-services-exam.md
complete:
  lessons: 80%
  exam: passed
  attendance: 2
  actions: [channel]
owner: The ministry
provider: A firm
partners: [One, Two]
certificate:
  title: Digital agent
  level: local
  valid: 24 months
---
What this course is.
""",
    "courses/e-services/index.lv.md": (
        "---\ntitle: E-pakalpojumi\noutcomes: {use: Lietot}\ncertificate: {title: Aģents}\n---\nTeksts\n"
    ),
    "courses/e-services/01-start/index.md": "# The start\n",
    "courses/e-services/01-start/01-what-are-e-services.md": "# What are e-services?\n\nText.\n",
    "courses/e-services/01-start/01-what-are-e-services.lv.md": "# Kas ir e-pakalpojumi?\n\nTeksts.\n",
    "courses/e-services/01-start/01-what-are-e-services.quiz.md": DOOR,
    "courses/e-services/01-start/01-what-are-e-services.lv.quiz.md": DOOR.replace("Which door", "Kuras durvis"),
    "courses/e-services/01-start/images/x.png": "",
    "courses/e-services/01-start/run.sh": "",
    "courses/digital-helper/index.md": "---\ncourses: [e-services]\noutcomes: {help: Help others}\n---\n",
    "quizzes/README.md": "About the banks.\n",
    "quizzes/e-services-exam.md": "---\npass: 80%\n---\n" + GATE,
    "quizzes/e-services-exam.lv.md": GATE.replace("Which gate", "Kuri vārti"),
    "notes.md": "Not part of the pack.\n",
}


def test_a_whole_pack_is_understood():
    found = pack(PACK)
    programme, services = found.courses
    assert (programme.id, programme.courses, programme.lessons) == ("digital-helper", ("e-services",), ())
    assert (services.id, services.path, services.hours) == ("e-services", "courses/e-services", 8.0)
    assert services.languages == ("lv", "ro")
    assert services.aligns == ("DigComp 2.2 / 2.3",)
    assert services.topics == ("life/child", "life/work")
    assert services.requires == ("online-security",)
    assert services.exam == "quizzes/e-services-exam.md"
    assert services.complete == CompletionRules(0.8, quizzes=False, exam=True, attendance=2, actions=("channel",))
    assert services.certificate == CertificateRules("Digital agent", "local", "24 months")
    assert services.parties == {"owner": "The ministry", "provider": "A firm"}
    assert services.partners == ("One", "Two")
    assert services.files == ("courses/e-services/01-start/images/x.png",)
    assert [bank.id for bank in found.banks] == ["e-services-exam"]
    assert list(found.banks[0].translations) == ["lv"]
    assert not found.has_errors


def test_courses_and_lessons_have_their_languages():
    services = pack(PACK).courses[1]
    assert services.texts["en"].outcomes["safety"] == "Stay safe in the digital environment"
    assert (services.texts["lv"].title, services.texts["lv"].certificate_title) == ("E-pakalpojumi", "Aģents")
    assert services.texts["lv"].outcomes == {"use": "Lietot"}
    (lesson,) = services.lessons
    assert (lesson.id, lesson.module) == ("start/what-are-e-services", ("start",))
    assert (lesson.source.language, lesson.translations["lv"].title) == ("en", "Kas ir e-pakalpojumi?")
    assert lesson.practice == "courses/e-services/01-start/01-what-are-e-services.quiz.md"
    assert services.modules[0].titles == {"en": "The start"}
    (practice,) = services.question_files
    assert (practice.id, list(practice.translations)) == ("start/what-are-e-services", ["lv"])


def test_a_course_without_settings_has_the_defaults():
    found = course({"a.md": TEXT}, "my-course")
    assert found.complete == CompletionRules(1.0, quizzes=True, exam=True)
    assert (found.id, found.language, found.certificate, found.hours, found.exam) == ("my-course", "en", None, None, "")


def test_a_lesson_has_its_settings():
    text = (
        "---\nid: door\nwas: [old/door]\ntitle: 7\nminutes: 1 hour\ntopics: x\noptional: yes\n"
        "valid_as_of: 2026-01-02\nsources: [A, B]\n---\nText\n"
    )
    (lesson,) = course({"x/01-a.md": text}).lessons
    assert (lesson.id, lesson.was, lesson.source.title, lesson.minutes) == ("door", ("old/door",), "7", 60.0)
    assert (lesson.topics, lesson.optional, lesson.valid_as_of, lesson.sources) == (
        ("x",),
        True,
        "2026-01-02",
        ("A", "B"),
    )
    assert (lesson.source.text, lesson.source.first_line) == ("Text\n", 11)


def test_norwegian_is_a_language():
    assert course({"index.md": "---\nlanguage: no\nhours: 010\n---\n", "a.md": TEXT}).language == "no"
    assert course({"index.md": "---\nhours: 010\n---\n", "a.md": TEXT}).hours == 10


def test_alike_ids_get_a_number_and_a_warning():
    files = {"1-a.md": TEXT, "2-a.md": TEXT, "3-a.md": TEXT}
    assert ids(files) == ["a", "a-2", "a-3"]
    assert [found[0] for found in rules(files)] == ["lesson-id-alike", "lesson-id-alike"]


def test_a_given_id_comes_before_ids_from_names():
    assert ids({"1-a.md": TEXT, "2-b.md": "---\nid: a\n---\n" + TEXT}) == ["a-2", "a"]


@pytest.mark.parametrize("given", ["../x", "a//b", "x?y", "[1]", "true"])
def test_an_id_that_cannot_stand_in_an_address_is_not_taken(given):
    files = {"a.md": f"---\nid: {given}\n---\n{TEXT}"}
    assert ids(files) == ["a"]
    assert rules(files) == [("setting-unclear", "a.md", 2)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.md": TEXT, "a.lv.md": TEXT}, {"a": ["lv"]}),
        ({"node.js.md": TEXT, "setup.sh.md": TEXT}, {"node.js": [], "setup.sh": []}),
        ({"index.md": "---\nlanguages: [lv, ro]\n---\n", "a.lv.md": TEXT, "a.ro.md": TEXT}, {"a": ["ro"]}),
        ({"index.md": "---\nlanguage: lv\nlanguages: [en]\n---\n", "a.en.md": TEXT, "a.lv.md": TEXT}, {"a": ["en"]}),
        ({"a.md": TEXT, "a.pt-br.md": TEXT, "a.xx.md": TEXT}, {"a": ["pt-BR"], "a.xx": []}),
    ],
)
def test_translations_are_told_from_names(files, expected):
    assert {lesson.id: list(lesson.translations) for lesson in course(files).lessons} == expected


def test_a_lesson_may_exist_in_another_language_only():
    files = {"index.md": "---\nlanguages: [lv]\n---\n", "a.lv.md": "# Durvis\n\nTeksts.\n", "b.md": TEXT}
    assert [(each.id, each.source.language) for each in course(files).lessons] == [("a", "lv"), ("b", "en")]


def test_a_translation_without_title_has_the_sources():
    lesson = course({"a.md": "# Door\n", "a.lv.md": "Teksts\n"}).lessons[0]
    assert lesson.translations["lv"].title == "Door"


def test_outside_actions_may_have_titles_in_each_language():
    index = "---\ncomplete:\n  actions: {channel: Follow the channel, e-sign: }\n---\n"
    latvian = "---\ncomplete:\n  lessons: all\n  actions: {channel: Seko kanālam}\n---\n"
    files = {"index.md": index, "index.lv.md": latvian, "a.md": TEXT}
    found = course(files)
    assert found.complete.actions == ("channel", "e-sign")
    assert found.texts["en"].actions == {"channel": "Follow the channel"}
    assert found.texts["lv"].actions == {"channel": "Seko kanālam"}
    assert [each for each in rules(files) if each[1] == "index.lv.md"] == [("translation-setting", "index.lv.md", 3)]
    plain = course({"index.md": "---\ncomplete: {actions: [channel]}\n---\n", "a.md": TEXT})
    assert (plain.complete.actions, plain.texts["en"].actions) == (("channel",), {})


def test_settings_in_a_translation_have_no_effect():
    files = {"index.md": "---\nhours: 2\n---\n", "index.lv.md": "---\nhours: 3\n---\n", "a.md": TEXT}
    assert course(files).hours == 2
    assert ("translation-setting", "index.lv.md", 2) in rules(files)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("hours: many", "setting-wrong"), ("hours: -1", "setting-wrong"), ("hours: true", "setting-wrong"),
        ("complete: all", "setting-wrong"), ("complete: {lessons: 120%}", "setting-wrong"),
        ("complete: {exam: maybe}", "setting-wrong"), ("complete: {attendance: two}", "setting-wrong"),
        ("complete: {actions: [1]}", "setting-wrong"),
        ("complete: {actions: {1: a}}", "setting-wrong"), ("certificate: 3", "setting-wrong"),
        ("certificate: {valid: 24 moons}", "setting-wrong"), ("certificate: {valid: 0 days}", "setting-wrong"),
        ("language: english", "setting-unclear"), ("languages: [lv, zz-zz]", "setting-unclear"),
        ("outcomes: [a, b]", "setting-unclear"), ("topics: {a: b}", "setting-unclear"),
        ("titel: x", "setting-unknown"), ("complete: {lesson: all}", "setting-unknown"),
        ("exam: none.md", "exam-missing"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_reported_with_their_line(line, rule):
    assert (rule, "index.md", 3) in rules({"index.md": f"---\nsummary: x\n{line}\n---\n", "a.md": TEXT})


def test_a_slip_in_a_name_is_recognised():
    (found,) = pack({"index.md": "---\noutcome: {a: b}\n---\n", "a.md": TEXT}).problems
    assert found.fix == "Did you mean `outcomes`?"


@pytest.mark.parametrize(
    ("valid", "written"),
    [("1 year", "1 year"), ("24 Months", "24 months"), ("90 day", "90 days"), ("2 weeks", "2 weeks")],
)
def test_validity_is_written_in_one_way(valid, written):
    found = course({"index.md": f"---\ncertificate: {{title: T, valid: {valid}}}\n---\n", "a.md": TEXT}).certificate
    assert found == CertificateRules("T", "", written)


def test_an_exam_may_stand_in_the_course_folder():
    files = {
        "courses/d/index.md": "---\nexam: exam.quiz.md\n---\n",
        "courses/d/a.md": TEXT,
        "courses/d/exam.quiz.md": "---\npass: 50%\n---\n" + DOOR,
    }
    assert course(files).exam == "courses/d/exam.quiz.md"


def test_banks_alone_are_a_pack():
    found = pack({"quizzes/b.md": GATE, "quizzes/1-a/x.md": DOOR})
    assert (found.courses, [bank.id for bank in found.banks]) == ((), ["a/x", "b"])


def test_a_folder_called_quizzes_without_answers_holds_pages():
    assert titles({"a.md": TEXT, "quizzes/b.md": "## Think about this\n\nText.\n"})[-1] == "Think about this"


def test_a_file_that_a_bank_already_names_gets_another_id():
    found = pack({"courses/d/a.md": TEXT, "courses/d/a.quiz.md": DOOR, "quizzes/a.md": GATE})
    assert [file.id for file in found.courses[0].question_files] == ["a-2"]
    assert [each.rule for each in found.problems] == ["question-file-id-alike"]


def test_the_encodings_and_line_ends_of_other_programs_are_read():
    assert titles({"a b ā.md": "\ufeff---\r\ntitle: Door\r\n---\r\nText.\r\n", "empty.md": ""}) == ["Door", "Empty"]
