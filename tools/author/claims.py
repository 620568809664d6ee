"""Judge claims: asserts that notice when what was computed is wrong.

A claim is a bold sentence in a `say-x` cell and the asserts of the `claim-x` cell after it. It has
teeth when every assert, and every part of one that stands between its `and`s, fails once some
computed name reads wrong: a zero as 1 or -1, a truth as its opposite, any other number as twice or
half of what it is where the part says what a value is (`==`, `a < x < b`, `abs(x - y) < z`), and
as 1000 times or 1/1000 of it where the part is a bound on one side. A part that only something
worse would break says so in a comment on its line, as in

    assert moved < 1e-6  # wide: what is left is the rounding of one sum

and is held to nan.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import ast
import copy
import io
import math
import re
import sys
import time
import tokenize
import warnings
from numbers import Number

import numpy as np

from chapter import asked, read
from numerals import is_literal

SECONDS = 30
WIDE = re.compile(r"#\s*wide:\s*\S+ \S+")


# Ways to be wrong: what becomes of a number, and of one that this would leave as it is.
TWOFOLD = ((lambda x: x * 2, 1), (lambda x: x / 2, -1))
FINITE = ((lambda x: x * 1000, 1), (lambda x: x / 1000, -1))
NAN = ((lambda x: math.nan, math.nan),)


def wrong_versions(value, ways):
    """Return a value with all its numbers wrong, in each of the ways; [] if it holds none."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [wrong for way in ways if (wrong := change(value, *way)) is not None]


def change(value, how, otherwise):
    """Return a value with each of its numbers changed, truths flipped; None if it has none."""
    if isinstance(value, bool | np.bool_):
        return not value
    if isinstance(value, str):
        return value + "?"
    if isinstance(value, np.ndarray) and value.dtype.kind in "iufc":
        stays = (value == 0) | ~np.isfinite(value)
        return np.where(stays, otherwise, how(value)) if value.size else None
    if isinstance(value, Number):
        return otherwise if value == 0 or not abs(value) < math.inf else how(value)
    if isinstance(value, np.ndarray):
        inside = change(value.tolist(), how, otherwise)
        return None if inside is None else np.array(inside)
    if isinstance(value, dict):
        inside = change(list(value.values()), how, otherwise)
        return None if inside is None else dict(zip(value, inside, strict=True))
    if isinstance(value, list | tuple | set):
        inside = [change(entry, how, otherwise) for entry in value]
        if all(entry is None for entry in inside):
            return None
        make = getattr(value, "_make", type(value))
        return make(old if new is None else new for old, new in zip(value, inside, strict=True))
    return None


class Parts(ast.NodeTransformer):
    """Turn each assert into calls of __part__, one for each operand of its outermost `and`."""

    def __init__(self):
        self.tests = []

    def visit_Assert(self, node):
        operands = [node.test]
        while any(is_and(operand) for operand in operands):
            operands = [part for operand in operands
                        for part in (operand.values if is_and(operand) else [operand])]
        return [self.call(operand, node) for operand in operands]

    def call(self, test, node):
        self.tests.append(test)
        watched = Watched().visit(copy.deepcopy(test))
        thunk = ast.Lambda(ast.arguments([], [], None, [], [], None, []), watched)
        call = ast.Call(ast.Name("__part__", ast.Load()),
                        [ast.Constant(len(self.tests) - 1), thunk], [])
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


class Watched(ast.NodeTransformer):
    """Turn each name that is read into a call of __read__, which may change what is read."""

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load):
            return node
        return ast.Call(ast.Name("__read__", ast.Load()), [ast.Constant(node.id), node], [])


def is_and(node):
    return isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And)


def plainly_set(tree):
    """Return the names that a cell sets to numbers written out only, or runs over a range."""
    names, computed = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            plain = isinstance(node, ast.Assign) and is_literal(node.value)
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            (names if plain else computed).update(stored_names(targets))
        if isinstance(node, ast.For) and is_written_range(node.iter):
            names |= stored_names([node.target])
        if isinstance(node, ast.comprehension):
            names |= stored_names([node.target])
    return names - computed


def stored_names(targets):
    """Return the names in some targets of assignments."""
    return {name.id for target in targets for name in ast.walk(target)
            if isinstance(name, ast.Name)}


def is_written_range(node):
    """Return whether a loop runs over numbers written out, or over range(...)."""
    if isinstance(node, ast.List | ast.Tuple):
        return all(is_literal(entry) for entry in node.elts)
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range"


def says_value(test):
    """Return whether a part says what a value is, rather than bound it on one side."""
    if not isinstance(test, ast.Compare):
        return False
    sides = (test.left, *test.comparators)
    near = any(isinstance(side, ast.Call) and ast.unparse(side.func) in ("abs", "np.abs")
               and isinstance(side.args[0], ast.BinOp) for side in sides)
    return near or len(test.ops) > 1 or isinstance(test.ops[0], ast.Eq | ast.NotEq)


def toothless(source, namespace, written=()):
    """Return the asserts (parts joined by `and`) of a claim cell that wrong values do not break.

    The namespace is the one after the cell ran; `written` names values that nothing computed.
    """
    tree = ast.parse(source)
    parts = Parts()
    statements = [statement for statement in tree.body
                  if any(isinstance(node, ast.Assert) for node in ast.walk(statement))]
    instrumented = [parts.visit(statement) for statement in statements]
    body = [node for entry in instrumented
            for node in (entry if isinstance(entry, list) else [entry])]
    code = compile(ast.Module(body, []), "claim", "exec")
    names = {node.id for test in parts.tests for node in ast.walk(test)
             if isinstance(node, ast.Name)} - plainly_set(tree) - set(written)
    twofold, finite, any_teeth = (broken(code, namespace, names, ways)
                                  for ways in (TWOFOLD, FINITE, NAN))
    wide = wide_lines(source)
    return [ast.unparse(test) for number, test in enumerate(parts.tests)
            if number not in (any_teeth if test.end_lineno in wide else
                              twofold if says_value(test) else finite)]


def wide_lines(source):
    """Return the numbers of the lines whose comment says why an assert is wide."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0] for token in tokens
            if token.type == tokenize.COMMENT and WIDE.match(token.string)}


def broken(code, namespace, names, ways):
    """Return the numbers of the parts that fail when some name reads as one of its wrong values."""
    failed = set()
    for name in sorted(names):
        for which in range(len(wrong_versions(namespace.get(name), ways))):
            failed |= failing(code, dict(namespace), name, ways[which:which + 1])
    return failed


def failing(code, namespace, name, ways):
    """Return the numbers of the parts that fail when a name reads as wrong in one way."""
    failed = set()

    def read_changed(read_name, value):
        wrong = wrong_versions(value, ways) if read_name == name else []
        return wrong[0] if wrong else value

    def part(number, test):
        try:
            passed = bool(test())
        except Exception:
            passed = False
        if not passed:
            failed.add(number)

    namespace.update(__read__=read_changed, __part__=part)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        exec(code, namespace)
    return failed


def strict_sum(values, /, start=0):
    """Add exact numbers only: Python 3.12 made sum() of floats another algorithm."""
    values = list(values)
    if any(isinstance(value, float | np.inexact) for value in values):
        raise TypeError("sum() of floats differs between Python versions: use math.fsum, "
                        "lib.numbers.naive_sum or np.sum, whichever the sentence means")
    return sum(values, start)


def faults(chapter):
    """Run a chapter in this process; return what is wrong with its claims, one sentence each."""
    import matplotlib
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    matplotlib.use("agg")
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    shell.push({"sum": strict_sum})
    shell.extension_manager.load_extension("witness")  # a failed assert says its values
    found, written, started = [], set(), time.process_time()
    for cell in chapter.cells:
        if cell.kind == "code":
            with capture_output():
                found += faults_of_cell(shell, cell, written)
            if found and " raises " in found[-1]:
                break  # What follows would raise for want of this cell.
    InteractiveShell.clear_instance()
    seconds = time.process_time() - started
    if seconds > SECONDS:
        found.append(f"the chapter takes {seconds:.0f} CPU seconds; its budget is {SECONDS}")
    return found


def faults_of_cell(shell, cell, written):
    """Run one cell; return its faults; keep `written`, the names set to plain numbers."""
    result = shell.run_cell(cell.source, silent=False, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        expected = "raises-exception" in cell.tags
        return [] if expected else [f"{cell.id} raises {type(error).__name__}: {error}".strip()]
    return judged(cell, written,
                  lambda source, written: toothless(source, shell.user_ns, written))


def judged(cell, written, toothless_in):
    """Return the faults of a cell that ran, given toothless(source, written) in its namespace."""
    tree = ast.parse(cell.source)
    stored = {node.id for node in ast.walk(tree)
              if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    written.difference_update(stored)
    written.update(plainly_set(tree))
    if cell.step != "claim":
        return []
    return [f"{cell.id}: `assert {test}` passes though what was computed is wrong by a factor of "
            "2, or 1000 for a bound on one side. Compute the value into a name first "
            "(`gap = np.spacing(x)`, `same = a == b`), then assert what it must be, by equality or "
            "from both sides; where a wide bound is meant, say why on its line: `# wide: ...`"
            for test in toothless_in(cell.source, written)]


def main(arguments):
    """Print the faults of the named notebooks' claims, or of all; return the exit status."""
    found = []
    for path in asked(__doc__, arguments):
        found += [f"{path}: {fault}" for fault in faults(read(path))]
    print("\n".join(found) or "every claim has teeth")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
