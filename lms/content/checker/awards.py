"""Rules about what a course earns, and by what."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.checker.rule import Check, CheckedCourse, Found, Rule
from lms.content.structure import DESIGNS, MicroCredential


def _incomplete(check: Check) -> Iterator[Found]:
    for each in check.courses:
        award = each.course.certificate
        if award is not None and award.micro is not None:
            line = each.line("certificate", "micro_credential")
            for what in _missing_elements(each, award.micro):
                yield Found(each.index, line, f"A micro-credential states {what}; here it is missing.")


def _missing_elements(each: CheckedCourse, micro: MicroCredential) -> Iterator[str]:
    """Those of the mandatory elements that the course has to give; holder, title and date come with the issue."""
    course = each.course
    elements = {
        "its awarding body (`issuer:`)": course.parties.get("issuer"),
        "the country of the issuer (`country:`)": micro.country,
        "learning outcomes (`outcomes:`)": course.texts[course.language].outcomes,
        "the workload (`hours:`)": course.hours,
        "the level of the learning (`level:`)": micro.level,
        "the type of assessment (`exam:`)": course.exam,
        "the form of participation (`participation:`)": micro.participation,
        "how its quality is assured (`quality:`)": micro.quality,
    }
    return (name for name, value in elements.items() if not value)


def _logo_missing(check: Check) -> Iterator[Found]:
    for each in check.courses:
        award = each.course.certificate
        if award is not None and award.look.logo and award.look.logo not in check.targets.sources.files:
            yield Found(each.index, each.line("certificate", "logo"), f"There is no picture {award.look.logo}.")


def _design_unknown(check: Check) -> Iterator[Found]:
    for each in check.courses:
        award = each.course.certificate
        if award is not None and award.look.design not in ("", *DESIGNS):
            known = ", ".join(DESIGNS)
            words = f"There is no design {award.look.design}, only {known}; {DESIGNS[0]} would be printed."
            yield Found(each.index, each.line("certificate", "design"), words)


def _prior_without_certificate(check: Check) -> Iterator[Found]:
    for each in check.courses:
        if each.course.prior_learning is not None and each.course.certificate is None:
            words = "Prior learning would earn nothing here: the course gives no certificate."
            yield Found(each.index, each.line("prior_learning"), words)


def _prior_outcome_unknown(check: Check) -> Iterator[Found]:
    for each in check.courses:
        asked, known = each.course.prior_learning, each.course.texts[each.course.language].outcomes
        for name in asked.outcomes if asked is not None else ():
            if name not in known:
                words = f"Evidence is asked for the outcome `{name}`, which the course does not have."
                yield Found(each.index, each.line("prior_learning", "outcomes"), words)


_MICRO = """---
issuer: Culture Centre
hours: 1
outcomes:
  open: Open doors
exam: ../../quizzes/exam.md
certificate:
  title: Opener
  micro_credential:
    country: LV
    level: EQF 4
    participation: online
{quality}---
"""
_EXAM = """---
pass: 80%
---
## Which door? {#door}

```quiz
outcome: open
```

- [ ] left
  > No.
- [x] right
  > Yes.
"""
_LOGO = "---\ncertificate:\n  title: Opener\n  logo: {logo}\n---\n"
_DESIGN = "---\ncertificate:\n  title: Opener\n  design: {design}\n---\n"
_PRIOR = """---
outcomes:
  open: Open doors
{certificate}prior_learning:
  evidence: [a record of a course that you took]
  outcomes: [{outcome}]
---
"""
_OPENER = "certificate: Opener\n"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1H0z"/></svg>'


def _pack(index: str) -> dict[str, str]:
    return {"courses/d/index.md": index, "courses/d/a.md": "# A\n\nText.\n", "quizzes/exam.md": _EXAM}


RULES = (
    Rule(
        "micro-credential-incomplete",
        "error",
        "Who declares a European micro-credential promises all of its mandatory elements: holder, title, country, "
        "awarding body, date, outcomes, workload, level, assessment, participation and quality assurance.",
        "Add what is missing, or take `micro_credential:` out.",
        _pack(_MICRO.format(quality="")),
        _pack(_MICRO.format(quality="    quality: reviewed each year by the ministry\n")),
        "courses/d/index.md",
        9,
        _incomplete,
    ),
    Rule(
        "certificate-logo-missing",
        "error",
        "The logo is printed on each certificate; without the file none could be printed as you designed it.",
        "Write the path from the top of the course's folder, for example `logo: img/logo.svg`.",
        {**_pack(_LOGO.format(logo="img/logo.svg"))},
        {**_pack(_LOGO.format(logo="img/logo.svg")), "courses/d/img/logo.svg": _SVG},
        "courses/d/index.md",
        4,
        _logo_missing,
    ),
    Rule(
        "certificate-design-unknown",
        "warning",
        "A certificate is printed in one of the designs that come with the program.",
        "Write `design: bookplate`, `design: stair` or `design: plain`.",
        _pack(_DESIGN.format(design="wallpaper")),
        _pack(_DESIGN.format(design="stair")),
        "courses/d/index.md",
        4,
        _design_unknown,
    ),
    Rule(
        "prior-learning-without-certificate",
        "error",
        "Whoever knows the subject already sends evidence to get the certificate; without one it would be sent for "
        "nothing.",
        "Add a `certificate:`, or take `prior_learning:` out.",
        _pack(_PRIOR.format(certificate="", outcome="open")),
        _pack(_PRIOR.format(certificate=_OPENER, outcome="open")),
        "courses/d/index.md",
        4,
        _prior_without_certificate,
    ),
    Rule(
        "prior-learning-outcome-unknown",
        "error",
        "People are asked to show each of these outcomes, and the certificate names them: they have to be outcomes of "
        "the course.",
        "Use the ids of `outcomes:`, or leave `outcomes:` out of `prior_learning:` to ask for all of them.",
        _pack(_PRIOR.format(certificate=_OPENER, outcome="close")),
        _pack(_PRIOR.format(certificate=_OPENER, outcome="open")),
        "courses/d/index.md",
        7,
        _prior_outcome_unknown,
    ),
)
