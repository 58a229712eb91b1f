"""Certificates printed in a second of one processor, one by one and in a print job; and how much memory that takes.

10,000 in 5 minutes on two processors are 60 ms of each processor for a certificate.
"""

from __future__ import annotations

import resource
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lms.content.structure import DESIGNS
from lms.credentials.facts import Look
from lms.credentials.paper import Paper, render_pdf
from lms.printing.jobs import AT_ONCE, Job, print_jobs
from tests.credentials.test_paper import ENGLISH, paper

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.benchmark

ALONE = 20
MOST = 0.060  # seconds of processor time
MOST_MEGABYTES = 400  # of the process that makes a file


def papers(count: int, design: str) -> list[Paper]:
    facts = [replace(ENGLISH, holder=f"Nino O’Brien-Smith {number}", look=Look(design)) for number in range(count)]
    made = [paper(each) for each in facts]
    return [replace(each, signed=f"{each.signed[:-4]}{place:04d}") for place, each in enumerate(made)]


@pytest.mark.parametrize("design", DESIGNS)
def test_certificates_in_a_second(design: str) -> None:
    first, *others = papers(ALONE + 1, design)
    render_pdf(first)  # opens the typefaces
    began = time.process_time()
    for each in others:
        render_pdf(each)
    print(f"{design}: {ALONE / (time.process_time() - began):.0f} PDF a second of one processor")


def test_a_print_job_is_quick_enough_and_takes_little_memory(tmp_path: Path) -> None:
    many = papers(AT_ONCE, DESIGNS[0])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _job in print_jobs([Job("certificates.pdf", f"Certificates 1–{AT_ONCE}", ())], lambda _job: many, tmp_path, 1):
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / AT_ONCE
    peak, size = after.ru_maxrss / 1024, (tmp_path / "certificates.pdf").stat().st_size / AT_ONCE / 1000
    print(f"print job of {AT_ONCE}: {spent * 1000:.1f} ms each, {size:.0f} kB each, at most {peak:.0f} MiB")
    assert spent <= MOST
    assert peak <= MOST_MEGABYTES
