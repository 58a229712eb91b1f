"""Who issues certificates: an operator reads and changes it, and sees the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.issuers import actions, keyring, pictures, queries
from lms.operation.issuer_forms import IssuerForm, LogoForm
from lms.people import actions as people
from lms.people.needs import needs
from lms.people.rules import Right
from lms.sealing import auditing
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.issuers.queries import IssuerProfile

bp = Blueprint("issuer_settings", __name__, url_prefix="/operation/issuers")
MOST_SENT = 4 * pictures.MOST_BYTES


@bp.get("")
@needs(Right.OPERATE)
def home() -> ResponseReturnValue:
    """All issuers, and a form for another one."""
    return _home(IssuerForm(formdata=None))


@bp.post("")
@needs(Right.OPERATE)
def add() -> ResponseReturnValue:
    """Add an issuer with keys of its own."""
    form = IssuerForm()
    if form.validate():
        db = writing()
        try:
            slug = actions.add(db, current_app.config["LMS"], _about(form))
        except actions.NameTaken:
            form.name.errors = [_taken()]
        except keyring.NoKey as problem:
            form.name.errors = [str(problem)]
        else:
            people.record(db, "issuer-added", current_user.actor, None, issuer=slug, name=form.name.data)
            flash(_("Added: %(name)s. It has keys of its own.", name=form.name.data))
            return redirect(url_for("issuer_settings.issuer", slug=slug), 303)
    return _home(form), 422


@bp.get("/<slug>")
@needs(Right.OPERATE)
def issuer(slug: str) -> ResponseReturnValue:
    """One issuer: names, logo, keys."""
    known = _known(slug)
    values = {name: getattr(known, name) for name in ("name", "url", "email", "country", "colour")}
    form = IssuerForm(formdata=None, co_issuers="\n".join(known.co_issuers), **values)
    return _page(known, form, LogoForm(formdata=None))


@bp.post("/<slug>")
@needs(Right.OPERATE)
def change(slug: str) -> ResponseReturnValue:
    """Change what is known of an issuer."""
    known, form = _known(slug), IssuerForm()
    if form.validate():
        db = writing()
        try:
            actions.change(db, slug, _about(form))
        except actions.NameTaken:
            form.name.errors = [_taken()]
        else:
            names = {"name": form.name.data, "before": known.name} if form.name.data != known.name else {}
            people.record(db, "issuer-changed", current_user.actor, None, issuer=slug, **names)
            flash(_("Saved. It holds for certificates issued from now on; those issued before stay as they are."))
            return redirect(url_for("issuer_settings.issuer", slug=slug), 303)
    return _page(known, form, LogoForm(formdata=None)), 422


@bp.post("/<slug>/logo")
@needs(Right.OPERATE)
def logo(slug: str) -> ResponseReturnValue:
    """Take another logo, or none."""
    request.max_content_length = MOST_SENT
    known, form = _known(slug), LogoForm()
    sent = form.file.data
    db = writing()
    try:
        actions.set_logo(db, slug, sent.read() if sent else b"")
    except pictures.BadLogo as problem:
        form.file.errors = [_refused(problem)]
        shown = IssuerForm(formdata=None, co_issuers="\n".join(known.co_issuers), obj=known)
        return _page(known, shown, form), 422
    people.record(db, "issuer-changed", current_user.actor, None, issuer=slug, logo="new" if sent else "none")
    flash(_("The logo is kept.") if sent else _("There is no logo any more. Papers issued with it keep it."))
    return redirect(url_for("issuer_settings.issuer", slug=slug), 303)


@bp.post("/-/audit")
@needs(Right.OPERATE)
def audit() -> ResponseReturnValue:
    """Have the worker look whether every certificate stands as it was sealed."""
    auditing.ask_now(writing())
    flash(_("Asked for. The worker looks at all certificates now; look here again in a minute or two."))
    return redirect(url_for("issuer_settings.home"), 303)


def _known(slug: str) -> IssuerProfile:
    known = queries.issuer(reading(), slug)
    if known is None:
        abort(404)
    return known


def _about(form: IssuerForm) -> actions.About:
    name, url, email, country, colour = (
        item.data or "" for item in (form.name, form.url, form.email, form.country, form.colour)
    )
    return actions.About(name, url, email, country, colour, form.others)


def _taken() -> str:
    return _("Another issuer has this name, or had it. What you typed is kept; choose another name.")


def _refused(problem: pictures.BadLogo) -> str:
    if problem.reason == "size":
        return _("This picture is too large: %(found)s. The old logo stays. Make it smaller.", found=problem.found)
    if problem.reason == "acts":
        return _(
            "This drawing does more than show: %(found)s. The old logo stays. Save it as plain SVG.",
            found=problem.found,
        )
    return _("This is no PNG and no SVG that can be read. The old logo stays.")


def _home(form: IssuerForm) -> str:
    db = reading()
    return render_template(
        "operation/issuers.html",
        issuers=queries.issuers(db),
        keys=queries.keys(db),
        form=form,
        last=auditing.last(current_app.config["LMS"]),
    )


def _page(known: IssuerProfile, form: IssuerForm, logo_form: LogoForm) -> str:
    keys = queries.keys(reading(), known.slug)
    return render_template("operation/issuer.html", issuer=known, form=form, logo_form=logo_form, keys=keys)
