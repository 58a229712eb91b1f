"""Who may import whom. The contracts stand in pyproject.toml; what they cannot say stands here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.shape.sources import ROOT

READERS = ("models", "queries")

# Who else reads another slice's tables, and why.
OTHER_READERS: dict[str, str] = {
    "lms.cli.people": "the operator's way in when nobody can sign in",
    "lms.demo.courses": "makes what people who never lived did in their courses",
    "lms.demo.ambassadors": "makes the help of a programme",
    "lms.demo.desk": "makes what their coordinators set up",
    "lms.demo.help_writing": "makes the help that they gave",
    "lms.demo.learning": "makes their progress, exams and certificates, by the hundred thousand",
    "lms.demo.library_points": "makes their help points",
    "lms.demo.months": "makes the periods that their coordinators report on",
    "lms.demo.points": "makes their help points",
    "lms.demo.programmes": "makes whole programmes of them",
    "lms.demo.sessions": "makes their sessions",
    "lms.demo.story": "makes a few people and units who never lived",
    "lms.demo.writing": "makes their units and accounts",
    "lms.integrations.letters": "a letter's words come from the row that it is about",
    "lms.organisation.actions": "reads again, under a lock, the unit or role that it changes",
    "lms.learning.uploads": "serves the file of an answer to whoever may see it",
    "lms.news.rounds": "a letter goes to the people whom it finds, whose rows it reads as it writes",
    "lms.quiz.actions": "an attempt belongs to a pseudonym, which people keep",
    "lms.sealing.actions": "what is sealed is the row of a certificate itself",
    "lms.quiz.regrading": "keeps everything else from the owners of many attempts, as for one",
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom at run time; naming a row's type in an annotation is not reading a table."""
    return grimp.build_graph("lms", cache_dir=None, exclude_type_checking_imports=True)


def test_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_tables_are_read_by_their_slice_and_by_queries(graph: grimp.ImportGraph) -> None:
    """A slice's models are its own; the models and queries of slices above may build on them, and nobody else."""
    foreign = {
        importer
        for models in graph.modules
        if models.endswith(".models")
        for importer in graph.find_modules_that_directly_import(models)
        if not is_reader(importer, models)
    }
    assert sorted(foreign) == sorted(OTHER_READERS)


def is_reader(importer: str, models: str) -> bool:
    """Whether a module may import this `models`."""
    return slice_of(importer) == slice_of(models) or importer.endswith(READERS)


def slice_of(module: str) -> str:
    """`lms.people.models` -> `lms.people`."""
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize(
    ("importer", "models", "may"),
    [
        ("lms.people.actions", "lms.people.models", True),
        ("lms.learning.models", "lms.people.models", True),
        ("lms.learning.queries", "lms.people.models", True),
        ("lms.learning.actions", "lms.people.models", False),
        ("lms.learning.views", "lms.content.models", False),
    ],
)
def test_who_counts_as_a_reader(importer: str, models: str, may: bool) -> None:
    assert is_reader(importer, models) == may


ORDER = ("rules", "models", "queries", "actions", "forms", "views")


def test_a_name_with_two_parts_keeps_to_the_order_too(graph: grimp.ImportGraph) -> None:
    """`quiz_views` is a `views`, `allowance_queries` a `queries`: what a contract cannot say by its list of names."""
    upward = [
        f"{importer} -> {imported}"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if slice_of(importer) == slice_of(imported) and 0 <= rank(importer) < rank(imported)
    ]
    assert upward == []


def rank(module: str) -> int:
    """How high in its slice a module stands; -1 if its name promises nothing."""
    kind = module.rsplit(".", 1)[-1].rsplit("_", 1)[-1]
    return ORDER.index(kind) if kind in ORDER else -1


def test_rank() -> None:
    assert [rank(f"lms.quiz.{each}") for each in ("rules", "exam_views", "paper")] == [0, 5, -1]
