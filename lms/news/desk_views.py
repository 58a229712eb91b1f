"""The desks on which announcements are written: of coordinators for their units, of trainers for their courses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content import queries as content
from lms.integrations.channels import channels
from lms.markdown import render_block
from lms.news import actions, desk_queries, forms, rules
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, language, languages, today
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from lms.news.desk_queries import Reach, Told
    from lms.news.forms import Written

bp = Blueprint("announcing", __name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who announces: the right that opens the pages, where they lie, what their endpoints are called."""

    name: str
    right: Right
    path: str

    @property
    def is_bound(self) -> bool:
        """Whether each announcement is for a unit of the author's; else for the certified of a course."""
        return self.name == desk_queries.UNITS

    def endpoint(self, page: str) -> str:
        """The endpoint of one of the pages."""
        return f"announcing.{self.name}_{page}"


COORDINATORS = Desk(desk_queries.UNITS, Right.COORDINATE, "/coordination/news")
TRAINERS = Desk(desk_queries.TRAINERS, Right.AUTHOR, "/authoring/news")


def home(desk: Desk) -> ResponseReturnValue:
    """What was announced, the newest first."""
    page = desk_queries.told_page(reading(), current_user.actor, desk.name, place_in_list())
    return render_template("news/desk.html", desk=desk, page=page, today=today(), **_words())


def new(desk: Desk) -> ResponseReturnValue:
    """An empty form."""
    return _form_page(desk, _read({"unit": request.args.get("unit", "")}, desk), is_fresh=True)


def send(desk: Desk) -> ResponseReturnValue:
    """Show whom it reaches and how it looks; once this was seen, announce it. Sent twice, it is announced once."""
    written, key = _read(request.form, desk), client_id("client_id")
    if written.problems:
        return _form_page(desk, written, key=key), 422
    if request.form.get("step") != "send" or request.form.get("seen") != written.seen:
        return _form_page(desk, written, key=key, is_looked=True)
    made = actions.NewAnnouncement(
        key,
        desk.name,
        written.audience,
        written.texts,
        rules.source_of(list(written.texts), language()),
        written.starts_on,
        is_urgent=written.is_urgent,
        asks_confirm=written.asks_confirm,
        channel=written.channel,
    )
    db, me = writing(), current_user.actor
    actions.announce(db, made, by=me)
    row = desk_queries.told_by_client(db, me, key)
    if row is None:
        abort(404)  # somebody else's form had this id: nothing of theirs is shown
    flash(_("Announced.") if row.starts_on <= today() else _("Kept. It is shown on the day that you chose."))
    return redirect(url_for(desk.endpoint("one"), announcement_id=row.id), 303)


def one(desk: Desk, announcement_id: int) -> ResponseReturnValue:
    """An announcement, and what became of it."""
    told = _told(desk, announcement_id)
    fate = desk_queries.fate(reading(), told, today())
    return render_template(
        "news/told.html", desk=desk, told=told, fate=fate, html=_rendered(told.row.texts), today=today(), **_words()
    )


def correcting(desk: Desk, announcement_id: int) -> ResponseReturnValue:
    """The words, to be corrected."""
    told = _told(desk, announcement_id)
    return render_template("news/correct.html", desk=desk, told=told, texts=told.row.texts, problems={})


def correct(desk: Desk, announcement_id: int) -> ResponseReturnValue:
    """Correct the words."""
    told = _told(desk, announcement_id)
    texts = forms.read_texts(request.form)
    problems = forms.problems_of(texts)
    if problems:
        return render_template("news/correct.html", desk=desk, told=told, texts=texts, problems=problems), 422
    said, source = _("Corrected. Readers see on which day."), rules.source_of(list(texts), language())
    return _done(desk, announcement_id, said, actions.correct, texts, source=source)


def withdraw(desk: Desk, announcement_id: int) -> ResponseReturnValue:
    """Take it back."""
    return _done(desk, announcement_id, _("Withdrawn. Nobody reads it any more."), actions.withdraw)


def ask_again(desk: Desk, announcement_id: int) -> ResponseReturnValue:
    """Write once more to whoever has not confirmed."""
    return _done(desk, announcement_id, _("They are written to once more."), actions.ask_again)


def missing(desk: Desk, announcement_id: int) -> ResponseReturnValue:
    """Who has not confirmed, by name; for coordinators only."""
    told = _told(desk, announcement_id)
    if not desk.is_bound or not told.row.asks_confirm or Right.SEE_PEOPLE not in current_user.rights:
        abort(404)
    people, page = desk_queries.missing(reading(), current_user.actor, told, today(), place_in_list())
    return render_template("news/missing.html", desk=desk, told=told, people=people, page=page, **_words())


def _done(desk: Desk, announcement_id: int, words: str, act: Any, *given: Any, **named: Any) -> ResponseReturnValue:
    """Do something to an announcement of this desk, and say so."""
    db = writing()
    told = desk_queries.told(db, current_user.actor, desk.name, announcement_id)
    if told is None:
        abort(404)
    try:
        act(db, told.row, *given, by=current_user.actor, **named)
    except actions.NotNow:
        give_up()
        flash(_("Nothing was changed: it stands so already, or it was withdrawn."), "refused")
    else:
        flash(words)
    return redirect(url_for(desk.endpoint("one"), announcement_id=announcement_id), 303)


def _told(desk: Desk, announcement_id: int) -> Told:
    found = desk_queries.told(reading(), current_user.actor, desk.name, announcement_id)
    if found is None:
        abort(404)
    return found


def _courses() -> dict[str, str]:
    """The courses on offer that certify, with their titles."""
    offered = [current.course for current in content.catalogue(reading())]
    certifying = [course for course in offered if course.certificate is not None]
    return {each.id: (each.pages.get(language()) or each.pages[each.language]).title for each in certifying}


def _ways() -> dict[str, str]:
    """The ways to reach people besides mail, with their words."""
    return {name: _(way.words) for name, way in channels(current_app.config["LMS"]).items() if name != "mail"}


def _read(form: Mapping[str, str], desk: Desk) -> Written:
    typed = " ".join(form.get("unit", "").split())[:200]
    unit = desk_queries.unit_named(reading(), current_user.actor, desk.name, typed) if typed else None
    known = {"courses": _courses(), "channels": _ways(), "is_bound": desk.is_bound}
    return forms.read_announcement(form, today(), unit, **known)  # type: ignore[arg-type]


def _form_page(desk: Desk, written: Written, *, key: str = "", is_looked: bool = False, is_fresh: bool = False) -> str:
    reach = desk_queries.reach(reading(), written.audience, today()) if is_looked else None
    return render_template(
        "news/new.html",
        desk=desk,
        written=written,
        problems={} if is_fresh else written.problems,
        key=key,
        reach=reach,
        html=_rendered(written.whole) if is_looked else {},
        without=_without(written, reach) if reach else "",
        units=desk_queries.units_to_choose(reading(), current_user.actor, desk.name),
        ways=_ways(),
        today=today(),
        **_words(),
    )


def _without(written: Written, reach: Reach) -> str:
    """In which languages that they read nothing is written."""
    return forms.missing_languages(written.texts, [tag for tag in reach.languages if tag in languages()])


def _rendered(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {tag: render_block(words["text"], language=tag) for tag, words in texts.items()}


def _words() -> dict[str, Any]:
    return {"courses": _courses(), "roles": forms.ROLES, "words_in": rules.words_in}


PAGES: tuple[tuple[str, str, str, Any], ...] = (
    ("GET", "", "home", home),
    ("GET", "/new", "new", new),
    ("POST", "/new", "send", send),
    ("GET", "/<int:announcement_id>", "one", one),
    ("GET", "/<int:announcement_id>/correct", "correcting", correcting),
    ("POST", "/<int:announcement_id>/correct", "correct", correct),
    ("POST", "/<int:announcement_id>/withdraw", "withdraw", withdraw),
    ("POST", "/<int:announcement_id>/again", "ask_again", ask_again),
    ("GET", "/<int:announcement_id>/missing", "missing", missing),
)
for _desk in (COORDINATORS, TRAINERS):
    for _method, _path, _page, _view in PAGES:
        if _page != "missing" or _desk.is_bound:  # trainers see no names
            bp.add_url_rule(
                _desk.path + _path,
                endpoint=f"{_desk.name}_{_page}",
                view_func=needs(_desk.right)(partial(_view, _desk)),
                methods=[_method],
            )
