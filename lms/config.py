"""Every setting: its name, what it means, where it comes from.

A setting is read from the environment (`LMS_` and its name in capitals), else from the TOML file (`LMS_CONFIG`, or
`lms.toml` in the data folder), else it has the default below. A bad one stops the start with a sentence naming it.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = Path("var")
DEVELOPMENT_KEY = "for-development-only"


class BadSetting(ValueError):
    """A setting is missing or cannot be understood; the message names it and says what to do."""


def _setting(default: Any, doc: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"doc": doc, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings in force. `docs/settings.md` is made from these lines."""

    home: Path = _setting(HOME, "Data folder: database, uploads, outbox, lms.toml.")
    url: str = _setting("http://127.0.0.1:8000", "Public address. Links in mail and certificates begin with it.")
    database_url: str = _setting("", "SQLAlchemy address of the database; empty: SQLite in the data folder.")
    host: str = _setting("127.0.0.1", "Address on which the server listens.")
    port: int = _setting(8000, "Port on which the server listens.")
    secret_key: str = _setting("", "Signs cookies. At least 32 characters; keep it secret.", secret=True)
    site_name: str = _setting("Handrail", "Name of the platform, shown in the head and in mail.")
    issuer: str = _setting("Handrail", "Who issues certificates when a course names nobody.")
    packs: tuple[str, ...] = _setting((), "Folders of courses, besides the shipped pack; separated by `:`.")
    shipped_pack: bool = _setting(True, "Whether the courses that come with the program are offered.")
    plugins: tuple[str, ...] = _setting((), "Installed plugins to enable, separated by `:`.")
    language: str = _setting("en", "Language of the site for people whose browser asks for none we have.")
    time_zone: str = _setting("UTC", "Time zone in which dates and times are shown, for example Europe/Riga.")
    smtp_url: str = _setting("", "Mail server: smtp://user:password@host:587; empty: mails go to outbox/.", secret=True)
    mail_from: str = _setting("Handrail <no-reply@localhost>", "Sender of mails.")
    proxies: int = _setting(0, "How many reverse proxies stand before the server (X-Forwarded-For is trusted so far).")
    workers: int = _setting(2, "Server processes.")
    log: str = _setting("", "File for logs, one JSON object a line; empty: standard error.")
    demo: bool = _setting(False, "Whether this is a demonstration with made-up people. Never in production.")
    metrics_token: str = _setting("", "Whoever presents it as a bearer token may read /metrics.", secret=True)

    @property
    def database(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{self.home / 'lms.db'}"

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS, so that cookies can insist on it."""
        return self.url.startswith("https://")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment and the TOML file. Raises `BadSetting`."""
    environ = os.environ if environ is None else environ
    given = _from_file(environ)
    given |= {name.removeprefix("LMS_").lower(): value for name, value in environ.items() if name.startswith("LMS_")}
    fields = {item.name: item for item in dataclasses.fields(Settings)}
    values = {name: _understand(fields[name], value) for name, value in given.items() if name in fields}
    settings = Settings(**values)
    _check(settings)
    return settings


def _from_file(environ: Mapping[str, str]) -> dict[str, Any]:
    home = Path(environ.get("LMS_HOME", "var"))
    path = Path(environ.get("LMS_CONFIG", home / "lms.toml"))
    if not path.exists():
        if "LMS_CONFIG" in environ:
            raise BadSetting(f"LMS_CONFIG names {path}, but there is no such file.")
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is not valid TOML: {error}.") from error
    known = {item.name for item in dataclasses.fields(Settings)}
    for name in values:
        if name not in known:
            raise BadSetting(f"{path} has the setting {name}, which does not exist. docs/settings.md lists them.")
    return values


def _understand(item: dataclasses.Field[Any], value: Any) -> Any:
    default, name = item.default, f"LMS_{item.name.upper()}"
    if isinstance(default, bool):
        if value in {True, "1", "true", "yes", "on"}:
            return True
        if value in {False, "0", "false", "no", "off", ""}:
            return False
        raise BadSetting(f"{name} is {value!r}; it takes yes or no.")
    if isinstance(default, int):
        try:
            return int(value)
        except (TypeError, ValueError):
            raise BadSetting(f"{name} is {value!r}; it takes a whole number.") from None
    if isinstance(default, tuple):
        return tuple(value) if isinstance(value, list) else tuple(part for part in str(value).split(":") if part)
    return Path(value) if isinstance(default, Path) else str(value)


def _check(settings: Settings) -> None:
    if urlsplit(settings.url).scheme not in {"http", "https"}:
        raise BadSetting(f"LMS_URL is {settings.url!r}; it must begin with http:// or https://.")
    if not 0 < settings.port < 65536:
        raise BadSetting(f"LMS_PORT is {settings.port}; a port lies between 1 and 65535.")
    if settings.demo:
        return
    if settings.secret_key in {"", DEVELOPMENT_KEY}:
        raise BadSetting(
            "LMS_SECRET_KEY is not set. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if len(settings.secret_key) < 32:
        raise BadSetting("LMS_SECRET_KEY is shorter than 32 characters. Make a longer one, at random.")
