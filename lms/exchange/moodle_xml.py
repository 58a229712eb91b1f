"""Moodle XML: the file that Moodle's question bank writes out, with everything that it knows of a question."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lms.exchange.found import CannotRead, Form, Found, Loss, Reading, Words, place_of, shortened
from lms.exchange.moodle_types import READERS, NotOurs, why_not
from lms.exchange.plain import plain_words
from lms.exchange.xml_tree import Element, read_tree

_FORMS: dict[str, Form] = {
    "html": "html", "plain_text": "plain", "markdown": "markdown", "moodle_auto_format": "moodle", "wiki_like": "plain",
}  # fmt: skip
# what Moodle itself writes into each question, in English
_USUAL = frozenset(
    {"your answer is correct.", "your answer is partially correct.", "your answer is incorrect.", "correct",
     "your answer is partially correct", "your answer is correct", "your answer is incorrect"}
)  # fmt: skip
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


@dataclass(slots=True)
class _File:
    """A file on its way: what was found, and what many questions have that ours have not."""

    questions: list[Found] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    everywhere: Counter[str] = field(default_factory=Counter)
    category: str = ""


_EVERYWHERE = {
    "penalty for a further try": "A question is answered once in an attempt; how often, the quiz says (`attempts`).",
    "numbering of options": "Options have no letters or numbers.",
    "several hints in turn": "A question has one hint; all of them stand in it.",
}


def read_moodle_xml(text: str) -> Reading:
    """All questions of a Moodle XML file. Raises `CannotRead` if it is none."""
    root = read_tree(text)
    if root.tag != "quiz":
        fix = "Choose “Moodle XML” where the questions are exported."
        raise CannotRead(root.line, f"This is XML, but no Moodle questions: it begins with <{root.tag}>.", fix)
    file = _File()
    for element in root.children:
        if element.tag == "question":
            _take(file, element)
        else:
            why = "Only questions stand in such a file."
            file.losses.append(Loss(place_of("", element.line), f"<{element.tag}>", why))
    for what, count in sorted(file.everywhere.items()):
        file.losses.append(Loss("the whole file", f"{what} ({count} questions)", _EVERYWHERE[what]))
    return Reading(tuple(file.questions), tuple(file.losses))


def _take(file: _File, element: Element) -> None:
    kind = element.attributes.get("type", "").strip().lower()
    if kind == "category":
        file.category = " ".join(element.text("category", "text").split())
        why = "Question files have no categories; the name is kept in a comment of each question."
        file.losses.append(Loss(place_of("", element.line), f"category {file.category}", why))
        about = words_of(element.first("info"))
        if about:
            what = f"description of the category: {shortened(plain_words(about), 200)}"
            file.losses.append(Loss(place_of("", element.line), what, "Question files have no categories."))
        return
    common = _common(element, file)
    if kind not in READERS:
        words = shortened(plain_words(common.words), 200)
        file.losses.append(Loss(common.where, f"{kind or 'a question without type'}: {words}", why_not(kind)))
        return
    try:
        found = READERS[kind](element, common, words_of)
    except NotOurs as error:
        file.losses.append(Loss(common.where, f"the question ({kind})", str(error)))
    else:
        file.questions.append(found)


def _common(element: Element, file: _File) -> Found:
    """What every type has."""
    words = words_of(element.first("questiontext"))
    losses: list[tuple[str, str]] = []
    words = _with_old_image(element, words, losses)
    hints = tuple(hint for each in element.all("hint") if (hint := words_of(each)))
    file.everywhere.update(["several hints in turn"] if len(hints) > 1 else [])
    file.everywhere.update(_for_many(element))
    if element.text("hidden").strip() == "1":
        losses.append(("hidden", "In Moodle this question was hidden; here it is asked like any other."))
    points = _points(element, losses)
    for name in _COMBINED:
        said = plain_words(words_of(element.first(name)))
        if said and said.strip().casefold() not in _USUAL:
            why = "Feedback belongs to options; what holds for all belongs into the explanation."
            losses.append((f"{name}: {shortened(said, 200)}", why))
    return Found(
        name=" ".join((element.text("name", "text") or element.text("name")).split()),
        line=element.line,
        type="",
        words=words,
        explanation=words_of(element.first("generalfeedback")),
        hints=hints,
        points=points,
        settings={"order": "fixed"} if _is_no(element.text("shuffleanswers")) else {},
        given_id=element.text("idnumber").strip(),
        category=file.category,
        tags=tuple(filter(None, (tag.text("text").strip() for each in element.all("tags") for tag in each.all("tag")))),
        losses=tuple(losses),
    )


def _for_many(element: Element) -> list[str]:
    """What is said once for the whole file, because Moodle writes it into each question."""
    found = []
    penalty = element.text("penalty").strip()
    if penalty.strip("0.") and element.attributes.get("type") not in {"essay", "description"}:
        found.append("penalty for a further try")
    if element.text("answernumbering").strip() not in {"", "none", "abc"}:
        found.append("numbering of options")
    return found


def _points(element: Element, losses: list[tuple[str, str]]) -> float:
    text = element.text("defaultgrade").strip()
    try:
        points = float(text.replace(",", ".")) if text else 1.0
    except ValueError:
        points = 1.0
        losses.append((f"the mark “{shortened(text)}”", "It is no number; the question has one point."))
    if not 0 < points < 1_000_000:
        losses.append((f"a mark of {text}", "A question has points; it has one now."))
        return 1.0
    return round(points, 5)


def _is_no(text: str) -> bool:
    return text.strip().lower() in {"0", "false"}


def words_of(element: Element | None) -> Words:
    """The text of an element with its form and its files."""
    if element is None:
        return Words("", "html")
    form = _FORMS.get(element.attributes.get("format", "").strip(), "html")
    text = element.text("text") if element.first("text") else "".join(p for p in element.content if isinstance(p, str))
    return Words(text.strip(), form, files_of(element))


def files_of(element: Element) -> dict[str, bytes]:
    """The files inside an element by their path; one that cannot be read is empty."""
    files = {}
    for file in element.all("file"):
        path = file.attributes.get("path", "/").strip("/")
        name = file.attributes.get("name", "")
        content = "".join(piece for piece in file.content if isinstance(piece, str))
        files[f"{path}/{name}".lstrip("/")] = _decoded(content)
    return files


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode("".join(content.split()))
    except (binascii.Error, ValueError):
        return b""


def _with_old_image(element: Element, words: Words, losses: list[tuple[str, str]]) -> Words:
    """The text with the picture that early versions of Moodle kept apart from it."""
    name = (element.text("image") or element.text("image", "text")).strip().rpartition("/")[2]
    content = element.text("image_base64").strip()
    if not name:
        return words
    if not content:
        losses.append((f"the picture {name}", "The file names it and does not hold it."))
        return words
    shown = words.text if words.form == "html" else words.text + "\n\n"
    image = f'<p><img src="@@PLUGINFILE@@/{name}" alt=""></p>'
    form: Form = "html" if words.form in {"html", "moodle"} else words.form
    return replace(words, text=shown + image, form=form, files={**words.files, name: _decoded(content)})


WordsOf = Callable[[Element | None], Words]
