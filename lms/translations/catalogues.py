"""The translators' catalogues: `python -m lms.translations.catalogues update` writes them, `check` looks them over.

`update` reads the sentences out of templates and code into `lms.pot`, brings each language's `lms.po` up to date with
it and compiles `lms.mo`. `update ro` begins a new language. The files hold no dates and no line numbers, so that they
change only when a sentence does. The running program reads the `.mo` files and never imports this module.
"""

from __future__ import annotations

import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEMPLATE = HERE / "lms.pot"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "lazy": None,
    "N_": None,
    "ngettext": (1, 2),
    "ungettext": (1, 2),
    "_plural": (1, 2),
    "_setting": (2,),  # what a setting means is shown on the operator's desk
}
# How many forms a noun beside a number has, and which one a number takes. Written by hand: what tables elsewhere say
# differs (Latvian 10 and 0, Georgian, Tajik), and the order of the forms in a catalogue depends on it.
PLURALS = {
    "lv": (3, "(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2)"),
    "ro": (3, "(n==1 ? 0 : n==0 || (n%100 >= 1 && n%100 <= 19) ? 1 : 2)"),
    "vi": (1, "0"),
    "ka": (1, "0"),
    "ru": (3, "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"),
    "tg": (1, "0"),
}
PLACES = re.compile(r"%%|%\(\w+\)[sd]|\{\w*\}|</?\w+>")


class _Stable(Catalog):
    """A catalogue whose head says the language, its plurals, and nothing that changes by itself."""

    def __init__(self, language: str | None) -> None:
        super().__init__(locale=language, header_comment="# The sentences of Handrail.", fuzzy=False)
        self._language = language
        if language:
            self._set_mime_headers([("Content-Type", "text/plain; charset=utf-8"), self._forms()])

    def _forms(self) -> tuple[str, str]:
        count, rule = PLURALS[self._language or ""]
        return ("Plural-Forms", f"nplurals={count}; plural={rule};")

    def _head(self) -> list[tuple[str, str]]:
        head = [
            ("Project-Id-Version", "Handrail"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]
        return [*head, ("Language", self._language), self._forms()] if self._language else head

    mime_headers = property(_head, Catalog._set_mime_headers)  # noqa: SLF001 - read anew, taken in as Babel does


def main(arguments: list[str]) -> int:
    """Do what the first argument says; 0, 1 if `check` found something, 2 if it was not understood."""
    match arguments:
        case ["update", *new]:
            return _update(new)
        case ["check"]:
            found = list(problems())
            print("\n".join(found) or "The catalogues are complete.")
            return 1 if found else 0
    print("Say update, update LANGUAGE or check.", file=sys.stderr)
    return 2


def extract() -> Catalog:
    """Every sentence of the program, as the settings in pyproject.toml say where to look."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    method_map = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    catalogue = _Stable(None)
    for folder in ("lms", "templates"):
        found = extract_from_dir(ROOT / folder, _below(method_map, folder), keywords=KEYWORDS)
        for name, _line, message, comments, context in found:
            catalogue.add(message, "", [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def _below(method_map: list[tuple[str, str]], folder: str) -> list[tuple[str, str]]:
    return [
        (pattern.removeprefix(f"{folder}/"), how) for pattern, how in method_map if pattern.startswith(f"{folder}/")
    ]


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(file.parents[1].name for file in HERE.glob("*/LC_MESSAGES/lms.po"))


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as its file has it; an empty one if there is no file."""
    made = _Stable(language)
    file = source(language)
    if file.exists():
        with file.open("rb") as lines:
            PoFileParser(made, ignore_obsolete=True, abort_invalid=True).parse(lines)
        made.header_comment = "# The sentences of Handrail."
        made.fuzzy = False
    return made


def source(language: str) -> Path:
    """Where a language's translations are written."""
    return HERE / language / "LC_MESSAGES" / "lms.po"


def as_text(messages: Catalog) -> bytes:
    """A catalogue as translators read it."""
    target = io.BytesIO()
    write_po(target, messages, width=110, include_lineno=False)
    return target.getvalue()


def compiled(messages: Catalog) -> bytes:
    """A catalogue as the program reads it."""
    target = io.BytesIO()
    write_mo(target, messages)
    return target.getvalue()


def _update(new: list[str]) -> int:
    template = extract()
    TEMPLATE.write_bytes(as_text(template))
    for language in sorted({*languages(), *new}):
        messages = catalogue(language)
        messages.update(template, no_fuzzy_matching=True, update_header_comment=False)
        messages.obsolete.clear()
        source(language).parent.mkdir(parents=True, exist_ok=True)
        source(language).write_bytes(as_text(messages))
        source(language).with_suffix(".mo").write_bytes(compiled(messages))
        missing = sum(1 for message in messages if message.id and not _is_translated(message))
        print(f"{language}: {len(messages)} messages, {missing} to translate")
    return 0


def problems() -> Iterator[str]:
    """What is wrong with the catalogues, one sentence each."""
    template = extract()
    if not TEMPLATE.exists() or TEMPLATE.read_bytes() != as_text(template):
        yield "lms.pot is not what the program says: run update"
    for language in languages():
        messages = catalogue(language)
        for message in template:
            if message.id:
                yield from _faults(language, message, messages.get(_key(message), message.context))
        compiled_file = source(language).with_suffix(".mo")
        if not compiled_file.exists() or compiled_file.read_bytes() != compiled(messages):
            yield f"{language}: lms.mo is older than lms.po: run update"


def _faults(language: str, wanted: Message, found: Message | None) -> Iterator[str]:
    words = _key(wanted)
    if found is None or not _is_translated(found):
        yield f"{language}: not translated: {words!r}"
        return
    if found.fuzzy:
        yield f"{language}: marked as fuzzy: {words!r}"
    asked = [_places(form) for form in (wanted.id if isinstance(wanted.id, (tuple, list)) else (wanted.id,))]
    for form in _forms(found):
        if _places(form) not in asked:
            yield f"{language}: other placeholders or tags than {words!r}: {form!r}"


def _key(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string),)


def _is_translated(message: Message) -> bool:
    return all(_forms(message))


def _places(text: str) -> list[str]:
    return sorted(PLACES.findall(text))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
