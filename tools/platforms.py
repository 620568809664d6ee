"""Tell which claims hold where: the record of one run, and the table of many.

    python tools/platforms.py FOLDER --expect 7    one table of all records in a folder

`make latest` leaves a record in `_build/latest`: what became of each claim, with which versions. A
run that has not met every chapter of the table of contents, each of its cells, and every file of
tests, has failed, however many tests passed. The table is Markdown; what failed is told again below
it, in a file that names no run and no day, so that two of them can be compared.
"""

import argparse
import json
import re
import sys
import xml.etree.ElementTree as Tree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASK = ("import json, platform, sys; from importlib.metadata import version; print(json.dumps({"
       "'system': f'{platform.system()} {platform.machine()}', "
       "'python': platform.python_version(), 'versions': {name: version(name) for name in "
       "('numpy', 'scipy', 'matplotlib', 'mpmath')}}))")
CHAPTER = re.compile(r"^ *- file: (\S+)", re.M)


# --- One run --------------------------------------------------------------------------------------


def chapters(root=ROOT):
    """Return {topic: its notebook} of the chapters in the table of contents, in order."""
    names = CHAPTER.findall((root / "_toc.yml").read_text(encoding="utf-8"))
    paths = [root / f"{name}.ipynb" for name in names]
    return {path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in paths if path.exists()}


def code(notebook):
    """Return the ids of the code cells of a notebook: nbval's Cell 0, Cell 1 and so on."""
    return [cell["id"] for cell in notebook["cells"] if cell["cell_type"] == "code"]


def results(report):
    """Return {(class, name): passed, failed or skipped} of the tests in pytest's JUnit report."""
    found = {}
    for case in Tree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        result = ("failed" if kinds & {"failure", "error"} else
                  "skipped" if "skipped" in kinds else "passed")
        place = case.get("classname"), case.get("name")
        found[place] = "failed" if found.get(place) == "failed" else result
    return found


def cells_of(report, notebooks):
    """Return {topic: {id of a code cell: its result}} from nbval's report."""
    found = {topic: {} for topic in notebooks}
    for (place, name), result in results(report).items():
        topic = place.removeprefix("chapters.").removesuffix(".ipynb")
        number = re.fullmatch(r"Cell (\d+)", name)
        if topic in notebooks and number:
            found[topic][code(notebooks[topic])[int(number[1])]] = result
    return found


def unmet(unit, cells, notebooks, files):
    """Return, in sentences, what a run ought to have met and did not."""
    met = {place for place, _ in unit}
    found = [f"no test of {file} ran" for file in files if file.replace("/", ".") not in met]
    for topic, notebook in notebooks.items():
        ran = sum(result != "skipped" for result in cells[topic].values())
        if ran != len(code(notebook)) or not ran:
            found.append(f"{ran} of {len(code(notebook))} cells of {topic} ran")
    if not notebooks:
        found.append("the table of contents names no chapter")
    return found


def count(kinds):
    """Return [how many passed, how many ran] of some results."""
    ran = [kind for kind in kinds if kind != "skipped"]
    return [ran.count("passed"), len(ran)]


def record(about, unit, cells, lost):
    """Return what is kept of a run: where it was, its claims, its other cells, its unit tests.

    `lost` is what `unmet` returned.
    """
    claims, others = {}, []
    for topic, results_of in cells.items():
        for name, result in results_of.items():
            if name.startswith("claim-"):
                claims[f"{topic}#{name}"] = result == "passed"
            else:
                others.append(result)
    return {**about, "claims": claims, "cells": count(others), "tests": count(unit.values()),
            "unmet": lost}


# --- Many runs ------------------------------------------------------------------------------------


def place_of(one):
    """Return the name of a record's column, such as Linux x86_64, Python 3.13."""
    system = one["system"].replace("Darwin", "macOS")
    return f"{system}, Python {'.'.join(one['python'].split('.')[:2])}"


def failures(records, expected):
    """Return, in sentences, what failed on which platform; nothing when all is well."""
    found = []
    for one in records:
        where = place_of(one)
        found += [f"{claim} fails on {where}" for claim, holds in one["claims"].items()
                  if not holds]
        for kind, what in (("cells", "other cells"), ("tests", "unit tests")):
            passed, ran = one[kind]
            if passed != ran or not ran:
                found.append(f"{passed} of {ran} {what} pass on {where}")
        found += [f"{sentence} on {where}" for sentence in one["unmet"]]
    if len(records) != expected:
        found.append(f"{len(records)} of {expected} platforms left a record")
    every = {claim for one in records for claim in one["claims"]}
    found += [f"{len(every - set(one['claims']))} claims were not met on {place_of(one)}"
              for one in records if every - set(one["claims"])]
    return found


def row(*cells):
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def table(records):
    """Return a table in Markdown: a column for each platform, a row for each claim."""
    lines = [row("", *map(place_of, records)), row(*["---"] * (1 + len(records)))]
    names = sorted({name for one in records for name in one["versions"]})
    lines += [row(name, *(one["versions"].get(name, "") for one in records)) for name in names]
    for kind, what in (("tests", "unit tests"), ("cells", "cells that claim nothing")):
        lines.append(row(what, *("{} of {}".format(*one[kind]) for one in records)))
    every = list(dict.fromkeys(claim for one in records for claim in one["claims"]))
    lines.append(row("claims", *(f"{sum(one['claims'].values())} of {len(every)}"
                                 for one in records)))
    mark = {True: "holds", False: "**FAILS**", None: "not met"}
    lines += [row(f"`{claim}`", *(mark[one["claims"].get(claim)] for one in records))
              for claim in every]
    return "\n".join(lines) + "\n"


def read(folder):
    """Return the records in a folder and in those below it, in the order of their columns."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.rglob("record.json")]
    return sorted(found, key=lambda one: (one["system"], *map(int, re.findall(r"\d+",
                                                                             one["python"]))))


def main(arguments):
    """Write table.md and failures.md into the folder of the records; return the exit status."""
    options = argparse.ArgumentParser(description="Make one table of the records of many runs.")
    options.add_argument("folder", type=Path, help="where the records are")
    options.add_argument("--expect", type=int, required=True, help="how many there ought to be")
    asked = options.parse_args(arguments)
    records = read(asked.folder)
    failed = failures(records, asked.expect)
    asked.folder.mkdir(parents=True, exist_ok=True)
    (asked.folder / "table.md").write_text(table(records), encoding="utf-8")
    told = "\n".join(f"- {one}" for one in failed) or "Every claim holds on every platform."
    (asked.folder / "failures.md").write_text(told + "\n", encoding="utf-8")
    print(told)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
