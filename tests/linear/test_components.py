"""Low rank, random samples, principal components and whitening do what they promise."""

import math

import numpy as np
import pytest
import scipy.sparse

from lib.linear import low_rank, principal_components, randomized_svd, whitening
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
