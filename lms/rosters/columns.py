"""Which column of a file is what, recognised by its name in many languages. A person may correct it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PEOPLE, UNITS = "people", "units"
# field -> names in English, Latvian, Romanian, Vietnamese, Georgian, Russian, Tajik, and in OneRoster 1.2
PEOPLE_NAMES: Mapping[str, str] = {
    "code": "code, person code, id, member code, kods, personas kods, cod, codul persoanei, mã thành viên, mã số, mã,"
    "mã người dùng, კოდი, პირადი კოდი, код, код человека, табельный номер, рамз, рамзи шахс, sourcedId, userSourcedId",
    "name": "name, full name, person, vārds uzvārds, vārds un uzvārds, nume și prenume, nume prenume, numele complet,"
    "họ và tên, họ tên, tên thành viên, სახელი და გვარი, სახელი გვარი, фио, ф и о, имя и фамилия, фамилия имя отчество,"
    "ному насаб, насаб ва ном",
    "given_name": "given name, first name, vārds, prenume, tên, სახელი, имя, ном, givenName",
    "family_name": "family name, last name, surname, uzvārds, nume, nume de familie, họ, họ và tên đệm, họ đệm, გვარი,"
    "фамилия, насаб, familyName",
    "latin_name": "latin name, name in latin letters, vārds latīņu burtiem, nume latin, tên latinh, ლათინური სახელი,"
    "имя латиницей, фио латиницей, номи лотинӣ",
    "email": "email, e-mail, mail, e-mail address, email address, e-pasts, epasts, poștă electronică, adresa de e-mail,"
    "thư điện tử, hộp thư, ელფოსტა, ელ ფოსტა, электронная почта, почта, эл почта, почтаи электронӣ",
    "phone": "phone, telephone, mobile, phone number, tālrunis, telefons, mob tālrunis, telefon, nr de telefon, sđt,"
    "số điện thoại, điện thoại, di động, ტელეფონი, მობილური, телефон, мобильный телефон, рақами телефон, sms",
    "unit_code": "unit code, unit, team code, team, organisation code, library code, vienības kods, iestādes kods,"
    "codul unității, cod unitate, mã tổ, mã đơn vị, ერთეულის კოდი, ორგანიზაციის კოდი, код подразделения,"
    "код организации, рамзи воҳид, orgSourcedIds, primaryOrgSourcedId, orgSourcedId",
    "unit_name": "unit name, team name, library, organisation, organization, vienība, iestāde, bibliotēka, unitate,"
    "unitatea, biblioteca, tên tổ, tên đơn vị, đơn vị, tổ, tổ cnscđ, ერთეული, ორგანიზაცია, ბიბლიოთეკა, подразделение,"
    "организация, библиотека, воҳид, ташкилот",
    "category": "category, position, job, role in team, kategorija, amats, categorie, funcția, chức vụ, vai trò, loại,"
    "კატეგორია, თანამდებობა, категория, должность, вазифа",
    "employer": "employer, workplace, darba devējs, darbavieta, angajator, locul de muncă, nơi công tác,"
    "đơn vị công tác, დამსაქმებელი, სამსახური, работодатель, место работы, корфармо, ҷойи кор",
    "language": "language, lang, valoda, limba, ngôn ngữ, ენა, язык, забон, preferredLanguage",
    "since": "since, from, member since, no, sākot no, din, de la, membru din, từ ngày, ngày vào tổ, ngày tham gia,"
    "-დან, თარიღიდან, с, с какого дня, аз, beginDate",
    "until": "until, to, member until, līdz, până la, đến ngày, ngày rời tổ, თარიღამდე, -მდე, до, по, то, endDate",
}
UNIT_NAMES: Mapping[str, str] = {
    "code": "code, unit code, id, kods, vienības kods, cod, codul unității, mã, mã đơn vị, mã tổ, კოდი, код, рамз,"
    "sourcedId",
    "name": "name, unit name, title, nosaukums, denumire, nume, tên, tên đơn vị, tên tổ, სახელი, დასახელება, название,"
    "наименование, ном, номгӯй",
    "kind": "kind, type, level, veids, tips, līmenis, tip, nivel, loại, cấp, ტიპი, სახე, тип, вид, уровень, навъ",
    "parent_code": "parent, parent code, above, belongs to, augstākā vienība, augstākās vienības kods, cod părinte,"
    "unitatea superioară, mã cấp trên, mã đơn vị cấp trên, trực thuộc, ზემდგომი, ზემდგომის კოდი, код вышестоящей,"
    "вышестоящая, входит в, рамзи болоӣ, parentSourcedId",
    "aliases": "aliases, alias, also called, other names, citi nosaukumi, alte denumiri, tên khác, სხვა სახელები,"
    "другие названия, синонимы, номҳои дигар",
    "latitude": "latitude, lat, platums, latitudine, vĩ độ, განედი, широта, арз",
    "longitude": "longitude, lon, lng, long, garums, longitudine, kinh độ, გრძედი, долгота, тӯл",
    "opened_on": "opened, opened on, founded, atvērta, dibināta, deschis, ngày thành lập, გახსნის თარიღი, открыта,"
    "дата открытия, кушода",
    "closed_on": "closed, closed on, slēgta, închis, ngày giải thể, დახურვის თარიღი, закрыта, дата закрытия, баста",
}
NAMED_IN = re.compile(r"(?:name|title)\s*[:_\-/ (]\s*([a-z]{2,3})\)?", re.IGNORECASE)
LANGUAGE_FIELD = "name:"
FAMILY_FIRST = frozenset({"họ", "họ và tên đệm", "họ đệm"})


def _plain(name: str) -> str:
    """A column's name as it is compared: without case, marks, punctuation; what stands in brackets is an aside."""
    text = re.sub(r"\([^)]*\)", " ", name) or name
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _by_name(names: Mapping[str, str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for field, words in names.items():
        for word in words.split(","):
            found.setdefault(_plain(word), field)
    return found


BY_NAME = {PEOPLE: _by_name(PEOPLE_NAMES), UNITS: _by_name(UNIT_NAMES)}
FIELDS = {PEOPLE: tuple(PEOPLE_NAMES), UNITS: tuple(UNIT_NAMES)}
FAMILY_FIRST_PLAIN = frozenset(_plain(name) for name in FAMILY_FIRST)


def field_of(kind: str, name: str) -> str:
    """What a column of this name holds; empty if nobody knows."""
    if not name.strip():
        return ""
    if kind == UNITS and (match := NAMED_IN.fullmatch(name.strip())):
        return LANGUAGE_FIELD + match[1].lower()
    return BY_NAME[kind].get(_plain(name), "")


def familiar(kind: str, cells: Iterable[str]) -> int:
    """How many of these cells are names of columns that we know."""
    return sum(bool(field_of(kind, cell)) for cell in cells if len(cell) <= 60)


def suggest(kind: str, names: Sequence[str]) -> dict[str, int]:
    """Field -> column, counted from 0; of two columns for one field the first."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        field = field_of(kind, name)
        if field:
            found.setdefault(field, place)
    if "name" in found and kind == PEOPLE:
        found.pop("given_name", None)
        found.pop("family_name", None)
    return found


def family_comes_first(names: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Whether names are written family name first, as the column's own language does."""
    place = columns.get("family_name")
    return place is not None and place < len(names) and _plain(names[place]) in FAMILY_FIRST_PLAIN


def missing(kind: str, columns: Mapping[str, int]) -> str:
    """The field without which nothing can be brought in; empty if none is missing."""
    if kind == PEOPLE:
        return "" if "name" in columns or {"given_name", "family_name"} & columns.keys() else "name"
    return next((field for field in ("code", "name") if field not in columns), "")
