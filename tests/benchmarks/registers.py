"""Registers of a country to measure with, and how long somebody who saves an answer meanwhile waits."""

from __future__ import annotations

import csv
import multiprocessing
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import text

from lms.db import Database

PROVINCES, DISTRICTS = 51, 10
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Giàng", "Lò", "Vàng", "Quàng")
MIDDLE = ("Văn", "Thị", "A", "Đức", "Hữu", "Minh", "Ngọc", "Thu")
GIVEN = ("Hòa", "Súa", "Pâng", "Anh", "Linh", "Hùng", "Mai", "Lan", "Tủa", "Hương", "Dũng", "Sơn")


@dataclass(frozen=True)
class Registers:
    """The two files of a programme, and how many rows they have."""

    units: Path
    people: Path
    unit_rows: int
    people_rows: int


def write_registers(folder: Path, *, teams: int, people: int) -> Registers:
    """Teams in districts in provinces in one country, and their members, by team as registers are."""
    chance = random.Random(7)
    units, members = folder / "units.csv", folder / "people.csv"
    codes = [f"{n % PROVINCES:02}-{n // PROVINCES % DISTRICTS:02}-{n:05}" for n in range(teams)]
    with units.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "kind", "parent code"])
        writer.writerow(["VN", "Việt Nam", "country", ""])
        for province in range(PROVINCES):
            writer.writerow([f"{province:02}", f"Tỉnh {province}", "province", "VN"])
            for district in range(DISTRICTS):
                writer.writerow([f"{province:02}-{district:02}", f"Huyện {district}", "district", f"{province:02}"])
        writer.writerows([code, f"Tổ bản {n}", "team", code[:5]] for n, code in enumerate(codes))
    with members.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Mã thành viên", "Họ và tên", "Thư điện tử", "SĐT", "Mã tổ", "Chức vụ", "Nơi công tác"])
        for n in range(people):
            name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
            email = f"member{n}@example.vn" if n % 3 == 0 else ""
            code = codes[n * teams // people]
            writer.writerow([f"TV{n:07}", name, email, f"09{n:08}", code, "thành viên", "UBND xã"])
    return Registers(units, members, 1 + PROVINCES * (DISTRICTS + 1) + teams, people)


def _save(url: str, stop: object, waits: object) -> None:
    """Save a small row again and again, as a trainee saves answers, and note the longest that one save took."""
    database = Database(url)
    longest = count = 0.0
    while not stop.is_set():  # type: ignore[attr-defined]
        started = time.perf_counter()
        with database.writing() as db:
            db.execute(text("insert into floor_row (words) values ('an answer')"))
        longest, count = max(longest, time.perf_counter() - started), count + 1
        time.sleep(0.02)
    waits.put((longest, count))  # type: ignore[attr-defined]
    database.dispose()


class Saver:
    """Somebody in another process who saves answers while the block runs; then `longest` is in seconds."""

    def __init__(self, url: str) -> None:
        start = multiprocessing.get_context("spawn")
        self.stop, self.waits = start.Event(), start.Queue()
        self.process = start.Process(target=_save, args=(url, self.stop, self.waits), daemon=True)
        self.longest = self.count = 0.0

    def __enter__(self) -> Self:
        self.process.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.longest, self.count = self.waits.get(timeout=60)
        self.process.join(30)
