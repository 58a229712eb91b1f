"""Which addresses, branches and folders the settings may name."""

from __future__ import annotations

import pytest

from lms.config import BadSetting, load_settings
from lms.remotes import BadRemote, Remote, address_problem, branch_problem, folder_problem, read_remote, read_token

KEY = "k" * 40


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example.org/water.git",
        "https://git.example.org:8443/academy/water",
        "ssh://git@git.example.org:2222/academy/water.git",
        "git@github.com:academy/water.git",
        "https://[2001:db8::1]/water.git",
    ],
)
def test_good_addresses(address):
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "", "water.git", "/srv/git/water.git", "file:///srv/git/water.git", "http://git.example.org/water.git",
        "git://git.example.org/water.git", "ext::sh -c touch% /tmp/x", "ext::sh", "fd::7", "https://",
        "https://git.example.org", "https://ilze:secret@git.example.org/w.git", "https://token@git.example.org/w.git",
        "ssh://git:secret@git.example.org/w.git", "ssh://-oProxyCommand=touch/w.git", "-oProxyCommand=x@host:path",
        "git@-oProxyCommand=x:path", "git@host:-path", "--upload-pack=touch", "https://git.example.org/w.git\n--x",
        "https://git.example.org/a b", "https://git.example.org/ū.git", "https://git.example.org/w?a=b",
        "ssh://git@/w.git", "https://git.example.org:99999/w.git",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(address):
    assert address_problem(address)


def test_a_password_is_never_repeated():
    said = address_problem("https://ilze:secret@git.example.org/w.git")
    assert "password" in said
    assert "secret" not in said


@pytest.mark.parametrize("branch", ["", "main", "release/2026", "ūdens", "v1.0"])
def test_good_branches(branch):
    assert branch_problem(branch) == ""


@pytest.mark.parametrize(
    "branch", ["-x", "a..b", "a b", "a:b", "x.lock", "/a", "a/", "a//b", "a^", "@{u}", ".a", "a\n"]
)
def test_branches_that_are_refused(branch):
    assert branch_problem(branch)


@pytest.mark.parametrize(("folder", "fine"), [
    ("", True), ("packs/water", True), ("Ūdens", True), ("..", False), ("a/../b", False), ("/a", False), ("a/", False),
    (".git", False), ("a/.git/x", False), ("a\\b", False), ("a\0b", False),
])  # fmt: skip
def test_folders(folder, fine):
    assert (folder_problem(folder) == "") is fine


def test_a_line_of_the_settings():
    assert read_remote("water=https://example.org/w.git") == Remote("water", "https://example.org/w.git")
    long = read_remote("water=git@example.org:w.git#branch=release&folder=packs/%C5%ABdens&push=yes")
    assert long == Remote("water", "git@example.org:w.git", "release", "packs/ūdens", pushes=True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("https://example.org/w.git", "NAME=ADDRESS"),
        ("Water=https://example.org/w.git", "small letters"),
        ("../x=https://example.org/w.git", "small letters"),
        ("water=https://example.org/w.git#depth=1", "depth is no option"),
        ("water=https://example.org/w.git#push=maybe", "yes or no"),
        ("water=file:///srv/w.git", "https://"),
    ],
)
def test_a_bad_line_is_a_sentence(line, says):
    with pytest.raises(BadRemote, match=says):
        read_remote(line)


def test_the_settings_take_them_from_the_environment_and_the_file(tmp_path):
    about = {"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": KEY}
    lines = ("a=https://example.org/a.git", "b=git@example.org:b.git#push=yes")
    assert load_settings({**about, "LMS_REPOSITORIES": " ".join(lines)}).repositories == lines
    (tmp_path / "lms.toml").write_text(f"repositories = {list(lines)!r}\npull_minutes = 5\n")
    assert load_settings(about).repositories == lines
    assert load_settings(about).pull_minutes == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPOSITORIES", "a=https://ilze:secret@example.org/a.git"),
        ("REPOSITORIES", "a=https://x.org/a.git a=https://x.org/b.git"),
        ("GIT_TOKENS", "example.org=ilze:secret"),
        ("GIT_TOKENS", "https://example.org=secret"),
        ("PULL_MINUTES", "-1"),
    ],
)
def test_bad_settings_stop_the_start_without_telling_a_secret(tmp_path, name, value):
    with pytest.raises(BadSetting, match=f"LMS_{name}") as told:
        load_settings({"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": KEY, f"LMS_{name}": value})
    assert "secret" not in str(told.value)


def test_a_token_belongs_to_an_address():
    assert read_token("https://example.org/academy=ilze:se:cret") == ("https://example.org/academy", "ilze:se:cret")
