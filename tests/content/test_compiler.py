import hashlib

import msgspec
import pytest

from lms.content.compiled import CompiledCourse, Part
from lms.content.compiler import source_paths
from tests.content.packs import DOOR, GATE, compiled, html, page, report, rules

TEXT = "# A\n\nText.\n"
PASS = "---\npass: 80%\n---\n"
PNG = "not really a picture"


def linked(target, **more):
    """The HTML of a lesson in `one/a.md` that links to the target."""
    files = {"courses/d/index.md": "# D\n", "courses/d/one/a.md": f"# A\n\nSee [it]({target}) here.\n", **more}
    return html(files, "one/a")


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("b.md", "/courses/d/lessons/one/b"),
        ("b.md#part-two", "/courses/d/lessons/one/b#t-part-two"),
        ("./b.md?x=1#p", "/courses/d/lessons/one/b#t-p"),
        ("b", "/courses/d/lessons/one/b"),
        ("b.html", "/courses/d/lessons/one/b"),
        ("../one/b/", "/courses/d/lessons/one/b"),
        ("../two/c%20d.md", "/courses/d/lessons/two/c%20d"),
        ("<../two/c d.md>", "/courses/d/lessons/two/c%20d"),
        ("/two/c%20d.md", "/courses/d/lessons/two/c%20d"),
        ("../two", "/courses/d/lessons/two/c%20d"),
        ("../index.md", "/courses/d"),
        ("../", "/courses/d"),
        ("b.lv.md", "/courses/d/lessons/one/b"),
        ("../../e/x.md", "/courses/e/lessons/x"),
        ("../../e/", "/courses/e/lessons/x"),
        ("#a", "#t-a"),
        ("https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_links_lead_to_pages(target, url):
    more = {
        "courses/d/one/b.md": TEXT, "courses/d/one/b.lv.md": TEXT, "courses/d/two/c d.md": TEXT, "courses/e/x.md": TEXT,
    }  # fmt: skip
    files = {"courses/d/index.md": "# D\n", "courses/d/one/a.md": f"# A\n\nSee [it]({target}) here.\n", **more}
    lesson = next(each for each in report(files).compiled[0].lessons if each.id == "one/a")
    assert f'href="{url}"' in lesson.pages["en"].parts[0].html


@pytest.mark.parametrize(
    "target",
    ["none.md", "../../../../etc/passwd", "javascript:alert(1)", "run.sh", "{{site.x}}/y z", "b.md/../../../../x"],
)
def test_links_to_nowhere_keep_their_words_only(target):
    assert "href" not in linked(target, **{"courses/d/one/run.sh": "rm"})
    assert "here" in linked(target)


def test_media_have_addresses_by_digest_and_only_what_is_used_is_in_the_manifest():
    files = {
        "a.md": "# A\n\n![A door](img/door%201.png)\n\n[Form](form.pdf)\n",
        "img/door 1.png": PNG,
        "form.pdf": "x",
        "unused.png": "y",
    }
    course = compiled(files)
    digest = hashlib.sha256(PNG.encode()).hexdigest()
    assert f'src="/media/{digest[:32]}/door%201.png"' in course.lessons[0].pages["en"].parts[0].html
    assert sorted(course.media) == ["form.pdf", "img/door 1.png"]
    assert (course.media["form.pdf"].media_type, course.media["img/door 1.png"].digest) == ("application/pdf", digest)


@pytest.mark.parametrize(
    "name", ["secret.md.txt/../a.quiz.md", "mkdocs.yml", "a.quiz.md", "data.toml", "x.py", "x.html", "x.zip"]
)
def test_what_a_browser_must_not_get_is_never_in_the_manifest(name):
    files = {"a.md": f"# A\n\n![x]({name}) [y]({name})\n", "a.quiz.md": DOOR, "mkdocs.yml": "docs_dir: .\n",
             "data.toml": "x",
             "x.py": "x", "x.html": "x", "x.zip": "x"}  # fmt: skip
    assert not compiled(files).media


def test_the_addresses_of_the_same_site_are_links_inside():
    files = {
        "mkdocs.yml": "site_url: https://fruit.example/school/\nnav: [a.md, b.md]\n",
        "docs/a.md": (
            "# A\n\n[1](https://fruit.example/school/b/#x) [2](http://FRUIT.example/school) "
            "[3](/school/b/) [4](../b/)\n"
        ),
        "docs/b.md": "# B\n\n## X\n",
        "docs/index.md": "# Home\n",
    }
    found = html(files, "docs/a")
    assert found.count('href="/courses/course/lessons/docs/b') == 3
    assert 'href="/courses/course"' in found


def test_pages_of_carpentries_sites_stand_side_by_side():
    files = {
        "config.yaml": "episodes: [a.md]\n",
        "episodes/a.md": "# A\n\n[x](setup.html) [y](../learners/setup.md)\n",
        "learners/setup.md": TEXT,
    }
    assert html(files, "episodes/a").count('href="/courses/course/lessons/learners/setup"') == 2


def test_pages_outside_the_order_are_reached_by_links_only():
    files = {
        "index.md": "---\nlessons: [a.md]\n---\n",
        "a.md": "# A\n\n[b](b.md)\n",
        "b.md": "# B\n\n[c](c.md)\n",
        "c.md": TEXT,
        "d.md": TEXT,
    }
    course = compiled(files)
    assert [lesson.id for lesson in course.lessons] == ["a"]
    assert [lesson.id for lesson in course.aside] == ["b", "c"]
    assert course.estimate["reading"] == round(2 / 120, 1)


def test_a_paragraph_of_one_link_embeds_the_question_and_a_sentence_does_not():
    files = {
        "a.md": "# A\n\nOne [q](a.quiz.md#door).\n\n[Try](a.quiz.md#gate)\n\n- [q](a.quiz.md#door)\n\nEnd.\n",
        "a.quiz.md": DOOR + "\n" + GATE,
    }
    found = page(files, "a")
    assert [part.question or part.quiz for part in found.parts] == ["", "a#gate", "", "a#door"]
    assert 'href="/courses/course/lessons/a#q-door"' in found.parts[0].html
    assert compiled(files).lessons[0].questions == ("a#gate", "a#door")


def test_a_link_to_a_file_embeds_all_its_questions_once():
    files = {"a.md": "# A\n\n[q](a.quiz.md#gate)\n\n[all](a.quiz.md)\n\nEnd.\n", "a.quiz.md": DOOR + "\n" + GATE}
    assert [part.question for part in page(files, "a").parts] == ["", "a#gate", "a#door", ""]


def test_practice_that_no_link_placed_comes_at_the_end_in_file_order():
    files = {"a.md": TEXT, "a.quiz.md": GATE + "\n" + DOOR}
    assert [part.question for part in page(files, "a").parts] == ["", "a#gate", "a#door"]


def test_what_another_lesson_shows_is_not_shown_again():
    files = {"a.md": TEXT, "b.md": "# B\n\n[q](a.quiz.md#door)\n", "a.quiz.md": DOOR + "\n" + GATE}
    course = compiled(files)
    assert [lesson.questions for lesson in course.lessons] == [("a#gate",), ("a#door",)]


def test_a_link_to_a_bank_or_a_graded_file_is_a_start_card():
    files = {
        "courses/d/a.md": "# A\n\n[Start](../../quizzes/bank.md)\n\n[Start](b.quiz.md)\n\nOr [here](b.quiz.md).\n",
        "courses/d/b.quiz.md": PASS + GATE,
        "quizzes/bank.md": DOOR,
    }
    course = compiled(files)
    assert [part.quiz for part in course.lessons[0].pages["en"].parts] == ["", "bank", "b", ""]
    assert 'href="/courses/d/quizzes/b"' in course.lessons[0].pages["en"].parts[3].html
    assert course.lessons[0].quizzes == ("bank", "b")
    assert course.quizzes["bank"].questions == ("bank#door",)
    assert sorted(course.questions) == ["b#gate", "bank#door"]


def test_a_lessons_own_graded_file_is_a_card_at_its_end():
    assert page({"a.md": TEXT, "a.quiz.md": PASS + DOOR}, "a").parts[-1] == Part(quiz="a")


def test_exam_questions_are_in_the_course_but_on_no_page():
    files = {
        "courses/d/index.md": "---\nexam: ../../quizzes/x.md\n---\n",
        "courses/d/a.md": TEXT,
        "quizzes/x.md": PASS + DOOR,
    }
    course = compiled(files)
    assert (course.exam, course.quizzes["x"].settings.passing) == ("x", {"total": 0.8})
    assert course.lessons[0].questions == ()
    assert course.questions["x#door"]["en"].key == "x#door"


LATVIAN = {
    "a.md": "# A\n\n[q](a.quiz.md#door)\n\nText.\n",
    "a.lv.md": "# Ā\n\nTeksts.\n\n[q](a.lv.quiz.md#door)\n",
    "a.quiz.md": DOOR + "\n" + GATE + "\n## Name? {#name}\n\n- = Anna\n",
    "a.lv.quiz.md": "## Kuras durvis? {#door}\n\n- [ ] kreisās\n- [x] labās\n\n## Vārds? {#name}\n\n- = Anna-Marija\n",
}


def test_a_translated_lesson_shows_the_same_questions_in_its_language():
    course = compiled(LATVIAN)
    lesson = course.lessons[0]
    assert [part.question for part in lesson.pages["lv"].parts] == ["", "a#door", "a#gate", "a#name"]
    assert (lesson.pages["lv"].title, lesson.questions) == ("Ā", ("a#door", "a#gate", "a#name"))
    assert course.questions["a#door"]["lv"].stem == "Kuras durvis?"
    assert course.questions["a#door"]["lv"].options[1].text == "labās"


def test_text_answers_of_a_translation_include_the_sources():
    question = compiled(LATVIAN).questions["a#name"]["lv"]
    assert {"Anna", "Anna-Marija"} <= {option.text for option in question.options}


def test_texts_of_questions_are_html():
    files = {
        "a.md": TEXT,
        "a.quiz.md": (
            "## Which *one*? {#one}\n\n![A door](door.png)\n\n- [x] `a < b`\n  > [More](a.md)\n- [ ] 2 > 1 & 0\n"
        ),
        "door.png": PNG,
    }
    question = compiled(files).questions["a#one"]["en"]
    assert question.stem == "Which <em>one</em>?"
    assert "/media/" in question.body
    assert [option.text for option in question.options] == ["<code>a &lt; b</code>", "2 &gt; 1 &amp; 0"]
    assert 'href="/courses/course/lessons/a"' in question.options[0].feedback


def test_the_heading_that_repeats_the_title_is_left_to_the_page():
    found = html({"a.md": "# The door\n\n## Part\n\nText.\n"}, "a")
    assert "<h1" not in found
    assert 'id="t-the-door"' in found
    assert "<h1" in html({"a.md": "---\ntitle: Other\n---\n# The door\n"}, "a")
    assert [
        (entry.level, entry.id, entry.title) for entry in page({"a.md": "# A\n\n## B\n\n### C\n\n#### D\n"}, "a").toc
    ] == [
        (2, "t-b", "B"),
        (3, "t-c", "C"),
    ]


def test_the_front_page_has_its_words_and_no_questions():
    files = {
        "index.md": (
            "---\ntitle: Doors\nsummary: S\noutcomes: {open: Open, shut: Shut}\ncertificate: {title: Guide}\n---\n"
            "# Doors\n\n[x](a.quiz.md)\n"
        ),
        "index.lv.md": "---\ntitle: Durvis\noutcomes: {open: Atvērt}\n---\n", "a.md": TEXT, "a.quiz.md": DOOR,
    }  # fmt: skip
    pages = compiled(files).pages
    assert (pages["en"].title, pages["en"].summary, pages["en"].certificate_title) == ("Doors", "S", "Guide")
    assert "<h1" not in pages["en"].html
    assert '<a href="/courses/course/lessons/a">x</a>' in pages["en"].html
    assert pages["lv"].outcomes == {"open": "Atvērt", "shut": "Shut"}
    assert (pages["lv"].summary, pages["lv"].certificate_title) == ("S", "Guide")


def test_the_estimate_adds_up_its_parts():
    files = {
        "courses/d/index.md": "---\nexam: ../../quizzes/x.md\n---\n",
        "courses/d/a.md": "---\nminutes: 10\n---\n# A\n\n" + "word " * 239 + "\n",
        "courses/d/a.quiz.md": DOOR,
        "courses/d/b.md": "# B\n\n[go](b.quiz.md)\n",
        "courses/d/b.quiz.md": PASS + DOOR,
        "quizzes/x.md": "---\npass: {total: 50%}\ndraw: 2\n---\n"
        + DOOR.replace("door", "d1")
        + DOOR.replace("door", "d2")
        + DOOR,
    }
    course = compiled(files)
    assert course.estimate == {"reading": 2.0, "questions": 6.0, "practical": 10.0, "total": 18.0}
    assert course.lessons[0].pages["en"].minutes == 13.5


def test_a_draw_by_outcome_counts_its_sum():
    question = "## Q {{#{0}}}\n\n```quiz\noutcome: {1}\n```\n\n- [x] a\n- [ ] b\n\n"
    bank = "---\npass: 50%\ndraw: {use: 1, safety: 2}\n---\n" + "".join(
        question.format(f"q{n}", "use" if n % 2 else "safety") for n in range(8)
    )
    files = {"courses/d/index.md": "---\nexam: ../../quizzes/x.md\n---\n", "courses/d/a.md": TEXT, "quizzes/x.md": bank}
    assert compiled(files).estimate["questions"] == 4.5


def test_a_programme_lists_its_courses():
    files = {"courses/p/index.md": "---\ntitle: P\ncourses: [d]\n---\nText\n", "courses/d/a.md": TEXT}
    programme = report(files).compiled[1]
    assert (programme.id, programme.courses, programme.lessons, programme.estimate["total"]) == ("p", ("d",), (), 0)


BASE = {
    "courses/d/index.md": "---\nexam: ../../quizzes/x.md\n---\n", "courses/d/a.md": "# A\n\n![x](x.png)\n",
    "courses/d/x.png": PNG,
    "courses/d/unused.png": "1", "courses/e/a.md": TEXT, "quizzes/x.md": PASS + DOOR, "quizzes/y.md": PASS + GATE,
    "notes.txt": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("courses/d/index.md", True), ("courses/d/a.md", True), ("courses/d/x.png", True), ("quizzes/x.md", True),
        ("courses/d/unused.png", False), ("courses/e/a.md", False), ("quizzes/y.md", False), ("notes.txt", False),
    ],
)  # fmt: skip
def test_the_digest_is_that_of_what_the_course_uses(path, changes):
    before, after = (report(files).compiled[0].digest for files in (BASE, {**BASE, path: BASE[path] + "\n\nMore.\n"}))
    assert (before != after) is changes
    assert report(dict(reversed(BASE.items()))).compiled[0].digest == before


def test_a_compiled_course_is_json_and_back():
    course = compiled(LATVIAN)
    assert msgspec.json.decode(msgspec.json.encode(course), type=CompiledCourse) == course


def test_a_link_to_a_question_that_is_not_there_is_an_error():
    assert ("question-link-broken", "a.md", 4) in rules(
        {"a.md": "# A\n\nText.\n[q](a.quiz.md#none)\n", "a.quiz.md": DOOR}
    )


def test_a_copied_exam_question_is_found():
    copy = "## Which  door? {#other}\n\n- [x] Right\n- [ ] left\n"
    files = {
        "courses/d/index.md": "---\nexam: ../../quizzes/x.md\n---\n",
        "courses/d/a.md": TEXT,
        "courses/d/a.quiz.md": copy,
        "quizzes/x.md": PASS + DOOR,
    }
    assert ("exam-question-in-practice", "courses/d/a.quiz.md", 1) in rules(files)


def test_lines_count_from_the_top_of_the_file():
    files = {"a.md": "---\ntitle: A\n---\nOne.\n\n[x](none.md)\n"}
    assert ("link-broken", "a.md", 6) in rules(files)


def test_the_files_of_a_course_are_those_it_was_made_from():
    checked = report(BASE).courses[0]
    assert source_paths(checked.rendered) == (
        "courses/d/a.md",
        "courses/d/index.md",
        "courses/d/x.png",
        "quizzes/x.md",
    )
