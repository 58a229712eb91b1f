"""Each type can say what would have earned everything, and its own grading agrees."""

import pytest

from lms.plugins import QuestionType
from lms.question_types import BUILT_IN
from lms.testing import example_question


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_model_response_earns_everything(kind: QuestionType) -> None:
    question = example_question(kind)
    response = kind.model_response(question)
    if response is None:
        assert kind.name in {"essay", "upload", "scale"}
    else:
        assert kind.grade(question, response).is_right
