"""Makes the demonstration of a whole programme: plans it, writes it in bulk, counts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from lms.clock import now
from lms.demo import ambassadors, georgia, latvia, library_points, moldova, tajikistan, vietnam
from lms.demo.bulk import look_over
from lms.demo.courses import Say, plan_steps, write_courses
from lms.demo.desk import write_desk
from lms.demo.help_writing import count_help, helpers_of, write_help
from lms.demo.plan import Account, Plan
from lms.demo.story import PASSWORD, AnotherDemonstration, RealPeople, has_people
from lms.demo.writing import Crowd, gather, write_people, write_units
from lms.figures.actions import recount
from lms.people import actions as people
from lms.people import queries as known
from lms.people.models import RoleGrant, Unit

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.demo.progress import Way
    from lms.plugins import QuestionType

    Steps: TypeAlias = Mapping[str, Sequence[Way]]

PLANS: Mapping[str, Callable[[date, float], Plan]] = {
    "georgia": georgia.plan,
    "latvia": latvia.plan,
    "moldova": moldova.plan,
    "tajikistan": tajikistan.plan,
    "vietnam": vietnam.plan,
}
# programmes whose places the public finds
POINTS: Mapping[str, Callable[[Database, Plan, Crowd], None]] = {
    "latvia": library_points.write,
}
# programmes of which it is known how many people were helped
KNOWN_HELP: Mapping[str, Callable[[Database, Plan, Crowd, Steps], None]] = {
    "moldova": ambassadors.write,
}


def accounts_of(name: str) -> Sequence[Account]:
    """Whom to sign in as in a programme."""
    return PLANS[name](now().date(), 0.01).accounts


def make_programme(
    database: Database,
    types: Mapping[str, QuestionType],
    name: str,
    *,
    scale: float = 1.0,
    help_entries: int | None = None,
    say: Say = lambda _: None,
) -> bool:
    """Make a programme's demonstration once; False if it is there. `scale` below 1 makes it smaller.

    `help_entries` says how often help was noted, if not as often as the programme's plan says.

    Raises `RealPeople`, `AnotherDemonstration`.
    """
    plan = PLANS[name](now().date(), scale)
    if _is_made(database, plan):
        return False
    say(f"{len(plan.units):,} units and {sum(unit.members for unit in plan.units):,} people")
    accounts = _write_accounts(database, plan)
    crowd = gather(database, plan, accounts)
    steps = plan_steps(database, plan, crowd)
    begun = frozenset(way.person for found in steps.values() for way in found if way.stage != "exempt")
    write_units(database, plan, crowd)
    write_people(database, plan, crowd, begun, people.hash_password(PASSWORD))
    write_courses(database, plan, crowd, steps, types, say)
    if name in POINTS:
        POINTS[name](database, plan, crowd)
    with database.writing() as db:
        write_desk(db, plan, crowd, accounts[0])
        _give_roles(db, plan, crowd, accounts)
    look_over(database)
    say("counting")
    recount(database)
    _write_help(database, name, (plan, crowd, steps), help_entries, say)
    look_over(database)
    return True


def _write_help(
    database: Database, name: str, made: tuple[Plan, Crowd, Steps], help_entries: int | None, say: Say
) -> None:
    """The help that is known of a programme, entry by entry; or so many made-up entries."""
    plan, crowd, steps = made
    amount = plan.help_entries if help_entries is None else help_entries
    if name in KNOWN_HELP and help_entries is None:
        KNOWN_HELP[name](database, plan, crowd, steps)
    elif amount:
        say(f"{amount:,} entries of help")
        write_help(database, helpers_of(plan, crowd, steps), amount, str(plan.seed), plan.hours_east)
    count_help(database)


def _is_made(database: Database, plan: Plan) -> bool:
    """Whether this very programme is there, whole."""
    with database.reading() as db:
        if has_people(db, demo=False):
            raise RealPeople
        if not has_people(db, demo=True):
            return False
        root = db.scalar(select(Unit.id).where(Unit.code == plan.units[0].code))
        someone = known.by_login(db, plan.accounts[0].login)
        is_whole = someone and db.scalar(select(RoleGrant.id).where(RoleGrant.person_id == someone.id))
        if root is None or not is_whole:
            raise AnotherDemonstration
        return True


def _write_accounts(database: Database, plan: Plan) -> list[int]:
    """Those to sign in as come first, through the action that real people use."""
    secret = people.hash_password(PASSWORD)
    with database.writing() as db:
        return [
            people.sign_up(
                db,
                people.NewPerson(
                    each.person.name, each.login, "", each.person.language, latin_name=each.person.latin, is_demo=True
                ),
                secret,
            ).id
            for each in plan.accounts
        ]


def _give_roles(db: Session, plan: Plan, crowd: Crowd, accounts: Sequence[int]) -> None:
    """The last step: with it, the demonstration is whole."""
    for account, person in zip(plan.accounts, accounts, strict=True):
        if account.role is not None:
            scope = crowd.unit_ids[account.scope] if account.scope else None
            people.grant_role(db, person, account.role, unit=scope, by=None)
