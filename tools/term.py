"""Keep the site of a term as it is: `/2027a/` beside `/latest/`, its solutions shown or not.

    python tools/run.py book --term 2027a --solutions after:2027-03-01

The folder `_build/release` is what goes to a server. Within a term nothing changes but errata,
which are listed in `homework/errata/TERM.md`. Without its solutions a term's site has none in its
pages, in its notebooks to download or in its search: they are cut out, not hidden. As long as a
term in the folder is without them, so is `/latest/`, and the first page leads to that term. A site
cannot show by itself what it does not have: after the date, the same command puts them in.
"""

import datetime
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile

import extras
from environment import ROOT, Trouble, say, write

TERM = re.compile(r"20\d\d[a-z]?(?:\.\d+)?")
CELL = re.compile(r'<div class="cell [^"]*\bstep-solution\b[^"]*" id="([^"]*)">')
TAG = re.compile(r"<(/?)div\b")
INSTEAD = '<p class="no-solution" id="{name}">This edition does not show the solution.</p>'
BANNER = """<p class="term-banner" style="border:1px solid currentColor;\
border-radius:6px;padding:.5rem 1rem;margin-bottom:1rem">Edition {term}: until the term ends, \
nothing changes here but errata. <a href="{root}errata.html">Errata</a> · <a href="{root}{wheel}">\
Its package lib, a wheel for pip</a>{more}</p>"""
LATEST = ' · <a href="{root}../latest/{place}">The latest edition of this page</a>'
ERRATA = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Errata of {term}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:1.05rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}
</style></head><body><main><h1>Errata of {term}</h1>
{body}<p><a href="index.html">To the book</a></p></main></body></html>
"""
INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Where the Digits Go</title>
<meta http-equiv="refresh" content="0; url={first}/index.html"></head>
<body><p><a href="{first}/index.html">Where the Digits Go</a></p></body></html>
"""


def asked(solutions, today=None):
    """Return (whether the solutions are shown, what the banner says of them)."""
    if solutions in ("shown", "hidden"):
        return solutions == "shown", ""
    try:
        date = datetime.date.fromisoformat(solutions.removeprefix("after:"))
    except ValueError:
        date = None
    if date is None or not solutions.startswith("after:"):
        raise Trouble(f"--solutions {solutions!r} is none of hidden, shown and "
                      "after:2027-03-01, with a date")
    if (today or datetime.date.today()) >= date:
        return True, ""
    return False, f" · Solutions from {date.isoformat()} on."


def without_solutions(page):
    """Return a page without the cells of its solutions."""
    while found := CELL.search(page):
        depth, end = 0, None
        for tag in TAG.finditer(page, found.start()):
            depth += -1 if tag[1] else 1
            if depth == 0:
                end = page.index(">", tag.end()) + 1
                break
        if end is None:
            raise Trouble(f"The cell {found[1]} of a page has no end. Build the book again.")
        instead = INSTEAD.format(name=found[1])
        page = page[:found.start()] + instead + page[end:]
    return page


def notebook_without(text):
    """Return a notebook without its solutions."""
    notebook = json.loads(text)
    notebook["cells"] = [cell for cell in notebook["cells"]
                         if not cell.get("id", "").startswith("solution-")]
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def with_banner(page, term, place, wheel, more, latest):
    """Return a page that says which edition it is of; `place` is its path within the site."""
    root = "../" * place.count("/")
    more = LATEST.format(root=root, place=place) * latest + more
    banner = BANNER.format(term=term, root=root, wheel=wheel, more=more)
    return page.replace('<article class="bd-article">', '<article class="bd-article">' + banner, 1)


def cut(folder):
    """Take the solutions out of a site: its pages, its notebooks, the tables of their figures, and
    what was made of all that, the PDF and the offline copy.
    """
    extras.drop(folder)
    for path in folder.glob("_static/tables/*-solution-*.csv"):
        path.unlink()
    for path in folder.rglob("*.html"):
        write(path, without_solutions(path.read_text(encoding="utf-8")))
    for path in folder.rglob("*.ipynb"):
        write(path, notebook_without(path.read_text(encoding="utf-8")))


def edition(site, folder, term, solutions):
    """Write the site of a term into a folder; return whether it shows solutions, and its wheel."""
    show, more = asked(solutions)
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(site, fresh)
    if not show:
        cut(fresh)
    name = wheel(fresh, term)
    for path in fresh.rglob("*.html"):
        place = path.relative_to(fresh).as_posix()
        write(path, with_banner(path.read_text(encoding="utf-8"), term, place, name, more, show))
    write(fresh / "errata.html", errata(term))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return show, name


def without(target):
    """Return the newest term in a release that is without its solutions, or nothing."""
    mark = INSTEAD.partition(" id=")[0]
    return max((folder.name for folder in target.iterdir() if TERM.fullmatch(folder.name) and any(
        mark in path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))), default="")


def errata(term, folder=ROOT / "homework" / "errata"):
    """Return the page of a term's errata: the lines of its file that begin with a dash."""
    file = folder / f"{term}.md"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    items = [f"<li>{html.escape(line[2:])}</li>" for line in lines if line.startswith("- ")]
    body = f"<ul>{''.join(items)}</ul>" if items else "<p>None so far.</p>"
    return ERRATA.format(term=html.escape(term), body=body)


def wheel(folder, term):
    """Put the wheel of lib, its version marked with the term, into a folder; return its name."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(ROOT / "lib", f"{place}/lib", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("README.md", "LICENSE"):
            shutil.copy(ROOT / name, place)
        settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        write(f"{place}/pyproject.toml", re.sub(r'^version = "([^"+]*)"', rf'version = "\1+{term}"',
                                                settings, flags=re.MULTILINE))
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "wheel",
                   "--no-deps", "--no-build-isolation", "-w", str(folder), place]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"The wheel of lib was not built:\n{done.stderr.strip()[-800:]}")
    return next(folder.glob("*.whl")).name


def release(term, solutions, build=ROOT / "_build"):
    """Put the built site into the release, as the latest and a term's; return the status."""
    if not TERM.fullmatch(term):
        raise Trouble(f"{term!r} is no name of a term: write its year and a letter, such as 2027a")
    asked(solutions)  # before anything is written
    target, site = build / "release", build / "html"
    target.mkdir(parents=True, exist_ok=True)
    show, name = edition(site, target / term, term, solutions)
    first, latest = without(target), target / "latest"
    shutil.rmtree(latest, ignore_errors=True)
    shutil.copytree(site, latest)
    if first:
        cut(latest)
    write(target / "index.html", INDEX.format(first=first or "latest"))
    say(f"{target / term}: solutions {'shown' if show else 'cut out'}, {name}, errata.html; beside "
        f"it {latest}" + f", without solutions as long as {first} is" * bool(first)
        + f". Tag the commit: git tag {term}")
    return 0
