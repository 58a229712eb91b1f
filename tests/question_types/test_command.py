"""Command lines: what is the same command, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.questions import parse_question_file
from lms.question_types import BUILT_IN
from lms.question_types.command import Command
from lms.question_types.shell import Unfinished, comparable

TYPES = {type_.name: type_ for type_ in BUILT_IN}

SAME = [
    ("ls -la /tmp", "ls   -la    /tmp "),
    ("ls -la /tmp", "ls -al /tmp"),
    ("ls -la /tmp", "ls -l -a /tmp"),
    ("rm -rf build", "rm -r -f build"),
    ("rm -rf build", "rm -fr build"),
    ("ls --all -l", "ls -l --all"),
    ("grep -in root /etc/passwd", "grep -n -i root /etc/passwd"),
    ("head -n 5 notes", "head -n5 notes"),
    ("head -q -n 5 notes", "head -n 5 -q notes"),
    ("tar -czf a.tgz docs", "tar -zcf a.tgz docs"),
    ("tar -czf a.tgz docs", "tar -c -z -f a.tgz docs"),
    ("useradd -m -s /bin/bash anna", "useradd -s /bin/bash -m anna"),
    ("echo 'a b'", 'echo "a b"'),
    ("echo 'a b'", r"echo a\ b"),
    ("echo hello", "echo 'hel'lo"),
    ("echo '$HOME'", r"echo \$HOME"),
    ("find . -name '*.txt'", 'find . -name "*.txt"'),
    ("find . -name '*.txt'", r"find . -name \*.txt"),
    ("ls|wc -l", "ls | wc -l"),
    ("ls>out", "ls > out"),
    ("make 2>&1 | less", "make 2>&1|less"),
    ("make 2>err", "make 2> err"),
    ("sudo rm -rf build", "sudo rm -fr build"),
    ("sudo -u anna ls -la", "sudo -u anna ls -al"),
    ("cd /tmp && ls", "cd /tmp&&ls"),
    ("ls # all of them", "ls"),
    ("rm -- -f", "rm -- '-f'"),
    ("git commit -am done", "git commit -a -m done"),
    ('echo "$(date +%F)"', "echo $(date +%F)"),
    ("LANG=C ls -la", "LANG=C ls -al"),
]
DIFFERENT = [
    ("ls -la /tmp", "ls -lA /tmp"),
    ("ls -la /tmp", "ls -l /tmp"),
    ("ls -la /tmp", "ls /tmp -la"),
    ("ls -l -l", "ls -l"),
    ("ls --all", "ls -all"),
    ("cp a b", "cp b a"),
    ("mv -i a b", "mv a -i b"),
    ("head -n 5 notes", "head -n 6 notes"),
    ("head -n 5 notes", "head 5 -n notes"),
    ("head -q -n 5 notes", "head -n -q 5 notes"),
    ("tar -czf a.tgz docs", "tar -cfz a.tgz docs"),
    ("grep -e one -e two f", "grep -e two -e one f"),
    ("ls | wc -l", "wc -l | ls"),
    ("ls | sort | uniq", "ls | uniq | sort"),
    ("ls > out", "ls >> out"),
    ("ls > out", "ls < out"),
    ("make > out 2>&1", "make 2>&1 > out"),
    ("make 2> err", "make 2 > err"),
    ("echo '$HOME'", 'echo "$HOME"'),
    ("find . -name '*.txt'", "find . -name *.txt"),
    ("echo 'a b'", "echo a b"),
    ("echo 'a|b'", "echo a|b"),
    ("echo '>' x", "echo > x"),
    ("cd /tmp && ls", "cd /tmp ; ls"),
    ("LS", "ls"),
    ("rm -- -f", "rm -f"),
    ("sleep 5 &", "sleep 5"),
    ("sudo ls", "ls"),
    ("LANG=C ls", "ls LANG=C"),
    ("cat -", "cat"),
    ("ls", ""),
    ("ls", "'ls"),
    ("ls", "ls\nls"),
]


def question_in(*answers):
    items = "".join(f"- {answer}\n" for answer in answers)
    text = f"## Q {{#a}}\n\n```quiz\ntype: command\n```\n\n{items}"
    file, problems = parse_question_file("a.md", text, id="a", language="en", types=TYPES)
    assert problems == ()
    return file.questions[0]


@pytest.mark.parametrize(("key", "line"), SAME)
def test_same_command(key, line):
    assert Command().grade(question_in(f"= ``{key}``"), line).score == 1.0
    assert comparable(line) == comparable(key)


@pytest.mark.parametrize(("key", "line"), DIFFERENT)
def test_different_command(key, line):
    assert Command().grade(question_in(f"= ``{key}``"), line).score == 0.0


def test_alternatives_and_part_credit():
    question = question_in("= `apt install tree`", "= `apt-get install tree`", "=50% `apt install  -s tree`")
    lines = ("apt-get  install tree", "apt install tree", "apt install -s tree", "apt remove tree")
    assert [Command().grade(question, line).score for line in lines] == [1.0, 1.0, 0.5, 0.0]


def test_response_is_kept_as_typed():
    question = question_in("= `ls`")
    assert Command().read(question, {"answer": ["  ls  -l 'a  b' "]}) == "ls  -l 'a  b'"
    assert Command().read(question, {"answer": ["  "]}) is None
    assert Command().solution(question) == "ls"


@pytest.mark.parametrize("answer", ["= `echo 'open`", "= `echo $(ls`", "= # nothing", "= `a`\n  b"])
def test_key_that_is_no_command_line(answer):
    text = f"## Q {{#a}}\n\n```quiz\ntype: command\n```\n\n- {answer}\n"
    _, problems = parse_question_file("a.md", text, id="a", language="en", types=TYPES)
    assert [(problem.line, problem.rule) for problem in problems] == [(7, "question-answer-form")]


@pytest.mark.parametrize("line", ["'", '"', "a\\", "`ls", "$(", "${x", '"$(ls"'])
def test_unfinished_lines(line):
    with pytest.raises(Unfinished):
        comparable(line)


@given(st.text(alphabet="ls -rf'\"\\$(){}|&;<>2#`=*\t a", max_size=40))
def test_any_line_is_compared_or_unfinished(line):
    try:
        assert comparable(line) == comparable(line + "  ")
    except Unfinished:
        assert Command().grade(question_in("= `ls`"), line).score == 0.0


@given(st.permutations(["-a", "-b", "-c", "--long", "--size=3"]), st.lists(st.sampled_from(["x", "y"]), max_size=3))
def test_leading_options_move_freely(options, operands):
    one = " ".join(["cmd", *options, *operands])
    other = " ".join(["cmd", *sorted(options), *operands])
    assert comparable(one) == comparable(other)
