"""The pack of the plugin manual is built and installed by pip, enabled, published, and left alone by the desk."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lms.authoring.saving import is_writable
from lms.config import Settings
from lms.content.packs import Origin, offered_packs, read_pack
from lms.discovery import BrokenPlugin
from tests.conftest import SECRET
from tests.docs.pages import fences, read
from tests.packs import SMALL, as_files

FILES = {fence.value("pack"): fence.text for fence in fences(read("plugins.md")) if fence.value("pack")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the example with the small course inside."""
    source, made = tmp_path_factory.mktemp("handrail-water"), tmp_path_factory.mktemp("site")
    inside = {f"handrail_water/pack/{path}": text for path, text in SMALL.items()}
    for name, text in {**FILES, **inside}.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(made)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True)
    return made


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    yield site
    sys.modules.pop("handrail_water", None)


@pytest.mark.usefixtures("installed")
def test_the_pack_is_offered_and_published(site: Path, tmp_path: Path):
    settings = Settings(home=tmp_path, secret_key=SECRET, shipped_pack=False, plugins=("water",))
    [pack] = offered_packs(settings)
    assert (pack.name, pack.origin, read_pack(pack)) == ("water", Origin.PLUGIN, as_files(SMALL))
    assert not is_writable(pack)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "PYTHON"))}
    about = {"LMS_HOME": str(tmp_path), "LMS_SECRET_KEY": SECRET, "LMS_SHIPPED_PACK": "no", "LMS_PLUGINS": "water"}
    for command in (["db", "upgrade"], ["publish"]):
        done = subprocess.run(
            [sys.executable, "-m", "lms", *command],
            env={**kept, **about, "PYTHONPATH": str(site)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
    assert done.stdout == "water: published first-aid.\n"


def test_a_pack_that_is_not_there_stops_with_the_plugins_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    about = tmp_path / "handrail_dry-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: handrail-dry\nVersion: 1\n")
    (about / "entry_points.txt").write_text("".join(f"{name} = handrail_dry:{name}\n" for name in ("gone", "out")))
    (about / "entry_points.txt").write_text("[lms.plugins]\n" + (about / "entry_points.txt").read_text())
    (tmp_path / "handrail_dry").mkdir()
    (tmp_path / "handrail_dry" / "__init__.py").write_text(
        "from lms.plugins import Plugin\n"
        'gone = Plugin("gone", packs={"a": "handrail_dry/pack"})\n'
        'out = Plugin("out", packs={"a": "handrail_dry/../"})\n'
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    for name in ("gone", "out"):
        with pytest.raises(BrokenPlugin, match=f"The plugin {name} brings a pack"):
            offered_packs(Settings(home=tmp_path, shipped_pack=False, plugins=(name,)))
    sys.modules.pop("handrail_dry", None)
