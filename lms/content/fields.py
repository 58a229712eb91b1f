"""Front matter read key by key: each value is understood or reported with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from lms.content.awards import read_certificate, read_prior_learning
from lms.content.frontmatter import Page
from lms.content.languages import language_tag
from lms.content.sources import Sources
from lms.content.structure import CertificateRules, CompletionRules, Json, PriorLearning

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*(minutes?|min|hours?|h)\.?")
LONGEST_ACTION = 100
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")


def read_share(value: Json) -> float | None:
    """A share, 0 to 1, from `80%`, `0.8` or `all`; None if it is none."""
    if isinstance(value, str):
        text = value.strip().lower()
        match = _SHARE.fullmatch(text)
        share = 1.0 if text == "all" else float(match[1]) / 100 if match else -1.0
    elif isinstance(value, int | float) and not isinstance(value, bool):
        share = float(value)
    else:
        return None
    return share if 0 <= share <= 1 else None


def read_minutes(value: Json) -> float | None:
    """Minutes from a number, `20 minutes` or `1 hour`; None if it is none of these."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value < 100_000 else None
    match = _MINUTES.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) and "," not in value else None
    return float(match[1]) * (60 if match[2].startswith("h") else 1)


class Fields:
    """The front matter of one file. Every getter returns a usable value and reports what it could not use."""

    def __init__(self, sources: Sources, path: str, page: Page) -> None:
        self._sources = sources
        self._path = path
        self._page = page
        self._values = page.values

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def line(self, *key: str | int) -> int:
        """The line of the file at which a key stands."""
        return self._page.line(*key)

    def wrong(self, key: str, fix: str, *, is_error: bool = False, place: tuple[str | int, ...] = ()) -> None:
        """Report a value that cannot be used."""
        report = self._sources.fail if is_error else self._sources.warn
        rule = "setting-wrong" if is_error else "setting-unclear"
        report(self._path, self.line(*(place or (key,))), rule, f"The value of `{key}` cannot be used.", fix)

    def text(self, key: str) -> str:
        """A line of text; numbers and truth values are taken as they are written."""
        value = self._values.get(key)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return " ".join(str(value).split())
        if not isinstance(value, Mapping) and hasattr(value, "isoformat"):
            return str(value.isoformat())  # a date in TOML
        self.wrong(key, f"Write one line of text after `{key}:`.")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text is a list of one."""
        value = self._values.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in items):
            return tuple(text for item in items if (text := " ".join(str(item).split())))
        self.wrong(key, f"Write a list of short texts, for example `{key}: [one, two]`.")
        return tuple(str(item) for item in items if isinstance(item, str))

    def flag(self, key: str) -> bool:
        """Yes or no; `yes`, `no`, `on` and `off` are understood as well."""
        value = self._values.get(key)
        if isinstance(value, str):
            value = {"yes": True, "on": True, "no": False, "off": False}.get(value.strip().lower(), value)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(key, "Write `yes` or `no`.")
        return False

    def minutes(self, key: str) -> float:
        """A time in minutes, 0 if it is left out."""
        value = self._values.get(key)
        found = 0.0 if value is None else read_minutes(value)
        if found is None:
            self.wrong(key, "Write a number of minutes, for example `minutes: 20`.")
        return found or 0.0

    def hours(self, key: str) -> float | None:
        """A number of hours above 0; None if it is left out."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10_000:
            return float(value)
        self.wrong(key, f"Write a number of academic hours, for example `{key}: 8`.", is_error=True)
        return None

    def language(self, key: str) -> str:
        """A language tag in canonical form; empty if it is left out or unknown."""
        value = self._values.get(key)
        tag = language_tag(value.strip()) if isinstance(value, str) else None
        if tag is None and value is not None:
            self.wrong(key, "Write a language tag such as `en`, `lv` or `pt-BR`.")
        return tag or ""

    def languages(self, key: str) -> tuple[str, ...]:
        """A list of language tags, without those that are unknown."""
        tags = [(text, language_tag(text)) for text in self.texts(key)]
        if any(tag is None for _, tag in tags):
            self.wrong(key, "Write language tags such as `[lv, ro]`.")
        return tuple(tag for _, tag in tags if tag)

    def outcomes(self) -> dict[str, str]:
        """The outcomes: id to text."""
        value = self._values.get("outcomes")
        if value is None:
            return {}
        if isinstance(value, dict):
            return {str(key): " ".join(str(text).split()) for key, text in value.items() if _is_scalar(text)}
        self.wrong("outcomes", "Give each outcome a short id: `use: Use public e-services`.")
        return {}

    def completion(self) -> CompletionRules:
        """What completes the course. Only what is listed must hold; with nothing given the default does."""
        value = self._values.get("complete")
        if value is None:
            return CompletionRules()
        if not isinstance(value, dict):
            fix = "List what completes the course, for example `lessons: all` and `exam: passed`."
            self.wrong("complete", fix, is_error=True)
            return CompletionRules()
        self.unknown(value, ("lessons", "quizzes", "exam", "attendance", "actions", "cascade"), "complete")
        return CompletionRules(
            lessons=self._share(value),
            quizzes=self._passed(value, "quizzes"),
            exam=self._passed(value, "exam"),
            attendance=self._count(value, "attendance", "Write the number of sessions that must be attended."),
            actions=self._actions(value),
            cascade=self._count(value, "cascade", "Write how many certified people must have been trained."),
        )

    def _share(self, value: Mapping[str, Json]) -> float:
        given = value.get("lessons", 0.0)
        share = read_share(given)
        if share is None:
            self.wrong(
                "lessons", "Write `all` or a percentage: `lessons: 80%`.", is_error=True, place=("complete", "lessons")
            )
        return 1.0 if share is None else share

    def _passed(self, value: Mapping[str, Json], key: str) -> bool:
        given = value.get(key)
        if given in ("passed", True, "yes"):
            return True
        if given not in (None, False, "no", "none"):
            self.wrong(key, f"Write `{key}: passed`, or leave the line out.", is_error=True, place=("complete", key))
            return True
        return False

    def _count(self, value: Mapping[str, Json], key: str, fix: str) -> int:
        given = value.get(key, 0)
        if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 1000:
            return given
        self.wrong(key, fix, is_error=True, place=("complete", key))
        return 0

    def _actions(self, value: Mapping[str, Json]) -> tuple[str, ...]:
        given = value.get("actions") or []
        items = list(given) if isinstance(given, list | dict) else [given]
        if all(isinstance(item, str) and 0 < len(item) <= LONGEST_ACTION for item in items):
            return tuple(items)
        fix = "Write short names, for example `actions: [channel]`, or with a title: `actions: {channel: Follow it}`."
        self.wrong("actions", fix, is_error=True, place=("complete", "actions"))
        return ()

    def action_titles(self) -> dict[str, str]:
        """What the outside actions are called, by name; only those that are given a title."""
        rules = self._values.get("complete")
        given = rules.get("actions") if isinstance(rules, dict) else None
        if not isinstance(given, dict):
            return {}
        return {str(key): " ".join(str(text).split()) for key, text in given.items() if text and _is_scalar(text)}

    def certificate(self, course_title: str) -> CertificateRules | None:
        """What the course earns; None if it earns nothing."""
        return read_certificate(self, self._values.get("certificate"), course_title)

    def prior_learning(self) -> PriorLearning | None:
        """What is asked of who knows the course already; None if it has to be taken."""
        return read_prior_learning(self, self._values.get("prior_learning"))

    def unknown(self, values: Mapping[str, Json], known: Collection[str], inside: str = "") -> None:
        """Mention the keys that mean nothing here, with the known key that is most like each."""
        for key in values:
            if key in known:
                continue
            near = get_close_matches(str(key).lower(), known, 1, 0.75)
            message = f"`{key}` is not a setting that is known here; it has no effect."
            fix = f"Did you mean `{near[0]}`?" if near else "Take it out, or leave it for other programs."
            place = (inside, str(key)) if inside else (str(key),)
            self._sources.note(self._path, self.line(*place), "setting-unknown", message, fix)


def _is_scalar(value: Json) -> bool:
    return value is None or isinstance(value, str | int | float)
