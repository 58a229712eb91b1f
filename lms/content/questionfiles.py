"""The question files of a pack: found, named, parsed with their translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from lms.content.arrangement import Group, group_pages
from lms.content.naming import identity, index_rank, is_page, is_question_file, natural_key, stem, unique
from lms.content.questions import merge_translation, parse_question_file
from lms.content.sources import Sources
from lms.content.structure import QuestionFile
from lms.plugins import QuestionType

BANK_FOLDER = "quizzes"
_ANSWER = re.compile(r"^ {0,3}[-*+][ \t]+(?:\[[xX×х✓]\][ \t]|=)", re.MULTILINE)


def bank_paths(sources: Sources, *, certain: bool) -> tuple[str, ...]:
    """The files under `quizzes/` that are question banks.

    Unless `certain` is given, a folder of that name counts only if some file in it has an answer that is marked right.
    """
    paths = [path for path in sources.under(BANK_FOLDER) if is_page(path) and index_rank(path) is None]
    paths = [path for path in paths if not any(part.startswith(".") for part in path.split("/"))]
    if certain or any(_ANSWER.search(sources.text(path)) for path in paths):
        return tuple(sorted(paths, key=natural_key))
    return ()


def parse_banks(sources: Sources, types: Mapping[str, QuestionType], paths: Iterable[str]) -> tuple[QuestionFile, ...]:
    """Parse the banks; a bank's id is its path under `quizzes/`."""
    groups = group_pages(paths, "", ()).values()
    return _parse(sources, types, sorted(groups, key=lambda group: natural_key(group.base)), BANK_FOLDER, ())


def parse_course_files(
    sources: Sources, types: Mapping[str, QuestionType], groups: Mapping[str, Group], root: str, taken: Iterable[str]
) -> tuple[QuestionFile, ...]:
    """Parse the `.quiz.md` files of a course; ids that a bank already has get a number."""
    return _parse(sources, types, sorted(groups.values(), key=lambda group: natural_key(group.base)), root, taken)


def is_in_course(path: str) -> bool:
    """Whether a file of a course folder is one of its question files."""
    return is_question_file(path) and not any(part.startswith(".") for part in path.split("/"))


def _parse(
    sources: Sources, types: Mapping[str, QuestionType], groups: Iterable[Group], root: str, taken: Iterable[str]
) -> tuple[QuestionFile, ...]:
    owners = dict.fromkeys(taken, "a question bank")
    found = []
    for group in groups:
        wanted = identity(group.base[len(root) + 1 :] if root else group.base)
        name = unique(wanted, owners)
        if name != wanted:
            message = f'The name gives the id "{wanted}", which {owners[wanted]} has; "{name}" is used.'
            sources.warn(group.path, 1, "question-file-id-alike", message, "Rename one of the two files.")
        owners[name] = group.path
        found.append(_parse_group(sources, types, group, name))
    return tuple(found)


def _parse_group(sources: Sources, types: Mapping[str, QuestionType], group: Group, name: str) -> QuestionFile:
    source = _parse_one(sources, types, group.path, name, group.language or _stated_language(sources, group.path))
    translations = {}
    for tag, path in sorted(group.translations.items()):
        merged, problems = merge_translation(source, _parse_one(sources, types, path, name, tag, source))
        sources.problems.extend(problems)
        translations[tag] = merged
    return replace(source, translations=translations)


def _stated_language(sources: Sources, path: str) -> str:
    value = sources.page(path).values.get("language")
    return value if isinstance(value, str) else "en"


def _parse_one(
    sources: Sources,
    types: Mapping[str, QuestionType],
    path: str,
    name: str,
    language: str,
    source: QuestionFile | None = None,
) -> QuestionFile:
    text = sources.text(path)
    parsed, problems = parse_question_file(path, text, id=name, language=language, types=types, source=source)
    sources.problems.extend(problems)
    return parsed


def practice_of(pages: Mapping[str, Group], questions: Mapping[str, Group]) -> dict[str, str]:
    """The question file that belongs to each page: the one with the same name."""
    by_stem = {stem(base)[: -len(".quiz")]: group.path for base, group in questions.items()}
    return {group.path: by_stem[stem(base)] for base, group in pages.items() if stem(base) in by_stem}
