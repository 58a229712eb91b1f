"""Every setting: its name, what it means, where it comes from.

A setting is read from the environment (`LMS_` and its name in capitals), else from the TOML file (`LMS_CONFIG`, or
`lms.toml` in the data folder), else it has the default below. A bad one stops the start with a sentence naming it.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lms.remotes import BadRemote, read_remote, read_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOME = Path("var")
DEVELOPMENT_KEY = "for-development-only"
SHORTEST_KEY = 32
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class BadSetting(ValueError):
    """A setting is missing or cannot be understood; the message names it and says what to do."""


class Lines(tuple[str, ...]):
    """Several texts in which a colon may stand; in the environment spaces part them."""

    __slots__ = ()


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
    packs: tuple[str, ...] = _setting((), "Folders of courses, besides the shipped pack; separated by `:`.")
    repositories: tuple[str, ...] = _setting(
        Lines(), "Git repositories of packs, each NAME=ADDRESS; separated by spaces."
    )
    git_tokens: tuple[str, ...] = _setting(
        Lines(),
        "Opens private repositories over https, each ADDRESS=USER:TOKEN; separated by spaces.",
        secret=True,
    )
    pull_minutes: int = _setting(0, "Minutes between two looks for new commits; 0: only when somebody asks for it.")
    shipped_pack: bool = _setting(True, "Whether the courses that come with the program are offered.")
    plugins: tuple[str, ...] = _setting((), "Installed plugins to enable, separated by `:`.")
    language: str = _setting("en", "Language of the site for people whose browser asks for none we have.")
    time_zone: str = _setting("UTC", "Time zone in which dates and times are shown, for example Europe/Riga.")
    smtp_url: str = _setting(
        "", "Mail server: smtp://user:password@host:587, or smtps://; empty: mails go to outbox/.", secret=True
    )
    mail_from: str = _setting("Handrail <no-reply@localhost>", "Sender of mails.")
    proxies: int = _setting(0, "How many reverse proxies stand before the server (X-Forwarded-For is trusted so far).")
    workers: int = _setting(2, "Server processes.")
    log: str = _setting("", "File for logs, one JSON object a line; empty: standard error.")
    import_days: int = _setting(30, "Days after which a register that was sent, and what came of its rows, is deleted.")
    evidence_days: int = _setting(
        180, "Days after a decision about earlier learning after which the evidence is deleted."
    )
    contact_days: int = _setting(
        30, "Days after the end of a request for help after which the asker's contact and words are deleted."
    )
    consultant_hours: int = _setting(
        24, "Hours after which a request is suggested to the next consultant, and whoever took one is reminded."
    )
    print_days: int = _setting(14, "Days after which the files of print jobs are deleted, and the names kept for them.")
    demo: bool = _setting(False, "Whether this is a demonstration with made-up people. Never in production.")
    quiet_hours: str = _setting("21:00-08:00", "When nobody is reminded, in the site's time zone; empty: never quiet.")
    gateway_url: str = _setting(
        "", "Where messages for telephones go: a POST of JSON with id, to, text and language. Empty: no such channel."
    )
    gateway_token: str = _setting("", "Sent to the gateway as a bearer token.", secret=True)
    public_figures: bool = _setting(False, "Whether anybody may see rounded figures of the highest units at /figures.")
    actions_secret: str = _setting(
        "",
        "Signs what other systems report to /hooks/actions. At least 32 characters; empty: nothing is taken.",
        secret=True,
    )
    key_passphrase: str = _setting(
        "",
        "Opens the private keys that sign certificates. At least 32 characters; keep it secret and apart from backups. "
        "Empty: the file keys.passphrase in the data folder.",
        secret=True,
    )
    metrics_token: str = _setting("", "Whoever presents it as a bearer token may read /metrics.", secret=True)

    @property
    def database(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{self.home / 'lms.db'}"

    @property
    def outbox(self) -> Path:
        """Where letters lie that no mail server took."""
        return self.home / "outbox"

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS, so that cookies can insist on it."""
        return self.url.startswith("https://")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment and the TOML file. Raises `BadSetting`."""
    environ = os.environ if environ is None else environ
    fields = {item.name: item for item in dataclasses.fields(Settings)}
    _refuse_misspelt(environ, fields)
    path, in_file = _from_file(environ)
    given = {name: (f"{name} in {path}", value) for name, value in in_file.items()}
    given |= {name: (key, environ[key]) for name in fields if (key := f"LMS_{name.upper()}") in environ}
    settings = Settings(**{name: _understand(fields[name], *given[name]) for name in given})
    _check(settings, {name: source for name, (source, _) in given.items()})
    return settings


def _refuse_misspelt(environ: Mapping[str, str], fields: Mapping[str, Any]) -> None:
    """A misspelt setting would leave the default in force, and nobody would know."""
    known = {*(f"LMS_{name.upper()}" for name in fields), "LMS_CONFIG"}
    for name in environ:
        if name.startswith("LMS_") and name not in known and (near := get_close_matches(name, known, 1, 0.85)):
            raise BadSetting(f"{name} is no setting. {near[0]} is one.")


def _from_file(environ: Mapping[str, str]) -> tuple[Path, dict[str, Any]]:
    home = Path(environ.get("LMS_HOME", HOME))
    path = Path(environ.get("LMS_CONFIG", home / "lms.toml"))
    if not path.exists():
        if "LMS_CONFIG" in environ:
            raise BadSetting(f"LMS_CONFIG names {path}, but there is no such file.")
        return path, {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}.") from error
    known = {item.name for item in dataclasses.fields(Settings)}
    for name in values:
        if name not in known:
            raise BadSetting(f"{path} has the setting {name}, which does not exist. docs/settings.md lists them.")
    return path, values


def _understand(item: dataclasses.Field[Any], source: str, value: Any) -> Any:
    """A value as its setting's type. `source` says where the value stands, for the message of `BadSetting`."""
    for kind, understand in _UNDERSTAND.items():
        if isinstance(item.default, kind):
            return understand(source, value)
    raise TypeError(f"no setting has a {type(item.default).__name__}")


def _yes_or_no(source: str, value: Any) -> bool:
    plain = value.strip().casefold() if isinstance(value, str) else value
    if plain is True or plain in ("1", "true", "yes", "on"):
        return True
    if plain is False or plain in ("0", "false", "no", "off", ""):
        return False
    raise BadSetting(f"{source} is {value!r}; it takes yes or no.")


def _whole_number(source: str, value: Any) -> int:
    if isinstance(value, str | int) and not isinstance(value, bool):
        with suppress(ValueError):
            return int(value)
    raise BadSetting(f"{source} is {value!r}; it takes a whole number.")


def _several(source: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part for part in value.split(":") if part)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise BadSetting(f"{source} is {value!r}; it takes a list of texts.")


def _lines(source: str, value: Any) -> Lines:
    return Lines(value.split() if isinstance(value, str) else _several(source, value))


def _text(source: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadSetting(f"{source} takes a text in quotes.")
    if not value.isprintable():
        raise BadSetting(f"{source} takes one line of text; it has a line break or another invisible character.")
    return value


_UNDERSTAND: dict[type, Callable[[str, Any], Any]] = {
    bool: _yes_or_no,  # before int, which it is a kind of
    int: _whole_number,
    Lines: _lines,  # before tuple, which it is a kind of
    tuple: _several,
    Path: lambda source, value: Path(_text(source, value)),
    str: _text,
}


def _check(settings: Settings, sources: Mapping[str, str]) -> None:
    for name, look in _CHECKS.items():
        wrong = look(getattr(settings, name))
        if wrong:
            item = next(item for item in dataclasses.fields(settings) if item.name == name)
            # addresses may hold a password
            is_secret = item.metadata["secret"] or name in ("database_url", "repositories")
            shown = "" if is_secret else f" is {getattr(settings, name)!r}:"
            raise BadSetting(f"{sources.get(name, f'LMS_{name.upper()}')}{shown} {wrong}")
    if not settings.demo:
        wrong = _weak_key(settings.secret_key)
        if wrong:
            raise BadSetting(f"{sources.get('secret_key', 'LMS_SECRET_KEY')} {wrong}")


def _weak_key(key: str) -> str:
    if key in {"", DEVELOPMENT_KEY}:
        return "is not set. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if len(key) < SHORTEST_KEY:
        return f"is shorter than {SHORTEST_KEY} characters. Make a longer one, at random."
    return ""


def _wrong_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        return f"{error}."
    if parts.scheme not in {"http", "https"} or not host:
        return "it must begin with http:// or https:// and name a host."
    return "leave out what follows the path." if parts.query or parts.fragment else ""


def _wrong_quiet_hours(value: str) -> str:
    if not value or re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d-([01]?\d|2[0-3]):[0-5]\d", value):
        return ""
    return "it takes a span of time such as 21:00-08:00, or nothing."


def _wrong_database(value: str) -> str:
    if not value:
        return ""
    try:
        url = urlsplit(value)
        _port = url.port
    except ValueError as error:
        return f"is no address: {error}."
    if url.scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        return "must look like sqlite:////var/lib/handrail/lms.db or postgresql+psycopg://lms:password@localhost/lms."
    if url.scheme == "sqlite" and url.path in {"", "/", "/:memory:"}:
        return "names a database in memory, which keeps nothing. Name a file: sqlite:////var/lib/handrail/lms.db"
    return ""


def _wrong_smtp(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        return f"is no address: {error}."
    if value and (parts.scheme not in {"smtp", "smtps"} or not host):
        return "must look like smtp://user:password@host:587 or smtps://user:password@host:465."
    return ""


def _wrong_sender(value: str) -> str:
    user, _at, domain = parseaddr(value)[1].rpartition("@")
    return "" if user and domain else "it must look like Handrail <no-reply@example.org>."


def _wrong_secret(value: str) -> str:
    short = f"is shorter than {SHORTEST_KEY} characters. Make a longer one, at random."
    return short if 0 < len(value) < SHORTEST_KEY else ""


def _wrong_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "it must be a name like Europe/Riga or UTC."
    return ""


def _wrong_folders(folders: tuple[str, ...]) -> str:
    missing = [name for name in folders if not Path(name).is_dir()]
    return f"there is no folder {missing[0]}." if missing else ""


def _wrong_repositories(lines: tuple[str, ...]) -> str:
    try:
        names = [read_remote(line).name for line in lines]
    except BadRemote as problem:
        return str(problem)
    return "" if len(names) == len(set(names)) else "two repositories have the same name."


def _wrong_tokens(lines: tuple[str, ...]) -> str:
    try:
        for line in lines:
            read_token(line)
    except BadRemote as problem:
        return str(problem)
    return ""


_CHECKS: dict[str, Callable[[Any], str]] = {
    "home": lambda path: "it is a file." if path.is_file() else "",
    "url": _wrong_url,
    "database_url": _wrong_database,
    "host": lambda host: "" if host else "it must name an address, for example 127.0.0.1 or 0.0.0.0.",
    "port": lambda port: "" if 0 < port < 65536 else "a port lies between 1 and 65535.",
    "site_name": lambda name: "" if name.strip() else "the platform needs a name.",
    "packs": _wrong_folders,
    "repositories": _wrong_repositories,
    "git_tokens": _wrong_tokens,
    "pull_minutes": lambda count: "" if count >= 0 else "it cannot be less than 0.",
    "language": lambda tag: "" if LANGUAGE.fullmatch(tag) else "it must be a language's tag, for example en or lv.",
    "time_zone": _wrong_zone,
    "actions_secret": _wrong_secret,
    "key_passphrase": _wrong_secret,
    "smtp_url": _wrong_smtp,
    "quiet_hours": _wrong_quiet_hours,
    "gateway_url": lambda url: _wrong_url(url) if url else "",
    "mail_from": _wrong_sender,
    "proxies": lambda count: "" if count >= 0 else "it cannot be less than 0.",
    "print_days": lambda count: "" if count > 0 else "it must be at least 1.",
    "import_days": lambda count: "" if count > 0 else "it must be at least 1.",
    "workers": lambda count: "" if count > 0 else "it must be at least 1.",
    "log": lambda path: "" if not path or Path(path).resolve().parent.is_dir() else "its folder does not exist.",
}
