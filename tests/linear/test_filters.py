"""Filter factors, truncation, ridge and pseudoinverse meet their bounds; worse methods do not."""

import math
import warnings
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.linalg

from lib.linear import (
    IllConditionedWarning,
    default_cutoff,
    filtered_solution,
    jacobi_svd,
    pseudoinverse,
    ridge,
    ridge_filter,
    truncated_least_squares,
    truncation_filter,
)
from lib.problems import (
    read_matrix,
    read_right_hand_side,
    read_strd,
    vandermonde,
    with_singular_values,
)
from tests.linear.helpers import MATRICES, norm, rng, unit


def test_truncation_keeps_what_is_above_the_cutoff():
    s = np.array([10.0, 1.0, 0.1, 0.0])
    assert truncation_filter(s, 0.1).tolist() == [1, 0, 0, 0]
    assert truncation_filter(s, 0.0).tolist() == [1, 1, 1, 0]
    for cutoff in (-0.1, 1.0, np.nan):
        with pytest.raises(ValueError, match="relative to the largest"):
            truncation_filter(s, cutoff)


def test_a_tie_with_the_cutoff_is_dropped_and_a_product_is_not_rounded():
    assert truncation_filter(np.array([4.0, 1.0, 0.0]), 0.25).tolist() == [1, 0, 0]
    least = 5e-324
    for units, cutoff, kept in (
            ((4, 1), 0.25, [1, 0]), ((4, 1), 0.2, [1, 1]), ((4, 1), 0.3, [1, 0]),
            ((3, 1), 1 / 3, [1, 1]), ((3, 1), np.nextafter(1 / 3, 1), [1, 0]),
            ((1, 0), 0.9, [1, 0]), ((1, 1), np.nextafter(1, 0), [1, 1]),
            ((10, 7), 0.7, [1, 1]), ((10, 1), 0.1, [1, 0])):
        for size in (least, float(np.finfo(np.float32).smallest_subnormal), 1.0, 2.0**1000):
            s = np.array(units) * size
            assert truncation_filter(s, cutoff).tolist() == kept
    # Above and at a product that is far below both, or below all floats.
    assert truncation_filter(np.array([1.0, least]), 2.0**-1074).tolist() == [1, 0]
    assert truncation_filter(np.array([2.0**-1000, least]), 2.0**-80).tolist() == [1, 1]
    assert truncation_filter(np.array([2.0**1000, least]), 0.0).tolist() == [1, 1]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_parting_of_singular_values_is_that_of_fractions(dtype):
    draw, info = rng(83), np.finfo(dtype)
    for _ in range(200):
        s = (draw.integers(0, 12, 9) * draw.choice([info.smallest_subnormal, info.tiny, 1.0])
             ).astype(dtype)
        cutoff = draw.integers(0, 12) / 12
        if cutoff < 1:
            sizes = [Fraction(float(x)) for x in s]
            kept = [x > Fraction(cutoff) * max(sizes) for x in sizes]
            assert truncation_filter(s, cutoff).tolist() == kept


def test_ridge_factors_do_not_underflow():
    s = np.array([1.0, 1e-3, 1e-160, 1e-200, 0.0])
    expected = [1 / (1 + 1e-6), 0.5]
    assert ridge_filter(s, 1e-6)[:2] == pytest.approx(expected, rel=8 * 2.0**-53, abs=0)
    # lam is subnormal here
    assert ridge_filter(s, 1e-320)[2] == pytest.approx(0.5, rel=1e-3, abs=0)
    assert ridge_filter(s, 1.0)[4] == 0
    naive = s**2 / (s**2 + 1e-320)
    assert naive[3] == 0 and ridge_filter(s, 1e-320)[3] == pytest.approx(1e-80, rel=1e-3, abs=0)


@pytest.mark.parametrize("lam", [0.0, -1.0, np.inf, np.nan])
def test_a_ridge_parameter_is_positive(lam):
    for f in (lambda: ridge(np.eye(2), np.ones(2), lam), lambda: ridge_filter(np.ones(2), lam)):
        with pytest.raises(ValueError, match=r"lam > 0, got"):
            f()


@pytest.mark.parametrize("lam", [1e-14, 1e-6, 1.0, 100.0])
@pytest.mark.parametrize("shape", [(30, 8), (6, 9), (7, 7)])
def test_ridge_by_reflections_is_ridge_by_filter_factors(lam, shape):
    s = np.geomspace(1, 1e-4, min(shape))
    A = with_singular_values(s, rng(), max(shape))
    A = A if shape[0] >= shape[1] else A.T
    b = rng(9).standard_normal((shape[0], 2))
    factors = jacobi_svd(A)
    filtered = filtered_solution(factors, b, ridge_filter(factors.s, lam))
    kappa = math.sqrt((1 + lam) / ((s[-1] ** 2 if shape[0] >= shape[1] else 0) + lam))
    # With a residual the sensitivity of least squares is kappa**2 |r| / |x|; both take part.
    size = norm(filtered)
    bound = unit(A) * (kappa + kappa**2 * norm(b) / size / 1.0)
    found = ridge(A, b, lam)
    assert found.shape == (shape[1], 2)
    assert norm(found - filtered) <= bound * size
    assert norm(ridge(A, b[:, 0], lam) - filtered[:, 0]) <= bound * size


def test_ridge_by_the_gram_matrix_loses_twice_the_digits():
    kappa, lam = 1e7, 1e-14
    A = with_singular_values(np.geomspace(1, 1 / kappa, 8), rng(), 60)
    b = A @ np.ones(8)
    with mpmath.workdps(60):
        M = mpmath.matrix(A.tolist())
        gram = M.T * M + mpmath.mpf(lam) * mpmath.eye(8)
        exact = np.array([float(v) for v in mpmath.lu_solve(gram, M.T * mpmath.matrix(b.tolist()))])
    root = math.sqrt((1 + lam) / (1 / kappa**2 + lam))
    # b is nearly in the range: the penalty leaves a residual of the size sqrt(lam).
    bound = unit(A) * (root + root**2 * math.sqrt(lam))
    gram_solution = np.linalg.solve(A.T @ A + lam * np.eye(8), A.T @ b)
    assert norm(ridge(A, b, lam) - exact) <= bound * norm(exact)
    assert norm(gram_solution - exact) > 100 * bound * norm(exact)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_ridge_works_in_its_own_precision(dtype):
    A = with_singular_values(np.geomspace(1, 1e-3, 5), rng(), 20).astype(dtype)
    b = np.ones(20, dtype)
    assert ridge(A, b, 1e-4).dtype == dtype
    wanted = ridge(A.astype(float), b.astype(float), 1e-4)
    assert norm(ridge(A, b, 1e-4) - wanted) <= unit(A) * 1e4 * norm(wanted)


def test_a_penalty_too_small_to_help_warns():
    A = np.ones((5, 2))
    with pytest.warns(IllConditionedWarning):
        ridge(A, np.ones(5), 1e-40)


def test_full_rank_least_squares_agrees_with_certified_coefficients():
    for name in ("Norris", "Longley", "Wampler1", "NoInt1"):
        strd = read_strd(name)
        result = truncated_least_squares(strd.X, strd.y)
        kappa = np.linalg.cond(strd.X)
        residual = norm(strd.y - strd.X @ strd.coefficients)
        size = norm(strd.coefficients)
        bound = unit(strd.X) * (kappa + kappa**2 * residual / (norm(strd.X) * size))
        assert result.dropped == 0 and result.rank == strd.X.shape[1]
        assert norm(result.x - strd.coefficients) <= max(bound, 1e-14) * size


def test_a_cutoff_of_1e_minus_6_changes_the_question():
    # The default of scikit-learn 1.9, which keeps no digit here.
    strd = read_strd("Wampler1")
    result = truncated_least_squares(strd.X, strd.y, cutoff=1e-6)
    assert (result.rank, result.dropped, result.cutoff) == (4, 2, 1e-6)
    assert np.abs(result.x - 1).max() > 0.5
    assert np.abs(truncated_least_squares(strd.X, strd.y).x - 1).max() < 1e-7
    assert repr(result) == ("kept 4 of 6 singular values, dropped 2 not above 1e-06 times the "
                            "largest")


def test_a_polynomial_of_degree_ten_is_truncated_unless_told_otherwise():
    X = vandermonde(np.linspace(1, 30, 60), 11)
    result = truncated_least_squares(X, X @ np.ones(11))
    assert result.dropped >= 1 and result.cutoff == default_cutoff((60, 11), float)
    assert result.singular_values[-1] > 0


@pytest.mark.parametrize("name", ["well1033", "illc1033"])
def test_a_land_survey_agrees_with_lapack_as_its_conditioning_allows(name):
    A, b = read_matrix(name).toarray(), read_right_hand_side(name)
    result = truncated_least_squares(A, b)
    wanted, *_ = scipy.linalg.lstsq(A, b, lapack_driver="gelsd")
    s = result.singular_values
    kappa = s[0] / s[-1]
    residual = norm(b - A @ wanted) / (s[0] * norm(wanted))
    assert result.rank == 320
    assert norm(result.x - wanted) <= unit(A) * (kappa + kappa**2 * residual) * norm(wanted)


def test_the_shortest_solution_is_orthogonal_to_the_null_space():
    A = MATRICES["wide"]
    b = rng(5).standard_normal((7, 2))
    x = truncated_least_squares(A, b).x
    assert norm(A @ x - b) <= unit(A) * np.linalg.cond(A) * norm(b)
    null = scipy.linalg.null_space(A)
    assert norm(null.T @ x) <= unit(A) * np.linalg.cond(A) * norm(x)


@pytest.mark.parametrize("name", ["random", "wide", "rank 3", "zero", "rank 1, exact", "one"])
def test_the_four_conditions_of_penrose_hold(name):
    A = MATRICES[name]
    result = pseudoinverse(A)
    P, s = result.matrix, result.singular_values
    assert P.shape == A.T.shape and result.rank + result.dropped == len(s)
    assert result.rank == np.linalg.matrix_rank(A)
    kappa = s[0] / s[result.rank - 1] if result.rank else 1
    unit_of_a = unit(A) * kappa
    assert norm(A @ P @ A - A) <= unit_of_a * norm(A)
    assert norm(P @ A @ P - P) <= unit_of_a * norm(P)
    assert norm(A @ P - (A @ P).T) <= unit_of_a
    assert norm(P @ A - (P @ A).T) <= unit_of_a


def test_an_uncut_pseudoinverse_of_rank_3_is_noise():
    A = MATRICES["rank 3"]
    P = pseudoinverse(A, cutoff=0.0)
    assert P.dropped == 0 and norm(P.matrix) > 1e10 * norm(pseudoinverse(A).matrix)


def test_the_cutoff_scales_with_the_matrix():
    A = 1e-12 * rng().standard_normal((6, 4))
    assert pseudoinverse(A).rank == 4  # a fixed 1e-10 would say 0
    assert default_cutoff((9, 4), np.float32) == 6 * 2.0**-23
    assert default_cutoff((2**33, 2**33), float) == 2.0**-19


def test_wrong_right_hand_sides_are_refused():
    for f in (truncated_least_squares, lambda A, b: ridge(A, b, 1.0)):
        with pytest.raises(ValueError, match="needs 3 rows"):
            f(np.ones((3, 2)), np.ones(2))
        with pytest.raises(TypeError, match="float32"):
            f(np.ones((3, 2)), np.ones(3, np.float32))


def test_nothing_here_warns_of_its_own():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for A in MATRICES.values():
            pseudoinverse(A)


def test_the_largest_singular_value_may_stand_anywhere():
    assert truncation_filter(np.array([1.0, 4.0, 0.1]), 0.25).tolist() == [0, 1, 0]
    assert truncation_filter([2, 1], 0.5).tolist() == [1, 0]
    # As a float32, this cutoff is 1.
    assert truncation_filter(np.array([2.0, 1.0], np.float32), 1 - 1e-10).tolist() == [1, 0]
    found = ridge_filter(np.array([2, 1]), 1.0).tolist()
    assert found == pytest.approx([0.8, 0.5], rel=1e-15, abs=0)


def test_the_default_cutoff_keeps_directions_of_tall_float32_data():
    # Half a million rows: max(m, n) eps is 6 % there, the square root 1.5e-4.
    A = np.zeros((200_000, 2), np.float32)
    A[:, 0] = rng().standard_normal(200_000)
    A[:, 1] = 0.01 * rng(8).standard_normal(200_000)
    result = truncated_least_squares(A, A @ np.float32([1, 1]))
    assert result.dropped == 0 and np.abs(result.x - 1).max() <= unit(A)
    assert pseudoinverse(A[:5000]).rank == 2
    assert 0.01 < 200_000 * 2.0**-23  # what dropped it before


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(40, 40), (2000, 3), (3, 500), (5000, 5)])
def test_rounding_a_dependent_column_stays_below_the_default_cutoff(dtype, shape):
    for seed in range(20, 24):
        A = np.random.default_rng(seed).uniform(1, 2, shape)
        A = A if shape[0] >= shape[1] else A.T
        A[:, -1] = A[:, :-1].sum(axis=1)
        A = A.astype(dtype) if shape[0] >= shape[1] else A.T.astype(dtype)
        result = pseudoinverse(A)
        assert (result.rank, result.dropped) == (min(shape) - 1, 1)


def test_a_cutoff_is_asked_for_two_sizes_and_a_dtype_of_floats():
    for shape in ((3,), (3, 2, 1), 4):
        with pytest.raises(ValueError, match="needs the two sizes"):
            default_cutoff(shape, float)
    with pytest.raises(TypeError, match="of float32 or float64"):
        default_cutoff((3, 2), int)
    with pytest.raises(ValueError, match="must be at least 1"):
        default_cutoff((3, 0), float)


def test_what_overflows_is_refused_and_is_no_nan():
    with pytest.raises(OverflowError, match="left the range of float64: scale"):
        pseudoinverse(np.diag([1e-310, 1e-310]))
    with pytest.raises(OverflowError, match="left the range"):
        truncated_least_squares(np.diag([1e-200, 1e-200]), np.full(2, 1e200))
    assert pseudoinverse(np.diag([1e-300, 1e-300])).matrix.diagonal() == pytest.approx(1e300)


@pytest.mark.parametrize("lam", [1e300, 1e-100])
def test_a_ridge_parameter_whose_root_is_lost_in_float32_is_named(lam):
    s, A = np.float32([1, 0.5]), np.eye(2, dtype=np.float32)
    for f in (lambda: ridge_filter(s, lam), lambda: ridge(A, s, lam)):
        with pytest.raises(OverflowError, match=r"root of lam = 1e.* in float32: scale"):
            f()
    # The parameter itself may be out of the range, as long as its root is not.
    assert ridge(A * np.float32(1e25), s, 1e50) == pytest.approx(s / 2e25, rel=1e-6, abs=0)


def test_each_result_has_its_own_name():
    A = np.diag([2.0, 4.0])
    assert not hasattr(pseudoinverse(A), "x")
    assert not hasattr(truncated_least_squares(A, np.ones(2)), "matrix")
    assert repr(pseudoinverse(A)) == repr(truncated_least_squares(A, np.ones(2)))


@pytest.mark.parametrize("change, said", [
    ({"filters": np.ones(3)}, "each direction has one factor"),
    ({"filters": np.array([1.0, -1.0])}, "each direction has one factor"),
    ({"b": np.ones(3)}, "b needs 2 rows"), ({"filters": np.array([1.0, np.nan])}, r"filters\[1\]"),
    ({"factors": (np.eye(2), np.array([1.0, -1.0]), np.eye(2))}, "no singular values"),
    ({"factors": (np.eye(2), np.ones(1), np.eye(2))}, "with 1 singular values")])
def test_a_filtered_solution_refuses_what_does_not_fit(change, said):
    arguments = {"factors": jacobi_svd(np.eye(2)), "b": np.ones(2), "filters": np.ones(2)} | change
    with pytest.raises(ValueError, match=said):
        filtered_solution(**arguments)


def test_a_direction_with_a_factor_of_zero_is_left_out_even_where_s_is_zero():
    factors = jacobi_svd(np.diag([4.0, 0.0]))
    assert filtered_solution(factors, np.ones(2), np.array([1.0, 0.0])).tolist() == [0.25, 0]
    with pytest.raises(ValueError, match=r"s\[1\] is 0, but filters\[1\] = 1.0: .* factor of 0"):
        filtered_solution(factors, np.ones(2), np.ones(2))
    with pytest.raises(OverflowError, match="the solution, or the inverse, left the range"):
        filtered_solution((np.eye(2), [4.0, 1e-320], np.eye(2)), np.ones(2), np.ones(2))


def test_a_cutoff_needs_sizes_and_a_dtype():
    with pytest.raises(TypeError, match="dtype = abc: singular values are of float32 or float64"):
        default_cutoff((3, 2), "abc")
    with pytest.raises(OverflowError, match="shape is beyond the range of floats: give"):
        default_cutoff((10**400, 2), float)
