"""What readers edit cells with: the editor in one script, with its licences."""

import re

import pytest
from sphinx.errors import ExtensionError

from web import editing, modules

pytestmark = pytest.mark.browser  # like the site, it needs what npm brings


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    """Return the script."""
    run = tmp_path_factory.mktemp("run")
    editing.put(run, modules.modules())
    return (run / editing.EDITOR).read_text(encoding="utf-8")


def test_the_editor_is_one_script_that_imports_nothing(code):
    assert "window.book.editor=" in code and "sourceMappingURL" not in code
    assert not re.search(r"^\s*(import|export)\b", code, re.MULTILINE)


def test_all_that_the_editor_is_made_of_is_named_with_its_licence(code):
    for name in ("@codemirror/view", "@codemirror/lang-python", "@lezer/python", "style-mod"):
        assert re.search(rf"/\*! [^*]*{re.escape(name)}[^*]*Permission is hereby granted", code)


def test_the_same_packages_make_the_same_bytes(code, tmp_path):
    editing.write(modules.modules(), tmp_path / "again.js")
    assert (tmp_path / "again.js").read_text(encoding="utf-8") == code


def test_the_editor_is_made_once(code, tmp_path, monkeypatch):
    monkeypatch.setattr(editing, "write", None)
    editing.put(tmp_path, modules.modules())
    assert (tmp_path / editing.EDITOR).read_text(encoding="utf-8") == code


def test_an_editor_that_cannot_be_made_is_an_error_with_its_reason(monkeypatch, tmp_path):
    source = tmp_path / "editor.mjs"
    source.write_text('import "no-such-package"')
    monkeypatch.setattr(editing, "SOURCE", source)
    with pytest.raises(ExtensionError, match='Could not resolve "no-such-package"'):
        editing.bundle(modules.modules(), tmp_path / "editor.js")
