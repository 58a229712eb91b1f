"""The question types that come with Handrail: plugins like any other, each in a file with its worked example.

A *type* turns a `QuestionSource` into a `Question`, reads a form into a *response* (plain JSON), and grades it.
`answers` are what authors accept of what trainees type, `options` what trainees choose from, `spec` what only the
type understands. The order of `BUILT_IN` is the order in which an untyped question is offered to them.
"""

from __future__ import annotations

from lms.plugins import QuestionType
from lms.question_types.command import Command
from lms.question_types.essay import Essay
from lms.question_types.gaps import Gaps
from lms.question_types.matching import Matching
from lms.question_types.multiple import Multiple
from lms.question_types.number import Number
from lms.question_types.ordering import Ordering
from lms.question_types.scale import Scale
from lms.question_types.single import Single
from lms.question_types.text import Text
from lms.question_types.true_false import TrueFalse
from lms.question_types.upload import Upload

BUILT_IN: tuple[QuestionType, ...] = (
    TrueFalse(),
    Multiple(),
    Single(),
    Number(),
    Text(),
    Matching(),
    Ordering(),
    Gaps(),
    Essay(),
    Upload(),
    Command(),
    Scale(),
)
