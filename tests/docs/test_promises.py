"""Security and privacy pages against the program: limits, tables, cookies, rules of the browser tests."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from lms.credentials import code
from lms.db import Base
from lms.people import actions, rules, short_codes, slip_actions
from lms.people.session import LASTS, LASTS_SHARED
from lms.rosters.join_views import MOST_GUESSES
from lms.web.language import COOKIE
from tests.browser.driver import AXE_RULES, SCREENS
from tests.docs.pages import ROOT, read, spans, table_rows

SECURITY, PRIVACY, ACCESS = read("security.md"), read("privacy.md"), read("accessibility.md")


def calls(file: Path, name: str) -> list[ast.Call]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]


def limit(call: ast.Call) -> int:
    return next(word.value.value for word in call.keywords if word.arg == "limit")


def test_limits_on_guessing():
    table = {row[0]: row[1:] for row in table_rows(SECURITY, "| what |")}
    found = calls(ROOT / "lms" / "people" / "views.py", "_slow_down")
    assert len(found) >= 3
    for call in found:
        has_name = not (isinstance(call.args[1], ast.Constant) and call.args[1].value == "")
        by_name = str(limit(call)) if has_name else "–"
        assert table[call.args[0].value] == [by_name, str(limit(call) * 20)]
    (codes,) = calls(ROOT / "lms" / "credentials" / "guessing.py", "count_try")
    assert table["certificate code"] == ["–", str(limit(codes))]


def test_limits_on_codes_and_claims():
    table = {row[0]: row[1:] for row in table_rows(SECURITY, "| what |")}
    by_name, _by_address = calls(ROOT / "lms" / "rosters" / "join_views.py", "count_try")
    (slips,) = calls(ROOT / "lms" / "people" / "slip_views.py", "count_try")
    assert table["join"] == table["claim"] == [str(limit(by_name)), "–"]
    assert table["join code"] == ["–", str(MOST_GUESSES)]
    assert table["slip"] == ["–", str(limit(slips))]


def test_times_and_lengths():
    assert f"for {slip_actions.LASTS.days} days. Ten random characters of {len(short_codes.ALPHABET)}" in SECURITY
    assert short_codes.LENGTH == 10
    assert f"at least {rules.SHORTEST_PASSWORD} characters" in SECURITY
    assert f"for {actions.LINK_LASTS.seconds // 60} minutes" in SECURITY
    assert f"Sessions last {LASTS.days} days" in SECURITY
    assert f"{LASTS_SHARED.seconds // 3600} hours" in SECURITY
    assert f"{code.LENGTH - 1} random characters of {len(code.ALPHABET)}" in SECURITY


def test_every_table_about_people_is_told():
    def is_about(table) -> bool:
        return any(key.column.table.name in {"actor", "person", "attempt"} for key in table.foreign_keys)

    about = {table.name for table in Base.metadata.sorted_tables if is_about(table)} | {"actor"}
    told = {span for row in table_rows(PRIVACY, "| what |") for span in spans(row[1])}
    assert about <= told
    assert told - {"uploads", "imports", "prints", "reports", "repositories"} <= set(Base.metadata.tables)


def test_every_column_of_a_person_is_told():
    (row,) = [row for row in table_rows(PRIVACY, "| what |") if row[1] == "`person`"]
    words = {
        "name": "name", "latin_name": "Latin", "user_name": "user name", "email": "e-mail", "phone": "phone",
        "password_hash": "password", "language": "language", "category": "category", "employer": "employer",
        "code": "code in the register", "reminds": "reminders",
    }  # fmt: skip
    of_the_account = {"id", "folded_name", "proved_email", "is_demo", "created_at", "closed_at", "merged_into_id"}
    assert set(Base.metadata.tables["person"].columns.keys()) == set(words) | of_the_account
    assert all(word in row[0] for word in words.values())


def test_the_cookies_are_told():
    named = {span for row in table_rows(PRIVACY, "| cookie |") for span in spans(row[0])}
    assert named == {"lms", "__Host-lms", COOKIE}
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "lms").rglob("*.py")]
    assert sum(len(re.findall(r"\.set_cookie\(", source)) for source in sources) == 1


def test_what_the_browser_tests_look_for():
    assert {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"} <= set(AXE_RULES)
    assert f"{min(size['width'] for size in SCREENS.values())} pixels" in ACCESS
