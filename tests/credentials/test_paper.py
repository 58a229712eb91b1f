from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from lms import printable
from lms.content.structure import DESIGNS
from lms.credentials.facts import Assessment, CertificateFacts, Look, Outcome, Parties
from lms.credentials.paper import Logo, Paper, render_many, render_pdf
from lms.credentials.wording import LABELS_EN, certificate_texts
from lms.printable import FONTS, MissingLetters, missing_letters

URL = "https://handrail.example/c/7K3M-92DC-TF4X-V8PW"
SCAN = "https://handrail.example/verify"
SIGNED = "HR1:" + "6BFOXN*TS0BI" * 73  # as long as the longest that is issued
MILLIMETRE = 72 / 25.4  # points

ENGLISH = CertificateFacts(
    code="7K3M-92DC-TF4X-V8PW",
    holder="Nino O’Brien-Smith",
    language="en",
    title="Digital agent",
    level="local",
    course="E-services in everyday life",
    course_id="e-services",
    hours=8.0,
    outcomes=(Outcome("use state and municipal e-services", 0.9), Outcome("advise citizens and businesses")),
    assessment=Assessment("exam", 0.85, 0.8),
    parties=Parties("Culture Information Centre", "Ministry of Smart Things", "Baltic Training House", "Upper Council"),
    partners=("National Library", "Chamber of Commerce"),
    aligns=("DigComp 2.2: 2.3, 4.2", "ESCO: digital literacy"),
    issued_on="2026-03-14",
    valid_until="2028-03-14",
    version="3f9a2c71b0de",
)
LATVIAN = {"issued": "Izsniegts", "holder_can": "Īpašnieks prot", "academic_hours": "{n} akadēmiskās stundas"}
RUSSIAN = {
    "certifies": "{issuer} удостоверяет, что",
    "academic_hours_few": "{n} академических часа",
    "academic_hours_many": "{n} академических часов",
    "clock_hours_few": "{n} часа",
    "clock_hours_many": "{n} часов",
}
# language, holder, latin name, title, labels, what has to be read on the paper
CASES = [
    (
        "en",
        "Nino O’Brien-Smith",
        "",
        "Digital agent",
        {},
        ["14 March 2026", "8 academic hours (6 hours)", "85%", "90%"],
    ),
    ("lv", "Ģirts Šķēle-Ņūtons", "", "Digitālais aģents", LATVIAN, ["2026. gada 14. marts", "8 akadēmiskās stundas"]),
    ("ro", "Ștefan Țăranu-Înălțatu", "", "Agent digital", {}, ["14 martie 2026", "Exam, 85 %, needed 80 %"]),
    ("vi", "Nguyễn Thị Ngọc Ánh", "", "Tổ công nghệ số cộng đồng", {}, ["14 tháng 3, 2026"]),
    ("ka", "ნინო ბერიძე-ჯღამაძე", "Nino Beridze-Jghamadze", "ციფრული აგენტი", {}, ["14 მარტი, 2028"]),
    (
        "ru",
        "Ёлкина Съёмка",
        "Yolkina Syomka",
        "Цифровой агент",
        RUSSIAN,
        ["удостоверяет, что", "8 академических часов"],
    ),
    ("tg", "Ҷамшед Ғуломқодирӣ Ӯҳтамов", "Jamshed Ghulomqodiri", "Ёрдамчии рақамӣ", {}, ["14 марти 2026"]),
]


def certificate(case):
    language, holder, latin, title, labels, expected = case
    facts = replace(ENGLISH, language=language, holder=holder, holder_latin=latin, title=title)
    return facts, {**LABELS_EN, **labels}, expected


def paper(facts: CertificateFacts = ENGLISH, labels: Mapping[str, str] = LABELS_EN, logo: Logo | None = None) -> Paper:
    return Paper(facts, labels, URL, SIGNED, SCAN, logo)


def render(facts=ENGLISH, labels=LABELS_EN, logo=None):
    return render_pdf(paper(facts, labels, logo))


def read(pdf):
    """The text as one line, as a screen reader would say it."""
    pages = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(pages.split())


def elements(pdf):
    """Every element of the structure tree, in reading order."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                yield from walk(each)
        elif hasattr(node, "get"):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]))


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_every_fact_can_be_read_on_the_paper(case):
    facts, labels, expected = certificate(case)
    text = read(render(facts, labels))
    printed = [
        facts.code, facts.holder, facts.holder_latin, facts.title, "Local level", facts.course, *facts.partners,
        *facts.aligns, *(outcome.text for outcome in facts.outcomes), facts.parties.issuer, facts.parties.owner,
        facts.parties.provider, facts.parties.coordinator, facts.version, URL.removeprefix("https://"), *expected,
    ]  # fmt: skip
    assert [words for words in printed if " ".join(words.split()) not in text] == []


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_file_says_what_it_is(case):
    facts, labels, _ = certificate(case)
    document = PdfReader(BytesIO(render(facts, labels)))
    root = document.trailer["/Root"]
    declared = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in declared
    assert "<pdfuaid:part>1</pdfuaid:part>" in declared
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == facts.language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert facts.holder in document.metadata.title
    assert facts.title in document.metadata.title
    assert document.metadata.author == "Culture Information Centre"
    assert [round(float(side) / MILLIMETRE) for side in document.pages[0].mediabox[2:]] == [210, 297]


def test_the_fonts_are_ours_and_travel_with_the_paper():
    fonts = PdfReader(BytesIO(render(certificate(CASES[4])[0]))).pages[0]["/Resources"]["/Font"].values()
    descendants = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]
    assert descendants
    for font in descendants:
        assert re.fullmatch(r"/[A-Z]{6}\+Noto(Sans|Serif)(Georgian)?-(Regular|Bold)", font["/BaseFont"])
        assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])


def test_the_paper_is_tagged_for_a_screen_reader():
    kinds = [element["/S"] for element in elements(render())]
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2") < kinds.index("/L")
    assert kinds.count("/LI") == len(ENGLISH.outcomes)
    assert kinds.count("/Figure") == 2
    assert "/Link" in kinds


def test_a_name_in_another_script_is_read_in_its_own_language():
    languages = {element.get("/Lang") for element in elements(render(replace(ENGLISH, holder="ნინო ბერიძე")))}
    assert "ka" in languages


def test_the_qr_code_is_large_enough_and_says_in_words_where_it_leads():
    figure = next(element for element in elements(render()) if element["/S"] == "/Figure")
    left, bottom, right, top = (float(edge) / MILLIMETRE for edge in figure["/A"][0]["/BBox"])
    assert min(right - left, top - bottom) >= 40 - 0.01
    assert SCAN.removeprefix("https://") in figure["/Alt"]


def test_the_same_facts_give_the_same_bytes():
    first = render()
    render(certificate(CASES[3])[0])
    assert render() == first
    assert render(replace(ENGLISH, issued_on="2026-03-15")) != first


def test_certificates_are_printed_by_several_threads_at_once():
    alone = [render(certificate(case)[0]) for case in CASES]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda case: render(certificate(case)[0]), CASES)) == alone


@pytest.mark.parametrize(
    ("holder", "letters"),
    [("محمد Ali", ("م", "ح", "د")), ("李 Ли", ("李",)), ("Ali 😀", ("😀",)), ("Զ Z", ("Զ",))],
)
def test_a_letter_that_the_fonts_lack_is_named_before_anything_is_printed(holder, letters):
    assert missing_letters(holder) == letters
    with pytest.raises(MissingLetters) as caught:
        render(replace(ENGLISH, holder=holder))
    assert caught.value.letters == letters


@pytest.mark.parametrize("name", [case[1] for case in CASES] + ["ӘЉЊЋЂ әљњћђ", "Ə Ğ Ş ı", "ᲜᲘᲜᲝ", "Åse Łódź", "Ωμέγα"])
def test_no_letter_of_our_languages_is_missing(name):
    assert missing_letters(name) == ()
    assert missing_letters(unicodedata.normalize("NFD", name)) == ()


def test_the_list_of_letters_is_what_every_font_has():
    listed = set(printable._letters())
    for family in ("NotoSans", "NotoSerif"):
        for weight in ("Regular", "Bold"):
            faces = (TTFont(FONTS / f"{family}{script}-{weight}.ttf") for script in ("", "Georgian"))
            assert listed <= {letter for face in faces for letter in face.getBestCmap()}


def test_the_fonts_stay_small():
    assert sum(face.stat().st_size for face in FONTS.glob("*.ttf")) <= 1_500_000


def test_every_listed_letter_is_printed():
    lines = ["".join(chr(each) for each in sorted(printable._letters()) if chr(each).isalpha())]
    outcomes = tuple(Outcome(line[start : start + 40]) for line in lines for start in range(0, len(line), 40))
    assert render(replace(ENGLISH, outcomes=outcomes)).startswith(b"%PDF")


def test_a_name_typed_with_separate_accents_and_stray_spaces_is_printed_right():
    typed = unicodedata.normalize("NFD", "  Nguyễn\n Thị   Ngọc Ánh ")
    assert "Nguyễn Thị Ngọc Ánh" in read(render(replace(ENGLISH, holder=typed)))


def test_a_bare_certificate_prints_no_empty_label():
    bare = CertificateFacts(
        code=ENGLISH.code, holder="Li", language="en", title="T", course="C", course_id="c", issued_on="2026-03-14"
    )
    text = read(render(bare))
    assert "This is to certify that" in text
    assert "Without time limit" in text
    assert not [label for label in ("Workload", "Assessment", "Owner", "The holder can", "Framework") if label in text]


@pytest.mark.parametrize("outcomes", [0, 4, 30])
@pytest.mark.parametrize(
    "holder", ["Li", "Maria Magdalena Aleksandra von Hohenstein-Bērziņa of the Upper Daugava", "Ķ" * 60]
)
def test_long_and_short_texts_keep_the_check_on_the_first_page(holder, outcomes):
    words = tuple(
        Outcome(f"advise people and small businesses on their rights, part {each}", 0.9) for each in range(outcomes)
    )
    pages = PdfReader(BytesIO(render(replace(ENGLISH, holder=holder, outcomes=words)))).pages
    assert "handrail.example" in pages[0].extract_text()
    assert (len(pages) == 1) == (outcomes < 30)
    assert all(ENGLISH.code in page.extract_text() for page in pages)


@pytest.mark.parametrize(
    ("score", "needed", "printed"),
    [
        (0.85, 0.8, "Exam, 85%, needed 80%"),
        (0.7999, 0.675, "Exam, 79.9%, needed 67.5%"),
        (0.29, 0.57, "Exam, 29%, needed 57%"),
        (None, None, "Exam"),
    ],
)
def test_shares_are_never_rounded_up(score, needed, printed):
    facts = replace(ENGLISH, assessment=Assessment("exam", score, needed))
    rows = dict(certificate_texts(facts, verify_url=URL, labels=LABELS_EN)["facts"])
    assert rows["Assessment"].replace("\N{NO-BREAK SPACE}", " ") == printed


@pytest.mark.parametrize(
    ("hours", "printed"),
    [
        (8, "8 академических часов (6 часов)"),
        (4, "4 академических часа (3 часа)"),
        (10, "10 академических часов (7,5 hours)"),
    ],
)
def test_hours_take_the_plural_of_the_language(hours, printed):
    facts = replace(ENGLISH, language="ru", hours=hours)
    rows = dict(certificate_texts(facts, verify_url=URL, labels={**LABELS_EN, **RUSSIAN})["facts"])
    assert rows["Workload"].replace("\N{NO-BREAK SPACE}", " ") == printed


def test_an_unknown_level_and_form_are_printed_as_they_are():
    text = read(render(replace(ENGLISH, level="Master level", assessment=Assessment("Observed practice"))))
    assert "Master level" in text
    assert "Observed practice" in text


def test_a_lost_label_is_named():
    with pytest.raises(ValueError, match="holder_can"):
        render(labels={key: words for key, words in LABELS_EN.items() if key != "holder_can"})


MICRO = {
    "supervision": "unsupervised, identity checked",
    "country": "LV",
    "level": "EQF level 4",
    "participation": "online",
    "quality": "reviewed each year",
    "credits": "0.3 ECTS",
    "prerequisites": "none",
}


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_prints_every_fact_of_a_micro_credential_and_of_an_organisation(design):
    facts = replace(
        ENGLISH, micro=MICRO, co_issuers=("National Archive",), basis="renewal", look=Look(design, "#f2c230"),
        kind="organisation", mandate=("train helpers of other libraries",),
    )  # fmt: skip
    text = read(render(facts))
    said = [
        "Latvia", *(value for key, value in MICRO.items() if key != "country"), "European micro-credential",
        "Supervision and identity", "Issued together with", "National Archive", "Renewed by a new exam",
        "holds the certificate", "It is entitled to", "train helpers of other libraries", SCAN.removeprefix("https://"),
        *(outcome.text for outcome in facts.outcomes), *facts.partners, facts.version,
    ]  # fmt: skip
    assert [words for words in said if words not in text.replace("/ ", "/")] == []


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("evidence", "evidence reviewed"),
        ("conversation", "conversation held"),
        ("evidence-conversation", "evidence reviewed, conversation held"),
    ],
)
def test_how_prior_learning_was_looked_at_is_printed(form, words):
    facts = replace(ENGLISH, basis="prior-learning", assessment=Assessment(form))
    assert f"Assessment Recognition of prior learning ({words})" in read(render(facts))


@pytest.mark.parametrize("basis", ["correction", "prior-learning", "by decision of the council"])
def test_what_a_certificate_rests_on_is_printed(basis):
    rows = dict(certificate_texts(replace(ENGLISH, basis=basis), verify_url=URL, labels=LABELS_EN)["facts"])
    assert rows["Basis"] == LABELS_EN.get(f"basis_{basis}", basis)


def test_a_design_that_nobody_knows_is_the_first_one():
    named = render(replace(ENGLISH, look=Look("bookplate")))
    assert render(replace(ENGLISH, look=Look("wallpaper"))) == named
    assert len({render(replace(ENGLISH, look=Look(design))) for design in DESIGNS}) == len(DESIGNS)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("holder", ["Li", "Maria Magdalena Aleksandra von Hohenstein-Bērziņa of the Upper Daugava"])
def test_nothing_leaves_the_page_or_lies_on_other_words(design, holder):
    outcomes = tuple(
        Outcome(f"advise people on their rights and duties in e-services, part {n}", 0.9) for n in range(10)
    )
    facts = replace(ENGLISH, holder=holder, outcomes=outcomes, micro=MICRO, look=Look(design))
    for page in PdfReader(BytesIO(render(facts))).pages:
        placed = []

        def note(words, matrix, place, _font, _size, placed=placed):
            if words.strip():
                placed.append((round(place[4] * matrix[0] + matrix[4]), round(abs(place[5] * matrix[3] + matrix[5]))))

        page.extract_text(visitor_text=note)
        width, height = (float(side) for side in page.mediabox[2:])
        assert placed
        assert all(0 < left < width and 0 < top < height for left, top in placed)
        assert len(set(placed)) == len(placed)


@pytest.mark.parametrize("form", ["png", "svg"])
@pytest.mark.parametrize("design", DESIGNS)
def test_the_logo_of_the_programme_is_printed(design, form):
    drawn = BytesIO()
    Image.new("RGBA", (300, 60), "#aa0033").save(drawn, "PNG")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 5 1"><path fill="#a03" d="M0 0h5v1H0z"/></svg>'
    facts = replace(ENGLISH, look=Look(design))
    with_logo = render(facts, logo=Logo(form, drawn.getvalue() if form == "png" else svg))
    assert with_logo != render(facts)
    assert "pdfaid:conformance>A<" in PdfReader(BytesIO(with_logo)).trailer["/Root"]["/Metadata"].get_data().decode()


def test_the_file_holds_the_signed_certificate_for_programs():
    assert SIGNED in PdfReader(BytesIO(render())).trailer["/Root"]["/Metadata"].get_data().decode()


def test_many_certificates_make_one_file_the_same_each_time():
    many = [paper(replace(certificate(case)[0], look=Look(DESIGNS[place % 3]))) for place, case in enumerate(CASES)]
    made = render_many(many, "Certificates 1–7")
    assert render_many(many, "Certificates 1–7") == made
    pages = PdfReader(BytesIO(made)).pages
    assert len(pages) == len(CASES)
    for page, case in zip(pages, CASES, strict=True):
        assert " ".join(case[3].split()) in " ".join(page.extract_text().split())
