"""Say what a line of code does: its value, what it warns of, or what it raises.

The page "In a browser" has a table of such lines. The same function runs them on a machine and on
WebAssembly, so this module needs nothing but what the lines use.
"""

import ast
import importlib.util
import math
import subprocess
import sys
import threading
import warnings

import numpy as np
import scipy.linalg

NAMES = {"np": np, "scipy": scipy, "math": math, "sys": sys, "threading": threading,
         "subprocess": subprocess, "importlib": importlib}


def said(code):
    """Return in a line what some code does: the value of its last expression, or an exception.

    >>> said("np.seterr(all='ignore'); np.exp(1000)")
    'inf'
    >>> said("np.linalg.inv(np.zeros((2, 2)))")
    'LinAlgError'
    """
    names = dict(NAMES)
    body = ast.parse(code).body
    last = ast.Expression(body.pop().value)
    with warnings.catch_warnings(record=True) as seen, np.errstate():
        warnings.simplefilter("always")
        try:
            exec(compile(ast.Module(body, []), "<fact>", "exec"), names)
            value = eval(compile(last, "<fact>", "eval"), names)
        except Exception as error:
            return type(error).__name__
    shown = " ".join(str(value).split())
    return f"{shown}, warns" if any(one.category is RuntimeWarning for one in seen) else shown


def all_said(codes):
    """Return what each of several lines does."""
    return [said(code) for code in codes]


def rows(page):
    """Return the rows of the table in the text of a page: (code, on a machine, in a browser).

    >>> rows("| `1 + 1` | 2 | `2` |")
    [('1 + 1', '2', '2')]
    """
    found = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) == 3 and cells[0].startswith("`"):
            found.append(tuple(cell.strip("`") for cell in cells))
    return found
