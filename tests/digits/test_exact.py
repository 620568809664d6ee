"""Sixty digits, and where they are too few."""

import math
import operator
import time
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.digits import ShadowLost, trace


@pytest.mark.parametrize("x, f, exact", [
    (1e200, lambda x: (x + 1) - x, lambda x: 1),
    (1e-40, lambda x: 1 - np.cos(x), lambda x: x * x / 2),
    (1e300, lambda x: (x * x + x) - x * x, lambda x: x),
])
def test_more_digits_are_taken_where_sixty_are_too_few(x, f, exact):
    result, truth = trace(f, x), exact(mpmath.mpf(x))
    assert abs(result.exact - truth) <= 1e-59 * abs(truth)
    assert result.digits == 0
    assert len(str(result.exact)) < 70


def test_what_cancels_to_nothing_in_all_digits_is_zero():
    result = trace(lambda x: np.sin(x) ** 2 + np.cos(x) ** 2 - 1, 0.3)
    assert result.exact == 0 and result.digits == (16 if result.value == 0 else 0)
    assert trace(lambda x: np.sqrt(x) ** 2 - x, 2.0).digits == 0


def test_a_long_iteration_is_no_reason_for_more_digits():
    def descend(x):
        for _ in range(300):
            x = x - 0.1 * (x - 1)
        return x

    result = trace(descend, 3.0)
    assert result.digits > 14 and not result.note


def cosine(u, v):
    return u @ v / (np.sqrt(u @ u) * np.sqrt(v @ v))


@pytest.mark.parametrize("factor", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("n", range(2, 9))
def test_the_edge_of_a_domain_is_not_left_by_noise(n, factor):
    u = np.arange(1.0, n + 1)
    result = trace(lambda u, v: np.arccos(np.minimum(cosine(u, v), 1.0)), u, factor * u)
    assert result.exact == 0 and result.digits == (16 if result.value == 0 else 0)
    assert "no real result" not in repr(result)


@pytest.mark.parametrize("f, quarters", [
    (lambda x: np.arcsin(-np.sqrt(x) * np.sqrt(x) / x), -1),
    (lambda x: np.arccosh(x / np.sqrt(x) / np.sqrt(x) + 0.0), 0),
    (lambda x: math.acos(min(1.0, np.sqrt(x) ** 2 / x)), 0),
])
def test_edges_of_other_domains(f, quarters):
    for x in (2.0, 3.0, 5.0, 7.0, 11.0):
        result = trace(f, x)
        truth = result.raised.result if result.raised else result.exact
        assert abs(truth - quarters * mpmath.pi / 2) <= mpmath.mpf(10) ** -30


def test_an_infinite_slope_leaves_half_of_the_digits():
    assert abs(trace(lambda x: np.arcsin(x / x), 3.0).exact - mpmath.pi / 2) < 1e-59
    result = trace(lambda x: np.arcsin(x / x) - np.arcsin(np.sqrt(x) ** 2 / x), 3.0)
    assert result.exact == 0


@pytest.mark.parametrize("x", [2.0, 3.0, 5.0, 6.0, 7.0, 8.0, 10.0])
def test_a_tie_of_exact_numbers_is_one(x):
    root = math.sqrt(x) ** 2
    for compare in (operator.le, operator.ge, operator.lt, operator.gt, operator.eq, operator.ne):
        branch = trace(lambda x: 1.0 * x if compare(np.sqrt(x) ** 2, x) else 0.0 * x, x).branch  # noqa: B023
        assert (branch is not None) == (compare(root, x) != compare(x, x))
    branch = trace(lambda x: math.floor(np.sqrt(x) ** 2) * x, x).branch
    assert (branch is not None) == (math.floor(root) != x)


def test_a_modulus_of_a_whole_number_is_zero():
    result = trace(lambda x: (np.sqrt(x) ** 2) % 1.0, 5.0)
    assert result.exact == 0 and result.value == math.sqrt(5.0) ** 2 % 1
    result = trace(lambda x: (np.sqrt(x) ** 2) // 1.0, 3.0)
    assert result.value == 2 and result.exact == 3


def test_what_is_truly_close_to_an_edge_is_not_taken_for_it():
    result = trace(lambda x: np.arccos(1 - x * x), 1e-60)
    exact = mpmath.sqrt(2) * mpmath.mpf(1e-60)  # acos(1 - t) = sqrt(2 t) (1 + t/12 + ...)
    assert abs(result.exact - exact) < 1e-50 * exact
    assert trace(lambda x: x if 1 + x > 1 else 0.0, 1e-50).branch.expression == "1 + x > 1"


def test_no_bare_except_in_f_stops_the_second_run():
    def f(x):
        try:
            return (x + 1) - x
        except:  # noqa: E722
            return 7.0

    assert trace(f, 1e200).exact == 1


@pytest.mark.parametrize("shift", [1e10, 1e20, 1e100])
def test_noise_that_was_amplified_is_noise(shift):
    def f(x):
        root = (shift + np.sqrt(x)) - shift
        return [math.floor(root * root + 0 * x), np.sqrt(x)]

    decided = trace(f, 3.0)
    whole = math.floor(f(3.0)[0])
    assert (decided.branch is not None) == (whole != 3)
    tied = trace(lambda x: x if ((shift + np.sqrt(x)) - shift) ** 2 >= x else -x, 3.0)
    assert tied.value == 3 or tied.branch


@pytest.mark.parametrize("y", [0.3, 3.0, 1e-300, 5e-324])
@pytest.mark.parametrize("x", [1e10, -1e80, 1e200, 1.7e308])
def test_a_remainder_of_any_quotient_is_exact(x, y):
    whole, left = divmod(Fraction(x), Fraction(y))
    for f in (lambda x: x % y, lambda x: divmod(x, y)[1], lambda x: np.remainder(x, y)):
        result = trace(f, x)
        assert result.exact == mpmath.mpf(left.numerator) / left.denominator
        assert result.digits > 15 and result.cause is None
    for f in (math.fmod, np.fmod):
        result = trace(lambda x: f(x, y), x)  # noqa: B023
        assert result.exact == result.value and result.digits == 16 and result.cause is None
    exact = trace(lambda x: np.floor_divide(x, y), x).exact
    assert abs(exact - mpmath.mpf(whole)) <= mpmath.mpf(10) ** -59 * abs(exact)


INF, NAN = math.inf, math.nan


@pytest.mark.parametrize("f, x", [
    (lambda x: np.logaddexp(x, x), -INF), (lambda x: np.logaddexp(x, -INF), 0.3),
    (lambda x: 1.0 % x, INF), (lambda x: -1.0 % x, INF), (lambda x: -1.0 // x, INF),
    (lambda x: 1.0 // x, -INF), (lambda x: x ** 0, INF), (lambda x: x ** 0, NAN),
    (lambda x: 1.0 ** x, NAN), (lambda x: x ** 0.0, NAN), (lambda x: math.fmod(-1.0, x), INF),
    (lambda x: math.atan2(x, x), INF), (lambda x: math.atan2(x, INF), -INF),
    (lambda x: math.atan2(2.0, x), -INF), (lambda x: math.lgamma(x), -INF),
    (lambda x: math.hypot(x, INF), NAN), (lambda x: np.hypot(-INF, x), NAN),
    (lambda x: math.copysign(1.0, x), -0.0), (lambda x: math.copysign(x, 1.0), -INF),
    (lambda x: math.atan2(x, -1.0), -0.0), (lambda x: math.atan2(-0.0, x), -0.0),
    (lambda x: math.atan2(0.0, x), -0.0), (lambda x: np.arctan2(-1.0, x), -0.0),
    (lambda x: np.exp(x), -INF), (lambda x: math.tanh(x), INF), (lambda x: 1 / x, -INF),
    (lambda x: np.float64(1.0) / x, np.float64(-0.0)), (lambda x: x + 0.1, -0.0),
])
def test_what_ieee_754_says_of_inf_nan_and_minus_zero_is_exact(f, x):
    result = trace(f, x)
    with np.errstate(divide="ignore"):
        wanted = f(x)
    assert result.value == wanted == float(result.exact) and result.digits == 16
    assert result.shows is result.cause is None and not result.note
    assert math.copysign(1, result.value) == math.copysign(1, wanted)


@pytest.mark.parametrize("f", [
    lambda y: y % INF, lambda y: math.fmod(y, INF), lambda y: np.logaddexp(y, -INF),
    lambda y: y + -0.0, lambda y: math.hypot(y, -0.0),
])
def test_the_error_of_a_number_is_kept_beside_inf_and_minus_zero(f):
    result = trace(lambda x: f((x + 1) - x), 1.3e15)
    assert result.exact == 1 and result.value == 1  # 1.3e15 + 1 is a float
    lost = trace(lambda x: f((x + 0.3) - x), 1.3e15)
    assert abs(lost.exact - mpmath.mpf(0.3)) < 1e-40 and lost.digits < 1
    assert lost.cause.operation == "addition"


def test_what_overflowed_has_not_the_exact_value_of_inf():
    result = trace(lambda x: 1.0 % (x * x), 1e200)
    assert result.value == result.exact == 1 and result.digits == 16
    result = trace(lambda x: np.arctan2(x * x, 1e300 * x), np.float64(1e200))
    assert result.digits == 0 and abs(result.exact - mpmath.atan2(1e200, 1e300)) < 1e-130


def correct(f, digits):
    with mpmath.workdps(digits):
        return f()


@pytest.mark.parametrize(("f", "x", "exact"), [
    (lambda x: 1 - math.erf(x), 40.0, lambda: mpmath.erfc(40)),
    (lambda x: 1 - math.tanh(x), 805.0, lambda: 2 / (1 + mpmath.exp(1610))),
    (lambda x: math.log(1 + math.exp(-x)), 1600.0, lambda: mpmath.log1p(mpmath.exp(-1600))),
    (lambda x: (1 + x**4) - 1, 1e-200, lambda: mpmath.mpf(1e-200) ** 4),
    (lambda x: math.sqrt(1 + 2 * x * x) - 1 - x * x, 1e-200,
     lambda: mpmath.sqrt(1 + 2 * mpmath.mpf(1e-200) ** 2) - 1 - mpmath.mpf(1e-200) ** 2),
    (lambda x: np.exp(x * x) - 1, np.float64(1e-200), lambda: mpmath.mpf(1e-200) ** 2),
])  # fmt: skip
def test_what_700_digits_cannot_tell_from_zero_is_told_by_more(f, x, exact):
    result, exact = trace(f, x), correct(exact, 2000)
    assert result.value == 0 and result.digits == 0 and not result.note
    assert abs(result.exact / exact - 1) < 1e-58  # given in 60 digits


def test_a_function_that_turns_round_takes_as_many_digits_as_its_operand_has():
    result = trace(lambda x: np.cos(np.exp(x)), np.float64(1e4))
    assert abs(result.exact - correct(lambda: mpmath.cos(mpmath.exp(10000)), 4500)) < 1e-58
    assert result.digits == 0 and not result.note  # cos(inf) is nan


@pytest.mark.parametrize(("f", "x"), [
    (lambda x: 1 - math.erf(x), 1000.0),  # 1e-434298
    (lambda x: math.log(1 + math.exp(-x)), 50000.0),
    (lambda x: [(1 + x**200) - 1], 1e-300),
])  # fmt: skip
def test_what_even_the_most_digits_cannot_tell_from_zero_is_noted(f, x):
    result = trace(f, x)
    assert result.digits == 0 and "even 5000 digits are too few" in result.note


@pytest.mark.parametrize(("f", "x"), [
    (lambda x: math.sin(x) ** 2 + math.cos(x) ** 2 - 1, 0.3),
    (lambda x: x / 3 * 3 - x, 0.1),
    (lambda x: math.cos(8 * math.atan(x)) - 1, 1.0),
    (lambda x: math.sin(2 * math.atan(x)) - 1, 1.0),
    (lambda x: math.sin(4 * math.atan(x)), 1.0),
    (lambda x: math.log(math.exp(x)) - x, 0.3),
    (lambda x: (x - 2 * x) + x, 0.3),
])  # fmt: skip
def test_a_true_zero_stays_one(f, x):
    result = trace(f, x)
    assert result.exact == 0 and not result.note
    assert result.digits == (16 if result.value == 0 else 0)


def test_an_iteration_whose_steps_shrink_without_end_is_no_case_of_doubt():
    def newton(x):
        for _ in range(25):
            x = x - (x * x - 2) / (2 * x)
        return x

    result = trace(newton, 1.0)
    assert result.digits > 15 and not result.note
    assert abs(result.exact - correct(lambda: mpmath.sqrt(2), 70)) < 1e-58


@pytest.mark.parametrize(("f", "x", "digits"), [
    (lambda x: math.erf(x), 1e155, 16),
    (lambda x: 1 / (1 + np.exp(x * x)), np.float64(1e160), 0),
    (lambda x: math.erfc(x), 1e155, 0),
])  # fmt: skip
def test_exponents_beyond_those_of_floats_are_followed(f, x, digits):
    result = trace(f, x)
    with np.errstate(over="ignore"):
        assert result.value == f(x) and result.digits == digits and not result.note
    assert result.exact > 0


def test_erfc_far_out_keeps_between_its_bounds():
    far = trace(lambda x: math.erfc(x), 1e100).exact  # 2**300 is 2e90
    with mpmath.workdps(60):
        leading = mpmath.exp(-mpmath.mpf(1e100) ** 2) / (mpmath.mpf(1e100) * mpmath.sqrt(mpmath.pi))
        assert leading * (1 - mpmath.mpf(10) ** -58) < far < leading * (1 + mpmath.mpf(10) ** -58)


def test_the_exception_of_floats_is_told_not_that_of_exact_numbers():
    raised = trace(lambda x: math.gamma(x), 1e308).raised
    assert raised.kind == "OverflowError" and "too large to convert" not in str(raised)


@pytest.mark.parametrize(("f", "x"), [
    (lambda x: np.exp(-np.exp(x)), 3e4),
    (lambda x: np.sin(np.exp(x)), 3e6),
    (lambda x: np.exp(x) % 3.0, 3e5),
])  # fmt: skip
def test_a_function_of_a_tower_is_refused_at_once(f, x):
    start = time.process_time()
    with pytest.raises(ShadowLost, match=r"beyond 2\*\*16384.*take logarithms"):
        trace(f, np.float64(x))
    assert time.process_time() - start < 5  # it took minutes


def test_a_long_run_is_not_done_in_the_most_digits():
    def logistic(x):  # which doubles an error in each step: 700 digits are lost in 2400
        for _ in range(2400):
            x = 4 * x * (1 - x)
        return x

    assert "even 700 digits are too few" in trace(logistic, 0.3).note
