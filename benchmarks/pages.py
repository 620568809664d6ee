"""Weigh the pages of the built site, time them, and let Lighthouse judge some.

Run as `python benchmarks/pages.py` after `make book`, or with the names of pages. Each page is
served zipped, as a static host does, on this machine. Bytes and requests are those of a first
visit, before anybody scrolls; a page is interactive when its `load` event has ended (the smallest
of three visits); a step is the median time until a slider of its first figure has drawn. Beside
them stands one chapter as Jupyter Book's default theme makes it of the same notebook; what that
asks of other hosts is counted, and not weighed.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import stages  # noqa: E402
from tests.site import visits  # noqa: E402
from web import modules  # noqa: E402

JUDGED = ["index.html", "chapters/trace.html", *visits.SOME]
PLAIN = "chapters/qr"
HEAD = (f"{'page':36}{'kB':>6}{'requests':>10}{'others':>8}{'elements':>10}{'ready ms':>10}"
        f"{'step ms':>9}")
ELEMENTS = "document.querySelectorAll('*').length"
READY = "performance.timing.loadEventEnd - performance.timing.navigationStart"
STEP = """async () => {
  const slider = document.querySelector("figure input[type=range]");
  if (!slider) return null;
  const times = [], frame = () => new Promise(requestAnimationFrame);
  for (let value = +slider.min; value <= +slider.max && times.length < 20; value++) {
    const began = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    await frame();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}"""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def row(browser, server, path):
    """Return a line of the table."""
    ready = []
    for _ in range(3):
        visit = visits.Visit(browser, server, path, whole=False)
        ready.append(visit.page.evaluate(READY))
        sizes, elements = visit.sizes(), visit.page.evaluate(ELEMENTS)
        others = sum(not visit.own(request) for request in visit.requests)
        step = visit.page.evaluate(STEP)
        visit.context.close()
    drawn = "" if step is None else f"{step:.0f}"
    return (f"{path.removesuffix('.html'):36}{sum(size for _, size in sizes) / 1e3:6.0f}"
            f"{len(sizes):10}{others:8}{elements:10}{min(ready):10.0f}{drawn:>9}")


def weigh(server, paths):
    """Print a line for each page of the site that SITE names."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=stages.browser())
        for path in paths:
            print(row(browser, server, path), flush=True)
        browser.close()


def build_plainly(folder):
    """Build one chapter, as its notebook stores it, with the default theme; return the site."""
    (folder / "chapters").mkdir()
    shutil.copy(ROOT / f"{PLAIN}.ipynb", folder / "chapters")
    shutil.copy(ROOT / "chapters" / "references.bib", folder / "chapters")
    (folder / "_config.yml").write_text("title: Plain\nexecute: {execute_notebooks: 'off'}\n"
                                        "bibtex_bibfiles: [chapters/references.bib]\n")
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {PLAIN}\n")
    program = "from jupyter_book.cli.main import main; main()"
    run = subprocess.run([sys.executable, "-c", program, "build", ".", "-q"], cwd=folder,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    site = folder / "_build" / "html"
    if not (site / f"{PLAIN}.html").exists():
        raise SystemExit(f"The default theme made no page:\n{run.stdout[-2000:]}")
    return site


def beside():
    """Print the line of one chapter in the default theme, by a process with a site of its own."""
    with tempfile.TemporaryDirectory() as folder:
        site = build_plainly(Path(folder))
        run = subprocess.run([sys.executable, __file__, "--lines", f"{PLAIN}.html"],
                             env={**os.environ, "SITE": str(site)}, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    print(run.stdout.rstrip().replace(PLAIN.ljust(30), f"{PLAIN}, default theme".ljust(30)))


def judge(server, path, folder):
    """Return what Lighthouse says of a page on a slow phone: four scores, medians of three."""
    scores = {name: [] for name in CATEGORIES}
    for number in range(3):
        out = folder / f"{number}.json"
        run = subprocess.run(
            [str(modules.node()), str(lighthouse() / "cli" / "index.js"), server + path, "--quiet",
             "--chrome-flags=--headless --no-sandbox", "--output=json", f"--output-path={out}"],
            env={**os.environ, "CHROME_PATH": stages.browser()}, capture_output=True, text=True)
        if run.returncode:
            raise SystemExit(f"Lighthouse ended: {run.stderr[-1000:]}")
        told = json.loads(out.read_text(encoding="utf-8"))["categories"]
        for name in CATEGORIES:
            scores[name].append(100 * told[name]["score"])
    return [statistics.median(values) for values in scores.values()]


def judge_all(server, paths):
    """Print what Lighthouse says of pages."""
    print(f"\n{'Lighthouse, a slow phone':36}" + "".join(f"{name:>16}" for name in CATEGORIES))
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            scores = "".join(f"{score:16.0f}" for score in judge(server, path, Path(folder)))
            print(f"{path.removesuffix('.html'):36}{scores}", flush=True)


def lighthouse():
    """Return the folder of Lighthouse, installed from npm where it is not there."""
    folder = ROOT / "_build" / "lighthouse"
    try:
        return modules.modules(folder, Path(__file__).parent / "lighthouse") / "lighthouse"
    except modules.MissingError as error:
        raise SystemExit(str(error)) from error


def main(paths):
    """Print the tables."""
    only_lines = "--lines" in paths
    paths = [path for path in paths if path != "--lines"]
    if not stages.browser():
        raise SystemExit("There is no Chromium: install chromium, or name one in CHROMIUM.")
    if not visits.SITE.is_dir():
        raise SystemExit("There is no site in _build/html: run make book first.")
    with visits.serving(visits.Handler) as server:
        if only_lines:
            weigh(server, paths)
        else:
            print(HEAD)
            weigh(server, paths or visits.PAGES)
            beside()
            judge_all(server, paths or JUDGED)


if __name__ == "__main__":
    main(sys.argv[1:])
