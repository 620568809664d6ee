"""A chosen lambda leaves the residual that was asked for; scores are those of refits."""

import mpmath
import numpy as np
import pytest

from lib.linear import (
    discrepancy,
    filtered_solution,
    generalized_cross_validation,
    jacobi_svd,
    leave_one_out,
    ridge,
)
from lib.problems import with_singular_values
from tests.linear.helpers import DTYPES, MATRICES, norm, rng, roundoff, stated, unit


def refit(A, b, lam):
    """Return the mean squared error of rows that were left out, by fitting without each."""
    errors = []
    for i in range(len(b)):
        others = np.arange(len(b)) != i
        errors.append(b[i] - A[i] @ ridge(A[others], b[others], lam))
    return np.mean(np.square(errors))


@pytest.mark.parametrize("name", [name for name in MATRICES if name not in ("zero", "one")])
@pytest.mark.parametrize("part", [0.01, 0.5, 0.999])
def test_the_whole_residual_has_the_norm_that_was_asked_for(name, part):
    A = MATRICES[name]
    b = rng(5).standard_normal(len(A))
    factors = jacobi_svd(A)
    with pytest.raises(ValueError, match=r"between .* that of b") as refused:
        discrepancy(factors, b, 2 * np.linalg.norm(b))
    least = float(str(refused.value).split("between ")[1].split(",")[0])
    delta = least + part * (np.linalg.norm(b) - least)
    lam = discrepancy(factors, b, delta)
    m, n = A.shape
    bound = stated(discrepancy, "delta to {} norm(b)", m=m, n=n, u=2.0**-53)
    U, s, _ = factors
    # In 60 digits, from the factors: no rounding of ridge itself takes part.
    with mpmath.workdps(60):
        left = mpmath.mpf(0)
        beta = [mpmath.fdot(U[:, j], b) for j in range(len(s))]
        for i in range(m):
            fit = mpmath.fsum(
                U[i, j] * beta[j] * mpmath.mpf(s[j]) ** 2 / (mpmath.mpf(s[j]) ** 2 + lam)
                for j in range(len(s)))
            left += (b[i] - fit) ** 2
        assert abs(mpmath.sqrt(left) - delta) <= bound * np.linalg.norm(b)


def test_the_coordinates_alone_would_choose_another_lambda():
    A = rng().standard_normal((20, 3))
    b = rng(5).standard_normal(20)
    U, s, Vt = jacobi_svd(A)
    delta = 0.999 * np.linalg.norm(b)
    whole = discrepancy((U, s, Vt), b, delta)
    beta = U.T @ b
    left = np.linalg.norm(beta * whole / (s**2 + whole))
    assert abs(left - delta) > 0.1 * delta


@pytest.mark.parametrize("delta", [0.0, -1.0, np.inf, np.nan])
def test_a_noise_that_no_lambda_leaves_is_refused(delta):
    with pytest.raises(ValueError, match="delta"):
        discrepancy(jacobi_svd(np.eye(2)), np.ones(2), delta)


def test_a_lambda_out_of_range_is_refused():
    with pytest.raises(OverflowError, match="scale A"):
        discrepancy(jacobi_svd(1e200 * np.eye(2)), np.ones(2), 1.0)


@pytest.mark.parametrize("shape", [(12, 4), (5, 9), (4, 1), (2, 2)])
@pytest.mark.parametrize("lam", [1e-3, 1.0, 1e3])
def test_leave_one_out_is_what_refits_find(shape, lam):
    A = rng().standard_normal(shape)
    b = rng(6).standard_normal(shape[0])
    found = leave_one_out(jacobi_svd(A), b, [lam])[0]
    # Each refit is off by u times the square of its condition number, (norm(A)**2 + lam) / lam.
    kappa_squared = 1 + norm(A) ** 2 / lam
    assert abs(found - refit(A, b, lam)) <= unit(A) * kappa_squared * found


def test_the_mean_leverage_is_not_each_leverage():
    A = rng().standard_normal((10, 3))
    A[9] = [30, 0, 0]
    b = A @ np.ones(3) + rng(6).standard_normal(10)
    exact = refit(A, b, 1.0)
    by_mean = generalized_cross_validation(jacobi_svd(A), b, [1.0])[0]
    assert abs(by_mean - exact) > 0.2 * exact


def test_gcv_does_not_change_when_the_rows_are_rotated():
    A, b = rng().standard_normal((9, 4)), rng(6).standard_normal(9)
    Q = with_singular_values(np.ones(9), rng(8))
    lams = [1e-3, 1.0, 100.0]
    before = generalized_cross_validation(jacobi_svd(A), b, lams)
    after = generalized_cross_validation(jacobi_svd(Q @ A), Q @ b, lams)
    np.testing.assert_allclose(after, before, rtol=100 * unit(Q))
    turned = leave_one_out(jacobi_svd(Q @ A), Q @ b, lams)
    assert abs(turned[0] / leave_one_out(jacobi_svd(A), b, lams)[0] - 1) > 0.01


def test_gcv_is_its_formula():
    A, b = rng().standard_normal((9, 4)), rng(6).standard_normal(9)
    hat = A @ np.linalg.inv(A.T @ A + 2 * np.eye(4)) @ A.T
    left = b - hat @ b
    wanted = 9 * left @ left / np.trace(np.eye(9) - hat) ** 2
    found = generalized_cross_validation(jacobi_svd(A), b, [2.0])
    assert found[0] == pytest.approx(wanted, rel=100 * unit(A), abs=0)


@pytest.mark.parametrize("score", [leave_one_out, generalized_cross_validation])
def test_a_row_that_nothing_predicts_is_refused(score):
    with pytest.raises(ValueError, match="larger lam"):
        score(jacobi_svd(np.eye(3)), np.ones(3), [1.0, 1e-20])
    for lam in (0.0, -1.0):
        with pytest.raises(ValueError, match="lam > 0"):
            score(jacobi_svd(np.eye(3)), np.ones(3), [lam])


def test_a_noise_too_near_to_the_least_is_refused():
    factors = np.eye(2), np.array([1.0, 1.0]), np.eye(2)
    for delta in (1e-40, 1e-300):
        with pytest.raises(ValueError, match="too near to an end"):
            discrepancy(factors, np.ones(2), delta)
    # lam / (1 + lam) of b remains.
    wanted = 1e-20 / np.sqrt(2)
    assert discrepancy(factors, np.ones(2), 1e-20) == pytest.approx(wanted, rel=1e-12, abs=0)


def orthonormal(U):
    """Return the columns of U made orthonormal in the digits of mpmath, as a matrix."""
    columns = []
    for column in U.T:
        for _ in range(2):
            for other in columns:
                column = column - other * mpmath.fdot(other, column)
        columns.append(column / mpmath.sqrt(mpmath.fdot(column, column)))
    return np.array(columns).T


def by_hand(U, s, b, lam):
    """Return x of leave-one-out, that of GCV, and the smallest own of each, in many digits."""
    with mpmath.workdps(60):
        to_mp = np.vectorize(lambda x: mpmath.mpf(float(x)), otypes=[object])
        U, s, b = orthonormal(to_mp(U)), to_mp(s), to_mp(b)
        f = s**2 / (s**2 + lam)
        residual, own = b - U @ (f * (U.T @ b)), 1 - U**2 @ f
        mean = np.sum(own) / len(own)
        one, two = (mpmath.norm(list(residual / x)) for x in (own, mean))
        return float(one), float(two), float(min(own)), float(mean)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5, 5), (5, 8), (9, 4), (2, 2), (1, 1), (20, 20)])
@pytest.mark.parametrize("lam", 10.0 ** -np.arange(0, 15, 2))
@pytest.mark.parametrize("inside", [False, True])
def test_scores_keep_their_bound_or_are_refused(dtype, shape, lam, inside):
    A, b = rng().standard_normal(shape).astype(dtype), rng(6).standard_normal(shape[0])
    b = (A @ np.ones(shape[1]) if inside else b).astype(dtype)
    U, s, Vt = jacobi_svd(A)
    *wanted, least, mean = by_hand(U, s, b, lam)
    m, n = U.shape
    bound = stated(leave_one_out, "error of at most {} (norm(b)", m=m, n=n, u=roundoff(dtype))
    limit = stated(leave_one_out, "own is at most {}:", n=n, u=roundoff(dtype))
    pairs = zip((leave_one_out, generalized_cross_validation), wanted, (least, mean), strict=True)
    for score, x, own in pairs:
        try:
            found = np.sqrt(m * score((U, s, Vt), b, [lam])[0])
        except ValueError:
            assert own <= 1.1 * limit
        else:
            assert own >= 0.9 * limit
            assert abs(found - x) <= bound * (np.linalg.norm(b) + x) / own


@pytest.mark.parametrize("lam", [1e-8, 1e-10])
def test_nothing_cancels_where_U_is_square(lam):
    A, b = rng(3).standard_normal((5, 5)), rng(6).standard_normal(5)
    factors = jacobi_svd(A)
    *wanted, _, _ = by_hand(factors.U, factors.s, b, lam)
    # What the differences lost, 3e-6 at 1e-10, is not lost: errors are some u over entries of U.
    for score, x in zip((leave_one_out, generalized_cross_validation), wanted, strict=True):
        assert score(factors, b, [lam])[0] == pytest.approx(x**2 / 5, rel=1e-11, abs=0)


@pytest.mark.parametrize("score", [leave_one_out, generalized_cross_validation])
def test_scores_have_the_units_of_b_squared(score):
    factors, b = jacobi_svd(rng().standard_normal((5, 2))), rng(6).standard_normal(5)
    lams = [1e-3, 1.0]
    plain = score(factors, b, lams)
    for exponent in (-500, 500):
        assert np.array_equal(score(factors, np.ldexp(b, exponent), lams),
                              np.ldexp(plain, 2 * exponent))
    for scale in (1e-170, 1e170):
        with pytest.raises(OverflowError, match="scale b"):
            score(factors, scale * b, lams)
    assert not np.any(score(factors, 0 * b, lams))


def of_the_matrix(A, b, lam):
    """Return the norm of the residual, x of leave-one-out and of GCV, and own of each, from A."""
    with mpmath.workdps(80):
        A, b = (mpmath.matrix(part.tolist()) for part in (A, b))
        hat = A * mpmath.inverse(A.T * A + mpmath.mpf(lam) * mpmath.eye(A.cols)) * A.T
        left, own = b - hat * b, [1 - hat[i, i] for i in range(A.rows)]
        mean = mpmath.fsum(own) / A.rows
        one, two = (mpmath.norm([left[i] / x[i] for i in range(A.rows)])
                    for x in (own, [mean] * A.rows))
        return (float(x) for x in (mpmath.norm(left), one, two, min(own), mean))


@pytest.mark.parametrize("lam", 2.0 ** np.arange(-49, 0, 12))
def test_for_the_matrix_itself_the_bound_grows_as_lambda_shrinks(lam):
    A, b = np.array([[1, 1], [1, 1 + 2.0**-24], [1, 1]]), np.array([1.0, -1, 2])
    factors, u = jacobi_svd(A), 2.0**-53
    left, *wanted, least, mean = of_the_matrix(A, b, lam)
    grown = [max(1, stated(function, "be off by {} times that", norm=norm, A=A, lam=lam))
             for function in (discrepancy, leave_one_out)]
    bound = [stated(discrepancy, "delta to {} norm(b)", m=3, n=2, u=u),
             stated(leave_one_out, "error of at most {} (norm(b)", m=3, n=2, u=u)]
    # How far the norm is off for the lam that is found, told by that of the exact residual.
    found, *_ = of_the_matrix(A, b, discrepancy(factors, b, left))
    errors = [abs(found - left) / np.linalg.norm(b)]
    for score, x, own in zip((leave_one_out, generalized_cross_validation), wanted, (least, mean),
                             strict=True):
        error = abs(np.sqrt(3 * score(factors, b, [lam])[0]) - x)
        errors.append(error * own / (np.linalg.norm(b) + x))
    assert errors[0] <= bound[0] * grown[0] and max(errors[1:]) <= bound[1] * grown[1]
    if lam == 2.0**-49:  # and without this factor no bound would hold
        assert errors[0] > 1000 * bound[0] and min(errors[1:]) > 1000 * bound[1]


@pytest.mark.parametrize("use", [
    lambda factors: discrepancy(factors, np.ones(2), 0.5),
    lambda factors: leave_one_out(factors, np.ones(2), [1.0]),
    lambda factors: generalized_cross_validation(factors, np.ones(2), [1.0]),
    lambda factors: filtered_solution(factors, np.ones(2), np.ones(2))])
def test_factors_are_three(use):
    for factors in (np.eye(2), (np.eye(2), np.ones(2)), 3.0, None, iter(())):
        with pytest.raises(TypeError, match="does not unpack as U, s, Vt: give jacobi_svd"):
            use(factors)
    U, s, Vt = np.eye(2), np.array([2.0, 1.0]), np.eye(2)
    assert np.array_equal(use(iter((U, s, Vt))), use((U, s, Vt)))


def test_the_ends_of_the_range_of_delta_are_out_of_reach():
    factors, b = (np.eye(3)[:, :2], np.array([2.0, 1.0]), np.eye(2)), np.array([0.0, 3.0, 4.0])
    for delta in (4.0, 5.0):
        with pytest.raises(ValueError, match="between 4, which no lam can fit, and 5, that of b"):
            discrepancy(factors, b, delta)
