"""The references of the chapter's checks are those of the mathematics, found another way."""

import numpy as np
import pytest
from mpmath import mp

from lib import linear
from lib.grade.exercises import choosing_a_solver as exercises
from lib.linear import advise
from lib.problems import with_eigenvalues

SEEDS = range(1001, 1011)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_words_that_are_expected_are_those_of_the_advice(seed):
    for label, (A, word, _) in exercises._matrices(np.random.default_rng(seed)).items():
        assert advise(A).method == word or label == exercises.STEEP, label


@pytest.mark.parametrize("seed", SEEDS)
def test_no_matrix_is_near_the_limit_of_its_word(seed):
    # A condition number ten times as large, or three times as small, would change no word.
    for label, (A, word, _) in exercises._matrices(np.random.default_rng(seed)).items():
        kappa, limit = advise(A).kappa, 2.0**53 / len(A)
        far = kappa > 3 * limit if word == "none" else 10 * kappa < limit
        assert far or label == exercises.STEEP, (label, kappa)


def test_advice_is_no_answer_and_stays_as_it_was():
    report = exercises.check_choose(advise_by_door)  # the task asks less of a triangle
    assert report.verdict == "wrong" and linear.advise is advise


def advise_by_door(A):
    return linear.advise(A).method


def test_the_variances_are_those_of_the_full_matrix():
    rng = np.random.default_rng(5)
    F, G, noise = rng.standard_normal((4, 3)), rng.standard_normal((2, 3)), 1e-3
    with mp.workdps(50):
        rows, places = mp.matrix(F.tolist()), mp.matrix(G.tolist())
        M = rows * rows.T + noise * mp.eye(4)
        left = places * places.T - places * rows.T * mp.inverse(M) * rows * places.T
        exact = np.array([float(left[i, i]) for i in range(2)])
    found = exercises._variances(F, G, noise)
    assert np.max(np.abs(found / exact - 1)) < 1e-14


def test_the_condition_number_of_the_broken_belief_is_exact():
    delta = 2.0**-20
    A = [[1.0, 1 - delta], [1 - delta, 1.0]]
    kappa = (2 - delta) / delta
    assert exercises._condition_times_nu(A) == pytest.approx(kappa * 2 / 2**53, rel=1e-14, abs=0)


def test_a_singular_matrix_that_is_accepted_breaks_the_belief():
    report = exercises.check_accepted(np.ones((2, 2)))
    assert "accepted by Cholesky's method" in repr(report) and not report.passed


def test_the_report_that_is_read_says_what_the_reading_says():
    rng = np.random.default_rng(1977)
    drawn = with_eigenvalues(np.append(np.geomspace(1, 1e-6, 28), [-0.5, -1]), rng)
    unit = np.append(np.ones(28), [2.0**-20, 2.0**20])
    advice = advise(unit[:, None] * (drawn + drawn.T) / 2 * unit)
    method, digits, question, _ = exercises.READING
    answers = {asked.key: asked.answer for asked in advice.questions}
    assert (advice.method, advice.digits) == (method, digits)
    assert (answers["symmetric"], answers[question]) == ("yes", "no")
    assert advice.kappa * 1e-5 > 1  # and so of five digits none


def test_the_judged_matrix_is_orthogonal_in_other_units():
    A = np.array([[1, 1e-12], [1, -1e-12]])
    assert np.linalg.cond(A) == pytest.approx(1e12, rel=1e-3, abs=0)
    assert np.linalg.cond(A * [1, 1e12]) == pytest.approx(exercises.JUDGEMENT[1], rel=1e-12, abs=0)
    ridge = A.T @ A + 1e-6 * np.eye(2)
    assert abs(np.linalg.solve(ridge, A.T @ (A @ [0.0, 1e12]))[1]) < 1e-3 * 1e12
