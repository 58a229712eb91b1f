"""`lms people`: accounts and roles from the command line."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from lms.cli.imports import bring_in, with_options
from lms.cli.schema import ready_database
from lms.config import load_settings
from lms.people import actions, queries
from lms.people.models import Person, RoleGrant, Unit
from lms.people.rules import SCOPED_ROLES, Role, password_problem
from lms.rosters.columns import PEOPLE

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

LOGIN = re.compile(r"[^\s@]+(@[^\s@]+)?")


@click.group()
def people() -> None:
    """See and make accounts and roles.

    Example: lms people list
    """


@people.command()
@click.option("--name", required=True, help="Name, as a certificate would show it.")
@click.option("--login", required=True, help="E-mail address or user name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="A role besides learning.")
@click.option("--unit", help="Code of the unit in which a coordinator's role holds.")
@click.option("--vouch", is_flag=True, help="The account that claims this e-mail address is its owner's.")
@click.option("--password", help="At least 10 characters; left out, it is asked for, or read from a pipe.")
def add(name: str, login: str, role: str | None, unit: str | None, *, vouch: bool, password: str | None) -> None:
    """Make an account, or give a role to the one that this login has.

    Example: lms people add --name "Ilze Ozola" --login ilze@example.org --role operator
    """
    if not name.strip() or not LOGIN.fullmatch(login):
        raise click.UsageError("--name takes a name, --login an e-mail address or a user name without spaces.")
    with ready_database(load_settings()) as database:
        with database.reading() as db:
            is_new = queries.by_login(db, login) is None
            _scope(db, role, unit)  # before a password is asked for in vain
        secret = actions.hash_password(_good_password(password, login)) if is_new else ""
        with database.writing() as db:
            person = _sign_up(db, actions.NewPerson(name, login, ""), secret) if is_new else _known(db, login, vouch)
            if role:
                actions.grant_role(db, person.id, Role(role), unit=_scope(db, role, unit), by=None)
    click.echo(f"Made the account {login}." if is_new else f"{login} has an account already.")
    if role:
        click.echo(f"{login} is {role} now.")


def _good_password(given: str | None, login: str) -> str:
    if given is None and sys.stdin.isatty():
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    password = sys.stdin.readline().rstrip("\r\n") if given is None else given
    if password_problem(password, login):
        raise click.ClickException("This password is too short or too usual. Take four ordinary words.")
    return password


def _sign_up(db: Session, new: actions.NewPerson, secret: str) -> Person:
    try:
        person = actions.sign_up(db, new, secret)
    except actions.NameTaken:
        raise click.ClickException(f"{new.login} belonged to an account that is closed. Take another name.") from None
    if person.email:
        person.proved_email = person.email  # who runs this command vouches for the address
    return person


def _known(db: Session, login: str, vouch: bool) -> Person:  # noqa: FBT001 - a flag of the command
    """The account of a login. Anybody may claim an address, and must not get a role by that."""
    person = queries.by_login(db, login)
    if person is None:
        raise click.ClickException(f"The account {login} was closed in this moment.")
    if person.email and person.proved_email != person.email:
        if not vouch:
            raise click.ClickException(
                f"{person.name} made an account with {login} but has not proved that the address is theirs: a link in "
                "a mail does that. If you know that it is: --vouch"
            )
        person.proved_email = person.email
    return person


def _scope(db: Session, role: str | None, code: str | None) -> int | None:
    if code is None:
        return None
    if role is None or Role(role) not in SCOPED_ROLES:
        raise click.UsageError("An operator's role holds everywhere; leave --unit out.")
    found = db.scalar(select(Unit.id).where(Unit.code == code))
    if found is None:
        raise click.ClickException(f"No unit has the code {code}.")
    return found


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_people(*, as_json: bool) -> None:
    """List everybody who holds a role.

    Example: lms people list --json
    """
    with ready_database(load_settings()) as database, database.reading() as db:
        rows = db.execute(
            select(Person.name, Person.email, Person.user_name, RoleGrant.role, Unit.code)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.ended_at.is_(None))
            .order_by(Person.folded_name)
        ).all()
    found = [{"name": r[0], "login": r[1] or r[2], "role": r[3], "unit": r[4]} for r in rows]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        click.echo(f"{row['role']:12} {row['login']:30} {row['name']}" + (f" ({row['unit']})" if row["unit"] else ""))


@people.command("import")
@with_options
@click.option("--move", is_flag=True, help="Whoever is in another unit of the same tree moves to the one in the file.")
def import_people(
    file: Path, unit: str | None, columns: tuple[str, ...], *, dry_run: bool, as_json: bool, move: bool
) -> None:
    """Bring a register of people in: CSV or XLSX with names, unit codes and what else is known.

    A second run changes nothing.

    Example: lms people import members.xlsx --unit 14 --dry-run
    """
    bring_in(PEOPLE, file, unit=unit, dry_run=dry_run, columns=columns, as_json=as_json, moves=move)
