"""Static files: one address for each content, kept by browsers for ever, compressed once."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request

FOLDER = Path(__file__).resolve().parents[1] / "static"
FOREVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "text/csv"})
SMALL = 800


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address of a static file; it changes when the file changes."""
    return f"/static/{_digest(name)}/{name}"


@cache
def _names() -> frozenset[str]:
    return frozenset(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


@cache
def _load(name: str) -> tuple[bytes, bytes, str]:
    if name not in _names():  # one name for each file: `x/../tokens.css` would be kept once for each x
        raise FileNotFoundError(name)
    content = (FOLDER / name).read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return content, gzip.compress(content, 9, mtime=0), kind


def static_file(name: str, digest: str = "") -> Response:
    """A static file. Without a digest in the address it must be asked for again each time."""
    try:
        content, packed, kind = _load(name)
    except FileNotFoundError:
        abort(404)
    response = Response(content, mimetype=kind)
    if kind in COMPRESSIBLE:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"]:
            response.set_data(packed)
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOREVER if digest == _digest(name) else "no-cache"
    return response


def compress(response: Response) -> Response:
    """Compress a page for browsers that can read it."""
    if (
        response.direct_passthrough
        or response.mimetype not in COMPRESSIBLE
        or (response.content_length or SMALL) < SMALL  # before the request is asked what it takes
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
    ):
        return response
    content = response.get_data()
    if len(content) >= SMALL:
        response.set_data(gzip.compress(content, 4, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def init_assets(app: Flask) -> None:
    """Serve static files and give templates their addresses."""
    app.add_url_rule("/static/<digest>/<path:name>", "static", static_file)
    app.add_url_rule("/static/<path:name>", "static_plain", static_file)
    app.jinja_env.globals.update(asset=asset_url, icons=asset_url("icons.svg"))
    app.after_request(compress)
