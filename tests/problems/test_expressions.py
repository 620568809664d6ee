"""Textbook expressions are those of the benchmark, and can be traced."""

import inspect
import itertools
import json
import math
import operator

from lib.problems import hamming_expressions
from lib.problems.datasets import FOLDER


def test_all_28_hamming_expressions_are_there():
    expressions = hamming_expressions()
    assert len(expressions) == 28
    assert expressions["problem_3_3_3"].source == "1/(x + 1) - 2/x + 1/(x - 1)"
    assert expressions["p42_negative"].source == "(-b - sqrt(b*b - 4*(a*c)))/(2*a)"
    assert expressions["problem_3_4_6"].source == "(x + 1)**(1/n) - x**(1/n)"
    assert expressions["problem_3_3_3"].precondition == "x not in (0, 1, -1)"
    assert expressions["example_3_8"].precondition == "N > 0"


def prefix_value(node, values):
    """Evaluate an FPCore expression as written, in prefix form, without Python's grammar."""
    if isinstance(node, str):
        return values[node] if node in values else float(node)
    name, *operands = node
    x = [prefix_value(operand, values) for operand in operands]
    arithmetic = {"+": lambda a, b: a + b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
                  "-": lambda a, b=None: -a if b is None else a - b, "pow": lambda a, b: a**b}
    return arithmetic.get(name, getattr(math, name, None))(*x)


def test_the_functions_compute_what_the_benchmark_states():
    text = (FOLDER / "fpcore" / "fpbench-hamming-ch3.fpcore").read_text()
    cores = json_like(text)
    for (key, expression), core in zip(hamming_expressions().items(), cores, strict=True):
        values = dict(zip(expression.arguments, (0.25, 0.75, -0.125), strict=False))
        assert eval(expression.precondition, {}, dict(values)), key
        assert expression.function(*values.values()) == prefix_value(core[-1], values), key


def json_like(text):
    """Read S-expressions by turning them into JSON: brackets for parentheses."""
    text = "\n".join(line.partition(";")[0] for line in text.splitlines())
    for mark in "()":
        text = text.replace(mark, f" {mark} ")
    words, inside = [], False
    for piece in text.split('"'):
        words += [f'"{piece}"'] if inside else [
            word if word in "()" else json.dumps(word) for word in piece.split()]
        inside = not inside
    joined = ",".join(words).replace("(,", "[").replace(",)", "]").replace("(", "[")
    return json.loads("[" + joined.replace(")", "]") + "]")


def test_the_source_of_an_expression_can_be_read_hence_traced():
    function = hamming_expressions()["problem_3_4_1"].function
    assert inspect.getsource(function).endswith("return (1 - cos(x))/(x*x)\n")


def test_preconditions_are_those_of_the_benchmark():
    text = (FOLDER / "fpcore" / "fpbench-hamming-ch3.fpcore").read_text()
    for (key, expression), core in zip(hamming_expressions().items(), json_like(text), strict=True):
        stated = core[core.index(":pre") + 1] if ":pre" in core else None
        for value in (-1.0, -0.5, 0.0, 0.25, 1.0, 3.0):
            values = dict(zip(expression.arguments, (value, 0.75, 1 - value), strict=False))
            wanted = stated is None or bool(condition_value(stated, values))
            assert eval(expression.precondition, {}, dict(values)) == wanted, (key, value)


def condition_value(node, values):
    """Evaluate a precondition; comparisons chain, and != compares with the first operand."""
    name, *operands = node
    if name == "and":
        return all(condition_value(operand, values) for operand in operands)
    x = [prefix_value(operand, values) for operand in operands]
    pairs = [(x[0], y) for y in x[1:]] if name == "!=" else list(itertools.pairwise(x))
    compare = {"<": operator.lt, ">": operator.gt, ">=": operator.ge, "!=": operator.ne}[name]
    return all(compare(a, b) for a, b in pairs)
