"""The references of the chapter's checks are those of the mathematics, found another way."""

import numpy as np
import pytest

from lib import digits, linear, problems
from lib.grade.exercises import qr
from lib.numbers import least_squares_backward_error, orthogonality_loss
from tests.grade.answers.qr import ALSO_RIGHT


def directions(ones, t):
    p = ones / np.sqrt(np.sum(ones * ones))
    along = np.sum(p * t)
    left = t - along * p
    return p, left / np.sqrt(np.sum(left * left))


def test_the_trace_shows_what_the_reading_says():
    t = 1.7e9 + np.array([0.0, 10.3, 20.7, 45.6])
    trace = digits.trace(directions, np.ones(4), t)
    made, shows, power, cure = qr.READING
    assert shows - made == 1 and "made in the addition `np.sum(p * t)`" in repr(trace)
    assert "lost in the subtraction `t - along * p`" in repr(trace)
    assert f"e{power} times" in repr(trace) and cure == "no cure"


def test_no_order_of_gram_schmidt_helps_two_columns():
    A = np.column_stack([np.ones(4), 1.7e9 + np.array([0.0, 10.3, 20.7, 45.6])])
    for method in (linear.classical_gram_schmidt, linear.modified_gram_schmidt):
        assert orthogonality_loss(method(A)[0]) > 1e-9
    assert orthogonality_loss(linear.reorthogonalized_gram_schmidt(A)[0]) < 1e-14


def test_ada_keeps_what_is_asked_for_and_ben_no_more():
    # A problem as in the exercise, kappa = 3000 and a residual of half norm(A) norm(x).
    rng = np.random.default_rng(3000)
    U, V = problems.random_orthogonal(300, 6, rng), problems.random_orthogonal(5, 5, rng)
    A = U[:, :5] * np.geomspace(1, 1 / 3000, 5) @ V.T
    b = A @ V[:, 0] + U[:, 5] / 2
    u = 2.0**-53
    moved = linear.least_squares(A + 1e-9 * np.outer(U[:, 5], V[:, 4]), b) - V[:, 0]
    choice, promised = qr.JUDGEMENT
    assert abs(-np.log10(np.linalg.norm(moved) / 1e-9 * u) - promised) < 0.1
    by_gram = linear.normal_equations(A, b)
    assert choice == "Ada" and np.linalg.norm(by_gram - V[:, 0]) < 1e-6


@pytest.mark.parametrize("units", [(1, 1), (1, 1e11), (1, 5e11), (5e11, 1), (1e12, 1), (1, 1e12)])
def test_the_units_break_numpy_where_they_break_its_stand_in(units):
    data = problems.read_strd("Norris")
    A, right = data.X * units, data.coefficients / units
    numpys = np.linalg.lstsq(A, data.y, rcond=None)[0]
    ours = qr._lstsq(A, data.y)
    broken = [np.max(np.abs(x / right - 1)) > 0.1 for x in (numpys, ours)]
    assert broken[0] == broken[1] == (units[1] > 2e11)


@pytest.mark.parametrize("name", ["well1033", "illc1033"])
def test_a_survey_can_be_adjusted_as_well_as_by_householder(name):
    A = problems.read_matrix(name).toarray()
    b = problems.read_right_hand_side(name)
    Q, R = linear.modified_gram_schmidt(A)
    x = linear.least_squares(A, b)
    assert least_squares_backward_error(A, x, b) < 100 * qr.U
    assert np.max(np.abs(Q @ R - A)) < 100 * qr.U * np.max(np.abs(A))


@pytest.mark.parametrize("word, number", [
    (word, number) for word in ALSO_RIGHT for number in range(len(ALSO_RIGHT[word]))])
def test_a_right_answer_in_another_style_passes(word, number):
    report = getattr(qr, f"check_{word}")(ALSO_RIGHT[word][number])
    assert report.passed, report


@pytest.mark.parametrize("limit", [0.5, 1e-3, 1e-8, 2e-9, 5e-12, 1e-15, 0.0])
def test_only_the_threshold_that_is_asked_for_passes(limit):
    def basis(A):
        return qr._basis(A, lambda A, k: limit * np.linalg.norm(A[:, k]))

    assert not qr.check_threshold(basis).passed


def test_the_reference_mirror_is_that_of_trigonometry():
    rng = np.random.default_rng(1971)
    for x in rng.normal(size=(50, 3)):
        half = np.arctan2(np.linalg.norm(x[1:]), x[0]) / 2
        v = np.array([-np.sin(half), *(np.cos(half) * x[1:] / np.linalg.norm(x[1:]))])
        assert qr._off_axis(v, x)["off +norm(x) on the axis"] < 10 * qr.U
        turned = np.array([np.cos(half), *(np.sin(half) * x[1:] / np.linalg.norm(x[1:]))])
        assert next(iter(qr._off_axis(turned, x))).startswith("x is sent to -norm(x)")


def test_arrays_of_no_dimension_are_answers_too():
    for units in (np.array(3.0), np.ma.masked, np.ma.array(3.0)):
        assert qr.check_units(units).verdict == "wrong"
    pair = np.array([1.0, 1e12])
    assert qr.check_units(pair).cases == qr.check_units(tuple(pair)).cases
