"""Issuers: names and their history, logos that do nothing, others beside the first."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin

from lms.config import Settings
from lms.issuers import actions, keyring, pictures, queries
from lms.issuers.actions import About

if TYPE_CHECKING:
    from lms.db import Database

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def png(width: int = 4, height: int = 4) -> bytes:
    target, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Author", "Somebody")
    Image.new("RGB", (width, height), "#123456").save(target, "PNG", pnginfo=notes)
    return target.getvalue()


@pytest.fixture
def ready(database: Database, settings: Settings) -> Settings:
    with database.writing() as db:
        keyring.ensure_keys(db, settings)
    return settings


def test_a_former_name_is_kept_and_still_leads_to_the_issuer(database: Database, ready: Settings) -> None:
    assert ready
    with database.writing() as db:
        actions.change(db, "handrail", About("Ministry of Trust", country="LV", co_issuers=("A University",)))
        actions.change(db, "handrail", About("Ministry of Digital Trust"))
        found = queries.issuer_named(db, "Ministry of Trust")
        by_first_name, by_slug = queries.issuer_named(db, "Handrail"), queries.issuer_named(db, "handrail")
    assert (found.slug, found.name) == ("handrail", "Ministry of Digital Trust")
    assert found == by_first_name == by_slug
    assert [old.name for old in found.former] == ["Handrail", "Ministry of Trust"]
    assert found.former[0].until == found.former[1].since


def test_an_unknown_name_leads_to_the_installations_own_issuer(database: Database, ready: Settings) -> None:
    assert ready
    with database.reading() as db:
        assert queries.issuer_named(db, "Whoever").slug == "handrail"


def test_before_the_first_start_there_is_no_issuer_and_nobody_fails(database: Database) -> None:
    with database.reading() as db:
        assert queries.default_issuer(db) is None
        assert queries.issuer_named(db, "Whoever") == queries.IssuerProfile("", "Whoever")


def test_a_second_issuer_has_keys_of_its_own_and_no_name_of_another(database: Database, ready: Settings) -> None:
    with database.writing() as db:
        slug = actions.add(db, ready, About("Ūdens institūts", url="https://water.example.org"))
        assert slug == "udens-instituts"
        assert keyring.signer(db, ready, slug).key.kid != keyring.signer(db, ready).key.kid
        for taken in ("Handrail", "Ūdens institūts", "Udens instituts"):
            with pytest.raises(actions.NameTaken):
                actions.add(db, ready, About(taken))
        with pytest.raises(actions.NameTaken):
            actions.change(db, slug, About("Handrail"))
        with pytest.raises(actions.NameTaken):
            actions.change(db, slug, About("handrail"))
        assert [each.slug for each in queries.issuers(db)] == ["handrail", slug]


def test_a_logo_is_kept_for_the_papers_that_were_issued_with_it(database: Database, ready: Settings) -> None:
    assert ready
    with database.writing() as db:
        actions.set_logo(db, "handrail", SVG)
        first = queries.issuer_named(db, "").logo
        actions.set_logo(db, "handrail", png())
        actions.set_logo(db, "handrail", SVG)
        actions.set_logo(db, "handrail", b"")
        assert queries.issuer_named(db, "").logo == ""
        kept = queries.logo(db, first)
    assert kept == queries.LogoFile("image/svg+xml", SVG)


def test_a_png_keeps_nothing_but_its_pixels() -> None:
    made = pictures.logo(png(3000, 300))
    assert b"Somebody" not in made.data
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.size == (1000, 100)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF89a", "kind"),
        (b"", "kind"),
        (png()[:40], "kind"),
        (b"<svg><unclosed", "kind"),
        (SVG.replace(b"<path", b"<script>alert(1)</script><path"), "acts"),
        (SVG.replace(b"<path", b'<image href="https://example.org/x.png"/><path'), "acts"),
        (SVG.replace(b"<path", b'<path onclick="x()"'), "acts"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>" + SVG, "kind"),
        (png(2100, 2100), "size"),
        (SVG + b" " * 200_000, "size"),
    ],
)
def test_what_is_no_logo_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(pictures.BadLogo) as refused:
        pictures.logo(content)
    assert refused.value.reason == reason
