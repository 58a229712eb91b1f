"""True or false: a statement to judge."""

from __future__ import annotations

from dataclasses import replace

from lms.content.structure import Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.building import problem
from lms.question_types.choices import is_choice
from lms.question_types.single import Single

EXAMPLE = """\
## A padlock beside the address means that the shop is honest. {#padlock}

- [ ] True
  > The padlock says only that nobody can listen on the way.
- [x] False
  > A dishonest shop can have a padlock too. Look at who stands behind the address.
"""

# The pairs that authors write, in small letters: true, false.
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("true", "false"),),
    "lv": (
        ("patiesi", "nepatiesi"),
        ("patiess", "nepatiess"),
        ("patiesi", "aplami"),
        ("taisnība", "nav taisnība"),
        ("pareizi", "nepareizi"),
    ),
    "ro": (("adevărat", "fals"), ("corect", "greșit")),
    "vi": (("đúng", "sai"),),
    "ka": (("მართალია", "მცდარია"), ("სწორია", "არასწორია"), ("ჭეშმარიტია", "მცდარია")),
    "ru": (("верно", "неверно"), ("правда", "неправда"), ("истина", "ложь"), ("правда", "ложь")),
    "tg": (("дуруст", "нодуруст"), ("рост", "дурӯғ"), ("ҳақиқат", "дурӯғ")),
    "uk": (("правда", "неправда"), ("вірно", "невірно"), ("правильно", "неправильно")),
    "de": (("wahr", "falsch"), ("richtig", "falsch")),
    "fr": (("vrai", "faux"),),
    "es": (("verdadero", "falso"),),
    "et": (("õige", "vale"), ("tõene", "väär")),
    "lt": (("tiesa", "netiesa"), ("teisinga", "neteisinga")),
    "pl": (("prawda", "fałsz"),),
}


def _words(text: str) -> str:
    return text.strip().rstrip(".").casefold()


class TrueFalse:
    """Two options; recognised where their texts are True and False in the source language."""

    name = "true-false"
    interaction = "true-false"
    template = "question_types/choice.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset()
    shuffles = False
    takes_list = True
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:
        """Two options with boxes, True and False in either order."""
        if not is_choice(source) or len(source.items) != 2:
            return False
        pairs = WORDS.get(source.language.split("-", maxsplit=1)[0].lower(), ())
        texts = {_words(item.text) for item in source.items}
        return any(texts == set(pair) for pair in pairs)

    def parse(self, source: QuestionSource) -> Parsed:
        """The two options; an error if there are not two or not exactly one is marked."""
        parsed = Single().parse(source)
        problems = parsed.problems
        if source.items and len(source.items) != 2:
            message = f"A true/false question has two options; this one has {len(source.items)}."
            problems += (
                problem(source, source.line, "question-answers", message, "Leave two, or take the type away."),
            )
        question = parsed.question and replace(parsed.question, type=self.name)
        return Parsed(question, problems)

    def read(self, question: Question, form: FormValues) -> Response | None:
        """The index of the chosen option."""
        return Single().read(question, form)

    def grade(self, question: Question, response: Response) -> Grade:
        """All or nothing."""
        return Single().grade(question, response)

    def describe(self, question: Question, response: Response) -> str:
        """The chosen word."""
        return Single().describe(question, response)

    def model_response(self, question: Question) -> Response | None:
        """A response that earns everything; None where a person has to judge."""
        return Single().model_response(question)

    def solution(self, question: Question) -> str:
        """The right word."""
        return Single().solution(question)
