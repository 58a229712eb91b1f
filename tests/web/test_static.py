"""Static files: found by name only, named by content, compressed once."""

from __future__ import annotations

import gzip

import pytest

from lms.web import assets
from lms.web.assets import FOLDER, asset_url
from tests.cast import Cast, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # files need no database
OUTSIDE = [
    "../app.py",
    "../../pyproject.toml",
    "..%2f..%2fpyproject.toml",
    "%2e%2e/app.py",
    "....//app.py",
    "..\\app.py",
    "..%5capp.py",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "C:/windows/win.ini",
    "tokens.css/",
    "tokens.css%00.png",
    "x/../tokens.css",
    "x/./tokens.css",
    "tokens.css/../tokens.css",
    "TOKENS.CSS",
    "",
    ".",
    "a" * 300,
    "a/" * 3000,
]


def test_nothing_else_can_be_read(client: Visitor) -> None:
    for name in OUTSIDE:
        for folder in ("/static/", "/static/000000000000/"):
            answer = client.get(folder + name)
            assert answer.status_code in {400, 404, 308}, folder + name
            assert "def create_app" not in answer.text
            assert "root:" not in answer.text


def test_one_file_is_kept_once_however_it_is_called(client: Visitor) -> None:
    client.get("/static/tokens.css")
    before = assets._load.cache_info().currsize
    for number in range(20):
        client.get(f"/static/x{number}/../tokens.css")
        client.get(f"/static/{number}/tokens.css")
    assert assets._load.cache_info().currsize == before


def test_what_caches_may_share_carries_no_cookie(cast: Cast) -> None:
    laura = cast.at_browser(cast.learner)
    for address in ("/static/tokens.css", asset_url("tokens.css"), "/courses", "/healthz"):
        assert "Set-Cookie" not in laura.get(address).headers, address


def test_the_address_is_made_of_the_content(client: Visitor) -> None:
    address = asset_url("tokens.css")
    answer = client.get(address)
    assert answer.data == (FOLDER / "tokens.css").read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/static/tokens.css", "/static/000000000000/tokens.css"):
        assert client.get(other).headers["Cache-Control"] == "no-cache"


def test_text_is_compressed_for_those_who_can_read_it(client: Visitor) -> None:
    packed = client.get("/static/handrail.css", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == (FOLDER / "handrail.css").read_bytes()
    plain = client.get("/static/handrail.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert plain.data == (FOLDER / "handrail.css").read_bytes()


def test_pages_are_compressed_too_and_say_so(client: Visitor) -> None:
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")
    assert int(packed.headers["Content-Length"]) == len(packed.data)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("tokens.css", "text/css"), ("exam.js", "text/javascript"), ("icons.svg", "image/svg+xml")],
)
def test_browsers_are_told_what_a_file_is(client: Visitor, name: str, kind: str) -> None:
    assert client.get(f"/static/{name}").mimetype == kind
