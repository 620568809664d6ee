"""Low rank, random samples, principal components and whitening do what they promise."""

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from lib.linear import (
    default_cutoff,
    low_rank,
    principal_components,
    randomized_svd,
    whitening,
)
from lib.linear.components import PROBES, _missed
from lib.problems import random_orthogonal, read_matrix, read_table, with_singular_values
from tests.linear.helpers import MATRICES, loss, norm, rng, unit


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


def overestimate(shape, q):
    """How much too large the docstring of randomized_svd lets `.error` be."""
    return 1 + (8 * (math.sqrt(min(shape)) + 7)) ** (1 / (2 * q + 1))


SPECTRA = {"orthogonal": np.ones(60), "step": np.repeat([1.0, 1e-6], [5, 55]),
           "step behind the sample": np.repeat([1.0, 1e-6], [20, 40]),
           "steps": np.repeat([1.0, 1e-3, 1e-9], 20), "one left": np.r_[np.ones(5), 1e-5]}


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("q", [0, 1, 2])
def test_the_error_that_is_told_bounds_what_is_missed_and_not_by_much_more(name, q):
    A, too_large = with_singular_values(SPECTRA[name], rng(6)), []
    rounding = unit(A) * norm(A)
    for seed in range(20, 40):
        for p in (2, 10):
            found = randomized_svd(A, 5, rng(seed), p, q)
            missed = norm(A - found.matrix)
            too_large.append(found.error / missed)
            assert missed - rounding <= found.error <= missed * overestimate(A.shape, q) + rounding
    if name == "orthogonal":  # where both parts of the bound are at their largest
        assert max(too_large) > 1 + (overestimate(A.shape, q) - 1) / 2.5


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
            assert factors.error <= error * overestimate(A.shape, q)
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


@pytest.mark.parametrize("A", [
    scipy.sparse.csr_array((0, 0)), scipy.sparse.csr_array((3, 0)), 1j * scipy.sparse.eye_array(3),
    scipy.sparse.csr_array((3, 3), dtype=complex), scipy.sparse.coo_array(np.ones(3))])
def test_sparse_matrices_are_real_and_not_empty(A):
    with pytest.raises(TypeError, match=r"A is sparse, of .* and of shape \(.*: it needs real"):
        randomized_svd(A, 1, rng())


def test_a_rank_is_no_truth_value():
    with pytest.raises(TypeError, match=r"rank = True is not an integer: use int\(rank\)"):
        low_rank(np.diag([3.0, 2.0]), True)


def test_the_same_generator_gives_the_same_result_and_float32_stays():
    A = MATRICES["random"]
    assert (randomized_svd(A, 4, rng()).s == randomized_svd(A, 4, rng()).s).all()
    single = randomized_svd(A.astype(np.float32), 4, rng())
    assert single.U.dtype == single.s.dtype == single.Vt.dtype == np.float32
    for wrong in ({"oversampling": 1}, {"power": -1}):
        with pytest.raises(ValueError, match=r"(oversampling|power) = -?1: it must be at least"):
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


def test_scores_that_overflow_are_told():
    found = principal_components(np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 5.0]]))
    with pytest.raises(OverflowError, match="the scores of X left the range of float64: scale"):
        found.scores(np.full((1, 2), 1.7e308))


def test_small_deviations_are_lost_in_a_covariance_matrix():
    deviations = np.array([1.0, 1e-5, 1e-10])
    Q = random_orthogonal(200, 4, rng())[:, :3]
    Q = np.linalg.qr(Q - Q.mean(axis=0))[0]
    X = math.sqrt(199) * Q * deviations @ random_orthogonal(3, 3, rng(4)).T
    found = np.sqrt(principal_components(X).variances)
    through = np.sqrt(np.abs(np.linalg.eigvalsh(np.cov(X.T))[::-1]))
    assert np.abs(found - deviations).max() <= unit(X)
    assert found[2] == pytest.approx(1e-10, rel=1e-3, abs=0)
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


# A mean that is large beside the deviations: adding rows of float32 loses all that is looked for.


def exact_covariance(X):
    """Return the covariance matrix in fractions, rounded at the end."""
    rows = [[Fraction(x) for x in row] for row in X.astype(float).tolist()]
    mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    centred = [[x - m for x, m in zip(row, mean, strict=True)] for row in rows]
    n = range(len(mean))
    return np.array([[float(sum(row[i] * row[j] for row in centred) / (len(rows) - 1)) for j in n]
                     for i in n])


FAR = {
    "float32, four numbers": np.float32([[16777216], [16777218], [16777218]]),
    "float64, an eighth": np.array([[1e15], [1e15], [1e15 + 0.125]]),
    "float32, 1e5": (rng().standard_normal((30000, 2)) + 1e5).astype(np.float32),
    "float64, 1e14": rng().standard_normal((500, 3)) + 1e14,
    "float32, -3e7": (8 * rng().standard_normal((4000, 2)) - 3e7).astype(np.float32),
    "large": 1e150 * (rng().standard_normal((50, 2)) + 1e3),
    "subnormal mean": np.array([[5e-324, 1.0], [5e-324, 2.0], [5e-324, 4.0]]),
}


@pytest.mark.parametrize("name", FAR)
def test_variances_do_not_see_how_large_the_mean_is(name):
    X = FAR[name]
    found = principal_components(X)
    wanted = np.sqrt(np.abs(np.linalg.eigvalsh(exact_covariance(X))[::-1]))
    # Of the covariance matrix eigvalsh may lose u times the largest: so compare from there on.
    seen = wanted > 1e-6 * wanted[0]
    assert np.abs(np.sqrt(found.variances)[: len(wanted)] - wanted)[seen].max() <= (
        unit(X) * wanted[0])
    assert found.variances.dtype == X.dtype and found.mean.dtype == X.dtype


@pytest.mark.parametrize("name", ["float32, 1e5", "float32, four numbers", "float64, an eighth"])
def test_that_bound_rejects_the_mean_of_the_rows_as_they_are(name):
    X = FAR[name]
    s = np.linalg.svd((X - np.mean(X, axis=0)).astype(float), compute_uv=False)
    wanted = math.sqrt(np.linalg.eigvalsh(exact_covariance(X))[-1])
    assert abs(s[0] / math.sqrt(len(X) - 1) - wanted) > 10 * unit(X) * wanted


@pytest.mark.parametrize("name", FAR)
def test_white_data_have_mean_zero_however_large_theirs_was(name):
    X = FAR[name]
    whiten = whitening(X)
    white = whiten(X).astype(float)
    assert np.abs(white.mean(axis=0)).max() <= 10 * unit(X)
    assert np.abs(np.cov(white.T) - np.eye(whiten.rank)).max() <= 10 * unit(X)
    scores = principal_components(X).scores(X).astype(float)
    assert np.abs(scores.mean(axis=0)).max() <= 10 * unit(X) * np.abs(scores).max()


def test_a_constant_column_of_float32_has_no_direction():
    Y = np.column_stack([rng().standard_normal(20000), np.full(20000, 100.1)]).astype(np.float32)
    whiten = whitening(Y)
    assert (whiten.rank, whiten.dropped) == (1, 1) and whiten(Y).shape == (20000, 1)
    assert principal_components(Y).variances[1] <= (unit(Y) ** 2)


def test_a_cutoff_of_ones_own_decides_what_is_white():
    X = rng().standard_normal((100, 3)) * [1.0, 1e-2, 1e-4]
    assert [whitening(X, cutoff=cutoff).rank for cutoff in (0.0, 1e-3, 1e-1)] == [3, 2, 1]
    assert whitening(X, cutoff=1e-3).cutoff == 1e-3
    assert whitening(X).cutoff == default_cutoff((100, 3), float)
    for cutoff in (1.0, -1e-3, np.nan):
        with pytest.raises(ValueError, match="the cutoff is relative"):
            whitening(X, cutoff=cutoff)


def test_samples_of_another_kind_are_refused():
    X = rng().standard_normal((9, 3))
    for f in (principal_components(X).scores, whitening(X)):
        assert f(X[:2]).shape == (2, 3)
        with pytest.raises(ValueError, match=r"X has shape \(9, 2\), but the samples .* 3 columns"):
            f(X[:, :2])
        with pytest.raises(TypeError, match="X is masked"):
            f(np.ma.masked_array(X, mask=X > 0))
        with pytest.raises(ValueError, match="a matrix has two dimensions: use"):
            f(X[0])


def test_components_at_the_ends_of_the_range():
    X = np.array([[1.5e308, 0.0], [1.5e308, 1.0], [1.4e308, 2.0]])
    with pytest.raises(OverflowError, match="a variance left the range of float64: scale"):
        principal_components(X)
    # The same data in units with a variance.
    assert principal_components(X * 1e-160).variances[0] == pytest.approx(
        1e294 / 3, rel=1e-12, abs=0)
    equal = principal_components(np.full((4, 2), 3.0))
    with pytest.raises(ValueError, match="the total variance is 0: the samples are equal"):
        _ = equal.shares
    with pytest.raises(OverflowError, match="left the range"):
        whitening(np.array([[0.0], [1e-310]]))


# Random samples: what is refused, and how sure the bound is.


def test_the_bound_needs_its_factor_of_ten():
    # Where all that is missed is one direction, ten random vectors may all be nearly orthogonal to
    # it. The probability that the bound fails is 1e-10; with a tenth of it, it is (0.79)**10.
    Q = random_orthogonal(40, 6, rng())
    A, kept = Q @ np.diag([4.0, 4, 4, 4, 4, 1]) @ random_orthogonal(6, 6, rng(8)), Q[:, :5]
    found = [_missed(A, kept, np.random.default_rng(seed).standard_normal((6, PROBES)), power=0)
             for seed in range(100, 400)]
    assert PROBES == 10 and min(found) >= 1
    assert sum(error / 10 < 1 for error in found) > 10
    assert np.median(found) < 8 * math.sqrt(6)


def test_small_float32_numbers_are_missed_no_less():
    A = with_singular_values(np.geomspace(1, 1e-2, 12), rng(), 30).astype(np.float32)
    for scale in (1.0, 2.0**-100):
        factors = randomized_svd(A * np.float32(scale), 3, rng(), 2, 1)
        assert norm(A * scale - factors.matrix) <= factors.error <= 4 * scale


def test_sparse_and_abstract_matrices_of_the_wrong_kind_are_refused():
    eye = scipy.sparse.eye_array(5)
    assert randomized_svd(scipy.sparse.eye_array(5, dtype=int), 2, rng()).s == pytest.approx([1, 1])
    assert randomized_svd(eye.todok(), 2, rng()).s == pytest.approx([1, 1])
    operator = scipy.sparse.linalg.aslinearoperator(eye)
    assert randomized_svd(operator, 2, rng()).s == pytest.approx([1, 1])
    for A, error, said in ((eye * np.nan, ValueError, "data of A.* is nan"),
                           (eye * 1j, TypeError, "complex"),
                           (scipy.sparse.linalg.aslinearoperator(eye * 1j), TypeError, "operator"),
                           (np.full((5, 5), 1e308), OverflowError, "product with A")):
        with pytest.raises(error, match=said):
            randomized_svd(A, 2, rng())


@pytest.mark.parametrize("change, said", [
    ({"rng": 7}, r"rng = 7 is not a generator.*default_rng"),
    ({"rank": 2.0}, "rank = 2.0 is not an integer"),
    ({"oversampling": 2.5}, "oversampling = 2.5"), ({"power": None}, "power = None")])
def test_numbers_of_the_wrong_kind_are_named(change, said):
    with pytest.raises(TypeError, match=said):
        randomized_svd(**({"A": np.eye(3), "rank": 1, "rng": rng()} | change))
    if "rank" in change:
        with pytest.raises(TypeError, match=said):
            low_rank(np.eye(3), change["rank"])


def test_a_method_of_whitening_is_a_name():
    with pytest.raises(ValueError, match=r"no whitening .*: choose pca or zca"):
        whitening(rng().standard_normal((9, 2)), np.array(["pca", "zca"]))


class Lists:
    """A matrix of ones whose products are lists, perhaps with too many rows."""

    def __init__(self, rows):
        self.shape, self.dtype, self.rows = (4, 3), np.dtype(float), rows
        self.T = np.ones((3, 4))

    def __matmul__(self, X):
        return [[float(sum(column)) for column in zip(*X, strict=True)]] * self.rows


def test_an_operator_may_give_lists_but_of_the_right_shape():
    assert randomized_svd(Lists(4), 1, rng(), oversampling=2).s == pytest.approx([np.sqrt(12)])
    with pytest.raises(ValueError, match=r"A @ X has shape \(5, 3\) for A of shape \(4, 3\)"):
        randomized_svd(Lists(5), 1, rng(), oversampling=2)
