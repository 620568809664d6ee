"""What is tried for a square matrix solves it, or says why not, and knows what it loses."""

import numpy as np
import pytest

from lib.linear.attempts import elimination_solver, substitution_solver, symmetric_solver
from lib.problems import wilkinson
from tests.linear.helpers import random_matrix


@pytest.mark.parametrize("n, method", [(10, "lu"), (13, "lu_complete")])
def test_growth_beyond_a_thousand_asks_for_complete_pivoting(n, method):
    assert elimination_solver(wilkinson(n), []).method == method  # a growth of 2**9, and of 2**12


def test_each_solver_solves_and_estimates_its_condition_number():
    R = random_matrix(8)
    cases = ((R, elimination_solver), (R @ R.T + np.eye(8), symmetric_solver),
             (np.triu(R), lambda T, _: substitution_solver(T, "upper")),
             (np.tril(R), lambda T, _: substitution_solver(T, "lower")))
    for A, attempt in cases:
        found = attempt(A, [])
        assert np.max(np.abs(found.solve(A @ np.ones(8)) - 1)) <= 100 * 2.0**-53 * found.kappa
        assert 1 <= found.kappa <= 1.01 * np.linalg.cond(A, np.inf)


def test_what_cannot_be_solved_has_no_solver_and_a_reason():
    asked = []
    assert symmetric_solver(np.array([[1.0, 2.0], [2.0, 1.0]]), asked) is None
    assert symmetric_solver(np.array([[1.0, 2.0], [0.0, 1.0]]), asked) is None
    assert elimination_solver(np.ones((2, 2)), asked) is None
    assert [(q.key, q.answer) for q in asked] == [
        ("symmetric", "yes"), ("definite", "no"), ("symmetric", "no"), ("condition", "no")]
