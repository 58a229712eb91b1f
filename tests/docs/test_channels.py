"""The worked channel of the plugin manual is enabled and used; each member of its contract is told."""

from __future__ import annotations

import dataclasses
import importlib
import sys

import pytest

from lms import plugins
from lms.config import Settings
from lms.integrations.channels import channels
from tests.docs.pages import fences, read, sections, spans, table_rows

MANUAL = read("plugins.md")
SECTION = next(section.text for section in sections(MANUAL) if section.title == "A worked channel")
SOURCE = next(fence.text for fence in fences(MANUAL) if fence.value("file") == "handrail_post.py")


@pytest.fixture
def post(tmp_path, monkeypatch):
    """The channel as the settings bring it, from a distribution that names it as the manual says."""
    site = tmp_path / "site"
    about = site / "handrail_post-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "handrail_post.py").write_text(SOURCE, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: handrail-post\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[lms.plugins]\npost = handrail_post:plugin\n")
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    assert 'post = "handrail_post:plugin"' in SECTION.replace("`", "")
    yield channels(Settings(home=tmp_path, plugins=("post",)))["post"]
    sys.modules.pop("handrail_post", None)


def message(to: str, text: str = "Your exam waits.") -> plugins.Message:
    return plugins.Message("reminder-1", to, "en", "Digital helper", text, "https://example.org/stop")


def test_it_is_short():
    assert len(SOURCE.splitlines()) < 30


def test_it_stands_beside_the_built_in_channels(post, tmp_path):
    assert list(channels(Settings(home=tmp_path))) == ["mail"]
    assert list(channels(Settings(home=tmp_path, plugins=("post",)))) == ["mail", "post"]
    assert post.words == "By post"


def test_it_puts_one_letter_for_each_message_into_its_folder(post, tmp_path):
    to = post.address(plugins.Contact("Laura Lapiņa", "lv"))
    post.send(message(to))
    post.send(message(to, "Your exam still waits."))  # the same key: sent again
    [letter] = (tmp_path / "post").iterdir()
    assert letter.read_text(encoding="utf-8").splitlines() == [
        *("Laura Lapiņa", "", "Digital helper", "", "Your exam still waits.", "", "https://example.org/stop"),
    ]


def test_it_keeps_the_contract(post):
    assert post.address(plugins.Contact("", "en")) == ""
    with pytest.raises(plugins.Undeliverable):
        post.send(message("../etc"))


def test_each_member_is_told():
    tables = [part for part in SECTION.split("\n\n") if part.startswith("| member")]
    told = [{span for row in table_rows(table, "| member") for span in spans(row[0])} for table in tables]
    contract = plugins.MessageChannel
    methods = {name for name, value in vars(contract).items() if callable(value) and not name.startswith("_")}
    assert told == [
        set(contract.__annotations__) | methods,
        {field.name for field in dataclasses.fields(plugins.Contact)},
        {field.name for field in dataclasses.fields(plugins.Message)},
    ]
