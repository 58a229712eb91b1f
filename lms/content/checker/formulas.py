"""How hard a text is to read, by the published formula for its language.

| language | formula | source |
|---|---|---|
| en | Reading Ease | R. Flesch, A new readability yardstick, J. of Applied Psychology 32 (1948), 221-233 |
| de | Reading Ease for German | T. Amstad, Wie verständlich sind unsere Zeitungen?, Zürich 1978 |
| es | Lecturabilidad | J. Fernández Huerta, Medidas sencillas de lecturabilidad, Consigna 214 (1959), 29-32 |
| fr | Reading Ease for French | L. Kandel, A. Moles, Application de l'indice de Flesch à la langue française, 1958 |
| it | Gulpease | P. Lucisano, M. E. Piemontese, Scuola e città 39 (1988), 110-124 |
| ru | Reading Ease for Russian | I. V. Oborneva, Автоматизированная оценка сложности учебных текстов, Москва 2006 |
| sv, da, no, nl, pt, ro, lv, lt, et, fi, pl, cs, sk, uk, bg | LIX | C. H. Björnsson, Läsbarhet, Stockholm 1968 |

LIX needs no syllables, and Björnsson himself used it across languages (Readability of newspapers in 11 languages,
Reading Research Quarterly 18 (1983), 480-497). Languages with many endings have longer words, so their limit is higher.
For every other language (ka, tg, vi …) no formula is known to us that has been tried on adults: only long sentences
are named there. The limits are ours: where each author's own table says "difficult".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

SHORTEST_SAMPLE = 100  # words; Flesch counted samples of a hundred
_VOWELS = {
    "en": "aeiouy", "de": "aeiouyäöü", "es": "aeiouáéíóúü", "fr": "aeiouyàâäéèêëîïôöùûüœæ", "ru": "аеёиоуыэюя",
}  # fmt: skip
_LONG_WORD = 6  # letters; LIX counts words with more


class Counts(NamedTuple):
    """What the formulas need: numbers of sentences, words, syllables, letters, and of words over six letters."""

    sentences: int
    words: int
    syllables: int
    letters: int
    long_words: int


class Score(NamedTuple):
    """A text's score. `is_hard` if it lies beyond the limit; `wanted` says what would be well, as in "50 or more"."""

    formula: str
    value: float
    is_hard: bool
    wanted: str


class _Formula(NamedTuple):
    name: str
    score: Callable[[Counts], float]
    limit: float
    is_better_high: bool


def _flesch(counts: Counts) -> float:
    return 206.835 - 1.015 * counts.words / counts.sentences - 84.6 * counts.syllables / counts.words


def _amstad(counts: Counts) -> float:
    return 180 - counts.words / counts.sentences - 58.5 * counts.syllables / counts.words


def _fernandez_huerta(counts: Counts) -> float:
    return 206.84 - 1.02 * counts.words / counts.sentences - 60 * counts.syllables / counts.words


def _kandel_moles(counts: Counts) -> float:
    return 207 - 1.015 * counts.words / counts.sentences - 73.6 * counts.syllables / counts.words


def _oborneva(counts: Counts) -> float:
    return 206.835 - 1.3 * counts.words / counts.sentences - 60.1 * counts.syllables / counts.words


def _gulpease(counts: Counts) -> float:
    return 89 + (300 * counts.sentences - 10 * counts.letters) / counts.words


def _lix(counts: Counts) -> float:
    return counts.words / counts.sentences + 100 * counts.long_words / counts.words


_FORMULAS = {
    "en": _Formula("Flesch Reading Ease", _flesch, 50, is_better_high=True),
    "de": _Formula("Flesch by Amstad", _amstad, 40, is_better_high=True),
    "es": _Formula("Fernández Huerta", _fernandez_huerta, 50, is_better_high=True),
    "fr": _Formula("Flesch by Kandel and Moles", _kandel_moles, 50, is_better_high=True),
    "it": _Formula("Gulpease", _gulpease, 45, is_better_high=True),
    "ru": _Formula("Flesch by Oborneva", _oborneva, 20, is_better_high=True),
    **{
        tag: _Formula("LIX", _lix, 50, is_better_high=False)
        for tag in ("sv", "da", "nb", "nn", "no", "nl", "pt", "ro")
    },
    **{
        tag: _Formula("LIX", _lix, 60, is_better_high=False)
        for tag in ("lv", "lt", "et", "fi", "pl", "cs", "sk", "uk", "bg")
    },
}  # fmt: skip


def score(language: str, sentences: Sequence[Sequence[str]]) -> Score | None:
    """The score of a text, given as the words of its sentences; None if it is short or there is no formula."""
    tag = language.partition("-")[0]
    formula = _FORMULAS.get(tag)
    total = sum(map(len, sentences))
    if formula is None or total < SHORTEST_SAMPLE:
        return None
    value = formula.score(_count(tag, sentences, total))
    is_hard = value < formula.limit if formula.is_better_high else value > formula.limit
    wanted = f"{formula.limit:g} or {'more' if formula.is_better_high else 'less'}"
    return Score(formula.name, value, is_hard, wanted)


def _count(tag: str, sentences: Sequence[Sequence[str]], total: int) -> Counts:
    parts = [_word(tag, word) for words in sentences for word in words]
    syllables, letters = sum(part[0] for part in parts), sum(part[1] for part in parts)
    return Counts(len(sentences), total, syllables, letters, sum(part[1] > _LONG_WORD for part in parts))


@lru_cache(maxsize=20_000)
def _word(tag: str, word: str) -> tuple[int, int]:
    """Syllables and letters of a word."""
    return syllables(tag, word), sum(map(str.isalnum, word))


def syllables(tag: str, word: str) -> int:
    """The syllables of a word as groups of vowels, at least 1; in Russian each vowel is one, English drops a last e."""
    vowels = _VOWELS.get(tag)
    if vowels is None:
        return 1
    lowered = word.lower()
    if tag == "ru":
        return max(1, sum(letter in vowels for letter in lowered))
    groups, before = 0, False
    for letter in lowered:
        is_vowel = letter in vowels
        groups += is_vowel and not before
        before = is_vowel
    if tag in ("en", "fr") and lowered.endswith("e") and not (tag == "en" and lowered.endswith("le")):
        groups -= 1
    return max(1, groups)
