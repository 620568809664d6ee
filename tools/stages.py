"""Run every check of the course, stage by stage; all of them, even after one failed."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import book
import execute
from chapter import paths
from environment import ROOT, Trouble, say

PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist"]
UNIT = [*PYTEST, "loadfile", "-m", "not browser"]  # the tests of a file in a row
BROWSER = [*PYTEST, "loadgroup", "-m", "browser", "tests/page", "tests/site",
           "tests/homework"]  # those of a page
CELLS = [*PYTEST, "loadfile"]
RULES = ["--nbval-current-env", "--nbval-cell-timeout=120",
         "--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
NBVAL = [*CELLS, "--nbval", *RULES, "chapters"]
ONCE = ["-p", "once", *RULES]
RUN_ONCE = {"EXPLORE_STATIC": "1", "PYTHONPATH": execute.settings()["PYTHONPATH"]}
SKIPPED = 77  # the exit status of a program for tests that did not run, and said why
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")  # the first is quickest


def other_kernels():
    """Return settings under which BLAS and NumPy take other code paths on this machine."""
    import numpy as np

    arm = platform.machine().lower() in ("arm64", "aarch64")
    beyond = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    settings = {"OPENBLAS_CORETYPE": "ARMV8" if arm else "Nehalem"}
    if beyond:
        settings["NPY_DISABLE_CPU_FEATURES"] = " ".join(beyond)
    return settings


def browser():
    """Return the path of a Chromium, or None."""
    names = filter(None, (os.environ.get("CHROMIUM"), *BROWSERS))
    return next(filter(None, map(shutil.which, names)), None)


@dataclass(frozen=True)
class Stage:
    """A check: its name, what it does in words, its command and the settings it adds."""

    name: str
    about: str
    command: tuple
    settings: dict
    needs: str = ""  # the stage without which this one would judge something else


def all_stages():
    """Return the stages in order."""
    python = sys.executable
    rows = [
        ("ruff", "style of the code", [python, "-m", "ruff", "check", "."], {}),
        ("notebooks", "notebooks in canonical form",
         [python, "tools/author/notebooks.py", "check"], {}),
        ("tests", "unit tests, doctests, checks on the book", UNIT, {}),
        ("nbval", "every chapter once: outputs, strictly; claims; time",
         [*CELLS, *ONCE, "chapters"], RUN_ONCE),
        ("kernels", "every output on other BLAS and SIMD kernels", NBVAL,
         {"EXPLORE_STATIC": "words", **other_kernels()}),
        ("wasm", "every chapter on WebAssembly, as in a browser",
         [python, "tools/wasm/stage.py"], {}),
        ("book", "the site, strictly", [python, "tools/run.py", "book", "--build-only"], {}),
        ("browser", "the site in a real browser", BROWSER, {}),
    ]
    return [Stage(name, about, tuple(command), settings)
            for name, about, command, settings in rows]


def chosen(names):
    """Return the stages with these names, or all."""
    stages = all_stages()
    unknown = set(names) - {stage.name for stage in stages}
    if unknown:
        raise Trouble(f"There is no stage {', '.join(sorted(unknown))}. Stages: "
                      + ", ".join(stage.name for stage in stages))
    return [stage for stage in stages if not names or stage.name in names]


def cpu_seconds():
    """Return the CPU time of all finished child processes; nan where it cannot be known."""
    times = os.times()
    return times.children_user + times.children_system if os.name == "posix" else float("nan")


def run(stage):
    """Run a stage; return (what became of it, CPU seconds, wall seconds)."""
    say(f"\n== {stage.name}: {stage.about}")
    for key, value in stage.settings.items():
        say(f"   {key}={value}")
    cpu, wall = cpu_seconds(), time.monotonic()
    status = subprocess.call(stage.command, cwd=ROOT, env={**os.environ, **stage.settings})
    result = {0: "passed", SKIPPED: "SKIPPED"}.get(status, "FAILED")
    return result, cpu_seconds() - cpu, time.monotonic() - wall


def main(names):
    """Run the stages; print a table; return the exit status."""
    stages = chosen(names)
    if any(stage.name == "browser" for stage in stages) and not browser():
        say("No Chromium was found: the browser stage will fail. Debian, Ubuntu: apt install "
            "chromium. Elsewhere: install Chrome, or set CHROMIUM to its path.")
    failed = carry_out(stages)
    if importlib.util.find_spec("torch") is None:
        say("torch is not installed: the checks against PyTorch did not run (.ci/run runs them).")
    if failed:
        say(f"Again: python tools/run.py test {' '.join(failed)}")
    else:
        say(f"{len(paths())} chapters hold.")
    return bool(failed)


def carry_out(stages):
    """Run all stages, print a table, and return the names of those that failed."""
    results, failed = [], []
    for stage in stages:
        if stage.needs in failed:
            say(f"\n== {stage.name}: not run, for {stage.needs} failed")
            results.append((stage, "not run", 0.0, 0.0))
            continue
        result, cpu, wall = run(stage)
        results.append((stage, result, cpu, wall))
        failed += [stage.name] if result == "FAILED" else []
    say(f"\n{'stage':<10} {'result':<7} {'CPU s':>7} {'wall s':>7}")
    for stage, result, cpu, wall in results:
        say(f"{stage.name:<10} {result:<7} {cpu:7.1f} {wall:7.1f}")
    total = sum(wall for *_, wall in results)
    passed = sum(result == "passed" for _, result, *_ in results)
    say(f"{f'{len(failed)} failed, ' if failed else ''}{passed} passed in {total:.0f}s")
    for stage, result, *_ in results:
        if result == "SKIPPED":
            say(f"THE STAGE {stage.name.upper()} WAS SKIPPED: WHY, IT SAYS ABOVE.")
    return failed


def check(topic):
    """Run what judges one chapter, cheapest first; return the exit status."""
    if not topic:
        names = "\n    ".join(path.stem for path in paths())
        raise Trouble(f"Which chapter? For example: make check CHAPTER=softmax\n    {names}")
    path = str(book.chapter_of(topic).relative_to(ROOT))
    python, one = sys.executable, [sys.executable, "-m", "pytest", "-q", "-n", "0"]
    site = ROOT / "_build" / "check" / topic / "_build" / "html"
    rows = [
        ("form", "the notebook in canonical form",
         [python, "tools/author/notebooks.py", "check", path], {}),
        ("contract", "one small rule for each sentence of CONTRIBUTING",
         [python, "tools/author/contract.py", path], {}),
        ("ledger", "what it teaches, and the table", [*one, "tests/book/test_ledger.py"], {}),
        ("nbval", "one run: outputs, strictly; claims; time", [*one, *ONCE, path], RUN_ONCE),
        ("page", "its page", [python, "tools/run.py", "book", "--only", topic], {}),
        ("browser", "its page in a real browser",
         [*one, "-m", "browser", "tests/site", "-k", f"[chapters/{topic}.html]"],
         {"SITE": str(site)}, "page"),
        ("figures", "what its figures draw", [python, "tools/author/drawn.py", topic], {}, "nbval"),
    ]
    return bool(carry_out([Stage(name, about, tuple(command), settings, *needs)
                           for name, about, command, settings, *needs in rows]))
