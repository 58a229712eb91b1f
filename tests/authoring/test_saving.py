"""Files of a pack are saved whole or not at all, nothing is overwritten, nothing leaves the folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lms.authoring import saving
from lms.authoring.saving import Author, BadPath, ReadOnlyPack, SavedBefore, save, seen_digest
from lms.content.packs import PackFolder
from lms.paths import shipped

TINA = Author(7, "Tīna Tēja", "tina@example.org")
LESSON = "courses/gardens/01-soil.md"


@pytest.fixture
def pack(tmp_path: Path) -> PackFolder:
    file = tmp_path / "pack" / LESSON
    file.parent.mkdir(parents=True)
    file.write_bytes(b"# Soil\n")
    return PackFolder("pack", tmp_path / "pack")


def everything(pack: PackFolder) -> dict[str, bytes]:
    return {
        file.relative_to(pack.path).as_posix(): file.read_bytes()
        for file in pack.path.rglob("*")
        if file.is_file() and ".git" not in file.parts
    }


def seen(pack: PackFolder, *paths: str) -> dict[str, str]:
    return {path: seen_digest(content) for path, content in everything(pack).items() if path in paths}


def test_it_writes_makes_and_deletes(pack: PackFolder) -> None:
    save(pack, {"courses/gardens/new/02.md": b"new", LESSON: b"# Soil!\n"}, seen=seen(pack, LESSON), by=TINA, words="x")
    assert everything(pack) == {"courses/gardens/new/02.md": b"new", LESSON: b"# Soil!\n"}
    save(
        pack,
        {"courses/gardens/new/02.md": None},
        seen={"courses/gardens/new/02.md": seen_digest(b"new")},
        by=TINA,
        words="x",
    )
    assert everything(pack) == {LESSON: b"# Soil!\n"}
    assert not (pack.path / "courses/gardens/new").exists()


@pytest.mark.parametrize("last", ["", seen_digest(b"something else")])
def test_whoever_did_not_see_the_last_text_overwrites_nothing(pack: PackFolder, last: str) -> None:
    with pytest.raises(SavedBefore) as caught:
        save(pack, {"a.md": b"a", LESSON: b"mine"}, seen={LESSON: last}, by=TINA, words="x")
    assert (caught.value.path, caught.value.theirs) == (LESSON, b"# Soil\n")
    assert everything(pack) == {LESSON: b"# Soil\n"}


def test_a_file_that_went_away_meanwhile_is_told(pack: PackFolder) -> None:
    last = seen(pack, LESSON)
    (pack.path / LESSON).unlink()
    with pytest.raises(SavedBefore) as caught:
        save(pack, {LESSON: b"mine"}, seen=last, by=TINA, words="x")
    assert caught.value.theirs is None


def test_a_file_that_was_only_read_must_not_have_changed_either(pack: PackFolder) -> None:
    with pytest.raises(SavedBefore):
        save(pack, {"a.md": b"a"}, seen={LESSON: seen_digest(b"older")}, by=TINA, words="x")
    assert "a.md" not in everything(pack)


@pytest.mark.parametrize(
    "path",
    ["../a.md", "a/../../b.md", "/etc/a.md", "a//b.md", "", ".git/config", "a/.hidden", "a\\b.md", "a\0b", "a\nb",
     "x" * 300, LESSON + "/a.md", "linked/a.md", "courses"],
)  # fmt: skip
def test_no_path_leaves_the_folder_or_hides(pack: PackFolder, tmp_path: Path, path: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (pack.path / "linked").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadPath):
        save(pack, {path: b"x"}, seen={}, by=TINA, words="x")
    assert everything(pack) == {LESSON: b"# Soil\n"}
    assert not list((tmp_path / "elsewhere").iterdir())


def test_the_shipped_pack_and_a_closed_folder_are_only_read(pack: PackFolder) -> None:
    ours = PackFolder("handrail", shipped("courses").parent)
    assert not saving.is_writable(ours)
    with pytest.raises(ReadOnlyPack):
        save(ours, {"courses/x.md": b"x"}, seen={}, by=TINA, words="x")
    with pytest.raises(ReadOnlyPack):
        save(PackFolder("gone", pack.path / "gone"), {"a.md": b"x"}, seen={}, by=TINA, words="x")


def test_what_fails_half_way_is_taken_back(pack: PackFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = Path.rename
    count = iter(range(9))

    def fails_second(self: Path, target: Path) -> Path:
        if next(count) == 1:
            raise OSError(28, "No space left on device")
        return renamed(self, target)

    monkeypatch.setattr(Path, "rename", fails_second)
    with pytest.raises(OSError, match="No space"):
        save(pack, {LESSON: b"mine", "b.md": b"b"}, seen=seen(pack, LESSON), by=TINA, words="x")
    assert everything(pack) == {LESSON: b"# Soil\n"}


def test_a_file_keeps_its_mode(pack: PackFolder) -> None:
    (pack.path / LESSON).chmod(0o640)
    save(pack, {LESSON: b"mine"}, seen=seen(pack, LESSON), by=TINA, words="x")
    assert (pack.path / LESSON).stat().st_mode & 0o777 == 0o640


def test_in_a_repository_the_author_commits(pack: PackFolder) -> None:
    def git(*command: str) -> str:
        return subprocess.run(["git", *command], cwd=pack.path, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    git("add", ".")
    git("-c", "user.name=Ed", "-c", "user.email=ed@example.org", "commit", "-qm", "Begin")
    save(pack, {LESSON: b"# Soil!\n"}, seen=seen(pack, LESSON), by=TINA, words="Say it louder")
    assert git("log", "-1", "--format=%an <%ae> %s") == "Tīna Tēja <tina@example.org> Say it louder\n"
    assert git("status", "--porcelain") == ""
    (pack.path / ".git/MERGE_HEAD").write_text("0" * 40)
    with pytest.raises(Exception, match="merges"):
        save(pack, {LESSON: b"lost?"}, seen=seen(pack, LESSON), by=TINA, words="x")
    assert everything(pack)[LESSON] == b"# Soil!\n"
