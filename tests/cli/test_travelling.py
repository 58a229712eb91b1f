"""Packs travel: out of a folder, into a site, out again, byte for byte; and one course with all that it uses."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from lms.authoring.uploads import course_files, read_upload, whole_zip
from lms.content.actions import prepare
from lms.content.packs import PackFolder, read_pack
from lms.content.reader import read_folder
from lms.discovery import OWN, question_types
from lms.paths import shipped
from tests.cli.console import Console
from tests.packs import SMALL, as_files

TYPES = question_types([OWN])
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\x08\x06\x1f\x15\xc4\x89\xff\xfe\r\n"
NASTY = {
    "courses/ūdens/index.md": "---\ntitle: Ūdens\nlanguage: lv\n---\n\nPar ūdeni.\n".encode(),
    "courses/ūdens/01 Ūdens un $(rm) 'citi'.md": b"\xef\xbb\xbf# \xc5\xaadens\r\n\r\nTeksts.\r\n",
    "courses/ūdens/02-tukšs.txt": b"",
    "courses/ūdens/03-ქართული.md": "# ქართული\n\nტექსტი.".encode(),
    "courses/ūdens/attēli/ūdens karte.png": PNG,
    "courses/ūdens/attēli/bin.dat": bytes(range(256)) * 8,
    "quizzes/e\u0301.md": "## Kas?\r\n\r\n- [x] Ūdens\r\n- [ ] Gaiss\r\n".encode(),
    "quizzes/é.md": "## Kas cits?\n\n- [x] Ūdens\n- [ ] Gaiss\n".encode(),
    "README.md": b"one\rtwo\r",
}


def laid(folder: Path, files: dict[str, bytes]) -> PackFolder:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return PackFolder(folder.name, folder)


def zipped(files: dict[str, bytes]) -> bytes:
    with whole_zip(files) as made:
        return made.read()


def there_and_back(files: dict[str, bytes]) -> dict[str, bytes]:
    with whole_zip(files) as made:
        return read_upload(made)


def test_the_shipped_pack_is_the_same_after_the_journey():
    files = read_pack(PackFolder("handrail", shipped("courses").parent))
    assert there_and_back(files) == files


@pytest.mark.parametrize("only", [NASTY, {f"one/{path}": text for path, text in NASTY.items()}, {"a/b.md": b"# B\n"}])
def test_a_nasty_pack_is_the_same_after_the_journey(only, tmp_path):
    files = read_folder(laid(tmp_path / "nasty", only).path)
    assert files == only
    assert there_and_back(files) == only


def test_the_same_pack_is_the_same_zip():
    assert zipped(NASTY) == zipped(dict(reversed(NASTY.items())))


def test_through_a_site_and_out_again(sqlite_ready: Console, tmp_path: Path):
    file, again = tmp_path / "nasty.zip", tmp_path / "again.zip"
    file.write_bytes(zipped(NASTY))
    said = sqlite_ready("pack", "import", file)
    assert (said.code, said.out) == (0, "nasty: published ūdens.\n"), said.err
    assert read_folder(tmp_path / "home" / "packs" / "nasty") == NASTY
    assert sqlite_ready("pack", "export", "nasty", "-o", again).out == f"{again}: {len(NASTY)} files.\n"
    assert again.read_bytes() == file.read_bytes()
    assert sqlite_ready("pack", "import", file).code == 1
    assert sqlite_ready("pack", "import", file, "--replace", "--json").json["published"] == []


def test_a_course_travels_with_its_quizzes_questions_and_pictures(sqlite_ready: Console, tmp_path: Path):
    other = {
        "courses/first-aid/notes.txt": b"not used yet",
        "courses/gardens/index.md": b"---\ntitle: Gardens\n---\n\nText.\n",
        "courses/gardens/01-soil.md": b"# Soil\n\nText.\n",
        "quizzes/other.md": b"## Which?\n\n- [x] a\n- [ ] b\n",
    }
    laid(tmp_path / "library", {**as_files(SMALL), **other})
    sqlite_ready.set(packs=str(tmp_path / "library"))
    target = tmp_path / "first-aid.zip"
    assert sqlite_ready("pack", "export", "--course", "first-aid", "-o", target).code == 0
    with target.open("rb") as file:
        taken = read_upload(file)
    assert taken == {**as_files(SMALL), "courses/first-aid/notes.txt": b"not used yet"}
    [before] = [each.course for each in prepare("x", as_files(SMALL), TYPES).editions]
    [after] = [each.course for each in prepare("y", taken, TYPES).editions]
    assert after.digest == before.digest
    shutil.rmtree(tmp_path / "library" / "courses")
    with pytest.raises(LookupError):
        course_files(as_files(SMALL), TYPES, "gardens")


def test_what_cannot_be_taken_along_is_told(sqlite_ready: Console, tmp_path: Path):
    target = tmp_path / "x.zip"
    for arguments in (["nowhere"], [], ["--course", "nowhere"]):
        assert sqlite_ready("pack", "export", *arguments, "-o", target).code == 2
    target.write_bytes(b"no zip")
    assert "not a zip file" in sqlite_ready("pack", "import", target).err
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("courses/x/index.md", "---\ntitle: [\n---\n")
    said = sqlite_ready("pack", "import", target)
    assert (said.code, "x: not taken" in said.err) == (1, True)
    assert not (tmp_path / "home" / "packs" / "x").exists()
