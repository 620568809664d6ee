"""What all searches share: results that speak, calls that are counted, an estimate of the error."""

import math
from fractions import Fraction

import numpy as np
import pytest

from lib.calculus import RootResult
from lib.calculus.roots import CountedFunction, estimated_error, finite_number, quotient, tolerance


@pytest.mark.parametrize("q", [0.5, 2 / 3, 0.9, 0.99])
def test_the_estimate_is_the_sum_of_the_steps_to_come(q):
    step = 1e-3
    rest = sum(step * q**k for k in range(1, 10000))
    assert estimated_error(step, step / q) == pytest.approx(rest, rel=1e-9, abs=0)


def test_of_fast_steps_the_last_one_is_the_estimate():
    assert estimated_error(1e-8, 1e-4) == 1e-8
    assert estimated_error(1e-3, math.inf) == math.inf  # one step tells nothing
    assert estimated_error(0.0, math.inf) == 0
    assert estimated_error(1e-16, 1e-16) == pytest.approx(1e-15, rel=1e-9, abs=0)
    assert estimated_error(math.nan, 1.0) != estimated_error(math.nan, 1.0)


def test_a_function_is_given_numpy_floats_and_counted():
    seen = []
    f = CountedFunction(lambda x: seen.append(x) or 1 / x, "f")
    assert f(0.0) == math.inf and f(4.0) == 0.25
    assert f.calls == 2 and all(isinstance(x, np.float64) for x in seen)


def test_a_value_that_arithmetic_refuses_is_nan():
    assert math.isnan(CountedFunction(lambda x: 1 / float(x), "f")(0.0))
    assert math.isnan(CountedFunction(lambda x: math.exp(float(x)), "f")(1e4))


@pytest.mark.parametrize("value", [np.float32(0.5), Fraction(1, 2), np.array(0.5)])
def test_any_real_number_is_a_value(value):
    found = CountedFunction(lambda x: value, "f")(1.0)
    assert isinstance(found, float) and found == 0.5


@pytest.mark.parametrize("value", [None, 1j, "1", [1.0], np.ones(1), np.ma.masked])
def test_what_is_no_number_is_refused_with_its_place(value):
    with pytest.raises(TypeError, match=r"^f\(1\.5\)"):
        CountedFunction(lambda x: value, "f")(1.5)


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_, np.array(False)])
def test_a_truth_value_is_no_sign(value):
    # As a number False is 0, and a search would end with a root at once.
    with pytest.raises(TypeError, match=r"^f\(1\.5\) is a truth value, (Tru|Fals)e: give a number"):
        CountedFunction(lambda x: value, "f")(1.5)


def test_an_exception_of_another_kind_is_that_of_the_caller():
    with pytest.raises(KeyError):
        CountedFunction(lambda x: {}["missing"], "f")(1.0)


def test_arguments():
    assert finite_number(3, "a") == 3.0 and tolerance(0) == 0.0
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="a = "):
            finite_number(bad, "a")
    with pytest.raises(ValueError, match=r"tol = -1\.0: a distance"):
        tolerance(-1)


def test_a_quotient_has_a_value_or_says_that_it_has_none():
    assert quotient(1.0, 0.0) == math.inf == -quotient(-1.0, 0.0)
    assert math.isnan(quotient(0.0, 0.0)) and quotient(1e300, 1e-300) == math.inf


def test_a_result_says_whether_it_is_one():
    found = RootResult(1.0, 0.5, 1, 0, True, "bracket", "as asked", np.array([1.0]))
    assert repr(found) == "root 1 after 1 evaluation: as asked"
    lost = RootResult(np.ones(2), math.inf, 3, 3, False, "singular", "no way", np.ones((1, 2)))
    assert repr(lost) == "not converged (singular) after 3 evaluations, at [1. 1.]: no way"
