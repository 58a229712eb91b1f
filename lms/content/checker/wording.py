"""Words by which options and stems give themselves away, by language."""
# ruff: noqa: E501 - a pattern is read whole

from __future__ import annotations

import re
from functools import lru_cache

_LETTERS = r"[a-eа-д]\)?"
_ALL_OR_NONE = {
    "en": r"(?:all|none|both|neither|any|either)(?: of)? (?:the |these |those )?(?:above|following|answers|options|them)"
    r"(?: answers| options)?(?: (?:is|are) (?:true|right|correct|wrong|false))?|(?:all|none) of (?:these|those)"
    rf"|(?:both |answers? |options? )?{_LETTERS} and {_LETTERS}(?: are (?:right|correct|true))?",
    "lv": r"(?:vis[ais]s?|neviens?|neviena)(?: no)? (?:iepriekš|augstāk|augšminēt)\w*(?: \w+)?"
    r"|vis(?:as|i) (?:atbildes|varianti|minētie|nosauktie)(?: ir)?(?: pareiz\w+)?|nevien[as]? no (?:atbildēm|minētaj\w+|šīm|šiem)"
    r"|neviena atbilde(?: nav pareiza)?",
    "ru": r"вс[её] (?:выше)?(?:перечисленное|указанное|названное)(?: верно)?|ничего из (?:выше)?(?:перечисленного|указанного)"
    r"|вс[её] (?:ответы|варианты)(?: \w+)?|ни один из \w+(?: \w+)?|нет (?:правильного|верного) ответа",
    "uk": r"(?:усе|все) (?:вище)?(?:перелічене|зазначене|вказане|назване)|нічого з (?:пере\w+|вище\w+)"
    r"|(?:усі|всі) (?:відповіді|варіанти)(?: \w+)?|жодн\w+ з \w+(?: \w+)?|немає правильної відповіді",
    "ro": r"toate (?:cele|variantele|răspunsurile)(?: de mai sus| \w+){0,2}|nici(?:una|unul) (?:dintre|din) \w+(?: de mai sus| \w+)?"
    r"|ni(?:ciun răspuns|cio variantă)(?: \w+)?",
    "de": r"(?:alle|keine[rs]?)(?: der| dieser| von)? (?:oben )?(?:genannten|obigen|antworten|aussagen)(?: \w+){0,2}",
    "fr": r"(?:toutes?|aucune?)(?: (?:les|ces|de ces|des))? (?:réponses?|propositions?)(?: [\w-]+){0,2}|(?:tous|toutes|aucun) ci-dessus",
    "es": r"(?:todas?|ninguna|ninguno)(?: de)?(?: las| los)? (?:anteriores|respuestas|opciones)(?: \w+){0,2}",
    "pl": r"(?:wszystkie|żadna|żadne)(?: z)? (?:powyższych|powyższe|wymienionych|odpowiedzi)(?: \w+){0,2}",
    "lt": r"(?:visi|visos|nė vien\w+)(?: iš)? (?:aukščiau|išvardyt\w+|paminėt\w+|atsakym\w+)(?: \w+){0,2}",
    "et": r"(?:kõik|mitte ükski|ükski) (?:eelnev\w*|ülaltoodu\w*|eespool \w+|vastused)(?: \w+){0,2}",
    "ka": r"(?:ყველა|არცერთი|არც ერთი)(?: \w+)? ?(?:ზემოთ\w*|ჩამოთვლილ\w*|პასუხი)(?: \w+){0,2}",
    "vi": r"(?:tất cả|không có|cả)(?: các)? (?:đáp án|câu|phương án|ý|ba|hai|đều)(?: \w+){0,4}",
    "tg": r"(?:ҳамаи|ҳама|ҳеҷ як(?:е)? аз) (?:ҷавобҳо|гуфтаҳо|дар боло|болоӣ)\w*(?: \w+){0,2}",
}
_ABSOLUTE = {
    "en": r"always|never|nobody|no one|everybody|everyone|completely|absolutely|under no circumstances|in (?:all|every) cases?",
    "lv": r"vienmēr|nekad|nekādā gadījumā|jebkurā gadījumā|pilnīgi|absolūti",
    "ru": r"всегда|никогда|никто|абсолютно|полностью|ни в коем случае|в любом случае",
    "uk": r"завжди|ніколи|ніхто|абсолютно|повністю|у жодному разі|у будь-якому разі",
    "ro": r"întotdeauna|mereu|niciodată|nimeni|absolut|complet|în niciun caz|în orice caz",
    "de": r"immer|nie|niemals|niemand|absolut|völlig|auf keinen fall|in jedem fall",
    "fr": r"toujours|jamais|personne|absolument|complètement|en aucun cas|dans tous les cas",
    "es": r"siempre|nunca|jamás|nadie|absolutamente|completamente|en ningún caso",
    "vi": r"luôn luôn|không bao giờ|tuyệt đối|hoàn toàn",
    "ka": r"ყოველთვის|არასოდეს|არასდროს|აბსოლუტურად|სრულიად",
    "tg": r"ҳамеша|ҳеҷ гоҳ|ҳеҷ кас|комилан",
}
# A stem that asks for what is not so, and an option that says what is not so.
_NEGATIVE = {
    "en": (r"(?:which|what|who)\b[^,;:]*\b(?:not|never|except|isn't|aren't|doesn't|don't)\b", r"not|never|no|cannot|\w+n't"),
    "lv": (r"(?:kas|kurš|kura|kuri|kuras|ko)\b[^,;:]*\b(?:nav|nedrīkst|neder|izņemot)\b", r"nav|nedrīkst|nevajag|nevar"),
    "ru": (r"(?:какие|какой|какая|какое|что|кто)\b[^,;:]*\b(?:не|кроме)\b", r"не|нет|нельзя"),
    "uk": (r"(?:які|який|яка|яке|що|хто)\b[^,;:]*\b(?:не|крім)\b", r"не|немає|не можна"),
    "ro": (r"(?:care|ce|cine)\b[^,;:]*\b(?:nu|cu excepția)\b", r"nu|nici|fără"),
    "de": (r"(?:welche[rsn]?|was|wer)\b[^,;:]*\b(?:nicht|kein\w*|außer)\b", r"nicht|kein\w*|nie"),
    "es": (r"(?:cuál|cuáles|qué|quién)\b[^,;:]*\b(?:no|excepto)\b", r"no|ni|nunca"),
}  # fmt: skip
_TWICE_IN_STEM = r"\bnot\b[^.?!,;:]*\b(?:not|never|false|untrue|incorrect|wrong|impossible|without)\b"


@lru_cache(maxsize=64)
def catch_all(language: str) -> re.Pattern[str] | None:
    """What "all of the above" and "none of the above" look like as a whole option, in small letters."""
    return _compiled(_ALL_OR_NONE.get(_base(language)), r"\W*(?:{})\W*")


@lru_cache(maxsize=64)
def absolute(language: str) -> re.Pattern[str] | None:
    """Words that allow no exception."""
    return _compiled(_ABSOLUTE.get(_base(language)), r"\b(?:{})\b")


@lru_cache(maxsize=64)
def negative_stem(language: str) -> re.Pattern[str] | None:
    """A question that asks for what is not so."""
    pair = _NEGATIVE.get(_base(language))
    return _compiled(pair[0] if pair else None, r"\b(?:{})")


@lru_cache(maxsize=64)
def negative_option(language: str) -> re.Pattern[str] | None:
    """A word that makes an option say what is not so."""
    pair = _NEGATIVE.get(_base(language))
    return _compiled(pair[1] if pair else None, r"\b(?:{})\b")


@lru_cache(maxsize=64)
def twice_negative(language: str) -> re.Pattern[str] | None:
    """Two negations in one question; only where two do not just strengthen each other, as they do in Latvian."""
    return _compiled(_TWICE_IN_STEM if _base(language) == "en" else None, "{}")


def _base(language: str) -> str:
    return language.partition("-")[0]


def _compiled(words: str | None, frame: str) -> re.Pattern[str] | None:
    return re.compile(frame.format(words), re.IGNORECASE) if words else None
