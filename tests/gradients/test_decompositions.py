"""Eigenvalues, singular values and norms: exact where there is a gap, refused where there is none.
"""

import numpy as np
import pytest

from lib.gradients import grad, hvp
from tests.gradients.functions import ROUNDOFF

RNG = np.random.default_rng(21)
VALUES = np.array([-2.0, -0.5, 0.25, 1.0, 3.0])
Q = np.linalg.qr(RNG.standard_normal((5, 5)))[0]
S = (Q * VALUES) @ Q.T
S = (S + S.T) / 2
W, CHANGE = RNG.standard_normal((2, 5, 5))
TURN = CHANGE + CHANGE.T
SIZE = np.linalg.norm(TURN)
GAP = 0.75  # the smallest between VALUES
TALL, WIDE, SQUARE = ((np.linalg.qr(RNG.standard_normal((m, m)))[0][:, :k] * [4.0, 2.0, 1.0][:k])
                      @ np.linalg.qr(RNG.standard_normal((n, n)))[0][:, :k].T
                      for m, n, k in ((6, 3, 3), (3, 6, 3), (3, 3, 3)))


def inner(x, y):
    """Return the sum of products."""
    return float(np.sum(x * y))


def test_eigenvalues_change_by_rayleigh_quotients():
    wanted = np.einsum("ji,jk,ki->i", Q, TURN, Q)
    order = np.argsort(VALUES)
    for values in (np.linalg.eigvalsh, lambda A: np.linalg.eigh(A)[0],
                   lambda A: np.linalg.eigh(A).eigenvalues):
        for i in range(5):
            found = grad(lambda A: values(A)[i])(S)  # noqa: B023
            assert np.max(np.abs(found - found.T)) <= 4 * ROUNDOFF
            assert abs(inner(found, TURN) - wanted[order[i]]) <= 400 * ROUNDOFF * SIZE


def test_eigenvectors_turn_by_one_over_the_gap():
    # v_i changes by the sum of v_j (v_j^T TURN v_i) / (l_i - l_j). Signs cancel in w^T v v^T w.
    for i in range(5):
        turns = [Q[:, j] * (Q[:, j] @ TURN @ Q[:, i]) / (VALUES[i] - VALUES[j])
                 for j in range(5) if j != i]
        v, dv, w = Q[:, i], np.sum(turns, axis=0), W[0]
        place = int(np.sum(VALUES[i] > VALUES))
        found = grad(lambda A: (w @ np.linalg.eigh(A)[1][:, place]) ** 2)(S)  # noqa: B023
        bound = 500 * ROUNDOFF / GAP * SIZE * (w @ w)
        assert abs(inner(found, TURN) - 2 * (w @ v) * (w @ dv)) <= bound


def test_a_function_of_the_matrix_itself():
    # V diag(l**3) V^T is S^3, whose differential needs no eigenvalue.
    def cube(A):
        values, V = np.linalg.eigh(A)
        return np.sum((V * values**3) @ V.T * W)

    wanted = inner(W, TURN @ S @ S + S @ TURN @ S + S @ S @ TURN)
    bound = 27 * SIZE * np.linalg.norm(W) * ROUNDOFF
    assert abs(inner(grad(cube)(S), TURN) - wanted) <= 500 * bound
    second = 2 * inner(W, TURN @ TURN @ S + TURN @ S @ TURN + S @ TURN @ TURN)
    assert abs(inner(hvp(cube, S, TURN), TURN) - second) <= 1e4 * bound * SIZE


def test_equal_eigenvalues_have_a_gradient_and_their_vectors_none():
    A = np.diag([1.0, 1.0, 3.0])
    assert np.array_equal(grad(lambda A: np.sum(np.linalg.eigvalsh(A)))(A), np.eye(3))
    assert np.array_equal(grad(lambda A: np.sum(np.linalg.eigh(A)[0] ** 2))(A), 2 * A)
    largest = grad(lambda A: np.linalg.eigvalsh(A)[-1])(np.eye(3))
    # One of the subgradients: a vector's v v^T.
    assert np.array_equal(np.linalg.eigvalsh(largest), [0, 0, 1])
    assert np.array_equal(grad(lambda A: np.linalg.eigh(A)[1][2, 2] ** 2)(A), np.zeros((3, 3)))
    for i in (0, 1):
        with pytest.raises(ValueError, match=r"eigenvalues 0 and 1 are 1 and 1, with a gap of 0, .*"
                                             "no derivative there; use the values alone"):
            grad(lambda A: np.linalg.eigh(A)[1][0, i])(A)  # noqa: B023


@pytest.mark.parametrize("gap", [1e-4, 1e-8, 1e-12])
def test_vectors_lose_what_the_gap_says(gap):
    # [[1, t], [t, 1 + gap]] turns by t / gap: the slope of v_0 v_1 at t = 0 is -1 / gap.
    def f(t):
        A = np.diag([1.0, 1.0 + gap]) + t * np.array([[0.0, 1.0], [1.0, 0.0]])
        v = np.linalg.eigh(A)[1][:, 0]
        return v[0] * v[1]

    exact = -1 / ((1.0 + gap) - 1.0)
    assert abs(grad(f)(0.0) - exact) <= 8 * ROUNDOFF / gap * abs(exact)


def test_a_gap_that_may_be_rounding_is_refused():
    A = np.diag([1.0, 1.0 + 2**-52, 5.0])
    with pytest.raises(ValueError, match=r"gap of 2.2e-16, and up to 3.3e-15 it may be rounding"):
        grad(lambda A: np.linalg.eigh(A)[1][0, 0])(A)
    A = np.diag([1.0, 1.0 + 1e-14, 5.0])
    assert np.isfinite(grad(lambda A: np.linalg.eigh(A)[1][0, 0])(A)).all()


@pytest.mark.parametrize("A", [TALL, WIDE, SQUARE], ids=["tall", "wide", "square"])
def test_singular_values_change_by_their_vectors(A):
    U, _, Vt = np.linalg.svd(A, full_matrices=False)
    change = RNG.standard_normal(A.shape)
    for values in (np.linalg.svdvals, lambda A: np.linalg.svd(A, compute_uv=False),
                   lambda A: np.linalg.svd(A, full_matrices=False)[1],
                   lambda A: np.linalg.svd(A, False).S):
        for i in range(3):
            found = grad(lambda A: values(A)[i])(A)  # noqa: B023
            assert abs(inner(found, change) - U[:, i] @ change @ Vt[i]) <= (
                200 * ROUNDOFF * np.linalg.norm(change))


@pytest.mark.parametrize("A", [TALL, WIDE, SQUARE], ids=["tall", "wide", "square"])
def test_functions_of_singular_vectors_that_are_known_otherwise(A):
    w, v = RNG.standard_normal(A.shape), RNG.standard_normal(A.shape)

    def product(A):  # U s^3 V^T is A A^T A
        U, s, Vt = np.linalg.svd(A, full_matrices=False)
        return np.sum((U * s**3) @ Vt * w)

    def same(A):
        return np.sum(A @ A.T @ A * w)

    bound = 1000 * ROUNDOFF * 64 * np.linalg.norm(w)
    assert np.max(np.abs(grad(product)(A) - grad(same)(A))) <= bound
    assert np.max(np.abs(hvp(product, A, v) - hvp(same, A, v))) <= 20 * bound * np.linalg.norm(v)


def polar(A):
    """Return a function of the orthogonal factor U V^T."""
    U, _, Vt = np.linalg.svd(A, full_matrices=False)
    return np.sum(U @ Vt * np.arange(A.size).reshape(A.shape))


@pytest.mark.parametrize("A", [TALL, WIDE, SQUARE], ids=["tall", "wide", "square"])
def test_the_orthogonal_factor(A):
    # It does not change when A is multiplied by a number, and is A (A^T A)^(-1/2).
    found = grad(polar)(A)
    w = np.arange(A.size).reshape(A.shape)
    assert abs(inner(found, A)) <= 500 * ROUNDOFF * np.linalg.norm(w) * np.linalg.norm(A)

    def same(A):
        short = A.T @ A if A.shape[0] >= A.shape[1] else A @ A.T
        values, V = np.linalg.eigh(short)
        root = (V / np.sqrt(values)) @ V.T
        return np.sum((A @ root if A.shape[0] >= A.shape[1] else root @ A) * w)

    # The smallest eigenvalue of A^T A, 1, has kappa 16.
    assert np.max(np.abs(found - grad(same)(A))) <= 16 * 500 * ROUNDOFF * np.linalg.norm(w)


def test_equal_singular_values_have_a_gradient_and_their_vectors_none():
    assert np.max(np.abs(grad(lambda A: np.sum(np.linalg.svdvals(A)))(np.eye(3)) - np.eye(3))) <= (
        8 * ROUNDOFF)
    with pytest.raises(ValueError, match="singular values 0 and 1 are 1 and 1, with a gap of 0"):
        grad(polar)(np.eye(3))
    with pytest.raises(ValueError, match="singular values 0 and 1 are 2 and 2"):
        grad(lambda A: np.linalg.svd(A, False)[2][1, 1])(np.diag([2.0, 2.0, 1.0]))
    one = grad(lambda A: np.linalg.svd(A, False)[0][0, 2] ** 2)(np.diag([2.0, 2.0, 1.0]))
    assert np.array_equal(one, np.zeros((3, 3)))


def test_a_singular_value_of_zero_has_no_vectors_on_the_longer_side():
    A = np.array([[3.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match=r"singular value 1 is 0, 0 up to rounding: .*longer side"):
        grad(lambda A: np.linalg.svd(A, False)[0][1, 1])(A)
    with pytest.raises(ValueError, match="singular value 1 is 0, 0 up to rounding"):
        grad(lambda A: np.linalg.svd(A, False)[2][1, 1])(A.T)
    # v_0 is (1, 0) and turns by CHANGE[0, 1] / 3; v_1 is orthogonal to it.
    found = grad(lambda A: np.linalg.svd(A, False)[2][0, 1] * np.linalg.svd(A, False)[2][0, 0])(A)
    assert np.max(np.abs(found - [[0, 1 / 3], [0, 0], [0, 0]])) <= 4 * ROUNDOFF


def test_vectors_without_values_are_refused():
    with pytest.raises(ValueError, match="no singular value belongs to: use full_matrices=False"):
        grad(lambda A: np.linalg.svd(A)[0][0, 0])(TALL)
    assert np.isfinite(grad(lambda A: np.linalg.svd(A)[0][0, 0])(SQUARE)).all()


def test_the_results_have_the_types_of_numpy():
    kept = []

    def f(A):
        kept.extend([np.linalg.eigh(A), np.linalg.svd(A)])
        return np.sum(A)

    grad(f)(S)
    assert [type(part) for part in kept] == [type(np.linalg.eigh(S)), type(np.linalg.svd(S))]
    for mine, plain in zip(kept, (np.linalg.eigh(S), np.linalg.svd(S)), strict=True):
        assert all(np.array_equal(a.value, b) for a, b in zip(mine, plain, strict=True))


@pytest.mark.parametrize("kwargs", [{}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"ord": "fro"},
                                    {"axis": (0, 1)}, {"ord": 2, "axis": 1},
                                    {"ord": "fro", "axis": (1, 0)}], ids=str)
def test_norms_have_unit_vectors_as_gradients(kwargs):
    axis = kwargs.get("axis", (0, 1))
    length = np.sqrt(np.sum(TALL**2, axis=axis, keepdims=True))
    found = grad(lambda A: np.sum(np.linalg.norm(A, **kwargs)))(TALL)
    assert np.max(np.abs(found - TALL / length)) <= 4 * ROUNDOFF
    same = grad(lambda A: np.sum(np.sqrt(np.sum(A * A, axis=axis)) ** 3))(TALL)
    other = grad(lambda A: np.sum(np.linalg.norm(A, **kwargs) ** 3))(TALL)
    assert np.max(np.abs(same - other)) <= 20 * ROUNDOFF * np.max(np.abs(same))


@pytest.mark.parametrize("kwargs, x", [
    ({"ord": 2}, TALL), ({"ord": 1}, TALL), ({"ord": np.inf}, TALL[0]), ({"ord": "nuc"}, TALL),
    ({"ord": "fro", "axis": 1}, TALL), ({"ord": 2, "axis": (0, 1)}, TALL)], ids=str)
def test_other_norms_are_refused(kwargs, x):
    with pytest.raises(TypeError, match=r"ord=.* has no derivative here: write it with np\.abs"):
        grad(lambda x: np.sum(np.linalg.norm(x, **kwargs)))(x)


def test_asymmetry_and_stacks_are_refused():
    for f in (lambda A: np.linalg.eigh(A)[0][0], lambda A: np.linalg.eigvalsh(A)[0]):
        with pytest.raises(ValueError, match="is not symmetric: give it"):
            grad(f)(np.array([[1.0, 0.5], [0.25, 1.0]]))
        with pytest.raises(ValueError, match="of an array of shape"):
            grad(f)(np.ones((2, 2, 2)))
    with pytest.raises(TypeError, match="'UPLO'"):
        grad(lambda A: np.linalg.eigh(A, UPLO="U")[0][0])(S)


def test_float32():
    A = S.astype(np.float32)
    for f in (lambda A: np.sum(np.linalg.eigvalsh(A)), lambda A: np.linalg.eigh(A)[1][0, 0],
              lambda A: np.linalg.svd(A)[0][0, 0], np.linalg.norm):
        assert grad(f)(A).dtype == np.float32


@pytest.mark.parametrize("exponent", [-1074, -700, 600, 1020])
def test_a_norm_beyond_the_range_of_squares_has_its_direction_as_gradient(exponent):
    with np.errstate(over="ignore"):  # the value itself may be inf, as in NumPy
        found = grad(np.linalg.norm)(np.ldexp([3.0, 4.0], exponent))
    assert np.max(np.abs(found - [0.6, 0.8])) <= 4 * ROUNDOFF
