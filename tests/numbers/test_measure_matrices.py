"""Backward errors are the size of the smallest change that does it, which the tests construct."""

from fractions import Fraction

import numpy as np
import pytest

from lib.numbers import (
    backward_error,
    condition,
    least_squares_backward_error,
    orthogonality_loss,
    residual,
)
from lib.problems import hilbert, read_strd, with_singular_values

U = 2.0**-53


def exact_residual(A, x, b):
    """Return b - A x as fractions."""
    return [Fraction(float(beta)) - sum(Fraction(float(a)) * Fraction(float(t))
                                        for a, t in zip(row, x, strict=True))
            for row, beta in zip(A, b, strict=True)]


# --- residuals -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 5, 7])
def test_residuals_are_computed_in_twice_the_precision(seed):
    n, rng = 30, np.random.default_rng(seed)
    A = rng.standard_normal((n + 4, n)) * np.exp(rng.uniform(-9, 9, (n + 4, n)))
    x = rng.standard_normal(n)
    b = A @ x  # so that all but the rounding errors cancel
    exact = exact_residual(A, x, b)
    # Ogita, Rump & Oishi (2005), for an inner product of n + 1 terms.
    gamma = 2 * (n + 1) * U / (1 - 2 * (n + 1) * U)
    allowed = gamma**2 * (np.abs(A) @ np.abs(x) + np.abs(b))
    computed = residual(A, x, b)
    errors = [abs(Fraction(float(r)) - e) for r, e in zip(computed, exact, strict=True)]
    assert all(error <= U * abs(e) + Fraction(float(more))
               for error, e, more in zip(errors, exact, allowed, strict=True))
    plain = b - A @ x
    off = [abs(Fraction(float(r)) - e) / abs(e) for r, e in zip(plain, exact, strict=True)]
    assert max(off) > 0.5


def test_residuals_of_many_columns_and_of_float32():
    rng = np.random.default_rng(9)
    A, X = rng.standard_normal((5, 4)), rng.standard_normal((4, 3))
    B = A @ X
    assert np.array_equal(residual(A, X, B)[:, 1], residual(A, X[:, 1], B[:, 1]))
    A, X = A.astype(np.float32), X.astype(np.float32)
    B = A @ X
    r = residual(A, X, B)
    assert r.dtype == np.float64
    assert np.array_equal(r, B.astype(float) - A.astype(float) @ X.astype(float))


# --- square systems ------------------------------------------------------------------------


def test_the_backward_error_is_reached_by_a_change_of_that_size():
    rng = np.random.default_rng(11)
    A, x, b = rng.standard_normal((6, 6)), rng.standard_normal(6), rng.standard_normal(6)
    e, r = backward_error(A, x, b), residual(A, x, b)
    norm = np.linalg.norm(A, np.inf)
    k = np.argmax(np.abs(x))
    # Rigal and Gaches: E = e norm(A) (r / norm(r)) times a row, f = - e norm(b) r / norm(r).
    direction = r / np.max(np.abs(r))
    E = np.zeros_like(A)
    E[:, k] = e * norm * direction * np.sign(x[k])
    f = -e * np.max(np.abs(b)) * direction
    assert np.linalg.norm(E, np.inf) <= e * norm * (1 + 9 * U)
    assert np.allclose((A + E) @ x, b + f, rtol=0, atol=1e-13)


def test_backward_errors_far_below_the_rounding_of_a_plain_residual_are_seen():
    A = hilbert(8)
    x = np.ones(8)
    b = np.array([float(sum(Fraction(a) for a in row)) for row in A])
    assert backward_error(A, x, b) <= U
    assert backward_error(A.astype(np.float32), x.astype(np.float32),
                          b.astype(np.float32)) <= 2.0**-24


@pytest.mark.parametrize("x, b, error", [
    ([1.0, 1.0], [1.0, 2.0], 0.0), ([0.0, 0.0], [1.0, 2.0], 1.0), ([0.0, 0.0], [0.0, 0.0], 0.0),
    ([np.nan, 1.0], [1.0, 2.0], np.inf), ([np.inf, 1.0], [1.0, 2.0], np.inf)])
def test_limits_of_the_backward_error(x, b, error):
    result = backward_error(np.diag([1.0, 2.0]), np.array(x), np.array(b))
    assert type(result) is float and result == error


def test_backward_errors_of_many_columns():
    A, X = np.eye(2), np.array([[1.0, 1.0], [1.0, 1.0]])
    errors = backward_error(A, X, np.array([[1.0, 3.0], [1.0, 1.0]]))
    assert np.array_equal(errors, [0.0, 0.5])


# --- least squares -------------------------------------------------------------------------


def smallest_by_definition(A, x, b):
    """Return the formula of Waldén, Karlson and Sun for columns of norm 1, from the whole matrix.

    Its last singular value is less accurate than the one that the function computes.
    """
    scale = np.linalg.norm(A, axis=0)
    A, x = A / scale, x * scale
    r = b - A @ x
    phi = np.linalg.norm(r) / np.linalg.norm(x)
    projection = np.eye(len(b)) - np.outer(r, r) / (r @ r)
    singular = np.linalg.svd(np.hstack([A, phi * projection]), compute_uv=False)
    return min(phi, singular[len(b) - 1])


@pytest.mark.parametrize("change", [1.0, 1e-2, 1e-4, 1e-8])
@pytest.mark.parametrize("shape", [(9, 4), (5, 4), (4, 4), (30, 1)])
def test_the_formula_of_walden_karlson_and_sun(shape, change):
    rng = np.random.default_rng(13)
    A, b = rng.standard_normal(shape) * np.logspace(0, 6, shape[1]), rng.standard_normal(shape[0])
    x = np.linalg.lstsq(A, b, rcond=None)[0] * (1 + change * rng.standard_normal(shape[1]))
    expected = smallest_by_definition(A, x, b)
    assert least_squares_backward_error(A, x, b) == pytest.approx(expected, rel=1e-6, abs=1e-15)


def test_no_smaller_change_does_it_and_one_of_that_size_does():
    # One column: minimising over a + e with (a + e) orthogonal to b - (a + e) x can be done.
    a, b, x = np.array([1.0, 0.0]), np.array([1.0, 1.0]), 1.1
    angles = np.linspace(0, 2 * np.pi, 200_001)
    # All solutions: (b - c x) . c = 0, a circle of diameter norm(b) / x through 0.
    centre, radius = b / (2 * x), np.linalg.norm(b) / (2 * x)
    circle = centre[:, None] + radius * np.stack([np.cos(angles), np.sin(angles)])
    distance = np.min(np.linalg.norm(circle - a[:, None], axis=0))
    error = least_squares_backward_error(a[:, None], np.array([x]), b)
    assert error == pytest.approx(distance, rel=1e-6)


def test_solutions_and_their_limits():
    A, b = np.array([[1.0], [1.0], [1.0]]), np.array([1.0, 2.0, 3.0])
    assert least_squares_backward_error(A, np.array([2.0]), b) == 0
    assert least_squares_backward_error(A, np.array([2.0]), np.full(3, 2.0)) == 0
    assert least_squares_backward_error(A, np.array([np.nan]), b) == np.inf
    # x = 0 is a solution if A is orthogonal to b: the part of A along b must go.
    error = least_squares_backward_error(A, np.array([0.0]), b)
    assert error == pytest.approx((b / np.linalg.norm(b)) @ A[:, 0] / np.sqrt(3), rel=1e-14)
    with pytest.raises(ValueError, match="column 1 of A is zero"):
        least_squares_backward_error(np.eye(3, 2) * [1, 0], np.ones(2), b)


def test_units_of_the_columns_do_not_matter():
    data = read_strd("Pontius")
    x = np.linalg.lstsq(data.X, data.y, rcond=None)[0]
    factors = np.exp2([0, 60, -60])
    scaled = least_squares_backward_error(data.X * factors, x / factors, data.y)
    assert scaled == pytest.approx(least_squares_backward_error(data.X, x, data.y), rel=1e-3)


# --- orthogonality and conditioning --------------------------------------------------------


def test_the_loss_of_orthogonality_is_that_of_the_angle():
    for angle in (1e-3, 1e-8, 0.5):
        Q = np.array([[1.0, np.sin(angle)], [0.0, np.cos(angle)]])
        assert orthogonality_loss(Q) == pytest.approx(np.sin(angle), rel=1e-6)
    assert orthogonality_loss(np.eye(5, 3)) == 0
    assert orthogonality_loss(np.eye(2, dtype=np.float32) * 2) == 3
    assert orthogonality_loss(np.full((3, 2), np.nan)) == np.inf


def test_condition_numbers():
    A = with_singular_values([100.0, 3.0, 2.0], np.random.default_rng(15), m=6)
    assert condition(A) == pytest.approx(50, rel=1e-12)
    B = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert condition(B, 1) == pytest.approx(21) and condition(B, np.inf) == pytest.approx(21)
    assert condition(B, "fro") == pytest.approx(15) and type(condition(B)) is float
    assert condition(np.zeros((2, 2))) == np.inf
    assert condition(np.ones((2, 2)), 1) == np.inf
    # float32 entries are taken as they are, and judged in float64.
    assert condition(hilbert(5).astype(np.float32)) == pytest.approx(condition(hilbert(5)), rel=0.1)
