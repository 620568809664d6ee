"""Singular values, filters, low rank and whitening meet their bounds; worse methods do not."""

import math
import warnings

import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse

from lib.linear import (
    IllConditionedWarning,
    default_cutoff,
    filtered_solution,
    jacobi_svd,
    low_rank,
    principal_components,
    pseudoinverse,
    randomized_svd,
    ridge,
    ridge_filter,
    truncated_least_squares,
    truncation_filter,
    whitening,
)
from lib.linear.jacobi import rounds
from lib.problems import (
    lauchli,
    random_orthogonal,
    read_matrix,
    read_right_hand_side,
    read_strd,
    read_table,
    vandermonde,
    with_singular_values,
)

U = {np.dtype(np.float64): 2.0**-53, np.dtype(np.float32): 2.0**-24}


def rng(seed=7):
    return np.random.default_rng(seed)


def norm(A):
    return np.linalg.norm(A.astype(float), 2)


def unit(A):
    """Return 10 sqrt(m n) u, the unit of all bounds here."""
    return 10 * math.sqrt(A.size) * U[A.dtype]


def loss(Q):
    """Return the loss of orthogonality of columns."""
    return norm(Q.astype(float).T @ Q.astype(float) - np.eye(Q.shape[1]))


MATRICES = {
    "random": rng().standard_normal((40, 25)),
    "wide": rng().standard_normal((7, 30)),
    "square, odd": rng().standard_normal((31, 31)),
    "ill-conditioned": with_singular_values(np.geomspace(1, 1e-14, 30), rng(), 45),
    "many equal": with_singular_values(np.repeat([3.0, 1.0, 1e-5], 8), rng()),
    "rank 3": rng().standard_normal((20, 3)) @ rng(8).standard_normal((3, 12)),
    "rank 1, exact": np.outer(np.arange(1.0, 9), np.arange(3.0, 8)),
    "zero": np.zeros((6, 4)),
    "zero rows and columns": np.pad(rng().standard_normal((5, 4)), 2),
    "identity": np.eye(9),
    "row": np.array([[3.0, 0.0, -4.0]]),
    "column": np.array([[3.0], [0.0], [-4.0]]),
    "one": np.array([[-2.0]]),
    "lauchli": lauchli(5, 1e-8),
    "tiny": rng().standard_normal((9, 6)) * 1e-30,
    "large": rng().standard_normal((9, 6)) * 1e30,
    "longley": read_strd("Longley").X,
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", MATRICES)
def test_the_factors_are_orthonormal_ordered_and_give_the_matrix(name, dtype):
    A = MATRICES[name].astype(dtype)
    factors = jacobi_svd(A)
    left, s, right = factors
    assert left.dtype == s.dtype == right.dtype == dtype
    assert left.shape == (len(A), len(s)) and right.shape == (len(s), A.shape[1])
    assert (s >= 0).all() and (np.diff(s) <= 0).all() and factors.error == 0
    assert loss(left) <= unit(A) and loss(right.T) <= unit(A)
    assert norm(left.astype(float) * s @ right.astype(float) - A) <= unit(A) * norm(A)
    wanted = np.linalg.svd(A.astype(float), compute_uv=False)
    assert np.abs(s - wanted).max() <= unit(A) * wanted[0]


def test_the_ends_of_the_range_are_no_obstacle():
    A = rng().standard_normal((6, 4))
    for scale in (2.0**-1000, 2.0**1020):
        assert (jacobi_svd(A * scale).s == jacobi_svd(A).s * scale).all()
    with pytest.raises(OverflowError, match="the largest singular value left the range"):
        jacobi_svd(np.full((4, 4), 1e308))


def exact_singular_values(A):
    with mpmath.workdps(150):
        values = mpmath.svd_r(mpmath.matrix(A.tolist()), compute_uv=False)
        return np.array([float(value) for value in values])


@pytest.mark.parametrize("side", ["D B", "B D", "tall", "wide"])
@pytest.mark.parametrize("decades", [4, 20, 60])
def test_each_singular_value_is_accurate_however_small(side, decades):
    # Demmel & Veselić 1992. LAPACK's solvers bidiagonalise first, and keep digits of the largest.
    n = 7
    B = with_singular_values(np.linspace(1, 5, n), rng(decades))
    d = rng(decades + 1).permutation(10.0 ** -np.linspace(0, decades, n))
    A = {"D B": d[:, None] * B, "B D": B * d, "tall": np.vstack([d[:, None] * B, 3 * B * d[3]]),
         "wide": np.hstack([d[:, None] * B, d[:, None] * B[::-1]])}[side]
    exact = exact_singular_values(A)
    error = np.abs(jacobi_svd(A).s / exact - 1).max()
    assert error <= 1e-12 and error <= unit(A) * 5
    if decades == 60 and side != "tall":
        others = [scipy.linalg.svd(A, compute_uv=False, lapack_driver=driver)
                  for driver in ("gesdd", "gesvd")]
        shuffled = [scipy.linalg.svd(A[rng(3).permutation(len(A))], compute_uv=False)]
        assert all(np.abs(s / exact - 1).max() > 1e-3 for s in shuffled)
        assert max(np.abs(s / exact - 1).max() for s in others) > 1e-3


def test_the_root_of_the_gram_matrix_misses_the_bound():
    A = MATRICES["ill-conditioned"]
    wanted = np.geomspace(1, 1e-14, 30)
    gram = np.sqrt(np.abs(np.linalg.eigvalsh(A.T @ A)[::-1]))
    assert np.abs(jacobi_svd(A).s - wanted).max() <= 2 * unit(A)
    assert np.abs(gram - wanted).max() > 1e4 * unit(A)


@pytest.mark.parametrize("n", [1, 2, 3, 8, 9])
def test_a_tournament_lets_each_pair_meet_once(n):
    pairs = [tuple(sorted(pair)) for i, j in rounds(n) for pair in zip(i, j, strict=True)]
    assert len(pairs) == len(set(pairs)) == n * (n - 1) // 2
    for i, j in rounds(n):
        assert len(set(i) | set(j)) == 2 * len(i)


REFUSED = [
    (np.eye(2) * 1j, TypeError, "complex"),
    (np.eye(2, dtype=object), TypeError, "objects"),
    (np.eye(2, dtype=np.float16), TypeError, "float16"),
    (np.array([[1.0, np.nan]]), ValueError, "nan"),
    (np.zeros((0, 3)), ValueError, "empty"),
    (np.ones(3), ValueError, "two dimensions"),
]


@pytest.mark.parametrize("A, error, word", REFUSED)
@pytest.mark.parametrize("f", [
    jacobi_svd, lambda A: low_rank(A, 1), pseudoinverse, principal_components, whitening,
    lambda A: randomized_svd(A, 1, rng()), lambda A: truncated_least_squares(A, np.ones(len(A)))])
def test_what_is_no_matrix_of_floats_is_refused_by_name(f, A, error, word):
    with pytest.raises(error, match=word):
        f(A)


# Filters and least squares.


def test_truncation_keeps_what_is_above_the_cutoff():
    s = np.array([10.0, 1.0, 0.1, 0.0])
    assert truncation_filter(s, 0.1).tolist() == [1, 0, 0, 0]
    assert truncation_filter(s, 0.0).tolist() == [1, 1, 1, 0]
    for cutoff in (-0.1, 1.0, np.nan):
        with pytest.raises(ValueError, match="relative to the largest"):
            truncation_filter(s, cutoff)


def test_ridge_factors_do_not_underflow():
    s = np.array([1.0, 1e-3, 1e-160, 1e-200, 0.0])
    assert ridge_filter(s, 1e-6)[:2] == pytest.approx([1 / (1 + 1e-6), 0.5], rel=8 * 2.0**-53)
    assert ridge_filter(s, 1e-320)[2] == pytest.approx(0.5, rel=1e-3)  # lam is subnormal here
    assert ridge_filter(s, 1.0)[4] == 0
    naive = s**2 / (s**2 + 1e-320)
    assert naive[3] == 0 and ridge_filter(s, 1e-320)[3] == pytest.approx(1e-80, rel=1e-3)


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
    assert result.dropped >= 1 and result.cutoff == 60 * 2.0**-52
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
    assert default_cutoff((6, 4), np.float32) == 6 * 2.0**-23


def test_wrong_right_hand_sides_are_refused():
    for f in (truncated_least_squares, lambda A, b: ridge(A, b, 1.0)):
        with pytest.raises(ValueError, match="needs 3 rows"):
            f(np.ones((3, 2)), np.ones(2))
        with pytest.raises(TypeError, match="float32"):
            f(np.ones((3, 2)), np.ones(3, np.float32))


# Low rank.


@pytest.mark.parametrize("name", ["random", "wide", "many equal", "ill-conditioned"])
def test_the_best_approximation_misses_the_next_singular_values(name):
    # Eckart & Young 1936 in the Frobenius norm, Mirsky 1960 in the other.
    A = MATRICES[name]
    s = np.linalg.svd(A, compute_uv=False)
    for rank in (1, 2, len(s) - 1, len(s)):
        best = low_rank(A, rank)
        rest = s[rank:]
        assert best.matrix.shape == A.shape and len(best.s) == rank
        assert abs(norm(A - best.matrix) - rest.max(initial=0)) <= 2 * unit(A) * s[0]
        assert abs(best.error - rest.max(initial=0)) <= unit(A) * s[0]
        frobenius = math.sqrt(np.sum(rest**2))
        assert abs(np.linalg.norm(A - best.matrix) - frobenius) <= 2 * unit(A) * s[0]


def test_no_other_matrix_of_this_rank_comes_nearer():
    A = MATRICES["random"]
    best = low_rank(A, 4)
    generator = rng(12)
    for _ in range(50):
        near = best.U + generator.normal(scale=0.1, size=best.U.shape)
        other = near @ np.linalg.lstsq(near, A, rcond=None)[0]
        assert norm(A - other) >= best.error
        assert np.linalg.norm(A - other) >= np.linalg.norm(A - best.matrix)


def test_a_rank_out_of_range_is_refused():
    for rank in (0, 5, -1):
        for f in (lambda rank: low_rank(np.eye(4), rank),
                  lambda rank: randomized_svd(np.eye(4), rank, rng()),
                  lambda rank: principal_components(np.eye(4), rank)):
            with pytest.raises(ValueError, match=f"rank = {rank}, but"):
                f(rank)


def expected_loss(shape, k, p, q):
    """The factor of Halko, Martinsson & Tropp 2011, corollary 10.10."""
    return (1 + math.sqrt(k / (p - 1)) + math.e * math.sqrt(k + p) / p
            * math.sqrt(min(shape) - k)) ** (1 / (2 * q + 1))


@pytest.mark.parametrize("decay", [0.5, 2.0])
def test_a_random_sample_misses_little_on_average(decay):
    s, k, p = np.arange(1.0, 101) ** -decay, 8, 6
    A = with_singular_values(s, rng(), 120)
    missed = {q: [] for q in (0, 2)}
    for seed in range(20, 40):
        for q, errors in missed.items():
            factors = randomized_svd(A, k, np.random.default_rng(seed), p, q)
            error = norm(A - factors.matrix)
            assert s[k] * (1 - 1e-12) <= error <= factors.error
            assert factors.error <= error + error * (8 * math.sqrt(100)) ** (1 / (2 * q + 1))
            assert loss(factors.U) <= unit(A) and loss(factors.Vt.T) <= unit(A)
            errors.append(error)
    for q, errors in missed.items():
        assert np.mean(errors) <= s[k] * (1 + expected_loss(A.shape, k, p, q))
    if decay == 0.5:  # where the spectrum decays slowly the power iterations pay
        assert np.mean(missed[2]) < 1.1 * s[k] < 1.3 * s[k] < np.mean(missed[0])


def test_power_iterations_without_new_bases_lose_what_is_small():
    # Singular values below u**(1 / (2 q + 1)) drown; that is why each product is orthonormalised.
    s = np.geomspace(1, 1e-12, 40)
    A = with_singular_values(s, rng(), 60)
    sample = rng(3).standard_normal((40, 30))
    naive = np.linalg.qr(A @ (A.T @ (A @ (A.T @ (A @ sample)))))[0]
    assert norm(A - randomized_svd(A, 20, rng(3), power=2).matrix) < 1.1 * s[20]
    assert norm(A - naive @ (naive.T @ A)) > 10 * s[20]


def test_a_matrix_of_low_rank_is_found_exactly_and_a_sparse_one_is_not_filled():
    A = rng().standard_normal((50, 3)) @ rng(8).standard_normal((3, 40))
    factors = randomized_svd(A, 3, rng())
    assert norm(A - factors.matrix) <= 10 * unit(A) * norm(A) and factors.error < 1e-10 * norm(A)
    sparse = read_matrix("well1033")
    s = np.linalg.svd(sparse.toarray(), compute_uv=False)
    found = randomized_svd(sparse, 5, rng(), power=4)
    assert scipy.sparse.issparse(sparse) and np.abs(found.s / s[:5] - 1).max() < 0.03
    assert (found.s <= s[:5] * (1 + 1e-12)).all()


def test_the_same_generator_gives_the_same_result_and_float32_stays():
    A = MATRICES["random"]
    assert (randomized_svd(A, 4, rng()).s == randomized_svd(A, 4, rng()).s).all()
    single = randomized_svd(A.astype(np.float32), 4, rng())
    assert single.U.dtype == single.s.dtype == single.Vt.dtype == np.float32
    for wrong in ({"oversampling": 1}, {"power": -1}):
        with pytest.raises(ValueError, match="needs at least 2 and 0"):
            randomized_svd(A, 4, rng(), **wrong)


# Principal components and whitening.


def test_principal_components_diagonalise_the_covariance():
    X = read_table("diabetes").X
    found = principal_components(X)
    C = np.cov(X.T)
    D = found.directions
    assert norm(D @ C @ D.T - np.diag(found.variances)) <= unit(X) * norm(X) ** 2 / len(X) * 10
    assert abs(found.total - np.trace(C)) <= unit(X) * np.trace(C)
    assert abs(found.shares.sum() - 1) < 1e-14
    scores = found.scores(X)
    assert norm(scores.mean(axis=0)) <= unit(X) * norm(X)
    assert (D[np.arange(10), np.abs(D).argmax(axis=1)] > 0).all()
    assert len(principal_components(X, 3).directions) == 3


def test_small_deviations_are_lost_in_a_covariance_matrix():
    deviations = np.array([1.0, 1e-5, 1e-10])
    Q = random_orthogonal(200, 4, rng())[:, :3]
    Q = np.linalg.qr(Q - Q.mean(axis=0))[0]
    X = math.sqrt(199) * Q * deviations @ random_orthogonal(3, 3, rng(4)).T
    found = np.sqrt(principal_components(X).variances)
    through = np.sqrt(np.abs(np.linalg.eigvalsh(np.cov(X.T))[::-1]))
    assert np.abs(found - deviations).max() <= unit(X)
    assert found[2] == pytest.approx(1e-10, rel=1e-3)
    assert not 0.5e-10 < through[2] < 2e-10


@pytest.mark.parametrize("method", ["pca", "zca"])
def test_white_data_have_the_identity_as_covariance(method):
    X = read_table("diabetes").X
    whiten = whitening(X, method)
    s = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
    white = whiten(X)
    assert white.shape == X.shape and whiten.dropped == 0
    assert norm(np.cov(white.T) - np.eye(10)) <= unit(X) * s[0] / s[-1]
    if method == "zca":
        assert norm(whiten.matrix - whiten.matrix.T) <= unit(X) * norm(whiten.matrix)


def test_zca_moves_the_data_least():
    X = rng().standard_normal((300, 4)) @ rng(8).standard_normal((4, 4))
    X = X - X.mean(axis=0)
    moved = np.linalg.norm(whitening(X, "zca")(X) - X)
    for seed in range(30, 40):
        turn = random_orthogonal(4, 4, np.random.default_rng(seed))
        assert np.linalg.norm(whitening(X)(X) @ turn - X) > moved


@pytest.mark.parametrize("method", ["pca", "zca"])
def test_directions_without_variance_are_left_out_not_divided_by(method):
    X = read_table("digits").X  # three pixels never change
    whiten = whitening(X, method)
    assert (whiten.rank, whiten.dropped) == (61, 3)
    C = np.cov(whiten(X).T)
    assert np.isfinite(C).all()
    wanted = np.eye(61) if method == "pca" else np.diag((np.ptp(X, axis=0) > 0).astype(float))
    assert norm(C - wanted) <= unit(X) * 1e3
    with np.errstate(all="ignore"):
        values, vectors = np.linalg.eigh(np.cov(X.T))
        naive = (X - X.mean(axis=0)) @ vectors / np.sqrt(values)
    assert not (np.isfinite(naive).all() and np.abs(np.cov(naive.T) - np.eye(64)).max() < 1e-3)


def test_data_that_cannot_be_whitened_are_refused():
    for X, words in ((np.ones((5, 2)), "does not vary"), (np.ones((1, 2)), "needs two samples")):
        with pytest.raises(ValueError, match=words):
            whitening(X)
    with pytest.raises(ValueError, match="no whitening 'cholesky': choose pca or zca"):
        whitening(np.eye(3), "cholesky")


def test_nothing_here_warns_of_its_own():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for A in MATRICES.values():
            pseudoinverse(A)
