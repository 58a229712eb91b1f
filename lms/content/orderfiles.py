"""Order files that people really have, each read into the same tree of entries. They come from other programs.

mkdocs.yml of MkDocs, config.yaml and _config.yml of Carpentries lessons; `books` and `tocs` read the others.
"""

from __future__ import annotations

from lms.content.books import read_summary
from lms.content.frontmatter import Document
from lms.content.naming import folder_of
from lms.content.order import Entry, Order, Reading, first_of, joined, language_of, nav, only_below, text_of, yaml_file
from lms.content.sources import Sources
from lms.content.structure import Json
from lms.content.tocs import read_toc


def find_order(sources: Sources, root: str) -> Order | None:
    """The order file of a course folder, understood; None if it has none."""
    for read in (_mkdocs, read_summary, read_toc, _carpentries, _jekyll):
        order = read(sources, root)
        if order is not None:
            return order
    return None


def read_list(sources: Sources, file: str, root: str, document: Document, value: Json) -> tuple[Entry, ...]:
    """The entries of a front matter's `lessons:`: paths, folders, or titles with a list under them."""
    reading = Reading(sources, file, root, document)
    return tuple(nav(reading, value, ("lessons",)))


def _mkdocs(sources: Sources, root: str) -> Order | None:
    path = first_of(sources, root, "mkdocs.yml", "mkdocs.yaml") or only_below(sources, root, "mkdocs.yml")
    if path is None:
        return None
    root = folder_of(path)
    document = yaml_file(sources, path)
    settings = document.value if isinstance(document.value, dict) else {}
    pages = joined(root, settings.get("docs_dir") or "docs")
    if not any(sources.under(pages)):
        return None
    theme = settings.get("theme")
    reading = Reading(sources, path, pages, document)
    return Order(
        "mkdocs",
        path,
        pages,
        tuple(nav(reading, settings.get("nav"), ("nav",))),
        text_of(settings.get("site_name")),
        language_of(theme.get("language") if isinstance(theme, dict) else None),
        tuple(site for site in (text_of(settings.get("site_url")),) if site),
    )


def _carpentries(sources: Sources, root: str) -> Order | None:
    path = first_of(sources, root, "config.yaml", "config.yml")
    if path is None:
        return None
    document = yaml_file(sources, path)
    settings = document.value
    folder = joined(root, "episodes")
    if not isinstance(settings, dict) or not {"episodes", "carpentry"} & settings.keys():
        return None
    if not any(sources.under(folder)):
        return None
    entries = tuple(nav(Reading(sources, path, folder, document), settings.get("episodes"), ("episodes",)))
    sites = tuple(site for site in (text_of(settings.get("url")),) if site)
    return Order(
        "config", path, folder, entries, text_of(settings.get("title")), language_of(settings.get("lang")), sites
    )


def _jekyll(sources: Sources, root: str) -> Order | None:
    path, folder = first_of(sources, root, "_config.yml", "_config.yaml"), joined(root, "_episodes")
    if path is None or not any(sources.under(folder)):
        return None
    document = yaml_file(sources, path)
    settings = document.value if isinstance(document.value, dict) else {}
    reading = Reading(sources, path, folder, document)
    entries = tuple(nav(reading, settings.get("episode_order"), ("episode_order",)))
    sites = tuple(site for site in (text_of(settings.get("url")),) if site)
    return Order(
        "config", path, folder, entries, text_of(settings.get("title")), language_of(settings.get("lang")), sites
    )
