"""The commands say what to do when something is missing, and never lose a reader's work."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from threading import Thread

import pytest

import book
import chapter
import environment
import lab
import new_chapter
import notebooks
import reader
import run
import stages
from environment import Trouble

ROOT = chapter.ROOT
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.txt").read_text(), re.M))


def project(folder):
    """Write a small project into a folder: two chapters, and the part of lib that they import."""
    files = {
        "requirements.txt": "numpy==2\n", "pyproject.toml": "", "_config.yml": "", "_toc.yml": "",
        "lib/__init__.py": "", "lib/numbers/__init__.py": "x = 1\n",
        "lib/numbers/data.txt": "", "lib/linear/__init__.py": "from lib.numbers import x\n",
        "lib/digits/__init__.py": "y = 2\n", "web/page.py": "",
        "lib/page/__init__.py": "def f():\n    import lib.digits\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "chapters").mkdir()
    for topic, code in (("adding", "from lib.linear import x"),
                        ("tracing", "from lib import page")):
        text = f"%% code setup\n{code}\n%% code run-{topic}\n1 + 1\n"
        text += '%% code solution-x {"tags": ["hide-cell"]}\n2 + 2\n'
        notebook = notebooks.canonical(notebooks.from_text(text))
        (folder / "chapters" / f"{topic}.ipynb").write_text(notebooks.dumps(notebook))
    return folder


@pytest.fixture
def small(tmp_path):
    """Return the folder of a small project."""
    return project(tmp_path)


# The environment


def test_an_old_python_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Trouble, match=r"This is Python 3\.9, and the course needs 3\.11"):
        environment.newer_python()


def test_a_newer_python_is_found(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "which", lambda name: sys.executable)
    assert environment.newer_python() == sys.executable


def test_a_missing_venv_module_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Trouble, match="apt install python3-venv"):
        environment.make_venv(tmp_path / ".venv")


@pytest.mark.parametrize("output, remedy", [
    ("ERROR: Failed to establish a new connection", "no network"),
    ("OSError: [Errno 28] No space left on device", "disk is full"),
    ("ERROR: something else", "remove the folder .venv"),
])
def test_a_failed_install_is_explained(output, remedy):
    command = [sys.executable, "-c", f"import sys; print({output!r}); sys.exit(1)"]
    with pytest.raises(Trouble, match=remedy):
        environment.pip_run(command)


def test_an_interrupted_install_is_repaired_by_the_next_run(monkeypatch, small):
    installs = []

    def interrupted(root, venv):
        installs.append("half")
        raise KeyboardInterrupt

    def complete(root, venv):
        installs.append("whole")
        python = environment.python_of(venv)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    monkeypatch.setattr(environment, "make_venv", lambda venv: venv.mkdir(exist_ok=True))
    monkeypatch.setattr(environment, "install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(small)
    monkeypatch.setattr(environment, "install", complete)
    environment.prepare(small)
    environment.prepare(small)
    assert installs == ["half", "whole"]
    (small / "requirements.txt").write_text("numpy==3\n")
    environment.prepare(small)
    assert installs == ["half", "whole", "whole"]


def test_a_broken_environment_is_made_anew(tmp_path):
    venv = tmp_path / ".venv"
    python = environment.python_of(venv)
    python.parent.mkdir(parents=True)
    python.write_text("no program")
    environment.make_venv(venv)
    assert environment.succeeds([str(python), "-m", "pip", "--version"])


def test_all_pins_are_exact_and_torch_is_none_of_them():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines()
             if not line.startswith("#")]
    assert len(lines) == len(PINS)
    assert "torch" not in PINS and PINS["matplotlib"] == "3.10.8"


def test_binder_has_the_same_versions():
    text = (ROOT / "binder" / "requirements.txt").read_text()
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", text, re.M))
    assert pins and pins.items() <= PINS.items()
    assert os.name == "nt" or os.access(ROOT / "binder" / "postBuild", os.X_OK)


def test_this_environment_is_the_pinned_one():
    from importlib.metadata import PackageNotFoundError, version

    def found(name):
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    assert {name: found(name) for name in PINS} == PINS


# The book


@pytest.mark.parametrize("source, expected", [
    ("from lib import digits, page", {"digits", "page"}),
    ("from lib.numbers.sums import two_sum", {"numbers"}),
    ("import lib.numbers as f", {"numbers"}),
    ("def f():\n    from lib import page", {"page"}),
    ("import numpy", set()),
])
def test_imports_of_lib_are_found(source, expected):
    assert book.imported(source) == expected


def test_a_chapter_depends_on_what_it_imports_directly_or_not(small):
    rooms = {path.stem: book.rooms_of(path, small) for path in chapter.paths(small)}
    assert rooms == {"adding": {"linear", "numbers"}, "tracing": {"page", "digits"}}


@pytest.mark.parametrize("file, changed", [
    ("lib/numbers/__init__.py", {"adding"}),
    ("lib/numbers/data.txt", {"adding"}),
    ("lib/digits/__init__.py", {"tracing"}),
    ("lib/__init__.py", {"adding", "tracing"}),
    ("requirements.txt", {"adding", "tracing"}),
    ("web/page.py", set()),
    ("README.md", set()),
])
def test_a_change_reruns_the_chapters_that_see_it_and_no_others(small, file, changed):
    before = {path.stem: book.key_of(path, small) for path in chapter.paths(small)}
    (small / file).write_text("z = 3\n")
    after = {path.stem: book.key_of(path, small) for path in chapter.paths(small)}
    assert {topic for topic in before if before[topic] != after[topic]} == changed


def cached(small):
    """Store outputs of both chapters in a cache, as the build does; return its folder."""
    import nbformat
    from jupyter_cache.base import CacheBundleIn

    build = small / "_build"
    with book.cache_of(build) as cache:
        for path in chapter.paths(small):
            bundle = CacheBundleIn(nbformat.read(path, 4), str(path))
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return build


def test_editing_lib_or_a_chapter_reruns_only_what_it_touches(small):
    build, chapters = cached(small), chapter.paths(small)
    book.evict(chapters, build, small)
    build = cached(small)
    assert book.evict(chapters, build, small) == [] == book.to_run(chapters, build)
    (small / "lib" / "numbers" / "__init__.py").write_text("x = 2\n")
    assert book.evict(chapters, build, small) == ["adding"] == book.to_run(chapters, build)
    cached(small)
    text = chapters[1].read_text().replace("1 + 1", "1 + 2")
    chapters[1].write_text(text)
    assert book.evict(chapters, build, small) == []
    assert book.to_run(chapters, build) == ["tracing"]


def test_a_page_whose_surroundings_changed_is_read_again(small):
    build = cached(small)
    doctree = build / ".doctrees" / "chapters" / "adding.doctree"
    doctree.parent.mkdir(parents=True)
    for change, kept in (("", False), ("", True), ("lib/linear/__init__.py", False),
                         ("lib/page/__init__.py", True)):
        doctree.touch()
        if change:
            (small / change).write_text("w = 4\n")
        book.evict(chapter.paths(small), build, small)
        assert doctree.exists() == kept


def test_a_failed_build_says_what_to_mend(tmp_path):
    report = tmp_path / "softmax.err.log"
    report.write_text("Traceback\nZeroDivisionError: division by zero\n")
    log = ("reading\nchapters/softmax.ipynb:3: WARNING: undefined label\n"
           f"chapters/softmax.ipynb: WARNING: Notebook exception traceback saved in: {report} [x]")
    text = book.what_failed(log.replace("undefined", "\x1b[91mundefined"), ["chapters/softmax"])
    assert "\x1b" not in text
    for part in ("undefined label", "did not come out: chapters/softmax",
                 "raised ZeroDivisionError", "tools/author/notebooks.py run chapters/softmax.ipynb",
                 "run this again"):
        assert part in text
    assert "reading" not in text


def test_a_port_in_use_is_told_and_the_next_one_taken(tmp_path, capsys):
    (tmp_path / "index.html").write_text("here")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with book.open_server(tmp_path, port) as server:
            assert server.server_port > port
            Thread(target=server.handle_request).start()
            address = f"http://127.0.0.1:{server.server_port}/index.html"
            with urllib.request.urlopen(address, timeout=10) as answer:
                assert answer.read() == b"here"
    assert f"Port {port} is in use" in capsys.readouterr().out


def test_no_free_port_is_told(monkeypatch, tmp_path):
    def refuse(*_):
        raise OSError("in use")

    monkeypatch.setattr(book, "Server", refuse)
    with pytest.raises(Trouble, match="choose another port"):
        book.open_server(tmp_path, 8000)


def test_a_browser_is_one_that_is_there(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert stages.browser() is None
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert stages.browser() == sys.executable


# The reader's copies


def test_a_reader_gets_a_copy_without_outputs_and_with_solutions_folded(small, capsys):
    mine = lab.copy_of("adding", small / "work", small)
    cells = json.loads(mine.read_text(encoding="utf-8"))["cells"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    assert [cell["metadata"].get("jupyter") for cell in cells] == [
        None, None, {"source_hidden": True}]
    assert "Made your own copy" in capsys.readouterr().out


def test_a_folded_solution_does_not_show_its_first_line(small):
    cells = json.loads(lab.copy_of("adding", small / "work", small).read_text("utf-8"))["cells"]
    source = "".join(cells[-1]["source"])
    assert source.startswith("# Solution") and source.count("\n") >= 1


def test_a_readers_copy_needs_no_site_to_be_read(small):
    def markdown(text):
        return {"cells": [{"cell_type": "markdown", "metadata": {}, "source": text}]}

    def words(text):
        return reader.plain(markdown(text), small)["cells"][0]["source"]

    (small / "chapters" / "references.bib").write_text(
        "@book{higham2002, author = {Higham, Nicholas J.}, title = {Accuracy and {Stability}},"
        " publisher = {SIAM}, year = {2002}, doi = {10.1137/1}}\n"
        "@article{bjorck1967, author = {Bj{\\\"o}rck, {\\AA}ke and Golub, G.}, title = {T},"
        " journal = {BIT}, year = {1967}}\n", encoding="utf-8")
    (small / "chapters" / "index.md").write_text("# Where the Digits Go\n", encoding="utf-8")
    assert words("{footcite:t}`higham2002` and {footcite:p}`bjorck1967, higham2002`") == (
        "Higham (2002) and (Björck and Golub, 1967; Higham, 2002)")
    assert words("see {doc}`index`, {doc}`nowhere`") == "see *Where the Digits Go*, *nowhere*"
    assert words("the {term}`gaps <ulp>` of {term}`floats`, $x_u$") == "the gaps of floats, $x_u$"
    assert words("<summary>Hint 1</summary>") == "<summary>▸ Hint 1</summary>"
    assert words("{footcite:p}`higham2002`\n```{footbibliography}\n```") == (
        "(Higham, 2002)\n- Higham, *Accuracy and Stability*, SIAM, 2002, <https://doi.org/10.1137/1>")


@pytest.mark.parametrize("path", chapter.paths(), ids=lambda path: path.stem)
def test_no_role_is_left_in_a_readers_copy(path):
    copy = lab.reader_copy(json.loads(path.read_text(encoding="utf-8")))
    text = "".join("".join(c["source"]) for c in copy["cells"] if c["cell_type"] == "markdown")
    assert "{footbibliography}" not in text
    assert not re.search(r"\{(doc|term|ref|numref|footcite:[tp])\}`", text)


def test_a_readers_work_is_never_overwritten(small, capsys):
    mine = lab.copy_of("adding", small / "work", small)
    mine.write_text("hours of work")
    assert lab.copy_of("adding", small / "work", small) == mine
    assert mine.read_text() == "hours of work"
    assert "Opening your copy" in capsys.readouterr().out


def test_an_unknown_chapter_is_answered_with_the_list(small):
    with pytest.raises(Trouble, match="Chapters: adding, tracing"):
        lab.copy_of("ading", small / "work", small)


def test_clean_keeps_the_readers_work(small):
    for name in ("_build/html", "lib/__pycache__", "work/__pycache__", ".venv/lib"):
        (small / name).mkdir(parents=True)
    run.clean(small)
    left = {path.name for path in small.iterdir()}
    assert {"work", ".venv", "lib", "chapters"} <= left and "_build" not in left
    assert (small / "work" / "__pycache__").exists() and not (small / "lib/__pycache__").exists()


# The checks


def python_stage(name, code):
    """Return a stage that runs a line of Python."""
    return stages.Stage(name, "a line of Python", (sys.executable, "-c", code), {"LINE": name})


def test_all_stages_run_and_one_failure_fails(monkeypatch, capfd):
    rows = [python_stage("first", "import os; print(os.environ['LINE'], 'ran')"),
            python_stage("second", "import sys; sys.exit(3)"),
            python_stage("third", "print('third ran')")]
    monkeypatch.setattr(stages, "all_stages", lambda: rows)
    assert stages.main([]) == 1
    shown = capfd.readouterr().out
    assert "first ran" in shown and "third ran" in shown
    assert re.search(r"second +FAILED", shown) and "1 failed, 2 passed" in shown
    assert stages.main(["first", "third"]) == 0
    assert "2 passed" in capfd.readouterr().out


def test_an_unknown_stage_is_told():
    with pytest.raises(Trouble, match="There is no stage rufff"):
        stages.chosen(["rufff"])


def test_a_missing_browser_is_told_before_the_wait(monkeypatch, capfd):
    monkeypatch.setattr(stages, "all_stages", lambda: [python_stage("browser", "1")])
    monkeypatch.setattr(stages, "browser", lambda: None)
    stages.main([])
    assert "apt install chromium" in " ".join(capfd.readouterr().out.split())


def test_other_kernels_are_other_kernels():
    settings = stages.other_kernels()
    code = ("import numpy as np;"
            "print(np.show_config(mode='dicts')['SIMD Extensions'].get('found', []))")
    plain, other = (
        subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True,
                       text=True, check=True, env={**os.environ, **extra}).stdout
        for extra in ({}, settings))
    assert other.strip() == "[]" or plain == other == "[]\n"


def test_notices_and_failures_of_torch(tmp_path):
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "conftest.py")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "torch.py").write_text('raise ModuleNotFoundError("none here")\n')
    (tmp_path / "test_x.py").write_text("def test_twin(torch):\n    assert torch\n")
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("PYTEST_ADDOPTS", "REQUIRE_TORCH")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore",
               "-o", "pythonpath=."]
    without = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True,
                             env=environment)
    required = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True,
                              env={**environment, "REQUIRE_TORCH": "1"})
    assert without.returncode == 0 and "1 checks against torch did not run" in without.stdout
    assert required.returncode == 1 and "REQUIRE_TORCH=1, but" in required.stdout


def test_ci_is_make_test_and_cannot_mask_a_failure():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in text and "export REQUIRE_TORCH=1" in text
    assert text.rstrip().splitlines()[-1].startswith("make test")
    assert "||" not in text.split("tools/run.py install")[1]


@pytest.mark.parametrize("command", ["book", "test", "lab", "bench", "clean"])
def test_the_makefile_calls_every_command(command):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{command}:.*\n\t@\$\(PYTHON\) tools/run\.py {command}\b", text, re.M)
    assert run.parser().parse_args([command]).command == command


# New chapters


@pytest.mark.parametrize("title, topic", [
    ("Conditioning", "conditioning"), ("Gradient flow", "gradient_flow"), ("LU & co.", "lu_co")])
def test_a_title_names_its_file(title, topic):
    assert new_chapter.topic_of(title) == topic


def test_a_title_without_letters_is_told():
    with pytest.raises(Trouble, match="letters a to z"):
        new_chapter.topic_of("5 + 5")


def test_a_chapter_is_never_overwritten(tmp_path):
    (tmp_path / "softmax.ipynb").write_text("mine")
    with pytest.raises(Trouble, match="exists already"):
        new_chapter.write("Softmax", tmp_path)
    assert (tmp_path / "softmax.ipynb").read_text() == "mine"
