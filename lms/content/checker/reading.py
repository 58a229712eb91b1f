"""Rules that are reported while files are read: front matter, order, names, languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lms.content.checker.mending import as_code, without_spaces
from lms.content.checker.rule import Check, Found, Rule
from lms.content.lessons import file_title, page_title
from lms.content.sources import LARGEST_TEXT

_A = "# A\n\nText.\n"


def _no_lessons(check: Check) -> Iterator[Found]:
    for each in check.courses:
        if not each.course.lessons and not each.course.courses:
            yield Found(each.index, 0, f'The course "{each.course.id}" has no lessons.')


def _empty(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for lesson in each.compiled.lessons:
            page = next(iter(lesson.pages.values()))
            if not page.parts:
                yield Found(lesson.path, 0, f'The lesson "{page.title}" has no text.')


def _untitled(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for lesson in each.course.lessons:
            is_made_up = lesson.source.title == file_title(lesson.path)
            if is_made_up and lesson.source.text.strip() and not page_title(check.targets.sources, lesson.path):
                message = f'The lesson has no title of its own; it is called "{lesson.source.title}".'
                yield Found(lesson.path, lesson.source.first_line, message)


def _oddity(rule: str) -> Callable[[Check], Iterable[Found]]:
    def look(check: Check) -> Iterator[Found]:
        for each in check.courses:
            for page in each.rendered.pages():
                for oddity in page.rendered.oddities:
                    if oddity.rule == rule:
                        yield Found(page.path, page.line(oddity.line), oddity.message, oddity.fix)

    return look


RULES = (
    Rule(
        "pack-empty",
        "error",
        "There is nothing in this folder that could be taught or asked.",
        "Put a Markdown file into it: `index.md` is the front page, every other file a lesson.",
        {"notes.txt": "Nothing yet.\n"},
        {"a.md": _A},
        "",
        0,
    ),
    Rule(
        "text-too-large",
        "error",
        "A Markdown file, a file of questions or a file that gives an order has 2 MB at most: nobody reads more to its "
        "end, and reading it would keep the site busy. Pictures, recordings and data have limits of their own.",
        "Part it into several files.",
        {"a.md": _A + "0" * LARGEST_TEXT, "b.md": _A},
        {"a.md": _A, "b.md": _A},
        "a.md",
        0,
    ),
    Rule(
        "not-utf8",
        "warning",
        "Letters outside English come out wrong when a file is not saved as UTF-8. In these examples the replacement "
        "character stands for such a byte.",
        "Save the file as UTF-8 in your editor.",
        {"a.md": "# A\n\nCaf\udce9\n"},
        {"a.md": "# A\n\nCafé\n"},
        "a.md",
        3,
    ),
    Rule(
        "front-matter-unreadable",
        "error",
        "The lines between the two --- lines are settings in YAML. When they cannot be read, none of them counts.",
        "Correct the named line; put text that has a colon in it in quotes.",
        {"a.md": "---\ntitle: Doors: a start\n---\n# A\n"},
        {"a.md": '---\ntitle: "Doors: a start"\n---\n# A\n'},
        "a.md",
        2,
    ),
    Rule(
        "front-matter-twice",
        "warning",
        "Of two settings with the same name only the last one counts, which is seldom what was meant.",
        "Keep one of the two lines.",
        {"a.md": "---\ntitle: One\ntitle: Two\n---\nText.\n"},
        {"a.md": "---\ntitle: Two\n---\nText.\n"},
        "a.md",
        3,
    ),
    Rule(
        "setting-wrong",
        "error",
        "This setting decides when a course is completed or what a certificate says, and its value is not understood.",
        "Write the value as the message shows.",
        {"index.md": "---\ncertificate:\n  title: Guide\n  valid: forever\n---\n", "a.md": _A},
        {"index.md": "---\ncertificate:\n  title: Guide\n  valid: 2 years\n---\n", "a.md": _A},
        "index.md",
        4,
    ),
    Rule(
        "setting-unclear",
        "warning",
        "The value of this setting is not understood, so the setting is left out.",
        "Write the value as the message shows.",
        {"a.md": "---\nminutes: a while\n---\n# A\n"},
        {"a.md": "---\nminutes: 20\n---\n# A\n"},
        "a.md",
        2,
    ),
    Rule(
        "setting-unknown",
        "notice",
        "A setting with this name has no effect here. It may be a slip, or meant for another program.",
        "Correct the name, or leave it for other programs.",
        {"index.md": "---\ntitel: Doors\n---\n", "a.md": _A},
        {"index.md": "---\ntitle: Doors\n---\n", "a.md": _A},
        "index.md",
        2,
    ),
    Rule(
        "order-unreadable",
        "warning",
        "The file that gives the order of lessons cannot be read, so they stand in the order of their names.",
        "Correct the named line of the file.",
        {"mkdocs.yml": "site_name: Doors\nnav: [a.md\n", "docs/a.md": _A},
        {"mkdocs.yml": "site_name: Doors\nnav: [a.md]\n", "docs/a.md": _A},
        "mkdocs.yml",
        3,
    ),
    Rule(
        "order-page-missing",
        "warning",
        "The order of lessons names a page that is not there, so the course is shorter than its plan.",
        "Correct the path or take the line out.",
        {"index.md": "---\nlessons:\n  - a.md\n  - b.md\n---\n", "a.md": _A},
        {"index.md": "---\nlessons:\n  - a.md\n---\n", "a.md": _A},
        "index.md",
        4,
    ),
    Rule(
        "order-not-markdown",
        "notice",
        "Lessons are Markdown files. A page in another format is left out.",
        "Convert the page to Markdown.",
        {"_toc.yml": "root: a\nchapters:\n  - file: b\n", "a.md": _A, "b.ipynb": "{}"},
        {"_toc.yml": "root: a\nchapters:\n  - file: b\n", "a.md": _A, "b.md": _A},
        "_toc.yml",
        3,
    ),
    Rule(
        "index-and-readme",
        "notice",
        "A folder has one page that speaks for it. With both names there, `index.md` is that page.",
        "Keep one of the two files, or give the README another name.",
        {"index.md": _A, "README.md": _A, "a.md": _A},
        {"index.md": _A, "a.md": _A},
        "README.md",
        0,
    ),
    Rule(
        "lesson-id-alike",
        "warning",
        "A lesson's id comes from its name without the number. Two lessons with one id could not be told apart, so the "
        "second gets a number, and adding a third could change who has which.",
        "Rename one of the two files, or give one an `id:` in its front matter.",
        {"1-a.md": _A, "2-a.md": _A},
        {"1-a.md": _A, "2-b.md": _A},
        "2-a.md",
        1,
    ),
    Rule(
        "lesson-id-twice",
        "warning",
        "Progress is kept by lesson id, so two lessons cannot share one. The second is known by its name, and its "
        "`id:` has no effect.",
        "Give one of the two lessons another id.",
        {"a.md": "---\nid: door\n---\nText.\n", "b.md": "---\nid: door\n---\nText.\n"},
        {"a.md": "---\nid: door\n---\nText.\n", "b.md": "---\nid: gate\n---\nText.\n"},
        "b.md",
        2,
    ),
    Rule(
        "course-without-lessons",
        "warning",
        "A course without a lesson has nothing to read and cannot be completed by reading.",
        "Add a Markdown file beside its index.md, or list `courses:` to make it a programme.",
        {"courses/doors/index.md": "---\ntitle: Doors\nlessons: []\n---\n"},
        {"courses/doors/index.md": "---\ntitle: Doors\n---\n", "courses/doors/a.md": _A},
        "courses/doors/index.md",
        0,
        _no_lessons,
    ),
    Rule(
        "lesson-empty",
        "warning",
        "A trainee who opens this lesson finds an empty page.",
        "Write the lesson, or take the file out of the folder.",
        {"a.md": "", "b.md": _A},
        {"a.md": _A, "b.md": _A},
        "a.md",
        0,
        _empty,
    ),
    Rule(
        "lesson-title-missing",
        "notice",
        "A title that is made from a file name is seldom the best one, and it changes when the file is renamed.",
        "Begin the lesson with a heading: `# What this lesson is about`.",
        {"a.md": "Text.\n"},
        {"a.md": _A},
        "a.md",
        1,
        _untitled,
    ),
    Rule(
        "course-unknown",
        "warning",
        "A programme, or a course that requires another, names a course that is not here. Unless another pack brings "
        "it, nobody can complete this one.",
        "Use the name of a folder in `courses/`, or install the pack that brings it.",
        {"courses/all/index.md": "---\ncourses: [doors]\n---\n", "courses/gates/a.md": _A},
        {"courses/all/index.md": "---\ncourses: [gates]\n---\n", "courses/gates/a.md": _A},
        "courses/all/index.md",
        2,
    ),
    Rule(
        "angle-brackets",
        "warning",
        "Words in angle brackets look like HTML, and other programs swallow them. Here they stay visible.",
        "Write such words as code: `` `<your-name>` ``.",
        {"a.md": "# A\n\nType <your-name> here.\n"},
        {"a.md": "# A\n\nType `<your-name>` here.\n"},
        "a.md",
        3,
        _oddity("angle-brackets"),
        mend=as_code,
    ),
    Rule(
        "unknown-tag",
        "notice",
        "A tag with attributes that HTML does not know belongs to another program. It is left out; what it encloses "
        "is shown.",
        "Take the tag out, or use one that HTML has.",
        {"a.md": '# A\n\n<Tabs kind="a">\n\nText.\n\n</Tabs>\n'},
        {"a.md": "# A\n\n<div>\n\nText.\n\n</div>\n"},
        "a.md",
        3,
        _oddity("unknown-tag"),
    ),
    Rule(
        "paragraph-endless",
        "warning",
        "A paragraph, item or cell of more than 10,000 characters is hardly meant as one. It is shown as plain text, "
        "its marks visible, because to read marks in it would keep the site busy.",
        "Part it by empty lines; write data as code, between lines of three backticks.",
        {"a.md": f"# A\n\n{'Open the door.' * 800}\n"},
        {"a.md": f"# A\n\n{'Open the door.' * 3}\n"},
        "a.md",
        3,
        _oddity("paragraph-endless"),
    ),
    Rule(
        "link-with-space",
        "warning",
        "A path with a space in it ends at the space, so on Git hosts and here the brackets stay visible as text.",
        "Write %20 for the space, put the path in angle brackets, or rename the file.",
        {"a.md": "# A\n\nSee [B](part b.md).\n", "part b.md": "# B\n\nText.\n"},
        {"a.md": "# A\n\nSee [B](part%20b.md).\n", "part b.md": "# B\n\nText.\n"},
        "a.md",
        3,
        _oddity("link-with-space"),
        mend=without_spaces,
    ),
    Rule(
        "footnote-unused",
        "warning",
        "A footnote that nothing refers to is not shown.",
        "Refer to it in the text, as in `[^1]`, or take it out.",
        {"a.md": "# A\n\nText.\n\n[^1]: A note.\n"},
        {"a.md": "# A\n\nText.[^1]\n\n[^1]: A note.\n"},
        "a.md",
        5,
        _oddity("footnote-unused"),
    ),
)  # fmt: skip
