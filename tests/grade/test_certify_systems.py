"""Solvers of systems are measured by the backward errors of theory."""

import numpy as np
import pytest
import scipy.linalg

from lib.grade.certify import KINDS, certify
from lib.grade.certify.kinds import Case
from lib.grade.certify.systems import measure_fit, measure_solution
from lib.numbers import backward_error


def case_of(what, A, b):
    made = Case(KINDS[what], KINDS[what].trials[0], [9, 0], "float64")
    made.values.update(A=A, b=b)
    made.n = max(A.shape)
    return made


def test_a_solution_has_its_normwise_backward_error():
    rng = np.random.default_rng(31)
    A, x = rng.normal(size=(5, 5)), rng.normal(size=5)
    case = case_of("solver", A, A @ x)
    for factor in (1e-12, 1e-6, 1.0):
        moved = x + factor * rng.normal(size=5)
        (number, bound), = measure_solution(moved, case).values()
        assert number == backward_error(A, moved, A @ x)
        assert 10 * 5 * 2.0**-53 <= bound <= 11 * 5 * 2.0**-53


def optimal(A, x, b):
    """Return the smallest norm of a change of A alone, of Waldén, Karlson and Sun (1995)."""
    r = b - A @ x
    size = np.linalg.norm(r)
    phi = size / np.linalg.norm(x)
    projection = np.eye(len(b)) - np.outer(r, r) / size**2
    singular = np.linalg.svd(np.hstack([A, phi * projection]), compute_uv=False)
    return min(singular[-1], phi) / np.linalg.norm(A)


@pytest.mark.parametrize("scale", [1.0, 1e-170, 1e170])
def test_a_fit_has_the_optimal_backward_error_to_a_factor_of_two(scale):
    rng = np.random.default_rng(32)
    for spread in (0, -3, -6):
        A = rng.normal(size=(9, 3)) * np.logspace(0, spread, 3)
        b = rng.normal(size=9)
        x = np.linalg.lstsq(A, b)[0] * (1 + 1e-5 * rng.normal(size=3))
        (number, bound), = measure_fit(x, case_of("least_squares", A * scale, b * scale)).values()
        assert optimal(A, x, b) / 2 <= number <= 2 * optimal(A, x, b)
        assert bound == 10 * 9 * 2.0**-53


def test_a_fit_of_nothing_and_a_perfect_one():
    A, b = np.vstack([np.eye(2), np.zeros((1, 2))]), np.array([1.0, 2.0, 3.0])
    case = case_of("least_squares", A, b)
    assert measure_fit(np.array([1.0, 2.0]), case)["backward error"][0] == 0
    assert measure_fit(np.zeros(2), case)["backward error"][0] > 0.1
    assert measure_fit(np.array([np.inf, 0]), case)["backward error"][0] == np.inf
    assert measure_fit(np.zeros(2), case_of("least_squares", A, 0 * b))["backward error"][0] == 0


def test_a_cutoff_is_seen_at_the_singular_value_that_it_throws_away():
    found = certify(lambda A, b: scipy.linalg.lstsq(A, b, cond=1e-6)[0], "least_squares", seed=33)
    (case,) = [one for one in found.cases if one.name == "one small singular value"]
    assert case.verdict == "inaccurate" and "cutoff" in found.fault


def test_growth_that_pivoting_survives_is_told_from_growth_that_it_does_not():
    found = certify(np.linalg.solve, "solver", seed=34)
    names = [case.name for case in found.cases]
    assert {"a tiny pivot", "zeros on the diagonal", "κ = 1/(100 u)", "n = 1"} <= set(names)
    assert found.passed


def lazy(least):
    """Return elimination that exchanges rows only where a pivot is below least of its column."""
    def f(A, b):
        M, n = np.column_stack([A, b]), len(b)
        for k in range(n):
            largest = k + np.argmax(abs(M[k:, k]))
            if abs(M[k, k]) < least * abs(M[largest, k]):
                M[[k, largest]] = M[[largest, k]]
            for i in range(k + 1, n):
                M[i] -= M[i, k] / M[k, k] * M[k]
        x = np.zeros(n)
        for k in reversed(range(n)):
            x[k] = (M[k, n] - M[k, k + 1:n] @ x[k + 1:]) / M[k, k]
        return x
    return f


@pytest.mark.parametrize("least, times", [(1e-10, 8), (1e-8, 8), (1e-4, 7), (1e-3, 6)])
def test_a_pivot_that_is_small_and_not_tiny_is_tried_too(least, times):
    # A pivot that costs a thousand roundings may have luck with them.
    found = [certify(lazy(least), "solver", seed=seed) for seed in range(35, 43)]
    assert sum(not one.passed for one in found) >= times
    assert sum("without exchanging rows" in one.fault for one in found) >= times
    assert certify(lazy(1.0), "solver", seed=43).passed


def test_growth_is_what_no_case_makes_and_the_page_says_so():
    # Wilkinson's matrix (1961) doubles the last column in each step of partial pivoting.
    A = np.tril(-np.ones((60, 60)), -1) + np.eye(60)
    A[:, -1] = 1
    b = A @ np.random.default_rng(36).normal(size=60)
    (number, bound), = measure_solution(np.linalg.solve(A, b), case_of("solver", A, b)).values()
    assert number > 1e-3 > 1e9 * bound
