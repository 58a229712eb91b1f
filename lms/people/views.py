"""Account pages: sign in, sign up, sign-in links, passwords, languages, sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user, logout_user

from lms import jobs
from lms.clock import now
from lms.people import actions, queries
from lms.people.forms import AccountForm, LinkForm, PasswordForm, SignInForm, SignUpForm
from lms.people.latin import in_latin_letters
from lms.people.needs import needs
from lms.people.rules import Right, is_email
from lms.people.session import GUEST, LASTS, SignedIn, digest, guest_actor, open_session
from lms.web.language import COOKIE, _, language, languages
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from wtforms import Field

    from lms.people.models import Person

bp = Blueprint("people", __name__)
HOUR = 3600
# Browsers drop tabs and line ends and read `\` as `/`, so none of them may stand in a path that we send somebody to.
OUR_PATH = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]*")
BY_LINK = "by_link"


def next_page() -> str:
    """Where to go after signing in: a path of ours, never another site."""
    target = request.values.get("next", "")
    return target if OUR_PATH.fullmatch(target) else url_for("learning.my_learning")


def begin_session(person: Person, *, is_shared: bool = False) -> None:
    """Sign this browser in; what its guest has answered becomes the person's."""
    if person.is_demo and not current_app.config["LMS"].demo:
        abort(403)  # everybody knows the password of made-up people
    db = writing()
    guest = guest_actor()
    if guest is not None and guest != person.id:
        for adopt in current_app.extensions["lms_adopters"]:
            adopt(db, guest, person.id)
    if GUEST in session:
        actions.end_session(db, digest(session.pop(GUEST)))
    if current_user.is_authenticated:
        actions.end_session(db, digest(current_user.token))
    session.pop(BY_LINK, None)
    token = open_session(db, person.id, is_shared=is_shared)
    actions.record(db, "signed-in", person.id, person.id)
    session.permanent = not is_shared
    login_user(SignedIn(token, 0, person.id, person.name, person.language))


@bp.app_template_global()
def demo_logins() -> str:
    """Whom to sign in as in a demonstration."""
    return ", ".join(queries.demo_logins(reading()))


@bp.get("/sign-in")
@needs(Right.ANYONE)
def sign_in() -> ResponseReturnValue:
    """Both doors: sign in, or begin."""
    if current_user.is_authenticated:
        return redirect(next_page(), 303)
    return render_template(
        "people/sign_in.html", form=SignInForm(), new=SignUpForm(), next=request.args.get("next", "")
    )


@bp.post("/sign-in")
@needs(Right.ANYONE)
def sign_in_post() -> ResponseReturnValue:
    """Check name and password."""
    form = SignInForm()
    if form.validate():
        _slow_down("sign-in", form.login.data or "", limit=10)
        claimants = queries.claimants(reading(), form.login.data or "")
        person = actions.whose_password(claimants, form.password.data or "")
        if person is not None:
            begin_session(person, is_shared=form.shared.data)
            return _with_language(redirect(next_page(), 303), person.language)
        form.password.errors = [
            _("Name and password do not match. The name is kept; check the keyboard's language and try again.")
        ]
    page = render_template(
        "people/sign_in.html", form=form, new=SignUpForm(formdata=None), next=request.form.get("next", "")
    )
    return page, 422


@bp.post("/sign-up")
@needs(Right.ANYONE)
def sign_up() -> ResponseReturnValue:
    """Make an account and go on where the visitor was."""
    form = SignUpForm()
    if form.validate():
        _slow_down("sign-up", "", limit=60)
        _slow_down_letters(form.login.data or "")
        guest = guest_actor()
        new = actions.NewPerson(form.name.data or "", form.login.data or "", "", language())
        password_hash = actions.hash_password(form.password.data or "")
        try:
            person = actions.sign_up(writing(), new, password_hash, guest=guest)
        except actions.NameTaken:
            form.login.errors = [_("Somebody has this user name. Add a number or your town.")]
        else:
            if person.email:
                jobs.enqueue(writing(), "letter", {"kind": "welcome", "person": person.id})
            begin_session(person)
            flash(_("Welcome, %(name)s. Everything you do is kept from now on.", name=person.name))
            return redirect(next_page(), 303)
    page = render_template(
        "people/sign_in.html", form=SignInForm(formdata=None), new=form, next=request.form.get("next", "")
    )
    return page, 422


@bp.post("/sign-out")
@needs(Right.ANYONE)
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    if current_user.is_authenticated:
        actions.end_session(writing(), digest(current_user.token))
        logout_user()
    session.clear()
    flash(_("You are signed out. Your answers are kept."))
    return redirect(url_for("learning.home"), 303)


@bp.get("/sign-in/link")
@needs(Right.ANYONE)
def ask_link() -> ResponseReturnValue:
    """Ask for a link by mail, to sign in without a password or to choose a new one."""
    return render_template("people/ask_link.html", form=LinkForm(), sent=False)


@bp.post("/sign-in/link")
@needs(Right.ANYONE)
def ask_link_post() -> ResponseReturnValue:
    """Send the link, if the address has an account; the page says the same either way."""
    form = LinkForm()
    if not form.validate():
        return render_template("people/ask_link.html", form=form, sent=False), 422
    _slow_down_letters(form.email.data or "")
    person = queries.by_login(reading(), form.email.data or "")
    if person is not None:
        jobs.enqueue(writing(), "letter", {"kind": "sign_in_link", "person": person.id})
    return render_template("people/ask_link.html", form=form, sent=True)


@bp.get("/sign-in/link/<token>")
@needs(Right.ANYONE)
def open_link(token: str) -> ResponseReturnValue:
    """The page behind a mailed link: its button signs in, opening it does nothing."""
    return render_template("people/open_link.html", token=token, spent=False)


@bp.post("/sign-in/link/<token>")
@needs(Right.ANYONE)
def use_link(token: str) -> ResponseReturnValue:
    """Spend the link and sign in."""
    try:
        already = current_user.actor if current_user.is_authenticated else None
        person, _purpose = actions.use_link(writing(), token, already=already)
    except actions.LinkSpent:
        return render_template("people/open_link.html", token=token, spent=True), 410
    for claim in current_app.extensions["lms_claims"]:
        if claim(writing(), person):
            flash(_("Your coordinator’s register has this address; its entry is now part of your account."))
    begin_session(person)
    session[BY_LINK] = now().timestamp()
    flash(_("You are signed in, and your e-mail address is confirmed."))
    target = url_for("learning.my_learning") if person.password_hash else url_for("people.account", _anchor="password")
    return _with_language(redirect(target, 303), person.language)


@bp.get("/account")
@needs(Right.LEARN)
def account() -> ResponseReturnValue:
    """Name, address, language, password, and where one is signed in."""
    person = _me()
    form = AccountForm(obj=person)
    form.latin_name.data = person.latin_name or in_latin_letters(person.name, person.language)
    return _account_page(form, PasswordForm(formdata=None))


@bp.post("/account")
@needs(Right.LEARN)
def change_account() -> ResponseReturnValue:
    """Save what was corrected."""
    form = AccountForm()
    is_new = (form.email.data or "").casefold() != _me().email
    if not form.validate() or (is_new and not proves_to_be_me(form.current)):
        return _account_page(form, PasswordForm(formdata=None)), 422
    if is_new:
        _slow_down_letters(form.email.data or "")
    db = writing()
    person = _me(db)
    actions.change_person(
        db,
        person,
        name=form.name.data or "",
        latin_name=form.latin_name.data or "",
        language=form.language.data,
        email=form.email.data or "",
    )
    if person.email and is_new:
        jobs.enqueue(db, "letter", {"kind": "welcome", "person": person.id})
    flash(_("Saved."))
    return _with_language(redirect(url_for("people.account"), 303), form.language.data)


@bp.post("/account/email")
@needs(Right.LEARN)
def confirm_email() -> ResponseReturnValue:
    """Send the letter that confirms the address once more."""
    person = _me()
    _slow_down("confirm", str(person.id), limit=5)
    if person.email and not person.proved_email:
        jobs.enqueue(writing(), "letter", {"kind": "welcome", "person": person.id})
        flash(_("A letter is on its way to %(email)s.", email=person.email))
    return redirect(url_for("people.account"), 303)


@bp.post("/account/password")
@needs(Right.LEARN)
def change_password() -> ResponseReturnValue:
    """Choose a new password; every other browser is signed out."""
    form = PasswordForm()
    if not form.validate() or not proves_to_be_me(form.current):
        return _account_page(AccountForm(formdata=None, obj=_me()), form), 422
    password_hash = actions.hash_password(form.password.data or "")
    db = writing()
    actions.set_password(db, _me(db), password_hash, but=current_user.session_id)
    flash(_("The new password is saved. Other devices are signed out."))
    return redirect(url_for("people.account"), 303)


@bp.post("/account/sessions/end")
@needs(Right.LEARN)
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere else."""
    actions.end_all_sessions(writing(), current_user.actor, but=current_user.session_id)
    flash(_("All other devices are signed out."))
    return redirect(url_for("people.account"), 303)


@bp.post("/language")
@needs(Right.ANYONE)
def choose_language() -> ResponseReturnValue:
    """Show the pages in another language from now on."""
    chosen = request.form.get("language", "")
    if chosen not in languages():
        abort(400)
    if current_user.is_authenticated:
        _me(writing()).language = chosen
    return _with_language(redirect(next_page() if request.form.get("next") else url_for("learning.home"), 303), chosen)


def _with_language(answer: ResponseReturnValue, tag: str) -> Response:
    response = make_response(answer)
    if tag in languages():
        secure = current_app.config["LMS"].is_https
        response.set_cookie(
            COOKIE, tag, max_age=int(LASTS.total_seconds()) * 12, samesite="Lax", secure=secure, httponly=True
        )
    return response


def _me(db: Any = None) -> Person:
    person = queries.person(db or reading(), current_user.actor)
    if person is None:
        abort(403)
    return person


def has_come_by_link() -> bool:
    """Whether this browser was signed in by a mailed link some minutes ago: who forgot the password chooses one."""
    since: float = session.get(BY_LINK, 0.0)
    return now().timestamp() - since < actions.LINK_LASTS.total_seconds()


def proves_to_be_me(field: Field) -> bool:
    """Whether the present password was given where it is asked for; else the field says what to do."""
    if has_come_by_link():
        return True
    _slow_down("present password", str(current_user.actor), limit=10)
    if actions.password_fits(_me(), field.data or ""):
        return True
    field.errors = [_("This is not your present password. If you forgot it, sign out and ask for a link to sign in.")]
    return False


def _account_page(form: AccountForm, password: PasswordForm) -> str:
    return render_template(
        "people/account.html",
        form=form,
        password=password,
        me=_me(),
        computed_latin=in_latin_letters(form.name.data or "", form.language.data or ""),
        asks_password=not has_come_by_link(),
        sessions=queries.open_sessions(reading(), current_user.actor, now()),
    )


def _slow_down_letters(login: str) -> None:
    """Nobody can make us write to one address without end."""
    if is_email(login):
        _slow_down("link", login, limit=5)


def _slow_down(what: str, key: str, *, limit: int) -> None:
    """Count a try by name and by address; too many in an hour answer 429."""
    address = request.remote_addr or ""
    try:
        actions.count_try(database(), f"{what} by address", address, limit=limit * 20, seconds=HOUR)
        if key:
            actions.count_try(database(), what, key.casefold(), limit=limit, seconds=HOUR)
    except actions.TooOften:
        abort(429)
