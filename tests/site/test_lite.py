"""JupyterLite beside the site: its notebooks, its lock, and a chapter run in it, in a browser.

The browser test takes a Pyodide with NumPy: that of PYODIDE, or the core of the tests on
WebAssembly, which is older than the kernel and needs an older piplite.
"""

import functools
import io
import json
import zipfile
from contextlib import redirect_stdout

import pytest

import lite
from chapter import load, paths
from environment import Trouble
from tests.site import small
from tests.site.visits import python_beside, serving
from wasm import core, known, outputs, wheels
from web import runtime

TOPIC = "choosing_a_solver"  # the quickest chapter on WebAssembly
PATIENCE = 300_000  # ms: the machine may be busy
OLD_KERNEL = wheels.RUNTIME.with_name("piplite.txt")
CELLS = """() => { const found = [];
  const all = window.jupyterapp.shell.currentWidget.content.model.cells;
  for (let i = 0; i < all.length; i++) { const one = all.get(i); if (one.type === "code")
    found.push({id: one.id, count: one.executionCount, outputs: one.outputs.toJSON()}); }
  return found; }"""
ENDED = f"""() => {{ const all = ({CELLS})(); return all.every(one => one.count)
  || all.some(one => one.outputs.some(output => output.output_type === "error")); }}"""


# --- The notebooks --------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def copies():
    """Return {topic: notebook} for JupyterLite."""
    return {path.stem: lite.copy_of(path) for path in paths()}


def test_a_copy_names_the_kernel_and_holds_single_strings(copies):
    assert len(copies) == 20
    for notebook in copies.values():
        assert notebook["metadata"]["kernelspec"]["name"] == "python"
        assert notebook["metadata"]["language_info"] == {"name": "python"}
        assert all(isinstance(cell["source"], str) for cell in notebook["cells"])
        assert all(cell["outputs"] == [] for cell in notebook["cells"]
                   if cell["cell_type"] == "code")


def test_no_role_of_the_book_is_left(copies):
    for topic, notebook in copies.items():
        words = "\n".join(cell["source"] for cell in notebook["cells"]
                          if cell["cell_type"] == "markdown")
        assert "{doc}`" not in words and "{term}`" not in words and "{footcite" not in words, topic


def test_what_a_browser_cannot_run_says_so_and_ends_no_run(copies):
    guarded = {f"{topic}#{cell['id']}" for topic, notebook in copies.items()
               for cell in notebook["cells"] if "except Exception as problem:" in cell["source"]
               and cell["source"].startswith("# ")}
    listed = {name for group in known.groups().values() for name in group["cells"]}
    assert guarded == listed
    said = io.StringIO()
    with redirect_stdout(said):
        exec(lite.guarded("import no_such_module\nraise KeyError", "Nothing here."), {})
    assert said.getvalue() == "In a browser: ModuleNotFoundError\n"


def test_a_guarded_cell_does_what_it_did():
    names = {}
    exec(lite.guarded("def half(x):\n    return x / 2\n\n\ny = half(3)", "Told. " * 40), names)
    assert names["y"] == 1.5


def test_a_string_of_several_lines_is_not_moved():
    with pytest.raises(Trouble, match="holds a string of several lines"):
        lite.guarded('x = """a\nb"""', "Told.")


# --- The lock -------------------------------------------------------------------------------------

def wheel(folder, name, needs=()):
    """Write a pure wheel of no content; return its path."""
    path = folder / f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-1.dist-info/METADATA", f"Name: {name}\nVersion: 1\n"
                         + "".join(f"Requires-Dist: {need}\n" for need in needs))
    return path


@pytest.fixture
def bare(tmp_path):
    """Return (the folder of a core with a lock of a few packages, the site's own wheels)."""
    theirs = {name: {"name": name, "file_name": f"{name}-2.whl", "depends": depends}
              for name, depends in {"micropip": [], "ipython": ["traitlets"], "traitlets": [],
                                    "jedi": [], "numpy": [], "pandas": ["numpy"],
                                    "mpmath": []}.items()}
    (tmp_path / core.LOCK).write_text(json.dumps({"info": {"python": "3.14.2"},
                                                  "packages": theirs}))
    ours = [wheel(tmp_path, "where_the_digits_go", ["numpy", "mpmath", "comm", "torch"]),
            *(wheel(tmp_path, name)
              for name in ("comm", "ipykernel", "piplite", "pyodide_kernel", "mpmath"))]
    return tmp_path, ours


def test_the_lock_holds_what_the_kernel_and_the_course_need_and_nothing_else(bare):
    packages = lite.lock_of(*bare, "https://example.org/full/")["packages"]
    assert packages.keys() == {*lite.FIRST, "traitlets", "numpy", "mpmath", "where-the-digits-go"}
    files = {name: entry["file_name"] for name, entry in packages.items()}
    assert files["numpy"] == "https://example.org/full/numpy-2.whl"
    assert files["mpmath"] == "https://example.org/full/mpmath-2.whl"  # what Pyodide has, stays
    assert files["comm"] == "../../../lite/wheels/comm-1-py3-none-any.whl"
    assert packages["where-the-digits-go"]["depends"] == ["comm", "mpmath", "numpy"]


def test_with_a_folder_of_pyodide_no_address_is_left(bare):
    packages = lite.lock_of(*bare, "")["packages"]
    assert packages["numpy"]["file_name"] == "numpy-2.whl"
    assert "://" not in json.dumps(packages)


def test_a_kernel_that_is_not_installed_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(lite, "EXTENSIONS", [tmp_path])
    with pytest.raises(Trouble, match=r"There is not one ipykernel .* run python tools/run.py"):
        lite.pure_wheels()


# --- A chapter in a browser -----------------------------------------------------------------------

@pytest.fixture(scope="module")
def place(full, tmp_path_factory):
    """Make a site with nothing but Python and JupyterLite; return its address below /book/."""
    site = tmp_path_factory.mktemp("site") / "book"
    piplite = None
    with pytest.MonkeyPatch.context() as patch:
        if not runtime.given():
            patch.setenv("PYODIDE", str(full))
            try:
                [old] = wheels.fetch(core.FOLDER / "wheels", OLD_KERNEL)
            except wheels.Unavailable as problem:
                pytest.skip(f"NOTHING WITH NUMPY RAN IN A BROWSER: {problem}")
            with zipfile.ZipFile(old) as archive:
                name = next(one for one in archive.namelist() if "/piplite-" in one)
                piplite = tmp_path_factory.mktemp("old") / name.rpartition("/")[2]
                piplite.write_bytes(archive.read(name))
        python_beside(site, runtime.given())
        lite.make(site, piplite)
    handler = functools.partial(small.Quiet, directory=str(site.parent))
    with serving(handler) as address:
        yield address


def run_all(page, address):
    """Open a chapter in JupyterLite and run all its cells, as a reader does; return them."""
    page.goto(f"{address}book/lite/notebooks/index.html?path={TOPIC}.ipynb")
    page.locator(".jp-Notebook .jp-Cell").first.click()
    assert page.locator(".jp-Dialog").count() == 0  # no question, such as which kernel
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.wait_for_function(ENDED, timeout=PATIENCE)
    return page.evaluate(CELLS)


@pytest.mark.browser
def test_a_chapter_runs_in_jupyterlite_and_asks_nobody_else(browser, place):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    found = {cell["id"]: cell["outputs"] for cell in run_all(page, place)}
    context.close()
    stored = {cell["id"]: cell for path in paths() if path.stem == TOPIC
              for cell in load(path)["cells"] if cell["cell_type"] == "code"}
    assert found.keys() == stored.keys()
    different = {name: outputs.told(stored[name], shown) for name, shown in found.items()
                 if not name.startswith("explore") and outputs.differ(stored[name], shown)}
    assert different == {}
    assert any("widget" in json.dumps(shown) for name, shown in found.items()
               if name.startswith("explore"))
    assert [one for one in asked if not one.startswith((place, "data:", "blob:"))] == []
