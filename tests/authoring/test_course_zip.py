"""One course of a pack, from the desk."""

from __future__ import annotations

import io

from lms.authoring.uploads import read_upload
from tests.packs import SMALL, as_files


def test_the_desk_gives_a_course(cast):
    tina = cast.at_browser("tina")
    given = tina.get("/authoring/packs/tests/courses/first-aid/zip")
    assert given.headers["Content-Disposition"].endswith("filename=first-aid.zip")
    assert read_upload(io.BytesIO(given.data)) == as_files(SMALL)
    given.close()
    assert tina.get("/authoring/packs/tests/courses/nowhere/zip").status_code == 404
    assert "/authoring/packs/tests/courses/first-aid/zip" in tina.get("/authoring/courses/first-aid").text
