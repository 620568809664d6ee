"""The references of the chapter's checks are those of the mathematics, found another way."""

from fractions import Fraction

import numpy as np
import pytest

from lib import digits
from lib.grade.exercises import conditioning
from lib.numbers import measure


def pivot_of(a, b, c, d):
    ratio = c / a
    product = ratio * b
    return d - product


def test_the_trace_shows_what_the_reading_says():
    trace = digits.trace(pivot_of, 1.0, 0.999, 0.999, 0.998)
    made, shows, power, _ = conditioning.READING
    assert shows - made == 1 and abs(np.log10((0.998 + 0.998001) / 1e-6) - power) < 0.01
    assert "made in the product `ratio * b`" in repr(trace)
    assert "lost in the subtraction `d - product`" in repr(trace)


def test_the_equations_exchanged_lose_the_same_digits():
    straight = digits.trace(pivot_of, 1.0, 0.999, 0.999, 0.998)
    exchanged = digits.trace(pivot_of, 0.999, 0.998, 1.0, 0.999)
    assert abs(straight.digits - exchanged.digits) < 1.5 and exchanged.digits < 11


def test_ben_is_wrong_by_thousands_of_roundings_and_ada_by_none():
    choice, eta = conditioning.JUDGEMENT
    ben = measure.backward_error(np.array([[1e-5, 1.0], [1.0, 1.0]]), np.array([1.0014, 1.0]),
                                 np.array([1.00001, 2.0]))
    ada = measure.backward_error(conditioning.OPENING, np.array([1.05994, 0.94]),
                                 np.array([1.999, 1.997]))
    assert choice == "Ben" and eta == pytest.approx(ben, rel=1e-9, abs=0)
    assert ada < 2.0**-24 < ben / 1000
    kappa = measure.condition(conditioning.OPENING, np.inf)
    explained = 2 * kappa * 2.0**-24 / (1 - kappa * 2.0**-24)
    assert 0.06 < explained < 1


@pytest.mark.parametrize("small", [0.5, 1e-2, 1e-6])
def test_the_bound_is_met_by_a_diagonal_system(small):
    # A change of the last entry by 1/16 of it solves for x, and kappa is 1 / small.
    last = Fraction(16, 15)
    A, b = np.diag([1.0, small]), np.array([1.0, small])
    found = conditioning._bound(A, np.array([1.0, float(last)]), b)
    assert found == pytest.approx(float(last - 1), rel=1e-9, abs=0)


def test_wigners_interval_holds_the_eigenvalues():
    rng = np.random.default_rng(1955)
    B = rng.normal(size=(1000, 1000))
    values = np.linalg.eigvalsh(B + B.T)
    assert 0.97 < values[-1] / (2 * np.sqrt(2000)) < 1.03


def test_the_nearest_singular_matrix_is_nearer_than_a_thousand_others():
    rng = np.random.default_rng(1907)
    A = rng.normal(size=(2, 2))
    U, lengths, Vt = np.linalg.svd(A)
    S = A - lengths[1] * np.outer(U[:, 1], Vt[1])
    nearest = np.linalg.norm(S - A, 2)
    assert conditioning._nearest(A) == pytest.approx(S, rel=0, abs=1e-14 * lengths[0])
    assert abs(np.linalg.det(S)) < 1e-15 and nearest > 0.1
    for _ in range(1000):
        left, right = rng.normal(size=(2, 2))
        other = np.outer(left, right)  # every singular matrix of order 2 is one of these
        assert np.linalg.norm(other - A, 2) >= nearest


def test_scaled_rows_leave_no_digit_of_a_singular_matrix():
    assert conditioning._digits(np.ones((3, 3)), 2.0**-53) < 1e-9
    assert conditioning._digits(np.diag([1.0, 1e-13]), 2.0**-53) == pytest.approx(15.95, abs=0.01)
