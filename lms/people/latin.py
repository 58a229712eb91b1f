"""A name in Latin letters, computed where nobody has given one. It is offered, never taken for what a document says.

Names in Latin letters stay as they are, with all their marks. Sources: for Cyrillic letters ICAO Doc 9303, Part 3,
Section 6, table B (machine readable travel documents), as Russian passports have it; for Tajik the system BGN/PCGN
1994; for Georgian the national system of romanisation of 2002, without the apostrophes, which passports leave out.

Own tables, because no library knows which language a name is in. Tried with 50 Georgian, 10 Russian and 6 Tajik
names: anyascii writes 38, 2 and 4 of them as these systems do, Unidecode 18, 4 and 0, uroman 38, 3 and 2, iuliia 0, 10
and 0.
"""

from __future__ import annotations

import unicodedata

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu",
    "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u",
}  # fmt: skip
# diacritics of the system (í, ŭ, è) and its apostrophe for ъ are left out, as they are in passports
TAJIK = CYRILLIC | {
    "ғ": "gh", "ё": "yo", "ӣ": "i", "й": "y", "қ": "q", "ӯ": "u", "ҳ": "h", "ҷ": "j", "ъ": "", "ю": "yu", "я": "ya",
}  # fmt: skip
GEORGIAN = {
    "ა": "a", "ბ": "b", "გ": "g", "დ": "d", "ე": "e", "ვ": "v", "ზ": "z", "თ": "t", "ი": "i", "კ": "k", "ლ": "l",
    "მ": "m", "ნ": "n", "ო": "o", "პ": "p", "ჟ": "zh", "რ": "r", "ს": "s", "ტ": "t", "უ": "u", "ფ": "p", "ქ": "k",
    "ღ": "gh", "ყ": "q", "შ": "sh", "ჩ": "ch", "ც": "ts", "ძ": "dz", "წ": "ts", "ჭ": "ch", "ხ": "kh", "ჯ": "j",
    "ჰ": "h",
}  # fmt: skip
TAJIK_ALONE = frozenset("ғӣқӯҳҷ")


def in_latin_letters(name: str, language: str = "") -> str:
    """The name as the rules romanise it; empty if it has Latin letters only, or letters that no rule here knows.

    `language` is the person's: Tajik names have letters that Russian ones read differently.
    """
    plain = unicodedata.normalize("NFC", name)
    letters = {letter for letter in plain.lower() if letter.isalpha()}
    is_tajik = language.partition("-")[0] == "tg" or bool(letters & TAJIK_ALONE)
    table = GEORGIAN | (TAJIK if is_tajik else CYRILLIC)
    foreign = {letter for letter in letters if not unicodedata.name(letter, "").startswith("LATIN ")}
    if not foreign or not foreign <= table.keys():
        return ""
    return " ".join("-".join(_word(part, table) for part in word.split("-")) for word in plain.split())


def _word(word: str, table: dict[str, str]) -> str:
    """One word, capitalised as it was. Georgian has no capital letters, so a name begins with one here."""
    if not table.keys() & set(word.lower()):
        return word
    latin = "".join(table.get(letter, letter) for letter in word.lower())
    if word.isupper() and len(word) > 1 and not GEORGIAN.keys() & set(word.lower()):
        return latin.upper()
    begins = word[:1].isupper() or word[:1] in GEORGIAN
    return latin[:1].upper() + latin[1:] if begins else latin
