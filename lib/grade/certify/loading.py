"""Bring the routine that a command names, or refuse the command with a sentence."""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

from lib.grade.certify.limits import Guard, OutOfTime, watched

PATIENCE = 60.0  # seconds that an import may take: large packages need some


class Misuse(Exception):  # noqa: N818 - what is said to the caller, who made it
    """A command that cannot be carried out, and why."""


def loaded(target, seconds=PATIENCE):
    """Return the routine that FILE.py:FUNCTION or module:function names, or raise Misuse.

    Examples
    --------
    >>> loaded("math:fsum")([0.5, 0.25])
    0.75
    """
    where, colon, name = target.rpartition(":")
    if not colon or not where or not name:
        raise Misuse(f"{target!r} names no routine: give FILE.py:FUNCTION or module:function")
    found = module_of(where, seconds)
    for part in name.split("."):
        if not hasattr(found, part):
            raise Misuse(f"{where} has no {name}: {close(found)}")
        found = getattr(found, part)
    if not callable(found):
        raise Misuse(f"{target} is of type {type(found).__name__}, and no function")
    return found


def module_of(where, seconds=PATIENCE):
    """Return a module, of a file or by its name; what it prints goes to the errors.

    It sees a command line of its own name alone, and nobody answers what it asks.
    """
    if where.endswith(".py") and not Path(where).is_file():
        raise Misuse(f"there is no file {where}")
    # Whatever the file does when it is imported, the command line and the input come back.
    guard, before = Guard(seconds, seconds), (sys.argv, sys.stdin)
    try:
        with open(os.devnull, encoding="utf-8") as nothing, guard.around(sys.stderr):
            sys.argv, sys.stdin = [where], nothing
            module = watched(_imported)(where)
    except (Exception, SystemExit, OutOfTime) as problem:
        if not guard.late:
            raise Misuse(f"{where} cannot be imported: {type(problem).__name__}: {problem}"
                         f"{_remedy(where, problem)}") from None
    finally:
        sys.argv, sys.stdin = before
    if guard.late:
        raise Misuse(f"{where} cannot be imported within {seconds:g} s: let it define functions, "
                     'and run nothing but under if __name__ == "__main__":')
    return module


def _imported(where):
    """Return the module of a file or of a name, imported."""
    path = Path(where).resolve()
    if not where.endswith(".py"):
        return importlib.import_module(where)
    sys.path.insert(0, str(path.parent))  # for what the file imports
    spec = importlib.util.spec_from_file_location(f"file_{path.stem}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _remedy(where, problem):
    """Return what to do about an import that failed; empty where nobody knows."""
    if "relative import" in str(problem) and where.endswith(".py"):
        return ": the file is part of a package, so name it as package.module:function"
    if isinstance(problem, EOFError):
        return ": nobody answers here, so let it ask nothing when it is imported"
    return ""


def close(module):
    """Return which functions a module has, a dozen at most."""
    names = [name for name in vars(module) if not name.startswith("_")
             and callable(getattr(module, name))] if hasattr(module, "__dict__") else []
    return f"it has {', '.join(names[:12])}" if names else "it has no functions"
