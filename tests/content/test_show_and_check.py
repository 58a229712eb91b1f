import json

import pytest
from click.testing import CliRunner

from lms.cli.check import check
from lms.cli.show import show
from lms.content.show import as_json
from tests.content.packs import DOOR, GATE, report

LESSON = """\
# A door

Words in a *paragraph* with `code` and a [link](b.md) and [another](https://example.org).

## Part

| One | Two |
|-----|-----|
| 1   | 2   |

![A picture](x.png)

```sh
not counted
```

    nor this
"""
FILES = {
    "courses/d/index.md": "---\ntitle: Doors\nhours: 2\n---\n",
    "courses/d/01-m/index.md": "# Module\n",
    "courses/d/01-m/a.md": LESSON,
    "courses/d/01-m/a.quiz.md": DOOR,
    "courses/d/01-m/b.md": "# B\n\nText.\n",
    "courses/d/01-m/x.png": "",
    "quizzes/bank.md": GATE,
}


def written(folder, files=FILES):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def run(command, *arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_links_with_template_tags_lead_on_but_those_with_spaces_are_not_counted():
    text = (
        "# A\n\n[in]({{page.root}}/_episodes/b.md) [in]({{ page.root }}{% link _episodes/b.md %}#c) "
        "[in]({{ site.baseurl }}/b/) [out](https://example.org)\n"
    )
    files = {"_config.yml": "title: T\n", "_episodes/a.md": text, "_episodes/b.md": "# B\n\n## C\n\nText.\n"}
    found = report(files)
    assert not found.problems
    assert as_json(found)["courses"][0]["lessons"][0]["links_internal"] == 1


def test_what_was_understood_as_json():
    found = as_json(report(FILES))
    assert found["courses"] == [
        {
            "id": "d",
            "title": "Doors",
            "language": "en",
            "hours": 2.0,
            "order_by": "names",
            "lessons": [
                {
                    "path": "courses/d/01-m/a.md",
                    "id": "m/a",
                    "title": "A door",
                    "language": "en",
                    "module": ["Module"],
                    "words": 20,
                    "headings": 2,
                    "code_blocks": 2,
                    "tables": 1,
                    "images": 1,
                    "links_internal": 1,
                    "questions": 1,
                },
                {
                    "path": "courses/d/01-m/b.md",
                    "id": "m/b",
                    "title": "B",
                    "language": "en",
                    "module": ["Module"],
                    "words": 2,
                    "headings": 1,
                    "code_blocks": 0,
                    "tables": 0,
                    "images": 0,
                    "links_internal": 0,
                    "questions": 0,
                },
            ],
        }
    ]
    assert found["banks"][0] == {
        "path": "quizzes/bank.md",
        "id": "bank",
        "title": "Bank",
        "language": "en",
        "questions": [{"id": "gate", "type": "single", "options": 2, "correct": [1], "feedback": True}],
    }
    assert [bank["id"] for bank in found["banks"]] == ["bank", "m/a"]
    assert set(found["problems"][0]) == {"file", "line", "severity", "rule", "message", "fix"}
    json.dumps(found)


def test_show_prints_json_and_an_outline(tmp_path):
    written(tmp_path)
    assert json.loads(run(show, tmp_path, "--json").output)["courses"][0]["id"] == "d"
    outline = run(show, tmp_path).output
    assert "Doors [d], en" in outline
    assert "    - A door [m/a], 1 question\n" in outline
    assert "bank" in outline


def test_show_prints_a_page_as_a_trainee_gets_it(tmp_path):
    page = run(show, written(tmp_path) / "courses/d/01-m/a.md", "--html").output
    assert page.startswith('<h1 id="t-a-door">A door</h1>')
    assert 'href="/courses/d/lessons/m/b"' in page
    assert 'src="/media/' in page
    assert "Which door?" in page
    assert "<li>left</li>" in page
    assert "Yes." not in page


def test_a_page_alone_is_shown_too(tmp_path):
    (tmp_path / "README.md").write_text("Only *words*.\n")
    assert run(show, tmp_path / "README.md", "--html").output == "<p>Only <em>words</em>.</p>\n"
    (tmp_path / "SUMMARY.md").write_text("# Order\n\n- [R](README.md)\n")
    assert "Order" in run(show, tmp_path / "SUMMARY.md", "--html").output
    (tmp_path / "empty.md").write_text("")
    assert run(show, tmp_path / "empty.md", "--html").output == "\n"


def test_show_html_wants_a_file(tmp_path):
    assert run(show, tmp_path, "--html").exit_code == 2


def test_check_tells_place_and_fix_and_ends_with_1_on_errors(tmp_path):
    written(tmp_path, {"courses/d/index.md": "---\nexam: none.md\n---\n", "courses/d/a.md": "# A\n\n[x](y.md)\n"})
    result = run(check, tmp_path)
    assert result.exit_code == 1
    assert "courses/d/index.md:2: error: The exam none.md is not in this pack. [exam-missing]" in result.output
    assert "courses/d/a.md:3: warning:" in result.output
    assert "/authoring/rules/exam-missing\n" in result.output
    assert "/authoring/rules/link-broken\n" in result.output
    assert result.output.endswith("1 courses, 0 banks: 1 error, 1 warning, 0 notices.\n")


def test_check_ends_with_0_on_warnings_and_2_on_wrong_use(tmp_path):
    written(tmp_path, {"a.md": "# A\n\n[x](y.md)\n"})
    assert run(check, tmp_path).exit_code == 0
    assert run(check, tmp_path / "none").exit_code == 2
    assert run(check, tmp_path / "a.md").exit_code == 2
    assert run(check, tmp_path / "a.md", "--fix").exit_code == 2


def test_check_reads_the_current_folder(tmp_path, monkeypatch):
    written(tmp_path, {"a.md": "# A\n\n[x](y.md)\n"})
    monkeypatch.chdir(tmp_path)
    (problem,) = json.loads(run(check, "--json").output)["problems"]
    assert (problem["file"], problem["line"], problem["rule"]) == ("a.md", 3, "link-broken")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_fix_writes_ids_and_marks_and_nothing_else(tmp_path, end):
    text = "# Q\n\n## One?\n\n- [X] yes\n- [ ] no\n\n## Two? ##  \n\n- [✓] yes\n- [ ] no".replace("\n", end)
    translation = "## Viens?\n\n- [ ] jā\n- [ ] nē\n\n## Divi?\n\n- [ ] jā\n- [ ] nē\n"
    written(
        tmp_path,
        {"a.md": "# A\n\nText.\n", "a.quiz.md": text, "a.lv.md": "# A\n\nText.\n", "a.lv.quiz.md": translation},
    )
    before = [each.id for each in report({"a.md": "x", "a.quiz.md": text}).pack.courses[0].question_files[0].questions]
    result = json.loads(run(check, tmp_path, "--fix", "--json").output)
    assert "a.quiz.md" in result["fixed"]
    assert result["problems"] == []
    fixed = (tmp_path / "a.quiz.md").read_bytes().decode()
    assert fixed == (
        f"# Q\n\n## One? {{#{before[0]}}}\n\n- [x] yes\n- [ ] no\n\n"
        f"## Two? ## {{#{before[1]}}}\n\n- [x] yes\n- [ ] no".replace("\n", end)
    )
    assert json.loads(run(check, tmp_path, "--fix", "--json").output) == {"problems": [], "fixed": []}
