"""Build the site and serve it: strict, complete, and running only the chapters that changed.

jupyter-cache knows a chapter's outputs by the chapter's code alone. Here a chapter is rerun also
when requirements.txt changed, or a room of lib that it uses, directly or not: its cached
outputs are dropped, and so is its page's doctree, which makes Sphinx read the page again.
"""

import ast
import contextlib
import errno
import functools
import hashlib
import http.server
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from http import HTTPStatus
from pathlib import Path

import execute
import extras
import tabled
from chapter import paths, read
from environment import ROOT, Trouble, say, write

sys.path.append(str(ROOT))  # for web, which mends the cache where a folder's name holds %20
BUILD = ROOT / "_build"
PORTS = 20


def imported(source):
    """Return the rooms of lib, its folders, that some code imports from."""
    rooms = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("lib.")}
    return rooms


def rooms_of(path, root=ROOT):
    """Return the rooms of lib that a notebook uses, directly or through others."""
    found = set()
    waiting = set().union(*(imported(cell.source) for cell in read(path).of("setup")))
    while waiting:
        room = waiting.pop()
        found.add(room)
        for file in (root / "lib" / room).glob("*.py"):
            waiting |= imported(file.read_text(encoding="utf-8")) - found
    return found


def key_of(path, root=ROOT):
    """Return a digest of all that a chapter's outputs depend on except the chapter itself."""
    files = [root / "requirements.txt", root / "lib" / "__init__.py",
             *(root / "tools").glob("tabled.py")]  # which makes the tables of figures
    for room in sorted(rooms_of(path, root)):
        files += sorted(file for file in (root / "lib" / room).rglob("*")
                        if file.is_file() and file.suffix != ".pyc")
    digest = hashlib.sha256(platform.python_version().encode())
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def cache_of(build):
    """Open the cache of executed notebooks; close its database in the end."""
    from jupyter_cache import get_cache

    from web.cache import mend

    mend()
    cache = get_cache(build / ".jupyter_cache")
    try:
        yield cache
    finally:
        cache.db.dispose()


def evict(chapters, build=BUILD, root=ROOT):
    """Forget the outputs of chapters whose surroundings changed; return their topics."""
    record = build / "chapters.json"
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    keys = {path.stem: key_of(path, root) for path in chapters}
    changed = [topic for topic in keys if known.get(topic) != keys[topic]]
    with cache_of(build) as cache:
        for entry in cache.list_cache_records():
            if Path(entry.uri).stem in changed:
                cache.remove_cache(entry.pk)
    for topic in changed:
        (build / ".doctrees" / "chapters" / f"{topic}.doctree").unlink(missing_ok=True)
    build.mkdir(exist_ok=True)
    write(record, json.dumps({**known, **keys}, indent=1))
    return changed


def keep(path, notebook, seconds, cost, build=BUILD):
    """Put an executed chapter into the cache, from which the build takes what cells show.

    What it cost goes into a file beside the cache, for the page that tells the status, and the
    numbers of its figures into a folder, for those who want them.
    """
    from jupyter_cache.base import CacheBundleIn

    (build / "costs").mkdir(parents=True, exist_ok=True)
    write(build / "costs" / f"{path.stem}.json", json.dumps(cost))
    tables = build / "tables" / path.stem
    shutil.rmtree(tables, ignore_errors=True)
    tables.mkdir(parents=True)
    for name, text in tabled.taken(notebook).items():
        write(tables / name, text)
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    with cache_of(build) as cache:
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def to_run(chapters, build=BUILD):
    """Return the chapters of which outputs, costs or the numbers of figures are not at hand."""
    waiting = []
    with cache_of(build) as cache:
        for path in chapters:
            beside = (build / "costs" / f"{path.stem}.json", build / "tables" / path.stem)
            if not all(one.exists() for one in beside):
                waiting.append(path)
                continue
            try:
                cache.match_cache_file(str(path))
            except KeyError:
                waiting.append(path)
    return waiting


def pages(root=ROOT):
    """Return the names of all pages of the table of contents."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    return list(parse_toc_yaml(root / "_toc.yml"))


def check_rights(build=BUILD):
    """Raise PermissionError if a part of the build is another user's, before it fails half-way."""
    for path in (build, build / ".jupyter_cache", build / "html", build / ".doctrees"):
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def run_chapters(chapters):
    """Run the chapters that need it, two at a time; raise Trouble if one fails."""
    check_rights()
    evict(chapters)
    waiting = to_run(chapters)
    if not waiting:
        return
    say(f"Running {len(waiting)} of {len(chapters)} chapters, up to a minute each:")
    failed = execute.run_all(waiting, BUILD / "executed", keep)
    if failed:
        told = "\n".join(f"\nThe chapter {topic} failed in {why}" for topic, why in failed.items())
        raise Trouble(f"{told}\n\nMend what is named above, then run this again. To work on one "
                      f"chapter: make check CHAPTER={next(iter(failed))}")


def whole(page):
    """Return whether a page of the site was written to its end."""
    return page.exists() and page.read_bytes().rstrip().endswith(b"</html>")


def start_anew_after_an_end_too_soon(names, build=BUILD):
    """Remove pages and what Sphinx noted of them, if a build was stopped or left a page in part.

    Sphinx takes a page that it has read for written. The outputs of chapters are kept.
    """
    cut = [page for name in names if (page := build / "html" / f"{name}.html").exists()
           and not whole(page)]
    if cut or (build / "unfinished").exists():
        for folder in ("html", ".doctrees"):
            shutil.rmtree(build / folder, ignore_errors=True)


def sphinx(root, *options):
    """Run Sphinx, through Jupyter Book; return the exit status and what it said."""
    program = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", program, "build", ".", "-n", "--keep-going", "-q", *options]
    run = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, errors="replace", env={**os.environ, "NO_COLOR": "1"})
    return run.returncode, execute.COLOURS.sub("", run.stdout)


def get_packages():
    """Install what the pages take from npm, if it is not there; raise Trouble where that fails."""
    from web import modules

    try:
        modules.modules()
    except modules.MissingError as error:
        raise Trouble(str(error)) from error


def take_pyodide(folder):
    """Let the build copy a full Pyodide, if a folder is given; raise Trouble where it is none."""
    from web import runtime

    if folder:
        folder = Path(folder).expanduser().resolve()
        if words := runtime.complaint(folder):
            raise Trouble(words)
        os.environ["PYODIDE"] = str(folder)


def build_site(root=ROOT):
    """Build the site strictly; raise Trouble with the remedy if it fails or a page is missing."""
    names = pages(root)
    get_packages()
    run_chapters([path for path in paths(root) if f"chapters/{path.stem}" in names])
    say("Building the pages ...")
    started = time.time()
    start_anew_after_an_end_too_soon(names)
    write(BUILD / "unfinished", "A build began; it removes this file in the end.\n")
    status, log = sphinx(root, "-W")
    missing = [name for name in names if not whole(BUILD / "html" / f"{name}.html")]
    if status or missing:
        raise Trouble(what_failed(log, missing))
    import download  # which makes a reader's copies, and imports this module
    import lite
    from web.feet import commit_of

    download.offer(BUILD / "html", root, commit_of(root))
    if lite.wanted(root):
        lite.make(BUILD / "html")
    extras.refresh(BUILD / "html")
    (BUILD / "unfinished").unlink()
    say(f"{len(names)} pages in {time.time() - started:.0f} s: {BUILD / 'html'}")


def build_page(topic, root=ROOT):
    """Build the page of one chapter, among others that do not run; return the site's folder.

    The other chapters show what their notebooks store, so that links lead somewhere, and only
    complaints about this one count.
    """
    import yaml

    path = chapter_of(topic, root)
    get_packages()
    run_chapters([path])
    folder = BUILD / "check" / topic
    folder.mkdir(parents=True, exist_ok=True)
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"]["cache"] = str(BUILD / ".jupyter_cache")
    settings["sphinx"]["config"]["web_lite"] = False
    settings["execute"]["exclude_patterns"] = [
        other.relative_to(root).as_posix() for other in paths(root) if other != path]
    write(folder / "_config.yml", yaml.safe_dump(settings))
    status, log = sphinx(root, "--config", str(folder / "_config.yml"), "--path-output",
                         str(folder))
    site = folder / "_build" / "html"
    missing = [] if whole(site / "chapters" / f"{topic}.html") else [f"chapters/{topic}"]
    about = "\n".join(line for line in log.splitlines() if f"{topic}.ipynb" in line)
    if status or missing or about:
        raise Trouble(what_failed(log if status or missing else about, missing))
    return site


def chapter_of(topic, root=ROOT):
    """Return the path of a chapter's notebook, or raise Trouble with the names that there are."""
    known = {path.stem: path for path in paths(root)}
    if topic not in known:
        raise Trouble(f"There is no chapter {topic!r}. Chapters: {', '.join(known)}.\n"
                      f"For example: CHAPTER={next(iter(known), 'softmax')}")
    return known[topic]


def what_failed(log, missing):
    """Return what to tell an author when the pages could not be built."""
    if "No space left on device" in log:
        return "The disk is full. Make room and run this again; nothing is lost."
    lines = [line for line in log.splitlines() if re.search(r"(WARNING|ERROR):|Error\b", line)]
    told = list(dict.fromkeys(readable(line) for line in lines or log.splitlines()[-25:]))
    text = "The book did not build:\n" + "\n".join("    " + line for line in told[-30:])
    if missing:
        text += f"\nPages of _toc.yml that did not come out: {', '.join(missing)}"
    return text + "\nMend what is named above, then run this again."


def readable(line, root=ROOT):
    """Return a line of Sphinx's log with a short path and, in a notebook, the id of the cell.

    A line of a notebook is counted as 10000 for each cell, plus the line in the cell.
    """
    line = line.replace(f"{root}{os.sep}", "")
    place = re.match(r"(.*\.ipynb):(\d+)(\d{4}):", line)
    if not place:
        return line
    cell = read(root / place[1]).cells[int(place[2]) - 1].id
    return f"{place[1]}, cell {cell}, line {int(place[3])}:{line[place.end():]}"


class Server(http.server.ThreadingHTTPServer):
    """A server that does not share its port: Windows would let two programs have one."""

    allow_reuse_address = os.name == "posix"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Answer requests without a line for each; show the site's own page where there is none."""

    def log_message(self, *_):
        """Say nothing."""

    def send_error(self, code, message=None, explain=None):
        """Answer with 404.html, as hosts do, or in the usual way."""
        page = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or self.command != "GET" or not page.is_file():
            super().send_error(code, message, explain)
            return
        text = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def open_server(folder, port):
    """Return a server for a folder on the first free port from `port` on."""
    handler = functools.partial(Quiet, directory=str(folder))
    for candidate in range(port, min(port + PORTS, 65536)):
        try:
            return Server(("127.0.0.1", candidate), handler)
        except OSError:
            say(f"Port {candidate} is in use; trying the next.")
    raise Trouble(f"The ports {port} to {port + PORTS - 1} are all in use. Stop a server, or choose"
                  " another port: python tools/run.py book --port 9000")


def main(port, build_only, only=None):
    """Build the book and serve it until Ctrl-C; return the exit status."""
    if only:
        say(f"The page is in {build_page(only)}")
        return 0
    build_site()
    if build_only:
        return 0
    with open_server(BUILD / "html", port) as server:
        say(f"The book is at http://127.0.0.1:{server.server_port}/ (Ctrl-C stops the server)")
        server.serve_forever()
    return 0
