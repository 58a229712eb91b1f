"""The few words that rendering itself writes, by language. They belong to the text, not to the reader's menus."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = (
    "note", "tip", "important", "warning", "caution", "solution", "hint", "table", "code", "footnote", "footnotes",
    "back", "picture", "page", "done", "open",
)  # fmt: skip
WORDS = {
    "en": "Note|Tip|Important|Warning|Caution|Solution|Hint|Table|Code|Footnote {n}|Footnotes|Back to the text|"
    "{alt} (picture on {host})|Page on {host}|Done|Not done",
    "lv": "Piezīme|Padoms|Svarīgi|Brīdinājums|Uzmanību|Atrisinājums|Mājiens|Tabula|Kods|{n}. vēre|Vēres|"
    "Atpakaļ uz tekstu|{alt} (attēls vietnē {host})|Lapa vietnē {host}|Izdarīts|Nav izdarīts",
    "ro": "Notă|Sfat|Important|Avertisment|Atenție|Rezolvare|Indiciu|Tabel|Cod|Nota de subsol {n}|Note de subsol|"
    "Înapoi la text|{alt} (imagine pe {host})|Pagină pe {host}|Făcut|Nefăcut",
    "ru": "Примечание|Совет|Важно|Предупреждение|Осторожно|Решение|Подсказка|Таблица|Код|Сноска {n}|Сноски|"
    "Назад к тексту|{alt} (картинка на {host})|Страница на {host}|Сделано|Не сделано",
    "ka": "შენიშვნა|რჩევა|მნიშვნელოვანია|გაფრთხილება|სიფრთხილე|ამოხსნა|მინიშნება|ცხრილი|კოდი|სქოლიო {n}|სქოლიოები|"
    "ტექსტში დაბრუნება|{alt} (სურათი: {host})|გვერდი: {host}|შესრულებულია|არ არის შესრულებული",
    "vi": "Ghi chú|Mẹo|Quan trọng|Cảnh báo|Thận trọng|Lời giải|Gợi ý|Bảng|Mã|Chú thích {n}|Chú thích|"
    "Trở lại bài|{alt} (hình trên {host})|Trang trên {host}|Đã xong|Chưa xong",
    "tg": "Эзоҳ|Маслиҳат|Муҳим|Огоҳӣ|Эҳтиёт|Ҳал|Ишора|Ҷадвал|Код|Поварақи {n}|Поварақҳо|"
    "Бозгашт ба матн|{alt} (тасвир дар {host})|Саҳифа дар {host}|Иҷро шуд|Иҷро нашуд",
}  # fmt: skip
LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {language: MappingProxyType(dict(zip(KEYS, words.split("|"), strict=True))) for language, words in WORDS.items()}
)
