"""Commits of the desk: exactly what was saved, under its author's name, whatever else lies about."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from lms.repositories import clones, commits, git

LIZA = {"author_name": "Līza Kalniņa", "author_email": "liza@example.org"}


def ask(folder: Path, *command: str) -> str:
    """What the person's own git says, with the person's own name."""
    who = ["-c", "user.name=Ilze", "-c", "user.email=ilze@example.org", "-c", "commit.gpgSign=false"]
    done = subprocess.run(["git", *who, *command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "water"
    folder.mkdir()
    ask(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in {"a.md": "# A\n", "b.md": "# B\n", "deep/c.md": "# C\r\n"}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode())
    ask(folder, "add", "-A")
    ask(folder, "commit", "--quiet", "-m", "Begin")
    return folder


def test_exactly_these_files_are_committed_and_nothing_else_is_touched(tree):
    (tree / "a.md").write_text("# A, changed\n")
    (tree / "b.md").write_text("# Not ready\n")
    (tree / "staged.md").write_text("# Staged\n")
    ask(tree, "add", "staged.md")
    made = commits.commit(tree, ["a.md"], **LIZA, words="Say more about A")
    assert made == ask(tree, "rev-parse", "HEAD")
    assert ask(tree, "show", "--format=%an <%ae>|%cn|%s", "--name-status", made).split("\n\n") == [
        "Līza Kalniņa <liza@example.org>|Handrail|Say more about A",
        "M\ta.md",
    ]
    assert ask(tree, "status", "--porcelain").splitlines() == ["M b.md", "A  staged.md"]


def test_new_deleted_and_oddly_named_files(tree):
    odd = ":(top) ūdens $(x) *.md"
    (tree / odd).write_bytes(b"\xef\xbb\xbf# \xc5\xaa\r\n")
    (tree / "a.md").unlink()
    commits.commit(tree, [odd, "a.md", "never-was.md"], **LIZA, words="Move A")
    shown = ask(tree, "-c", "core.quotePath=false", "show", "--format=", "--no-renames", "--name-status")
    assert set(shown.splitlines()) == {f"A\t{odd}", "D\ta.md"}
    kept = subprocess.run(["git", "show", f"HEAD:{odd}"], cwd=tree, capture_output=True, check=True).stdout
    assert kept == b"\xef\xbb\xbf# \xc5\xaa\r\n"
    assert ask(tree, "status", "--porcelain") == ""


def test_a_file_may_become_a_folder(tree):
    (tree / "a.md").unlink()
    (tree / "a.md").mkdir()
    (tree / "a.md" / "x.md").write_text("x\n")
    commits.commit(tree, ["a.md", "a.md/x.md"], **LIZA, words="Odd")
    assert "a.md/x.md" in ask(tree, "ls-files").splitlines()


def test_nothing_changed_is_no_commit(tree):
    before = ask(tree, "rev-parse", "HEAD")
    assert commits.commit(tree, ["a.md"], **LIZA, words="Nothing") == before


def test_the_first_commit_of_all(tmp_path):
    ask(tmp_path, "init", "--quiet")
    (tmp_path / "a.md").write_text("# A\n")
    commits.commit(tmp_path, ["a.md"], author_name=" <> ", author_email="", words="")
    assert ask(tmp_path, "log", "--format=%an|%s") == "Handrail|Change"


def test_a_part_of_a_repository(tree):
    part = tree / "deep"
    (part / "c.md").write_text("# C, changed\n")
    commits.commit(part, ["c.md"], **LIZA, words="C")
    assert ask(tree, "show", "--format=", "--name-only") == "deep/c.md"


def test_ignored_files_are_left_out_unless_git_knows_them(tree):
    (tree / ".git" / "info" / "exclude").write_text("*.tmp\nb.md\n")
    (tree / "x.tmp").write_text("x")
    (tree / "b.md").write_text("# B, changed\n")
    commits.commit(tree, ["x.tmp", "b.md"], **LIZA, words="B")
    assert ask(tree, "show", "--format=", "--name-only") == "b.md"


def test_no_hook_runs_and_nobodys_settings_count(tree, tmp_path, monkeypatch):
    ran = tmp_path / "ran"
    for hook in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"):
        place = tree / ".git" / "hooks" / hook
        place.write_text(f"#!/bin/sh\ntouch {ran}\nexit 1\n")
        place.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[commit]\ngpgSign = true\n[core]\nautocrlf = true\n[user]\nname = Somebody\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Mallory")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    (tree / "a.md").write_bytes(b"# A\r\n")
    commits.commit(tree, ["a.md"], **LIZA, words="A")
    assert not ran.exists()
    monkeypatch.delenv("GIT_DIR")
    assert ask(tree, "cat-file", "-s", "HEAD:a.md") == "5"
    assert ask(tree, "log", "-1", "--format=%an|%cn") == "Līza Kalniņa|Handrail"


def test_the_repository_says_who_commits_here(tree):
    ask(tree, "config", "--local", "user.name", "Water Academy")
    (tree / "a.md").write_text("new\n")
    commits.commit(tree, ["a.md"], **LIZA, words="A")
    assert ask(tree, "log", "-1", "--format=%cn") == "Water Academy"


def test_an_unfinished_merge_is_left_alone(tree):
    (tree / ".git" / "MERGE_HEAD").write_text(ask(tree, "rev-parse", "HEAD") + "\n")
    before = ask(tree, "rev-parse", "HEAD")
    (tree / "a.md").write_text("new\n")
    with pytest.raises(commits.Unfinished):
        commits.commit(tree, ["a.md"], **LIZA, words="A")
    assert ask(tree, "rev-parse", "HEAD") == before


def test_the_mode_of_a_file_stays(tree):
    ask(tree, "update-index", "--chmod=+x", "a.md")
    ask(tree, "commit", "--quiet", "-m", "Run")
    (tree / "a.md").write_text("new\n")
    (tree / "a.md").chmod(0o600)
    commits.commit(tree, ["a.md"], **LIZA, words="A")
    assert ask(tree, "ls-tree", "HEAD", "a.md").startswith("100755")


def test_what_is_a_repository(tree, tmp_path):
    (tree / "var").mkdir()
    (tree / "var" / "page.md").write_text("not Git's")
    assert commits.is_repository(tree)
    assert commits.is_repository(tree / "deep")
    assert not commits.is_repository(tree / "var")
    assert not commits.is_repository(tmp_path)


def test_many_at_once_each_get_their_commit(tree):
    def write(number: int) -> None:
        with commits.alone(tree):
            (tree / f"{number}.md").write_text(f"{number}\n")
            commits.commit(tree, [f"{number}.md"], author_name=f"N{number}", author_email="", words=f"Add {number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ask(tree, "log", "--format=%an %s").splitlines()) == sorted(
        ["Ilze Begin", *(f"N{number} Add {number}" for number in range(4))]
    )
    assert ask(tree, "status", "--porcelain") == ""


def test_words_of_git_hold_no_password(tree):
    with pytest.raises(git.GitFailed) as told:
        git.run(tree, "fetch", "https://ilze:secret@127.0.0.1:1/x.git")
    assert "secret" not in told.value.words
    assert "127.0.0.1" in told.value.words


@pytest.mark.parametrize(
    "address", ["file:///etc", "/etc", "ext::sh -c true", "git://127.0.0.1/x", "http://127.0.0.1/"]
)
def test_git_speaks_https_and_ssh_only(tree, address):
    with pytest.raises(git.GitFailed, match="not allowed"):
        git.run(tree, "fetch", address)


def test_git_that_takes_too_long_is_ended(tree, tmp_path, monkeypatch):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(git.TooLong):
        git.run(tree, "status", seconds=0.1)


def test_whom_git_started_ends_with_it(tree):
    script = "!echo $$ > child; while :; do sleep 0.05; done"
    with pytest.raises(git.TooLong):
        git.run(tree, "-c", f"alias.forever={script}", "forever", seconds=0.5)
    state = Path("/proc", (tree / "child").read_text().strip(), "stat")
    until = time.monotonic() + 10
    while (
        alive := state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
    ) and time.monotonic() < until:
        pass
    assert not alive


def test_an_answer_without_end_is_cut_off(tree, monkeypatch):
    monkeypatch.setattr(git, "MOST_SAID", 1_000_000)
    inner = ask(tree, "rev-parse", "HEAD^{tree}")
    for _ in range(12):  # folders of ten folders each: twelve small objects for a million million files
        names = "".join(f"040000 tree {inner}\t{number}\n" for number in range(10))
        done = subprocess.run(["git", "mktree"], cwd=tree, input=names, capture_output=True, text=True, check=True)
        inner = done.stdout.strip()
    with pytest.raises(git.TooLong, match="no end of files"):
        clones.look(tree, commits.commit_tree(tree, inner, [], "Bomb", author=None))


def test_a_machine_without_git_says_so(tree, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(git.NoGit, match="not installed"):
        git.run(tree, "status")
