"""What help a certificate covers, in a line for whoever checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.content import queries as content
from lms.content.structure import HelpScope
from lms.helping.catalogue import AUDIENCE, AUDIENCES, SERVICE, SERVICES, choice_of
from lms.helping.models import HelpChoice
from lms.helping.rules import Kind
from lms.helping.words import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


NO_LIMIT = HelpScope()
# every visit to a certificate asks: what is not wanted is not put into words
BUILT_IN = {
    **{(AUDIENCE, each.code): each for each in AUDIENCES},
    **{(SERVICE, each.code): each for each in SERVICES},
}


def covers(db: Session, version: int, language: str, *, of_unit: bool) -> str:
    """What a course version says that its certificate is for, in words; empty where it sets no limit.

    `of_unit` asks about the certificate of an organisation. The database is asked for names of choices alone that a
    programme added to the lists itself.
    """
    earned = content.version(db, version).certificate
    rules = earned.organisations if earned and of_unit else earned
    if rules is None:
        return ""
    scope = rules.helps
    if scope == NO_LIMIT:
        return ""
    named = _names(db, scope, language)
    parts = (
        [str(KINDS[Kind(each)][0]) for each in scope.kinds if each in set(Kind)],
        [named[AUDIENCE, each] for each in scope.audiences],
        [named[SERVICE, each] for each in scope.services],
    )
    return " · ".join(", ".join(each) for each in parts if each)


def _names(db: Session, scope: HelpScope, language: str) -> dict[tuple[str, str], str]:
    """Names of audiences and services by their code; a code that nothing names stands for itself."""
    wanted = [*((AUDIENCE, each) for each in scope.audiences), *((SERVICE, each) for each in scope.services)]
    own = _own_names(db, [code for field, code in wanted if (field, code) not in BUILT_IN], language)
    return {each: BUILT_IN[each].name(language) if each in BUILT_IN else own.get(each, each[1]) for each in wanted}


def _own_names(db: Session, codes: Sequence[str], language: str) -> dict[tuple[str, str], str]:
    if not codes:
        return {}
    rows = db.scalars(select(HelpChoice).where(HelpChoice.code.in_(codes)).order_by(HelpChoice.id.desc()))
    return {(row.field, row.code): choice_of(row).name(language) for row in rows}
