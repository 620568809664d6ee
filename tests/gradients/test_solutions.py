"""Solutions, inverses, determinants and Cholesky's factor, against their differentials."""

import numpy as np
import pytest

from lib.gradients import grad, hvp, value_and_grad
from lib.gradients.solutions import backward, forward
from lib.gradients.solutions import solve as own_solve
from lib.linear import IllConditionedWarning
from lib.problems import with_singular_values
from tests.gradients.functions import ROUNDOFF

RNG = np.random.default_rng(12)
N = 7
A, B, b, W = (RNG.standard_normal(shape) for shape in ((N, N), (N, 3), (N,), (N, N)))
CHANGE, SIDES, db = (RNG.standard_normal(x.shape) for x in (A, B, b))
KAPPA = np.linalg.cond(A)
S = A @ A.T + np.eye(N)
TURN = CHANGE + CHANGE.T


def agree(one, other, terms, kappa):
    """Return whether two inner products of so large terms agree up to rounding."""
    return abs(one - other) <= 10 * N * ROUNDOFF * kappa * np.sum(np.abs(terms))


def inner(x, y):
    """Return the sum of products."""
    return float(np.sum(x * y))


@pytest.mark.parametrize("right, change", [(b, db), (B, SIDES)])
def test_a_solution_changes_as_its_differential_says(right, change):
    # x = A^-1 b changes by A^-1 (db - CHANGE x): the adjoint identity, with no difference in sight.
    x, w = np.linalg.solve(A, right), np.ones(right.shape)
    gA, gb = grad(lambda p: np.sum(np.linalg.solve(p[0], p[1]) * w))((A, right))
    dx = np.linalg.solve(A, change - CHANGE @ x)
    terms = np.abs(np.linalg.inv(A)) @ (np.abs(change) + np.abs(CHANGE) @ np.abs(x))
    assert gA.shape == A.shape and gb.shape == right.shape
    assert agree(inner(gA, CHANGE) + inner(gb, change), inner(w, dx), terms, KAPPA)


@pytest.mark.parametrize("f, differential", [
    (lambda A: np.sum(np.linalg.inv(A) * W),
     lambda: inner(W, -np.linalg.inv(A) @ CHANGE @ np.linalg.inv(A))),
    (lambda A: np.linalg.slogdet(A)[1], lambda: np.trace(np.linalg.solve(A, CHANGE))),
    (lambda A: np.linalg.slogdet(A).logabsdet, lambda: np.trace(np.linalg.solve(A, CHANGE))),
    (np.linalg.det, lambda: np.linalg.det(A) * np.trace(np.linalg.solve(A, CHANGE))),
])
def test_inverses_and_determinants(f, differential):
    found, wanted = inner(grad(f)(A), CHANGE), differential()
    assert abs(found - wanted) <= 10 * N * ROUNDOFF * KAPPA * inner(
        np.abs(grad(f)(A)), np.abs(CHANGE))


def test_the_sign_of_a_determinant_is_a_constant():
    kept = []
    grad(lambda A: kept.append(np.linalg.slogdet(A)) or np.sum(A))(A)
    assert type(kept[0]) is type(np.linalg.slogdet(A))
    assert kept[0].sign == np.linalg.slogdet(A).sign


def test_choleskys_factor():
    # L^-1 TURN L^-T = F + F^T with F = L^-1 dL lower triangular.
    L = np.linalg.cholesky(S)
    middle = np.linalg.solve(L, np.linalg.solve(L, TURN).T)
    dL = L @ (np.tril(middle) - np.diag(np.diag(middle)) / 2)
    found = grad(lambda S: np.sum(np.linalg.cholesky(S) * W))(S)
    assert np.array_equal(found, found.T)
    assert agree(inner(found, TURN), inner(W, dL), np.abs(W) @ np.abs(dL), np.linalg.cond(S))


def test_the_likelihood_of_a_gaussian_process():
    # f(t) = y^T K^-1 y / 2 + log det K / 2 for K = t S + I has the slope that eigenvalues give.
    def loss(t):
        L = np.linalg.cholesky(t * S + np.eye(N))
        z = np.linalg.solve(L, b)
        return z @ z / 2 + np.sum(np.log(np.diag(L)))

    t = 0.7
    values, V = np.linalg.eigh(S)
    y2, k = (V.T @ b) ** 2, t * values + 1
    wanted = np.sum(-y2 * values / k**2 + values / k) / 2
    assert abs(grad(loss)(t) - wanted) <= 100 * N * ROUNDOFF * np.sum(y2 + 1)
    second = np.sum(y2 * values**2 / k**3 - values**2 / k**2 / 2)
    assert abs(hvp(loss, t, 1.0) - second) <= 1000 * N * ROUNDOFF * np.sum(y2 * values**2 + values)


@pytest.mark.parametrize("solver, part, right", [
    (own_solve, np.positive, b), (own_solve, np.positive, B), (forward, np.tril, b),
    (forward, np.tril, B), (backward, np.triu, b), (backward, np.triu, B)])
def test_what_the_sweep_back_solves_by_has_derivatives_itself(solver, part, right):
    # x = T^-1 b has the differentials dx = -T^-1 dT x, d2x = -2 T^-1 dT dx.
    T, dT = part(A + 4 * np.eye(N)), part(CHANGE)
    x, w = np.linalg.solve(T, right), np.ones(right.shape)
    dx = -np.linalg.solve(T, dT @ x)
    ddx = -2 * np.linalg.solve(T, dT @ dx)

    def f(A):
        return np.sum(solver(part(A), right))

    bound = 1000 * N * ROUNDOFF * np.linalg.cond(T) * np.sum(np.abs(x))
    assert abs(inner(grad(f)(T), dT) - inner(w, dx)) <= bound
    assert abs(inner(hvp(f, T, dT), dT) - inner(w, ddx)) <= bound


def test_float32_solves_in_float32():
    value, (gA, gb) = value_and_grad(lambda p: np.sum(np.linalg.solve(*p)))(
        (A.astype(np.float32), b.astype(np.float32)))
    assert value.dtype == gA.dtype == gb.dtype == np.float32
    mixed = grad(lambda p: np.sum(np.linalg.solve(*p)))((A.astype(np.float32), b))
    assert mixed[0].dtype == np.float32 and mixed[1].dtype == np.float64


def test_an_ill_conditioned_matrix_warns_in_the_sweep_back():
    H = with_singular_values(np.geomspace(1, 1e-17, 5), np.random.default_rng(4))
    with pytest.warns(IllConditionedWarning):
        grad(lambda b: np.sum(np.linalg.solve(H, b)))(np.ones(5))


def test_a_singular_matrix_is_numpys_error():
    with pytest.raises(np.linalg.LinAlgError):
        grad(lambda A: np.sum(np.linalg.inv(A)))(np.zeros((2, 2)))


def test_nans_pass():
    with np.errstate(invalid="ignore"):
        found = grad(lambda b: np.sum(np.linalg.solve(A, b)) * np.nan)(b)
    assert np.isnan(found).all()


@pytest.mark.parametrize("call", [
    lambda A: np.linalg.solve(A, A), np.linalg.inv, np.linalg.det, np.linalg.cholesky,
    lambda A: np.linalg.slogdet(A)[1]])
def test_stacks_are_refused_by_name(call):
    with pytest.raises(ValueError, match=r"np.linalg.\w+ of an array of shape \(2, 3, 3\).*stack"):
        grad(lambda A: np.sum(call(A)))(np.ones((2, 3, 3)) + np.eye(3))


def test_rounding_is_no_asymmetry():
    almost = S + np.triu(np.full((N, N), ROUNDOFF * np.max(S)), 1)
    assert np.isfinite(grad(lambda S: np.sum(np.linalg.cholesky(S)))(almost)).all()
    small = 1e-9 * S
    small[0, 1] += 1e-15
    with pytest.raises(ValueError, match="not symmetric"):
        grad(lambda S: np.sum(np.linalg.cholesky(S)))(small)


def test_asymmetry_is_refused():
    with pytest.raises(ValueError, match=r"not symmetric: give it \(A \+ A.T\) / 2"):
        grad(lambda S: np.sum(np.linalg.cholesky(S)))(S + np.triu(np.full((N, N), 1e-6), 1))
    with pytest.raises(TypeError, match=r"np\.linalg\.qr has no derivative here"):
        grad(lambda A: np.sum(np.linalg.qr(A)[1]))(A)
