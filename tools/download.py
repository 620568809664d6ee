"""Put the notebooks on the site that a reader downloads or opens in Colab.

They are a reader's copies, as of `make lab`: without outputs, so that predictions count, and with
words for what only the site can link. A first cell asks for the package `lib`: in Colab it installs
it, elsewhere it says in a sentence what is missing. The chapters themselves have no such cell.
"""

import yaml

import lab
import notebooks
from chapter import load, paths
from environment import ROOT, write

GUARD = '''\
# This notebook needs the package lib of the course. In Colab, this cell installs it.
try:
    import lib.page
except ModuleNotFoundError as missing:
    import importlib
    import subprocess
    import sys

    class Needed(Exception):
        def _render_traceback_(self):
            return [str(self)]

    SOURCE = {source!r}
    if not SOURCE or "google.colab" not in sys.modules:
        raise Needed({remedy!r} + f"\\n({{missing}})") from None
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", SOURCE]
    subprocess.run(install, check=True)
    importlib.invalidate_caches()
    import lib.page'''
REMEDY = ("This notebook needs the package lib of the course Where the Digits Go, with NumPy, "
          "SciPy, matplotlib, mpmath and ipywidgets. ")
FROM_GITHUB = "Install it by: python -m pip install {source}"
FROM_COPY = ("It comes with a copy of the course: open the notebook there by make lab "
             "CHAPTER={topic}, or run python -m pip install and the path of that folder.")


def source_of(root=ROOT, commit=""):
    """Return from where pip installs the course, at a commit; "" if it has no address yet."""
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8")) or {}
    repository = settings.get("repository", {})
    url = (repository.get("url") or "").rstrip("/").removesuffix(".git")
    return f"git+{url}@{commit or repository.get('branch', 'main')}" if url else ""


def guard(topic, source):
    """Return the code of the first cell of a notebook.

    >>> "pip install" in guard("qr", "git+https://github.com/a/b@main")
    True
    """
    remedy = REMEDY + (FROM_GITHUB if source else FROM_COPY).format(topic=topic, source=source)
    return GUARD.format(source=source, remedy=remedy)


def copy_of(path, source, root=ROOT):
    """Return the text of a reader's notebook with its guard."""
    notebook = lab.reader_copy(load(path), root)
    first = {"cell_type": "code", "id": "guard", "metadata": {}, "outputs": [],
             "execution_count": None, "source": guard(path.stem, source)}
    notebook["cells"].insert(0, first)
    return notebooks.dumps(notebook)


def offer(site, root=ROOT, commit=""):
    """Write the notebooks of all chapters where the pages of a site lead to; return how many."""
    source = source_of(root, commit)
    written = 0
    for path in paths(root):
        place = site / "_sources" / "chapters" / path.name
        if place.exists():  # Sphinx puts each there that is a page
            write(place, copy_of(path, source, root))
            written += 1
    return written
