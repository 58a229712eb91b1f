"""Fetch, join, publish, give back: over a real transport, with nothing overwritten."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lms.config import Settings
from lms.content import queries as content
from lms.content.packs import Origin, offered_packs
from lms.db import Database
from lms.paging import At
from lms.repositories import clones, commits, pulling, queries
from lms.repositories.commits import commit
from lms.repositories.joining import Moved
from lms.repositories.pulling import Asked, NoSuchRepository, pull, settle
from lms.repositories.rules import Cause, Outcome, State
from tests.packs import SMALL
from tests.repositories.conftest import Here, site_of
from tests.repositories.hosting import Hosted, git

LESSON = "courses/first-aid/02-helping.md"
INDEX = "courses/first-aid/index.md"


def title(here: Here) -> str:
    with here.site.database.reading() as db:
        current = content.current(db, "first-aid")
        assert current is not None
        return current.course.lessons[1].pages["en"].title


def known(here: Here) -> queries.Known:
    with here.site.database.reading() as db:
        found = queries.repository(db, here.site.settings, "water")
    assert found is not None
    return found


def desk_saves(here: Here, files: dict[str, str]) -> str:
    for path, text in files.items():
        (here.clone / path).write_text(text)
    return commit(
        here.clone, list(files), author_name="Tīna Trenere", author_email="tina@example.org", words="Say more"
    )


def test_a_push_is_fetched_and_published(here: Here, hosted: Hosted):
    first = here.pull()
    assert (first.outcome, first.courses) == (Outcome.PUBLISHED, ("first-aid",))
    assert title(here) == "Helping without typing"
    made = hosted.push({LESSON: "# Hands off\n\nTheir keyboard is theirs.\n"})
    second = here.pull()
    assert (second.outcome, second.before, second.after) == (Outcome.PUBLISHED, first.after, made)
    assert title(here) == "Hands off"
    assert here.pull().outcome is Outcome.NOTHING
    assert [result.outcome for result in here.noted] == [Outcome.PUBLISHED, Outcome.PUBLISHED, Outcome.NOTHING]
    [pack] = offered_packs(here.site.settings)
    assert (pack.name, pack.path, pack.origin) == ("water", here.clone, Origin.REPOSITORY)


def test_what_lies_in_the_clone_is_what_was_pushed_byte_for_byte(here: Here, hosted: Hosted):
    odd = {
        "courses/first-aid/images/ūdens karte.png": b"\x89PNG\r\n\x1a\n\0\xff\r\n",
        "courses/first-aid/extra.txt": b"\xef\xbb\xbfone\r\ntwo\n\r\n",
        "courses/first-aid/empty.txt": b"",
    }
    hosted.push(odd)
    here.pull()
    assert {path: (here.clone / path).read_bytes() for path in odd} == odd


def test_a_pack_with_errors_is_not_published(here: Here, hosted: Hosted):
    here.pull()
    hosted.push({LESSON: "# Hands off\n\n[nowhere](gone.md)\n", INDEX: "---\ntitle: [\n---\n"})
    result = here.pull()
    assert result.outcome is Outcome.REFUSED
    assert any(problem.severity == "error" for problem in result.problems)
    assert title(here) == "Helping without typing"
    assert known(here).state is State.REFUSED
    hosted.push({LESSON: "# Mended\n", INDEX: SMALL[INDEX]})
    assert here.pull().outcome is Outcome.PUBLISHED


def test_what_waits_for_approval_is_not_called_published(here: Here, hosted: Hosted):
    here.pull()
    hosted.push({INDEX: SMALL[INDEX].replace("---\n", "---\napproval: yes\n", 1), LESSON: "# Hands off\n\nTheirs.\n"})
    result = here.pull()
    assert (result.outcome, result.courses, result.waits) == (Outcome.WAITING, (), ("first-aid",))
    assert title(here) == "Helping without typing"
    assert known(here).state is State.CURRENT
    assert here.pull().outcome is Outcome.NOTHING


def test_what_the_desk_commits_goes_back_with_its_authors_name(here: Here, hosted: Hosted):
    here.pull()
    desk_saves(here, {LESSON: "# From the desk\n"})
    result = here.pull(Cause.SAVE)
    assert hosted.text(LESSON) == "# From the desk"
    assert git(hosted.bare, "log", "-1", "--format=%an <%ae> %cn", "main") == "Tīna Trenere <tina@example.org> Handrail"
    assert git(hosted.bare, "show", "--format=", "--name-only", "main") == LESSON
    assert result.is_fine


def test_edits_on_both_sides_in_different_places_are_joined(here: Here, hosted: Hosted):
    here.pull()
    mine = desk_saves(here, {LESSON: "# From the desk\n"})
    theirs = hosted.push({INDEX: SMALL[INDEX].replace("small course for tests", "course by Anna")})
    assert here.pull().is_fine
    assert title(here) == "From the desk"
    assert "course by Anna" in (here.clone / INDEX).read_text()
    assert git(hosted.bare, "log", "-1", "--format=%P", "main").split() == [mine, theirs]
    assert "course by Anna" in hosted.text(INDEX)


def test_a_conflict_is_shown_and_nothing_is_overwritten(here: Here, hosted: Hosted):
    here.pull()
    desk_saves(here, {LESSON: "# From the desk\n"})
    theirs = hosted.push({LESSON: "# From Anna\n", INDEX: SMALL[INDEX].replace("for tests", "by Anna")})
    result = here.pull()
    assert (result.outcome, result.detail["files"]) == (Outcome.CONFLICT, [LESSON])
    assert (here.clone / LESSON).read_text() == "# From the desk\n"
    assert (here.clone / INDEX).read_text() == SMALL[INDEX]
    assert hosted.text(LESSON) == "# From Anna"
    assert title(here) == "Helping without typing"
    assert git(hosted.bare, "rev-parse", "main") == theirs
    assert known(here).state is State.CONFLICT
    assert here.pull().outcome is Outcome.CONFLICT


@pytest.mark.parametrize(("ours", "title_then"), [(True, "From the desk"), (False, "From Anna")])
def test_a_conflict_is_ended_by_taking_one_side_and_both_stay_in_the_history(here, hosted, ours, title_then):
    here.pull()
    mine = desk_saves(here, {LESSON: "# From the desk\n"})
    theirs = hosted.push({LESSON: "# From Anna\n", INDEX: SMALL[INDEX].replace("for tests", "by Anna")})
    here.pull()
    conflict = known(here).conflict
    assert conflict == queries.Conflicting(mine, theirs, (LESSON,))
    anna = ("Tīna Trenere", "tina@example.org")
    with pytest.raises(Moved):
        settle(here.site, "water", Asked(Cause.BUTTON), conflict, {}, anna, "x")
    result = settle(here.site, "water", Asked(Cause.BUTTON), conflict, {LESSON: ours}, anna, "Choose")
    assert result.outcome is Outcome.PUBLISHED
    assert title(here) == title_then
    assert "by Anna" in hosted.text(INDEX)
    assert git(hosted.bare, "log", "-1", "--format=%P|%an|%s", "main") == f"{mine} {theirs}|Tīna Trenere|Choose"
    assert git(here.clone, "status", "--porcelain") == ""
    assert known(here).state is State.CURRENT


def test_a_file_deleted_there_and_changed_here_is_a_conflict_that_can_be_ended(here: Here, hosted: Hosted):
    here.pull()
    extra = "courses/first-aid/03-extra.md"
    hosted.push({extra: "# Extra\n"})
    here.pull()
    desk_saves(here, {extra: "# Extra of the desk\n"})
    hosted.push({extra: None})
    here.pull()
    conflict = known(here).conflict
    assert conflict is not None
    settle(here.site, "water", Asked(Cause.BUTTON), conflict, {extra: False}, ("T", ""), "Choose")
    assert not (here.clone / extra).exists()


def test_history_that_was_rewritten_is_followed_if_nothing_of_ours_stands_on_it(here: Here, hosted: Hosted):
    hosted.push({LESSON: "# To be forgotten\n"})
    here.pull()
    git(hosted.annas, "reset", "--quiet", "--hard", "HEAD~1")
    made = hosted.push({LESSON: "# Instead\n"}, "Change", "--force")
    assert here.pull().after == made
    desk_saves(here, {INDEX: SMALL[INDEX].replace("for tests", "of ours")})
    git(hosted.annas, "reset", "--quiet", "--hard", "HEAD~1")
    hosted.push({LESSON: "# Again\n"}, "Change", "--force")
    result = here.pull()
    assert (result.outcome, "rewritten" in result.words) == (Outcome.FAILED, True)
    assert "of ours" in (here.clone / INDEX).read_text()


def test_a_push_that_is_not_taken_is_told_and_tried_again(here: Here, hosted: Hosted):
    here.pull()
    hook = hosted.bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho protected branch >&2\nexit 1\n")
    hook.chmod(0o755)
    desk_saves(here, {LESSON: "# From the desk\n"})
    result = here.pull()
    assert (result.outcome, "protected branch" in result.words) == (Outcome.UNPUSHED, True)
    assert title(here) == "Helping without typing"  # saved is not published
    hook.unlink()
    assert here.pull().outcome is Outcome.NOTHING
    assert hosted.text(LESSON) == "# From the desk"


def test_without_leave_nothing_is_pushed(here: Here, hosted: Hosted):
    here.site = replace(here.site, settings=replace(here.site.settings, repositories=(f"water={hosted.address}",)))
    here.pull()
    desk_saves(here, {LESSON: "# From the desk\n"})
    hosted.push({INDEX: SMALL[INDEX].replace("for tests", "by Anna")})
    here.pull()
    assert hosted.text(LESSON) == SMALL[LESSON].strip()
    assert title(here) == "From the desk"
    assert clones.count_between(here.clone, clones.known_there(here.clone), "HEAD") == 2


def test_links_submodules_and_hooks_stay_outside(here: Here, hosted: Hosted, tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (hosted.annas / "courses" / "first-aid" / "notes.md").symlink_to(secret)
    (hosted.annas / "courses" / "away").symlink_to(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    git(other, "commit", "--quiet", "--allow-empty", "-m", "x")
    git(hosted.annas, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "courses/other")
    ran = tmp_path / "ran"
    hosted.push({".gitattributes": "*.md filter=lfs\n*.md filter=evil\n", ".lfsconfig": f"[lfs]\nurl={ran}\n"})
    result = here.pull()
    assert not (here.clone / "courses/first-aid/notes.md").exists()
    assert not (here.clone / "courses/away").exists()
    assert not any((here.clone / "courses" / "other").glob("*"))
    assert "Links are left out: courses/away, courses/first-aid/notes.md." in result.words
    assert "Submodules are left out: courses/other." in result.words
    assert "Git LFS" in result.words
    assert list((here.clone / ".git").glob("hooks/*")) == []
    hosted.push({LESSON: "# Still works\n"})
    assert here.pull().outcome is Outcome.PUBLISHED


def test_a_folder_of_a_branch(here: Here, hosted: Hosted):
    git(hosted.annas, "checkout", "--quiet", "-b", "release")
    for path, text in SMALL.items():
        file = hosted.annas / "packs" / "ūdens" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("Helping without typing", "Of the release"))
    git(hosted.annas, "add", "--all")
    git(hosted.annas, "commit", "--quiet", "-m", "Release")
    git(hosted.annas, "push", "--quiet", str(hosted.bare), "HEAD:release")
    line = f"water={hosted.address}#branch=release&folder=packs/%C5%ABdens&push=yes"
    here.site = replace(here.site, settings=replace(here.site.settings, repositories=(line,)))
    assert here.pull().outcome is Outcome.PUBLISHED
    assert title(here) == "Of the release"
    [pack] = offered_packs(here.site.settings)
    assert pack.path == here.clone / "packs" / "ūdens"
    (pack.path / LESSON).write_text("# From the desk\n")
    commit(pack.path, [LESSON], author_name="Tīna", author_email="", words="x")
    here.pull()
    assert git(hosted.bare, "show", f"release:packs/ūdens/{LESSON}") == "# From the desk"
    assert hosted.text(LESSON) == SMALL[LESSON].strip()


def test_another_branch_in_the_settings_is_followed(here: Here, hosted: Hosted):
    here.pull()
    git(hosted.annas, "checkout", "--quiet", "--orphan", "other")
    hosted_head = git(hosted.annas, "commit", "--quiet", "-m", "Anew") or git(hosted.annas, "rev-parse", "HEAD")
    git(hosted.annas, "push", "--quiet", str(hosted.bare), "HEAD:other")
    line = f"water={hosted.address}#branch=other"
    here.site = replace(here.site, settings=replace(here.site.settings, repositories=(line,)))
    assert here.pull().after == hosted_head


def test_too_many_files_are_not_checked_out(here: Here, monkeypatch):
    monkeypatch.setattr(clones, "COUNT_LIMIT", 3)
    result = here.pull()
    assert (result.outcome, "more than 3 files" in result.words) == (Outcome.FAILED, True)
    assert [path.name for path in here.clone.iterdir()] == [".git"]


def test_too_many_bytes_are_not_checked_out(here: Here, monkeypatch):
    monkeypatch.setattr(clones, "PACK_LIMIT", 100)
    assert here.pull().outcome is Outcome.FAILED


def test_a_fetch_that_is_given_up_leaves_nothing_behind(here: Here, hosted: Hosted):
    here.pull()
    begun = here.clone / ".git" / "objects" / "pack" / "tmp_pack_x"
    begun.write_bytes(b"half")
    hosted.push({"courses/first-aid/02-helping.md": "# Other\n"})
    assert here.pull().outcome is Outcome.PUBLISHED
    assert not begun.exists()


def test_a_host_that_is_gone_is_told_and_nothing_is_lost(here: Here, hosted: Hosted):
    here.pull()
    hosted.bare.rename(hosted.bare.with_name("gone"))
    assert here.pull().outcome is Outcome.FAILED
    assert title(here) == "Helping without typing"
    assert known(here).state is State.FAILED
    hosted.bare.with_name("gone").rename(hosted.bare)
    assert here.pull().outcome is Outcome.NOTHING


def test_what_somebody_changed_in_the_clone_by_hand_is_not_overwritten(here: Here, hosted: Hosted):
    here.pull()
    (here.clone / LESSON).write_text("# By hand\n")
    hosted.push({LESSON: "# From Anna\n"})
    result = here.pull()
    assert result.outcome is Outcome.FAILED
    assert (here.clone / LESSON).read_text() == "# By hand\n"


def test_an_empty_repository_says_so(here: Here, hosted: Hosted):
    git(hosted.bare, "update-ref", "-d", "refs/heads/main")
    result = here.pull()
    assert (result.outcome, "HEAD" in result.words) == (Outcome.FAILED, True)


def test_a_name_that_belongs_to_another_pack(here: Here):
    (here.site.settings.home / "packs" / "water").mkdir(parents=True)
    result = here.pull()
    assert (result.outcome, "another pack" in result.words.lower()) == (Outcome.FAILED, True)


def test_nobody_else_works_there_meanwhile(here: Here, monkeypatch):
    monkeypatch.setattr(pulling, "SHORT", 0.1)
    with clones.turn(here.site.settings, "water", 1), pytest.raises(commits.Busy):
        settle(here.site, "water", Asked(Cause.BUTTON), queries.Conflicting("", "", ()), {}, ("", ""), "")


def test_a_lock_left_by_a_git_that_was_killed_is_taken_away(here: Here, hosted: Hosted):
    here.pull()
    lock = here.clone / ".git" / "index.lock"
    lock.touch()
    os.utime(lock, (time.time() - 3600,) * 2)
    hosted.push({LESSON: "# On\n"})
    assert here.pull().outcome is Outcome.PUBLISHED


def test_a_repository_that_nobody_named(here: Here):
    with pytest.raises(NoSuchRepository):
        pull(here.site, "air", Asked(Cause.COMMAND))


def test_the_looks_are_remembered_with_who_asked(database: Database, settings: Settings, hosted: Hosted):
    here = site_of(database, settings, hosted)
    here.pull()
    here.pull(Cause.WEBHOOK)
    with here.site.database.reading() as db:
        rows = queries.looks(db, known(here).id or 0, At()).rows
    assert [(row.cause, row.outcome) for row in rows] == [("webhook", "nothing"), ("command", "published")]
    assert rows[1].courses == ("first-aid",)
