"""The pages about repositories: for trainers how they stand, for operators which there are."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.db import Database
from lms.jobs import Worker
from lms.repositories.commits import commit
from tests.cast import Cast, Visitor
from tests.repositories.hosting import Hosted, begin

LESSON = "courses/gardens/01-soil.md"
GARDENS = {
    "courses/gardens/index.md": "---\ntitle: Gardens for beginners\n---\n\nAbout gardens.\n",
    LESSON: "# Soil\n\nSoil is alive.\n",
}
DESK, OPERATION = "/authoring/repositories", "/operation/repositories"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hosted:
    made = begin(tmp_path / "host", GARDENS)
    monkeypatch.setenv("PATH", f"{tmp_path / 'host' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return made


@pytest.fixture
def tina(cast: Cast) -> Visitor:
    return cast.at_browser("tina")


@pytest.fixture
def omar(cast: Cast) -> Visitor:
    return cast.at_browser("omar")


def clone(app: Flask) -> Path:
    return Path(app.config["LMS"].home, "repositories", "gardens")


def added(omar: Visitor, host: Hosted, worker: Worker) -> None:
    answer = omar.post(OPERATION, {"name": "gardens", "address": host.address, "pushes": "y"})
    assert answer.status_code == 303
    worker.drain()


def test_an_operator_adds_a_repository_and_it_is_published(tina, omar, host, worker, database: Database):
    assert "There is none yet" in tina.get(DESK).text
    added(omar, host, worker)
    assert "Gardens for beginners" in tina.get("/courses/gardens").text
    listed = tina.get(DESK).text
    assert "Up to date" in listed
    assert host.address in listed
    assert "Published" in tina.get(f"{DESK}/gardens").text
    with database.reading() as db:
        kinds = list(db.scalars(select(AuthoringStep.kind).where(AuthoringStep.pack == "gardens")))
    assert kinds == ["repository-added", "pulled"]


def test_what_cannot_be_an_address_is_told_and_kept(omar: Visitor):
    for wrong, says in (
        ({"address": "file:///etc"}, "begins with https://"),
        ({"address": "https://omar:secret@example.org/x.git"}, "Leave the password or token out"),
        ({"branch": "--upload-pack=x"}, "no name of a branch"),
        ({"folder": "../other"}, "without dots at the beginning"),
        ({"name": "../x"}, "small letters"),
    ):
        form = {"name": "gardens", "address": "https://example.org/gardens.git", **wrong}
        answer = omar.post(OPERATION, form)
        assert answer.status_code == 422
        assert says in answer.text


def test_a_name_that_is_taken(app: Flask, omar: Visitor):
    Path(app.config["LMS"].home, "packs", "gardens").mkdir(parents=True)
    answer = omar.post(OPERATION, {"name": "gardens", "address": "https://example.org/gardens.git"})
    assert "There is a pack with this name" in answer.text


def test_fetch_now(tina: Visitor, omar: Visitor, host: Hosted, worker: Worker):
    added(omar, host, worker)
    host.push({LESSON: "# Soil and sand\n"})
    waiting = tina.post(f"{DESK}/gardens/fetch", follow_redirects=True)
    assert 'data-again="yes"' in waiting.text
    worker.drain()
    done = tina.get(f"{DESK}/gardens").text
    assert 'data-again="no"' in done
    assert "Tina" in done
    assert "Soil and sand" in tina.get("/courses/gardens/lessons/soil").text


def test_both_sides_of_a_conflict_are_shown_and_one_is_chosen(app, tina, omar, host, worker):
    added(omar, host, worker)
    (clone(app) / LESSON).write_text("# Soil\n\nWritten on the desk.\n")
    commit(clone(app), [LESSON], author_name="Tīna", author_email="", words="Desk")
    host.push({LESSON: "# Soil\n\nPushed <b>by Anna</b>.\n"})
    tina.post(f"{DESK}/gardens/fetch")
    worker.drain()
    page = tina.get(f"{DESK}/gardens").text
    assert "1 file was changed here and there" in page
    assert "Written on the desk." in page
    assert "Pushed &lt;b&gt;by Anna&lt;/b&gt;." in page
    assert "Soil is alive" in tina.get("/courses/gardens/lessons/soil").text
    commits = dict(re.findall(r'name="(ours|theirs)" value="(\w+)"', page))
    for form in ({}, commits, {**commits, "ours": "0" * 40, "side-0": "ours"}):
        refused = tina.post(f"{DESK}/gardens/settle", form, follow_redirects=True)
        assert "note-warn" in refused.text
        assert host.text(LESSON).endswith("Anna</b>.")
    ended = tina.post(f"{DESK}/gardens/settle", {**commits, "side-0": "ours"}, follow_redirects=True)
    assert "The conflict is over" in ended.text
    assert "Written on the desk." in tina.get("/courses/gardens/lessons/soil").text
    assert host.text(LESSON).endswith("Written on the desk.")


def test_errors_keep_it_from_being_published_and_the_page_says_so(tina, omar, host, worker):
    added(omar, host, worker)
    host.push({"courses/gardens/index.md": "---\ntitle: [\n---\n"})
    tina.post(f"{DESK}/gardens/fetch")
    worker.drain()
    page = tina.get(f"{DESK}/gardens").text
    assert "keeps this pack from being published" in page
    assert tina.get("/courses/gardens").status_code == 200


def test_a_host_that_is_gone(tina, omar, host, worker):
    added(omar, host, worker)
    host.bare.rename(host.bare.with_name("gone"))
    tina.post(f"{DESK}/gardens/fetch")
    worker.drain()
    assert "It could not be fetched." in tina.get(f"{DESK}/gardens").text


def test_the_desks_commits_can_be_taken_along_as_patches(app, tina, omar, host, worker):
    added(omar, host, worker)
    (clone(app) / LESSON).write_text("# Soil\n\nWritten on the desk.\n")
    commit(clone(app), [LESSON], author_name="Tīna Trenere", author_email="tina@example.org", words="Desk")
    assert "1 commit of the desk is not at the other side" in tina.get(f"{DESK}/gardens").text
    patch = tina.get(f"{DESK}/gardens/patches").text
    assert "Subject: [PATCH] Desk" in patch
    assert "+Written on the desk." in patch


def test_the_secret_is_for_operators_and_can_be_changed(app, tina, omar, host, worker):
    added(omar, host, worker)
    before = re.search(r"<code[^>]*>([0-9a-f]{64})</code>", omar.get(f"{OPERATION}/gardens").text)
    assert before
    assert "http://localhost/hooks/git/gardens" in omar.get(f"{OPERATION}/gardens").text
    assert before[1] not in tina.get(f"{DESK}/gardens").text
    hook = {"headers": {"X-Gitlab-Token": before[1]}}
    assert app.test_client().post("/hooks/git/gardens", **hook).status_code == 202
    omar.post(f"{OPERATION}/gardens/secret")
    assert before[1] not in omar.get(f"{OPERATION}/gardens").text
    assert app.test_client().post("/hooks/git/gardens", **hook).status_code == 401


def test_removed_is_off_the_desk_but_not_lost(app, tina, omar, host, worker):
    added(omar, host, worker)
    assert omar.post(f"{OPERATION}/gardens/remove").status_code == 303
    assert tina.get(f"{DESK}/gardens").status_code == 404
    assert tina.get("/authoring/packs/gardens").status_code == 404
    assert tina.get("/courses/gardens").status_code == 200
    [kept] = clone(app).parent.glob(".removed-gardens-*")
    assert (kept / LESSON).exists()
