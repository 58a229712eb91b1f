"""`lms keys`: the keys that sign certificates, and new ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import click

from lms.cli.schema import ready_database
from lms.config import load_settings
from lms.issuers import actions, keyring, queries
from lms.sealing.actions import note_head, sign_head_anew
from lms.sealing.queries import last_head

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.issuers.signing import Kind, PublicKey

KINDS = ("ed25519", "p256", "rsa")


@click.group()
def keys() -> None:
    """Show and renew the keys that sign certificates. Private keys are never shown.

    Example: lms keys list
    """


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_keys(*, as_json: bool) -> None:
    """List all keys that there ever were, with the time in which each signed.

    Example: lms keys list
    """
    with ready_database(load_settings()) as database, database.reading() as db:
        known = queries.keys(db)
    if as_json:
        click.echo(json.dumps([as_plain(key) for key in known]))
        return
    if not known:
        click.echo("There are no keys yet. `lms serve` makes the first ones, and so does: lms keys rotate")
    for key in known:
        click.echo(f"{key.kid}  {key.kind:8} {key.issuer}  since {key.since:%Y-%m-%d %H:%M} UTC, {_use(key)}")


@keys.command()
@click.option("--kind", type=click.Choice(KINDS), help="Only this kind of key; left out: each kind in use.")
@click.option("--issuer", default="", help="The issuer's short name; left out: the installation's own.")
@click.option("--broken", default="", help="Why the old key can be trusted no more, in words that anybody may read.")
@click.option("--key", "kid", default="", help="With --broken: this key alone, also one that was retired before.")
@click.option("--since", help="With --broken: from when nothing counts, for example 2026-11-20; left out: now.")
@click.option("--json", "as_json", is_flag=True, help="Print the new keys as JSON.")
def rotate(*, kind: str | None, issuer: str, broken: str, kid: str, since: str | None, as_json: bool) -> None:
    """Make new keys. The old ones sign no more; what they signed goes on counting.

    With --broken, nothing counts that the old key signed from that moment on: somebody else may have it. Restarting
    the server is not needed.

    Example: lms keys rotate
    """
    moment = _moment(since, broken)
    if kid and not broken:
        raise click.UsageError("--key goes with --broken: it says which key somebody else may have.")
    settings = load_settings()
    with ready_database(settings) as database:
        try:
            with database.writing() as db:
                if kid:
                    made = _give_up(db, settings, kid, broken, moment)
                else:
                    made = _rotate(db, settings, issuer, kind, broken, moment)
        except keyring.NoKey as problem:
            raise click.ClickException(str(problem)) from None
        except actions.NoSuchIssuer:
            raise click.UsageError(f"There is no issuer {issuer}. `lms keys list` names them.") from None
        with database.reading() as db:
            note_head(settings.home, last_head(db))
    if as_json:
        click.echo(json.dumps([as_plain(key) for key in made]))
        return
    if kid:
        click.echo(f"The key {kid} is broken: {broken}")
    for key in made:
        click.echo(f"New key {key.kid} ({key.kind}) for {key.issuer}.")


def _give_up(db: Session, settings: Settings, kid: str, broken: str, since: datetime | None) -> list[PublicKey]:
    """Give one key up; a new one takes its place if it was in use."""
    key = next((key for key in queries.keys(db) if key.kid == kid), None)
    if key is None:
        raise click.UsageError(f"There is no key {kid}. `lms keys list` names them.")
    if key.is_in_use:
        return _rotate(db, settings, key.issuer, key.kind, broken, since)
    actions.give_up(db, kid, why=broken, since=since)
    return []


def _rotate(
    db: Session, settings: Settings, issuer: str, kind: str | None, broken: str, since: datetime | None
) -> list[PublicKey]:
    if not queries.keys(db):
        keyring.make_missing(db, settings)
        return queries.keys(db)
    own = queries.default_issuer(db)
    slug = issuer or (own.slug if own else "")
    in_use = [key.kind for key in queries.keys(db, slug) if key.is_in_use]
    kinds = [kind] if kind else in_use or keyring.FIRST_KINDS
    made = [actions.rotate(db, settings, slug, cast("Kind", each), broken=broken, since=since) for each in kinds]
    if any(key.kind == "ed25519" for key in made):
        sign_head_anew(db, settings)
    return made


def _moment(since: str | None, broken: str) -> datetime | None:
    if since is None:
        return None
    if not broken:
        raise click.UsageError("--since goes with --broken: it says from when nothing counts.")
    try:
        read = datetime.fromisoformat(since)
    except ValueError:
        raise click.UsageError(f"--since {since}: write a day or a moment as 2026-11-20 or 2026-11-20T08:30.") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _use(key: PublicKey) -> str:
    if key.broken_at is not None:
        return f"broken since {key.broken_at:%Y-%m-%d %H:%M} UTC: {key.broken_reason}"
    return f"retired {key.until:%Y-%m-%d %H:%M} UTC" if key.until is not None else "in use"


def as_plain(key: PublicKey) -> dict[str, Any]:
    """A key as JSON tells it."""
    return {
        "kid": key.kid,
        "kind": key.kind,
        "issuer": key.issuer,
        "since": key.since.isoformat(),
        "until": key.until and key.until.isoformat(),
        "broken_at": key.broken_at and key.broken_at.isoformat(),
        "broken_reason": key.broken_reason,
        "jwk": dict(key.jwk),
        "multikey": key.multikey,
    }
