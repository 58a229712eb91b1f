"""One course folder becomes a `Course`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lms.content.arrangement import Group, arrange, group_pages, is_course_page, loose_index_names
from lms.content.awards import evidence_words, organisation_words
from lms.content.fields import Fields
from lms.content.headings import own_title
from lms.content.languages import DEFAULT_LANGUAGE
from lms.content.lessons import LESSON_KEYS, Scope, make_lessons, make_modules
from lms.content.naming import folder_of, index_rank, is_page, words_of
from lms.content.order import Order
from lms.content.orderfiles import find_order
from lms.content.questionfiles import is_in_course, parse_course_files, practice_of
from lms.content.sources import Sources, served_kind
from lms.content.structure import CertificateRules, Course, CourseText, QuestionFile
from lms.plugins import QuestionType

PARTIES = ("owner", "provider", "coordinator", "issuer")
COURSE_KEYS = (
    "title", "summary", "language", "languages", "hours", "outcomes", "aligns", "topics", "requires", "exam",
    "complete", "certificate", "prior_learning", "partners", "co_issuers", "lessons", "courses", "approval", *PARTIES,
)  # fmt: skip
TRANSLATION_KEYS = ("title", "summary", "outcomes", "certificate", "complete", "prior_learning")
TRANSLATED_PARTS = {"complete": "actions", "prior_learning": "evidence"}  # of these, only what is words


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a course may refer to in its pack."""

    sources: Sources
    types: Mapping[str, QuestionType]
    banks: tuple[QuestionFile, ...]
    outside: frozenset[str] = frozenset()


def parse_course(around: Surroundings, course_id: str, root: str) -> Course:
    """Understand one course folder; what is wrong goes to the sources' problems."""
    sources = around.sources
    paths = [path for path in sources.under(root) if path not in around.outside]
    main = _own_index(paths, root)
    order = find_order(sources, root)
    order_file = order.file if order else ""
    settings = Fields(sources, main, sources.page(main))
    language = settings.language("language") or (order.language if order else "") or DEFAULT_LANGUAGE
    tags = _listed(settings, language)
    pages = group_pages((path for path in paths if is_course_page(path) and path != order_file), language, tags)
    questions = group_pages((path for path in paths if is_in_course(path)), language, tags)
    front = _front_page(pages, root, order)
    _report_double_index(sources, pages)
    files = parse_course_files(around.sources, around.types, questions, root, [bank.id for bank in around.banks])
    scope = Scope(sources, root, language, pages)
    arrangement = arrange(sources, root, pages, order, front.path if front else "")
    lessons, aside = make_lessons(scope, arrangement, practice_of(pages, questions))
    texts = _texts(sources, front, language, order, course_id)
    fields = _settings_of(sources, front, main)
    is_programme = bool(fields.texts("courses"))
    return Course(
        id=course_id,
        path=root,
        language=language,
        texts=texts,
        order_by=arrangement.by,
        hours=fields.hours("hours"),
        needs_approval=fields.flag("approval"),
        aligns=fields.texts("aligns"),
        topics=fields.texts("topics"),
        requires=fields.texts("requires"),
        courses=fields.texts("courses"),
        exam=_exam(around, fields, front, files),
        complete=fields.completion(),
        certificate=_award(fields, texts[language].title, front),
        prior_learning=fields.prior_learning(),
        parties={key: text for key in PARTIES if (text := fields.text(key))},
        partners=fields.texts("partners"),
        co_issuers=fields.texts("co_issuers"),
        modules=() if is_programme else make_modules(scope, arrangement, lessons),
        lessons=() if is_programme else lessons,
        aside=(*lessons, *aside) if is_programme else aside,
        question_files=files,
        files=tuple(sorted(path for path in paths if served_kind(path))),
        index=_index_paths(front, language),
        languages=tuple(tag for tag in tags if tag != language),
        sites=order.sites if order else (),
        roots=tuple(dict.fromkeys([*([order.root] if order else []), root, ""])),
        order_file=order_file,
    )


def _listed(settings: Fields, language: str) -> tuple[str, ...]:
    """The course's languages, its own first, if it says which there are meant to be."""
    others = settings.languages("languages")
    return (language, *others) if others else ()


def _own_index(paths: list[str], root: str) -> str:
    """The path of the front page's file in the course's own folder, for its settings; it need not exist."""
    here = (path for path in paths if folder_of(path) == root and is_page(path))
    ranked = [(rank, path) for path in here if (rank := index_rank(path)) is not None]
    return min(ranked)[1] if ranked else posixpath.join(root, "index.md")


def _front_page(pages: Mapping[str, Group], root: str, order: Order | None) -> Group | None:
    """The page that speaks for the course: an index before a README, the course's folder before its pages'."""
    folders = [root, order.root] if order else [root]
    found = [
        (rank, folders.index(folder_of(base)), base)
        for base in pages
        if folder_of(base) in folders and (rank := index_rank(base)) is not None
    ]
    return pages[min(found)[2]] if found else None


def _settings_of(sources: Sources, front: Group | None, main: str) -> Fields:
    path = front.path if front else main
    fields = Fields(sources, path, sources.page(path))
    fields.unknown(sources.page(path).values, (*COURSE_KEYS, *LESSON_KEYS))
    return fields


def _index_paths(front: Group | None, language: str) -> dict[str, str]:
    return {} if front is None else {language: front.path, **dict(sorted(front.translations.items()))}


def _report_double_index(sources: Sources, pages: Mapping[str, Group]) -> None:
    for readme, index in loose_index_names(pages):
        message = f"{index} is this folder's page; README.md beside it is only reached by links."
        sources.note(readme, 0, "index-and-readme", message, "Keep one of the two files.")


def _texts(
    sources: Sources, front: Group | None, language: str, order: Order | None, course_id: str
) -> dict[str, CourseText]:
    """The course's words, the source language first; translations repeat only what they translate."""
    site = order.title if order else ""
    if front is None:
        return {language: CourseText(site or words_of(course_id))}
    source = _text(sources, front.path, site, words_of(course_id))
    texts = {language: source}
    for tag, path in sorted(front.translations.items()):
        texts[tag] = _text(sources, path, "", source.title)
        _report_translation(sources, path, front.path, source, texts[tag])
    return texts


def _text(sources: Sources, path: str, site: str, fallback: str) -> CourseText:
    """The words of a front page. A site's own name beats the page's heading, but not its front matter."""
    page = sources.page(path)
    fields = Fields(sources, path, page)
    certificate = page.values.get("certificate")
    given = certificate.get("title") if isinstance(certificate, dict) else certificate
    organisation_title, mandate = organisation_words(certificate)
    return CourseText(
        title=fields.text("title") or site or own_title(page.text) or fallback,
        summary=fields.text("summary"),
        text=page.text,
        first_line=page.first_line,
        outcomes=fields.outcomes(),
        certificate_title=given if isinstance(given, str) else "",
        organisation_title=organisation_title,
        mandate=mandate,
        actions=fields.action_titles(),
        evidence=evidence_words(page.values.get("prior_learning")),
    )


def _report_translation(sources: Sources, path: str, main: str, source: CourseText, text: CourseText) -> None:
    page = sources.page(path)
    for key in page.values:
        if key in COURSE_KEYS and key not in TRANSLATION_KEYS:
            message = f"`{key}` in a translation has no effect; it stands in {main}."
            sources.warn(path, page.line(key), "translation-setting", message, "Take the line out.")
    for part, words in TRANSLATED_PARTS.items():
        rules = page.values.get(part)
        for key in rules if isinstance(rules, dict) else ():
            if key != words:
                message = f"`{key}` in a translation has no effect; it stands in {main}."
                sources.warn(path, page.line(part, key), "translation-setting", message, "Take the line out.")
    for outcome in text.outcomes:
        if outcome not in source.outcomes:
            message = f"The outcome `{outcome}` is not in {main}."
            line = page.line("outcomes", outcome)
            sources.warn(path, line, "translation-outcome", message, "Use the ids of the source language.")


def _award(fields: Fields, title: str, front: Group | None) -> CertificateRules | None:
    """What the course earns; the path of a logo is the one from the front page's folder."""
    award = fields.certificate(title)
    if award is None or front is None or not award.look.logo:
        return award
    logo = posixpath.normpath(posixpath.join(folder_of(front.path), award.look.logo))
    return replace(award, look=replace(award.look, logo=logo))


def _exam(around: Surroundings, fields: Fields, front: Group | None, files: tuple[QuestionFile, ...]) -> str:
    """The path of the exam's question file; empty if there is none or it is not found."""
    given = fields.text("exam")
    if not given or front is None:
        return ""
    known = {file.path: file for file in (*files, *around.banks)}
    target = given.partition("#")[0]
    for wanted in (posixpath.join(folder_of(front.path), target), target, f"quizzes/{target}"):
        path = posixpath.normpath(wanted)
        for candidate in (path, f"{path}.md", f"{path}.quiz.md"):
            if candidate in known:
                return candidate
    message = f"The exam {given} is not in this pack."
    fix = "Write the path from this file, for example `exam: ../../quizzes/name.md`."
    around.sources.fail(front.path, fields.line("exam"), "exam-missing", message, fix)
    return ""
