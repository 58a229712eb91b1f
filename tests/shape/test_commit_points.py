"""The few places that end a transaction. All other code leaves that to the request: below 400 a POST is kept."""

from __future__ import annotations

import ast
from functools import cache

from tests.shape.sources import name, python_files, tree

COMMITS = {
    "lms/db.py": "the block `with database.writing()`",
    "lms/shared_commits.py": "answers and lessons read, of many people in one commit",
    "lms/sqlite.py": "the connection of a writer, which leaves its turn",
    "lms/web/transaction.py": "the request's own transaction",
}
WRITES_APART = {
    "lms/accrediting/actions.py": "the worker looks at organisations, some hundred at a time",
    "lms/amending/actions.py": "the worker asks for letters, some hundred at a time",
    "lms/badges/actions.py": "the worker signs badges, some hundred at a time",
    "lms/certificate_jobs.py": "the worker asks for what is left to sign",
    "lms/cli/keys.py": "a command is no request",
    "lms/exchange/reading.py": "the worker reads a large file of questions",
    "lms/recognising/forgetting.py": "the worker deletes evidence whose time is over, some at a time",
    "lms/updating/actions.py": "the worker asks for letters, some hundred at a time",
    "lms/renewing/actions.py": "the worker deals cards for reviews",
    "lms/analysis/actions.py": "counting answers: one short transaction for what was read in some seconds",
    "lms/authoring/fetching.py": "the worker asks for its next look at a repository",
    "lms/authoring/uploads.py": "a pack that comes as a zip file is put on disk and published, or neither",
    "lms/cli/imports.py": "a command is no request",
    "lms/cli/people.py": "a command is no request",
    "lms/consulting/minding.py": "the worker looks at requests for help: a hundred of each kind at a time",
    "lms/content/packs.py": "publishing a folder, from a command or when its files change",
    "lms/cli/serve.py": "the first start makes the issuer's keys",
    "lms/coordination/reminding_job.py": "whom a reminder reaches, some hundred people at a time",
    "lms/demo/ambassadors.py": "a programme is made by a command",
    "lms/demo/bulk.py": "a programme is made by a command, in batches",
    "lms/demo/courses.py": "a programme is made by a command",
    "lms/demo/months.py": "what happened in the months before a demonstration",
    "lms/demo/programmes.py": "a programme is made by a command",
    "lms/demo/story.py": "the demonstration is made by a command",
    "lms/editing/file_views.py": "a text that came too late is kept as a draft, though the form answers 409",
    "lms/figures/actions.py": "counting takes changes away in transactions of its own",
    "lms/figures/turns.py": "counting: a short transaction for some hundred people at a time",
    "lms/grading/regrade_actions.py": "grading again: some hundred attempts at a time, so that others can write",
    "lms/helping/counting.py": "counting help: a thousand entries at a time",
    "lms/finding/looking.py": "the worker looks at help points: two hundred at a time",
    "lms/finding/importing.py": "a file of help points: two hundred rows at a time",
    "lms/helping/tally_import.py": "a file of tallies: a hundred months of units at a time",
    "lms/integrations/letters.py": "a sign-in link is kept before its letter leaves",
    "lms/jobs.py": "the worker: taking a job, finishing it",
    "lms/people/actions.py": "counters of failed sign-ins and the security log, kept although the form answers 422",
    "lms/reactions.py": "the worker's jobs, one transaction each",
    "lms/news/sending.py": "what became of each letter, before the next one goes",
    "lms/reminding/sending.py": "what became of each message, before the next one goes",
    "lms/reach/closing.py": "the worker writes the figures of a period that is closed: a thousand rows at a time",
    "lms/reporting/actions.py": "how far a report file is",
    "lms/reporting/making.py": "a report file that is done",
    "lms/repositories/pulling.py": "what became of a look at a repository, which may have published before",
    "lms/presses/making.py": "each file of a print job, so that a killed one goes on there",
    "lms/rosters/import_jobs.py": "noting who may be one, some hundred pairs at a time",
    "lms/rosters/running.py": "each batch of an import is one transaction, so that a killed run goes on there",
    "lms/vetting/looking.py": "the worker looks at new help: some hundred helpers' months at a time",
    "lms/sealing/actions.py": "the sealer: some hundred certificates at a time, so that others can write",
    "lms/sealing/listing.py": "the status list: it may be asked for again before it is read",
}


@cache
def callers() -> dict[str, set[str]]:
    """The files that call a method, by its name."""
    found: dict[str, set[str]] = {}
    for file in python_files("lms"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found.setdefault(node.func.attr, set()).add(name(file))
    return found


def test_who_commits() -> None:
    assert sorted(callers()["commit"] | callers()["begin"] | callers()["write_session"]) == sorted(COMMITS)


def test_who_writes_apart_from_the_request() -> None:
    assert sorted(callers()["writing"]) == sorted(WRITES_APART)
