"""Headers on every answer, and which POSTs are ours.

A POST counts as ours if the browser says so: `Sec-Fetch-Site: same-origin`, else an equal `Origin`, else an equal
`Referer`. Where a browser says nothing at all, a page asks to send once more, with a token bound to the session;
everything typed travels along.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, make_response, render_template, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf, validate_csrf
from itsdangerous import BadSignature
from werkzeug.exceptions import BadRequest
from wtforms import ValidationError

from lms.web.transaction import SAFE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from itsdangerous import URLSafeTimedSerializer

    from lms.config import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cache-Control", "private, no-cache"),  # tables and drafts are as private as pages
)
HEADERS_OF_HTTPS = (*HEADERS, ("Strict-Transport-Security", "max-age=31536000"))
View = TypeVar("View", bound=Any)
MOST_VERIFIED = 4096
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a form field


class CleanRequest(Request):
    """A request without NUL, which PostgreSQL cannot keep and no page can show."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        names = (name for file in self.files.values() for name in (file.filename or "", file.mimetype))
        _refuse_nul(*(text for pair in self.form.items(multi=True) for text in pair), *names)


def _refuse_nul(*texts: str) -> None:
    if any("\0" in text for text in texts):
        raise BadRequest("nul")


class Cookies(SecureCookieSessionInterface):
    """Flask's own cookies, whose signer is built once for a key, and which are verified once while they stay the same.

    What was verified is remembered under the whole cookie with its signature, and its age is asked each time.
    """

    def __init__(self) -> None:
        self._signers: dict[object, URLSafeTimedSerializer | None] = {}
        self._verified: dict[tuple[object, str], tuple[dict[str, Any], datetime]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a cookie; an empty one if it is missing, forged or too old."""
        signer, cookie = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None or not cookie:
            return None if signer is None else self.session_class()
        known = self._verified.get((app.secret_key, cookie))
        if known is not None and datetime.now(UTC) - known[1] < app.permanent_session_lifetime:
            return self.session_class(known[0])
        lasts = int(app.permanent_session_lifetime.total_seconds())
        try:
            said, signed_at = signer.loads(cookie, max_age=lasts, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        if all(isinstance(value, str | bool) for value in said.values()):  # what a request changes is nobody else's
            self._remember((app.secret_key, cookie), (said, signed_at))
        return self.session_class(said)

    def _remember(self, cookie: tuple[object, str], found: tuple[dict[str, Any], datetime]) -> None:
        if len(self._verified) >= MOST_VERIFIED:
            self._verified.clear()
        self._verified[cookie] = found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does it. Most requests change nothing, and then it is not asked how the cookie would look."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed and "Vary" in response.headers:
            response.vary.add("Cookie")
        elif session.accessed:
            response.headers["Vary"] = "Cookie"

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of cookies; None without a key."""
        if app.secret_key not in self._signers:
            self._signers[app.secret_key] = super().get_signing_serializer(app)
        return self._signers[app.secret_key]


class SafeAnswers:
    """WSGI in WSGI: every answer says `HEADERS`, but what a view has said itself.

    Outside of Flask, where an answer is a plain list: this runs for every one of them.
    """

    def __init__(self, app: WSGIApplication, *, is_https: bool) -> None:
        self._app = app
        self._always = [(name.lower(), (name, value)) for name, value in (HEADERS_OF_HTTPS if is_https else HEADERS)]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            said = {name.lower() for name, _ in headers}
            return start_response(status, headers + [pair for name, pair in self._always if name not in said], error)

        return self._app(environ, start)


def init_security(app: Flask, settings: Settings) -> None:
    """Refuse foreign POSTs and say the headers."""
    app.request_class = CleanRequest
    app.session_interface = Cookies()
    prefix = "__Host-" if settings.is_https else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=f"{prefix}lms",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # else files that caches may share would carry somebody's cookie
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        WTF_CSRF_ENABLED=False,  # this module decides, in one place
    )
    app.before_request(_refuse_odd_addresses)
    app.before_request(_refuse_foreign_posts)
    app.wsgi_app = SafeAnswers(app.wsgi_app, is_https=settings.is_https)  # type: ignore[method-assign]


def exempt_from_origin_check(view: View) -> View:
    """Mark a view that proves its caller by other means (a signature, a bearer token)."""
    view.proves_its_caller = True
    return view


def _refuse_odd_addresses() -> None:
    query = request.query_string
    if "\0" in request.path or b"\0" in query or b"%00" in query:
        raise BadRequest("nul")


def _refuse_foreign_posts() -> Response | None:
    endpoint = None if request.method in SAFE else request.endpoint
    if endpoint is None:
        return None
    if getattr(current_app.view_functions[endpoint], "proves_its_caller", False):
        return None
    verdict = _is_ours()
    if verdict is False:
        abort(403, "foreign")
    if verdict is None and not _has_token():
        page = make_response(render_template("web/send_again.html", token=generate_csrf(), field=TOKEN_FIELD), 409)
        page.headers["Cache-Control"] = "private, no-store"  # it repeats what was typed, passwords too
        return page
    return None


def _is_ours() -> bool | None:
    """Whether the browser says that a page of ours sent this; None if it says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if not said:
        return None
    try:
        parts = urlsplit(said)
    except ValueError:  # such as `http://[`
        return False
    own = {request.host_url.rstrip("/"), current_app.config["LMS"].url.rstrip("/")}
    return f"{parts.scheme}://{parts.netloc}" in own


def _has_token() -> bool:
    try:
        validate_csrf(request.form.get(TOKEN_FIELD))
    except ValidationError:
        return False
    return True
