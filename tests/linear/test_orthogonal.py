"""Householder's Q is orthogonal whatever the matrix; Gram-Schmidt pays kappa, or its square."""

from fractions import Fraction

import numpy as np
import pytest

from lib.digits import trace
from lib.linear import (
    IllConditionedWarning,
    SingularMatrixError,
    classical_gram_schmidt,
    householder_qr,
    jacobi_svd,
    modified_gram_schmidt,
    pivoted_qr,
    reflector,
    reorthogonalized_gram_schmidt,
)
from lib.linear.orthogonal import BLOCK, ROWS, inner
from lib.numbers import condition, orthogonality_loss
from lib.problems import collinear, hilbert, lauchli, vandermonde, with_singular_values
from tests.linear.helpers import DTYPES, roundoff

U = 2.0**-53
GRAM_SCHMIDT = (classical_gram_schmidt, modified_gram_schmidt, reorthogonalized_gram_schmidt)


def column_errors(A, Q, R):
    """Return the norm of each column of A - Q R as a multiple of that of A's; 0 for 0."""
    # Scaled to norm 1, so that nothing overflows here.
    exponents = np.frexp(np.max(np.abs(A), axis=0))[1]
    A, R = (np.ldexp(M.astype(float), -exponents) for M in (A, R))
    norms = np.linalg.norm(A, axis=0)
    errors = np.linalg.norm(A - Q.astype(float) @ R, axis=0)
    assert np.all(errors[norms == 0] == 0)
    return errors / np.where(norms == 0, 1, norms)


def check_qr(A, Q, R):
    """Assert what `householder_qr` promises, to the bounds of its docstring."""
    m, n = A.shape
    bound = 10 * np.sqrt(m * n) * roundoff(A.dtype)
    assert Q.dtype == R.dtype == A.dtype
    assert Q.shape == (m, min(m, n)) and R.shape == (min(m, n), n)
    assert np.array_equal(R, np.triu(R))
    assert orthogonality_loss(Q) <= bound
    assert np.all(column_errors(A, Q, R) <= bound)


SHAPES = [(1, 1), (5, 5), (9, 2), (3, 8), (BLOCK, BLOCK), (BLOCK + 1, BLOCK + 1),
          (3 * BLOCK, BLOCK + 5), (BLOCK + 5, 2 * BLOCK), (200, 130)]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_householders_factors_of_random_matrices(shape, dtype):
    A = np.random.default_rng(6).standard_normal(shape).astype(dtype)
    check_qr(A, *householder_qr(A))


def graded(m, n, decades, seed=4):
    """Return a random matrix whose columns shrink by so many decades."""
    A = np.random.default_rng(seed).standard_normal((m, n))
    return A * np.logspace(0, -decades, n)


HARD = {
    "exchange": np.array([[0.0, 1.0], [1.0, 0.0]]),  # fncbook's qrfact has residual 1 here
    "zero": np.zeros((4, 3)), "zero column": np.array([[1.0, 0, 2], [3, 0, 4], [5, 0, 6]]),
    "negative": -np.eye(3), "signed zeros": np.array([[-0.0, 1.0], [0.0, -0.0]]),
    "dependent": np.ones((6, 4)), "hilbert": hilbert(12), "lauchli": lauchli(8, 1e-12),
    "vandermonde": vandermonde(np.linspace(0, 1, 70), 60),
    "collinear": collinear(90, 70, 1e-15, np.random.default_rng(2)),
    "graded columns": graded(80, 60, 300), "graded rows": graded(60, 80, 300).T.copy(),
    "large": graded(7, 5, 0) * 1e307, "small": graded(7, 5, 0) * 1e-300,
    "one tiny element": np.array([[1.0], [1e-200]]),
    "tiny rest": np.array([[1.0, 1.0], [0.0, 1e-170], [0.0, 1e-170]]),
    "rest near the root of underflow": np.array([[1.0, 1], [0, 3e-162], [0, 4e-162]]),
}


@pytest.mark.parametrize("name", HARD)
def test_householders_factors_of_hard_matrices(name):
    A = HARD[name]
    check_qr(A, *householder_qr(A))
    Q, R, columns = pivoted_qr(A)
    check_qr(A[:, columns], Q, R)


LONG = 10**6
EVEN = np.full((LONG, 1), 7.7, np.float32)
MANY_ROWS = {"equal": EVEN, "equal columns": np.repeat(EVEN, 4, axis=1),
             "powers": vandermonde(np.linspace(0, 1, LONG), 3).astype(np.float32),
             "random": np.random.default_rng(3).random((LONG, 2)).astype(np.float32)}


@pytest.mark.parametrize("name", MANY_ROWS)
def test_a_million_rows_of_float32_keep_the_bound(name):
    # Rounding errors of equal terms are equal: one sum over all rows misses it by up to twice.
    A = MANY_ROWS[name]
    check_qr(A, *householder_qr(A))
    if name != "equal columns":
        check_qr(A, *reorthogonalized_gram_schmidt(A))
    U, s, Vt = jacobi_svd(A)
    bound = 10 * np.sqrt(A.size) * roundoff(np.float32)
    assert orthogonality_loss(U) <= bound
    assert np.linalg.norm(A - U.astype(float) * s @ Vt) <= bound * np.linalg.norm(A.astype(float))
    assert np.all(np.sqrt(inner(A, A).diagonal()) / np.linalg.norm(A.astype(float), axis=0)
                  <= 1 + bound / 10)


def test_products_of_blocks_of_rows_are_products():
    X = np.random.default_rng(8).integers(-9, 9, (2 * ROWS + 3, 3)).astype(float)
    assert np.array_equal(inner(X, X), X.T @ X) and inner(X[:, 0], X[:, 1]) == X[:, 0] @ X[:, 1]
    assert np.array_equal(inner(X[:, :0], X), np.zeros((0, 3)))


def test_a_product_of_five_rows_raises_no_flag_of_its_own():
    # What stands in unused parts of AVX-512's registers: signalling nans, read as float32.
    left = np.full((40, 40), np.array(0x3FF000007FA00001, np.uint64).view(float))
    X = np.asfortranarray(np.random.default_rng(21).standard_normal((5, 5)).astype(np.float32))
    want = np.einsum("ij,i->j", X.astype(float), X[:, 1])
    with np.errstate(invalid="raise"):
        for width in 100 * [1, 2, 3, 4, 5]:
            left @ left[:, 1]
            found = inner(X[:, :width], X[:, 1])
            assert np.all(abs(found - want[:width]) <= 10 * roundoff(np.float32))


@pytest.mark.parametrize("scale", [1.0, 1e-20, 1e-150, 1e300])
def test_the_diagonal_decreases_where_squares_underflow_too(scale):
    d = np.array([1e-150, 1.0, 1e-145, 1e-8]) * scale
    _, R, columns = pivoted_qr(np.diag(d))
    assert columns.tolist() == [1, 3, 2, 0]
    assert np.array_equal(np.abs(np.diag(R)), np.sort(d)[::-1])


def test_subnormal_numbers_lose_only_what_r_cannot_hold():
    A = graded(7, 5, 0) * 1e-312
    Q, R = householder_qr(A)
    assert orthogonality_loss(Q) <= 10 * np.sqrt(35) * U
    assert np.max(np.abs(np.ldexp(A, 1074) - Q @ np.ldexp(R, 1074))) <= 5


def test_the_bound_rejects_gram_schmidt():
    A = hilbert(10)
    bound = 10 * len(A) * U
    assert orthogonality_loss(classical_gram_schmidt(A)[0]) > 1
    assert orthogonality_loss(modified_gram_schmidt(A)[0]) > 1e3 * bound
    assert orthogonality_loss(householder_qr(A)[0]) <= bound


def test_overflow_of_r_raises():
    with pytest.raises(OverflowError, match="R left the range of float64: scale"):
        householder_qr(np.full((9, 2), 1.7e308))


@pytest.mark.parametrize("x, beta", [([3.0, 4.0], -5.0), ([-3.0, 4.0], 5.0), ([0.0, 2.0], -2.0),
                                     ([0.0, 0.0], 0.0), ([-2.0], 2.0)])
def test_a_reflection_maps_x_to_its_norm_without_cancelling(x, beta):
    x = np.array(x)
    v, image = reflector(x)
    assert v[0] == 1 and image == beta and np.all(np.abs(v) <= 1)
    reflected = x - 2 * (v @ x) / (v @ v) * v
    assert np.allclose(reflected, beta * np.eye(len(x))[0], atol=4 * U * np.linalg.norm(x))


# --- column pivoting -----------------------------------------------------------------------


def test_pivoting_orders_the_diagonal_and_reveals_the_rank():
    rng = np.random.default_rng(12)
    A = rng.standard_normal((60, 7)) @ rng.standard_normal((7, 30))
    _, R, columns = pivoted_qr(A)
    diagonal = np.abs(np.diag(R))
    assert sorted(columns) == list(range(30))
    assert np.all(diagonal[6:] <= diagonal[0] * np.r_[1, np.full(23, 100 * U)])
    assert np.all(diagonal[1:7] <= diagonal[:6] * (1 + 100 * U)) and diagonal[6] > 0.01
    # Without pivoting the small ones come where they like, and one is not as small.
    unpivoted = np.abs(np.diag(householder_qr(A[:, ::-1])[1]))
    assert np.all(unpivoted[:7] > 0.01)


def test_of_equally_large_columns_the_first_is_taken():
    assert pivoted_qr(np.eye(4))[2].tolist() == [0, 1, 2, 3]
    # The exchange for the last column has put the first in its place.
    assert pivoted_qr(np.diag([1.0, 1.0, 1.0, 2.0]))[2].tolist() == [3, 1, 2, 0]


def test_pivoting_takes_the_largest_column_first():
    A = np.eye(4) * [1.0, 5.0, 3.0, 4.0]
    assert list(pivoted_qr(A)[2]) == [1, 3, 2, 0]


# --- Gram-Schmidt --------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("method", GRAM_SCHMIDT)
def test_gram_schmidt_returns_a_factorisation(method, dtype):
    A = np.random.default_rng(8).standard_normal((40, 17)).astype(dtype)
    Q, R = method(A)
    assert Q.dtype == R.dtype == dtype and Q.shape == (40, 17) and R.shape == (17, 17)
    assert np.array_equal(R, np.triu(R)) and np.all(np.diag(R) > 0)
    bound = 10 * np.sqrt(40 * 17) * roundoff(dtype)
    assert np.all(column_errors(A, Q, R) <= bound)
    assert orthogonality_loss(Q) <= bound * condition(A) ** 2


def test_the_three_orders_of_subtraction_agree_where_nothing_is_lost():
    A = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    results = [method(A) for method in GRAM_SCHMIDT] + [householder_qr(A)]
    for Q, R in results:
        signs = np.sign(np.diag(R))
        assert np.allclose(Q * signs, results[0][0], atol=20 * U)
        assert np.allclose(signs[:, None] * R, results[0][1], atol=40 * U)


def scaled(A):
    """Return A with its columns scaled to norm 1."""
    return A / np.linalg.norm(A, axis=0)


def geometric(kappa, seed):
    """Return a 60 x 20 matrix with singular values from 1 down to 1 / kappa."""
    return with_singular_values(np.geomspace(1, 1 / kappa, 20), np.random.default_rng(seed), m=60)


@pytest.mark.parametrize("kappa", [1e2, 1e6, 1e12, 1e14])
def test_modified_gram_schmidt_loses_at_most_kappa(kappa):
    for seed in range(20, 25):
        A = geometric(kappa, seed)
        bound = 10 * np.sqrt(20) * condition(scaled(A)) * U
        assert orthogonality_loss(modified_gram_schmidt(A)[0]) <= bound
        assert orthogonality_loss(reorthogonalized_gram_schmidt(A)[0]) <= 10 * np.sqrt(1200) * U


def test_that_bound_rejects_the_classical_order():
    A = geometric(1e6, 20)
    bound = 10 * np.sqrt(20) * condition(scaled(A)) * U
    assert orthogonality_loss(classical_gram_schmidt(A)[0]) > 100 * bound


def slope(method, kappas):
    """Return the slope of log(loss) over log(kappa), kappa after column scaling."""
    pairs = [(condition(scaled(A)), orthogonality_loss(method(A)[0]))
             for kappa in kappas for A in (geometric(kappa, 31), geometric(kappa, 32))]
    return np.polyfit(*np.log(pairs).T, 1)[0]


def test_the_loss_grows_like_kappa_and_like_its_square():
    # The classical method saturates where kappa**2 u reaches 1.
    assert slope(modified_gram_schmidt, np.geomspace(1e2, 1e12, 9)) == pytest.approx(1, abs=0.15)
    assert slope(classical_gram_schmidt, np.geomspace(1e2, 1e7, 9)) == pytest.approx(2, abs=0.2)


def test_units_of_the_columns_cost_nothing():
    A = graded(60, 20, 200)
    assert condition(A[:, :2]) > 1e9
    for method in GRAM_SCHMIDT:
        Q, R = method(A)
        assert orthogonality_loss(Q) <= 10 * np.sqrt(60 * 20) * U
        # Powers of two change no digit.
        shifted = method(A * np.exp2(np.arange(20) * 7 - 70))
        assert np.array_equal(shifted[0], Q)
        assert np.array_equal(shifted[1], R * np.exp2(np.arange(20) * 7 - 70))


@pytest.mark.parametrize("method", GRAM_SCHMIDT)
def test_a_dependent_column_is_named(method):
    with pytest.raises(SingularMatrixError, match="column 1 of A depends"):
        method(np.ones((4, 2)))
    with pytest.raises(SingularMatrixError, match="column 0"):
        method(np.zeros((3, 1)))
    # The threshold is relative: a small matrix is not a singular one.
    Q, _ = method(1e-200 * np.array([[1.0, 1.0], [0.0, 1.0]]))
    assert np.array_equal(Q, np.eye(2))


def test_the_tracer_follows_gram_schmidt():
    A = np.array([[1.0, 1.0, 1.0], [1e-7, 0.0, 0.0], [0.0, 1e-7, 0.0], [0.0, 0.0, 1e-7]])

    def angle(method, A):
        Q, _ = method(A)
        return 1.0 + Q[:, 1] @ Q[:, 2]

    # The exact cosine is 0; rounding makes of it about kappa**2 u or kappa u, with kappa = 1e7.
    assert trace(angle, classical_gram_schmidt, A).digits < 3
    assert trace(angle, modified_gram_schmidt, A).digits > 7


# --- reflections at the ends of the range, and what is refused ---------------------------------


@pytest.mark.parametrize("dtype, scale", [(np.float64, 1e-200), (np.float64, 1e200),
                                          (np.float64, 5e-324), (np.float64, 1e308),
                                          (np.float32, 1e-30), (np.float32, 1e38),
                                          (np.float32, 1e-45)])
def test_a_reflection_scales_before_it_squares(dtype, scale):
    v, beta = reflector(np.array([scale, scale], dtype))
    scale = float(dtype(scale))
    assert v.dtype == dtype and abs(float(v[1]) - (np.sqrt(2) - 1)) <= 4 * roundoff(dtype)
    spacing = float(np.finfo(dtype).smallest_subnormal)
    assert abs(float(beta) + np.sqrt(2) * scale) <= 4 * roundoff(dtype) * scale + spacing


def test_the_norm_of_a_reflected_vector_may_leave_the_range():
    with pytest.raises(OverflowError, match="scale"):
        reflector(np.full(4, 1.7e308))


def test_integers_and_lists_are_reflected_as_floats():
    for x in ([3, 4], np.array([3, 4]), np.array([3.0, 4.0]).astype(">f8")):
        v, beta = reflector(x)
        assert v.tolist() == [1, 0.5] and beta == -5


@pytest.mark.parametrize("method", [*GRAM_SCHMIDT, householder_qr, pivoted_qr])
def test_fractions_have_no_roots(method):
    with pytest.raises(TypeError, match=r"A holds Fraction\(4, 1\), which has no square root: use"):
        method(np.array([[Fraction(4), 2], [2, 10]], dtype=object))


# --- Gram-Schmidt on dependent columns ---------------------------------------------------------


def dependent(m, dtype, seed):
    """Return matrices whose last column is an exact combination of the others."""
    whole = np.rint(100 * np.random.default_rng(seed).standard_normal((m, 2)))
    return [np.column_stack([whole[:, 0], 3 * whole[:, 0]]).astype(dtype),
            np.column_stack([whole, whole.sum(axis=1)]).astype(dtype), np.ones((m, 2), dtype)]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("m", [3, 10, 200, 5000])
def test_rounding_is_no_new_direction(m, dtype):
    for seed in range(40, 45):
        for A in dependent(m, dtype, seed):
            with pytest.raises(SingularMatrixError, match=r"depends .* drop it, or use pivot"):
                reorthogonalized_gram_schmidt(A)
            # Before the last column of three stands one that is nearly dependent at m = 3.
            if A.shape[1] == 2:
                with pytest.raises(SingularMatrixError, match=r"depends .* drop it, or use pivot"):
                    classical_gram_schmidt(A)


def test_two_parallel_columns_of_two_are_refused():
    for method in (classical_gram_schmidt, reorthogonalized_gram_schmidt):
        with pytest.raises(SingularMatrixError, match="column 1 of A"):
            method(np.ones((2, 2)))
    with pytest.warns(IllConditionedWarning, match="column 1 of A") as caught:
        _, R = modified_gram_schmidt(np.ones((2, 2)))
    assert caught[0].filename == __file__
    assert abs(R[1, 1]) <= 4 * U and R[0] == pytest.approx(np.sqrt(2), rel=4 * U, abs=0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_twice_is_enough_or_raises(dtype):
    returned = raised = 0
    for seed in range(50, 90):
        generator = np.random.default_rng(seed)
        A = generator.standard_normal((30, 4))
        A[:, 3] = A[:, 0] + 10.0 ** -generator.uniform(3, 18) * A[:, 3]
        A = A.astype(dtype)
        try:
            Q, R = reorthogonalized_gram_schmidt(A)
        except SingularMatrixError:
            raised += 1
            continue
        returned += 1
        bound = 10 * np.sqrt(A.size) * roundoff(dtype)
        assert orthogonality_loss(Q) <= bound and np.all(column_errors(A, Q, R) <= bound)
    assert returned > 5 and raised > 3


def test_nearly_dependent_columns_are_a_lesson_not_an_error():
    for A in (hilbert(12), lauchli(6, 1e-12), geometric(1e15, 20)):
        assert orthogonality_loss(classical_gram_schmidt(A)[0]) > 0.9
        assert orthogonality_loss(reorthogonalized_gram_schmidt(A)[0]) <= 10 * np.sqrt(A.size) * U


@pytest.mark.parametrize("size", [40, 130])
def test_the_bounds_are_near_enough_to_notice_a_few_more_errors(size):
    # A tolerance a thousand times as wide would no longer be near what is seen.
    A = np.random.default_rng(size).standard_normal((size, size))
    Q, R = householder_qr(A)
    bound = 10 * np.sqrt(A.size) * U
    assert orthogonality_loss(Q) > bound / 1000 and np.max(column_errors(A, Q, R)) > bound / 1000
