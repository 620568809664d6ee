"""The references of the chapter's checks are those of the mathematics, found another way."""

from fractions import Fraction

import numpy as np

from lib import digits
from lib.grade.exercises import svd
from lib.problems import hilbert


def smaller(d):
    square = 1 + d * d
    determinant = square * 1 - 1 * 1
    return np.sqrt(determinant / (square + 1))


def test_the_trace_shows_what_the_reading_says():
    trace = repr(digits.trace(smaller, 1e-5))
    assert f"e{svd.READING[2]} times" in trace
    assert "lost in the subtraction" in trace and "made in the addition" in trace


def test_errors_along_the_third_direction_move_the_weights_as_far_as_the_judge_says():
    A = np.diag([1.0, 0.6, 1e-5])
    y = np.array([1.0, 0.0, 0.0])
    noise = np.array([0.0, 0.0, 1e-3])
    moved = np.linalg.solve(A, y + noise) - np.linalg.solve(A, y)
    assert abs(np.linalg.norm(moved) / svd.JUDGEMENT[1] - 1) < 1e-12


def test_the_terms_of_halving_singular_values_are_known():
    # What is left after k of many terms 2**-i is 2**-k of the whole.
    A = np.diag(2.0 ** -np.arange(45))
    assert svd._terms(A, 1.001 * 2.0**-30) == 30
    assert svd._terms(A, 0.999 * 2.0**-30) == 31
    assert svd._by_difference(A, 2.0**-30) < 30
    assert svd._terms(np.diag([3.0, 2.0, 1.0]), 0.3) == 2  # 1 / sqrt(14) = 0.27


def test_the_smallest_of_hilbert_is_that_of_the_exact_inverse():
    n = 6
    H = np.array([[Fraction(1, i + j + 1) for j in range(n)] for i in range(n)])
    inverse = np.vectorize(Fraction, otypes=[object])(np.eye(n, dtype=int))
    for k in range(n):  # Gauss and Jordan in fractions; no pivot is 0
        inverse[k] = inverse[k] / H[k, k]
        H[k] = H[k] / H[k, k]
        for i in set(range(n)) - {k}:
            inverse[i] = inverse[i] - H[i, k] * inverse[k]
            H[i] = H[i] - H[i, k] * H[k]
    largest = np.linalg.norm(inverse.astype(float), 2)
    report = svd.check_smallest(lambda A: 1 / largest)
    assert report.cases[0].verdict == "stable" and not report.passed
    assert abs(np.linalg.svd(hilbert(n))[1][-1] * largest - 1) < 1e-9


def test_the_normal_equations_lose_all_where_kappa_squared_u_exceeds_one():
    u = 2.0**-24
    for rho in (0.9, 0.999, 0.9999):
        lost, kept = svd._float32_errors(rho)
        assert lost < 100 * (1 + rho) / (1 - rho) * u
        assert kept < 100 * np.sqrt((1 + rho) / (1 - rho)) * u
    lost, kept = svd._float32_errors(1 - 2e-9)
    assert lost > 0.5 and kept < 0.01
