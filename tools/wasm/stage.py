"""Run every chapter on WebAssembly in Node, and hold what it shows against what is stored.

    python tools/wasm/stage.py                   all chapters and the page "In a browser"
    python tools/wasm/stage.py qr svd            these chapters
    python tools/wasm/stage.py --from FOLDER     on a full distribution of Pyodide, unpacked

Two Nodes run side by side, each with one chapter after the other. What known.toml lists has to
differ, and all else has to be the same. Exit status 77 says that nothing ran, and why is said.

Here all packages are there from the start. A page fetches matplotlib and SciPy when a cell uses
them, and draws nothing in cells that run for a later one (web/assets/run/undrawn.py).
"""

import argparse
import concurrent.futures
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import environment

    environment.enter(__file__, sys.argv[1:])

import chapter
from environment import ROOT, Trouble, say, write
from wasm import core, facts, known, outputs
from wasm.node import Python
from wasm.wheels import Unavailable

AT_ONCE = 2
SKIPPED = 77  # as programs for tests say that they did not run
PAGE = ROOT / "chapters" / "in_a_browser.md"
# One frame of each figure that moves: the others take minutes, and nothing of them is compared.
SETTINGS = {"EXPLORE_STATIC": "words"}


@dataclass(frozen=True)
class Seen:
    """A cell that ran: how it went ("same", "differs" or "fails"), why, and its seconds."""

    id: str
    verdict: str
    why: str
    seconds: float


def run(python, notebook):
    """Run the code cells of a notebook (a dict); return what was seen of each.

    Raises Trouble, which names the cell, if Node ends or is silent for too long.
    """
    python.call("cells.begin")
    seen = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            try:
                seen.append(judged(cell, *python.call("cells.run", "".join(cell["source"]))))
            except Trouble as trouble:
                raise Trouble(f"{cell['id']}: {trouble}") from trouble
    return seen


def judged(cell, success, shown, seconds):
    """Return what was seen of a cell."""
    expected = "raises-exception" in cell["metadata"].get("tags", ())
    if not (success or expected):
        error = next(one for one in reversed(shown) if one["output_type"] == "error")
        why = outputs.last_lines(error)
        return Seen(cell["id"], "fails", why, seconds)
    if outputs.differ(cell, shown):
        return Seen(cell["id"], "differs", outputs.told(cell, shown), seconds)
    return Seen(cell["id"], "same", "", seconds)


def faults(topic, seen, listed):
    """Return what is wrong with a chapter, given the ids of its cells that are to differ."""
    found = [f"{topic}#{one.id} {one.verdict}:\n{one.why}"
             for one in seen if one.verdict != "same" and one.id not in listed]
    there = {one.id: one for one in seen}
    for name in sorted(listed):
        if name not in there:
            found.append(f"known.toml lists {topic}#{name}, which is no cell that runs")
        elif there[name].verdict == "same":
            found.append(f"{topic}#{name} shows on WebAssembly what is stored: take it out of "
                         "known.toml")
    return found


class Pool:
    """Pythons on WebAssembly, one for each thread that asks."""

    def __init__(self, folder):
        self.folder, self.mine, self.all = folder, threading.local(), []

    def get(self):
        """Return the Python of this thread, started where there is none."""
        if getattr(self.mine, "python", None) is None:
            self.mine.python = Python(self.folder, SETTINGS)
            self.all.append(self.mine.python)
        return self.mine.python

    def give_up(self):
        """Let this thread have a new one the next time."""
        self.mine.python = None

    def close(self):
        """End them all."""
        for python in self.all:
            python.close()


def chapter_on(pool, path):
    """Run one chapter; say how it went; return what is wrong with it."""
    began, topic = time.monotonic(), path.stem
    try:
        seen = run(pool.get(), chapter.load(path))
    except Trouble as trouble:
        pool.give_up()
        say(f"{topic:20}  ended")
        return [f"{topic}#{trouble}"]
    found = faults(topic, seen, known.told(topic))
    count = {verdict: sum(one.verdict == verdict for one in seen) for verdict in
             ("fails", "differs")}
    slow = max(seen, key=lambda one: one.seconds)
    say(f"{topic:20}{len(seen):6}{count['fails']:7}{count['differs']:9}"
        f"{time.monotonic() - began:9.1f}   {slow.id} {slow.seconds:.1f} s")
    return found


def page_on(pool):
    """Hold the table of the page "In a browser" against what its lines do; return the faults."""
    table = facts.rows(PAGE.read_text(encoding="utf-8"))
    if not table:
        return [f"{PAGE.name} has no table"]
    told = pool.get().call("facts.all_said", [code for code, *_ in table])
    say(f"{PAGE.stem:20}{len(table):6} lines of code")
    return [f"{PAGE.name} says that `{code}` is {theirs} in a browser; it is {found}"
            for (code, _, theirs), found in zip(table, told, strict=True) if found != theirs]


def run_all(folder, paths):
    """Run the page's table and chapters on a folder of Pyodide; return the faults."""
    pool = Pool(folder)
    say(f"{'chapter':20}{'cells':>6}{'fails':>7}{'differs':>9}{'seconds':>9}   slowest cell")
    try:
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
            waiting = [threads.submit(page_on, pool),
                       *(threads.submit(chapter_on, pool, path) for path in paths)]
            return [fault for one in waiting for fault in one.result()]
    finally:
        pool.close()


def main(arguments):
    """Make the folder, run all, say what is wrong; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", nargs="*", help="default: all chapters")
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER",
                        help="a full distribution of Pyodide, unpacked")
    options = parser.parse_args(arguments)
    paths = chapter.asked(__doc__, options.topics)
    try:
        folder = core.make(core.FOLDER / "full" if options.source else None, options.source)
    except Unavailable as error:
        say(f"SKIPPED: NO CHAPTER RAN ON WEBASSEMBLY. {error}")
        return SKIPPED
    began = time.monotonic()
    found = run_all(folder, paths)
    write(core.FOLDER / "failures.md", "".join(f"- {fault}\n" for fault in found))
    say("\n".join(["", *found]))
    say(f"{len(paths)} chapters on WebAssembly in {time.monotonic() - began:.0f} s, "
        f"{len(found)} faults")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
