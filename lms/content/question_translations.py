"""A question file in another language joined to its source: same questions, other words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lms.content.question_settings import QuizBlock
from lms.content.structure import Json, Option, Problem, Question, QuestionFile, QuizSettings

_WORDS = frozenset({"labels"})  # settings that hold text for the trainee


def settings_of_translation(
    path: str, block: QuizBlock, original: Question
) -> tuple[dict[str, Json], tuple[Problem, ...]]:
    """What a type needs to read a translated question: the source's type, and words in the settings.

    Another type is an error; other settings are ignored with a warning.
    """
    settings: dict[str, Json] = {"type": original.type}
    if original.type == "scale":
        settings |= {"from": original.spec.get("from"), "to": original.spec.get("to")}
    problems = []
    for key, value in block.values.items():
        line = block.lines.get(key, 0)
        if key in _WORDS and key in original.spec:
            settings[key] = value
        elif key == "type" and value != original.type:
            message = f"The type is `{value}` here and `{original.type}` in line {original.line} of the source."
            fix = "Remove it: settings stand in the source file only."
            problems.append(Problem(path, line, "error", "translation-type", message, fix))
        elif key != "type":
            message = f"`{key}` is ignored here."
            fix = "Remove it: settings stand in the source file only."
            problems.append(Problem(path, line, "warning", "translation-setting", message, fix))
    return settings, tuple(problems)


def merge_translation(source: QuestionFile, translation: QuestionFile) -> tuple[QuestionFile, tuple[Problem, ...]]:
    """The translation as a complete file: the source's questions, order, keys and settings in the other language.

    Accepted text answers and gaps are those of both languages. A question that is not translated stays in the
    source's words, with a warning. Errors name the lines of both files.
    """
    problems: list[Problem] = []
    translated = {question.id: question for question in translation.questions}
    strangers = [
        each for each in translation.questions if each.id not in {question.id for question in source.questions}
    ]
    missing = [each for each in source.questions if each.id not in translated]
    if translation.settings not in [QuizSettings(), source.settings]:
        message, fix = "The quiz settings are ignored here.", "Remove them: settings stand in the source file only."
        problems.append(Problem(translation.path, 1, "warning", "translation-setting", message, fix))
    for place, stranger in enumerate(strangers):
        problems.append(_stranger(source, translation, stranger, missing[place : place + 1]))
    for original in missing[len(strangers) :]:
        message = f"The question `{original.id}` (line {original.line} of {source.path}) has no translation here."
        fix = "Translate it; until then it is shown in the source language."
        problems.append(Problem(translation.path, 0, "warning", "translation-missing", message, fix))
    questions = []
    for original in source.questions:
        other = translated.get(original.id)
        wrong = _difference(source.path, translation.path, original, other) if other else None
        problems.extend([wrong] if wrong else [])
        questions.append(original if wrong or other is None else _merged(original, other))
    merged = replace(
        translation,
        id=source.id,
        introduction=translation.introduction or source.introduction,
        settings=source.settings,
        questions=tuple(questions),
    )
    return merged, tuple(problems)


def _stranger(
    source: QuestionFile, translation: QuestionFile, stranger: Question, counterpart: list[Question]
) -> Problem:
    there = f"line {counterpart[0].line} of {source.path} has `{counterpart[0].id}`" if counterpart else source.path
    message = f"The id `{stranger.id}` is not in the source file"
    message += f"; {there}." if counterpart else f" {there}."
    fix = f"Write `{{#{counterpart[0].id}}}`." if counterpart else "Remove the question, or add it to the source."
    return Problem(translation.path, stranger.line, "error", "translation-id", message, fix)


def _difference(source_path: str, path: str, original: Question, other: Question) -> Problem | None:
    """The first thing in which a translated question may not differ from its source, and does."""
    if original.type != other.type:
        message = f"`{other.type}` here, `{original.type}` in line {original.line} of {source_path}."
        return Problem(path, other.line, "error", "translation-type", message, "Make both the same type.")
    if "answers" in original.spec:
        return None
    if len(original.options) != len(other.options):
        here, there = len(other.options), len(original.options)
        message = f"{here} options here, {there} in line {original.line} of {source_path}."
        return Problem(
            path, other.line, "error", "translation-options", message, "Write the same options in their order."
        )
    for ours, theirs in zip(other.options, original.options, strict=True):
        if ours.right != theirs.right:
            message = f"This option's mark differs from line {theirs.line} of {source_path}."
            fix = "Leave all marks blank, or make them the same as in the source."
            return Problem(path, ours.line, "error", "translation-marks", message, fix)
    if original.spec.get("groups") != other.spec.get("groups"):
        message = f"Other right sides are equal than in line {original.line} of {source_path}."
        fix = "What is equal on the right in the source is equal in the translation."
        return Problem(path, other.line, "error", "translation-marks", message, fix)
    return _other_gaps(source_path, path, original, other)


def _other_gaps(source_path: str, path: str, original: Question, other: Question) -> Problem | None:
    theirs, ours = original.spec.get("gaps", ()), other.spec.get("gaps", ())
    if len(ours) != len(theirs):
        message = f"{len(ours)} gaps here, {len(theirs)} in line {original.line} of {source_path}."
        return Problem(
            path, other.line, "error", "translation-options", message, "Write as many gaps in the same order."
        )
    for place, (gap, its_source) in enumerate(zip(ours, theirs, strict=True), start=1):
        same = len(gap.get("choices", ())) == len(its_source.get("choices", ()))
        if not same or gap.get("right") != its_source.get("right"):
            message = f"Gap {place} has other choices than in line {original.line} of {source_path}."
            fix = "Write the same number of choices, the right one at the same place."
            return Problem(path, other.line, "error", "translation-marks", message, fix)
    return None


def _merged(original: Question, other: Question) -> Question:
    """The source's question in the words of the other one."""
    if "answers" in original.spec:
        options = (*other.options, *original.options)
    else:
        options = tuple(_worded(*pair) for pair in zip(original.options, other.options, strict=True))
    return replace(
        original,
        stem=other.stem,
        body=other.body,
        options=options,
        hint=other.hint or original.hint,
        explanation=other.explanation or original.explanation,
        spec=_spec(original.spec, other.spec),
        line=other.line,
    )


def _worded(original: Option, other: Option) -> Option:
    feedback = other.feedback or original.feedback
    return replace(original, text=other.text, feedback=feedback, match=other.match, line=other.line)


def _spec(original: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    """The source's spec with the translation's accepted answers before its own, and the translation's labels."""
    spec = dict(original)
    if "answers" in spec:
        spec["answers"] = [*other.get("answers", ()), *spec["answers"]]
    if "gaps" in spec:
        spec["gaps"] = [_gap(*pair) for pair in zip(spec["gaps"], other["gaps"], strict=True)]
    for key in _WORDS & spec.keys():
        spec[key] = {**spec[key], **other.get(key, {})}
    return spec


def _gap(original: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    if "choices" in original:
        return {**original, "choices": other["choices"]}
    return {**original, "answers": [*other["answers"], *original["answers"]]}
