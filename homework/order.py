"""Say at which places of a notebook an answer is judged, as its cells run from top to bottom.

First where its visible check stands: what a student then saw to pass is not lost to a loop below
that takes the same name. Where a cell of the student's own defines the function again further down,
below that: the last version counts, right or wrong; what another answer defines is its own. Where
a cell still further down gives what the answer needs another meaning, a second time there, and no
third: an import that came late counts as well.
"""

import ast
import functools
import re

from homework import Trouble
from homework.problems import judge_of
from homework.transplant import is_check

END = 10**9  # a place below all cells
LONG = 5_000  # letters of a cell that is parsed
SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def first(problem, cells, sources):
    """Return the place at which an answer is judged first.

    It is its visible check, or its graded cell, or what follows the last definition below.

    Parameters
    ----------
    problem : Problem
    cells : list of Cell
    sources : dict of int to str
        The code cells that run, by their place.
    """
    graded = [cell.grade_id for cell in cells].index(problem.grade_id)
    check = max((n for n, cell in enumerate(cells[:graded]) if shows(cell, problem)),
                default=graded)
    below = [n + 1 for n, source in sources.items()
             if n > check and not cells[n].is_answer and defines(problem.name, source)]
    return max([check, *below])


def defines(name, source):
    r"""Return whether a cell has a function or class of a name at its top level.

    Examples
    --------
    >>> defines("f", "def f(x):\n    return x"), defines("f", "f = 0.0"), defines("f", "def f(")
    (True, False, False)
    """
    if len(source) > LONG or not re.search(rf"(?m)^(?:async +)?(?:def|class) +{name}\b", source):
        return False
    try:
        return any(getattr(node, "name", "") == name for node in ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def later(problem, cells, sources):
    """Return the place further down at which the same answer may do otherwise, or None.

    Parameters
    ----------
    problem : Problem
    cells : list of Cell
    sources : dict of int to str
        The code cells that run, by their place.
    """
    start = first(problem, cells, sources)
    needed = needs(problem.name, sources) | {"*"}
    for place in (END, [cell.grade_id for cell in cells].index(problem.grade_id)):
        between = [n for n in sources if start <= n < place]
        if not replaced(problem.name, between, sources) and any(
                needed & changed(n, sources) for n in between):
            return place
    return None


def replaced(name, places, sources):
    """Return whether a cell at one of the places gives a name another meaning."""
    return any(name in set().union(*bound(sources[n])) for n in places)


def shows(cell, problem):
    """Return whether a cell is the visible check of a problem."""
    try:
        return is_check(cell) and judge_of(cell) == (problem.name, problem.check)
    except Trouble:
        return False


def needs(name, sources):
    """Return the words of the cells on which a name depends.

    Examples
    --------
    >>> sorted(needs("f", {0: "c = 2", 1: "def f(x): return c * x", 2: "d = 1"}))
    ['c', 'def', 'f', 'return', 'x']
    """
    words, size = {name}, 0
    while len(words) > size:
        size = len(words)
        for source in sources.values():
            if words & set().union(*bound(source)):
                words |= words_of(source)
    return words


def changed(place, sources):
    """Return the names to which a cell may give another meaning; an import again gives none."""
    made, imported = bound(sources[place])
    return made | imported - set().union(*(bound(sources[n])[1] for n in sources if n < place))


@functools.lru_cache(300)
def words_of(source):
    """Return the words of a text that may be names."""
    return frozenset(re.findall(r"[^\W\d]\w*", source))


@functools.lru_cache(300)
def bound(source):
    r"""Return the names that a cell defines at its top level, and those that it imports.

    What cannot be parsed is taken to define each of its words; so are a long cell and a line of
    IPython's.

    Examples
    --------
    >>> [sorted(names) for names in bound("import numpy as np\nfor k in [3]: f(k)\n%time z = 3")]
    [['k', 'time', 'z'], ['np']]
    """
    made, imported = set(words_of(" ".join(re.findall(r"(?m)^[ \t]*%.*", source)))), set()
    python = re.sub(r"(?m)^([ \t]*)[%!].*", r"\1pass", source)
    if len(source) > LONG:
        return words_of(source), set()
    try:
        waiting = [ast.parse(re.sub(r"=[ \t]*[%!].*", "= 0", python))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return words_of(source), set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            made.add(node.id)
        elif isinstance(node, ast.Global):
            made.update(node.names)
        elif isinstance(node, ast.alias):
            imported.add(node.asname or node.name.partition(".")[0])
        if isinstance(node, SCOPES):
            made.add(getattr(node, "name", ""))
            waiting += [part for part in ast.walk(node) if isinstance(part, ast.Global)]
        else:
            waiting += ast.iter_child_nodes(node)
    return made, imported
