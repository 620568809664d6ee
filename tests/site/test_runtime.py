"""Python in the site's folder: what is put there, from where, and what a folder must hold.

A Pyodide of a few bytes stands for the true one; the browser tests run that.
"""

import gzip
import hashlib
import json
import zipfile

import pytest
from sphinx.errors import ExtensionError

import book
from environment import Trouble
from web import runtime

PACKAGES = {"numpy": [], "scipy": ["numpy", "openblas"], "openblas": [], "matplotlib": ["numpy"],
            "pandas": ["numpy"]}


@pytest.fixture
def full(tmp_path):
    """Return a folder that looks like a full release of Pyodide."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in (*runtime.CORE, "pyodide.asm.js", *(f"{name}-1.whl" for name in PACKAGES)):
        (folder / name).write_text(name)
    listed = {name: {"file_name": f"{name}-1.whl", "depends": needs}
              for name, needs in PACKAGES.items()}
    (folder / "pyodide-lock.json").write_text(json.dumps({"packages": listed}))
    return folder


@pytest.fixture
def site(tmp_path):
    """Return a site's folder with the scripts that Sphinx has copied."""
    run = tmp_path / "site" / "_static" / "run"
    run.mkdir(parents=True)
    (run / "python.js").write_text("client")
    return tmp_path / "site"


def listed(site):
    """Return the list of files that a site gives its pages."""
    return json.loads((site / "_static" / "run" / "files.json").read_text())


def test_a_full_release_is_copied_with_what_its_packages_need_and_nothing_else(full, site):
    runtime.put(site, full)
    copied = {path.name for path in (site / "_static" / "run" / "core").iterdir()}
    packed = {"pyodide.asm.wasm.packed", "pyodide.asm.js.packed"}
    assert copied == {*runtime.CORE, "pyodide.asm.js", "numpy-1.whl", "scipy-1.whl",
                      "openblas-1.whl", "matplotlib-1.whl"} | packed
    assert listed(site)["wheels"] == "core/"


def test_a_reader_is_told_what_packages_weigh_numpy_counted_once(full, site, monkeypatch):
    runtime.put(site, full)
    weigh = {name: (full / f"{name}-1.whl").stat().st_size for name in PACKAGES}
    assert listed(site)["weights"] == {"numpy": weigh["numpy"], "matplotlib": weigh["matplotlib"],
                                       "scipy": weigh["scipy"] + weigh["openblas"]}
    assert {*runtime.ABOUT} == {*runtime.PACKAGES}


def test_cells_that_a_browser_runs_differently_are_listed_by_page(tmp_path):
    assert runtime.differing(tmp_path) == {}
    known = tmp_path / "tools" / "wasm" / "known.toml"
    known.parent.mkdir(parents=True)
    known.write_text('[flags]\ntold = "No flags."\ncells = ["softmax#run-raise", "lu#run-a"]\n')
    assert runtime.differing(tmp_path) == {"chapters/softmax": {"run-raise": "No flags."},
                                           "chapters/lu": {"run-a": "No flags."}}


def test_every_file_has_a_version_that_is_its_own_digest(full, site):
    runtime.put(site, full)
    run, found = site / "_static" / "run", listed(site)
    for name, version in found["versions"].items():
        assert hashlib.sha256((run / name).read_bytes()).hexdigest().startswith(version)
    packed = {name for name in found["sizes"] if name.endswith(".packed")}
    assert {*found["core"], *found["archives"], *found["more"], "python.js", *packed} == {
        *found["versions"]}


def test_what_a_reader_is_told_is_what_is_fetched_from_any_server(full, site):
    (full / "pyodide.asm.wasm").write_bytes(b"wasm" * 10_000)
    runtime.put(site, full)
    run, found = site / "_static" / "run", listed(site)
    for name, size in found["sizes"].items():
        assert (run / name).stat().st_size == size
    assert gzip.decompress((run / "core/pyodide.asm.wasm.packed").read_bytes()) == b"wasm" * 10_000
    fetched = [f"{name}.packed" if f"{name}.packed" in found["sizes"] else name
               for name in (*found["core"], *found["archives"])]
    assert found["size"] == sum(found["sizes"][name] for name in fetched)
    assert found["sizes"]["core/pyodide.asm.wasm.packed"] < 1_000


def test_pages_get_a_lock_of_what_their_cells_may_need(full, site):
    whole = json.loads((full / runtime.LOCK).read_text())
    whole["packages"]["matplotlib"]["depends"] += ["fonttools", "cycler"]
    for name in ("fonttools", "cycler"):
        whole["packages"][name] = {"file_name": f"{name}-1.whl", "depends": []}
        (full / f"{name}-1.whl").write_text(name)
    (full / runtime.LOCK).write_text(json.dumps(whole))
    runtime.put(site, full)
    run = site / "_static" / "run"
    small = json.loads((run / runtime.LOCK).read_text())["packages"]
    assert sorted(small) == ["cycler", "matplotlib", "numpy", "openblas", "scipy"]
    assert small["matplotlib"]["depends"] == ["numpy", "cycler"]
    assert json.loads((run / "core" / runtime.LOCK).read_text()) == whole  # for JupyterLite
    assert runtime.LOCK in listed(site)["core"]


def test_the_same_files_make_the_same_bytes_and_an_older_core_goes(full, site):
    runtime.put(site, full)
    first = listed(site)
    (site / "_static" / "run" / "core" / "left-0.whl").write_text("of an older build")
    runtime.put(site, full)
    assert listed(site) == first
    assert not (site / "_static" / "run" / "core" / "left-0.whl").exists()


def test_the_archive_of_a_trace_holds_no_data_and_no_tests():
    early, later = ({inside for inside, _ in files} for files in runtime.archives().values())
    assert {"shell.py", "scalars.py", "tracing.py", "lib/__init__.py", "lib/digits/tracer.py",
            "lib/numbers/formats.py", "mpmath/__init__.py", "mpmath/LICENSE"} <= early
    assert not [name for name in early | later if "/tests/" in name or "pycache" in name]
    assert "lib/linear/__init__.py" in later
    assert any(name.startswith("lib/problems/data/") for name in later)
    assert not early & later


def test_an_archive_is_a_zip_that_python_reads(tmp_path):
    (tmp_path / "one.py").write_text("x = 1\n")
    runtime.pack(tmp_path / "some.zip", [("inside/one.py", tmp_path / "one.py")])
    with zipfile.ZipFile(tmp_path / "some.zip") as archive:
        assert archive.read("inside/one.py") == b"x = 1\n" and archive.testzip() is None


@pytest.mark.parametrize("name", ["pyodide.mjs", "pyodide.asm.js", "numpy-1.whl", "openblas-1.whl"])
def test_a_folder_that_lacks_a_file_is_refused_by_its_name(full, site, name, monkeypatch):
    (full / name).unlink()
    wanted = name.replace(".asm.js", ".asm.mjs")
    assert f"holds no {wanted}: give the folder of a full release" in runtime.complaint(full)
    with pytest.raises(ExtensionError, match="leave PYODIDE out"):
        runtime.put(site, full)
    monkeypatch.delenv("PYODIDE", raising=False)
    with pytest.raises(Trouble, match=str(full)):
        book.take_pyodide(str(full))


def test_a_lock_without_a_package_is_refused(full):
    (full / "pyodide-lock.json").write_text('{"packages": {}}')
    assert "no numpy, no scipy, no matplotlib" in runtime.complaint(full)


def test_a_full_folder_is_taken_and_without_one_nothing_changes(full, monkeypatch):
    monkeypatch.delenv("PYODIDE", raising=False)
    book.take_pyodide(None)
    assert runtime.given() is None
    monkeypatch.setenv("PYODIDE", "")
    assert runtime.given() is None
    book.take_pyodide(str(full))
    assert runtime.given() == full


def test_an_empty_folder_is_named_with_all_that_it_lacks(tmp_path):
    assert "holds no pyodide.mjs, no pyodide.asm.wasm" in runtime.complaint(tmp_path)


def test_the_release_that_npm_installs_names_the_address_of_its_packages():
    wanted = json.loads((runtime.HERE / "package.json").read_text())["dependencies"]["pyodide"]
    assert runtime.WHEELS.format(version=wanted) == (
        f"https://cdn.jsdelivr.net/pyodide/v{wanted}/full/")
