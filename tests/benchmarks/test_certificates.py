"""What QR codes of certificates weigh, how fast they are signed, and how long a slow phone takes to check one.

The phone is Chromium with its processor throttled six times, and a photograph of 12 megapixels of a page on a desk.
"""

from __future__ import annotations

import base64
import io
import statistics
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import segno
from flask import render_template
from PIL import Image, ImageFilter
from playwright.sync_api import expect

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.db import Database
from lms.sealing import cose, offline, pictures
from lms.sealing.offline_queries import Trust
from lms.sealing.page import alone, known
from tests.benchmarks.conftest import SECRET
from tests.browser import chromium as program
from tests.browser.driver import chromium
from tests.sealing.cases import KEYS, LIST, THIRD, UNCHANGED, code
from tests.sealing.papers import PAPERS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.benchmark
MADE = datetime(2026, 3, 14, 9, tzinfo=UTC)
SIGNED, RUNS, SLOWER, MOST_SECONDS = 300, 5, 6, 2.0
WATCH = """() => {
    document.querySelector('[data-file]').addEventListener('change', () => { window.began = performance.now(); }, true);
    new MutationObserver(() => { window.took = performance.now() - window.began; })
        .observe(document.querySelector('[data-result]'), { childList: true });
}"""


def test_what_a_code_weighs() -> None:
    for language, facts in PAPERS.items():
        text = code(THIRD, MADE, 123_456, facts)
        made = segno.make(text, error=pictures.ERROR, micro=False)
        side = made.symbol_size(border=0)[0]
        size = len(offline.message_of(text))
        print(f"{language}: {size} bytes, {len(text)} letters, QR {made.designator}, {40 / side:.2f} mm a module")
        assert size <= offline.MOST


def test_signatures_a_second() -> None:
    said = offline.message_of(UNCHANGED)
    began = time.process_time()
    for number in range(SIGNED):
        cose.sign(said + number.to_bytes(2, "big"), THIRD)
    signed = time.process_time() - began
    began = time.process_time()
    for number in range(SIGNED):
        code(THIRD, MADE, number, PAPERS["ru"])
    made = time.process_time() - began
    print(f"{SIGNED / signed:,.0f} signatures a second of one core, {SIGNED / made:,.0f} whole payloads")


@pytest.mark.parametrize(("side", "turn"), [(1500, 7), (1000, -12), (640, 3)], ids=["near", "turned", "whole page"])
def test_a_slow_phone_checks_a_photograph(tmp_path: Path, side: int, turn: int) -> None:
    place, photograph = write_page(tmp_path), photo(side, turn)
    with chromium(program.find() or "") as browser:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        took = [checked(page, place, photograph) for _ in range(RUNS)]
    print(f"{statistics.median(took):.2f} s, at most {max(took):.2f} s, from a photograph of 12 megapixels")
    assert statistics.median(took) <= MOST_SECONDS


def checked(page: Page, place: str, photograph: bytes) -> float:
    """Seconds from the picture's choice to the verdict, on a page that was just opened."""
    page.goto(place)
    page.evaluate(WATCH)
    picture: Any = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photograph}
    page.locator("[data-file]").set_input_files(picture)
    expect(page.locator(".state h2")).to_be_visible(timeout=60_000)
    return float(page.evaluate("() => window.took")) / 1000


def write_page(folder: Path) -> str:
    """The page as one file, with the keys of the tests."""
    database = Database(f"sqlite:///{folder / 'lms.db'}")
    upgrade_database(database)
    app = create_app(Settings(home=folder, secret_key=SECRET, shipped_pack=False), database)
    with app.test_request_context():
        told = known(Trust((), KEYS), status=base64.b64encode(LIST).decode())
        html = render_template("sealing/verify.html", page=alone(told, MADE.date()))
    database.dispose()
    file = folder / "index.html"
    file.write_text(html, encoding="utf-8")
    return file.as_uri()


def photo(side: int, turn: float) -> bytes:
    """A photograph of a certificate on a desk: turned, a little out of focus, the code so many pixels wide."""
    drawn, made = io.BytesIO(), io.BytesIO()
    segno.make(UNCHANGED, error=pictures.ERROR, micro=False).save(drawn, kind="png", scale=12, border=4)
    square = Image.open(drawn).convert("L").resize((side, side), Image.Resampling.LANCZOS)
    desk = Image.new("L", (3000, 4000), 160)
    desk.paste(245, (200, 160, 2800, 3840))
    turned = square.rotate(turn, expand=True, fillcolor=245, resample=Image.Resampling.BICUBIC)
    desk.paste(turned, (min(1900, 2700 - turned.width), min(2900, 3700 - turned.height)))
    desk.filter(ImageFilter.GaussianBlur(1.5)).convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()
