"""Judge claims: a sentence with its numbers, and asserts that can fail.

A claim is a bold sentence in a `say-x` cell and the asserts of the `claim-x` cell after it. It is
honest when every number of the sentence occurs in the cell, and it has teeth when every assert
notices that something computed was wrong.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import ast
import copy
import math
import re
import sys
import time
import warnings
from fractions import Fraction
from numbers import Number

import numpy as np

from chapter import paths, read

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = re.compile(
    r"(?<![\w.\\])(?P<base>\d+(?:\.\d+)?)"
    r"(?:(?P<exponent>e[+-]?\d+)|\s*(?:\^|\*\*)\s*\(?\{?(?P<power>[-+]?\d+)\}?\)?)?"
    r"(?![.\d]*\d)")
SECONDS = 30
TIMES = re.compile(r"\s*×\s*(?=10\s*\^)")


def plain(text):
    """Return Markdown with its numbers in one spelling: no thin spaces, superscripts as powers."""
    text = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda found: "^" + found[1].translate(SUPERSCRIPTS), text)
    text = text.replace("−", "-").replace("{,}", "").replace("\\%", "%")
    text = re.sub(r"\\times|\\cdot", "×", text)
    text = re.sub(r"\{\}\^", "^", text)
    text = re.sub(r"(?<=\d)(?:\\,|\\ |[\u202f\u2009\u00a0 ,])(?=\d{3}(?!\d))", "", text)
    return re.sub(r"([A-Za-z)}|])\s*(\^|\*\*)\s*(\{[^}]*\}|\(?[-+]?\d+\)?)", r"\1", text)


def numbers(text):
    """Return the numbers that a text states, as sets of accepted values, by their spelling.

    Digits glued to a letter (float32, x_1, log1p) name things and are no numbers; neither are the
    exponents of symbols. 50 % may be checked as 50 or as 0.5, and signs are not compared.
    """
    text = re.sub(r"_\{[^}]*\}|_\d+", "", plain(text))
    found, factor, end = {}, None, -1
    for match in NUMBER.finditer(text):
        value = float(match["base"] + (match["exponent"] or ""))
        if match["power"]:
            value = value ** int(match["power"])
        if factor is not None and match.start() == end:
            spelling, value = f"{factor[0]}·{match[0]}", factor[1] * value
        else:
            spelling = match[0].strip()
        times = TIMES.match(text, match.end())
        if times:
            factor, end = (spelling, value), times.end()
            continue
        factor = None
        percent = re.match(r"\s*%", text[match.end():])
        found[spelling] = {value, value / 100} if percent else {value}
    return found


def literals(tree):
    """Return the numbers that code states, also in its strings and as 2**53."""
    values = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for accepted in numbers(node.value).values():
                values |= accepted
            values |= {float(text) for text in re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", node.value)}
        elif is_literal(node):
            try:
                values.add(abs(eval(compile(ast.Expression(node), "literal", "eval"), {})))
            except (ArithmeticError, TypeError):
                continue
    return values


def is_literal(node):
    """Return whether an expression is made of numbers alone, such as 1e-8 or -2**53."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float | complex)
    if isinstance(node, ast.UnaryOp):
        return is_literal(node.operand)
    return isinstance(node, ast.BinOp) and is_literal(node.left) and is_literal(node.right)


def unstated(sentence, tree):
    """Return the numbers of a sentence that the code of its claim cell does not state."""
    stated = literals(tree)
    return [spelling for spelling, accepted in numbers(sentence).items()
            if not any(math.isclose(value, known, rel_tol=1e-12)
                       for value in accepted for known in stated)]


def wrong_versions(value):
    """Return wrong versions of a value: nan, 1000 times, 1/1000, flipped; [] if it has none."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrong = [change(value, how) for how in (to_nan, scaled(1000), scaled(Fraction(1, 1000)))]
    return [other for other in wrong if other is not None]


def to_nan(x):
    """Return nan in place of a finite number and 1 in place of nan; None where no nan fits."""
    if isinstance(x, complex | np.complexfloating):
        return complex(math.nan, math.nan)
    return 1.0 if x != x else math.nan


def scaled(factor):
    """Return the function that multiplies a number by a factor, in the number's own type."""
    def scale(x):
        if isinstance(x, int | Fraction):
            product = x * Fraction(factor)
            return int(product) if product.denominator == 1 else float(product)
        return type(x)(x * type(x)(float(factor)))
    return scale


def change(value, how):
    """Return a value with each of its numbers changed, booleans flipped; None if it has none."""
    if isinstance(value, bool | np.bool_):
        return not value
    if isinstance(value, str):
        return value + "?"
    if isinstance(value, np.ndarray):
        return change_array(value, how)
    if isinstance(value, Number):
        return how(value)
    if isinstance(value, dict):
        new = {key: change(entry, how) for key, entry in value.items()}
        return None if all(entry is None for entry in new.values()) else new
    if isinstance(value, list | tuple | set):
        new = [change(entry, how) for entry in value]
        changed = [old if entry is None else entry for old, entry in zip(value, new, strict=True)]
        return None if all(entry is None for entry in new) else rebuilt(value, changed)
    return None


def rebuilt(value, entries):
    """Return a container like value (list, tuple, named tuple, set) with other entries."""
    return type(value)(*entries) if hasattr(value, "_fields") else type(value)(entries)


def change_array(x, how):
    """Return an array with all entries changed, in its own dtype where that can hold them."""
    if x.dtype == bool:
        return ~x
    if x.size == 0 or x.dtype.kind not in "iufcO":
        return None
    if x.dtype == object:
        new = [change(entry, how) for entry in x.ravel()]
        return np.array([old if entry is None else entry
                         for old, entry in zip(x.ravel(), new, strict=True)],
                        dtype=object).reshape(x.shape)
    if how is to_nan:
        dtype = float if x.dtype.kind in "iu" else x.dtype
        return np.where(np.isnan(x), 1.0, math.nan).astype(dtype)
    factor = float(how(1.0))
    return x * factor if x.dtype.kind in "iu" else (x * factor).astype(x.dtype)


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
    """Return the names that a cell sets to a number written out, or runs over a written range."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and is_literal(node.value):
            names |= {name.id for target in node.targets for name in ast.walk(target)
                      if isinstance(name, ast.Name)}
        if isinstance(node, ast.For) and is_written_range(node.iter):
            names |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        if isinstance(node, ast.comprehension):
            names |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
    return names


def is_written_range(node):
    """Return whether a loop runs over numbers written out, or over range(...)."""
    if isinstance(node, ast.List | ast.Tuple):
        return all(is_literal(entry) for entry in node.elts)
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range"


def toothless(source, namespace, written=()):
    """Return the asserts (parts joined by `and`) of a claim cell that no wrong value makes fail.

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
    failed = set()
    for name in sorted(names):
        for which in range(len(wrong_versions(namespace.get(name)))):
            failed |= failing(code, dict(namespace), name, which)
            if len(failed) == len(parts.tests):
                return []
    return [ast.unparse(test) for number, test in enumerate(parts.tests) if number not in failed]


def failing(code, namespace, name, which):
    """Return the numbers of the parts that fail when a name reads as its which-th wrong value."""
    failed = set()

    def read_changed(read_name, value):
        if read_name != name:
            return value
        wrong = wrong_versions(value)
        return wrong[which] if wrong else value

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
        return [] if expected else [f"{cell.id} raises {type(error).__name__}: {error}"]
    tree = ast.parse(cell.source)
    stored = {node.id for node in ast.walk(tree)
              if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    written.difference_update(stored)
    written.update(plainly_set(tree))
    if cell.step != "claim":
        return []
    return [f"{cell.id}: `assert {test}` passes whatever was computed. Compute the value into a "
            "name first (`gap = np.spacing(x)`, `same = a == b`), then assert what it must be, "
            "by equality or from above" for test in toothless(cell.source, shell.user_ns, written)]


def main(arguments):
    """Print the faults of the named notebooks' claims, or of all; return the exit status."""
    found = []
    for path in arguments or paths():
        found += [f"{path}: {fault}" for fault in faults(read(path))]
    print("\n".join(found) or "every claim has teeth")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
