"""Gradients are compared with those in closed form."""

import numpy as np
import pytest

from lib.grade.certify import KINDS, certify
from lib.grade.certify.kinds import Case
from lib.grade.certify.slopes import measure_gradient
from tests.grade.certified import forward
from tests.grade.certified_right import central

KIND = KINDS["gradient"]


@pytest.mark.parametrize("trial", KIND.trials, ids=[trial.name for trial in KIND.trials])
def test_the_gradients_are_right_by_complex_steps(trial):
    case = Case(KIND, trial, [81, 0], "float64")
    x, g = case["x"], []
    for i in range(x.size):
        z = x.astype(complex)
        z[i] += 1e-30j
        g.append(case["fun"](z).imag / 1e-30)
    assert np.allclose(g, case["g"], rtol=1e-14, atol=0)
    number, bound = measure_gradient(np.array(g), case)["error"]
    assert number <= 2.0**-50 and bound == 10 * 2.0**-26.5


def test_an_error_counts_in_units_of_gradient_and_function():
    case = Case(KIND, KIND.trials[1], [82, 0], "float64")
    x = float(case["x"][0])
    number, _ = measure_gradient(np.array([3 * x**2 + 1e-3]), case)["error"]
    assert number == pytest.approx(1e-3 / (4 * x**2), rel=1e-9, abs=0)


def test_a_step_in_units_of_the_variable_passes_and_a_fixed_one_does_not():
    def scaled(fun, x):
        steps = np.sqrt(np.finfo(x.dtype).eps) * np.where(x == 0, 1, abs(x)).astype(x.dtype)
        return np.array([(fun(x + step) - fun(x)) / step[i]
                         for i, step in enumerate(np.diag(steps))], x.dtype)

    for dtype in ("float64", "float32"):
        assert certify(scaled, "gradient", seed=83, dtype=dtype).passed
    bad = [case.name for case in certify(forward, "gradient", seed=83).cases
           if case.verdict != "stable"]
    assert {"variables near 1e9", "variables near 1e-9", "unequal units"} <= set(bad)
    assert "a polynomial" not in bad


def test_a_gradient_of_the_first_two_variables_is_none():
    def short(fun, x):
        g = central(fun, x)
        g[2:] = 0
        return g

    found = certify(short, "gradient", seed=84)
    assert [case.name for case in found.cases if case.verdict != "stable"] == ["n = 5"]
    assert "leave variables out" in found.fault and certify(central, "gradient", seed=84).passed


def test_a_step_that_vanishes_is_told_so():
    assert "may vanish" in certify(forward, "gradient", seed=84, dtype="float32").fault


@pytest.mark.parametrize("trial", KIND.trials, ids=[trial.name for trial in KIND.trials])
def test_no_function_tells_its_gradient(trial):
    assert set(Case(KIND, trial, [81, 0], "float64")["fun"].__globals__) <= {"__builtins__"}
