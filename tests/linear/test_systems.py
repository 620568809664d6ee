"""Solutions meet the formulas for their backward error, on random, hard and certified data."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg

from lib.digits import trace
from lib.linear import (
    IllConditionedWarning,
    SingularMatrixError,
    back_substitution,
    householder_qr,
    least_squares,
    lu,
    lu_complete,
    modified_gram_schmidt,
    normal_equations,
    refine,
    ridge,
    solve,
)
from lib.numbers import (
    backward_error,
    condition,
    least_squares_backward_error,
    log_relative_error,
    relative_error,
)
from lib.problems import (
    hilbert,
    lauchli,
    read_matrix,
    read_right_hand_side,
    read_strd,
    vandermonde,
    wilkinson,
    with_singular_values,
)
from tests.linear.helpers import DTYPES, SQUARE, roundoff

U = 2.0**-53
STRD = ("Longley", "NoInt1", "Norris", "Pontius", "Wampler1", "Wampler4")


def quiet(function, *arguments):
    """Return function(*arguments) without its warnings of ill-conditioning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IllConditionedWarning)
        return function(*arguments)


# --- solve ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SQUARE)
def test_the_backward_error_is_below_10_n_u_times_growth(name, dtype):
    A = SQUARE[name].astype(dtype)
    n, rng = len(A), np.random.default_rng(7)
    b = rng.standard_normal((n, 3)).astype(dtype)
    try:
        x = quiet(solve, A, b)
    except SingularMatrixError:
        # On some kernels float32 leaves exact zeros of this matrix: then a refusal is right.
        assert (name, dtype) == ("hilbert", np.float32)
        return
    assert x.dtype == dtype and x.shape == b.shape
    assert np.all(backward_error(A, x, b) <= 10 * n * roundoff(dtype) * lu(A).growth)
    # In practice the growth need not be counted, except for Wilkinson's matrix.
    if name != "wilkinson":
        assert np.all(backward_error(A, x, b) <= 10 * n * roundoff(dtype))


def test_only_complete_pivoting_is_safe_on_wilkinsons_matrix():
    n = 60
    A, b = wilkinson(n), np.random.default_rng(8).standard_normal(n)
    assert backward_error(A, solve(A, b), b) > 1e3 * 10 * n * U
    assert backward_error(A, lu_complete(A).solve(b), b) <= 10 * n * U
    # It is neither ill-conditioned nor beyond repair.
    assert condition(A) < n
    assert backward_error(A, refine(A, b, solve(A, b)), b) <= 10 * n * U


def test_the_bound_rejects_elimination_without_pivoting_and_the_inverse():
    A, b = np.array([[1e-20, 1.0], [1.0, 1.0]]), np.array([1.0, 2.0])
    assert backward_error(A, lu(A, pivot=False).solve(b), b) > 0.1
    assert backward_error(A, solve(A, b), b) <= 10 * 2 * U
    # b = A x for a small x: then the error of the inverse is in sight.
    A = with_singular_values(np.geomspace(1, 1e-12, 30), np.random.default_rng(9))
    b = A @ np.random.default_rng(10).standard_normal(30)
    assert backward_error(A, np.linalg.inv(A) @ b, b) > 1e3 * 10 * 30 * U
    assert backward_error(A, solve(A, b), b) <= 10 * 30 * U


def test_float32_stays_float32():
    A = hilbert(4).astype(np.float32)
    b = A @ np.ones(4, np.float32)
    exact, u = solve(A.astype(float), b.astype(float)), roundoff(np.float32)
    # numpy.linalg computes in float64 and rounds once; the error shows it.
    assert np.max(np.abs(np.linalg.solve(A, b) - exact)) <= 2 * u
    assert 10 * u < np.max(np.abs(solve(A, b) - exact)) < 4 * condition(A) * u


def test_a_hopeless_solution_comes_with_a_warning():
    A = hilbert(14)
    with pytest.warns(IllConditionedWarning, match=r"below n u = 2e-15: x may have no") as caught:
        solve(A, np.ones(14))
    assert caught[0].filename == __file__
    solve(hilbert(10), np.ones(10))  # whose condition number, 1.6e13, leaves digits
    with pytest.warns(IllConditionedWarning):
        solve(hilbert(10).astype(np.float32), np.ones(10, np.float32))


def test_one_factorisation_serves_many_right_hand_sides():
    A, rng = SQUARE["random"], np.random.default_rng(11)
    factors = lu(A)
    for _ in range(3):
        b = rng.standard_normal(len(A))
        assert np.array_equal(factors.solve(b), solve(A, b))


def test_overflow_raises():
    with pytest.raises(OverflowError, match="solution of A x = b left the range of float64"):
        solve(np.diag([1e-300, 1e-300]), np.full(2, 1e300))


def test_a_warning_blames_growth_where_growth_is_to_blame():
    A, b = wilkinson(200), np.random.default_rng(8).standard_normal(200)
    with pytest.warns(IllConditionedWarning, match=r"of the factors of A, .* lu_complete\(A\)"):
        solve(A, b)
    x = lu_complete(A).solve(b)
    assert condition(A) < 200 and backward_error(A, x, b) <= 10 * 200 * U


@pytest.mark.parametrize("factor", [lu, lu_complete])
def test_what_overflows_before_a_zero_pivot_is_not_called_singular(factor):
    A = np.array([[1.7e308, 1.7e308, 0], [1.7e308, -1.7e308, 1], [0, 1, 0]])
    for call in (lambda: factor(A), lambda: solve(A, np.ones(3)), lambda: lu(A, pivot=False)):
        with pytest.raises(OverflowError, match="a factor of A left the range of float64: scale"):
            call()
    assert factor(A / [2.0**10, 2.0**10, 1]).packed.shape == (3, 3)  # A is not singular


# --- refinement ----------------------------------------------------------------------------


def whole_hilbert(n):
    """Return Hilbert's matrix times the least common multiple that makes it whole."""
    return np.rint(np.lcm.reduce(np.arange(1, 2 * n)) * hilbert(n))


def test_refinement_repairs_what_the_condition_number_cost():
    A = whole_hilbert(9)
    ones = np.ones(9)
    b = A @ ones  # exact: whole numbers below 2**53
    x = solve(A, b)
    history = []
    refined = refine(A, b, x, history=history)
    assert np.max(np.abs(x - 1)) > 1e5 * U
    assert np.max(np.abs(refined - 1)) <= 2 * U
    assert np.array_equal(history[0], x) and np.array_equal(history[-1], refined)


def test_a_residual_in_working_precision_would_not_repair_it():
    A = whole_hilbert(9)
    b, factors = A @ np.ones(9), lu(A)
    x = factors.solve(b)
    for _ in range(5):
        x = x + factors.solve(b - A @ x)
    assert np.max(np.abs(x - 1)) > 1e5 * U


def test_float32_is_refined_by_residuals_in_float64():
    A = whole_hilbert(4).astype(np.float32)
    b = A @ np.ones(4, np.float32)
    refined = refine(A, b, solve(A, b))
    assert refined.dtype == np.float32
    assert np.max(np.abs(refined - 1)) <= 2 * roundoff(np.float32)


@pytest.mark.parametrize("kappa", [1e2, 1e4, 1e5])
def test_factors_in_float32_give_a_solution_in_float64(kappa):
    A = with_singular_values(np.geomspace(1, 1 / kappa, 50), np.random.default_rng(12))
    x_true = np.random.default_rng(13).integers(1, 9, 50).astype(float)
    A = np.rint(A * 2**30)
    b = A @ x_true  # exact
    factors, history = lu(A.astype(np.float32)), []
    start = factors.solve(b.astype(np.float32)).astype(float)
    x = refine(A, b, start, factors, steps=50, history=history)
    assert np.max(np.abs(x - x_true)) <= 4 * U * np.max(x_true)
    # Each step gains about kappa times the unit roundoff of the factors, no less than a tenth.
    errors = [np.max(np.abs(x - x_true)) for x in history[:3]]
    assert errors[1] <= 10 * kappa * roundoff(np.float32) * errors[0]


def test_refinement_that_does_not_converge_warns():
    A = with_singular_values(np.geomspace(1, 1e-11, 30), np.random.default_rng(14))
    b = A @ np.ones(30)
    factors = lu(A.astype(np.float32))
    with pytest.warns(IllConditionedWarning, match="does not converge"):
        refine(A, b, np.zeros(30), factors)


def test_steps_that_run_out_on_the_way_warn_too():
    with pytest.warns(IllConditionedWarning, match="does not converge, or not soon"):
        refine(hilbert(14), np.ones(14), np.zeros(14))


def test_a_single_step_is_no_failure_to_converge():
    A, history = hilbert(4), []
    factors = lu(A.astype(np.float32))
    x = np.zeros(4)
    for _ in range(3):
        x = refine(A, A @ np.ones(4), x, factors, steps=1, history=history)
    errors = [np.max(np.abs(x - 1)) for x in history[1::2]]
    assert errors[2] < 1e-2 * errors[1] < 1e-4 * errors[0]


def of_another_matrix(kind, A, rng):
    """Return factors of a matrix that is not A."""
    n = len(A)
    return lu({"random": rng.standard_normal((n, n)), "transpose": A.T,
               "one row": np.where(np.arange(n)[:, None] == 2, 3 * A + 1, A),
               "multiple": A / 3, "rows exchanged": A[::-1],
               # One unknown in many is corrected hardly at all, the others at once.
               "one slow": A * np.where(np.arange(n) == 1, 1e4, 1)}[kind])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", ["random", "transpose", "one row", "multiple", "rows exchanged",
                                  "one slow"])
@pytest.mark.parametrize("steps", [1, 2, 3, 10, 40])
def test_factors_of_another_matrix_warn_or_do_as_promised(kind, steps, dtype):
    rng = np.random.default_rng(2063)
    for size in (1.0, 1e-3, 1e-9):  # of the error to begin with, in one unknown
        A = rng.standard_normal((12, 12)).astype(dtype) + 9 * np.eye(12, dtype=dtype)
        true = rng.standard_normal(12)
        b = (A @ true).astype(dtype)
        x = np.linalg.solve(A.astype(float), b.astype(float)).astype(dtype)
        x[1] += dtype(size)
        factors = of_another_matrix(kind, A, rng)
        limit, before = 10 * 12 * roundoff(dtype), backward_error(A, x, b)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                x = refine(A, b, x, factors, steps=steps)
            except OverflowError:
                continue
        if not caught:
            allowed = max(limit, before / 2) if steps == 1 else limit
            assert backward_error(A, x, b) <= allowed
        else:
            assert "does not converge" in str(caught[0].message)


def test_the_right_factors_do_not_warn():
    rng = np.random.default_rng(2064)
    for n in (1, 2, 30, 120):
        for kappa in (1, 1e3, 1e6):
            A = with_singular_values(np.geomspace(1, 1 / kappa, n), rng)
            x = refine(A, A @ np.ones(n), np.zeros(n))
            assert np.max(np.abs(x - 1)) <= 10 * n * kappa * U  # b was rounded


def test_refinement_ends_at_an_exact_solution_and_refuses_many():
    A = np.diag([2.0, 4.0])
    assert np.array_equal(refine(A, np.ones(2), np.array([0.5, 0.25])), [0.5, 0.25])
    assert np.array_equal(refine(A, np.zeros(2), np.zeros(2)), [0, 0])
    with pytest.raises(ValueError, match="one solution at a time"):
        refine(A, np.ones((2, 2)), np.ones((2, 2)))


# --- least squares -------------------------------------------------------------------------


def survey(name):
    """Return a least squares problem of land surveying."""
    return read_matrix(name).toarray(), read_right_hand_side(name)


def strd(name):
    """Return a data set of NIST."""
    data = read_strd(name)
    return data.X, data.y


def polynomial(n):
    """Return a problem of n powers at 100 points."""
    t = np.linspace(0, 1, 100)
    return vandermonde(t, n), np.cos(4 * t)


def sensitivity(A, x, b):
    """Return the condition number of least squares after column scaling (Higham, theorem 20.1)."""
    scale = np.linalg.norm(A, axis=0)
    A, x = A / scale, x * scale
    kappa, norm = condition(A), np.linalg.norm(A, 2)
    return kappa + kappa**2 * np.linalg.norm(b - A @ x) / (norm * np.linalg.norm(x))


def scaled_error(A, x, reference):
    """Return norm(x - reference) / norm(reference), where every column of A counts as a unit."""
    scale = np.linalg.norm(A, axis=0)
    return np.linalg.norm(scale * (x - reference)) / np.linalg.norm(scale * reference)


LEAST_SQUARES = {**{name: strd(name) for name in STRD}, "well1033": survey("well1033"),
                 "illc1033": survey("illc1033"), "8 powers": polynomial(8),
                 "11 powers": polynomial(11), "square": (hilbert(8), np.ones(8))}


@pytest.mark.parametrize("name", LEAST_SQUARES)
def test_least_squares_is_backward_stable(name):
    A, b = LEAST_SQUARES[name]
    bound = 10 * np.sqrt(A.size) * U
    assert least_squares_backward_error(A, least_squares(A, b), b) <= bound


def test_the_tracer_follows_both_ways_to_solve_least_squares():
    A, b = strd("Longley")
    kappa = condition(A / np.linalg.norm(A, axis=0))
    assert trace(least_squares, A, b).digits > -np.log10(kappa * U) - 1
    left = trace(normal_equations, A, b).digits
    assert -np.log10(kappa**2 * U) - 1 < left < -np.log10(kappa * U) - 1


@pytest.mark.parametrize("name", ["Longley", "8 powers"])
def test_that_bound_rejects_the_normal_equations(name):
    # Their backward error is of order kappa u, here 200 times the bound or more (20 times for
    # Wampler1). One order of rows and columns may be lucky in its rounding errors, half are not.
    A, b = LEAST_SQUARES[name]
    bound, rng, errors = 10 * np.sqrt(A.size) * U, np.random.default_rng(1964), []
    assert condition(A / np.linalg.norm(A, axis=0)) * U > 200 * bound
    for _ in range(21):
        rows, columns = rng.permutation(len(A)), rng.permutation(A.shape[1])
        A, b = A[rows][:, columns], b[rows]
        errors.append(least_squares_backward_error(A, normal_equations(A, b), b))
    assert np.median(errors) > bound


def test_that_bound_rejects_singular_values_cut_off_by_default():
    # Pontius has kappa = 1.4e13, but 18 after column scaling: gelsd does not see the latter.
    A, b = strd("Pontius")
    x = np.linalg.lstsq(A, b, rcond=None)[0]
    assert least_squares_backward_error(A, x, b) > 1e3 * np.sqrt(A.size) * U


@pytest.mark.parametrize("name", STRD)
def test_certified_coefficients_are_met_as_the_condition_allows(name):
    A, b = strd(name)
    certified, x = read_strd(name).coefficients, least_squares(A, b)
    # Householder's method is given 10 sqrt(m n) u; the data were rounded once before it began.
    bound = (10 * np.sqrt(A.size) + 2) * U * sensitivity(A, certified, b)
    assert scaled_error(A, x, certified) <= bound


@pytest.mark.parametrize("name", STRD)
def test_no_coefficient_has_two_digits_fewer_than_lapacks(name):
    A, b = strd(name)
    certified = read_strd(name).coefficients
    ours = np.min(log_relative_error(least_squares(A, b), certified))
    lapacks = np.min(log_relative_error(scipy.linalg.lstsq(A, b)[0], certified))
    assert ours > lapacks - 2


@pytest.mark.parametrize("name", ["well1033", "illc1033"])
def test_surveys_agree_with_lapack_as_their_condition_allows(name):
    A, b = survey(name)
    lapack = scipy.linalg.lstsq(A, b, lapack_driver="gelsd")[0]
    difference = scaled_error(A, least_squares(A, b), lapack)
    allowed = 10 * np.sqrt(A.size) * U * sensitivity(A, lapack, b)
    assert difference <= 2 * allowed < 1e-6
    assert scaled_error(A, normal_equations(A, b), lapack) > difference


def test_units_change_no_digit():
    A, b = strd("Longley")
    factors = np.exp2([0, 300, -300, 7, 0, 50, -9])
    assert np.array_equal(least_squares(A * factors, b) * factors, least_squares(A, b))


@pytest.mark.parametrize("dtype", DTYPES)
def test_many_right_hand_sides_and_both_precisions(dtype):
    rng = np.random.default_rng(18)
    A, B = rng.standard_normal((90, 60)).astype(dtype), rng.standard_normal((90, 3)).astype(dtype)
    X = least_squares(A, B)
    assert X.dtype == dtype and X.shape == (60, 3)
    bound = 10 * np.sqrt(A.size) * roundoff(dtype)
    for k in range(3):
        assert least_squares_backward_error(A, X[:, k], B[:, k]) <= bound
    assert np.allclose(X, normal_equations(A, B), rtol=0, atol=1e4 * roundoff(dtype))


def test_a_square_system_is_solved():
    A, b = SQUARE["random"], np.ones(200)
    assert backward_error(A, least_squares(A, b), b) <= 10 * 200 * U


def test_gram_schmidt_on_the_extended_matrix_solves_least_squares_too():
    # Björck (1967): R is good enough, and the last column of Q R is never used.
    A, b = polynomial(11)
    _, R = modified_gram_schmidt(np.column_stack([A, b]))
    x = back_substitution(R[:-1, :-1], R[:-1, -1])
    assert least_squares_backward_error(A, x, b) <= 10 * np.sqrt(A.size) * U
    Q, R = modified_gram_schmidt(A)
    x = back_substitution(R, Q.T @ b)
    assert least_squares_backward_error(A, x, b) > 100 * np.sqrt(A.size) * U


def test_the_explicit_q_would_do():
    A, b = strd("Longley")
    Q, R = householder_qr(A)
    assert relative_error(back_substitution(R, Q.T @ b), least_squares(A, b)).max() < 1e-9


@pytest.mark.parametrize("function", [least_squares, normal_equations])
def test_a_zero_column_is_named(function):
    with pytest.raises(SingularMatrixError, match="column 1 of A is zero"):
        function(np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]), np.ones(3))


def test_dependent_columns_warn():
    t = np.linspace(0, 1, 30)
    A = np.column_stack([np.ones(30), t, 1 + t / 3])
    with pytest.warns(IllConditionedWarning, match="A, its columns scaled,") as caught:
        least_squares(A, t)
    assert caught[0].filename == __file__


@pytest.mark.parametrize("A", [lauchli(3, 1e-9), lauchli(3, 1.5e-8), polynomial(13)[0]])
def test_normal_equations_warn_where_the_gram_matrix_is_singular(A):
    b = np.arange(len(A), dtype=float)
    with pytest.warns(IllConditionedWarning, match="Gram matrix.*use least_squares") as caught:
        x = normal_equations(A, b)
    assert np.all(np.isnan(x)) and caught[0].filename == __file__
    bound = 10 * np.sqrt(A.size) * U
    assert least_squares_backward_error(A, least_squares(A, b), b) <= bound


def test_normal_equations_lose_twice_the_digits_but_no_more():
    rng = np.random.default_rng(19)
    for kappa in (1e2, 1e4, 1e6):
        A = with_singular_values(np.geomspace(1, 1 / kappa, 8), rng, m=40)
        x_true = np.ones(8)
        b = A @ x_true
        error = np.linalg.norm(normal_equations(A, b) - x_true)
        assert error <= 10 * np.sqrt(A.size) * kappa**2 * U
    # The bound of least_squares, with kappa instead of its square, rejects the last.
    assert error > 10 * np.sqrt(A.size) * kappa * U
    assert np.linalg.norm(least_squares(A, b) - x_true) <= 10 * np.sqrt(A.size) * kappa * U


def two_levels(m, dtype, gap):
    """Return m equal rows, then m that differ from them by gap: rounding errors are equal, too."""
    t = np.where(np.arange(2 * m) < m, 0.1, 0.1 + gap)
    return np.column_stack([np.full(2 * m, 0.3), t]).astype(dtype)


def error_of_normal_equations(A, b):
    """Return the relative error, kappa, and the bound, all with the columns of A scaled.

    The reference is that of float64 for float32, else of longdouble by one step of Newton's method.
    """
    x = normal_equations(A, b)
    wide = A.astype(np.longdouble)
    reference = least_squares(A.astype(float), b.astype(float)).astype(np.longdouble)
    for _ in range(3):
        rest = (b - wide @ reference).astype(float)
        reference = reference + least_squares(A.astype(float), rest)
    scale = 2.0 ** np.ceil(np.log2(np.linalg.norm(A.astype(float), axis=0)))
    unit, y = A.astype(float) / scale, (scale * reference).astype(float)
    (m, n), kappa, u = A.shape, condition(unit), roundoff(A.dtype)
    s = min(m, 1024 + m / 1024)
    weight = 1 + np.linalg.norm(b.astype(float)) / (np.linalg.norm(unit, 2) * np.linalg.norm(y))
    error = float(np.linalg.norm(scale * (x - reference)) / np.linalg.norm(y))
    return error, kappa, kappa**2 * n * (s + 3 * n + 1) * u * weight


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("m", [5, 100, 1000, 1024, 5000, 100_000])
def test_normal_equations_meet_their_bound(m, dtype):
    rng = np.random.default_rng(2071)
    t = rng.random(m).astype(dtype)
    for A in (two_levels(m, dtype, 0.1), np.column_stack([t, t * t, 1 - t])):
        for noise in (0, 1, 100):
            b = (A @ np.ones(A.shape[1]) + noise * rng.standard_normal(len(A))).astype(dtype)
            error, _, bound = error_of_normal_equations(A, b)
            # What is of second order is a bound times smaller.
            assert error <= bound / (1 - bound) and bound < 0.9


def test_without_the_length_of_the_sums_the_bound_would_not_hold():
    A = two_levels(5000, np.float64, 3e-4)
    error, kappa, bound = error_of_normal_equations(A, 1 + A[:, 1])
    assert 10 * kappa**2 * U < error < bound < 0.1


def test_normal_equations_of_many_rows_are_not_noise():
    # Without s in the limit of the warning the error was 5 here, in silence.
    A = two_levels(5000, np.float32, 3e-4)
    with pytest.warns(IllConditionedWarning, match=r"Gram matrix.*below \(n \+ s\) u = "):
        assert np.isnan(normal_equations(A, 1 + A[:, 1])).all()


def test_overflow_of_a_solution_raises():
    with pytest.raises(OverflowError, match="the solution, or a number on its way, left the range"):
        least_squares(np.full((2, 1), 1e-200), np.full(2, 1e200))


# --- the ends of the range, and messages that name what is wrong -----------------------------


def test_refinement_blames_the_residual_and_not_b():
    big = np.diag([1e304, 1e304])
    assert refine(big, np.array([1e304, 2e304]), np.array([1.001, 1.99])).tolist() == [1, 2]
    with pytest.raises(OverflowError, match=r"the residual b - A x, in twice the precision, left"):
        refine(np.eye(2), np.full(2, 1.7e308), np.full(2, -1.7e308))
    A, b, x = np.diag([1e-300, 1.0]), np.array([1.0, 1.0]), np.array([1e300, 1.5])
    assert refine(A, b, x) == pytest.approx([1e300, 1])


@pytest.mark.parametrize("change, error, said", [
    ({"factors": np.eye(2)}, TypeError, r"factors is a ndarray, not LU: give lu\(A\)"),
    ({"factors": lu(np.eye(3))}, ValueError, r"factors are of a matrix of shape \(3, 3\), but A"),
    ({"history": ()}, TypeError, "history is a tuple: give a list"),
    ({"steps": 2.0}, TypeError, "steps = 2.0 is not an integer"),
    ({"steps": -1}, ValueError, "steps = -1: it must be at least 0"),
    ({"x": np.ma.masked_array([0.0, 0.0], mask=[0, 1])}, TypeError, "x is masked")])
def test_refinement_names_what_it_cannot_use(change, error, said):
    with pytest.raises(error, match=said):
        refine(**({"A": np.eye(2), "b": np.ones(2), "x": np.zeros(2)} | change))


def test_no_steps_change_nothing():
    x = np.array([0.3, 0.4])
    assert np.array_equal(refine(np.eye(2), np.ones(2), x, steps=0), x)


def test_a_norm_out_of_the_range_is_no_bad_condition():
    # The column sums overflow; the condition number is 4.
    x = solve(np.array([[1e308, 0.0], [1e308, 1e308]]), np.array([1e308, 0.0]))
    assert x.tolist() == [1, -1]


@pytest.mark.parametrize("function", [least_squares, normal_equations])
def test_fractions_have_no_roots(function):
    A = np.array([[Fraction(1)], [Fraction(2)]], dtype=object)
    with pytest.raises(TypeError, match=r"A holds Fraction\(1, 1\), which has no square root"):
        function(A, A[:, 0])


@pytest.mark.parametrize("function", [least_squares, normal_equations])
def test_what_overflows_on_the_way_raises_and_does_not_warn(function):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(OverflowError, match="solution, or a number on its way, left the range"):
            function(np.ones((3, 1)) + np.arange(3)[:, None], np.full(3, 1.7e308))


def test_the_warning_of_least_squares_comes_at_the_condition_that_is_stated():
    # n u times the condition number, columns scaled, in the 1-norm: below 1 silence, above not.
    for n in (2, 5):
        for power, warned in ((-46, False), (-56, True)):
            A = np.eye(n + 2, n)
            A[:, -1] = A[:, 0] + 2.0**power * A[:, -1]
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                least_squares(A, np.ones(n + 2))
            assert bool(caught) == warned


def test_a_refined_solution_beyond_the_range_is_told_at_any_step():
    for steps in (1, 2, 5):
        with pytest.raises(OverflowError, match="the refined solution left the range"):
            refine(np.array([[0.5]]), np.array([1.7e308]), np.array([1.7e308]), steps=steps)


def test_whole_numbers_beside_a_matrix_of_fractions_stay_exact():
    A = np.array([[Fraction(2), Fraction(1)], [Fraction(1), Fraction(3)]])
    for b in ([1, 2], [True, 2], np.array([1, 2]), [2**70 + 1, 2]):
        x = solve(A, b)
        assert all(type(part) is Fraction for part in x)
        assert (A @ x == np.array(b, dtype=object)).all()
    assert lu(A).solve([1, 2]).tolist() == [Fraction(1, 5), Fraction(3, 5)]


@pytest.mark.parametrize("routine", [
    least_squares, normal_equations, lambda A, b: ridge(A, b, 0.5)])
def test_objects_on_the_right_of_a_matrix_of_floats(routine):
    A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 1024.0]])
    b = np.array([Fraction(1), Fraction(2), Fraction(1, 3)])
    x, same = routine(A, b), routine(A, b.astype(float))
    # Both bounds are below 1e4 u kappa**2, and kappa is below 600 with any scaling of columns.
    np.testing.assert_allclose(x.astype(float), same, rtol=1e4 * 2.0**-53 * 600**2)
    assert x.dtype == object


def test_refine_returns_no_array_of_the_caller():
    A, b = np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 4.0])
    x, history = np.array([1.0, 1.0]), []
    refined = refine(A, b, x, history=history)  # x is exact: there is no correction
    assert not any(np.shares_memory(refined, other) for other in (x, b, *history))
    assert not np.shares_memory(x, history[0])
    assert refined.tolist() == history[0].tolist() == [1, 1]
