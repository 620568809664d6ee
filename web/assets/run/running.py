"""Run the cells of a page in one namespace, and answer what each shows.

A cell that is run for a later one is quiet: it shows nothing, and draws nothing.
"""

import ast
import contextlib
import linecache
import os
import sys
import traceback
from types import ModuleType

import showing
import undrawn

os.environ["MPLBACKEND"] = "module://drawing"  # for matplotlib, which comes later
undrawn.settle()
FRAMES = 6  # places that are told of an error: the outermost and the innermost ones
NAMES = {}  # what each cell is called, by the name of its file


def answer(source, cell, quiet=False, anew=False, name=""):
    """Return what a page shows of a cell.

    Parameters
    ----------
    source : str
        Python.
    cell : str
        The cell's name.
    quiet : bool
        Whether it is run for a later one.
    anew : bool
        Whether all that was defined before is forgotten first.
    name : str, optional
        What the cell is called where a later one fails in a function of it.

    Returns
    -------
    dict
        `good`; `outputs`; the `error` in a line, and the number of the `line` that raised it; the
        package that it `lacks`, without which the rest tells nothing; of a report whether it is
        `passed`, and its `headline`.

    Examples
    --------
    >>> answer("x = 3\\nx + 1", "run-x", anew=True)["outputs"]
    [{'text/plain': '4'}]
    >>> print(answer("y = x + 1\\ny / 0", "run-y")["outputs"][0]["error"])
    Line 2: y / 0
    ZeroDivisionError: division by zero
    """
    import shell

    if anew:
        undrawn.settle()
    world = namespace(anew)
    shown = showing.begin(quiet, None if quiet else shell.tell)
    os.environ["EXPLORE_STATIC"] = "nothing" if quiet else "asked"
    figures().begin(cell)
    undrawn.begin(quiet)
    file = f"<cell {cell}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    NAMES[file] = name or cell
    said, lacks, value, line = "", "", None, None
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        try:
            value = run(source, file, world)
            if value is not None and not quiet and not source.rstrip().endswith(";"):
                showing.display(value)
            pictures()
        except BaseException as error:  # all that a reader's code can raise, SystemExit as well
            lacks = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else ""
            said, line = told(error, file), line_of(error, file)
            pictures_closed()
            shown.outputs.append({"error": said})
    lacks = undrawn.lacking(not said) or lacks or ""
    return {"good": not said, "outputs": [] if quiet else shown.outputs, "lacks": lacks,
            "error": said.splitlines()[-1] if said else "", "line": line, **judged(value)}


def figures():
    """Return the module of the figures that move; it is imported anew when matplotlib has come."""
    undrawn.begin(True)
    import moving

    sys.modules["lib.page.explore"].FORMS["asked"] = moving.form
    return moving


def namespace(anew):
    """Return the names of the cells, those of a module `__main__`, as in a notebook."""
    main = sys.modules.get("__main__")
    if anew or not hasattr(main, "names of the page's cells"):
        main = sys.modules["__main__"] = ModuleType("__main__")
        vars(main).update({"names of the page's cells": True, "display": showing.display})
    return vars(main)


def run(source, file, world):
    """Run a cell; return the value of the expression that it ends in, or None."""
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), world)
    if last is not None:
        return eval(compile(ast.Expression(last.value), file, "eval"), world)
    return None


def pictures():
    """Show the figures that a cell has drawn."""
    if undrawn.real("matplotlib.pyplot"):
        import drawing
        drawing.show()


def pictures_closed():
    """Close the figures of a cell that failed."""
    if plt := undrawn.real("matplotlib.pyplot"):
        plt.close("all")


def judged(value):
    """Return what a report says in one line, and whether all is well; nothing of another value."""
    if type(value).__module__ != "lib.grade.report":
        return {}
    return {"passed": value.passed, "headline": value.headline}


def told(error, file):
    """Return what an error says: where it was raised in which cells, its kind, its words."""
    words = "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, SyntaxError) and error.filename == file:
        return (f"Line {error.lineno}: {(error.text or '').strip()}\n"
                f"{type(error).__name__}: {error.msg}")
    frames = [one for one in traceback.extract_tb(error.__traceback__)
              if one.filename.startswith("<cell ")]
    lines = [place(one, file) for one in frames]
    if len(lines) > FRAMES:
        lines[FRAMES // 2:-FRAMES // 2] = [f"... {len(lines) - FRAMES} more ..."]
    return "\n".join([*lines, words[:5000]])


def line_of(error, file):
    """Return the number of the line of a cell in which an error was raised, or None."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    own = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == file]
    return own[-1] if own else None


def place(frame, file):
    """Return a line of a cell in words."""
    other = "" if frame.filename == file else f" of {NAMES[frame.filename]}"
    return f"Line {frame.lineno}{other}: {frame.line}"
