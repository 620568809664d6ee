"""What is no matrix of finite real floats is refused by name, by every routine alike."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.sparse

from lib import linear
from lib.calculus import interpolation_coefficients
from lib.linear import (
    LU,
    back_substitution,
    checked_finite,
    cholesky,
    classical_gram_schmidt,
    forward_substitution,
    householder_qr,
    jacobi_svd,
    least_squares,
    low_rank,
    lu,
    lu_complete,
    modified_gram_schmidt,
    normal_equations,
    pivoted_qr,
    principal_components,
    pseudoinverse,
    randomized_svd,
    refine,
    reorthogonalized_gram_schmidt,
    right_hand_side,
    solve,
    truncated_least_squares,
    vector,
    whitening,
)
from lib.linear.checks import eigen_matrix, symmetric_matrix


def refined(A, b):
    """Return what refinement makes of zeros."""
    return refine(A, b, [0] * np.shape(A)[-1] if np.shape(A) else [0, 0])


SQUARE = (lu, lu_complete, cholesky)
TALL = (classical_gram_schmidt, modified_gram_schmidt, reorthogonalized_gram_schmidt)
ANY = (householder_qr, pivoted_qr)
SYSTEMS = (solve, refined, forward_substitution, back_substitution)
FITS = (least_squares, normal_equations)
DECOMPOSITIONS = (
    jacobi_svd, lambda A: low_rank(A, 1), pseudoinverse, principal_components, whitening,
    lambda A: randomized_svd(A, 1, np.random.default_rng(7)),
    lambda A: truncated_least_squares(A, np.ones(len(A))))
ALONE, WITH_B = SQUARE + TALL + ANY, SYSTEMS + FITS


def call(function, A, b):
    """Call a function of A, and of b if it has one."""
    return function(A, b) if function in WITH_B else function(A)


def arrays(result):
    """Return a result as a list of arrays."""
    if isinstance(result, LU):
        return [result.lower, result.upper, result.rows, result.columns]
    return list(result) if isinstance(result, tuple) else [result]


BAD = [
    (np.eye(2) * 1j, TypeError, "is complex .complex128.: solve for real and imaginary"),
    (np.eye(2, dtype=np.float16), TypeError, "is of float16, not float32 or float64"),
    (np.array([["a", "b"], ["c", "d"]]), TypeError, "is of <U1, not float32 or float64"),
    (scipy.sparse.eye_array(2), TypeError, r"is sparse: .*toarray\(\)"),
    (np.zeros((0, 0)), ValueError, r"is empty, of shape \(0, 0\)"),
    (np.ones(3), ValueError, r"has shape \(3,\), but a matrix has two dimensions"),
    (np.array([[1.0, 0.0], [np.nan, 1.0]]), ValueError, r"\[1, 0\] is nan: remove or replace"),
    (np.array([[1.0, 0.0], [0.0, -np.inf]]), ValueError, r"\[1, 1\] is -inf"),
]


@pytest.mark.parametrize("function", ALONE + WITH_B)
@pytest.mark.parametrize("A, error, match", BAD)
def test_a_bad_matrix_is_refused_by_every_function(function, A, error, match):
    with pytest.raises(error, match=match):
        call(function, A, np.ones(2))


NO_FLOATS = [
    (np.eye(2) * 1j, TypeError, "complex"),
    (np.eye(2, dtype=object), TypeError, "objects"),
    (np.eye(2, dtype=np.float16), TypeError, "float16"),
    (np.array([[1.0, np.nan]]), ValueError, "nan"),
    (np.zeros((0, 3)), ValueError, "empty"),
    (np.ones(3), ValueError, "two dimensions"),
]


@pytest.mark.parametrize("A, error, word", NO_FLOATS)
@pytest.mark.parametrize("f", DECOMPOSITIONS)
def test_what_is_no_matrix_of_floats_is_not_decomposed(f, A, error, word):
    with pytest.raises(error, match=word):
        f(A)


@pytest.mark.parametrize("function", SQUARE + SYSTEMS)
def test_a_matrix_that_is_not_square_is_refused(function):
    with pytest.raises(ValueError, match=r"shape \(3, 2\), but must be square.*least_squares"):
        call(function, np.ones((3, 2)), np.ones(3))


@pytest.mark.parametrize("function", TALL + FITS)
def test_a_matrix_with_fewer_rows_than_columns_is_refused(function):
    with pytest.raises(ValueError, match=r"shape \(2, 3\), with fewer rows than columns"):
        call(function, np.ones((2, 3)), np.ones(2))


@pytest.mark.parametrize("function", WITH_B)
@pytest.mark.parametrize("b, error, match", [
    (np.ones(3), ValueError, r"b has shape \(3,\), but the matrix has shape \(2, 2\).*2 rows"),
    (np.ones((2, 1, 1)), ValueError, r"b has shape \(2, 1, 1\)"),
    (1.0, ValueError, r"b has shape \(\)"),
    (np.array([1.0, np.nan]), ValueError, r"b\[1\] is nan"),
    (np.ones(2) * 1j, TypeError, "b is complex"),
    (np.ones(2, np.float32), TypeError, "matrix is of float64, b of float32: convert one"),
    (np.ones(0), ValueError, "b is empty")])
def test_a_bad_right_hand_side_is_refused(function, b, error, match):
    with pytest.raises(error, match=match):
        function(np.eye(2), b)


@pytest.mark.parametrize("function", WITH_B)
def test_integers_and_lists_are_taken_in_the_precision_of_the_matrix(function):
    for A, dtype in ((np.eye(2, dtype=np.float32), np.float32), (np.eye(2, dtype=int), float)):
        for b in ([1.0, 2.0], np.array([1, 2])):
            x = function(A, b)
            assert x.dtype == dtype and np.allclose(x, [1, 2], atol=1e-6)


def test_factors_refuse_a_right_hand_side_of_another_kind():
    with pytest.raises(ValueError, match="needs 2 rows"):
        lu(np.eye(2)).solve(np.ones(3))
    with pytest.raises(TypeError, match="matrix is of float32, b of float64"):
        lu(np.eye(2, dtype=np.float32)).solve(np.ones(2))


@pytest.mark.parametrize("function", ALONE + WITH_B)
@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_every_layout_gives_the_same_and_is_left_alone(function, order):
    A = np.diag([2.0, 4.0, 8.0])
    stored = np.asfortranarray(A) if order == "F" else np.zeros((6, 6))[::2, ::-2]
    stored = A.copy() if order == "C" else stored
    stored[:] = A
    stored.flags.writeable = False
    b = np.ones(3)
    for first, second in zip(*(arrays(call(function, M, b)) for M in (A, stored)), strict=True):
        assert np.array_equal(first, second)
    assert np.array_equal(stored, A) and np.array_equal(b, np.ones(3))


def test_every_name_of_the_door_is_documented():
    for name in linear.__all__:
        assert getattr(linear, name).__doc__


@pytest.mark.parametrize("part, error, match", [
    (None, TypeError, "holds a NoneType, which is no number: leave it out"),
    (1j, TypeError, "holds 1j, which is no real number"),
    (np.complex64(1), TypeError, "which is no real number"),
    (mpmath.mpc(1), TypeError, "which is no real number"),
    (np.float32("nan"), ValueError, "holds nan: remove or replace it first"),
    (mpmath.mpf("-inf"), ValueError, "holds -inf: remove or replace it first"),
    (Decimal("NaN"), ValueError, "holds NaN: remove or replace it first"),
    (Decimal("sNaN"), ValueError, "holds sNaN: remove or replace it first"),
    (Decimal("Infinity"), ValueError, "holds Infinity: remove or replace it first"),
    ({1}, TypeError, "holds a set, which is no number"),
    (np.inf, ValueError, "holds inf: remove or replace it first"),
    (float("nan"), ValueError, "holds nan: remove or replace it first")])
def test_objects_that_are_no_real_numbers_are_refused(part, error, match):
    A = np.array([[Fraction(1), 0], [0, 0]], dtype=object)
    A[1, 1] = part
    for call in (lambda: lu(A), lambda: vector(A[1]), lambda: solve(np.eye(2), A[1])):
        with pytest.raises(error, match=match):
            call()


@pytest.mark.parametrize("part", [10**400, Fraction(10**400), Decimal("1e400"), np.float32(1)])
def test_objects_beyond_the_range_of_floats_are_finite(part):
    assert vector(np.array([part], dtype=object))[0] is part


def test_lists_of_large_whole_numbers_are_lists_of_floats():
    assert vector([2**70, 1]).tolist() == [2.0**70, 1] and lu([[2**65, 0], [0, 0.5]]).growth == 1
    assert vector([2**70, 0.5]).dtype == float
    assert vector([Fraction(1, 2), 2**70]).dtype == object
    with pytest.raises(OverflowError, match="x holds numbers too large for float64: scale them"):
        vector([10**400, 1])
    with pytest.raises(ValueError, match="holds nan: remove"):
        vector([2**70, float("nan")])


def test_a_list_that_float32_cannot_hold_is_called_too_large_and_not_infinite():
    single = np.eye(2, dtype=np.float32)
    for b in ([1e300, 1.0], [2**300, 1]):
        with pytest.raises(OverflowError, match="b holds numbers too large for float32: scale"):
            solve(single, b)
    with pytest.raises(ValueError, match=r"b\[0\] is inf"):
        solve(single, [np.inf, 1e300])


def test_a_right_hand_side_is_held_against_the_shape_of_a_sparse_matrix_alone():
    # Nothing of the size of the full matrix is made, which in a browser has to stay below 2 GiB.
    wide = scipy.sparse.csr_array((3, 2**62))
    assert np.array_equal(right_hand_side(np.ones(3), wide), np.ones(3))
    with pytest.raises(ValueError, match="b needs 3 rows"):
        right_hand_side(np.ones(4), wide)


@pytest.mark.parametrize("dtype", [int, np.uint8, bool])
def test_a_right_hand_side_of_a_matrix_of_integers_keeps_its_digits(dtype):
    for b in ([1.5, 2.5], np.array([1.5, 2.5])):
        result = right_hand_side(b, np.eye(2, dtype=dtype))
        assert result.dtype == float and result.tolist() == [1.5, 2.5]
    assert right_hand_side(np.array([1, 2]), np.eye(2, dtype=dtype)).dtype == float


@pytest.mark.parametrize("dtype", [complex, np.float16])
def test_a_right_hand_side_is_refused_beside_a_matrix_in_which_nothing_is_solved(dtype):
    with pytest.raises(TypeError, match="the matrix is of"):
        right_hand_side([1.5, 2.5], np.eye(2, dtype=dtype))


def test_a_right_hand_side_takes_a_list_as_its_matrix():
    assert right_hand_side([1, 2], [[1, 0], [0, 1]]).dtype == float
    with pytest.raises(ValueError, match=r"has shape .*, but a matrix has two dimensions"):
        right_hand_side([1, 2], 3.0)


def test_fractions_pass_where_no_root_is_needed():
    A = np.array([[Fraction(2), 0], [0, Fraction(4)]], dtype=object)
    assert solve(A, np.array([Fraction(1), 1])).tolist() == [Fraction(1, 2), Fraction(1, 4)]
    assert vector(A[0]).tolist() == [2, 0]


def test_a_vector_has_one_dimension():
    assert vector([1, 2]).dtype == np.float64
    for x in (np.ones((2, 1)), 3.0):
        with pytest.raises(ValueError, match=r"xi has shape .*, but a vector has one .*xi.ravel"):
            vector(x, "xi")


def test_what_left_the_range_is_told_and_objects_have_no_range():
    for x in (np.ones(2), np.float64(3), np.array([Fraction(1)])):
        assert checked_finite(x, "x") is x
    for x in (np.array([1.0, np.inf]), np.float32(np.nan)):
        with pytest.raises(OverflowError, match=f"the sum left the range of {x.dtype}: scale"):
            checked_finite(x, "the sum")


DECIMALS = np.array([[Decimal(4), Decimal(2)], [Decimal(2), Decimal(10)]])
WHOLE = np.array([[10**30, 1], [1, 10**30]], object)
TRIPLE = np.eye(2), np.ones(2), np.eye(2)


@pytest.mark.parametrize("use", [
    lambda: linear.solve(np.eye(2), [Decimal(1), Decimal(2)]),
    lambda: linear.solve(DECIMALS, np.array([1.0, 2.0])),
    lambda: linear.filtered_solution(TRIPLE, [Decimal(1), Decimal(2)], np.ones(2)),
    lambda: interpolation_coefficients([1.0, 2.0], [Decimal(1), Decimal(2)])])
def test_right_hand_sides_that_do_not_add_to_the_matrix_are_refused(use):
    with pytest.raises(TypeError, match=r" with .* holds .* and the two do not add: convert"):
        use()


def test_whole_numbers_beyond_the_range_are_refused_beside_floats():
    b = np.array([10**400, 1], object)
    with pytest.raises(OverflowError, match=r"the matrix with b holds a number beyond 1.8e308"):
        linear.solve(np.eye(2), b)
    for factor in (linear.lu, linear.cholesky, linear.householder_qr):
        with pytest.raises(OverflowError, match=r"A holds a number beyond 1.8e308 beside a float"):
            factor(np.array([[10**400, 2.0], [2.0, 10.0]], object))


@pytest.mark.parametrize("use", [
    lambda: linear.woodbury_solve(Fraction(1, 2), np.ones((2, 1)), np.ones(2)),
    lambda: linear.woodbury_solve(0.5, np.ones((2, 1)), [Fraction(1), Fraction(2)]),
    lambda: linear.filtered_solution(TRIPLE, np.ones(2), [Fraction(1), Fraction(1, 2)])])
def test_what_needs_floats_refuses_fractions(use):
    with pytest.raises(TypeError, match=r"holds objects: .* needs float32 or float64"):
        use()


@pytest.mark.parametrize("factor", [
    linear.householder_qr, linear.pivoted_qr, linear.classical_gram_schmidt,
    linear.modified_gram_schmidt, linear.reorthogonalized_gram_schmidt])
def test_whole_numbers_beyond_64_bits_have_roots_too(factor):
    R = factor(WHOLE)[1].astype(float)
    wanted = np.linalg.qr(WHOLE.astype(float))[1]
    assert np.allclose(np.abs(R), np.abs(wanted), rtol=1e-15, atol=0)
    L = linear.cholesky(WHOLE).astype(float)
    assert np.allclose(L @ L.T, WHOLE.astype(float), rtol=1e-15, atol=0)


@pytest.mark.parametrize("use", [
    linear.householder_qr, linear.pivoted_qr, lambda A: linear.least_squares(A, [1, 2])])
def test_reflections_refuse_decimals_and_name_what_takes_them(use):
    with pytest.raises(TypeError, match=r"A holds decimals, .* use modified_gram_schmidt"):
        use(DECIMALS)
    Q, R = (part.astype(float) for part in linear.modified_gram_schmidt(DECIMALS))
    assert np.allclose(Q @ R, DECIMALS.astype(float), rtol=1e-15, atol=0)


def test_objects_have_to_be_exactly_symmetric():
    A = np.array([[4.0, 2.0], [2.0000000000000004, 10.0]], object)
    with pytest.raises(ValueError, match=r"A\[0, 1\] = 2, but A\[1, 0\] = 2, 4e-16 off"):
        linear.cholesky(A)
    with pytest.raises(ValueError, match=r"but A\[1, 0\] = 0"):
        linear.cholesky(np.array([[1e200, 1e180], [0, 1e200]], object))
    with pytest.raises(ValueError, match=r"but A\[1, 0\] = 1"):
        linear.cholesky(np.array([[Decimal(4), Decimal(2)], [Decimal(1), Decimal(9)]]))
    assert np.array_equal(linear.cholesky(A.astype(float)), [[2, 0], [1.0000000000000002, 3]])


def test_eigenvalues_need_a_square_matrix_of_floats_and_symmetry_up_to_rounding():
    assert symmetric_matrix([[1, 2], [2, 5]]).dtype == np.float64
    with pytest.raises(ValueError, match=r"M has shape \(2, 3\), but only a square .* jacobi_svd"):
        eigen_matrix(np.ones((2, 3)), "M")
    with pytest.raises(TypeError, match="A holds objects: a decomposition that iterates"):
        symmetric_matrix(np.array([[Fraction(1)]]))
    A = np.array([[1.0, 3.0], [3.0, 1.0]])
    A[0, 1] += 8 * 2 * 2.0**-52 * 3
    assert symmetric_matrix(A) is A
    A[0, 1] += 2.0**-49
    with pytest.raises(ValueError, match=r"A\[0, 1\] = 3, but A\[1, 0\] = 3, 1e-14 off: the"):
        symmetric_matrix(A)
