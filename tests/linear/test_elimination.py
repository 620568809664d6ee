"""LU and Cholesky factors meet Higham's bounds, elementwise.

Residuals are computed in twice the precision, so that they are those of the factors.
"""

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lib import linear
from lib.digits import trace
from lib.linear import (
    IllConditionedWarning,
    NotPositiveDefiniteError,
    SingularMatrixError,
    cholesky,
    eliminate,
    eliminate_symmetric,
    lu,
    lu_complete,
)
from lib.linear.elimination import BLOCK
from lib.numbers import residual
from lib.problems import hilbert, vandermonde, wilkinson, with_singular_values
from tests.hostile import NOT_NUMBERS
from tests.linear.helpers import DTYPES, gamma, random_matrix, roundoff

SIZES = (1, 2, 5, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3)


def excess(product, first, second, A):
    """Return the largest |A - first @ second| as a multiple of |first| @ |second| and of u."""
    error = np.abs(residual(first, second, A))
    allowed = np.abs(first).astype(float) @ np.abs(second).astype(float)
    assert np.all(error[allowed == 0] == 0)
    return np.max(error / np.where(allowed == 0, 1, allowed)) / roundoff(product)


# --- LU ------------------------------------------------------------------------------------


WAYS = {"partial": lu, "complete": lu_complete, "none": lambda A: lu(A, pivot=False)}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("name", WAYS)
def test_the_factors_multiply_to_the_matrix(name, n, dtype):
    A = random_matrix(n, dtype)
    factors = WAYS[name](A)
    L, U = factors.lower, factors.upper
    assert L.dtype == U.dtype == dtype
    assert np.array_equal(L, np.tril(L)) and np.all(np.diag(L) == 1)
    assert np.array_equal(U, np.triu(U))
    assert sorted(factors.rows) == sorted(factors.columns) == list(range(n))
    permuted = A[factors.rows][:, factors.columns]
    assert excess(dtype, L, U, permuted) <= gamma(n, dtype) / roundoff(dtype)
    assert factors.growth == pytest.approx(np.abs(U).max() / np.abs(A).max(), rel=1e-6, abs=0)


@pytest.mark.parametrize("A", [hilbert(10), vandermonde(np.arange(1, 9)), wilkinson(60),
                               with_singular_values(np.geomspace(1, 1e-12, 70),
                                                    np.random.default_rng(9))])
def test_hard_matrices_have_factors_as_good(A):
    for factors in (lu(A), lu_complete(A)):
        permuted = A[factors.rows][:, factors.columns]
        bound = gamma(len(A), float) / roundoff(float)
        assert excess(float, factors.lower, factors.upper, permuted) <= bound


def test_the_bound_rejects_factors_of_a_lower_precision():
    A = random_matrix(50)
    factors = lu(A.astype(np.float32))
    L, U = factors.lower.astype(float), factors.upper.astype(float)
    assert excess(float, L, U, A[factors.rows]) > 1000 * gamma(50, float) / roundoff(float)


def test_the_factors_keep_one_array_until_they_are_asked_for_two():
    A = random_matrix(BLOCK + 9)
    factors = lu(A)
    factors.solve(np.ones(len(A)))
    assert set(vars(factors)) == {"packed", "rows", "columns", "largest"}
    assert factors.lower is factors.lower and factors.upper is factors.upper
    assert np.array_equal(factors.lower - np.eye(len(A)) + factors.upper, factors.packed)
    copied = pickle.loads(pickle.dumps(factors))
    assert np.array_equal(copied.lower, factors.lower) and copied.growth == factors.growth
    with pytest.raises(AttributeError, match="cannot assign"):
        factors.packed = A


@pytest.mark.parametrize("factor", [lu, lu_complete])
def test_factors_cannot_be_changed_one_without_the_other(factor):
    factors = factor(random_matrix(4))
    for array in (factors.packed, factors.rows, factors.columns, factors.lower, factors.upper):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7


ERRORS = [NotPositiveDefiniteError("pivot 1 is -3", 1, -3.0), SingularMatrixError("A is singular"),
          IllConditionedWarning("x may have no correct digit")]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("copied", [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy])
def test_errors_and_warnings_can_be_copied(error, copied):
    error.add_note("in the third block")
    twin = copied(error)
    assert type(twin) is type(error) and str(twin) == str(error) and vars(twin) == vars(error)


def test_no_error_of_the_room_is_left_out():
    raised = {x for x in vars(linear).values()
              if isinstance(x, type) and issubclass(x, Exception)}
    assert raised == {type(error) for error in ERRORS}


@pytest.mark.parametrize("factor", [lu, cholesky])
def test_the_order_of_the_matrix_in_memory_changes_no_digit(factor):
    A = random_matrix(2 * BLOCK + 3)
    A = A @ A.T + np.eye(len(A))
    by_rows, by_columns = factor(A), factor(np.asfortranarray(A))
    if factor is lu:
        by_rows, by_columns = by_rows.packed, by_columns.packed
    assert np.array_equal(by_rows, by_columns)
    assert by_rows.strides == by_columns.strides


def test_pivots_are_the_largest_elements_left():
    A = random_matrix(150)
    assert np.max(np.abs(lu(A).lower)) == 1
    assert np.max(np.abs(lu(A, pivot=False).lower)) > 10
    factors = lu_complete(A)
    assert np.max(np.abs(factors.lower)) == 1
    assert np.all(np.max(np.abs(factors.upper), axis=1) == np.abs(np.diag(factors.upper)))


def test_of_equally_large_elements_the_first_becomes_the_pivot():
    A = np.array([[1.0, 2.0, 0.0], [-1.0, 3.0, 1.0], [1.0, 0.0, 0.0]])
    assert lu(A).rows.tolist() == [0, 1, 2]
    complete = lu_complete(np.array([[1.0, -2.0, 2.0], [2.0, 0.0, 0.0], [0.0, 1.0, 2.0]]))
    assert (complete.rows[0], complete.columns[0]) == (0, 1)
    A = np.array([[0.5, 1.0], [-2.0, 1.0], [2.0, 3.0]])
    assert eliminate(np.hstack([A, np.ones((3, 1))])).tolist()[0] == 1


def test_without_pivoting_nothing_moves():
    A = random_matrix(BLOCK + 9) + 200 * np.eye(BLOCK + 9)
    factors = lu(A, pivot=False)
    assert np.array_equal(factors.rows, np.arange(len(A))) and factors.growth < 2


@pytest.mark.parametrize("n", [10, 60])
def test_growth_on_wilkinsons_matrix_is_the_largest_there_is(n):
    assert lu(wilkinson(n)).growth == pytest.approx(2.0 ** (n - 1), rel=gamma(n, float), abs=0)
    assert lu_complete(wilkinson(n)).growth == 2


def test_fractions_are_factored_exactly():
    rng = np.random.default_rng(8)
    A = np.array([[Fraction(int(k)) for k in row] for row in rng.integers(-9, 9, (7, 7))])
    for factors in (lu(A), lu_complete(A)):
        assert np.all(factors.lower @ factors.upper == A[factors.rows][:, factors.columns])
        assert isinstance(factors.growth, Fraction)
        b = A @ np.arange(1, 8)
        assert list(factors.solve(b)) == list(range(1, 8))


def test_the_loop_is_followed_by_the_tracer():
    def eliminated(A):
        eliminate(A, pivot=False)
        return A[1, 1]

    def exchanged(A):
        eliminate(A)
        return A[1, 1]

    # The factors are accurate; what the tiny pivot ruins is the solution.
    A = np.array([[1e-20, 1.0], [1.0, 1.0]])
    assert trace(eliminated, A).digits > 15 and trace(exchanged, A).digits > 15

    def solved(A, b):
        factors = lu(A, pivot=False)
        return factors.solve(b)

    assert trace(solved, A, np.array([1.0, 2.0])).digits == 0
    assert trace(lambda A, b: lu(A).solve(b), A, np.array([1.0, 2.0])).digits > 15


@pytest.mark.parametrize("factor", [lu, lu_complete])
@pytest.mark.parametrize("A", [np.zeros((3, 3)), np.ones((2, 2)), np.diag([1.0, 0.0, 2.0])])
def test_an_exactly_singular_matrix_raises(factor, A):
    with pytest.raises(SingularMatrixError, match="use least squares"):
        factor(A)


def test_a_zero_pivot_without_pivoting_is_named():
    n = BLOCK + 5
    A = np.eye(n)[::-1].copy()
    assert lu(A).growth == 1
    A = np.eye(n)
    A[[n - 1, n - 2]] = A[[n - 2, n - 1]]
    with pytest.raises(SingularMatrixError, match=rf"pivot {n - 2} is 0.*use pivot=True"):
        lu(A, pivot=False)


@pytest.mark.parametrize("A", [[[1e-320, 1.0], [1.0, 1.0]], [[1e-320, 0.0], [1.0, 1.0]]])
def test_an_infinite_multiplier_raises(A):
    with pytest.raises(OverflowError, match="factor of A left the range"):
        lu(np.array(A), pivot=False)


def test_arguments_are_left_as_they_are():
    A, b = random_matrix(5), np.ones(5)
    A.flags.writeable = b.flags.writeable = False
    lu(A).solve(b)
    lu_complete(A)
    cholesky(A @ A.T)


# --- Cholesky ------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", SIZES)
def test_choleskys_factor_times_itself_is_the_matrix(n, dtype):
    B = random_matrix(n, dtype)
    A = B @ B.T + dtype(n) * np.eye(n, dtype=dtype)
    L = cholesky(A)
    assert L.dtype == dtype and np.array_equal(L, np.tril(L)) and np.all(np.diag(L) > 0)
    A = np.tril(A) + np.tril(A, -1).T
    assert excess(dtype, L, L.T, A) <= gamma(n + 1, dtype) / roundoff(dtype)


def test_that_bound_rejects_a_factor_of_a_lower_precision():
    A = hilbert(4) + np.eye(4)
    L = cholesky(A.astype(np.float32)).astype(float)
    assert excess(float, L, L.T, A) > 1000


def equicorrelated(n, smallest):
    """Return ones with 1 - smallest off the diagonal: that is the smallest eigenvalue, exactly."""
    return np.where(np.eye(n), 1.0, 1 - smallest)


@pytest.mark.parametrize("n", [5, 40, BLOCK + 7])
def test_the_threshold_of_success_is_demmels(n):
    threshold = 2.0 ** np.ceil(np.log2(n * (n + 1))) * 2.0**-53
    cholesky(equicorrelated(n, 2 * threshold))
    with pytest.raises(NotPositiveDefiniteError, match="eigenvalue below"):
        cholesky(equicorrelated(n, -2 * threshold))
    # Diagonal scaling does not matter, whatever it does to the condition number.
    scale = np.exp2(np.arange(n) % 9 * 10)
    cholesky(equicorrelated(n, 2 * threshold) * np.outer(scale, scale))


def test_failure_does_not_prove_what_it_seems_to():
    # [[1, a], [a, c]] is positive definite exactly if c > a * a.
    rng, refused = np.random.default_rng(5), 0
    for a in rng.uniform(1, 2, 40):
        c = a * a
        if Fraction(float(c)) > Fraction(float(a)) ** 2:
            with pytest.raises(NotPositiveDefiniteError, match="negative, zero, or positive"):
                cholesky(np.array([[1.0, a], [a, c]]))
            refused += 1
    assert refused > 5


@pytest.mark.parametrize("A, pivot, match", [
    ([[1.0, 2.0], [2.0, 1.0]], 1, "pivot 1 is -3"), ([[0.0]], 0, r"A\[0, 0\] = 0"),
    ([[1.0, 0.0], [0.0, -2.0]], 1, r"because A\[1, 1\] = -2"),
    ([[1.0, 1.0], [1.0, 1.0]], 1, "pivot 1 is 0: .*n .n.1. u = 7e-16")])
def test_the_failing_pivot_is_named(A, pivot, match):
    with pytest.raises(NotPositiveDefiniteError, match=match) as caught:
        cholesky(np.array(A))
    assert caught.value.pivot == pivot and caught.value.value <= 0


def test_a_pivot_fails_in_a_later_block_under_its_own_name():
    n = 2 * BLOCK + 9
    A = np.eye(n)
    A[n - 1, n - 2] = A[n - 2, n - 1] = 3
    with pytest.raises(NotPositiveDefiniteError) as caught:
        cholesky(A)
    assert caught.value.pivot == n - 1


def test_a_matrix_that_is_not_symmetric_is_refused_but_not_for_its_rounding():
    with pytest.raises(ValueError, match=r"A\[0, 1\] = 99, but A\[1, 0\] = 1"):
        cholesky(np.array([[4.0, 99.0], [1.0, 3.0]]))  # np.linalg.cholesky reads one triangle
    with pytest.raises(ValueError, match=r"= 1, but A\[1, 0\] = 1, 1e-08 off: Cholesky"):
        cholesky(np.array([[4.0, 1 + 1e-8], [1.0, 3.0]]))
    A = hilbert(5) + np.eye(5)
    A[0, 1] = np.nextafter(A[0, 1], 1)
    cholesky(A)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [3, 40, 150])
def test_symmetry_is_asked_for_up_to_the_rounding_that_is_stated(n, dtype):
    # Both sides of the limit 10 n u sqrt(A[i, i] A[j, j]).
    allowed = 10 * n * roundoff(dtype)
    A = (np.eye(n) + 0.5).astype(dtype) / dtype(1.5)
    for factor, fits in ((0.5, True), (2.0, False), (1e3, False)):
        B = A.copy()
        B[2, 1] += dtype(factor * allowed)
        if fits:
            cholesky(B)
        else:
            with pytest.raises(ValueError, match=r"A\[(1, 2|2, 1)\] = .* needs a symmetric"):
                cholesky(B)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_bounds_are_near_enough_to_notice_a_hundred_times_the_errors(dtype):
    # gamma stands in all tests here: a factor of 1000 in it would leave these far below.
    n = 2 * BLOCK + 3
    A = random_matrix(n, dtype)
    bound = gamma(n, dtype) / roundoff(dtype)
    for name, way in WAYS.items():
        factors = way(A)
        permuted = A[factors.rows][:, factors.columns]
        assert excess(dtype, factors.lower, factors.upper, permuted) > bound / 100, name
    S = A @ A.T + dtype(n) * np.eye(n, dtype=dtype)
    S = np.tril(S) + np.tril(S, -1).T
    assert excess(dtype, cholesky(S), cholesky(S).T, S) > bound / 100


@pytest.mark.parametrize("A, error, said", [
    (np.ones((2, 2), int), TypeError, "is of int64, which cannot hold factors"),
    ([[1.0, 2.0], [3.0, 4.0]], TypeError, r"is overwritten by its factors: give np.array\("),
    (np.ma.masked_array(np.eye(2)), TypeError, "is masked"),
    (NOT_NUMBERS["np.matrix"], TypeError, "is a np.matrix"),
    (np.eye(2) * 1j, TypeError, "complex128"),
    (np.eye(2).astype(">f8"), TypeError, "give np.array"), (np.ones(2), ValueError, "a copy of a"),
    (np.broadcast_to(1.0, (2, 2)), ValueError, "writeable: False"),
    (np.ones((2, 3)), ValueError, r"has shape \(2, 3\): elimination needs a square")])
@pytest.mark.parametrize("eliminated", [eliminate, eliminate_symmetric])
def test_what_cannot_be_overwritten_by_factors_is_refused(eliminated, A, error, said):
    with pytest.raises(error, match=said):
        eliminated(A)


@pytest.mark.parametrize("A, first, said", [
    (np.ones((3, 2)), 0, r"packed has shape \(3, 2\): elimination needs a square"),
    (np.ones((2, 2)), 2, "first = 2: packed has the columns 0 to 1"),
    (np.ones((2, 2)), -1, "first = -1: it must be at least 0")])
def test_elimination_starts_in_a_square_matrix(A, first, said):
    with pytest.raises(ValueError, match=said):
        eliminate(A, first=first)


def test_elimination_in_place_refuses_nan_and_stops_at_a_pivot_that_is_nan():
    with pytest.raises(ValueError, match=r"packed\[0, 1\] is nan"):
        eliminate(np.array([[1.0, np.nan], [1.0, 1.0]]))
    assert eliminate_symmetric(np.array([[1.0, 0.0], [np.nan, 1.0]])) == 1


@pytest.mark.parametrize("pivot, A", [
    (False, [[1e-300, 1e300], [1, 1]]), (False, [[1e-300, 1], [1e300, 1]]),
    (True, [[1, 1e308], [-1, 1e308]]), (False, np.diag(np.full(60, 1e-300)) + np.eye(60, k=-1)
                                        * 1e300)])
def test_elimination_in_place_says_what_leaves_the_range(pivot, A):
    with pytest.raises(OverflowError, match="a factor of A left the range of float64: scale"):
        eliminate(np.array(A), pivot)


def test_elimination_in_place_looks_no_further_than_it_has_written():
    A = np.array([[1.0, 1e308], [-1.0, 1e308]])
    assert eliminate(A.copy(), last=0).tolist() == [0, 1]
    with pytest.raises(OverflowError, match="left the range"):
        eliminate(A, last=2)


def test_a_panel_of_fractions_is_refused_and_one_that_overflows_has_infinities():
    panel = np.array([[Fraction(4)], [Fraction(2)]])
    with pytest.raises(TypeError, match=r"panel holds Fraction\(4, 1\), which has no square root"):
        eliminate_symmetric(panel)
    assert panel[0, 0] == 4
    panel = np.array([[1e-308], [1e308]])
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert eliminate_symmetric(panel) is None
    assert panel[1, 0] == np.inf


def test_fractions_have_no_roots_and_other_objects_do():
    A = np.array([[Fraction(4), Fraction(2)], [Fraction(2), Fraction(10)]], dtype=object)
    with pytest.raises(TypeError, match=r"A holds Fraction\(4, 1\), which has no square root: use"):
        cholesky(A)
    exact = cholesky(np.array([[Decimal(4), Decimal(2)], [Decimal(2), Decimal(10)]], dtype=object))
    assert exact.tolist() == [[2, 0], [1, 3]]


def test_options_of_elimination_are_single():
    both = np.array([True, False])
    for factor in (lu, eliminate):
        with pytest.raises(TypeError, match="pivot is a ndarray without a single truth value"):
            factor(np.eye(2), both)
    with pytest.raises(TypeError, match=r"last = 1.5 is not an integer: use int\(last\)"):
        eliminate(np.eye(2), last=1.5)
