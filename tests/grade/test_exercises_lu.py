"""The references of the chapter's checks are those of the mathematics, found another way."""

from fractions import Fraction

import numpy as np
import pytest

from lib import digits, linear, problems
from lib.grade.exercises import lu
from lib.numbers import measure
from tests.grade.answers import lu as answers


def two_equations(a, b, c, d, r, s):
    m = c / a
    pivot = d - m * b
    rest = s - m * r
    y = rest / pivot
    gap = r - b * y
    return gap / a


def test_the_trace_shows_what_the_reading_says():
    trace = repr(digits.trace(two_equations, 2.0**-42, 1.0, 1.0, 0.0, 1.0, 0.02))
    made, shows, power, _ = lu.READING
    assert "made in the subtraction `s - m * r`" in trace and shows - made == 2
    assert "lost in the subtraction `r - b * y`" in trace and "4e14 times" in trace
    assert power == round(np.log10(2 / (0.02 * 2.0**-42)))


def test_all_lines_of_the_trace_but_one_are_exact():
    m, s = Fraction(2**42), Fraction(0.02)
    rest = 0.02 - 2.0**42
    assert Fraction(rest) != s - m  # line 4
    y = Fraction(rest) / -m
    assert Fraction(float(y)) == y and Fraction(1 - float(y)) == 1 - y


def test_the_judged_backward_errors_are_those_of_the_two_kernels():
    A, b = np.array([[1.0, 1.0], [1.0, 1.0001]]), np.array([2.0, 2.0001])
    fast = measure.backward_error(A, np.array([1.0005, 1.0]), b)
    other = measure.backward_error(A, np.array([1.002, 0.998]), b)
    assert abs(fast / lu.JUDGEMENT[1] - 1) < 1e-6 and other < 2.0**-24 < fast / 2000
    kappa = measure.condition(A, np.inf)
    assert 39_900 < kappa < 40_100 and 0.002 < 2 * kappa * other < 0.005


def test_the_diagonal_of_an_inverse_is_exact():
    X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
    a, b, d = 35, 49, 69  # X^T X by hand, of determinant 14
    assert lu._inverse_diagonal(X).tolist() == [d / 14, a / 14] and a * d - b * b == 14


def test_practice_is_not_changed_by_a_check():
    before = {name: M.copy() for name, M in lu._practice().items()}
    lu.check_permutation(lambda A, b: A.fill(0))
    assert all(np.array_equal(M, before[name]) for name, M in lu._practice().items())


@pytest.mark.parametrize("make, works", [
    (lambda rng: lu._with_condition(1e5, rng, 12), True), (lu._hard, False)])
def test_float32_is_enough_where_the_check_says(make, works):
    A = make(np.random.default_rng(2020))
    b = A @ np.ones(12)
    assert (lu._error(answers.refined(A, b, np.float32), A, b) <= 4 * lu.U) == works


def test_a_conspiracy_of_sixteenths_survives_and_wilkinsons_does_not():
    A = np.eye(20) - 0.4375 * np.tri(20, k=-1)  # 1.4375**19 is 988: below the mark
    A[:, -1] = 1
    assert not lu.check_conspiracy(A).passed
    A = np.eye(20) - 0.46875 * np.tri(20, k=-1)
    A[:, -1] = 1
    assert lu.check_conspiracy(A).passed and not lu.check_conspiracy(problems.wilkinson(20)).passed


def test_factors_lead_back_to_their_matrix():
    A = np.random.default_rng(2021).normal(size=(6, 6))
    for factor in (linear.lu, linear.lu_complete):
        assert np.max(np.abs(lu._matrix(factor(A)) - A)) < 100 * lu.U
