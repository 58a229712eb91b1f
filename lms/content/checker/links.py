"""Rules about links, anchors and images."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress

from lms.content import drawings
from lms.content.checker.mending import right_case
from lms.content.checker.rule import Check, Found, Link, Rule
from lms.content.targets import Target

_ANCHOR = re.compile(r'\s(?:id|name)="t-([^"]*)"')


def _broken(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.target.kind == "missing" and not link.is_image:
            near = link.target.path.rpartition("/")[2]
            yield Found(link.file, link.line, f"The link to {link.written} leads nowhere: there is no {near} there.")


def _outside(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.target.kind == "outside":
            yield Found(link.file, link.line, f"{link.written} lies outside the pack.")


def _folder(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.target.kind == "folder":
            yield Found(link.file, link.line, f"{link.written} is a folder without a page.")


def _case(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.target.note:
            yield Found(link.file, link.line, f"{link.written} is written {link.target.note} on the disk.")


def _unserved(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.target.kind == "unserved":
            yield Found(link.file, link.line, f"{link.written} is of a type that is not sent to browsers.")


def _unsafe(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.target.kind == "unsafe":
            yield Found(link.file, link.line, f"{link.written[:60]} is not a kind of address that is opened.")


def _template(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.target.kind == "template":
            yield Found(link.file, link.line, f"{link.written} holds a template tag that is not filled in here.")


def _anchor(check: Check) -> Iterator[Found]:
    anchors = _anchors(check)
    for link in check.links:
        wanted = link.target
        if wanted.kind not in ("page", "anchor", "course") or not wanted.fragment or wanted.path not in anchors:
            continue
        if wanted.fragment not in anchors[wanted.path] and wanted.fragment.lower() != "top":
            where = "on this page" if wanted.kind == "anchor" else f"in {wanted.path}"
            yield Found(link.file, link.line, f"There is no heading or anchor #{wanted.fragment} {where}.")


def _anchors(check: Check) -> dict[str, set[str]]:
    """The anchors of each page by its path; a page has those of all its languages."""
    found: dict[str, set[str]] = {}
    for each in check.courses:
        for pages in (each.rendered.fronts, *each.rendered.lessons.values()):
            names = {
                html.unescape(name) for page in pages.values() for name in _ANCHOR.findall(" " + page.rendered.html)
            }
            for page in pages.values():
                found.setdefault(page.path, set()).update(names)
    return found


def _image_missing(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.is_image and _is_no_image(link.target):
            yield Found(link.file, link.line, f"The image {link.written} is not there.")


def _is_no_image(target: Target) -> bool:
    return target.kind not in ("media", "external", "template", "unserved", "outside", "unsafe")


def _image_remote(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.is_image and link.target.kind == "external":
            yield Found(link.file, link.line, "An image of another site is shown as a link to it.")


def _alt(check: Check) -> Iterator[Found]:
    for link in check.links:
        if link.is_image and link.text is not None and not link.text.strip():
            yield Found(link.file, link.line, f"The image {link.written} has no alternative text.")


def _drawing_broken(check: Check) -> Iterator[Found]:
    for link, data in _drawings(check):
        try:
            drawings.findings(data)
        except drawings.BrokenDrawing as broken:
            yield Found(link.target.path, broken.args[0], "The drawing cannot be read as SVG, so nothing is shown.")


def _drawing_acts(check: Check) -> Iterator[Found]:
    for link, data in _drawings(check):
        with suppress(drawings.BrokenDrawing):
            if found := drawings.findings(data):
                said = "; ".join(found[:3]) + ("; …" if len(found) > 3 else "")
                yield Found(link.target.path, 0, f"Taken out of the drawing before it is sent: {said}.")


def _drawings(check: Check) -> Iterator[tuple[Link, bytes]]:
    """Each drawing that is shown or offered, with the first link to it."""
    seen = set()
    for link in check.links:
        path = link.target.path
        if link.target.kind == "media" and drawings.is_drawing(path) and path not in seen:
            seen.add(path)
            yield link, check.targets.sources.files[path]


_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>\n'
_PAGE = {"b.md": "# B\n\n## Part one\n\nText.\n"}

RULES = (
    Rule(
        "link-broken",
        "warning",
        "A link that leads nowhere stops a trainee in the middle of a lesson. The words stay, the link is taken off.",
        "Correct the path, counted from the folder of this file, or take the link out.",
        {"a.md": "# A\n\nSee [B](c.md).\n", **_PAGE},
        {"a.md": "# A\n\nSee [B](b.md).\n", **_PAGE},
        "a.md",
        3,
        _broken,
    ),
    Rule(
        "link-outside",
        "warning",
        "A pack is complete in itself: it is copied, exported and read offline. What lies outside stays behind.",
        "Move the file into the pack, or write the full https:// address.",
        {"a.md": "# A\n\nSee [it](../../other.md).\n"},
        {"a.md": "# A\n\nSee [it](https://example.org/other).\n"},
        "a.md",
        3,
        _outside,
    ),
    Rule(
        "link-folder",
        "notice",
        "A Git host shows the list of files for such a link; a course page has nothing to show.",
        "Link to a page in the folder, or give the folder an index.md.",
        {"a.md": "# A\n\nSee [pictures](images/).\n", "images/x.png": ""},
        {"a.md": "# A\n\nSee [a picture](images/x.png).\n", "images/x.png": ""},
        "a.md",
        3,
        _folder,
    ),
    Rule(
        "link-case",
        "warning",
        "Some systems tell capital letters apart and some do not: this link works on one computer, not on the next.",
        "Write the name with the same capital letters as the file.",
        {"a.md": "# A\n\nSee [B](B.md).\n", **_PAGE},
        {"a.md": "# A\n\nSee [B](b.md).\n", **_PAGE},
        "a.md",
        3,
        _case,
        mend=right_case,
    ),
    Rule(
        "link-unserved",
        "notice",
        "Only images, audio, video, PDF, office documents and plain data are sent to browsers, so that no pack can "
        "bring a program to a trainee's computer.",
        "Show the content in a code block, or offer the file as text (.txt).",
        {"a.md": "# A\n\nRun [this](run.sh).\n", "run.sh": "echo hello\n"},
        {"a.md": "# A\n\nRun [this](run.txt).\n", "run.txt": "echo hello\n"},
        "a.md",
        3,
        _unserved,
    ),
    Rule(
        "link-unsafe",
        "warning",
        "Addresses such as javascript: or data: can run code in the trainee's browser. Such a link is taken off.",
        "Use an https://, mailto: or tel: address, or a path in the pack.",
        {"a.md": "# A\n\nOpen [it](javascript:go).\n"},
        {"a.md": "# A\n\nOpen [it](https://example.org).\n"},
        "a.md",
        3,
        _unsafe,
    ),
    Rule(
        "link-template",
        "notice",
        "Tags in double braces are filled in by another program. Here they have no value, so the link is taken off.",
        "Write the path itself.",
        {"a.md": "# A\n\nSee [B](x/{{page.next}}).\n"},
        {"a.md": "# A\n\nSee [B](b.md).\n", **_PAGE},
        "a.md",
        3,
        _template,
    ),
    Rule(
        "anchor-missing",
        "warning",
        "The link opens the page but not the place that was meant, so the reader has to search.",
        "Use the heading's anchor: its words in small letters with dashes for spaces, as Git hosts make it.",
        {"a.md": "# A\n\nSee [part two](b.md#part-two).\n", **_PAGE},
        {"a.md": "# A\n\nSee [part one](b.md#part-one).\n", **_PAGE},
        "a.md",
        3,
        _anchor,
    ),
    Rule(
        "image-missing",
        "warning",
        "The reader sees only the alternative text where the author saw a picture.",
        "Put the file into the pack, or correct the path, counted from the folder of this file.",
        {"a.md": "# A\n\n![A door](images/door.png)\n"},
        {"a.md": "# A\n\n![A door](images/door.png)\n", "images/door.png": ""},
        "a.md",
        3,
        _image_missing,
    ),
    Rule(
        "image-remote",
        "notice",
        "Showing a picture from another site would tell that site who reads which lesson, and it fails offline.",
        "Put the picture into the pack, with the right to use it.",
        {"a.md": "# A\n\n![A door](https://example.org/door.png)\n"},
        {"a.md": "# A\n\n![A door](door.png)\n", "door.png": ""},
        "a.md",
        3,
        _image_remote,
    ),
    Rule(
        "image-alt-missing",
        "warning",
        "Who cannot see the picture hears nothing, or its file name. What the picture teaches is lost.",
        "Write what the picture shows between the brackets: `![The door is open](door.png)`.",
        {"a.md": "# A\n\n![](door.png)\n", "door.png": ""},
        {"a.md": "# A\n\n![The door is open](door.png)\n", "door.png": ""},
        "a.md",
        3,
        _alt,
    ),
    Rule(
        "drawing-broken",
        "warning",
        "A browser shows nothing of a drawing that is not well-formed XML, or larger than 4 MB.",
        "Open the drawing in a drawing program and save it as plain SVG.",
        {"a.md": "# A\n\n![A line](line.svg)\n", "line.svg": "<svg>\n<path>\n</svg>\n"},
        {"a.md": "# A\n\n![A line](line.svg)\n", "line.svg": _DRAWING},
        "line.svg",
        3,
        _drawing_broken,
    ),
    Rule(
        "drawing-acts",
        "notice",
        "A drawing can carry scripts and fetch things from other sites. What acts is taken out; the picture stays.",
        "Save it as plain SVG, without scripts, links and notes of the drawing program.",
        {"a.md": "# A\n\n![A line](line.svg)\n", "line.svg": _DRAWING.replace("<path", "<script>1</script><path")},
        {"a.md": "# A\n\n![A line](line.svg)\n", "line.svg": _DRAWING},
        "line.svg",
        0,
        _drawing_acts,
    ),
)  # fmt: skip
