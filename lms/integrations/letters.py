"""What the letters say. Each is written in the language of whoever gets it, when the worker sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for

from lms.clock import now
from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.integrations.mail import Letter
from lms.learning.models import MistakeReport
from lms.people import actions as people_actions
from lms.people import queries as people
from lms.people.rules import Role
from lms.quiz.models import Attempt, QuestionGrade
from lms.quiz.rules import share
from lms.web.language import _, speaking

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database


def sign_in_link(database: Database, settings: Settings, name: str, person_id: int) -> Letter | None:
    """A link that signs in, good for 15 minutes. The token is made here, so that no job holds it."""
    return _link_letter(database, settings, name, person_id, "sign-in", "mail/sign_in_link.txt")


def welcome(database: Database, settings: Settings, name: str, person_id: int) -> Letter | None:
    """A greeting with a link that proves the address."""
    return _link_letter(database, settings, name, person_id, "prove", "mail/welcome.txt")


def _link_letter(
    database: Database, settings: Settings, name: str, person_id: int, purpose: str, template: str
) -> Letter | None:
    with database.writing() as db:
        person = people.person(db, person_id)
        if person is None or not person.email:
            return None
        token = people_actions.make_link(db, person, purpose)
        to, language, called = person.email, person.language, person.name
    with speaking(language):
        link = _address(settings, url_for("people.open_link", token=token))
        text = render_template(template, name=called, link=link, site=settings.site_name)
        return Letter(name, to, _subject(purpose, settings), text)


def _subject(purpose: str, settings: Settings) -> str:
    if purpose == "prove":
        return _("Welcome to %(site)s", site=settings.site_name)
    return _("Your link to sign in to %(site)s", site=settings.site_name)


def certificate_issued(database: Database, settings: Settings, name: str, certificate: int) -> Letter | None:
    """Tell the holder, with the address that anybody can check. Only to an address that was proved."""
    with database.reading() as db:
        page = credentials.certificate_by_id(db, certificate, now().date())
        person = people.person(db, page.actor) if page and page.actor else None
    if page is None or person is None or not person.proved_email:
        return None
    with speaking(person.language):
        link = _address(settings, url_for("credentials.show", code=page.code))
        text = render_template("mail/certificate.txt", facts=page.facts, link=link, site=settings.site_name)
        return Letter(name, person.proved_email, _("Your certificate: %(title)s", title=page.facts.title), text)


def mistake_reported(database: Database, settings: Settings, name: str, report: int) -> list[Letter]:
    """Tell the trainers what a reader found."""
    with database.reading() as db:
        row = db.get(MistakeReport, report)
        trainers = [found for found in people.addresses_of(db, Role.TRAINER) if found.proved_email]
        current = content.current(db, row.course_id) if row else None
    if row is None or current is None:
        return []
    letters = []
    for trainer in trainers:
        with speaking(trainer.language):
            link = _address(settings, url_for("lessons.lesson", course_id=row.course_id, lesson_id=row.lesson_id))
            text = render_template("mail/mistake.txt", report=row, link=link, site=settings.site_name)
            subject = _("A reader found a mistake in %(course)s", course=current.course.id)
            letters.append(Letter(f"{name}-{trainer.id}", trainer.proved_email, subject, text))
    return letters


def role_given(database: Database, settings: Settings, name: str, grant: int) -> Letter | None:
    """Tell somebody that a role in a unit was handed over to them."""
    return _role_letter(database, settings, name, grant, is_given=True)


def role_handed_over(database: Database, settings: Settings, name: str, grant: int) -> Letter | None:
    """Tell somebody that their role in a unit went to somebody else."""
    return _role_letter(database, settings, name, grant, is_given=False)


def listed(database: Database, settings: Settings, name: str, person_id: int) -> Letter | None:
    """Ask somebody whom the register of a unit names whether they belong there. It says nothing about the unit."""
    with database.reading() as db:
        person = people.person(db, person_id)
    to = (person.proved_email or person.email) if person is not None and person.closed_at is None else ""
    if person is None or not to:
        return None
    with speaking(person.language):
        link = _address(settings, url_for("offers.home"))
        text = render_template("mail/listed.txt", name=person.name, link=link, site=settings.site_name)
        return Letter(name, to, _("A unit lists you as a member: is that right?"), text)


def work_graded(database: Database, settings: Settings, name: str, grade: int) -> Letter | None:
    """Tell a trainee what became of an attempt that a person graded, or whose key was corrected."""
    with database.reading() as db:
        row = db.get(QuestionGrade, grade)
        attempt = db.get(Attempt, row.attempt_id) if row else None
        person = people.person(db, attempt.actor_id) if attempt else None
        course = content.version(db, attempt.version_id) if attempt else None
    if row is None or attempt is None or course is None or person is None or not person.proved_email:
        return None
    page = course.pages.get(person.language) or course.pages[course.language]
    with speaking(person.language):
        link = _address(settings, url_for("quizzes.result", attempt_id=attempt.id))
        reached = share(attempt.score or 0.0, attempt.points or 0.0)
        values = {"name": person.name, "course": page.title, "link": link, "site": settings.site_name}
        text = render_template("mail/graded.txt", attempt=attempt, share=reached, is_regraded=row.regrading, **values)
        return Letter(name, person.proved_email, _("Your work was graded: %(course)s", course=page.title), text)


def _role_letter(database: Database, settings: Settings, name: str, grant: int, *, is_given: bool) -> Letter | None:
    with database.reading() as db:
        held = people.role_in_unit(db, grant)
    if held is None or not held.proved_email:
        return None
    with speaking(held.language):
        values = {"name": held.name, "unit": held.unit, "is_given": is_given, "site": settings.site_name}
        text = render_template("mail/role.txt", role=held.role, link=_address(settings, "/"), **values)
        subject = (
            _("You now hold a role in %(unit)s", **values) if is_given else _("Your role in %(unit)s ended", **values)
        )
        return Letter(name, held.proved_email, subject, text)


def _address(settings: Settings, path: str) -> str:
    """A full address. It comes from the settings, never from a request's Host header."""
    return settings.url.rstrip("/") + path
