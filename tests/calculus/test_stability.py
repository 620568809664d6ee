"""Stability functions are what methods make of y' = lambda y, and have their limits and orders."""

import math

import numpy as np
import pytest

from lib import calculus
from lib.calculus import bisect, stability_function
from tests.hostile import NOT_NUMBERS

METHODS = {"explicit_euler": 1, "rk4": 4, "dormand_prince": 5, "implicit_euler": 1,
           "implicit_trapezoid": 2, "bdf2": 2, "tr_bdf2": 2}
IMPLICIT = ("implicit_euler", "implicit_trapezoid", "bdf2", "tr_bdf2")
RNG = np.random.default_rng(1963)
LEFT = -(10.0 ** RNG.uniform(-6, 6, 2000)) + 1j * RNG.normal(size=2000) * 10 ** RNG.uniform(-6, 6,
                                                                                           2000)


def steps_of(method, z):
    """Return the sizes of the steps of y' = z y on (0, 1), and by what each multiplies y."""
    A = np.array([[z.real, -z.imag], [z.imag, z.real]])
    call = getattr(calculus, method)
    jacobian = [lambda t, y: A] if method in IMPLICIT else []
    options = {} if method in ("dormand_prince", "tr_bdf2") else {"steps": 1}
    found = call(lambda t, y: A @ y, *jacobian, np.array([1.0, 0.0]), (0.0, 1.0), **options)
    y = found.y @ [1, 1j]
    return np.diff(found.t), y[1:] / y[:-1]


@pytest.mark.parametrize("method", [name for name in METHODS if name != "bdf2"])
def test_a_step_of_the_method_multiplies_by_it(method):
    for z in (0.3 + 0j, -0.7 + 0.2j, -2.0 + 1j, -3.0 + 0j, 0.5j):
        h, factors = steps_of(method, z)
        R = stability_function(method)(h * z)
        # What implicit stages lack: u**(2/3), or 1/100 of the tolerance 1e-3 + 1e-6.
        lacking = 1e-5 if method == "tr_bdf2" else 1e-10
        assert np.max(np.abs(factors - R)) <= lacking and len(h) >= 1


def test_many_steps_of_bdf2_multiply_by_it_in_the_end():
    for rate in (-0.3, -0.2, -0.1):
        A = np.array([[rate]])
        y = calculus.bdf2(lambda t, y, A=A: A @ y, lambda t, y, A=A: A, np.array([1.0]),
                          (0.0, 40.0), 40).y[:, 0]
        expected = stability_function("bdf2")(rate).real
        assert y[-1] / y[-2] == pytest.approx(expected, rel=1e-9, abs=0)
    z = LEFT[:50]
    R = stability_function("bdf2")(z)
    roots = [max(abs(np.roots([1.5 - one, -2, 0.5]))) for one in z]
    assert np.allclose(abs(R), roots, rtol=1e-9)


@pytest.mark.parametrize("method, order", METHODS.items())
def test_the_order_is_that_of_agreement_with_the_exponential(method, order):
    z = np.array([0.04, 0.02]) * np.exp(0.3j)
    errors = np.abs(stability_function(method)(z) - np.exp(z))
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order + 1, abs=0.1)


@pytest.mark.parametrize("method", IMPLICIT)
def test_implicit_methods_damp_every_mode_that_decays(method):
    assert np.all(np.abs(stability_function(method)(LEFT)) < 1)
    assert np.all(np.abs(stability_function(method)(1j * LEFT.imag)) <= 1 + 1e-15)


@pytest.mark.parametrize("method", ["explicit_euler", "rk4", "dormand_prince"])
def test_no_explicit_step_is_stable_for_all_decay_rates(method):
    R = stability_function(method)
    assert np.all(np.abs(R(-(10.0 ** np.arange(1, 7)))) > 1)
    assert abs(R(-1e3)) >= 999  # and a higher order is worse outside
    assert abs(stability_function("rk4")(-1e3)) > 1e10


@pytest.mark.parametrize(("method", "limit"), [
    ("explicit_euler", 2), ("rk4", 2.7853), ("dormand_prince", 3.3066)])
def test_limits_on_the_real_axis(method, limit):
    R = stability_function(method)
    found = bisect(lambda x: abs(R(-x)) - 1, 1.5, 5.0)
    assert found.converged and found.root == pytest.approx(limit, abs=1e-4)


def test_limits_on_the_imaginary_axis():
    R = stability_function("rk4")
    assert abs(R(2.82j)) < 1 < abs(R(2.84j))
    assert bisect(lambda x: abs(R(1j * x)) - 1, 2.0, 3.0).root == pytest.approx(
        math.sqrt(8), rel=1e-9, abs=0)
    assert np.all(abs(stability_function("explicit_euler")(1j * np.array([1e-4, 1, 3]))) > 1)


@pytest.mark.parametrize(("method", "size"), [
    ("implicit_euler", 1e-6), ("bdf2", 1 / math.sqrt(2e6)), ("tr_bdf2", 5e-6),
    ("implicit_trapezoid", 1)])
def test_what_is_left_of_a_very_fast_mode(method, size):
    left = abs(stability_function(method)(-1e6))
    assert size / 2 <= left <= 1.01 * size
    assert abs(stability_function("implicit_trapezoid")(-1e6) + 1) < 1e-5  # with its sign turned


def test_implicit_euler_damps_growing_modes_beyond_2():
    R = stability_function("implicit_euler")
    assert R(np.array([0.5, 1.5, 2, 3, 10])) == pytest.approx([2, -2, -1, -0.5, -1 / 9])
    assert np.isinf(R(1.0))  # the step that cannot be taken


def test_the_trapezoidal_rule_keeps_oscillations_and_forgets_at_minus_2():
    R = stability_function("implicit_trapezoid")
    assert np.allclose(abs(R(1j * np.array([0.1, 3, 1e5]))), 1, rtol=1e-15)
    assert R(-2.0) == 0


def test_types():
    R = stability_function("implicit_euler")
    assert R(-1).dtype == float and R(np.float32(-1)) == 0.5 and R(1j).dtype == complex
    assert R([[-1.0, -3.0]]).shape == (1, 2) and stability_function("bdf2")(-0.1).dtype == complex


@pytest.mark.parametrize("bad", ["euler", "", None, 4, ["rk4"]])
def test_another_method_is_refused_with_the_list(bad):
    with pytest.raises(ValueError, match=r"method = .*: give one of \['explicit_euler', 'rk4'"):
        stability_function(bad)


@pytest.mark.parametrize("kind", [kind for kind in NOT_NUMBERS if "complex" not in kind])
def test_what_are_no_numbers_is_refused_by_name(kind):
    for method in METHODS:
        with pytest.raises((TypeError, ValueError), match=r"^z "):
            stability_function(method)(NOT_NUMBERS[kind])
