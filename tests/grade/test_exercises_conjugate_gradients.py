"""Test what the checks on conjugate gradients compute themselves."""

import sys

import numpy as np
import pytest

from lib.grade.exercises import conjugate_gradients as exercises
from lib.linear import cg


@pytest.mark.parametrize("kappa", [1.0, 1.5, 2.0, 100.0, 1e4])
@pytest.mark.parametrize("eps", [0.9, 1e-3, 1e-8])
def test_the_steps_planned_are_the_fewest_that_meet_the_bound(kappa, eps):
    factor = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    steps = exercises._steps(kappa, eps)
    assert 2 * factor**steps <= eps
    assert steps == 1 or 2 * factor ** (steps - 1) > eps


@pytest.mark.parametrize("full", [None, False, True])
def test_the_exact_iterates_are_those_of_the_package(full):
    A, M, b = exercises._system(np.random.default_rng(1978), full)
    for steps in (1, 2, 4):
        x = exercises._iterate(A, M, b, steps).astype(float)
        run = cg(A.astype(float), b.astype(float), tol=0, maxiter=steps,
                 preconditioner=M.astype(float))
        # A few roundings, amplified by a condition number of some hundreds.
        assert np.linalg.norm(run.x - x) <= 1e-10 * np.linalg.norm(x)


@pytest.mark.parametrize("multiply", [
    lambda A, v: A @ v, lambda A, v: A.dot(v), lambda A, v: v @ A, np.dot, np.matmul])
def test_a_product_may_be_written_in_any_way(multiply):
    def mended_gradients(A, b, times_M, steps):
        x, r = np.zeros(A.shape[0]), b.copy()
        direction, old = 0.0, np.inf
        for _ in range(steps):
            z = times_M(r)
            rho = np.dot(r, z)
            direction = z + rho / old * direction
            product = multiply(A, direction)
            step = rho / np.sum(direction * product)
            x, r, old = x + step * direction, r - step * product, rho
        return x

    assert exercises.check_mended(mended_gradients).passed


def test_a_fault_that_asks_nothing_of_the_matrix_is_told_as_it_is():
    report = exercises.check_mended(lambda A, b, times_M, steps: A @ (b / 0)[5])
    assert "no solver" not in repr(report)


def test_an_exact_run_of_n_steps_arrives():
    A, M, b = exercises._system(np.random.default_rng(1979), True)
    assert np.all(A @ exercises._iterate(A, M, b, len(b)) == b)
    assert np.any(A @ exercises._iterate(A, M, b, len(b) - 1) != b)


def test_a_product_in_float32_is_told_from_one_in_float64():
    def single(X, v, lam):
        return exercises._product(X.astype(np.float32), v.astype(np.float32), lam).astype(float)

    assert exercises.check_product(single).verdict == "inaccurate"


def test_a_loop_over_rows_is_no_loop_over_elements():
    def rows(X, v, lam):
        return np.array([np.exp(-np.linalg.norm(X - x, axis=1) ** 2 / 2) @ v for x in X]) + lam * v

    before = sys.gettrace()
    assert exercises.check_product(rows).passed
    assert sys.gettrace() is before


def test_no_right_hand_side_is_no_eigenvector():
    assert "eigenvector" not in repr(exercises.check_rise(((1, 100), (0, 0))))


def test_the_largest_rise_of_a_residual_is_known():
    # (kappa - 1) / (2 sqrt(kappa)), at b_2 = b_1 / sqrt(kappa) (Kantorovich's inequality).
    kappa = 100
    best = exercises._times((1, kappa), (1, kappa**-0.5))
    assert best == pytest.approx((kappa - 1) / (2 * np.sqrt(kappa)))
    for t in np.geomspace(1e-3, 1, 50):
        assert exercises._times((1, kappa), (1, t)) <= best * (1 + 1e-12)
    # So no b makes it twice as large below this ratio of the eigenvalues.
    ratio = (2 + np.sqrt(5)) ** 2
    assert exercises._times((1, ratio), (1, ratio**-0.5)) == pytest.approx(2)
    assert ratio > 17
