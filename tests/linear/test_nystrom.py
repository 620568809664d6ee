"""A Nyström preconditioner leaves the eigenvalues that it promises."""

import math

import numpy as np
import pytest
import scipy.sparse

from lib.linear import NotPositiveDefiniteError, NystromPreconditioner, cg, nystrom_preconditioner
from lib.problems import gaussian_kernel, random_orthogonal, with_singular_values
from tests.linear.helpers import DTYPES, rng, roundoff

SKETCHES = "gaussian", "columns"


def kernel(n=120, length=1.0, dtype=float):
    """Return the kernel matrix of random points in a cube, as a function."""
    return gaussian_kernel(rng(5).uniform(-1, 1, (n, 2)).astype(dtype), length)


def stored(K):
    """Return a kernel as an array, exactly symmetric."""
    A = K.columns(np.arange(K.shape[0])).astype(float)
    return (A + A.T) / 2


def inverse(M):
    """Return the matrix whose inverse M is, and the approximation of K in it."""
    P = np.linalg.inv((np.eye(len(M.Q)) - M.Q @ M.Q.T) / M.lam)
    return P, P - M.lam * np.eye(len(M.Q))


def preconditioned(K, M):
    """Return the eigenvalues of M (K + lam I)."""
    n = len(K)
    root = np.linalg.cholesky(K + M.lam * np.eye(n))
    middle = (np.eye(n) - M.Q @ M.Q.T) / M.lam
    return np.linalg.eigvalsh(root.T @ middle @ root)


@pytest.mark.parametrize("sketch", SKETCHES)
@pytest.mark.parametrize("lam", [1.0, 1e-2, 1e-4])
@pytest.mark.parametrize("rank", [1, 10, 30, 120])
def test_eigenvalues_lie_between_1_and_what_is_missed_over_lam(sketch, lam, rank):
    K = stored(kernel())
    M = nystrom_preconditioner(K, lam, rank, rng(), sketch)
    assert isinstance(M, NystromPreconditioner) and M.Q.shape == (120, rank)
    found = preconditioned(K, M)
    _, approximation = inverse(M)
    missed = np.linalg.norm(K - approximation, 2)
    # Rounding is amplified by norm(K) / lam, and by the root of what that is without the shift.
    rounding = 1e3 * roundoff(float) * (np.linalg.norm(K, 2) / lam) ** 1.5 + 1e-9
    assert found[0] >= 1 - rounding
    assert found[-1] <= 1 + missed / lam + rounding


@pytest.mark.parametrize("lam", [1.0, 1e-2])
def test_the_sketch_of_the_theorem_leaves_a_condition_number_below_28_on_average(lam):
    K = stored(kernel())
    values = np.linalg.eigvalsh(K)
    dimension = np.sum(values / (values + lam))
    rank = 2 * math.ceil(1.5 * dimension) + 1
    assert rank < 60
    found = [preconditioned(K, nystrom_preconditioner(K, lam, rank, rng(seed)))
             for seed in range(20, 40)]
    assert np.mean([values[-1] / values[0] for values in found]) < 28
    # A sketch of one column is not enough, and none at all still less.
    small = [preconditioned(K, nystrom_preconditioner(K, lam, 1, rng(seed)))
             for seed in range(20, 40)]
    assert 28 < np.mean([values[-1] / values[0] for values in small]) < values[-1] / lam


@pytest.mark.parametrize("sketch", SKETCHES)
def test_a_matrix_of_the_rank_is_inverted(sketch):
    F = rng().standard_normal((40, 5))
    K, r = F @ F.T, rng(3).standard_normal(40)
    M = nystrom_preconditioner(K, 0.1, 5, rng(4), sketch)
    wanted = np.linalg.solve(K + 0.1 * np.eye(40), r)
    assert np.linalg.norm(M(r) - wanted) <= 1e-9 * np.linalg.norm(wanted)
    assert cg(K + 0.1 * np.eye(40), r, preconditioner=M).steps == 1


@pytest.mark.parametrize("sketch", SKETCHES)
def test_a_kernel_an_array_and_a_sparse_matrix_give_the_same(sketch):
    K = kernel(60)
    A = K.columns(np.arange(60))
    A = np.tril(A) + np.tril(A, -1).T
    r = rng(3).standard_normal(60)
    found = [nystrom_preconditioner(given, 0.1, 20, rng(), sketch)(r)
             for given in (A, scipy.sparse.csr_array(A), K)]
    for other in found[1:]:
        assert np.linalg.norm(other - found[0]) <= 1e-9 * np.linalg.norm(found[0])


def test_a_function_tells_its_size_or_is_told_it():
    A = stored(kernel(50))
    r = rng(3).standard_normal(50)
    wanted = nystrom_preconditioner(A, 0.1, 12, rng())(r)
    assert np.array_equal(nystrom_preconditioner(lambda V: A @ V, 0.1, 12, rng(), n=50)(r), wanted)
    with pytest.raises(TypeError, match="K is a function, which does not tell its size: give n"):
        nystrom_preconditioner(lambda V: A @ V, 0.1, 12, rng())
    with pytest.raises(TypeError, match="K is a function without a method columns: use sketch="):
        nystrom_preconditioner(lambda V: A @ V, 0.1, 12, rng(), "columns", 50)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("sketch", SKETCHES)
def test_few_steps_are_left_in_either_precision(dtype, sketch):
    K, b = kernel(800, 0.5, dtype), rng(3).standard_normal(800).astype(dtype)
    M = nystrom_preconditioner(K, 0.1, 120, rng(), sketch)
    assert M(b).dtype == dtype
    plain = cg(lambda v: K(v) + dtype(0.1) * v, b, 1e-3)
    found = cg(lambda v: K(v) + dtype(0.1) * v, b, 1e-3, preconditioner=M)
    assert found.converged and found.x.dtype == dtype
    assert found.steps <= 10 < 30 < plain.steps and found.condition < 28 < plain.condition


def test_the_same_generator_gives_the_same_and_a_zero_matrix_is_lam():
    K, r = stored(kernel(30)), np.ones(30)
    for sketch in SKETCHES:
        first, second = (nystrom_preconditioner(K, 1.0, 5, rng(9), sketch)(r) for _ in range(2))
        assert np.array_equal(first, second)
        nothing = nystrom_preconditioner(np.zeros((30, 30)), 4.0, 5, rng(9), sketch)(r)
        assert np.abs(nothing - 0.25).max() < 1e-15


def test_a_matrix_that_is_not_semidefinite_is_refused():
    Q = random_orthogonal(20, 20, rng())
    K = Q * np.r_[np.full(10, -1.0), np.ones(10)] @ Q.T
    with pytest.raises(NotPositiveDefiniteError, match="K is not positive semidefinite, up to"):
        nystrom_preconditioner((K + K.T) / 2, 1.0, 15, rng())


@pytest.mark.parametrize("change, error, said", [
    ({"lam": 0.0}, ValueError, "lam = 0.0: K"), ({"lam": np.inf}, ValueError, "lam = inf: K"),
    ({"rank": 0}, ValueError, "rank = 0: it must be at least 1"),
    ({"rank": 4}, ValueError, "rank = 4: K has 3 columns, use fewer"),
    ({"rank": 1.0}, TypeError, "rank = 1.0 is not an integer"),
    ({"rng": 3}, TypeError, "rng = 3 is not a generator"),
    ({"sketch": "random"}, ValueError, "no sketch 'random': choose gaussian or columns"),
    ({"sketch": ["columns"]}, ValueError, r"no sketch \['columns'\]"),
    ({"K": np.ones((2, 3))}, ValueError, r"K has shape \(2, 3\), but must be square"),
    ({"K": np.array([[1.0, 2.0], [0.0, 1.0]])}, ValueError, r"K\[0, 1\] and K\[1, 0\] differ by 2"),
    ({"K": np.full((3, 3), 1e308)}, OverflowError, "a sketch of K left the range"),
    ({"K": lambda V: V[:1], "n": 3}, ValueError, r"K\(v\) is of float64 and of shape \(1, 2\)"),
])
def test_arguments_of_the_wrong_kind_are_named(change, error, said):
    with pytest.raises(error, match=said), np.errstate(over="ignore"):
        nystrom_preconditioner(**({"K": np.eye(3), "lam": 1.0, "rank": 2, "rng": rng()} | change))


def test_a_vector_of_another_length_is_refused():
    M = nystrom_preconditioner(with_singular_values([1.0], rng()) ** 2, 1.0, 1, rng())
    with pytest.raises(ValueError, match="r has length 2, but K has 1 rows: give a number"):
        M(np.ones(2))
