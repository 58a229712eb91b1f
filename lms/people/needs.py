"""The one place that decides who may open which page.

Each view says what it needs; a view that says nothing stops the start. Where a right has a scope (a coordinator's
units), the view's queries narrow by `visible_units`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import current_user

from lms.people.rules import Right
from lms.web.transaction import SAFE

if TYPE_CHECKING:
    from collections.abc import Callable

View = TypeVar("View", bound="Callable[..., Any]")
OPEN = frozenset({"static", "static_plain", "healthz", "metrics"})


class UndecidedRoute(RuntimeError):
    """A route does not say who may use it."""


def needs(right: Right) -> Callable[[View], View]:
    """Say which right a view needs."""

    def mark(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]
        return view

    return mark


def right_of(app: Flask, endpoint: str) -> Right:
    """The right that an endpoint needs. Raises `UndecidedRoute`."""
    if endpoint in OPEN:
        return Right.ANYONE
    right: Right | None = getattr(app.view_functions[endpoint], "right", None)
    if right is None:
        raise UndecidedRoute(f"{endpoint} does not say who may use it: add @needs(...)")
    return right


def init_needs(app: Flask) -> None:
    """Check that every route is decided, and decide before each request."""
    for rule in app.url_map.iter_rules():
        right_of(app, rule.endpoint)
    app.before_request(_decide)


def _decide() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    right = right_of(current_app, endpoint)
    if right is Right.ANYONE or right in current_user.rights:
        return None
    if current_user.is_authenticated:
        abort(403)
    target = request.full_path.rstrip("?") if request.method in SAFE else url_for("learning.home")
    return redirect(url_for("people.sign_in", next=target), 303)  # type: ignore[return-value]
