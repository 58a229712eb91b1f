"""Names of people who never lived, from parts that are usual in each country."""

from __future__ import annotations

from random import Random

from lms.demo.plan import FullName

VIETNAMESE_FAMILIES = (
    ("Nguyễn", 38), ("Trần", 12), ("Lê", 10), ("Phạm", 7), ("Hoàng", 3), ("Huỳnh", 3), ("Phan", 4), ("Vũ", 2),
    ("Võ", 2), ("Đặng", 2), ("Bùi", 2), ("Đỗ", 2), ("Hồ", 2), ("Ngô", 2), ("Dương", 2), ("Lý", 1), ("Đinh", 1),
    ("Trịnh", 1), ("Lương", 1), ("Mai", 1), ("Hà", 1), ("Cao", 1), ("Tạ", 1), ("Thái", 1), ("Đoàn", 1), ("Nông", 1),
)  # fmt: skip
VIETNAMESE_MEN = (
    ("Văn", "Đức", "Minh", "Quốc", "Hữu", "Xuân", "Công", "Thanh", "Ngọc", "Đình", "Bá", "Trọng", "Anh", "Gia"),
    ("An", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Hùng", "Huy", "Khánh", "Khoa", "Lâm", "Long", "Minh",
     "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Quang", "Sơn", "Tài", "Thắng", "Thành", "Tiến", "Toàn", "Trung", "Tú",
     "Tuấn", "Tùng", "Việt", "Vinh"),
)  # fmt: skip
VIETNAMESE_WOMEN = (
    ("Thị", "Thị", "Thị", "Ngọc", "Thu", "Kim", "Thanh", "Minh", "Hồng", "Bích", "Mỹ", "Phương", "Như", "Diệu"),
    ("An", "Anh", "Bình", "Châu", "Chi", "Dung", "Giang", "Hà", "Hằng", "Hạnh", "Hiền", "Hoa", "Hồng", "Hương",
     "Huyền", "Lan", "Liên", "Linh", "Loan", "Mai", "My", "Nga", "Ngân", "Nhung", "Phương", "Quyên", "Thảo", "Thủy",
     "Trang", "Tuyết", "Uyên", "Vân", "Xuân", "Yến"),
)  # fmt: skip
YOUTH_UNION = "Youth Union"
VIETNAMESE_WORK = (YOUTH_UNION, "Women's Union", "commune office", "school", "post office", "village elders")
_FAMILIES = [name for name, share in VIETNAMESE_FAMILIES for _ in range(share)]

LATVIAN_WOMEN = (
    ("Anda", "Baiba", "Daiga", "Dzintra", "Elīna", "Evija", "Gunta", "Iveta", "Jana", "Kristīne", "Laila", "Līga",
     "Maija", "Mārīte", "Regīna", "Sanita", "Sarmīte", "Skaidrīte", "Solvita", "Vineta", "Vita", "Zinta"),
    ("Āboliņa", "Balode", "Bērziņa", "Celmiņa", "Dārziņa", "Eglīte", "Grava", "Jansone", "Kalniņa", "Kļaviņa",
     "Krauze", "Lapiņa", "Liepiņa", "Lūse", "Medne", "Ozoliņa", "Pētersone", "Priede", "Rozīte", "Siliņa", "Skuja",
     "Straume", "Upeniece", "Vanaga", "Vītoliņa", "Zariņa", "Zvirbule"),
)  # fmt: skip
LATVIAN_MEN = (
    ("Aigars", "Ainārs", "Edgars", "Gints", "Guntis", "Ivars", "Kaspars", "Mārtiņš", "Oskars", "Raivis", "Uldis"),
    ("Āboliņš", "Balodis", "Bērziņš", "Celmiņš", "Eglītis", "Jansons", "Kalniņš", "Kļaviņš", "Krūze", "Lapiņš",
     "Liepiņš", "Mednis", "Ozoliņš", "Siliņš", "Skuja", "Vanags", "Vītoliņš", "Zariņš"),
)  # fmt: skip

MOLDOVAN_GIVEN = (
    "Ala", "Ana", "Angela", "Aurelia", "Cristina", "Diana", "Doina", "Ecaterina", "Elena", "Eugenia", "Galina", "Ina",
    "Ion", "Larisa", "Lidia", "Liuba", "Ludmila", "Maria", "Mihai", "Nadejda", "Natalia", "Nina", "Olga", "Parascovia",
    "Raisa", "Rodica", "Silvia", "Svetlana", "Tamara", "Tatiana", "Valentina", "Vasile", "Vera", "Viorica", "Zinaida",
)  # fmt: skip
MOLDOVAN_FAMILIES = (
    "Bejan", "Botnaru", "Bulat", "Caraman", "Cazacu", "Ceban", "Chiriac", "Ciobanu", "Cojocaru", "Croitoru", "Dabija",
    "Donica", "Garbuz", "Gherman", "Grosu", "Guțu", "Lungu", "Lupan", "Mocanu", "Moraru", "Munteanu", "Olaru",
    "Pascari", "Pîrlog", "Plăcintă", "Rotaru", "Rusnac", "Rusu", "Sârbu", "Spătaru", "Țurcanu", "Ursu", "Vrabie",
)  # fmt: skip

GEORGIAN_GIVEN = (
    ("ანა", "Ana"), ("ბექა", "Beka"), ("გიორგი", "Giorgi"), ("დავით", "Davit"), ("ეკა", "Eka"), ("ვახტანგ", "Vakhtang"),
    ("თამარ", "Tamar"), ("ია", "Ia"), ("ირაკლი", "Irakli"), ("ლევან", "Levan"), ("ლია", "Lia"), ("მაია", "Maia"),
    ("მანანა", "Manana"), ("მარიამ", "Mariam"), ("ნანა", "Nana"), ("ნათია", "Natia"), ("ნიკა", "Nika"),
    ("ნინო", "Nino"), ("ნოდარ", "Nodar"), ("რუსუდან", "Rusudan"), ("სოფიო", "Sopio"), ("ქეთევან", "Ketevan"),
    ("შოთა", "Shota"),
)  # fmt: skip
GEORGIAN_FAMILIES = (
    ("აბაშიძე", "Abashidze"), ("ბერიძე", "Beridze"), ("გელაშვილი", "Gelashvili"), ("გიორგაძე", "Giorgadze"),
    ("დოლიძე", "Dolidze"), ("კაპანაძე", "Kapanadze"), ("კვარაცხელია", "Kvaratskhelia"), ("ლომიძე", "Lomidze"),
    ("მაისურაძე", "Maisuradze"), ("მამულაშვილი", "Mamulashvili"), ("მელაძე", "Meladze"), ("ნოზაძე", "Nozadze"),
    ("სურმანიძე", "Surmanidze"), ("ტაბატაძე", "Tabatadze"), ("ფიფია", "Pipia"), ("ქავთარაძე", "Kavtaradze"),
    ("ცინცაძე", "Tsintsadze"), ("წიკლაური", "Tsiklauri"), ("ხუციშვილი", "Khutsishvili"), ("ჯაფარიძე", "Japaridze"),
)  # fmt: skip

TAJIK_GIVEN = (
    ("Абдулло", "Abdullo"), ("Азиз", "Aziz"), ("Баҳром", "Bahrom"), ("Гулнора", "Gulnora"), ("Далер", "Daler"),
    ("Зарина", "Zarina"), ("Ҷамшед", "Jamshed"), ("Ҷонона", "Jonona"), ("Малика", "Malika"), ("Манижа", "Manizha"),
    ("Меҳрангез", "Mehrangez"), ("Муҳаббат", "Muhabbat"), ("Нигина", "Nigina"), ("Парвиз", "Parviz"),
    ("Рустам", "Rustam"), ("Сайёра", "Sayyora"), ("Тахмина", "Takhmina"), ("Фаррух", "Farrukh"), ("Фирӯза", "Firuza"),
    ("Хуршед", "Khurshed"), ("Шаҳло", "Shahlo"), ("Шӯҳрат", "Shuhrat"),
)  # fmt: skip
TAJIK_FAMILIES = (
    ("Азиззода", "Azizzoda"), ("Бобоҷонзода", "Bobojonzoda"), ("Ғаниева", "Ghanieva"), ("Давлатзода", "Davlatzoda"),
    ("Исмоилзода", "Ismoilzoda"), ("Каримзода", "Karimzoda"), ("Қодирзода", "Qodirzoda"), ("Мирзозода", "Mirzozoda"),
    ("Назарзода", "Nazarzoda"), ("Раҳимзода", "Rahimzoda"), ("Саидзода", "Saidzoda"), ("Тоҳирзода", "Tohirzoda"),
    ("Ҳакимзода", "Hakimzoda"), ("Шарифзода", "Sharifzoda"), ("Юсуфзода", "Yusufzoda"),
)  # fmt: skip
RUSSIAN_WOMEN = (
    (("Ирина", "Irina"), ("Людмила", "Lyudmila"), ("Наталья", "Natalya"), ("Светлана", "Svetlana")),
    (("Ким", "Kim"), ("Орлова", "Orlova"), ("Соколова", "Sokolova"), ("Юсупова", "Yusupova")),
)
AS_GIVEN = 0.2  # of the names in Tajikistan come in Latin letters
IN_RUSSIAN = 0.15


def vietnamese(chance: Random) -> FullName:
    """Family name, middle name, given name."""
    middle, given = VIETNAMESE_WOMEN if chance.random() < 0.55 else VIETNAMESE_MEN
    name = f"{_pick(chance, _FAMILIES)} {_pick(chance, middle)} {_pick(chance, given)}"
    return FullName(name, "", "vi", _pick(chance, VIETNAMESE_WORK))


def latvian(chance: Random) -> FullName:
    """Nine of ten librarians are women."""
    given, family = LATVIAN_MEN if chance.random() < 0.1 else LATVIAN_WOMEN
    return FullName(f"{chance.choice(given)} {chance.choice(family)}", "", "lv", "librarian")


def moldovan(chance: Random) -> FullName:
    """In Romanian spelling."""
    return FullName(f"{chance.choice(MOLDOVAN_GIVEN)} {chance.choice(MOLDOVAN_FAMILIES)}", "", "ro", "librarian")


def georgian(chance: Random) -> FullName:
    """In Georgian letters, with the usual Latin form."""
    given, family = chance.choice(GEORGIAN_GIVEN), chance.choice(GEORGIAN_FAMILIES)
    return FullName(f"{given[0]} {family[0]}", f"{given[1]} {family[1]}", "ka", "municipal staff")


def tajik(chance: Random) -> FullName:
    """In Tajik or Russian Cyrillic with a Latin form, or in Latin letters as somebody wrote them."""
    turn = chance.random()
    names = RUSSIAN_WOMEN if turn < IN_RUSSIAN else (TAJIK_GIVEN, TAJIK_FAMILIES)
    given, family = chance.choice(names[0]), chance.choice(names[1])
    latin = f"{given[1]} {family[1]}"
    if turn > 1 - AS_GIVEN:
        return FullName(latin, "", "tg", "staff")
    return FullName(f"{given[0]} {family[0]}", latin, "ru" if turn < IN_RUSSIAN else "tg", "staff")


def _pick(chance: Random, words: list[str] | tuple[str, ...]) -> str:
    """As `choice`, several times as fast: a country has many names."""
    return words[int(chance.random() * len(words))]
