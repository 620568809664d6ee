"""The reduction is an orthogonal similarity, and a QR step is one, which converges fast."""

import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.linear import eigh, qr_step, tridiagonalize, wilkinson_shift
from lib.linear.tridiagonal import LARGE, SMALL, givens
from tests.linear.helpers import (
    DTYPES,
    SYMMETRIC,
    loss,
    norm,
    rng,
    roundoff,
    symmetric,
    tridiagonal,
)

U = 2.0**-53


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SYMMETRIC)
def test_the_reduction_is_an_orthogonal_similarity(name, dtype):
    A = SYMMETRIC[name].astype(dtype)
    Q, T = tridiagonalize(A)
    bound = 10 * len(A) * roundoff(dtype)
    assert Q.dtype == T.dtype == dtype
    assert np.array_equal(T, T.T) and not np.triu(T, 2).any()
    assert loss(Q) <= bound
    Q, T = Q.astype(float), T.astype(float)
    assert norm(Q @ T @ Q.T - A) <= bound * norm(A)
    # Whatever is kept, is kept to rounding: the trace, and the sum of the squares.
    assert abs(np.trace(T) - np.trace(A.astype(float))) <= len(A) * bound * norm(A)


def test_the_input_stays_as_it_is_and_a_tridiagonal_matrix_only_changes_signs():
    A = SYMMETRIC["tridiagonal"].copy()
    Q, T = tridiagonalize(A)
    assert np.array_equal(A, SYMMETRIC["tridiagonal"])
    assert np.array_equal(np.abs(Q), np.eye(len(A))) and np.array_equal(np.abs(T), np.abs(A))


def test_numbers_on_the_way_may_be_as_large_as_the_range():
    A = symmetric(6) * 2.0**1018
    assert np.array_equal(tridiagonalize(A)[1], tridiagonalize(symmetric(6))[1] * 2.0**1018)
    with pytest.raises(OverflowError, match="an element of T left the range of float64: scale"):
        tridiagonalize(np.full((9, 9), 1e308))


# Wilkinson's shift.


def test_the_shift_is_the_eigenvalue_nearer_to_the_last_element():
    generator = rng(21)
    for _ in range(300):
        a, b, c = (generator.standard_normal(3) * 10.0 ** generator.integers(-8, 9, 3)).tolist()
        with mpmath.workdps(50):
            half, centre = (mpmath.mpf(a) - c) / 2, (mpmath.mpf(a) + c) / 2
            root = mpmath.sqrt(half**2 + mpmath.mpf(b) ** 2)
            exact = min(centre - root, centre + root, key=lambda x: abs(x - c))
        size = max(abs(a), abs(b), abs(c))
        assert abs(wilkinson_shift(a, b, c) - exact) <= 8 * U * min(size, abs(c) + abs(b))


@pytest.mark.parametrize("a, b, c, shift", [
    (1.0, 0.0, 2.0, 2.0), (2.0, 3.0, 2.0, -1.0), (2.0, -3.0, 2.0, -1.0), (0.0, 1.0, 0.0, -1.0),
    (0.0, 0.0, 0.0, 0.0), (1e308, 1e308, -1e308, -math.sqrt(2) * 1e308), (1.0, 1e-320, 0.0, 0.0),
    (1e308, 1.0, -1e308, -1e308), (5e-324, 5e-324, 0.0, -0.0)])
def test_the_shift_at_the_ends_of_the_range(a, b, c, shift):
    assert wilkinson_shift(a, b, c) == pytest.approx(shift, rel=4 * U, abs=1e-323)


def test_the_shift_takes_numbers_of_any_real_kind_and_gives_a_float():
    for kind in (int, np.float32, np.float64, Fraction):
        assert type(wilkinson_shift(kind(5), kind(2), kind(2))) is float
        assert wilkinson_shift(kind(5), kind(2), kind(2)) == 1
    for wrong in (math.nan, math.inf):
        with pytest.raises(ValueError, match=r"a, b, c = .*: remove what is not finite"):
            wilkinson_shift(1.0, wrong, 1.0)


# One step.


def stepped(T):
    """Return the matrix after a step on all of its rows, and the product of the rotations."""
    d, e = np.diag(T).tolist(), np.diag(T, -1).tolist()
    Q = np.eye(len(T))
    for k, c, s in qr_step(d, e, 0, len(T) - 1):
        Q[k : k + 2] = np.array([[c, s], [-s, c]]) @ Q[k : k + 2]
    return tridiagonal(d, e), Q


@pytest.mark.parametrize("n", [2, 3, 12])
def test_a_step_is_an_orthogonal_similarity(n):
    for seed in range(30, 40):
        T = tridiagonalize(symmetric(n, seed))[1]
        new, Q = stepped(T)
        assert norm(Q @ Q.T - np.eye(n)) <= 10 * n * U
        assert norm(Q @ T @ Q.T - new) <= 10 * n * U * norm(T)


@pytest.mark.parametrize("n", [2, 3, 12])
def test_a_step_is_what_a_qr_factorisation_with_the_shift_makes(n):
    # The implicit Q theorem: up to signs both are the same matrix.
    for seed in range(40, 50):
        T = tridiagonalize(symmetric(n, seed))[1]
        shift = wilkinson_shift(T[-2, -2], T[-1, -2], T[-1, -1]) * np.eye(n)
        Q, R = np.linalg.qr(T - shift)
        explicit, new = R @ Q + shift, stepped(T)[0]
        # The explicit one subtracts the shift and adds it again, which costs it digits.
        assert np.abs(np.abs(explicit) - np.abs(new)).max() <= 1e-9 * norm(T)


def test_a_step_on_a_block_leaves_the_others_alone():
    d, e = [1.0, 2.0, 3.0, 4.0, 5.0], [0.0, 1.0, 1.0, 0.0]
    turns = qr_step(d, e, 1, 3)
    assert (d[0], d[4], e[0], e[3]) == (1, 5, 0, 0) and [k for k, _, _ in turns] == [1, 2]
    assert abs(sum(d) - 15) <= 20 * U


def test_the_last_element_beside_the_diagonal_falls_cubically():
    # At least quadratic is proved, cubic is the rule (Wilkinson 1968, Aishima 2015). Below 1e-15
    # the rounding of the shift slows it down, and a small gap costs a constant factor.
    orders = []
    for seed in range(50, 90):
        T = tridiagonalize(symmetric(6, seed))[1]
        d, e, seen = (np.diag(T) / norm(T)).tolist(), (np.diag(T, -1) / norm(T)).tolist(), []
        while not seen or seen[-1] > 1e-14:
            qr_step(d, e, 0, 5)
            seen.append(abs(e[-1]))
        orders += [math.log(after) / math.log(before) for before, after in itertools.pairwise(seen)
                   if before < 0.01 and after > 1e-15]
    assert len(orders) > 20 and min(orders) > 1.5 and np.median(orders) > 2.6


def test_the_shift_of_rayleigh_never_moves_the_exchange():
    # Why Wilkinson's shift, and not the last element itself, is taken.
    T = np.array([[0.0, 1.0], [1.0, 0.0]])
    Q, R = np.linalg.qr(T - T[1, 1] * np.eye(2))
    assert np.array_equal(np.abs(R @ Q + T[1, 1] * np.eye(2)), T)
    assert norm(np.abs(stepped(T)[0]) - np.eye(2)) <= 4 * U


def test_a_step_refuses_what_it_cannot_overwrite():
    for wrong in (np.ones(3), (1.0, 2.0, 3.0), [1, 2, 3], [1.0, np.float64(2), 3.0], None,
                  [1.0, math.nan, 3.0], [1.0, -math.inf, 3.0], [1.0, 2 * LARGE, 1.0]):
        with pytest.raises(TypeError, match=r"d is overwritten, and must be a list of floats"):
            qr_step(wrong, [1.0, 1.0], 0, 2)
        with pytest.raises(TypeError, match=r"e is overwritten, and must be a list of floats"):
            qr_step([1.0, 1.0, 1.0, 1.0], wrong, 0, 2)
    for low, high in ((0, 3), (-1, 1), (1, 1), (2, 1)):
        with pytest.raises(ValueError, match=f"rows {low} to {high} of d and e, of lengths 3"):
            qr_step([1.0, 1.0, 1.0], [1.0, 1.0], low, high)
    with pytest.raises(ValueError, match=r"of lengths 3 and 3: d needs one number more than e"):
        qr_step([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], 0, 2)


@pytest.mark.parametrize("x, y", [
    (3.0, -4.0), (0.0, 0.0), (0.0, 2.0), (-2.0, 0.0), (5e-324, 5e-324), (-1e-310, 3e-315),
    (1e-323, 1e-320), (SMALL, SMALL), (1e150, 1e-200)])
def test_a_rotation_is_one_however_small_the_numbers(x, y):
    c, s, r = givens(x, y)
    assert abs(c * c + s * s - 1) <= 4 * U
    assert abs(c * y - s * x) <= 4 * U * r + 5e-324
    assert abs(c * x + s * y - r) <= 4 * U * r + 5e-324


def test_quotients_of_subnormal_numbers_are_no_rotation():
    x = y = 5e-324
    r = math.hypot(x, y)
    assert abs((x / r) ** 2 + (y / r) ** 2 - 1) > 0.5


def test_steps_on_tiny_numbers_are_those_on_ordinary_ones():
    T = tridiagonalize(symmetric(8))[1]
    d, e = np.diag(T).tolist(), np.diag(T, -1).tolist()
    small_d, small_e = (np.ldexp(x, -1000).tolist() for x in (d, e))
    for _ in range(3):
        qr_step(d, e, 0, 7)
        qr_step(small_d, small_e, 0, 7)
    assert np.array_equal(np.ldexp(small_d, 1000), d)


def test_steps_alone_lead_to_the_eigenvalues():
    T = tridiagonalize(symmetric(7))[1]
    d, e = np.diag(T).tolist(), np.diag(T, -1).tolist()
    for high in range(6, 0, -1):
        while abs(e[high - 1]) > 1e-17:
            qr_step(d, e, 0, high)
        e[high - 1] = 0.0
    assert np.abs(np.sort(d) - eigh(T).values).max() <= 20 * 7 * U * norm(T)
