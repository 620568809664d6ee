"""Build the site and serve it: strict, complete, and running only the chapters that changed.

jupyter-cache knows a chapter's outputs by the chapter's code alone. Here a chapter is rerun also
when requirements.txt changed, or a room of lib that it uses, directly or not: its cached
outputs are dropped, and so is its page's doctree, which makes Sphinx read the page again.
"""

import ast
import contextlib
import functools
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from chapter import paths, read
from environment import ROOT, Trouble, say

BUILD = ROOT / "_build"
PORTS = 20
COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of the messages of Sphinx and IPython


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
    files = [root / "requirements.txt", root / "lib" / "__init__.py"]
    for room in sorted(rooms_of(path, root)):
        files += sorted(file for file in (root / "lib" / room).rglob("*")
                        if file.is_file() and file.suffix != ".pyc")
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def cache_of(build):
    """Open the cache of executed notebooks; close its database in the end."""
    from jupyter_cache import get_cache

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
    record.write_text(json.dumps(keys, indent=1), encoding="utf-8")
    return changed


def to_run(chapters, build=BUILD):
    """Return the topics of the chapters whose outputs are not in the cache."""
    waiting = []
    with cache_of(build) as cache:
        for path in chapters:
            try:
                cache.match_cache_file(str(path))
            except KeyError:
                waiting.append(path.stem)
    return waiting


def pages(root=ROOT):
    """Return the names of all pages of the table of contents."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    return list(parse_toc_yaml(root / "_toc.yml"))


def build_site(root=ROOT):
    """Build the site strictly; raise Trouble with the remedy if it fails or a page is missing."""
    chapters = [path for path in paths(root) if f"chapters/{path.stem}" in pages(root)]
    evict(chapters)
    waiting = to_run(chapters)
    say("Building the book" + (f"; running {', '.join(waiting)} (up to a minute each)"
                               if waiting else "; every chapter's outputs are up to date") + " ...")
    started = time.time()
    program = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", program, "build", ".", "-W", "-n", "--keep-going", "-q"]
    run = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, errors="replace", env={**os.environ, "NO_COLOR": "1"})
    missing = [page for page in pages(root) if not (BUILD / "html" / f"{page}.html").exists()]
    if run.returncode or missing:
        # Or Sphinx would take the pages that failed for read, and the next build would pass.
        (BUILD / ".doctrees" / "environment.pickle").unlink(missing_ok=True)
        raise Trouble(what_failed(run.stdout, missing))
    say(f"{len(pages(root))} pages in {time.time() - started:.0f} s: {BUILD / 'html'}")


def what_failed(log, missing):
    """Return what to tell an author when the build failed."""
    log = COLOURS.sub("", log)
    lines = [line for line in log.splitlines() if re.search(r"(WARNING|ERROR):|Error\b", line)]
    told = lines or log.splitlines()[-25:]
    text = "The book did not build:\n" + "\n".join("    " + line for line in told[-30:])
    if missing:
        text += f"\nPages of _toc.yml that did not come out: {', '.join(missing)}"
    for report in map(Path, re.findall(r"traceback saved in: (\S+\.log)", log)):
        topic = report.name.split(".")[0]
        error = COLOURS.sub("", report.read_text(encoding="utf-8")).strip().splitlines()[-1]
        text += (f"\nThe chapter {topic} raised {error}\n"
                 f"See where: python tools/author/notebooks.py run chapters/{topic}.ipynb")
    return text + "\nMend what is named above, then run this again."


class Server(http.server.ThreadingHTTPServer):
    """A server that does not share its port: Windows would let two programs have one."""

    allow_reuse_address = os.name == "posix"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Answer requests without a line for each."""

    def log_message(self, *_):
        """Say nothing."""


def open_server(folder, port):
    """Return a server for a folder on the first free port from `port` on."""
    handler = functools.partial(Quiet, directory=str(folder))
    for candidate in range(port, port + PORTS):
        try:
            return Server(("127.0.0.1", candidate), handler)
        except OSError:
            say(f"Port {candidate} is in use; trying the next.")
    raise Trouble(f"The ports {port} to {port + PORTS - 1} are all in use. Stop a server, or choose"
                  " another port: python tools/run.py book --port 9000")


def main(port, build_only):
    """Build the book and serve it until Ctrl-C; return the exit status."""
    build_site()
    if build_only:
        return 0
    with open_server(BUILD / "html", port) as server:
        say(f"The book is at http://127.0.0.1:{server.server_port}/ (Ctrl-C stops the server)")
        server.serve_forever()
    return 0
