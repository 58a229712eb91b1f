"""Courses for tests, as mappings of path to text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lms.content.actions import Draft, prepare, remember_report
from lms.content.actions import publish as publish_draft
from lms.discovery import OWN, question_types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.db import Database

SMALL = {
    "courses/first-aid/index.md": """---
title: First aid for passwords
summary: A small course for tests.
language: en
hours: 2
outcomes: {keep: Keep passwords, help: Help others}
topics: [life/safety]
exam: ../../quizzes/first-aid-exam.md
issuer: Test Institute
owner: Ministry of Tests
certificate: {title: Password helper, level: local, valid: 24 months}
---

What this course is about.
""",
    "courses/first-aid/index.lv.md": """---
title: Pirmā palīdzība parolēm
summary: Mazs kurss.
outcomes: {keep: Glabāt paroles, help: Palīdzēt citiem}
certificate: {title: Paroļu palīgs}
---

Par ko ir šis kurss.
""",
    "courses/first-aid/01-long-passwords.md": """---
summary: Length wins.
topics: [life/safety]
---
# Long passwords

Four words are easy to keep. See [the next lesson](02-helping.md).

## Why length wins

A long password takes longer to guess.

![A key](images/key.svg)

[Which one is hardest?](01-long-passwords.quiz.md#hardest)
""",
    "courses/first-aid/01-long-passwords.lv.md": "# Garas paroles\n\nČetri vārdi ir viegli paturami.\n",
    "courses/first-aid/01-long-passwords.quiz.md": """## Which password is hardest to guess? {#hardest}

- [ ] `P@ssw0rd`
  > Attackers try this one first.
- [x] four random words
  > Right: length beats symbols.

> [!NOTE]
> Length beats symbols.
""",
    "courses/first-aid/02-helping.md": """# Helping without typing

Hands off their keyboard.
""",
    "courses/first-aid/images/key.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>A key</title>'
        '<rect width="8" height="8"/></svg>'
    ),
    "quizzes/first-aid-exam.md": """---
title: Exam of first aid
pass: 75%
draw: 4
attempts: 2
retry_after: 1 hour
minutes: 10
review: submitted
shuffle: yes
---

## Which is longest? {#longest}

```quiz
outcome: keep
```

- [ ] abc
- [x] abcdef
- [ ] abcd

> [!NOTE]
> Count the letters.

## Which may you know? {#may-know}

```quiz
outcome: help
```

- [x] The name of the service
- [ ] The password
- [x] The opening hours

> [!NOTE]
> Never the password.

## How many words make a good password? {#how-many}

```quiz
outcome: keep
```

- = 4

> [!NOTE]
> Four.

## A keyboard belongs to its user. {#keyboard}

```quiz
outcome: help
type: true-false
```

- [x] True
- [ ] False

> [!NOTE]
> Always.
""",
}


def as_files(pack: Mapping[str, str]) -> dict[str, bytes]:
    """A pack as the parser takes it."""
    return {path: text.encode() for path, text in pack.items()}


def publish(database: Database, pack: Mapping[str, str], name: str = "tests") -> list[str]:
    """Publish a pack; the ids of the courses that changed. Raises `PackHasErrors`."""
    draft = _prepared(name, tuple(pack.items()))
    with database.writing() as db:
        changed = publish_draft(db, draft)
        remember_report(db, draft)
    return changed


@cache
def _prepared(name: str, files: tuple[tuple[str, str], ...]) -> Draft:
    return prepare(name, as_files(dict(files)), question_types([OWN]))
