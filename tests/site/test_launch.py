"""The button of JupyterLite says where Python's packages come from, as this build has it."""

import json
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from tests.site.visits import CHAPTERS, SITE
from web import launch


@pytest.fixture
def built(monkeypatch):
    """Return a function that tells what the button says in a build with a folder of Pyodide."""
    def told(folder):
        if folder:
            monkeypatch.setenv("PYODIDE", str(folder))
        else:
            monkeypatch.delenv("PYODIDE", raising=False)
        config = SimpleNamespace()
        launch.note_host(None, config)
        return launch.notebook(lambda name, _: name, "chapters/qr", config.web_far_host)["tooltip"]

    return told


def test_a_build_with_pyodide_names_no_host_and_one_without_does(built, tmp_path):
    assert built(tmp_path) == "Run this notebook in your browser"
    assert built("") == "Run this notebook in your browser; NumPy comes from cdn.jsdelivr.net"


def test_pages_are_written_anew_where_the_host_changes():
    kept = {}
    app = SimpleNamespace(
        connect=lambda *_, **__: None,
        add_config_value=lambda name, _, rebuild, __: kept.update({name: rebuild}))
    launch.setup(app)
    assert kept["web_far_host"] == "html"


@pytest.mark.browser
@pytest.mark.parametrize("path", CHAPTERS[:2])
def test_the_button_and_the_list_of_files_name_the_same_host(path, visit):
    listed = json.loads((SITE / "_static" / "run" / "files.json").read_text(encoding="utf-8"))
    far = urlsplit(listed["wheels"]).netloc
    button = visit(path).page.locator("a[href*='lite/notebooks']").first
    said = button.get_attribute("data-bs-original-title") or button.get_attribute("title")
    assert said.partition(" comes from ")[2] == far
