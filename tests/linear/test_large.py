"""A matrix that is too large for a factorisation is judged by what it does to vectors."""

import numpy as np
import pytest
import scipy.sparse

from lib.linear import advise
from lib.linear.large import advise_by_products
from lib.problems import poisson2d, read_matrix


def asked(A, b=None):
    """Return the advice, and the answers by their keys."""
    questions = []
    advice = advise_by_products(A.tocsr(), b, questions)
    return advice, {question.key: question.answer for question in questions}


@pytest.mark.parametrize("name", ["nos4", "494_bus", "bcsstk03", "mesh3e1"])
def test_the_condition_number_is_that_of_the_matrix_with_a_unit_diagonal(name):
    A = read_matrix(name)
    advice, _ = asked(A)
    root = np.sqrt(A.diagonal())
    kappa = np.linalg.cond(A.toarray() / np.outer(root, root))
    assert kappa / 2 < advice.kappa < kappa * 1.01
    assert advice.method == "cg" and advice.digits is not None


def test_poisson_is_solved_and_its_condition_number_found():
    k = 70
    A = poisson2d(k)
    x = np.linspace(1, 2, k * k)
    advice, answers = asked(A, A @ x)
    angle = np.pi / (k + 1) / 2
    assert 0.9 < advice.kappa * np.tan(angle) ** 2 < 1.01
    assert answers == {"sparse": "yes", "symmetric": "yes", "definite": "yes", "condition": "yes",
                       "residual": "yes"}
    assert np.max(np.abs(advice.x - x)) <= advice.kappa * k * k * 2.0**-53 * 100


def test_what_conjugate_gradients_cannot_solve_is_sent_to_a_sparse_factorisation():
    A = poisson2d(20)
    for matrix, key in ((A + scipy.sparse.eye_array(400, k=1), "symmetric"),
                        (A - 3 * scipy.sparse.eye_array(400), "definite"),
                        (A - 5 * scipy.sparse.eye_array(400), "definite")):
        advice, answers = asked(matrix)
        assert answers[key] == "no"
        assert (advice.method, advice.digits, advice.x) == ("lu", None, None)
        assert "splu" in advice.next_steps[0]


def test_steps_that_end_before_the_solution_promise_no_digits():
    # A chain of springs of order 5000 takes 5000 steps, or nearly.
    n = 5000
    A = scipy.sparse.diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(n, n))
    b = np.zeros(n)
    b[0] = 1
    advice, answers = asked(A, b)
    assert answers["residual"] == "no" and advice.digits is None
    assert "refine" in advice.next_steps[1]


def laplacian(k):
    """Return the Laplacian of a grid of k by k points, which makes 0 of a constant."""
    chain = scipy.sparse.diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(k, k)).tolil()
    chain[0, 0] = chain[-1, -1] = 1
    return scipy.sparse.kronsum(chain, chain).tocsr()


@pytest.mark.parametrize("given", [False, True])
def test_a_singular_matrix_promises_nothing_whatever_b_is(given):
    b = np.random.default_rng(5).standard_normal(2500) if given else None
    assert not (laplacian(50) @ np.ones(2500)).any()
    assert not advise(laplacian(50), b).digits


@pytest.mark.parametrize("distance, digits", [(0.0, 0), (2.0**-53, 0), (1e-13, 0), (1e-11, 4)])
@pytest.mark.parametrize("given", [False, True])
def test_one_pair_of_nearly_equal_columns_among_many_is_found(distance, digits, given):
    A = scipy.sparse.eye_array(3000).tolil()
    A[2, 4] = A[4, 2] = 1 - distance
    b = A.tocsr() @ np.ones(3000) if given else None
    advice = advise(A.tocsr(), b)
    assert (advice.method, advice.digits) == ("cg" if digits else "none", digits)


def test_digits_are_those_of_the_given_units():
    D = scipy.sparse.diags_array(np.append(1e-9, np.ones(2499)))
    A, x = (D @ poisson2d(50) @ D).tocsr(), np.append(np.ones(1250), np.full(1250, 3.0))
    advice = advise(A, A @ x)
    error = np.max(np.abs(advice.x - x)) / 3
    assert advice.digits <= 4 and error <= 60 * 2500 * 10.0**-advice.digits
    assert advise(A).scaled and advise(A).digits == advise(poisson2d(50)).digits
    tiny = advise(np.ldexp(1.0, -1000) * poisson2d(50))
    assert (tiny.digits, tiny.kappa) == (12, advise(poisson2d(50)).kappa)


def test_a_right_hand_side_of_zeros_has_the_solution_zero():
    advice, _ = asked(poisson2d(10), np.zeros(100))
    assert np.array_equal(advice.x, np.zeros(100)) and advice.kappa > 40


def test_single_precision_is_kept():
    A = poisson2d(60).astype(np.float32)
    advice = advise(A, (A @ np.ones(3600, np.float32)))
    assert advice.x.dtype == np.float32 and advice.digits == 4
    assert np.max(np.abs(advice.x - 1)) < 1e-2  # 60 n times 10**-digits is not reached
