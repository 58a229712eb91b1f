"""Markdown as people write it for Git hosts, to safe HTML.

`render` gives a page in parts with the facts about it, `render_block` a small text, `render_inline` one line. A
text becomes blocks (`reader`), blocks elements (`tree`), Python-Markdown reads what stands in them (`inline`),
`finishing` and `facts` gather what a text holds, and `safety` has the last word. Nothing here knows the web or
the database.

`RENDERER` is the version of the output: raise it when the same text gives other HTML, because compiled pages
are kept by it. `ANCHOR_PREFIX` stands before every id on a page and belongs before anchors in URLs to pages.
"""

from lms.markdown.anchors import slug
from lms.markdown.links import ANCHOR_PREFIX, Links, PlainLinks
from lms.markdown.rendering import RENDERER, render, render_block, render_inline
from lms.markdown.result import Embed, Heading, Link, Oddity, Rendered

__all__ = [
    "ANCHOR_PREFIX",
    "RENDERER",
    "Embed",
    "Heading",
    "Link",
    "Links",
    "Oddity",
    "PlainLinks",
    "Rendered",
    "render",
    "render_block",
    "render_inline",
    "slug",
]
