"""Which language a page speaks, and how it writes words, dates and numbers in it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.support import LazyProxy, NullTranslations, Translations
from flask import Flask, current_app, has_request_context, request
from jinja2 import pass_eval_context
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from lms.clock import now
from lms.config import BadSetting

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from jinja2.nodes import EvalContext

CATALOGUES = Path(__file__).parents[1] / "translations"
SOURCE = "en"
NAMES = {
    "en": "English",
    "lv": "Latviešu",
    "ro": "Română",
    "vi": "Tiếng Việt",
    "ka": "ქართული",
    "ru": "Русский",
    "tg": "Тоҷикӣ",
}
COOKIE = "lang"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@cache
def languages() -> tuple[str, ...]:
    """The languages that the screens can speak: the source's and each that has a catalogue."""
    return tuple(tag for tag in NAMES if tag == SOURCE or (CATALOGUES / tag / "LC_MESSAGES" / "lms.mo").exists())


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of one language; the source language has none of its own."""
    if language == SOURCE or language not in languages():
        return NullTranslations()
    return Translations.load(CATALOGUES, [language], "lms")


def language() -> str:
    """The language of this request (or of the block that `speaking` opened)."""
    spoken = _spoken.get()
    if spoken is None:
        if not has_request_context():
            return SOURCE  # and not kept: a request that this thread serves next chooses for itself
        spoken = _negotiate()
        _spoken.set(spoken)
    return spoken


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Use one language for a while, as for a letter written by the worker."""
    before = _spoken.set(tag if tag in languages() else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(before)


def _forget(_error: BaseException | None = None) -> None:
    """Let the next request in this thread choose for itself."""
    _spoken.set(None)


def _negotiate() -> str:
    cookies = request.cookies
    if COOKIE in cookies and cookies[COOKIE] in languages():
        return cookies[COOKIE]
    default = current_app.config["LMS"].language
    return _best(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""), languages(), default)


@lru_cache(maxsize=1024)
def _best(header: str, spoken: tuple[str, ...], default: str) -> str:
    """What a browser that says this reads best. Browsers say few different things, and on every request."""
    return parse_accept_header(header, LanguageAccept).best_match(spoken, default) or SOURCE


def _(message: str, /, **values: Any) -> str:
    """The message in the language of this request, with `%(name)s` filled in."""
    text = catalogue(language()).ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, /, **values: Any) -> str:
    """The message in the form that `num` needs; `%(num)s` is the number, written as the language writes it."""
    text = catalogue(language()).ungettext(one, many, num)
    return text % {"num": number(num), **values}


def lazy(message: str) -> str:
    """A message that is translated when it is shown, for forms and tables built at import. It behaves like a str."""
    return cast("str", LazyProxy(_, message, enable_cache=False))


def locale(tag: str | None = None) -> Locale:
    """Babel's locale of a language tag, by default the request's. English writes dates as most of its readers do."""
    return _locale(tag or language())


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse("en_GB" if tag == SOURCE else tag.replace("-", "_"))


def zone() -> ZoneInfo:
    """The time zone in which this site shows dates and times."""
    return ZoneInfo(current_app.config["LMS"].time_zone)


def today() -> date:
    """The day at this site."""
    return now().astimezone(zone()).date()


def show_date(value: date | datetime | str, form: str = "long") -> str:
    """A date as people of the language write it; with `month` as its form, its month and year.

    Text is an ISO 8601 date; any other text stays as it is.
    """
    day = _day(value)
    if day is None:
        return str(value)
    return _date(day, form, language())


@lru_cache(maxsize=4096)
def _date(day: date, form: str, tag: str) -> str:
    if form == "month":
        return str(format_skeleton("yMMMM", day, locale=_locale(tag)))
    return format_date(day, "d MMMM y" if tag == "tg" and form == "long" else form, locale=_locale(tag))


def _day(value: date | datetime | str) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(zone()).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def show_time(value: datetime, form: str = "short") -> str:
    """A time of day in the site's zone."""
    return _time(int(value.timestamp()), form, current_app.config["LMS"].time_zone, language())


@lru_cache(maxsize=256)
def _time(seconds: int, form: str, here: str, tag: str) -> str:
    return format_time(datetime.fromtimestamp(seconds, UTC), form, tzinfo=ZoneInfo(here), locale=_locale(tag))


def show_moment(value: datetime) -> str:
    """Date and time, in the site's zone."""
    return _("%(date)s, %(time)s", date=show_date(value), time=show_time(value))


def number(value: float, digits: int = 1) -> str:
    """A number with the language's separators; at most `digits` decimals."""
    return _number(value, digits, language())


@lru_cache(maxsize=4096)
def _number(value: float, digits: int, tag: str) -> str:
    return format_decimal(value, "#,##0." + "#" * digits if digits else "#,##0", locale=_locale(tag))


def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage, rounded down: 79.9 % is not 80 %."""
    return format_percent(int(share * 100 + 1e-9) / 100, locale=locale())


def percent_up(share: float) -> str:
    """A share as a percentage, rounded up: what lies between two shares stays between what is said of them."""
    return format_percent(ceil(share * 100 - 1e-9) / 100, locale=locale())


def minutes_in_words(minutes: float) -> str:
    """Working time, honest rather than exact: minutes up to 90, then half hours."""
    if minutes <= 90:
        whole = max(1, round(minutes))
        return ngettext("%(num)s minute", "%(num)s minutes", whole)
    return _("about %(hours)s hours", hours=number(round(minutes / 30) / 2))


def listing(items: Sequence[str]) -> str:
    """Items joined as the language joins them."""
    return format_list(list(items), locale=locale())


def language_name(tag: str) -> str:
    """A language's own name for itself; a tag that nobody knows, as an address may name one, stays as it is."""
    if tag in NAMES:
        return NAMES[tag]
    try:
        return Locale.parse(tag.replace("-", "_")).get_language_name(tag) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def spoken_in(texts: Container[str], own: str) -> str:
    """The `lang` attribute of a text that is shown in its own language, because it has none in the reader's."""
    return "" if language() in texts else Markup(' lang="{}"').format(own)


def init_language(app: Flask) -> None:
    """Give templates their words. Raises `BadSetting` if the site's own language has no catalogue."""
    chosen = app.config["LMS"].language
    if chosen not in languages():
        raise BadSetting(f"LMS_LANGUAGE is {chosen!r}: the screens speak {', '.join(languages())}.")
    app.before_request(_forget)
    app.teardown_request(_forget)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template, ngettext=_many_in_template)
    app.jinja_env.globals.update(
        show_date=show_date,
        show_time=show_time,
        show_moment=show_moment,
        number=number,
        percent=percent,
        percent_up=percent_up,
        minutes_in_words=minutes_in_words,
        listing=listing,
        language_name=language_name,
        languages=languages,
        current_language=language,
        spoken_in=spoken_in,
    )

    @app.after_request
    def _say_language(response: Any) -> Any:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = language()
            response.vary.add("Accept-Language")
            response.vary.add("Cookie")
        return response


@pass_eval_context
def _in_template(context: EvalContext, message: str, /, **values: Any) -> str:
    """As `_`; in HTML the values are escaped, the message is trusted."""
    text = catalogue(language()).ugettext(message)
    if context.autoescape:
        text = Markup(text)  # noqa: S704 - messages are ours and the translators'; values are escaped below
    return text % values if values else text


@pass_eval_context
def _many_in_template(context: EvalContext, one: str, many: str, num: float, /, **values: Any) -> str:
    """As `ngettext`. A fraction takes the form of the many."""
    text = catalogue(language()).ungettext(one, many, int(num) if num == int(num) else 2)
    if context.autoescape:
        text = Markup(text)  # noqa: S704 - as above
    return text % {"num": number(num), **values}
