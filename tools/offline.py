"""Make an archive of the built site that opens without a server and without a network.

    python tools/run.py offline

The archive holds a page START-HERE.html and the site in a folder beside it. Left out are packages
for Python in the browser, if the site has them, and what only a web server serves. The same pages
give the same bytes.
"""

import re
import zipfile

import extras
import pdf
from environment import ROOT, Trouble, say

NAME = "where-the-digits-go.zip"
FOLDER = "where-the-digits-go"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the date of every file: equal pages, equal bytes
# Packages for Python in the browser, and JupyterLite, which only a served page runs; what a server
# tells strangers; the sources of pages that are no notebooks; what else lies beside the site.
LEFT_OUT = re.compile(r"_static/run/core/.*\.whl|_sources/.*\.md|[^/]*\.(pdf|zip)|(.*/)?\.[^/]*"
                      r"|lite/.*|404\.html|robots\.txt|sitemap\.xml|objects\.inv")
BUTTON = re.compile(r'<a href="[^"]*lite/notebooks/[^>]*>.*?</a>', re.S)
START = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Start here: {title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.05rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto;
  padding: 0 1rem }}
</style></head><body><main>
<h1>{title}</h1>
<p>{subtitle}</p>
<p><a href="site/index.html"><strong>Open the book</strong></a>.
It needs no network and no server; every page links the others.</p>
<h2>What works from here</h2>
<p>Text, formulas, figures that move, their data, predictions, exercises with hints and solutions,
search, print, and the notebooks to download.
What you predict stays in your browser's storage, where your browser allows that for files.</p>
<h2>What needs more</h2>
<p>A browser runs no Python from a file, so that here no cell runs on its page and no function is
traced. Serve the folder <code>site</code> on your machine, and both work: in that folder
<code>python -m http.server</code>, then <code>http://localhost:8000</code>.
NumPy and its like are fetched from the network when something asks for them.
The notebooks run with a copy of the course (in its folder: <code>make lab</code>).</p>
<h2>Which edition this is</h2>
<p>{edition}</p>
</main></body></html>
"""


def files(site):
    """Return the files of a site that go into the archive, in order: (name in it, path)."""
    found = sorted((path.relative_to(site).as_posix(), path) for path in site.rglob("*")
                   if path.is_file())
    return [(name, path) for name, path in found if not LEFT_OUT.fullmatch(name)]


def start(root=ROOT):
    """Return the page on which a reader begins."""
    about = pdf.title_page(root)
    return START.format(title=about["title"], subtitle=about["subtitle"],
                        edition="<br>".join([about["author"], *about["small"]]))


def make(site, target, root=ROOT):
    """Write the archive of a site; return how many files it holds."""
    if not (site / "index.html").is_file():
        raise Trouble(f"There is no site in {site}. Run make book first.")
    held = files(site)
    beside = target.with_suffix(".part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        put(archive, "START-HERE.html", start(root).encode())
        for name, path in held:
            data = path.read_bytes()
            if name.endswith(".html"):
                data = BUTTON.sub("", extras.bare(data.decode())).encode()
            put(archive, f"site/{name}", data)
    beside.replace(target)
    return len(held) + 1


def put(archive, name, data):
    """Put a file into an archive, with the same date and rights as all others."""
    info = zipfile.ZipInfo(f"{FOLDER}/{name}", LONG_AGO)
    info.external_attr = 0o644 << 16
    info.create_system = 3  # Unix, whatever system this is
    archive.writestr(info, data, zipfile.ZIP_DEFLATED, 9)


def main(build=ROOT / "_build"):
    """Write the archive of the built site into it; return the exit status."""
    target = build / "html" / NAME
    count = make(build / "html", target)
    extras.made(build / "html", NAME)
    say(f"{target}: {count} files, {target.stat().st_size / 1e6:.1f} MB")
    return 0
