"""Pure: what an answer to an older version of a question means in a newer one, and whether its key is another one.

An answer to a choice is the place of an option in the source. Where a trainer moved options, the answer is carried
over by their words, so that nobody is graded by what she did not choose.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lms.content.queries import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lms.content.structure import Question
    from lms.plugins import QuestionType

CHOICE, TRUE_FALSE, MATCHING, ORDERING = "choice", "true-false", "matching", "sequencing"  # xAPI's names
LIKERT = "likert"


class Unclear(ValueError):
    """Nobody can tell what this answer means in the newer question: it stays graded as it is."""


def graded_again(kind: QuestionType, old: Question, new: Question, response: Any) -> float:
    """The worth, 0 to 1, of an answer by the key of the newer question. Raises `Unclear`."""
    score = kind.grade(new, carried(kind, old, new, response)).score
    if score is None:
        raise Unclear
    return score


def carried(kind: QuestionType, old: Question, new: Question, response: Any) -> Any:
    """An answer to the older question as an answer to the newer one. Raises `Unclear`."""
    if old.type != new.type:
        raise Unclear
    if isinstance(response, str) or old == new:
        return response
    carry = _CARRIERS.get(kind.interaction, _carry_listed)
    return carry(old, new, response)


def _carry_choice(old: Question, new: Question, response: Any) -> Any:
    places = _places(_texts(old), _texts(new))
    if isinstance(response, list):
        return sorted(_place(places, each) for each in response)
    return _place(places, response)


def _carry_matching(old: Question, new: Question, response: Any) -> Any:
    lefts = _places(_texts(old), _texts(new))
    rights = _places(_matches(old), _matches(new), may_repeat=True)
    if not isinstance(response, list) or len(old.options) != len(new.options):
        raise Unclear
    found: list[int | None] = [None] * len(new.options)
    for place, chosen in enumerate(response):
        if chosen is not None:
            found[_place(lefts, place)] = _place(rights, chosen)
    return found


def _carry_ordering(old: Question, new: Question, response: Any) -> Any:
    if not isinstance(response, list) or len(old.options) != len(new.options):
        raise Unclear
    places = _places(_texts(old), _texts(new))
    found: list[int | None] = [None] * len(new.options)
    for item, given in enumerate(response):
        found[_place(places, item)] = given
    return found


def _carry_listed(old: Question, new: Question, response: Any) -> Any:
    """Gaps and types of plugins: the same parts, with the same words to choose from."""
    if [_parts(gap) for gap in old.spec.get("gaps", ())] != [_parts(gap) for gap in new.spec.get("gaps", ())]:
        raise Unclear
    if _texts(old) != _texts(new):
        raise Unclear
    return response


_CARRIERS: dict[str, Callable[[Question, Question, Any], Any]] = {
    CHOICE: _carry_choice,
    TRUE_FALSE: _carry_choice,
    MATCHING: _carry_matching,
    ORDERING: _carry_ordering,
}


def _parts(gap: Any) -> Any:
    return gap.get("choices", "typed") if isinstance(gap, dict) else gap


def _texts(question: Question) -> list[str]:
    return [_plain(option.text) for option in question.options]


def _matches(question: Question) -> list[str]:
    return [_plain(option.match) for option in question.options]


def _plain(markup: str) -> str:
    """Words without their dress; the markup itself where there are none, such as a picture."""
    return " ".join(plain_text(markup).split()).casefold() or markup


def _places(old: Sequence[str], new: Sequence[str], *, may_repeat: bool = False) -> list[int | None]:
    """For each older text where it stands now; None where it is gone. A reworded one keeps its place."""
    if not may_repeat and max(Counter(new).values(), default=0) > 1:
        return list(range(len(old))) if list(old) == list(new) else [None] * len(old)
    where = {text: place for place, text in reversed(list(enumerate(new)))}
    found = [where.get(text) for text in old]
    if len(old) == len(new):
        moved = [place for place, now in enumerate(found) if now not in (place, None)]
        if not moved:  # what has other words was corrected where it stands
            return [place if now is None and new[place] not in old else now for place, now in enumerate(found)]
    return found


def _place(places: Sequence[int | None], index: Any) -> int:
    place = places[index] if isinstance(index, int) and 0 <= index < len(places) else None
    if place is None:
        raise Unclear
    return place


def is_changed(kind: QuestionType, old: Question, new: Question) -> bool:
    """Whether the newer question has another key: some answer that can be carried over is worth something else."""
    if old.type != new.type or kind.interaction == LIKERT:
        return False
    if any(_differs(kind, old, new, probe) for probe in _probes(kind, old, new)):
        return True
    return kind.interaction not in (CHOICE, TRUE_FALSE) and _accepted(kind, old) != _accepted(kind, new)


def _probes(kind: QuestionType, old: Question, new: Question) -> list[Any]:
    """Answers to try: what was right, and in a choice each option alone."""
    probes = [kind.model_response(old)]
    if kind.interaction in (CHOICE, TRUE_FALSE):
        is_list = isinstance(probes[0], list)
        probes += [[place] if is_list else place for place in range(len(old.options))]
    elif isinstance(kind.model_response(new), str):
        probes.append(kind.model_response(new))
    return [probe for probe in probes if probe is not None]


def _differs(kind: QuestionType, old: Question, new: Question, probe: Any) -> bool:
    try:
        return graded_again(kind, old, new, probe) != kind.grade(old, probe).score
    except Unclear:
        return False


def _accepted(kind: QuestionType, question: Question) -> Any:
    """What is accepted, as far as it can be told without trying: the answers of typed questions and of gaps."""
    spec = {name: value for name, value in question.spec.items() if name in ("answers", "gaps", "exact", "ignore")}
    typed = sorted((_plain(option.text), option.credit) for option in question.options) if "answers" in spec else []
    return spec, typed, bool(question.spec.get("all_or_nothing")), kind.name
