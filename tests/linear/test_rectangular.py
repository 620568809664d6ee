"""Rank is decided with columns of one size, and a dependent column is not fitted in silence."""

import numpy as np
import pytest

from lib.linear import advise
from lib.problems import collinear, lauchli, read_strd, vandermonde
from tests.linear.helpers import DTYPES, roundoff


def test_units_of_columns_do_not_make_them_dependent():
    X = np.random.default_rng(8).standard_normal((30, 4))
    units = X * 10.0 ** np.array([0, -12, 9, 3])
    assert advise(X).method == advise(units).method == "least_squares"
    assert advise(units).digits == 15
    b = X @ np.ones(4)
    x = advise(units, b).x * 10.0 ** np.array([0, -12, 9, 3])
    assert np.max(np.abs(x - 1)) <= 1e-13


@pytest.mark.parametrize("distance, method", [
    (1e-3, "least_squares"), (1e-12, "least_squares"), (1e-17, "truncated_least_squares")])
def test_a_column_counts_until_it_is_rounding(distance, method):
    assert advise(collinear(50, 5, distance, np.random.default_rng(6))).method == method


def test_digits_of_the_certified_problems_are_there():
    # The normal equations lose Wampler1 and Longley; QR with its columns scaled does not.
    for name in ("Longley", "Wampler1", "Pontius", "Norris"):
        data = read_strd(name)
        advice = advise(data.X, data.y)
        certified = np.array(data.coefficients, float)
        error = np.max(np.abs(advice.x / certified - 1))
        assert advice.method == "least_squares"
        assert error <= 10 ** (4 - advice.digits), name


def test_a_large_residual_takes_digits_away():
    A = vandermonde(np.linspace(0, 1, 20), 6)
    fitted = A @ np.ones(6)
    noise = np.random.default_rng(2).standard_normal(20)
    noise -= A @ np.linalg.lstsq(A, noise)[0]  # what no x can fit
    close, far = advise(A, fitted), advise(A, fitted + 1e3 * noise)
    assert close.digits >= far.digits + 2
    assert np.max(np.abs(close.x - 1)) <= 10.0 ** (1 - close.digits)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_shortest_solution_is_taken_where_there_are_many(dtype):
    A = np.array([[1, 0, 1], [0, 1, 1]], dtype)
    b = np.array([2, 3], dtype)
    advice = advise(A, b)
    assert advice.method == "truncated_least_squares" and "rank 2 of 3" in repr(advice)
    assert np.max(np.abs(advice.x - np.linalg.pinv(A.astype(float)) @ b)) <= 100 * roundoff(dtype)


def test_units_are_gone_before_the_rank_is_decided():
    X = np.random.default_rng(5).standard_normal((30, 3))[:, [0, 1, 2, 0]]
    X[:, 1] *= 1e-20
    x = np.array([1, 1e20, 1, 1])
    advice = advise(X, X @ x)
    assert "rank 3 of 4" in repr(advice) and "shortest is so in scaled units" in repr(advice)
    assert np.max(np.abs(advice.x / x - 1)) <= 1e-13 and advice.questions[-1].key == "residual"
    A, b = np.array([[1, 0, 1], [0, 1e-18, 1e-18]]), np.array([1, 1e-18])
    advice = advise(A, b)
    assert np.max(np.abs(A @ advice.x / b - 1)) <= 1e-6 and advice.backward_error <= 1e-15


@pytest.mark.filterwarnings("error")
def test_the_rank_is_decided_once_and_nothing_warns():
    rng, methods = np.random.default_rng(21), set()
    for _ in range(40):
        n = int(rng.integers(3, 25))
        U, V = (np.linalg.qr(rng.standard_normal((m, n)))[0] for m in (n + 2, n))
        A = U * np.append(np.ones(n - 1), 10 ** rng.uniform(-15.5, -13.5)) @ V.T
        advice = advise(A)
        methods.add(advice.method)
        assert (f"rank {n} of {n}" in repr(advice)) is False
    assert methods == {"least_squares", "truncated_least_squares"}


def test_lauchlis_columns_are_fitted_whose_gram_matrix_is_singular():
    A = lauchli(3, 1e-9)
    gram = A.T @ A
    assert np.linalg.matrix_rank(gram) == 1 and advise(A).method == "least_squares"
    assert advise(gram).method == "none"


def test_a_zero_matrix_determines_nothing():
    for shape in ((4, 2), (2, 4)):
        advice = advise(np.zeros(shape))
        assert (advice.method, advice.digits) == ("none", 0)


def test_one_column_is_no_exception():
    assert advise(np.ones((3, 1)), np.array([1.0, 2.0, 3.0])).x.round(12) == [2.0]
