"""A shell command line as words: enough of POSIX quoting and operators to compare two lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_OPERATORS = re.compile(r"&>>|&>|<<<|<<-|\|\||&&|;;|>>|>\||>&|<&|<>|<<|\|&|[|&;()<>]")
_FD = re.compile(r"\d+(?=[<>])")
_SEPARATORS = frozenset({"|", "||", "&&", ";", "&", "|&", "(", ")", ";;"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_CLUSTER = re.compile(r"-[A-Za-z0-9]{2,}")
_QUOTED = "\ue000"  # before a character that quoting took its meaning from
_SPECIAL = frozenset("$`*?[]~{}!#\\")
# Commands that run the command after their own options.
_CARRIERS = frozenset({"sudo", "doas", "nohup", "time", "exec", "command", "env", "nice"})
# Short options that take the next word, or the rest of their own word, as a value.
_VALUED: dict[str, str] = {
    "awk": "Ffv",
    "chown": "",
    "cp": "t",
    "curl": "oHXduFAebm",
    "cut": "dfc",
    "df": "tx",
    "dig": "pt",
    "du": "dX",
    "env": "uC",
    "gcc": "oIlL",
    "git": "Cc",
    "grep": "efmABCd",
    "head": "nc",
    "install": "mogt",
    "journalctl": "unpo",
    "kill": "sn",
    "less": "p",
    "mkdir": "m",
    "mount": "to",
    "mv": "t",
    "nc": "pw",
    "nice": "n",
    "ping": "cisWIt",
    "ps": "upCoU",
    "rsync": "e",
    "scp": "Pioc",
    "sed": "ef",
    "sort": "ktoS",
    "ssh": "piloLRDF",
    "ssh-keygen": "tbfCN",
    "sudo": "ugpC",
    "tail": "nc",
    "tar": "fCTX",
    "tr": "",
    "useradd": "ugGdscekp",
    "usermod": "ugGdscelp",
    "wget": "OPo",
    "xargs": "nIPd",
}


class Unfinished(ValueError):
    """A quote, a bracket or an escape that the line doesn't close."""


@dataclass(slots=True)
class _Reader:
    line: str
    position: int = 0
    words: list[tuple[bool, str]] = field(default_factory=list)

    def read(self) -> list[tuple[bool, str]]:
        """All words and operators as (is operator, text)."""
        while self.position < len(self.line):
            rest = self.line[self.position :]
            operator = _FD.match(rest) or _OPERATORS.match(rest)
            if rest[0].isspace():
                self.position += 1
            elif rest[0] == "#":
                break
            elif operator:
                self._operator(operator)
            else:
                self.words.append((False, self._word()))
        return self.words

    def _operator(self, match: re.Match[str]) -> None:
        text = match[0]
        self.position += match.end()
        if text.isdigit():
            more = _OPERATORS.match(self.line, self.position)
            assert more is not None
            text += more[0]
            self.position = more.end()
        self.words.append((True, text))

    def _word(self) -> str:
        pieces: list[str] = []
        while self.position < len(self.line):
            char = self.line[self.position]
            if char.isspace() or _OPERATORS.match(char):
                break
            pieces.append(self._piece(char))
        return "".join(pieces)

    def _piece(self, char: str) -> str:
        if char == "'":
            return _literal(self._until("'"))
        if char == '"':
            return self._double()
        if char == "\\":
            return _literal(self._escaped())
        if char == "$" and self.line[self.position + 1 : self.position + 2] in {"(", "{"}:
            return self._expansion()
        if char == "`":
            return "`" + self._until("`") + "`"
        self.position += 1
        return char

    def _until(self, end: str) -> str:
        close = self.line.find(end, self.position + 1)
        if close < 0:
            raise Unfinished
        inner, self.position = self.line[self.position + 1 : close], close + 1
        return inner

    def _escaped(self) -> str:
        if self.position + 1 >= len(self.line):
            raise Unfinished
        self.position += 2
        return self.line[self.position - 1]

    def _double(self) -> str:
        pieces: list[str] = []
        self.position += 1
        while self.position < len(self.line):
            char = self.line[self.position]
            if char == '"':
                self.position += 1
                return "".join(pieces)
            if char == "\\" and self.line[self.position + 1 : self.position + 2] in set('$`"\\'):
                pieces.append(_literal(self._escaped()))
            elif char in "$`":
                pieces.append(self._piece(char))
            else:
                self.position += 1
                pieces.append(_literal(char))
        raise Unfinished

    def _expansion(self) -> str:
        pairs = {"(": ")", "{": "}"}
        opening = self.line[self.position + 1]
        depth = 0
        for index in range(self.position + 1, len(self.line)):
            depth += (self.line[index] == opening) - (self.line[index] == pairs[opening])
            if depth == 0:
                text, self.position = self.line[self.position : index + 1], index + 1
                return text
        raise Unfinished


def _literal(text: str) -> str:
    """Text from inside quotes: characters that would mean something are marked as plain."""
    return "".join(_QUOTED + char if char in _SPECIAL else char for char in text)


def comparable(line: str) -> list[list[str]]:
    """A command line as a list of parts that are equal if two lines mean the same, plain JSON.

    Each simple command gives its assignments, its name, its flags before the first operand (sorted, `-rf` as `-r` and
    `-f`), its options with values in order, and everything after in order; operators stand between commands. Raises
    `Unfinished`.
    """
    parts: list[list[str]] = []
    words: list[tuple[bool, str]] = []
    for is_operator, text in _Reader(line.strip()).read():
        if is_operator and text in _SEPARATORS:
            parts += [*_simple(words), [text]]
            words = []
        else:
            words.append((is_operator, text))
    return parts + _simple(words)


def _simple(words: list[tuple[bool, str]]) -> list[list[str]]:
    """One simple command; one that carries another, such as `sudo`, becomes two."""
    start = 0
    while start < len(words) and not words[start][0] and _ASSIGNMENT.match(words[start][1]):
        start += 1
    assignments = [text for _, text in words[:start]]
    if start == len(words):
        return [assignments] if assignments else []
    name = words[start][1]
    flags, valued, index = _options(name, words, start + 1)
    head = [*assignments, name, *sorted(flags), *valued]
    if name in _CARRIERS and index < len(words) and not words[index][0]:
        return [head, *_simple(words[index:])]
    rest = words[index:]
    return [head, _rest(name, rest)] if rest else [head]


def _options(name: str, words: list[tuple[bool, str]], index: int) -> tuple[list[str], list[str], int]:
    """Flags, options with their values, and where the first operand, redirect or `--` stands."""
    flags: list[str] = []
    valued: list[str] = []
    while index < len(words) and not words[index][0] and _is_option(words[index][1]):
        singles, value = _split(name, words[index][1])
        index += 1
        if value is None:
            flags += singles
            continue
        *others, last = singles
        flags += others
        if not value and index < len(words) and not words[index][0]:
            value = words[index][1]
            index += 1
        valued += [last, value]
    return flags, valued, index


def _is_option(word: str) -> bool:
    return len(word) > 1 and word[0] == "-" and word != "--"


def _split(name: str, word: str) -> tuple[list[str], str | None]:
    """A word of options as single ones, and the value of the last if it takes one (empty: the next word)."""
    if not _CLUSTER.match(word) and not re.fullmatch(r"-[A-Za-z0-9]", word):
        return [word], None
    taking = _VALUED.get(name, "")
    for place, letter in enumerate(word[1:], start=1):
        if letter in taking:
            return [f"-{each}" for each in word[1 : place + 1]], word[place + 1 :].removeprefix("=")
    return ([f"-{letter}" for letter in word[1:]], None) if _CLUSTER.fullmatch(word) else ([word], None)


def _rest(name: str, words: list[tuple[bool, str]]) -> list[str]:
    """Operands, redirects and what stands among them, in order; operators are marked so that no word equals one."""
    rest: list[str] = []
    has_ended = False
    for is_operator, text in words:
        if text == "--" and not is_operator and not has_ended:
            has_ended = True
        elif is_operator:
            rest.append(_QUOTED * 2 + text)
        elif has_ended or not _is_option(text):
            rest.append(_QUOTED + text if _is_option(text) else text)
        else:
            singles, value = _split(name, text)
            rest += [*singles, value] if value else singles
    return rest
