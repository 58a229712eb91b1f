"""The page on Git says what the program does: its settings are taken, its options and headers are all there are."""

from __future__ import annotations

from lms.config import load_settings
from lms.content.reader import COUNT_LIMIT, PACK_LIMIT
from lms.remotes import Remote, read_remote
from lms.repositories.rules import SIGNATURES, TOKEN
from tests.docs.pages import fences, read, spans, table_rows

PAGE = read("git.md")
KEY = "k" * 40


def test_the_settings_of_the_example_are_taken(tmp_path):
    [example] = [fence for fence in fences(PAGE) if "settings" in fence.words]
    (tmp_path / "lms.toml").write_text(example.text)
    settings = load_settings({"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": KEY})
    assert [read_remote(line) for line in settings.repositories] == [
        Remote("water", "https://git.example.org/academy/water.git"),
        Remote("power", "git@git.example.org:academy/courses.git", "main", "packs/power", pushes=True),
    ]
    token = next(span for span in spans(PAGE) if span.startswith("LMS_GIT_TOKENS=")).partition("=")[2].strip('"')
    assert load_settings({"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": KEY, "LMS_GIT_TOKENS": token}).git_tokens


def test_every_option_and_header_is_named():
    options = [row[0].strip("`") for row in table_rows(PAGE, "| option |")]
    assert read_remote(f"a=https://x.org/a.git#{'&'.join(f'{each}={V[each]}' for each in options)}") == Remote(
        "a", "https://x.org/a.git", "main", "packs", pushes=True
    )
    assert {TOKEN, *SIGNATURES} <= set(spans(PAGE))


def test_the_limits_are_those_of_the_program():
    assert f"{COUNT_LIMIT:,} files and {PACK_LIMIT // 2**30} GB" in PAGE


V = {"branch": "main", "folder": "packs", "push": "yes"}
