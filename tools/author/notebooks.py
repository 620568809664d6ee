"""Keep the chapters' notebooks in one canonical form: check, fix, run or show them.

A notebook is reviewed as text and compared strictly by nbval, so it holds only what a person wrote
and what every machine prints: hand-written cell ids, execution counts 1...n, one kernelspec, tags
and figure metadata, text outputs. Images (drawn anew by the build) and tracebacks are dropped.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import argparse
import ast
import json
import re
import sys
from pathlib import Path

import execute
from chapter import load
from environment import ROOT, write

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
KEPT_METADATA = ("tags", "mystnb", "prediction", "nbgrader")
KEPT_MIME = ("text/plain", "text/html", "text/markdown", "text/latex")
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NOT_CANONICAL = "not in canonical form: run `python tools/author/notebooks.py fix` on it"
STATE_OF_A_WIDGET = "application/vnd.jupyter.widget-view+json"


def lines(text):
    """Return a text, or a list of lines, as nbformat stores it: a list of lines with their ends."""
    return "".join(text).splitlines(keepends=True)


def canonical_output(output):
    """Return an output without pictures, counts and traceback; None where nothing is left."""
    kind = output["output_type"]
    if kind == "stream":
        return {"name": output["name"], "output_type": kind, "text": lines(output["text"])}
    if kind == "error":
        return {"ename": output["ename"], "evalue": output["evalue"], "output_type": kind,
                "traceback": []}
    data = output["data"]
    live = STATE_OF_A_WIDGET in data
    kept = {mime: lines(data[mime]) for mime in sorted(data)
            if mime in KEPT_MIME and not (live and mime == "text/html")}
    if not kept:
        return None
    return {"data": kept, "metadata": {}, "output_type": kind}


def canonical(notebook):
    """Return the notebook (a dict as read by json) in its one canonical form."""
    cells, count = [], 0
    for cell in notebook["cells"]:
        old = cell["metadata"]
        metadata = {key: old[key] for key in KEPT_METADATA if old.get(key)}
        new = {"cell_type": cell["cell_type"], "id": cell.get("id", ""), "metadata": metadata,
               "source": lines("".join(cell["source"]).rstrip())}
        if cell["cell_type"] == "code":
            count += 1
            outputs = [canonical_output(output) for output in merged(cell["outputs"])]
            new["execution_count"] = count
            new["outputs"] = [output for output in outputs if output]
            for output in new["outputs"]:
                if output["output_type"] == "execute_result":
                    output["execution_count"] = count
        cells.append(new)
    return {"cells": cells, "metadata": {"kernelspec": KERNELSPEC}, "nbformat": 4,
            "nbformat_minor": 5}


def merged(outputs):
    """Return the outputs with the pieces of one stream joined: kernels split them at will."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" == last.get("output_type") \
                and output["name"] == last["name"]:
            last["text"] = "".join(last["text"]) + "".join(output["text"])
        else:
            joined.append(dict(output))
    return joined


def dumps(notebook):
    """Return the text of a notebook file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def faults(path):
    """Return what keeps a notebook file from being canonical, one sentence each."""
    try:
        text = path.read_bytes().decode("utf-8")  # read_text would hide the line ends of Windows
        notebook = json.loads(text)
        found = [] if text == dumps(canonical(notebook)) else [NOT_CANONICAL]
    except (ValueError, KeyError, TypeError) as error:
        return [f"is no notebook of format 4: {type(error).__name__}: {error}"]
    seen = set()
    for number, cell in enumerate(notebook["cells"], 1):
        name = cell.get("id", "")
        if not ID.fullmatch(name):
            found.append(f"cell {number}: id {name!r} is not words joined by hyphens")
        if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", name):
            found.append(f"cell {number}: id {name!r} was made by a machine; name the step")
        if name in seen:
            found.append(f"cell {number}: id {name!r} occurs twice")
        seen.add(name)
        if cell["cell_type"] == "code" and not cell["outputs"] and ends_in_value(cell):
            found.append(f"{name}: its last line has a value, but it shows no output: use run")
    return found


def ends_in_value(cell):
    """Return whether a cell ends in an expression that surely has a value to show."""
    try:
        body = ast.parse("".join(cell["source"])).body
    except SyntaxError:  # a magic command
        return False
    return bool(body) and isinstance(body[-1], ast.Expr) and not isinstance(
        body[-1].value, ast.Call | ast.Await | ast.Constant)


def show(path):
    """Return a notebook as text to review: a line `%% kind id metadata` heads each cell."""
    parts = []
    for cell in load(path)["cells"]:
        metadata = json.dumps(cell["metadata"], ensure_ascii=False) if cell["metadata"] else ""
        parts.append(f"%% {cell['cell_type']} {cell.get('id', '')} {metadata}".rstrip())
        parts.append("".join(cell["source"]))
        parts += [f"=> {text}" for output in cell.get("outputs", ()) for text in shown(output)]
    return "\n".join(parts) + "\n"


def from_text(text):
    """Return the notebook (a dict) whose text form is given; `=>` lines, its outputs, are left out.

    Raises ValueError if a cell's head is not `%% kind id metadata`.
    """
    cells = []
    for line in text.splitlines():
        if line.startswith("%% "):
            head = re.fullmatch(r"%% (markdown|code) (\S+)\s*(\{.*\})?\s*", line)
            if not head:
                raise ValueError(f"{line!r} is no head of a cell: %% markdown|code id {{metadata}}")
            cells.append({"cell_type": head[1], "id": head[2],
                          "metadata": json.loads(head[3] or "{}"), "source": []})
            if head[1] == "code":
                cells[-1].update(outputs=[], execution_count=None)
        elif not (line.startswith("=> ") and cells[-1]["cell_type"] == "code"):
            cells[-1]["source"].append(line + "\n")
    for cell in cells:
        cell["source"] = lines("".join(cell["source"]).strip("\n"))
    return {"cells": cells, "metadata": {"kernelspec": KERNELSPEC}, "nbformat": 4,
            "nbformat_minor": 5}


def shown(output):
    """Return the lines that stand for an output in a review."""
    if output["output_type"] == "stream":
        return "".join(output["text"]).splitlines()
    if output["output_type"] == "error":
        return [f"{output['ename']}: {output['evalue']}"]
    return "".join(output["data"].get("text/plain", ["<no text>"])).splitlines()


def run(path):
    """Execute a notebook from the repository's root and store its canonical form."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    execute.execute(notebook, ROOT)
    fix(path, json.loads(nbformat.writes(notebook)))


def fix(path, notebook=None):
    """Write a notebook back in canonical form."""
    notebook = notebook or load(path)
    write(path, dumps(canonical(notebook)))


def main(arguments=None):
    """Carry out one command; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["check", "fix", "run", "show"])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all chapters")
    options = parser.parse_args(arguments)
    paths = options.notebooks or sorted((ROOT / "chapters").glob("*.ipynb"))
    count = 0
    for path in paths:
        if options.command == "show":
            sys.stdout.write(show(path))
        elif options.command == "check":
            for fault in faults(path):
                print(f"{path}: {fault}")
                count += 1
        else:
            (run if options.command == "run" else fix)(path)
    if options.command == "check":
        print(f"{len(paths)} notebooks, {count} faults")
    return bool(count)


if __name__ == "__main__":
    sys.exit(main())
