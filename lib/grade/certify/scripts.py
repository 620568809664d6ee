"""Write the worst case as a script of five lines that needs NumPy and the routine alone."""

import re
import sys
from pathlib import Path

from lib.grade.report import attempt

# What a line of a script sets or uses: no routine can have these names there.
TAKEN = {*"ABIKLQRUVabcdfghkpqrsvwxyz", "abs", "fun", "getattr", "isinstance", "len", "map", "math",
         "min", "np", "on_tensors", "print", "range", "result", "rng", "run_path", "scale", "size",
         "statistics", "sys", "tol", "torch", "tuple"}


def script_of(result, origin, tensors=False):
    """Return the script of a Result.

    Parameters
    ----------
    result : Result
    origin : (str, str)
        The line that brings the routine, and its name there: see `origin_of`.
    tensors : bool
        Whether the routine is called on tensors of torch.

    Returns
    -------
    str
        Five lines: imports, the routine, the arguments, the call, and what came of it.
    """
    case, (bring, name) = result.case, origin
    kind, text = case.kind, case.trial.text(case.dtype.name)
    beside = f"import {kind.imports}; " if kind.imports else ""
    first = f"{beside}import numpy as np; rng = np.random.default_rng({case.seed})"
    if case.dtype == "float32":
        for one in kind.rounded:
            text += f"; {one} = np.float32({one})"
    if tensors:
        bring += (f"; import torch; on_tensors = lambda *args: {name}(*(torch.from_numpy(one) "
                  "if isinstance(one, np.ndarray) else one for one in args))")
        name = "on_tensors"
    return "\n".join([first, bring, text, *_ending(result, name, text)])


def _ending(result, name, text):
    """Return the line that calls the routine, and the one that prints what came of it."""
    # What decided was a number, a changed argument, a format, memory, or what came back.
    kind = result.case.kind
    call, given = kind.call.replace("{f}", name), ", ".join(kind.arguments)
    if result.repeats:
        call = f"for _ in range({result.call}): {call}  # call {result.call} failed, after others"
    if result.label and result.verdict != "another road":
        *before, number = kind.shows[result.label].rsplit("; ", 1)
        shown = f'print("{result.label}:", {number}, "allowed:", {result.bound:.4g})'
        return call, "; ".join([*before, shown])
    if result.reason.startswith("changed its"):
        return (f"before = str([{given}]); {call}",
                f'print("changed:", before != str([{given}]))')
    once = f"{name}({given})"
    if result.later:
        # The same text draws other numbers the second time: the rng goes on.
        last = f"[{once} for _ in range({result.call})][-1]" if result.call > 1 else once
        return (f"result = {last}; before = str(result)",
                f"{text}; [{once} for _ in range({result.later})]; "
                'print("changed:", before != str(result))')
    call = f"result = {once}"
    if result.verdict == "another road":
        return call, ("print([np.asarray(one).dtype.name for one in (result if isinstance(result, "
                      f'tuple) else [result])], "not {result.case.dtype}")')
    shown = 'print(type(result).__name__, getattr(result, "shape", ""), result)'
    if result.case.trial.refuses:
        shown = 'print("smallest eigenvalue:", np.linalg.eigvalsh(A)[0], "result:", result)'
    return call, f"{shown}  # {result.reason}"


def origin_of(f, path=None):
    """Return the line that brings a routine into a script, and its name there.

    Parameters
    ----------
    f : callable
    path : str, optional
        ``FILE.py:FUNCTION`` or ``module:function``, as given at the command line.

    Examples
    --------
    >>> origin_of(None, "numpy.linalg:solve")
    ('from numpy.linalg import solve', 'solve')
    >>> origin_of(None, "/home/me/mine.py:x")[0]
    "import sys; sys.path.insert(0, '/home/me'); from mine import x as routine"
    """
    # Without a path, what the function says of itself; then a file or a module.
    if path is None:
        name = attempt(lambda: str(f.__name__), lambda problem: "")
        module = attempt(lambda: str(f.__module__), lambda problem: "")
        if not name.isidentifier():
            return "# routine is your function", "routine"
        if not re.fullmatch(r"[\w.]+", module) or module in ("__main__", "builtins", "None"):
            return f"# {name} is your function", name if name not in TAKEN else "routine"
        path = f"{_public(module, name, f)}:{name}"
    where, _, name = path.rpartition(":")
    new = name if name.isidentifier() and name not in TAKEN else "routine"
    top, *inner = name.split(".")
    rest = "".join(f".{part}" for part in inner)
    module, folder, file = where, home_of(where), None
    if where.endswith(".py"):
        file = Path(where).resolve()
        module, folder = file.stem, str(file.parent)
    there = f"import sys; sys.path.insert(0, {folder!r}); " if folder else ""
    if file and (not module.isidentifier() or module in sys.stdlib_module_names):
        bring = f"{there}from runpy import run_path; {new} = run_path({str(file)!r})"
        return f"{bring}[{top!r}]{rest}", new
    if inner:
        return f"{there}from {module} import {top}; {new} = {name}", new
    return f"{there}from {module} import {top}" + f" as {new}" * (new != top), new


def home_of(module):
    """Return the folder from which a module was imported; empty for what is installed.

    Examples
    --------
    >>> home_of("numpy.linalg"), home_of("math")
    ('', '')
    """
    top = module.partition(".")[0]
    file = attempt(lambda: Path(sys.modules[top].__file__).resolve(), lambda problem: None)
    installed = {"site-packages", "dist-packages"}
    if file is None or top in sys.stdlib_module_names or installed & set(file.parts):
        return ""
    return str(file.parent.parent if file.name == "__init__.py" else file.parent)


def _public(module, name, f):
    """Return the shortest package that gives a function of a module by its name."""
    parts = module.split(".")
    longer = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return next((one for one in longer if getattr(sys.modules.get(one), name, None) is f), module)
