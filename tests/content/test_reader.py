import io
import os
import stat
import zipfile

import pytest

from lms.content import reader
from lms.content.reader import BadPack, digest, read_around, read_folder, read_zip


def zipped(files, **info):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = info.get("mode", 0) << 16
            archive.writestr(member, data)
    target.seek(0)
    return target


def test_a_folder_is_read_without_hidden_built_or_linked_files(tmp_path):
    for name in (
        "a.md",
        "x/b.md",
        ".git/c.md",
        "x/.hidden.md",
        "node_modules/d.md",
        "_site/e.md",
        "out/sitemap.xml",
        "out/index.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "secret").symlink_to("/etc/hostname")
    (tmp_path / "up").symlink_to(tmp_path)
    assert read_folder(tmp_path) == {"a.md": b"a.md", "x/b.md": b"x/b.md"}


def test_a_name_that_is_no_text_is_read_all_the_same(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.md"
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    assert read_folder(tmp_path) == {"caf�.md": b""}


def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(BadPack, match="not a folder"):
        read_folder(tmp_path / "none")


def test_limits_hold(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text("12345")
    (tmp_path / "b.md").write_text("12345")
    monkeypatch.setattr(reader, "FILE_LIMIT", 4)
    with pytest.raises(BadPack, match="larger"):
        read_folder(tmp_path)
    monkeypatch.setattr(reader, "FILE_LIMIT", 10)
    monkeypatch.setattr(reader, "PACK_LIMIT", 9)
    with pytest.raises(BadPack, match="pack is larger"):
        read_folder(tmp_path)
    monkeypatch.setattr(reader, "PACK_LIMIT", 100)
    monkeypatch.setattr(reader, "COUNT_LIMIT", 1)
    with pytest.raises(BadPack, match="more than 1 files"):
        read_folder(tmp_path)


def test_one_folder_around_a_zip_file_is_taken_off():
    assert read_zip(zipped({"pack-main/courses/a/x.md": "x", "pack-main/README.md": "r"})) == {
        "courses/a/x.md": b"x",
        "README.md": b"r",
    }
    assert read_zip(zipped({"courses/a/x.md": "x"})) == {"courses/a/x.md": b"x"}
    assert read_zip(zipped({"a/x.md": "x", "b/y.md": "y", "a/.git/z": "z"})) == {"a/x.md": b"x", "b/y.md": b"y"}


@pytest.mark.parametrize(
    "name", ["/etc/x.md", "../x.md", "a/../../x.md", "C:/x.md", "a\\..\\..\\x.md", "\\\\host\\x.md"]
)
def test_a_zip_file_names_no_other_place(name):
    with pytest.raises(BadPack, match="outside"):
        read_zip(zipped({name: "x"}))


def test_a_zip_file_brings_no_links():
    with pytest.raises(BadPack, match="link"):
        read_zip(zipped({"a.md": "/etc/passwd"}, mode=stat.S_IFLNK | 0o777))


def test_a_zip_bomb_is_refused():
    with pytest.raises(BadPack, match="times its size"):
        read_zip(zipped({"a.md": b"\0" * 5_000_000}))


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 50])
def test_what_is_no_zip_file_is_refused(data):
    with pytest.raises(BadPack):
        read_zip(io.BytesIO(data))


def test_a_name_twice_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.md", "x")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.md", "y")
    target.seek(0)
    with pytest.raises(BadPack, match="twice"):
        read_zip(target)


def test_a_digest_depends_on_names_and_bytes_only():
    assert digest({"a": b"1", "b": b"2"}) == digest({"b": b"2", "a": b"1"})
    assert (
        len({digest({"a": b"1"}), digest({"a": b"2"}), digest({"b": b"1"}), digest({}), digest({"a": b"1", "b": b""})})
        == 5
    )


def test_one_page_is_read_with_the_names_around_it(tmp_path):
    for name in ("courses/d/a.md", "courses/d/a.quiz.md", "courses/d/b.md", "courses/d/x.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    files, name = read_around(tmp_path / "courses/d/a.md")
    assert name == "courses/d/a.md"
    assert {path: bool(files[path]) for path in files} == {
        "courses/d/a.md": True, "courses/d/a.quiz.md": True, "courses/d/b.md": False, "courses/d/x.png": True,
    }  # fmt: skip
    assert "courses/d/none.md" not in files


def test_a_page_without_a_marked_pack_around_it_is_seen_with_the_folders_that_have_front_pages(tmp_path):
    for name in ("fruit/README.md", "fruit/1/lessons/a/README.md", "fruit/1/README.md", "fruit/images/x.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Text.\n")
    files, name = read_around(tmp_path / "fruit/1/lessons/a/README.md")
    assert name == "1/lessons/a/README.md"
    assert "images/x.png" in files
