"""Backward errors are the size of the smallest change that does it, which the tests construct."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.numbers import (
    backward_error,
    condition,
    least_squares_backward_error,
    orthogonality_loss,
    residual,
)
from lib.problems import hilbert, read_strd, with_singular_values
from tests.hostile import answer, arrays, exact, steady

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
    assert error == pytest.approx(distance, rel=1e-6, abs=0)


def test_solutions_and_their_limits():
    A, b = np.array([[1.0], [1.0], [1.0]]), np.array([1.0, 2.0, 3.0])
    assert least_squares_backward_error(A, np.array([2.0]), b) == 0
    assert least_squares_backward_error(A, np.array([2.0]), np.full(3, 2.0)) == 0
    assert least_squares_backward_error(A, np.array([np.nan]), b) == np.inf
    # x = 0 is a solution if A is orthogonal to b: the part of A along b must go.
    error = least_squares_backward_error(A, np.array([0.0]), b)
    assert error == pytest.approx((b / np.linalg.norm(b)) @ A[:, 0] / np.sqrt(3), rel=1e-14, abs=0)
    with pytest.raises(ValueError, match="column 1 of A is zero"):
        least_squares_backward_error(np.eye(3, 2) * [1, 0], np.ones(2), b)


def test_units_of_the_columns_do_not_matter():
    data = read_strd("Pontius")
    x = np.linalg.lstsq(data.X, data.y, rcond=None)[0]
    factors = np.exp2([0, 60, -60])
    scaled = least_squares_backward_error(data.X * factors, x / factors, data.y)
    assert scaled == pytest.approx(least_squares_backward_error(data.X, x, data.y), rel=1e-3, abs=0)


# --- orthogonality and conditioning --------------------------------------------------------


def test_the_loss_of_orthogonality_is_that_of_the_angle():
    for angle in (1e-3, 1e-8, 0.5):
        Q = np.array([[1.0, np.sin(angle)], [0.0, np.cos(angle)]])
        assert orthogonality_loss(Q) == pytest.approx(np.sin(angle), rel=1e-6, abs=0)
    assert orthogonality_loss(np.eye(5, 3)) == 0
    assert orthogonality_loss(np.eye(2, dtype=np.float32) * 2) == 3
    assert orthogonality_loss(np.full((3, 2), np.nan)) == np.inf


def test_condition_numbers():
    A = with_singular_values([100.0, 3.0, 2.0], np.random.default_rng(15), m=6)
    assert condition(A) == pytest.approx(50, rel=1e-12, abs=0)
    B = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert condition(B, 1) == pytest.approx(21) and condition(B, np.inf) == pytest.approx(21)
    assert condition(B, "fro") == pytest.approx(15) and type(condition(B)) is float
    assert condition(np.zeros((2, 2))) == np.inf
    assert condition(np.ones((2, 2)), 1) == condition(np.zeros((2, 2)), "fro") == np.inf
    # float32 entries are taken as they are, and judged in float64.
    kappa = condition(hilbert(5))
    assert condition(hilbert(5).astype(np.float32)) == pytest.approx(kappa, rel=0.1, abs=0)


# --- the ends of the range -----------------------------------------------------------------


def test_what_makes_no_system_is_refused_by_name():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    ones = np.ones(2)
    for x, b in ((ones, np.array([[3.0, 8.0]])), (np.ones(3), ones), (ones, np.ones(3)),
                 (np.ones((2, 1)), ones), (ones, np.ones((2, 1))), (1.0, ones), (ones, 1.0),
                 (np.ones((2, 1, 1)), np.ones((2, 1, 1))), (np.ones((2, 2)), np.ones((2, 3)))):
        for f in (residual, backward_error, least_squares_backward_error):
            with pytest.raises(ValueError, match=r"make no system: give x \(2,\) and b \(2,\)"):
                f(A, x, b)
    e = np.eye(3, dtype=np.float32)
    with pytest.raises(ValueError, match="make no system"):
        residual(e, np.ones(3, np.float32), np.ones((3, 1), np.float32))
    for A, x, b in ((np.eye(2), np.ones((2, 2)), np.ones((2, 2))), (np.ones((1, 2)), ones, [1.0])):
        with pytest.raises(ValueError, match="no least-squares problem"):
            least_squares_backward_error(A, x, b)
    assert backward_error([[1, 0], [0, 2]], [1, 1], [1, 2]) == 0  # lists and integers are read


@pytest.mark.parametrize("f", [lambda A: backward_error(A, np.ones(2), np.ones(2)),
                               lambda A: residual(A, np.ones(2), np.ones(2)), condition,
                               orthogonality_loss])
def test_complex_and_other_matrices_are_refused_by_name(f):
    for A in (1j * np.eye(2), np.eye(2, dtype=np.float16), np.eye(2).astype(object), None,
              np.ones(2), np.ones((2, 2, 2))):
        assert not answer(lambda A=A: f(A), "A", "Q")


def test_a_matrix_that_is_not_finite_is_named_by_its_entry():
    # np.linalg raises "SVD did not converge" here, and in a browser it returns nan in silence.
    for p in (2, 1, np.inf, "fro"):
        with pytest.raises(ValueError, match=r"A\[0, 0\] is nan"):
            condition(np.array([[np.nan, 1], [1, 1]]), p)
        with pytest.raises(ValueError, match=r"A\[1, 0\] is -inf"):
            condition(np.array([[1, 1], [-np.inf, 1]]), p)


@pytest.mark.parametrize("size", [2e300, 1e-320, 1e-300, 1e200, 1.0])
def test_exact_solutions_of_any_size_have_no_backward_error(size):
    A = size * np.eye(2)
    assert backward_error(A, np.ones(2), np.full(2, size)) == 0
    assert backward_error(np.eye(2), np.full(2, size), np.full(2, size)) == 0
    assert not residual(A, np.ones(2), np.full(2, size)).any()
    assert least_squares_backward_error(A, np.ones(2), np.full(2, size)) == 0
    assert backward_error(A, np.zeros(2), np.full(2, size)) == 1
    assert backward_error(np.zeros((2, 2)), np.ones(2), np.full(2, size)) == 1
    assert backward_error(A, np.full(2, size), np.zeros(2)) == 1


def test_residuals_where_products_overflow_and_cancel():
    A, x = np.array([[1e200, 1e200], [1e-200, 1.0]]), np.array([1e200, -1e200])
    assert residual(A, x, np.array([3.0, 1e200])).tolist() == [3.0, 2e200]
    assert residual(A, np.array([1e200, 1e200]), np.zeros(2))[0] == -np.inf
    X = np.array([[1e200, np.nan], [-1e200, 1.0]])
    r = residual(A, X, np.zeros((2, 2)))
    assert r[0, 0] == 0 and np.isnan(r[:, 1]).all()
    assert residual(np.eye(2, dtype=np.float32), np.array([0.1, 2.0]), np.zeros(2))[0] == -0.1


def test_least_squares_at_the_ends_of_the_range():
    A, b = np.array([[1.0], [1.0], [1.0]]), np.array([1.0, 2.0, 3.0])
    right = least_squares_backward_error(A, np.array([2.1]), b)
    for p, q in ((-300, 700), (700, -300), (-1000, -60), (1000, -20), (0, -1000), (0, 1000)):
        A2, x2, b2 = np.ldexp(A, p), np.ldexp(np.array([2.1]), q), np.ldexp(b, p + q)
        assert least_squares_backward_error(A2, x2, b2) == pytest.approx(right, rel=1e-14, abs=0)
    # An x far too small is no better than x = 0.
    almost = least_squares_backward_error(A, np.array([1e-300]), b)
    exact = least_squares_backward_error(A, np.zeros(1), b)
    assert almost == pytest.approx(exact, rel=1e-15, abs=0)
    assert least_squares_backward_error(A, np.array([1e-300]), np.zeros(3)) == pytest.approx(1)
    wide = np.array([[1.0, 1e-160], [0.0, 1e-160], [0.0, 0.0]])
    expected = least_squares_backward_error(wide * [1, 1e160], np.array([0.0, 1.0]), np.ones(3))
    error = least_squares_backward_error(wide, np.array([0.0, 1e160]), np.ones(3))
    assert error == pytest.approx(expected, rel=1e-14, abs=0)


def test_condition_numbers_and_orthogonality_of_any_scale():
    B = np.array([[1.0, 2.0], [3.0, 4.0]])
    for p in (2, 1, np.inf, "fro"):
        for k in (-1000, -600, 600, 1000):
            assert condition(np.ldexp(B, k), p) == condition(B, p)
    assert orthogonality_loss(1e200 * np.eye(2)) == np.inf
    assert orthogonality_loss(np.full((2, 2), 1e-200)) == 1
    assert orthogonality_loss(np.array([[np.inf, 0], [0, 1]])) == np.inf
    # With p = 2 the matrix may have any shape.
    assert condition(np.eye(4, 2) * 3) == condition(np.eye(2, 4)) == 1


@pytest.mark.parametrize("first, second", [(1, 1e-160), (1e308, 1e150), (1, 1e-307)])
def test_condition_numbers_whose_squares_overflow(first, second):
    for p in (2, 1, np.inf, "fro"):
        assert condition(np.diag([first, second]), p) == pytest.approx(first / second, rel=1e-14,
                                                                       abs=0)
        assert condition(np.diag([1, 3e-309]), p) == np.inf
    assert condition([[3.0, 4e-170], [0, 1e-160]], "fro") == pytest.approx(3e160, rel=1e-14, abs=0)


SYSTEMS = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(lambda shape: st.tuples(
    arrays(shape, finite=True), arrays(shape[1:], finite=True), arrays(shape[:1], finite=True)))


@steady
@given(SYSTEMS, st.booleans())
def test_residuals_of_any_floats_are_those_of_fractions(system, solved):
    A, x, b = system
    if solved:  # so that all but the rounding errors cancel
        with np.errstate(all="ignore"):
            b = np.nan_to_num(A @ x)
    n, r = len(x), residual(A, x, b)
    gamma = Fraction(2 * (n + 1)) * exact(U) / (1 - 2 * (n + 1) * exact(U))
    for row, beta, value, true in zip(A, b, r, exact_residual(A, x, b), strict=True):
        size = abs(exact(beta)) + sum(abs(exact(a) * exact(t)) for a, t in zip(row, x, strict=True))
        if np.isinf(value):
            assert abs(true) > exact(np.finfo(float).max)
        else:
            assert abs(exact(value) - true) <= (
                exact(U) * abs(true) + gamma**2 * size + n * Fraction(1, 2**1073))


@steady
@given(SYSTEMS, st.booleans())
def test_backward_errors_of_any_floats_are_those_of_fractions(system, solved):
    A, x, b = system
    if solved:
        with np.errstate(all="ignore"):
            b = np.nan_to_num(A @ x)
    e, n = backward_error(A, x, b), len(x)
    r = max(map(abs, exact_residual(A, x, b)))
    size = (max(sum(abs(exact(a)) for a in row) for row in A) * max(abs(exact(t)) for t in x)
            + max(abs(exact(beta)) for beta in b))
    true = r / size if r else Fraction(0)
    assert 0 <= e <= 1 + 9 * n * U
    # The size is rounded n + 2 times, the residual loses what its own bound says.
    assert abs(exact(e) - true) <= (n + 4) * exact(U) * true + 9 * (n + 1) ** 2 * exact(U) ** 2


@steady
@given(arrays((2, 2), finite=True), st.sampled_from([1, np.inf]))
def test_condition_numbers_of_two_by_two_are_those_of_fractions(A, p):
    (a, b), (c, d) = [[exact(v) for v in row] for row in A]
    determinant, kappa = a * d - b * c, condition(A, p)
    assert type(kappa) is float and kappa >= 1 - 4 * U
    if determinant:
        along = [(a, c), (b, d)] if p == 1 else [(a, b), (c, d)]
        inverse = [(d, c), (b, a)] if p == 1 else [(d, b), (c, a)]
        norms = [max(abs(v) + abs(w) for v, w in lines) for lines in (along, inverse)]
        true = norms[0] * norms[1] / abs(determinant)
        if true < 2**40:
            assert abs(exact(kappa) - true) <= 16 * exact(U) * true**2
        else:  # only its size means something
            assert kappa > 2**30


@steady
@given(st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(arrays))
def test_the_loss_of_orthogonality_of_any_floats_lies_between_its_bounds(Q):
    loss, n = orthogonality_loss(Q), Q.shape[1]
    if not np.isfinite(Q).all():
        assert loss == np.inf
        return
    rows = [[exact(v) for v in row] for row in Q]
    entries = [abs(sum(row[i] * row[j] for row in rows) - (i == j))
               for i in range(n) for j in range(n)]
    if loss == np.inf:
        assert max(entries) > 2**990
    else:  # a 2-norm lies between the largest entry and n times it; a little for rounding
        size = max(entries)
        slack = 16 * exact(U) * (1 + size)
        assert size - slack <= exact(loss) <= n * size + slack


@steady
@given(st.integers(1, 3).flatmap(lambda n: st.tuples(
    arrays((st.integers(n, 4), n)), arrays((n,)), st.integers(0, 9))))
def test_least_squares_backward_errors_of_any_floats_are_small_or_refused(system):
    A, x, seed = system
    b = np.random.default_rng(seed).standard_normal(len(A))
    for e in answer(lambda: least_squares_backward_error(A, x, b), "A"):
        if not np.isfinite(x).all():
            assert e == np.inf
        else:  # changing all of A, whose columns have norm 1, is always enough
            assert 0 <= e <= math.sqrt(A.shape[1]) * (1 + 99 * U)


@pytest.mark.parametrize("size", [1e149, 1e151, 1e152, 1e153, 1e154])
def test_the_loss_of_orthogonality_of_huge_columns_is_in_range(size):
    Q = size * np.array([[0.6, -0.8], [0.8, 0.6]])
    assert orthogonality_loss(Q) == pytest.approx(size * size, rel=8 * U, abs=0)
    assert orthogonality_loss(np.array([[1e155]])) == orthogonality_loss([[np.nan]]) == np.inf


def test_an_exact_solution_of_a_system_that_cancels_has_next_to_no_backward_error():
    rng, n, seen, plain = np.random.default_rng(811), 6, [], []
    for _ in range(300):
        A = np.ldexp(rng.integers(-9, 9, (n, n)) * 1.0, rng.integers(-60, 60, (n, n)))
        A[:, 3:] = -A[:, :3]  # A x is 0 in exact arithmetic, with whatever terms
        x = np.tile(rng.standard_normal(3), 2)
        seen.append(backward_error(A, x, np.zeros(n)))
        plain.append(np.max(np.abs(A @ x)) / (np.linalg.norm(A, np.inf) * np.max(np.abs(x))))
    # In one precision it is 10**14 times as much; in two it need not be 0.
    assert 0 < max(seen) <= n * (n + 1) * U**2 < max(plain)


def test_the_condition_of_a_singular_matrix_is_infinite_or_about_one_over_u():
    singular = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert condition(singular) > 0.1 / U and condition(singular, 1) > 0.1 / U


@pytest.mark.parametrize("n", [2**53 + 1, -2**53 - 1, 2**63 + 1, 10**40])
def test_integers_that_no_float_holds_are_refused(n):
    for A, x, b in (([[n]], [1], [1]), ([[1]], [n], [1]), ([[1]], [1], [n])):
        with pytest.raises(ValueError, match=f"holds {n}, which float64 would round to"):
            residual(A, x, b)
    with pytest.raises(ValueError, match="A holds"):
        condition([[n]])
    assert residual(np.array([[2**53]]), [2], [2**60]).tolist() == [2**60 - 2**54]
