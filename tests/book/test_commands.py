"""The commands say what to do when something is missing, and never lose a reader's work."""

import errno
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path
from threading import Thread

import pytest

import book
import chapter
import environment
import lab
import latest
import ledger
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
    with pytest.raises(Trouble, match=r"This is Python 3\.9, and the course needs 3\.11 to 3\.14"):
        environment.other_python()


def test_a_python_that_is_too_new_is_told(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 15, 0))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Trouble, match=r"This is Python 3\.15, and the course needs 3\.11 to 3\.14"):
        environment.other_python()


def test_another_python_is_found(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "which", lambda name: sys.executable)
    assert environment.other_python() == sys.executable


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
    # Binder keeps the layer of the packages as long as its file names nothing of this folder.
    others = re.sub(r"^(#.*|[\w.-]+==\S+)$", "", text, flags=re.M).split()
    assert others == [] and "setuptools" in pins
    assert "--no-deps --no-build-isolation ." in (ROOT / "binder" / "postBuild").read_text()
    assert os.name == "nt" or os.access(ROOT / "binder" / "postBuild", os.X_OK)


def test_this_environment_is_the_pinned_one():
    from importlib.metadata import PackageNotFoundError, version

    def found(name):
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    assert {name: found(name) for name in PINS} == PINS


def test_commands_run_on_one_thread_in_the_environment_too(monkeypatch):
    for name in environment.SETTINGS:
        monkeypatch.setenv(name, "8")
    monkeypatch.setattr(environment, "inside", lambda venv: True)
    monkeypatch.setattr(environment, "prepare", lambda: Path(sys.executable))
    environment.enter("claims.py", [])
    assert {name: os.environ[name] for name in environment.SETTINGS} == environment.SETTINGS


def test_commands_leave_grammars_alone_that_take_seconds(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "mine")
    monkeypatch.setattr(environment, "inside", lambda venv: True)
    monkeypatch.setattr(environment, "prepare", lambda: Path(sys.executable))
    for _ in range(2):
        environment.enter("run.py", [])
    assert os.environ["PYTHONPATH"] == os.pathsep.join([environment.LIGHT, "mine"])
    code = "import jsonschema as j, sys; j.validate(1, {'type': 'integer'}); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert "jsonschema" in shown.split() and "lark" not in shown.split()


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
    """Store outputs and costs of both chapters, as the build does; return its folder."""
    import nbformat
    from jupyter_cache.base import CacheBundleIn

    build = small / "_build"
    with book.cache_of(build) as cache:
        for path in chapter.paths(small):
            bundle = CacheBundleIn(nbformat.read(path, 4), str(path))
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            (build / "costs").mkdir(exist_ok=True)
            (build / "costs" / f"{path.stem}.json").write_text("{}")
            (build / "tables" / path.stem).mkdir(parents=True, exist_ok=True)
    return build


def test_editing_lib_or_a_chapter_reruns_only_what_it_touches(small):
    build, chapters = cached(small), chapter.paths(small)
    book.evict(chapters, build, small)
    build = cached(small)
    assert book.evict(chapters, build, small) == [] == book.to_run(chapters, build)
    (build / "costs" / "adding.json").rename(build / "adding.json")
    assert book.to_run(chapters, build) == [chapters[0]]  # of which no cost is known
    (build / "adding.json").rename(build / "costs" / "adding.json")
    (build / "tables" / "adding").rmdir()
    assert book.to_run(chapters, build) == [chapters[0]]  # whose numbers are not at hand
    (build / "tables" / "adding").mkdir()
    (small / "lib" / "numbers" / "__init__.py").write_text("x = 2\n")
    assert book.evict(chapters, build, small) == ["adding"]
    assert book.to_run(chapters, build) == [chapters[0]]
    cached(small)
    text = chapters[1].read_text().replace("1 + 1", "1 + 2")
    chapters[1].write_text(text)
    assert book.evict(chapters, build, small) == []
    assert book.to_run(chapters, build) == [chapters[1]]


def test_what_is_known_of_other_chapters_is_kept(small):
    build, chapters = cached(small), chapter.paths(small)
    book.evict(chapters, build, small)
    assert book.evict(chapters[:1], build, small) == [] == book.evict(chapters, build, small)


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


def test_a_failed_build_says_what_to_mend(small):
    log = (f"reading\n{small}/chapters/adding.ipynb:20001: WARNING: undefined label\n"
           f"{small}/chapters/adding.ipynb:20001: WARNING: undefined label\n")
    assert book.readable(log.splitlines()[1], small) == (
        "chapters/adding.ipynb, cell run-adding, line 1: WARNING: undefined label")
    log = log.replace(str(small), str(ROOT)).replace("adding.ipynb:", "adding.md:")
    text = book.what_failed(log, ["chapters/adding"])
    assert text.count("chapters/adding.md:20001: WARNING: undefined label") == 1
    assert "did not come out: chapters/adding" in text and "run this again" in text
    assert "reading" not in text and str(ROOT) not in text


def test_a_disk_that_was_full_during_the_build_is_told():
    text = book.what_failed("Traceback\nOSError: [Errno 28] No space left on device: 'x'\n", ["x"])
    assert "disk is full" in text and "Traceback" not in text


def test_a_failed_chapter_stops_the_build_and_is_named(monkeypatch, small):
    monkeypatch.setattr(book, "to_run", lambda chapters: chapters)
    monkeypatch.setattr(book, "evict", lambda chapters: [])
    monkeypatch.setattr(book.execute, "run_all", lambda *_: {"adding": "cell run-adding: E: why"})
    with pytest.raises(Trouble, match="adding failed in cell run-adding: E: why") as told:
        book.run_chapters(chapter.paths(small))
    assert "make check CHAPTER=adding" in str(told.value)


def test_a_build_of_another_user_is_told_before_the_work(monkeypatch, tmp_path, capsys):
    (tmp_path / "html").mkdir()
    book.check_rights(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "html")
    with pytest.raises(PermissionError) as caught:
        book.check_rights(tmp_path)
    environment.tell(PermissionError, caught.value, None)
    assert f"{tmp_path / 'html'}\nIs it another user's (root's" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["80000", "0", "-1", "http"])
def test_a_port_that_is_none_is_told(port, capsys):
    with pytest.raises(SystemExit):
        run.parser().parse_args(["book", f"--port={port}"])
    assert "is no port: choose one" in capsys.readouterr().err


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


def test_clean_keeps_the_readers_work(small, capsys):
    for name in ("_build/html", "lib/__pycache__", "work/__pycache__", ".venv/lib", "build/mine"):
        (small / name).mkdir(parents=True)
    assert run.clean(small) == 0
    left = {path.name for path in small.iterdir()}
    assert {"work", ".venv", "lib", "chapters", "build"} <= left and "_build" not in left
    assert (small / "work" / "__pycache__").exists() and not (small / "lib/__pycache__").exists()
    assert "Removed what was built" in capsys.readouterr().out


def test_clean_removes_a_link_and_not_what_it_leads_to(small):
    (small / "elsewhere").mkdir()
    (small / "_build").symlink_to(small / "elsewhere")
    assert run.clean(small) == 0
    assert (small / "elsewhere").exists() and not (small / "_build").is_symlink()


def test_clean_says_what_it_could_not_remove(small, monkeypatch, capsys):
    (small / "_build").mkdir()
    (small / "_build" / "page.html").touch()

    def refuse(path, **_):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "unlink", refuse)
    assert run.clean(small) == 1
    said = capsys.readouterr().out
    assert "page.html" in said and "Permission denied" in said and "Removed" not in said


# Files that are written whole or not at all


class FullDisk(io.StringIO):
    """A file on a disk that is full after ten characters."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def write(self, text):
        self.path.write_bytes(text[:10].encode())
        raise OSError(errno.ENOSPC, "No space left on device", str(self.path))


@pytest.fixture
def full_disk(monkeypatch):
    """Let every file that the tools write meet a full disk."""
    monkeypatch.setattr(environment, "open", lambda path, *_, **__: FullDisk(path), raising=False)


def test_a_full_disk_leaves_a_notebook_as_it_was(small, full_disk):
    path = small / "chapters" / "adding.ipynb"
    before = path.read_bytes()
    with pytest.raises(OSError, match="No space left"):
        notebooks.fix(path)
    assert path.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["adding.ipynb", "tracing.ipynb"]


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path, full_disk):
    path = tmp_path / "ledger.csv"
    shutil.copy(ledger.TABLE, path)
    with pytest.raises(OSError, match="No space left"):
        ledger.write(ledger.rows(), path)
    assert path.read_bytes() == ledger.TABLE.read_bytes()


def test_after_a_full_disk_a_reader_gets_a_copy(small, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr(environment, "open", lambda path, *_, **__: FullDisk(path), raising=False)
        with pytest.raises(OSError, match="No space left"):
            lab.copy_of("adding", small / "work", small)
    assert list((small / "work").iterdir()) == []
    (small / "work" / "adding.ipynb").touch()  # as older versions left it
    assert json.loads(lab.copy_of("adding", small / "work", small).read_text(encoding="utf-8"))
    assert "Made your own copy" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="has no such limit")
def test_a_limit_of_the_system_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text("hours of work", encoding="utf-8")
    code = ("import resource, signal, sys; import environment; from pathlib import Path\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
            "environment.write(Path(sys.argv[1]), 'x' * 100_000)")
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT / "tools",
                          capture_output=True, text=True)
    assert done.returncode == 1 and "File too large" in done.stderr
    assert path.read_text(encoding="utf-8") == "hours of work"
    assert [file.name for file in tmp_path.iterdir()] == ["mine.ipynb"]


@pytest.mark.skipif(os.name == "nt", reason="has no SIGKILL")
def test_a_kill_while_a_file_is_written_leaves_it_as_it_was(tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text("hours of work", encoding="utf-8")
    code = ("import os, signal, sys; import environment; from pathlib import Path\n"
            "environment.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "environment.write(Path(sys.argv[1]), 'x' * 100_000)")
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT / "tools")
    assert done.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "hours of work"


def test_what_is_written_keeps_links_and_rights(tmp_path):
    path, link = tmp_path / "mine", tmp_path / "link"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o600)
    link.symlink_to(path)
    environment.write(link, "new\n")
    assert link.is_symlink() and path.read_bytes() == b"new\n"
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number, remedy", [
    (errno.ENOSPC, "The disk is full: _build/chapters.json. Nothing that was there"),
    (errno.EACCES, "may not be written: _build/chapters.json"),
    (errno.EROFS, "copy the course to a folder of your own"),
])
def test_errors_of_the_file_system_are_told_in_words(number, remedy, capsys):
    error = OSError(number, os.strerror(number), "_build/chapters.json")
    environment.tell(type(error), error, None)
    shown = capsys.readouterr()
    assert remedy in shown.out and "Traceback" not in shown.out + shown.err


def test_other_errors_keep_their_traceback(capsys):
    environment.tell(ValueError, ValueError("a fault of ours"), None)
    assert "ValueError: a fault of ours" in capsys.readouterr().err


def test_a_read_only_checkout_is_told_and_not_taken_for_a_broken_one(monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system", str(tmp_path))

    monkeypatch.setattr(venv, "create", refuse)
    with pytest.raises(Trouble, match="copy the course to a folder of your own"):
        environment.make_venv(tmp_path / ".venv")


def test_a_checkout_with_line_ends_of_windows_has_the_same_bytes(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    git = ["git", "-c", "core.autocrlf=true", "-c", "core.eol=crlf", "-c", "safe.directory=*"]
    subprocess.run([*git, "checkout-index", "--all", f"--prefix={tmp_path}/"], cwd=ROOT, check=True)
    stored = subprocess.run([*git, "ls-files", "--eol"], cwd=ROOT, check=True, capture_output=True,
                            text=True, encoding="utf-8").stdout
    crlf = {line.split("\t")[1] for line in stored.splitlines() if line.startswith("i/crlf")}
    text = [path for path in tmp_path.rglob("*") if path.suffix in
            (".py", ".md", ".ipynb", ".csv", ".txt", ".dat", ".mtx", ".fpcore", ".json", ".sh", "")
            and path.is_file()]
    assert len(text) > 100
    changed = [path.relative_to(tmp_path).as_posix() for path in text
               if b"\r\n" in path.read_bytes()]
    assert set(changed) <= crlf


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
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # to load them takes seconds
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


@pytest.mark.parametrize("command", ["book", "test", "check", "latest", "lab", "bench", "links",
                                     "clean"])
def test_the_makefile_calls_every_command(command):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{command}:.*\n\t@\$\(PYTHON\) tools/run\.py {command}\b", text, re.M)
    arguments = [command, "qr"] if command == "check" else [command]
    assert run.parser().parse_args(arguments).command == command


def test_what_judges_one_chapter_is_what_make_test_runs(monkeypatch, capfd):
    seen = []
    monkeypatch.setattr(stages, "run", lambda stage: seen.append(stage) or ("passed", 1.0, 2.0))
    assert stages.check("qr") == 0
    assert [stage.name for stage in seen] == ["form", "contract", "ledger", "nbval", "page",
                                              "browser", "figures"]
    assert str(Path("chapters/qr.ipynb")) in seen[3].command and "once" in seen[3].command
    assert re.search(r"nbval +passed +1.0 +2.0", capfd.readouterr().out)
    with pytest.raises(Trouble, match=r"no chapter 'qrr'.*Chapters: arrays, cancellation"):
        stages.check("qrr")


def test_the_site_tests_look_where_make_check_builds():
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "site").glob("*.py")]
    assert sum('SITE = Path(os.environ.get("SITE"' in text for text in code) == 1


def test_each_chapter_runs_once_on_the_default_kernels():
    commands = {stage.name: stage.command for stage in stages.all_stages()}
    assert "once" in commands["nbval"] and "--nbval" not in commands["nbval"]
    assert "--nbval" in commands["kernels"]
    order = list(commands)
    assert order.index("nbval") < order.index("book") < order.index("browser")


def test_the_newest_releases_meet_every_room_and_chapter():
    tests, nbval = latest.all_stages(sys.executable)
    mirrored = {f"tests/{path.name}" for path in (ROOT / "lib").iterdir()
                if (ROOT / "tests" / path.name).is_dir() and path.name != "__pycache__"}
    assert mirrored == set(latest.rooms()) and mirrored | {"lib"} <= set(tests.command)
    assert "chapters" in nbval.command


def test_no_tests_are_no_success(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "xdist", "-n", "0", str(tmp_path)]
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # to load them takes seconds
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, env=bare).returncode == 5


# Tools for authors


@pytest.mark.parametrize("command, said", [
    (["contract.py", "chapters/qr.ipynb"], "the contract is kept"),
    (["notebooks.py", "check"], "0 faults"),
])
def test_a_tool_for_authors_runs_with_any_python(command, said):
    bare = shutil.which("python3", path=str(Path(sys.base_prefix) / "bin")) or sys._base_executable
    done = subprocess.run([bare, "-S", f"tools/author/{command[0]}", *command[1:]], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, said in done.stdout) == (0, True), done.stdout + done.stderr


def test_every_tool_for_authors_enters_the_environment_first():
    for path in (ROOT / "tools" / "author").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if '__name__ == "__main__"' in text:
            imports = [line for line in text.splitlines() if line.startswith(("import", "from"))]
            assert imports[0].startswith("import enter"), path


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
