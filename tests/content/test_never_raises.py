"""Whatever stands in a folder, reading it ends with a pack and problems."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.parser import parse_pack
from lms.content.show import as_json
from tests.content.packs import TYPES, report

NAMES = st.sampled_from(
    [
        "index.md",
        "README.md",
        "01-a.md",
        "a.md",
        "a.lv.md",
        "a.quiz.md",
        "a.lv.quiz.md",
        "m/index.md",
        "m/b.md",
        "m/README.md",
        "mkdocs.yml",
        "docs/a.md",
        "SUMMARY.md",
        "src/SUMMARY.md",
        "book.toml",
        "_toc.yml",
        "config.yaml",
        "episodes/x.md",
        "_config.yml",
        "_episodes/y.md",
        "courses/d/index.md",
        "courses/d/a.md",
        "courses/d/a.quiz.md",
        "courses/d/index.lv.md",
        "quizzes/x.md",
        "quizzes/x.lv.md",
        "x.png",
        "courses/d/x.png",
        "ā/ž ķ.md",
        ".md",
        "a..md",
        "x/.md",
    ]
)
PIECES = st.sampled_from(
    [
        "---\n",
        "title: T\n",
        "lessons: [a.md, m]\n",
        "lessons:\n  - X: [a]\n",
        "exam: x.quiz.md\n",
        "exam: ../../quizzes/x.md\n",
        "pass: 80%\n",
        "draw: {a: 2}\n",
        "id: a\n",
        "languages: [lv, ro]\n",
        "language: no\n",
        "outcomes: {a: b}\n",
        "courses: [d]\n",
        "certificate: {valid: x}\n",
        "complete: {lessons: 1e9}\n",
        "hours: .inf\n",
        "minutes: -.inf\n",
        "title: [\n",
        "nav:\n",
        "  - A: a.md\n",
        "  - B:\n      - b: c\n",
        "nav: &x [*x]\n",
        "docs_dir: ../..\n",
        "docs_dir: .\n",
        "root: a\n",
        "parts:\n",
        "- file: a\n",
        "- part: P\n  chapters:\n  - glob: '*'\n",
        "episodes:\n",
        "- a.md\n",
        "# Title\n",
        "## Q {#q}\n",
        "## Q\n",
        "- [ ] a\n",
        "- [x] b\n",
        "- = 5\n",
        "- = 1..x\n",
        "  > (50%) f\n",
        "> [!NOTE]\n> n\n",
        "[[gap|(x)]]\n",
        "```quiz\ntype: x\n```\n",
        "```\n",
        "[l](a.md#x)\n\n",
        "[l](a.quiz.md#q)\n\n",
        "[l](../../quizzes/x.md)\n\n",
        "![](x.png)\n",
        "[l](<a b>)\n",
        "[l](%ff)\n",
        "[l](//[)\n",
        "[l](http://[::1)\n",
        "[r]: a.md\n",
        "* [S](a.md)\n  * [T]()\n",
        "<a href='x'>",
        "<h1>x",
        "\0",
        "\r",
        "\t",
        "\n",
        "\n\n",
        "{{ x }}",
        "{% link a.md %}",
        "\ud7ff",
        "\U0001f600",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=40))
FILES = st.dictionaries(NAMES, TEXTS, max_size=7)


@settings(max_examples=150, deadline=None)
@given(FILES)
def test_any_folder_is_read_compiled_checked_and_shown(files):
    found = report(files)
    msgspec.json.encode(as_json(found))
    msgspec.json.encode(found.compiled)
    for problem in found.problems:
        assert problem.file in files or problem.file == "" or problem.line == 0
        assert 0 <= problem.line <= files.get(problem.file, "").replace("\r", "\n").count("\n") + 2
    for course in found.pack.courses:
        ids = [lesson.id for lesson in (*course.lessons, *course.aside)]
        assert len(ids) == len(set(ids))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=12), st.binary(max_size=60), max_size=4))
def test_any_bytes_under_any_name_are_read(files):
    parse_pack({f"{name}.md": data for name, data in files.items()}, TYPES)
