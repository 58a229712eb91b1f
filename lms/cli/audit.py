"""`lms certificates audit`: whether anybody changed what was issued."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lms.cli.schema import ready_database
from lms.clock import now
from lms.config import load_settings
from lms.sealing import audit_queries, heads_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lms.sealing.audit import Count, Finding

SHOWN = 20  # findings of a kind; the others are counted
MOST = 10_000  # findings in JSON


@click.command("audit")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A file of heads kept elsewhere, or what /verify/heads answered; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audit(heads: tuple[Path, ...], *, as_json: bool) -> None:
    """Look whether every certificate stands as it was sealed, and the chain leads through all heads.

    It finds each change of a protected column, certificates and seals that were deleted, in the middle or at the end,
    a chain made anew without the key, signatures and signed codes that were exchanged, and certificates that were never
    sealed. The heads in the data folder (heads.jsonl) are always taken in. Exit code: 0 all is as it was signed, 1
    something is not, 2 wrong use.

    Example: lms certificates audit
    """
    settings = load_settings()
    own = settings.home / heads_file.NAME
    files = [*([own] if own.exists() else []), *heads]
    with ready_database(settings) as database, database.at_one_moment() as db:
        count, found = audit_queries.examine(db, now(), files)
        try:
            (_as_json if as_json else _as_text)(found, count)
        except heads_file.BadLine as problem:
            raise click.ClickException(str(problem)) from None
    raise SystemExit(1 if count.found else 0)


def _as_text(found: Iterator[Finding], count: Count) -> None:
    said: Counter[str] = Counter()
    for finding in found:
        said[finding.kind] += 1
        if said[finding.kind] <= SHOWN:
            click.echo(_line(finding))
    for kind, number in said.items():
        if number > SHOWN:
            click.echo(f"… and {number - SHOWN} more like this ({kind}); --json lists them.")
    looked = f"{count.certificates} certificates, {count.seals} seals, {count.heads} heads"
    verdict = f"{sum(said.values())} things are not as they were signed." if said else "Everything is as it was signed."
    click.echo(f"Looked at {looked}. {verdict}")


def _line(finding: Finding) -> str:
    """A finding as a sentence; findings about heads are whole ones already."""
    if finding.seq and not finding.code and finding.kind in {"head", "tail", "rebuilt"}:
        return finding.words
    named = f"Certificate {finding.code}" if finding.code else ""
    if not finding.seq:
        return f"{named} {finding.words}"
    return f"Seal {finding.seq}{f' ({named.lower()[0]}{named[1:]})' if named else ''}: {finding.words}"


def _as_json(found: Iterator[Finding], count: Count) -> None:
    kept: list[dict[str, Any]] = []
    for finding in found:
        if len(kept) < MOST:
            kept.append(asdict(finding))
    about = {"certificates": count.certificates, "seals": count.seals, "heads": count.heads}
    click.echo(json.dumps({"looked_at": about, "found": dict(count.found), "findings": kept}, ensure_ascii=False))
