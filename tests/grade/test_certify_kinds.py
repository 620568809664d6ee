"""A trial is text that makes the same arguments wherever it runs."""

import ast

import numpy as np
import pytest

from lib.grade.certify import KINDS
from lib.grade.certify.kinds import Case, Trial

TRIALS = [(kind, number) for kind in KINDS.values() for number in range(len(kind.trials))]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("kind, number", TRIALS,
                         ids=[f"{kind.name}-{number}" for kind, number in TRIALS])
def test_each_trial_is_one_line_and_draws_the_same_from_a_seed(kind, number, dtype):
    trial = kind.trials[number]
    text = trial.text(dtype)
    assert "\n" not in text and ast.parse(text)
    assert not {"u", "top"} & {node.id for node in ast.walk(ast.parse(text))
                               if isinstance(node, ast.Name)}
    one, same, other = (Case(kind, trial, [seed, number], dtype) for seed in (77, 77, 78))
    for name in kind.rounded:
        given = one.args[kind.arguments.index(name)]
        assert given.dtype == dtype and not np.isnan(given).any()
        assert np.array_equal(given, same.args[kind.arguments.index(name)])
        assert np.array_equal(one[name], given)
    if "rng" in text and "Läuchli" not in trial.name and kind.name not in ("quadrature",):
        assert repr(one.args) != repr(other.args)


def test_the_smallest_and_the_largest_problems_are_there():
    for kind in KINDS.values():
        names = {trial.name for trial in kind.trials}
        assert "n = 1" in names or kind.name in ("variance", "quadrature")
        assert len(names) == len(kind.trials)


def test_constants_are_those_of_the_format():
    for dtype, u, top in (("float64", 2.0**-53, 2.0**1023), ("float32", 2.0**-24, 2.0**127)):
        values = {}
        exec(Trial("", "a = u; b = u**0.5; c = top; d = top**-0.5", "").text(dtype), values)
        assert (values["a"], values["b"], values["c"], values["d"]) == (u, u**0.5, top, top**-0.5)
