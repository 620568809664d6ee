"""Tangents and chords have their orders, and where they do not arrive they say so by name."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.calculus import newton, secant

GOLDEN = (1 + math.sqrt(5)) / 2


def square(x):
    """Return x**2 - 2."""
    return x**2 - 2


def double(x):
    """Return its derivative."""
    return 2 * x


def orders(errors):
    """Return log(e[k+1] / e[k]) / log(e[k] / e[k-1]) for errors above rounding."""
    logs = [mpmath.log(e) for e in errors if e > 1e-13]
    return [float((c - b) / (b - a)) for a, b, c in zip(logs, logs[1:], logs[2:], strict=False)]


# Orders.


def test_newton_squares_the_error_up_to_the_constant_of_theory():
    rng = np.random.default_rng(1690)
    for _ in range(100):
        root, slope, bend = rng.uniform(-1, 1), rng.uniform(1, 2), rng.uniform(0.5, 2)

        def f(x, root=root, slope=slope, bend=bend):
            return (x - root) * (slope + bend * (x - root))

        def derivative(x, root=root, slope=slope, bend=bend):
            return slope + 2 * bend * (x - root)

        path = newton(f, derivative, root + 1e-3).iterates
        first, second = path[0] - root, path[1] - root
        # The second error is rounded by a few u of a number of size 1.
        assert second / first**2 == pytest.approx(bend / slope, rel=1e-2, abs=0)


def test_newton_on_the_root_of_two_makes_the_digits_known_for_it():
    path = newton(square, double, 1.5).iterates
    errors, exact = [abs(Fraction(x) - Fraction(665857, 470832)) for x in path], Fraction(3, 2)
    for x in path[:3]:
        assert abs(Fraction(x) - exact) <= exact * Fraction(4, 2**53)
        exact = (exact + 2 / exact) / 2
    assert errors[0] > 30 * errors[1] > 900 * errors[2]


def test_the_secant_method_has_the_golden_ratio_as_its_order():
    # In floats there are too few steps to see a limit: the same recurrence in 400 digits.
    with mpmath.workdps(400):
        a, b, errors = mpmath.mpf(1), mpmath.mpf(2), []
        for _ in range(12):
            a, b = b, b - (b * b - 2) * (b - a) / (b * b - a * a)
            errors.append(abs(b - mpmath.sqrt(2)))
        logs = [mpmath.log(e) for e in errors]
        assert abs(logs[-1] / logs[-2] - GOLDEN) < 0.01
        mine = secant(square, 1.0, 2.0).iterates[2:]
        for ours, exact in zip(mine[:5], errors, strict=False):
            assert abs(abs(mpmath.mpf(float(ours)) - mpmath.sqrt(2)) - exact) < 1e-15


@pytest.mark.parametrize("method, least, most", [("newton", 1.9, 2.1), ("secant", 1.4, 1.9)])
def test_the_orders_are_seen_in_floats_and_told_apart(method, least, most):
    found = newton(np.exp and (lambda x: np.exp(x) - 2), np.exp, 1.0) if method == "newton" else \
        secant(lambda x: np.exp(x) - 2, 1.0, 0.9)
    errors = np.abs(found.iterates - math.log(2))
    assert least <= orders(errors)[-1] <= most


@pytest.mark.parametrize("m", [2, 3, 4, 5, 20])
def test_at_a_root_of_multiplicity_m_the_error_shrinks_by_1_minus_1_over_m(m):
    found = newton(lambda x: (x - 1) ** m, lambda x: m * (x - 1) ** (m - 1), 2.0, maxiter=1000)
    errors = np.abs(found.iterates - 1)
    ratios = errors[1:] / errors[:-1]
    assert np.allclose(ratios[errors[1:] > 1e-9], 1 - 1 / m, rtol=1e-6)
    # The estimate sees that steps add up; the last step alone is m - 1 times smaller.
    assert found.converged and errors[-1] <= 1.1 * found.error <= 1.1e-12
    assert abs(found.iterates[-1] - found.iterates[-2]) <= 2 * found.error / (m - 1)


def test_where_f_has_an_inflection_the_order_is_3():
    errors = np.abs(newton(np.arctan, lambda x: 1 / (1 + x**2), 0.5).iterates)
    assert errors[1] / errors[0] ** 3 == pytest.approx(2 / 3, rel=0.2, abs=0)
    assert errors[2] / errors[1] ** 3 == pytest.approx(2 / 3, rel=0.02, abs=0)


# What is known at the end.


@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-12, 0.0])
def test_a_change_of_sign_proves_the_error(tol):
    for root in (2.0, 2e-9, 2e16) if tol < 1e-5 else (2.0, 2e16):
        for found in (newton(lambda x, c=root: x * x - c, double, 1.5 * math.sqrt(root), tol),
                      secant(lambda x, c=root: x * x - c, math.sqrt(root), 1.5 * root**0.5, tol)):
            spacing = np.spacing(found.root)
            assert found.converged and found.reason in ("sign change", "zero")
            assert abs(found.root - math.sqrt(root)) <= found.error + spacing
            assert found.error <= max(tol, 2 * spacing) + spacing
            if found.brackets is not None:
                low, high = found.brackets[0]
                assert low <= found.root <= high and (low**2 - root) * (high**2 - root) < 0


def test_a_short_step_along_a_long_chord_is_not_taken_for_a_root():
    # scipy#14453: "converged", at 150, where f is -98.9.
    def decaying(x):
        return 100 * np.exp(-0.03 * x) - 100

    found = secant(decaying, 150.0, 75.0)
    assert np.any(np.abs(np.diff(found.iterates)) < 1e-4)  # there is such a step
    assert found.converged and abs(found.root) <= found.error <= 1e-12
    assert not secant(decaying, 75.0, 150.0).converged


def test_a_step_along_a_chord_so_steep_that_it_moves_nothing_is_none():
    found = secant(lambda x: x - 1 if x < 10 else 1e300, 0.0, 20.0)
    assert found.converged and found.root == 1.0


def test_a_function_without_a_root_has_none():
    # The same thread: x**4 - x**2 + 1 is at least 3/4.
    def quartic(x):
        return x**4 - x**2 + 1

    assert not secant(quartic, 1e-3, 1.1e-3).converged
    assert not newton(quartic, lambda x: 4 * x**3 - 2 * x, 1e-3).converged


def test_where_f_comes_close_to_0_the_message_says_it():
    found = newton(lambda x: x**2 + 1e-26, double, 1.0)
    assert found.reason == "steps" and "f only comes close to 0" in found.message
    found = newton(lambda x: x**2, double, 1.0)
    assert found.reason == "steps" and abs(found.root) <= 1.01 * found.error <= 1.01e-12


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1e12, 1e300])
def test_the_size_of_f_decides_nothing(scale):
    found = newton(lambda x: scale * (x - 3) * (x + 90), lambda x: scale * (2 * x + 87), 90.0)
    assert found.converged and abs(found.root - 3) <= 1e-12


# What is said by name.


@pytest.mark.parametrize(("f", "derivative", "x", "reason"), [
    (lambda x: x**3 - 2 * x + 2, lambda x: 3 * x**2 - 2, 0.0, "cycle"),
    (lambda x: x**2 + 1, double, 0.0, "flat"), (lambda x: 1.0, lambda x: 0.0, 3.0, "flat"),
    (np.log, lambda x: 1 / x, 5.0, "nan"), (lambda x: x, lambda x: math.nan, 5.0, "nan"),
    (lambda x: 1 / float(x - 1), lambda x: 1.0, 1.0, "nan"),
    (np.cbrt, lambda x: 1 / (3 * np.cbrt(x) ** 2), 1.0, "maxiter"),
    (lambda x: 1 / (x - 0.3), lambda x: -1 / (x - 0.3) ** 2, 0.5, "maxiter"),
    (lambda x: x, lambda x: 1e-300, 1e20, "overflow"), (np.exp, np.exp, 1e3, "overflow"),
    (np.sqrt, lambda x: np.inf, 1.0, "overflow"),
])
def test_newton_names_what_stopped_it(f, derivative, x, reason):
    found = newton(f, derivative, x)
    assert (found.converged, found.reason, found.error) == (False, reason, math.inf)
    assert f"not converged ({reason})" in repr(found) and found.message


@pytest.mark.parametrize(("f", "x0", "x1", "reason"), [
    (lambda x: x**2, -1.0, 1.0, "flat"), (np.log, 4.0, 9.0, "nan"),
    (lambda x: 1 / (x - 0.3), 0.2, 0.5, "maxiter"), (np.sign, -1.0, 2.0, "flat"),
    (lambda x: 1e308 * x, -1.7, 1.7, "overflow"), (np.exp, 800.0, 900.0, "overflow")])
def test_the_secant_method_names_what_stopped_it(f, x0, x1, reason):
    found = secant(f, x0, x1)
    assert (found.converged, found.reason) == (False, reason)


def test_the_cycle_is_exact_and_shown():
    found = newton(lambda x: x**3 - 2 * x + 2, lambda x: 3 * x**2 - 2, 0.0)
    assert found.iterates.tolist() == [0.0, 1.0, 0.0]


def test_a_chord_across_a_pole_ends_in_no_root():
    found = secant(lambda x: 1 / (x - 0.3), 0.3 - 1e-13, 0.3 + 1.2e-13)
    assert not found.converged and found.reason in ("leap", "maxiter")


def test_the_boundary_of_newton_on_the_arctangent():
    boundary = 1.3917452002707350  # 2 x = (1 + x**2) arctan(x)
    assert 2 * boundary == pytest.approx((1 + boundary**2) * math.atan(boundary), rel=1e-14, abs=0)
    below = newton(np.arctan, lambda x: 1 / (1 + x**2), boundary - 2e-3)
    above = newton(np.arctan, lambda x: 1 / (1 + x**2), boundary + 8e-3)
    assert below.converged and not above.converged and abs(above.iterates[8]) > 1e4


def test_a_derivative_that_is_wrong_is_seen_in_the_steps():
    found = newton(square, lambda x: 1e6, 1.0, maxiter=100)
    assert found.reason == "maxiter" and "1 times the one before" in found.message
    slow = newton(square, lambda x: 6.0, 1.0)  # it converges, slowly, to the same root
    assert slow.converged and abs(slow.root - math.sqrt(2)) <= slow.error * 1.01
    assert slow.evaluations > 2 * newton(square, double, 1.0).evaluations


@pytest.mark.parametrize("x", [math.sqrt(2), 4.0, 0.25])
def test_a_start_at_the_root_is_the_root(x):
    found = newton(lambda y: y - x, lambda y: 1.0, x)
    assert found.root == x and found.reason == "zero" and found.evaluations == 1
    for ends in ((x, x + 1), (x + 1, x)):
        assert secant(lambda y: y - x, *ends).root == x


def test_calls_are_counted():
    calls = []

    def counting(x):
        calls.append(float(x))
        return square(x)

    found = newton(counting, double, 1.5)
    assert found.evaluations == len(calls) and found.derivatives == len(found.iterates) - 1
    calls.clear()
    found = secant(counting, 1.0, 2.0)
    assert found.evaluations == len(calls) and found.derivatives == 0
    assert found.iterates[-1] == found.root


@pytest.mark.parametrize(("call", "said"), [
    (lambda: newton(square, double, math.nan), "x = nan"),
    (lambda: newton(square, double, 1.0, tol=-1.0), "tol = -1"),
    (lambda: newton(square, double, 1.0, maxiter=0), "maxiter = 0"),
    (lambda: secant(square, 1.0, 1.0), "x0 = x1 = 1.0: a chord needs two different points"),
    (lambda: secant(square, 1.0, math.inf), "x1 = inf")])
def test_arguments_out_of_range_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_black_and_scholes_without_a_volatility():
    # A call at a price below its intrinsic value has none; with one, a low start leaps away.
    def price(s):
        spread = 1 / (s * math.sqrt(0.5))
        high = (math.log(103.0 / 100) + (0.05 + s**2 / 2) * 0.5) * spread
        low = high - s * math.sqrt(0.5)
        tails = [math.erfc(-d / math.sqrt(2)) / 2 for d in (high, low)]
        return 103 * tails[0] - 100 * math.exp(-0.025) * tails[1]

    def vega(s):
        high = (math.log(103.0 / 100) + (0.05 + s**2 / 2) * 0.5) / (s * math.sqrt(0.5))
        return 103 * math.sqrt(0.5) * math.exp(-high**2 / 2) / math.sqrt(2 * math.pi)

    found = newton(lambda s: price(s) - price(0.2), vega, 0.5)
    assert found.converged and abs(found.root - 0.2) <= 1e-12 and found.evaluations < 8
    assert not newton(lambda s: price(s) - 2.3, vega, 0.5).converged
    assert not newton(lambda s: price(s) - price(0.2), vega, 0.02).converged
