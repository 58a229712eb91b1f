"""What is written about help asked for: to consultants, to who asked, to experts, to helpers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from lms.clock import now
from lms.consulting import expert_queries, month_queries, queries, question_queries, rules, words
from lms.consulting.models import Consultation, ConsultationContact, ConsultationStep, HardQuestion
from lms.consulting.rules import Step
from lms.integrations.mail import Letter
from lms.people import queries as people
from lms.people.rules import Role
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database

TO_CONSULTANTS = frozenset({Step.SUGGESTED, Step.ASSIGNED, Step.TAKEN_AWAY, Step.REMINDED, Step.WITHDRAWN})
TO_ASKERS = frozenset({Step.ASSIGNED, Step.TAKEN, Step.SOLVED, Step.PASSED_ON, Step.NOT_SOLVED})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads a letter."""

    name: str
    email: str
    language: str


def consultation_moved(database: Database, settings: Settings, name: str, step_id: int) -> Letter | None:
    """Tell a consultant of a request that is theirs, waits for them, or is theirs no more."""
    with database.reading() as db:
        found = _step(db, step_id, TO_CONSULTANTS)
        reader = _consultant(database, found[0].to) if found else None
        if found is None or reader is None:
            return None
        step, row = found
        link = _address(settings, url_for("consulting.look", number=row.id))
        subject, text = _moved(db, settings, "consultation", Step(step.kind), row, reader, link)
        return Letter(name, reader.email, subject, text)


def consultation_answered(database: Database, settings: Settings, name: str, step_id: int) -> Letter | None:
    """Tell the asker what becomes of a request, if they left an address for mail."""
    with database.reading() as db:
        found = _step(db, step_id, TO_ASKERS)
        reader = _asker(database, found[1]) if found else None
        if found is None or reader is None:
            return None
        step, row = found
        # for the asker it is the same whether somebody took it or was given it
        kind = Step.TAKEN if step.kind == Step.ASSIGNED else Step(step.kind)
        link = _address(settings, url_for("asking.state", ask_code=row.code))
        subject, text = _moved(db, settings, "consultation_asker", kind, row, reader, link)
        return Letter(f"{rules.TO_ASKERS}-{row.id}-{name}", reader.email, subject, text)


def _step(db: Session, step_id: int, kinds: frozenset[Step]) -> tuple[ConsultationStep, Consultation] | None:
    """A step of one of these kinds with its request, if it is still true."""
    step = db.get(ConsultationStep, step_id)
    row = db.get(Consultation, step.consultation_id) if step else None
    if step is None or row is None or step.kind not in kinds or not _still(step, row):
        return None
    return step, row


def _moved(
    db: Session, settings: Settings, form: str, kind: Step, row: Consultation, reader: _Reader, link: str
) -> tuple[str, str]:
    with speaking(reader.language):
        page = queries.asked_page(db, row, now().date(), reader.language)
        values = {"name": reader.name, "page": page, "link": link, "kind": kind}
        text = render_template(f"mail/{form}.txt", site=settings.site_name, words=words, **values)
        return str(words.SUBJECTS[kind]), text


def _still(step: ConsultationStep, row: Consultation) -> bool:
    """Whether a step is still true when the letter is written."""
    if step.kind == Step.SUGGESTED:
        return row.state == rules.State.SUGGESTED and row.suggested_to == step.to
    if step.kind in {Step.ASSIGNED, Step.REMINDED}:
        return row.state in rules.HELD and row.taken_by == step.to
    if step.kind == Step.TAKEN_AWAY:
        return row.taken_by != step.to
    return step.kind == Step.WITHDRAWN or row.state != rules.State.WITHDRAWN


def _consultant(database: Database, person_id: int | None) -> _Reader | None:
    with database.reading() as db:
        person = people.person(db, person_id) if person_id is not None else None
    if person is None or person.closed_at is not None or not person.proved_email:
        return None
    return _Reader(person.name, person.proved_email, person.language)


def _asker(database: Database, row: Consultation) -> _Reader | None:
    with database.reading() as db:
        contact = db.get(ConsultationContact, row.id)
    return _Reader("", contact.email, row.language) if contact is not None and contact.email else None


def hard_question_asked(database: Database, settings: Settings, name: str, question: int) -> list[Letter]:
    """Tell the experts of a question that a helper asks it; the trainers where none is named, or none has answered."""
    with database.reading() as db:
        row = db.get(HardQuestion, question)
        experts = [person for person, _name in expert_queries.asked_of(db, {question}).get(question, ())]
    if row is None or not row.words or row.answered_at is not None:
        return []

    def write(endpoint: str) -> tuple[str, str]:
        link = _address(settings, url_for(endpoint, number=question))
        text = render_template("mail/hard_question.txt", row=row, link=link, site=settings.site_name)
        return _("A helper asks: can you answer?"), text

    if row.to_trainers_at is not None:
        return _to_trainers(database, name, lambda _language: write("experts.look"))
    return _to_experts(database, name, experts, write)


def _to_experts(
    database: Database, name: str, experts: Sequence[int], write: Callable[[str], tuple[str, str]]
) -> list[Letter]:
    """A letter to each of these whose address was proved, with the page on which they answer."""
    with database.reading() as db:
        found, trainers = people.persons(db, experts), expert_queries.trainers_among(db, experts)
    letters = []
    for person in found.values():
        if person.closed_at is None and person.proved_email:
            with speaking(person.language):
                subject, text = write("experts.look" if person.id in trainers else "consulting.one_to_me")
            letters.append(Letter(f"{name}-{person.id}", person.proved_email, subject, text))
    return letters


def hard_question_answered(database: Database, settings: Settings, name: str, question: int) -> Letter | None:
    """Tell the helper what the expert answered."""
    with database.reading() as db:
        row = db.get(HardQuestion, question)
        found = question_queries.question_page(db, row, now().date(), "en") if row else None
    reader = _consultant(database, row.asked_by) if row else None
    if row is None or found is None or reader is None:
        return None
    with speaking(reader.language):
        values = {"name": reader.name, "page": found, "link": _address(settings, url_for("consulting.questions"))}
        text = render_template("mail/hard_answer.txt", site=settings.site_name, **values)
        return Letter(name, reader.email, _("Your question was answered"), text)


def asked_month(database: Database, settings: Settings, name: str, month: int) -> list[Letter]:
    """Tell the trainers which services were asked for in a month, by district; `month` is written 202610."""
    first = date(month // 100, month % 100, 1)

    def write(language: str) -> tuple[str, str]:
        with database.reading() as db:
            page = month_queries.asked_in(db, first, ZoneInfo(settings.time_zone), language)
        link = _address(settings, url_for("experts.asked", month=f"{first:%Y-%m}"))
        text = render_template("mail/asked_month.txt", page=page, link=link, site=settings.site_name)
        return _("What people asked for last month"), text

    return _to_trainers(database, name, write)


def _to_trainers(database: Database, name: str, write: Callable[[str], tuple[str, str]]) -> list[Letter]:
    """A letter to every trainer whose address was proved, each in their language."""
    with database.reading() as db:
        trainers = [found for found in people.addresses_of(db, Role.TRAINER) if found.proved_email]
    letters = []
    for trainer in trainers:
        with speaking(trainer.language):
            subject, text = write(trainer.language)
            letters.append(Letter(f"{name}-{trainer.id}", trainer.proved_email, subject, text))
    return letters


def _address(settings: Settings, path: str) -> str:
    """A full address. It comes from the settings, never from a request's Host header."""
    return settings.url.rstrip("/") + path
