"""The page that checks certificates without a network, what it needs, and the code of each certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, url_for

from lms.clock import now
from lms.credentials import queries as credentials
from lms.credentials.guessing import slow_down
from lms.people.needs import needs
from lms.people.rules import Right
from lms.sealing import offline, pictures
from lms.sealing.listing import last_list
from lms.sealing.offline_queries import cose_of_code, trust
from lms.sealing.page import VerifyPage, known, said
from lms.web.assets import asset_url, static_file
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("sealing", __name__)
WITH_CAMERA = "camera=(self), microphone=(), geolocation=()"
AN_HOUR = "public, max-age=3600"


@bp.get("/verify")
@needs(Right.ANYONE)
def verify() -> ResponseReturnValue:
    """The page that checks certificates on the device."""
    told = known(
        trust(reading()),
        status_url=url_for("sealing.status"),
        check_url=url_for("credentials.check"),
        worker_url=url_for("sealing.worker"),
        scope=url_for("sealing.verify"),
    )
    page = VerifyPage(told, url_for("credentials.check"), url_for("learning.home"))
    response = Response(render_template("sealing/verify.html", page=page), mimetype="text/html")
    response.headers["Permissions-Policy"] = WITH_CAMERA
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/verify/keys")
@needs(Right.ANYONE)
def keys() -> ResponseReturnValue:
    """Every key that signed for offline checks, with its history, and the names of the issuers with theirs."""
    response = jsonify(said(trust(reading())))
    response.headers["Cache-Control"] = AN_HOUR
    return response


@bp.get("/verify/status")
@needs(Right.ANYONE)
def status() -> ResponseReturnValue:
    """The signed list of what became of certificates, as it was written last; nothing before the first one."""
    message = last_list(current_app.config["LMS"])
    if message is None:
        return Response(status=204)  # the worker writes one within a minute of its start
    response = Response(message, mimetype="application/cose")
    response.headers["Cache-Control"] = AN_HOUR
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/verify/worker.js")
@needs(Right.ANYONE)
def worker() -> ResponseReturnValue:
    """The script that keeps the page on the device."""
    response = static_file("verify/worker.js")
    response.headers["Service-Worker-Allowed"] = url_for("sealing.verify")
    return response


@bp.get("/verify/app.webmanifest")
@needs(Right.ANYONE)
def manifest() -> ResponseReturnValue:
    """How the page looks among the apps of a telephone."""
    site = current_app.config["LMS"].site_name
    icon = {"src": asset_url("logo.svg"), "sizes": "any", "type": "image/svg+xml"}
    start = url_for("sealing.verify")
    response = jsonify(
        name=site, short_name=site[:12], start_url=start, scope=start, display="standalone", icons=[icon]
    )
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/c/<code>/offline.svg")
@needs(Right.ANYONE)
def code(code: str) -> ResponseReturnValue:
    """The QR code that carries a whole certificate."""
    found = credentials.certificate(reading(), code, now().date())
    if found is None:
        if credentials.is_erased(reading(), code):
            abort(410)
        slow_down()
        abort(404)
    if found.state in {"revoked", "superseded"}:
        abort(410)
    message = cose_of_code(reading(), code)
    if message is None:
        abort(404)
    response = Response(pictures.svg(offline.qr_text(message)), mimetype="image/svg+xml")
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
