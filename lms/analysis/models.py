"""Tables of what answers tell: sums, never an answer or a name. All of it can be counted again.

They have no foreign keys: what they count may be older than what is there. `sums` and `choices` are JSON of the values
in `sums.py`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class QuizCount(Base):
    """How far the answers to one quiz are counted.

    `shown` is the generation of the figures that pages show, complete until `counted_at`, and `attempts` how many first
    attempts are in them; `building` the one that a whole count makes, 0 if none does, and `counted` how many are in
    that. `cursor_at` and `cursor_id` name the last attempt counted, `seen_grade` the last grade. `turn` grows with each
    step: who finds another one than it began with has been overtaken. `asked_at` is when somebody asked for a count;
    `flagged` how many questions of the version then on offer had a flag.
    """

    __tablename__ = "quiz_count"

    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    turn: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)
    building: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[int] = mapped_column(default=0)
    cursor_at: Mapped[datetime | None]
    cursor_id: Mapped[str] = mapped_column(String(36), default="")
    seen_grade: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None]
    whole_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]


class QuestionFigure(Base):
    """What came of one text of a question in one language. `text` names what is seen of it (`texts.text_of`)."""

    __tablename__ = "question_figure"

    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(String(16), primary_key=True)
    sums: Mapped[str] = mapped_column(Text)
    choices: Mapped[str] = mapped_column(Text)


class QuizFigure(Base):
    """What came of one form of a quiz: the same questions for everybody, or so many of a bank (`texts.form_of`)."""

    __tablename__ = "quiz_figure"

    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(String(16), primary_key=True)
    sums: Mapped[str] = mapped_column(Text)


class CourseFigure(Base):
    """How people fare in a course: where they stop, how long lessons take, what goes wrong in practice."""

    __tablename__ = "course_figure"

    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    counted_at: Mapped[datetime]
    sums: Mapped[str] = mapped_column(Text)
