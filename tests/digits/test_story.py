"""Lines and marks: what is put down to which statement."""

import dataclasses
import math

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from lib.digits import trace


def test_a_line_inside_a_comprehension_belongs_to_its_statement():
    def f(xs):
        ys = [
            x * x
            for x in xs
        ]
        total = sum(
            y / 3
            for y in ys if y > 0
        )
        return {k: total
                * k for k in (1.0, 2.0)}

    result = trace(f, [0.1, 0.2, 0.3])
    first = f.__code__.co_firstlineno
    assert [line.number - first for line in result.lines] == [1, 5, 9]
    assert [line.runs for line in result.lines] == [3, 3, 2]
    assert result.lines[0].source == "ys = [\n    x * x\n    for x in xs\n]"


def test_a_header_is_not_its_body():
    def f(x):
        for _ in range(2):
            if x * 2 > (
                1
            ):
                x = x / 3
            elif x > 5:
                x = 1
        with np.errstate(all="ignore"):
            while x < 0: x = x + 1  # noqa: E701
        return x

    result = trace(f, 1.0)
    first = f.__code__.co_firstlineno
    assert [line.number - first for line in result.lines] == [2, 5, 6, 9]
    assert result.lines[0].source == "if x * 2 > (\n    1\n):"
    assert [line.runs for line in result.lines] == [2, 1, 1, 1]


def test_called_functions_follow_the_caller_and_give_it_their_digits():
    def helper(x):
        return 1 - math.cos(x)

    def f(x):
        y = helper(x)
        return y / 2

    result = trace(f, 1e-5)
    assert [line.source for line in result.lines] == ["y = helper(x)", "return y / 2",
                                                      "return 1 - math.cos(x)"]
    assert result.lines[0].digits == result.lines[2].digits < 8
    assert result.lines[0].loss == 0


def test_functions_of_a_notebook_cell_are_read():
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    shell.run_cell("import math\ndef f(x):\n    '''Doc.'''\n    return 1 - math.cos(x)")
    result = trace(shell.user_ns["f"], 1e-5)
    assert [line[:2] for line in map(dataclasses.astuple, result.lines)] == [
        (4, "return 1 - math.cos(x)")]
    assert "Doc" not in repr(result) and "def f(x):" in repr(result)


def test_functions_without_source_are_followed():
    names = {}
    exec("import math\ndef f(x):\n    return 1 - math.cos(x)", names)
    result = trace(names["f"], 1e-5)
    assert result.digits < 8 and result.shows == (3, "subtraction", "", result.shows.amplification)
    assert "(source not found)" in repr(result)
