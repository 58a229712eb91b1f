"""`lms people`: accounts and roles from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from lms.config import load_settings
from lms.db import Database
from lms.people import actions, queries
from lms.people.models import Person, RoleGrant, Unit
from lms.people.rules import SCOPED, Role, password_problem

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group()
def people() -> None:
    """See and make accounts and roles."""


@people.command()
@click.option("--name", required=True, help="Name, as a certificate would show it.")
@click.option("--login", required=True, help="E-mail address or user name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="A role besides learning.")
@click.option("--unit", help="Code of the unit in which a coordinator's role holds.")
@click.password_option(help="At least 10 characters; asked for if left out.")
def add(name: str, login: str, role: str | None, unit: str | None, password: str) -> None:
    """Make an account, or give a role to the one that this login has.

    Example: lms people add --name "Ilze Ozola" --login ilze@example.org --role operator
    """
    with Database(load_settings().database).writing() as db:
        person = queries.by_login(db, login)
        if person is None:
            if password_problem(password, login):
                raise click.ClickException("This password is too short or too usual. Take four ordinary words.")
            person = actions.sign_up(db, actions.NewPerson(name, login, password), actions.hash_password(password))
            if person.email:
                person.proved_email = person.email  # who runs this command vouches for the address
            click.echo(f"Made the account {login}.")
        if role:
            actions.grant_role(db, person.id, Role(role), unit=_scope(db, Role(role), unit), by=None)
            click.echo(f"{login} is {role} now.")


def _scope(db: Session, role: Role, code: str | None) -> int | None:
    if code is None:
        return None
    if role not in SCOPED:
        raise click.UsageError(f"The role {role} holds everywhere; leave --unit out.")
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
    with Database(load_settings().database).reading() as db:
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
