"""Move the lines of a short traced function by chance, so that no line number can be learnt.

A factor of two further arguments multiplies the result: three more lines, which round, and whose
rounding is never amplified. They and the lines of the function come in any order that computes
the same.
"""

import ast
import hashlib
import inspect
import linecache
import textwrap

import numpy as np

FACTOR = ("unit = p / 3", "share = q / 7", "scale = unit * share")  # names that no bank uses


def names(node, kind):
    """Return the names that a statement reads (ast.Load) or sets (ast.Store)."""
    return {one.id for one in ast.walk(node)
            if isinstance(one, ast.Name) and isinstance(one.ctx, kind)}


def statements(tree):
    """Return the assignments of a function, and its new last line."""
    *body, last = [one for one in tree.body if not isinstance(one, ast.Expr)]
    value = last.value
    if not isinstance(value, ast.Name):
        body.append(ast.parse(f"unscaled = {ast.unparse(value)}").body[0])
        value = ast.Name("unscaled", ast.Load())
    return body, f"return {value.id} * scale"


def ordered(rng, body):
    """Return statements in a drawn order in which each name is set before it is read."""
    ours, done, rest = {name for one in body for name in names(one, ast.Store)}, set(), list(body)
    result = []
    while rest:
        ready = [one for one in rest if names(one, ast.Load) & ours <= done]
        taken = rng.choice(ready)
        rest.remove(taken)
        result.append(taken)
        done |= names(taken, ast.Store)
    return result


def mixed(rng, body, more):
    """Return two lists in one, each in its order, all ways equally likely."""
    first = set(rng.sample(range(len(body) + len(more)), len(body)))
    ours, theirs = iter(body), iter(more)
    return [next(ours if at in first else theirs) for at in range(len(body) + len(more))]


def dressed(rng, function):
    """Return the function with two more arguments, p and q, and its lines in a drawn order.

    Parameters
    ----------
    rng : random.Random
    function : function
        One assignment a line, each name set once, and a return, as those of `bank.traced`.

    Returns
    -------
    function
        Its result is that of the given one, times p q / 21.

    Examples
    --------
    >>> import random
    >>> from homework.exams.bank.traced import gained
    >>> dressed(random.Random(7), gained)(8.0, 0.5, 6.0, 7.0)
    1.0
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    body, last = statements(tree)
    factor = ast.parse("\n".join(FACTOR)).body
    moved = mixed(rng, ordered(rng, body), ordered(rng, factor))
    given = ", ".join([*(one.arg for one in tree.args.args), "p", "q"])
    lines = [f"def {tree.name}({given}):",
             *(f"    {ast.unparse(one)}" for one in moved), f"    {last}"]
    text = "\n".join(lines) + "\n"
    file = f"<{tree.name} {hashlib.sha256(text.encode()).hexdigest()[:12]}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    made = {"np": np, "__name__": function.__module__}
    exec(compile(text, file, "exec"), made)
    return made[tree.name]
