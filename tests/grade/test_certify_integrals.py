"""Rules for integrals are compared with values in closed form."""

import mpmath
import numpy as np
import pytest
import scipy.integrate

from lib import calculus
from lib.grade.certify import KINDS, certify
from lib.grade.certify.integrals import measure_integral, read_integral
from lib.grade.certify.kinds import Case

KIND = KINDS["quadrature"]


@pytest.mark.parametrize("trial", KIND.trials, ids=[trial.name for trial in KIND.trials])
def test_the_values_are_right(trial):
    case = Case(KIND, trial, [71, 0], "float64")
    unit = float(case["size"]) or 1.0  # the precision that mpmath aims at is absolute
    rule = [float(x) for x in np.linspace(case["a"], case["b"], 201)]
    with mpmath.workdps(20):
        exact = mpmath.quad(lambda x: mpmath.mpf(float(case["fun"](float(x)) / unit)), rule)
    assert float(exact) == pytest.approx(float(case["I"]) / unit, rel=1e-8, abs=1e-14)
    found = case["fun"](np.linspace(case["a"], case["b"], 5))
    assert np.shape(found) == (5,) and np.isfinite(found).all()


@pytest.mark.parametrize("value", [1.5, (1.5, 1e-9), np.float64(1.5), 1, np.array(1.5)])
def test_a_result_is_read_in_every_form(value):
    case = Case(KIND, KIND.trials[0], [72, 0], "float64")
    assert read_integral(value, case) == np.ravel(value)[0]


def test_a_result_with_attributes_is_read():
    found = calculus.adaptive(np.exp, 0.0, 1.5)
    case = Case(KIND, KIND.trials[0], [72, 0], "float64")
    number, bound = measure_integral(read_integral(found, case), case)["error"]
    assert number < bound == 2 * 2.0**-26.5


def test_half_the_digits_are_asked_for():
    case = Case(KIND, KIND.trials[1], [73, 0], "float32")
    exact, bound = float(case["I"]), 2 * 2.0**-12
    for error in (bound / 2, 2 * bound):
        number, allowed = measure_integral(exact * (1 + error), case)["error"]
        assert number == pytest.approx(error, rel=1e-9, abs=0) and allowed == bound
    assert measure_integral(np.inf, case)["error"][0] == np.inf


def test_a_rule_that_sees_only_zeros_is_told_so():
    found = certify(lambda fun, a, b: (b - a) * (fun(a) + fun(b)) / 2, "quadrature", seed=74)
    assert found.verdict == "wrong" and not found.passed


def quad(fun, a, b, **options):
    return scipy.integrate.quad(fun, a, b, **{"epsabs": 0, **options})[0]


@pytest.mark.parametrize("rule, words", [
    (lambda fun, a, b: quad(fun, 0, b), "take a for 0"),
    (lambda fun, a, b: quad(fun, min(a, b), max(a, b)), "minus that from b to a"),
    (lambda fun, a, b: quad(fun, a, b, epsabs=1e-8, epsrel=0), "an absolute tolerance"),
    (scipy.integrate.quad, "an absolute tolerance")])
def test_an_end_a_sign_and_a_scale_that_are_forgotten_are_seen(rule, words):
    for seed in range(75, 79):
        found = certify(rule, "quadrature", seed=seed)
        assert found.verdict == "wrong" and words in found.fault
        assert certify(quad, "quadrature", seed=seed).passed


@pytest.mark.parametrize("trial", KIND.trials, ids=[trial.name for trial in KIND.trials])
def test_no_function_tells_its_integral(trial):
    fun = Case(KIND, trial, [71, 0], "float64")["fun"]
    assert set(getattr(fun, "__globals__", {})) <= {"np", "c", "k", "__builtins__"}
