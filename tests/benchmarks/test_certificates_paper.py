"""Certificates printed in a second of one processor: one by one, and in a print job.

10,000 in 5 minutes on two processors are 60 ms of each processor for a certificate.
"""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lms.content.structure import DESIGNS
from lms.credentials.facts import Look
from lms.credentials.paper import Paper, render_many, render_pdf
from tests.credentials.test_paper import ENGLISH, paper

pytestmark = pytest.mark.benchmark

ALONE, IN_A_JOB = 20, 500
MOST = 0.060  # seconds of processor time


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


def test_a_print_job_is_quick_enough() -> None:
    many = papers(IN_A_JOB, DESIGNS[0])
    began = time.process_time()
    made = render_many(many, "Certificates 1–500")
    spent = (time.process_time() - began) / IN_A_JOB
    print(f"print job: {spent * 1000:.0f} ms each, {len(made) / IN_A_JOB / 1000:.0f} kB each")
    assert spent <= MOST
