"""Hard sums and textbook expressions are what they promise."""

import inspect
import json
import math
from fractions import Fraction

import numpy as np
import pytest

from lib.datasets import FOLDER
from lib.problems import cancelling_terms, hamming_expressions


@pytest.mark.parametrize("n, condition", [(6, 4), (7, 1e3), (7, 2.0**60), (50, 1e16), (51, 1e100),
                                          (300, 1e290)])
def test_cancelling_terms_have_the_wanted_condition_and_the_stated_sum(n, condition):
    for seed in range(10, 20):
        x, total = cancelling_terms(n, condition, np.random.default_rng(seed))
        exact = sum(map(Fraction, x.tolist()))
        assert x.shape == (n,) and total == float(exact) == math.fsum(x.tolist())
        assert 0.5 <= sum(abs(Fraction(v)) for v in x.tolist()) / abs(exact) / condition <= 2


def test_cancelling_terms_defeat_a_loop_at_the_reciprocal_of_u():
    x, total = cancelling_terms(100, 2.0**53 * 1e4, np.random.default_rng(11))
    naive = 0.0
    for term in x.tolist():
        naive += term
    assert abs(naive - total) > abs(total)


@pytest.mark.parametrize("n, condition", [(5, 10), (10, 1), (6, 1e30), (100, 1e300),
                                          (100, math.nan)])
def test_cancelling_terms_refuses_what_it_cannot_build(n, condition):
    with pytest.raises(ValueError, match=f"n = {n}"):
        cancelling_terms(n, condition, np.random.default_rng(3))


def test_all_28_hamming_expressions_are_there():
    expressions = hamming_expressions()
    assert len(expressions) == 28
    assert expressions["problem_3_3_3"].source == "1/(x + 1) - 2/x + 1/(x - 1)"
    assert expressions["p42_negative"].source == "(-b - sqrt(b*b - 4*(a*c)))/(2*a)"
    assert expressions["problem_3_4_6"].source == "(x + 1)**(1/n) - x**(1/n)"
    assert expressions["problem_3_3_3"].precondition == "x not in (0, 1, -1)"
    assert expressions["example_3_8"].precondition == "N > 0"


def prefix_value(node, values):
    """Evaluate an FPCore expression as written, in prefix form, without the infix translation."""
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
    """Read S-expressions by turning them into JSON: another way than the reader's."""
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
