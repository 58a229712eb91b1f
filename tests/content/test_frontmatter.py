import pytest

from lms.content.frontmatter import NotYaml, load_yaml, plain_text, split_page


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("False", False), ("010", 10), ("0o10", 8),
        ("0x1F", 31), ("1_000", "1_000"), ("12:30", "12:30"), ("2024-02-01", "2024-02-01"), ("1e3", 1000.0),
        (".5", 0.5), ("~", None), ("", None), ("'1'", "1"), ("-7", -7), (".inf", float("inf")), ("<<", "<<"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_the_core_schema(written, value):
    found = load_yaml(f"key: {written}\n").value["key"]
    assert found == value
    assert type(found) is type(value)


def test_unknown_tags_are_read_as_if_they_were_not_there():
    text = (
        "a: !!python/name:os.system\nb: !ENV [HOME, x]\nc: !any {d: 1}\ne: !!python/object/apply:os.system ['false']\n"
    )
    assert load_yaml(text).value == {"a": "", "b": ["HOME", "x"], "c": {"d": 1}, "e": ["false"]}


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "- " * 50_000, "{a: " * 50_000, "? " * 50_000, "a: [1", "\x07", "k: v\n\tx: y"]
)
def test_what_cannot_be_read_is_an_error_and_no_crash(text):
    with pytest.raises(NotYaml):
        load_yaml(text)


def test_a_structure_that_contains_itself_is_read():
    assert load_yaml("&a [*a, 1]").value[1] == 1


def test_front_matter_tells_the_lines_of_the_file():
    page = split_page("---\ntitle: A\noutcomes:\n  use: Use\nlist:\n  - one\n---\n\nText\n")
    assert (page.line("outcomes", "use"), page.line("list", 0), page.line("absent")) == (4, 6, 1)
    assert (page.text, page.first_line) == ("\nText\n", 8)


def test_a_rule_around_a_paragraph_is_no_front_matter():
    text = "---\n\nOnly words\n\n---\n\nMore\n"
    assert split_page(text).text == text


def test_front_matter_that_cannot_be_read_leaves_the_text():
    page = split_page("---\ntitle: one: two\n---\nText\n")
    assert page.text == "Text\n"
    assert page.error is not None
    assert page.error[1] == 2


def test_toml_front_matter_of_other_sites_is_read():
    assert split_page('+++\ntitle = "A"\n+++\nText\n').values == {"title": "A"}


def test_bytes_become_text_whatever_the_editor():
    assert plain_text(b"\xef\xbb\xbfa\r\nb\rc") == "a\nb\nc"
    assert plain_text("ā".encode("utf-16")) == "ā"


def test_a_key_given_twice_is_noticed_at_its_second_line():
    assert split_page("---\na: 1\nb: 2\na: 3\n---\n").doubles == (("a", 4),)
