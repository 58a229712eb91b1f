"""Settings: from the environment, else from the file, else as documented; a bad one is a sentence that names it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lms.config import DEVELOPMENT_KEY, BadSetting, Settings, load_settings

KEY = "k" * 40


def load(tmp_path: Path, toml: str = "", **given: str) -> Settings:
    if toml:
        (tmp_path / "lms.toml").write_text(toml, encoding="utf-8")
    named = {f"LMS_{name.upper()}": value for name, value in given.items()}
    return load_settings({"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": KEY} | named)


def test_defaults_hold_where_nothing_is_set(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings(home=tmp_path, secret_key=KEY)


def test_every_setting_is_documented() -> None:
    for item in dataclasses.fields(Settings):
        assert item.metadata["doc"].endswith((".", "/."))


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("url", "https://learn.example.org/sub", "https://learn.example.org/sub"),
        ("port", "8080", 8080),
        ("workers", "4", 4),
        ("proxies", "1", 1),
        ("demo", "yes", True),
        ("demo", "ON", True),
        ("demo", "", False),
        ("shipped_pack", "no", False),
        ("packs", "", ()),
        ("plugins", "one:two", ("one", "two")),
        ("time_zone", "Europe/Riga", "Europe/Riga"),
        ("mail_from", '"Mācības, valsts" <x@example.org>', '"Mācības, valsts" <x@example.org>'),
        ("smtp_url", "smtps://user:p%40ss@mail.example.org:465", "smtps://user:p%40ss@mail.example.org:465"),
        ("database_url", "postgresql+psycopg:///lms?host=/run/pg", "postgresql+psycopg:///lms?host=/run/pg"),
        ("database_url", "sqlite:////srv/lms.db", "sqlite:////srv/lms.db"),
        ("site_name", "Digitālie palīgi", "Digitālie palīgi"),
    ],
)
def test_good_values_are_understood(tmp_path: Path, name: str, value: str, meant: object) -> None:
    assert getattr(load(tmp_path, **{name: value}), name) == meant


BAD = [
    ("url", "learn.example.org", "http"),
    ("url", "https://", "name a host"),
    ("url", "https://x.org:eighty", "Port could not be cast"),
    ("url", "https://x.org/?a=1", "leave out"),
    ("port", "eighty", "whole number"),
    ("port", "", "whole number"),
    ("port", "0", "between 1 and 65535"),
    ("port", "65536", "between 1 and 65535"),
    ("workers", "0", "at least 1"),
    ("proxies", "-1", "less than 0"),
    ("demo", "perhaps", "yes or no"),
    ("shipped_pack", "maybe", "yes or no"),
    ("host", "", "127.0.0.1"),
    ("site_name", "  ", "needs a name"),
    ("site_name", "Handrail\r\nBcc: everybody@example.org", "one line"),
    ("mail_from", "nobody", "must look like"),
    ("mail_from", "Valsts, mācības <x@example.org>", "must look like"),
    ("mail_from", "x@example.org\nBcc: y@example.org", "one line"),
    ("smtp_url", "mail.example.org:587", "smtp://"),
    ("smtp_url", "http://mail.example.org", "smtp://"),
    ("smtp_url", "smtp://mail.example.org:25x", "Port could not be cast"),
    ("database_url", "postgres://lms@localhost/lms", "postgresql+psycopg://"),
    ("database_url", "mysql://lms@localhost/lms", "postgresql+psycopg://"),
    ("database_url", "lms.db", "sqlite:///"),
    ("database_url", "sqlite://", "in memory"),
    ("database_url", "sqlite:///:memory:", "in memory"),
    ("time_zone", "Riga", "Europe/Riga"),
    ("time_zone", "../../etc/passwd", "Europe/Riga"),
    ("language", "Latvian", "tag"),
    ("packs", "/no/such/folder", "there is no folder /no/such/folder"),
    ("log", "/no/such/folder/lms.log", "folder does not exist"),
    ("secret_key", "", "Make one with"),
    ("secret_key", DEVELOPMENT_KEY, "Make one with"),
    ("secret_key", "k" * 31, "shorter than 32"),
]


@pytest.mark.parametrize(("name", "value", "says"), BAD)
def test_a_bad_value_in_the_environment_is_named(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(tmp_path, **{name: value})
    said = str(caught.value)
    assert said.startswith(f"LMS_{name.upper()} ")
    assert says in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("port = 'eighty'", "takes a whole number"),
        ("port = 80.5", "takes a whole number"),
        ("port = true", "takes a whole number"),
        ("port = 0", "between 1 and 65535"),
        ("demo = 2", "takes yes or no"),
        ("site_name = 5", "takes a text"),
        ("packs = 5", "takes a list"),
        ("plugins = [1]", "takes a list"),
        ("time_zone = 'Riga'", "Europe/Riga"),
        ("smtp_url = 'mail'", "smtp://"),
    ],
)
def test_a_bad_value_in_the_file_names_the_file(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(tmp_path, toml=line)
    said = str(caught.value)
    assert said.startswith(f"{line.split(maxsplit=1)[0]} in {tmp_path / 'lms.toml'}")
    assert says in said


def test_a_short_key_in_the_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "lms.toml").write_text("secret_key = 'short'")
    with pytest.raises(BadSetting, match=r"^secret_key in .*lms\.toml is shorter than 32"):
        load_settings({"LMS_HOME": str(tmp_path)})


@pytest.mark.parametrize("name", ["smtp_url", "database_url", "secret_key"])
def test_a_secret_is_not_shown_in_its_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(tmp_path, **{name: "ftp://u:geheim@host/x" if name != "secret_key" else "geheim"})
    assert "geheim" not in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    both = load(tmp_path, toml="port = 1\nsite_name = 'From the file'\npacks = ['.']", port="2")
    assert (both.port, both.site_name, both.packs) == (2, "From the file", (".",))


def test_the_file_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(f"home = '{tmp_path}'\nsecret_key = '{KEY}'", encoding="utf-8")
    assert load_settings({"LMS_CONFIG": str(tmp_path / "other.toml")}).home == tmp_path


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"^LMS_CONFIG names .*gone\.toml, but there is no such file"):
        load_settings({"LMS_CONFIG": str(tmp_path / "gone.toml")})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"port = ", "is not valid TOML"),
        (b"\xff\xfe", "is not valid TOML"),
        (b"prot = 1", "prot, which does not exist"),
    ],
)
def test_a_file_that_cannot_be_understood_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "lms.toml").write_bytes(content)
    with pytest.raises(BadSetting) as caught:
        load(tmp_path)
    assert str(tmp_path / "lms.toml") in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "meant"), [("LMS_DATABSE_URL", "LMS_DATABASE_URL"), ("LMS_SECRETKEY", "LMS_SECRET_KEY")]
)
def test_a_misspelt_name_is_not_passed_over(tmp_path: Path, wrong: str, meant: str) -> None:
    with pytest.raises(BadSetting, match=f"^{wrong} is no setting. {meant} is one."):
        load_settings({"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": KEY, wrong: "x"})


def test_names_of_other_programs_are_passed_over(tmp_path: Path) -> None:
    assert load(tmp_path, require_pg="1", pg_bin="/usr/bin", backup_target="/x").port == 8000


def test_a_demonstration_needs_no_key(tmp_path: Path) -> None:
    assert load_settings({"LMS_HOME": str(tmp_path), "LMS_DEMO": "yes"}).secret_key == ""


def test_the_data_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match=r"^LMS_HOME .* it is a file"):
        load_settings({"LMS_HOME": str(tmp_path / "file"), "LMS_SECRET_KEY": KEY})
