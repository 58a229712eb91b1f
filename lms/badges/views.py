"""Badges, and what they name: issuers and their keys, what was achieved, status lists. All of it is public."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.datastructures import MIMEAccept

from lms.badges import files, identity, picture, queries
from lms.badges.credential import CONTEXTS, achievement
from lms.credentials import queries as certificates
from lms.credentials.code import BadCode, read_code
from lms.credentials.guessing import slow_down
from lms.credentials.labels import labels
from lms.issuers import queries as issuers
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.badges.credential import BadgeIssuer
    from lms.config import Settings
    from lms.credentials.facts import CertificateFacts
    from lms.issuers.queries import IssuerProfile

bp = Blueprint("badges", __name__)
JSON_LD, TOKEN = "application/ld+json", "application/vc+jwt"
SHORT, LONG = 300, 86400  # seconds for which others may keep an answer


@bp.get("/c/<code>/badge.<any(json, jwt, png, svg):form>")
@needs(Right.ANYONE)
def badge(code: str, form: str) -> ResponseReturnValue:
    """A certificate as an Open Badge. A withdrawn one is given, too: its status list says so."""
    try:
        exact = read_code(code)
    except BadCode:
        slow_down()
        abort(404)
    found = queries.badge(reading(), exact)
    if found is None:
        return _without_badge(exact)
    content = files.content(reading(), _settings(), found, form)
    answer = _public(content, files.FORMS[form][0], seconds=SHORT)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers.set("Content-Disposition", "inline", filename=f"badge-{exact}.{form}")
    return answer


def _without_badge(code: str) -> ResponseReturnValue:
    if certificates.is_erased(reading(), code):
        abort(410)
    if not queries.exists(reading(), code):
        slow_down()
        abort(404)
    page = Response(render_template("badges/waiting.html", code=code), 503, mimetype="text/html")
    page.headers["Retry-After"] = "30"
    return page


@bp.get("/.well-known/did.json")
@needs(Right.ANYONE)
def own_did() -> ResponseReturnValue:
    """The keys of the installation's own issuer."""
    profile = issuers.default_issuer(reading())
    return _did(profile) if profile else abort(404)


@bp.get("/issuers/<slug>/did.json")
@needs(Right.ANYONE)
def did(slug: str) -> ResponseReturnValue:
    """The keys of an issuer."""
    profile = issuers.issuer(reading(), slug)
    return _did(profile) if profile else abort(404)


@bp.get("/.well-known/jwks.json")
@needs(Right.ANYONE)
def key_set() -> ResponseReturnValue:
    """All keys of all issuers, for programs that read key sets."""
    db = reading()
    names = {each.slug: queries.badge_issuer(db, each, _settings()).id for each in issuers.issuers(db)}
    return _json(identity.key_set(issuers.keys(db), names), "application/jwk-set+json", seconds=SHORT)


@bp.get("/issuers/<slug>")
@needs(Right.ANYONE)
def issuer(slug: str) -> ResponseReturnValue:
    """Who issues: a page for people; its names and keys as JSON for programs."""
    db = reading()
    profile = issuers.issuer(db, slug)
    if profile is None:
        abort(404)
    shown, keys = queries.badge_issuer(db, profile, _settings()), issuers.keys(db, slug)
    if _wants_page(request.accept_mimetypes):
        page = Response(render_template("badges/issuer.html", profile=profile, shown=shown, keys=keys))
    else:
        page = _json(identity.profile_document(shown, keys, queries.addresses(_settings())), JSON_LD, seconds=SHORT)
    page.headers["Vary"] = "Accept"
    return page


@bp.get("/issuers/<slug>/keys/<kid>")
@needs(Right.ANYONE)
def key(slug: str, kid: str) -> ResponseReturnValue:
    """One public key, as a JSON Web Key."""
    known = [each for each in issuers.keys(reading(), slug) if each.kid == kid and each.broken_at is None]
    return _json({**known[0].jwk, "kid": kid}, "application/jwk+json", seconds=SHORT) if known else abort(404)


@bp.get("/issuers/<slug>/logo")
@needs(Right.ANYONE)
def logo(slug: str) -> ResponseReturnValue:
    """The issuer's logo."""
    db = reading()
    profile = issuers.issuer(db, slug)
    found = issuers.logo(db, profile.logo) if profile else None
    return _public(found.data, found.media_type, seconds=SHORT) if found else abort(404)


@bp.get("/achievements/<course_id>/<version>")
@bp.get("/achievements/<course_id>/<version>/<language>")
@bp.get("/achievements/<course_id>/<version>/<language>/<any(organisation):holder>")
@needs(Right.ANYONE)
def achieved(course_id: str, version: str, language: str = "", holder: str = "person") -> ResponseReturnValue:
    """What everybody achieved who completed a version of a course."""
    facts = _achieved(course_id, version, language, holder)
    made = achievement(facts, labels(facts.language), queries.addresses(_settings()))
    return _json({"@context": CONTEXTS, **made}, JSON_LD, seconds=LONG)


@bp.get("/achievements/<course_id>/<version>/<language>/badge.png")
@bp.get("/achievements/<course_id>/<version>/<language>/<any(organisation):holder>/badge.png")
@needs(Right.ANYONE)
def achieved_picture(course_id: str, version: str, language: str, holder: str = "person") -> ResponseReturnValue:
    """The picture of a badge, without anybody's credential in it."""
    facts = _achieved(course_id, version, language, holder)
    return _public(picture.png(files.picture_for(reading(), _settings(), facts)), "image/png", seconds=LONG)


@bp.get("/status/<slug>/<int:block>")
@bp.get("/status/<slug>/<int:block>.<any(jwt):form>")
@needs(Right.ANYONE)
def status(slug: str, block: int, form: str = "") -> ResponseReturnValue:
    """Which certificates of a block are withdrawn: a signed document, and a token for programs that read only those."""
    found = queries.status_file(reading(), slug, block) if block < 2**31 else None
    if found is None:
        abort(404)
    content, media_type = (found.token, TOKEN) if form else (found.document, JSON_LD)
    return _public(content.encode(), media_type, seconds=SHORT)


def _achieved(course_id: str, version: str, language: str, holder: str) -> CertificateFacts:
    facts = queries.achieved(reading(), course_id, version, language, holder)
    return facts or abort(404)


def _did(profile: IssuerProfile) -> Response:
    db = reading()
    shown: BadgeIssuer = queries.badge_issuer(db, profile, _settings())
    document = identity.did_document(shown, issuers.keys(db, profile.slug), queries.addresses(_settings()))
    return _json(document, "application/did+json", seconds=SHORT)


def _wants_page(accepted: MIMEAccept) -> bool:
    """Whether a person's browser asks; programs ask for JSON, or for anything."""
    return accepted["text/html"] > accepted["application/json"] or (
        "text/html" in accepted.values() and accepted["text/html"] >= accepted[JSON_LD]
    )


def _json(content: dict[str, Any], media_type: str, *, seconds: int) -> Response:
    return _public(json.dumps(content, ensure_ascii=False, indent=1).encode(), media_type, seconds=seconds)


def _public(content: bytes, media_type: str, *, seconds: int) -> Response:
    """An answer that pages of other sites may read, because wallets and verifiers are such pages."""
    answer = Response(content, content_type=media_type)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _settings() -> Settings:
    settings: Settings = current_app.config["LMS"]
    return settings
