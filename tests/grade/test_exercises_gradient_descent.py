"""The references of the chapter's checks are those of the mathematics, found another way."""

import re

import numpy as np
import pytest

import chapter
from lib.grade.exercises import gradient_descent
from lib.gradients import heavy_ball

PRINTED = re.compile(r"^step +(\d+)  distance ([\d.]+)$", re.MULTILINE)


def test_the_printed_trace_says_what_the_reading_says():
    made = chapter.read(chapter.ROOT / "chapters" / "gradient_descent.ipynb")
    found = {int(number): float(distance)
             for number, distance in PRINTED.findall(made.by_id["exercise-read"].source)}
    # Printed to seven decimals, so that the ratio is right to 1e-5.
    curvature = (1 - found[201] / found[200]) / gradient_descent.TRACE_STEP
    assert abs(curvature - gradient_descent.FLATTEST) < 1e-5 / gradient_descent.TRACE_STEP
    left = (1 - gradient_descent.TRACE_STEP * gradient_descent.FLATTEST) ** np.arange(1000)
    assert 0 <= np.argmax(left <= 1e-6) - gradient_descent.NEEDED < 1


def test_the_hundredth_is_reached_where_a_descent_reaches_it():
    error = np.ones(2)
    number = 0
    while error[0] > 0.01:
        error = error - np.array([1, 1e4]) * error / 1e4
        number += 1
    assert 0 <= number - gradient_descent.TO_A_HUNDREDTH < 1
    assert error[1] == 0


@pytest.mark.parametrize("count", [20, 60, 300])
def test_the_simulated_ball_is_that_of_lib_and_serves_what_is_promised(count):
    step, momentum, least = gradient_descent._settings(7.0, count)
    curvatures = np.geomspace(least, 7.0, 300)
    for record in heavy_ball(lambda error: curvatures * error, np.ones(300), step, momentum):
        if record.number == count:
            break
    left, worst = gradient_descent._left(step, momentum, least, 7.0, count)
    # Both round, on numbers that were as large as count on the way; the double root stands at 7.
    assert abs(left - np.max(np.abs(record.x))) < count**2 * 2.0**-52
    assert abs(left - 1e-6) < 1e-12 and abs(worst - 7) < 1e-12


@pytest.mark.parametrize("count", [20, 300])
def test_the_reach_that_is_asked_for_is_that_of_the_formula(count):
    _, momentum, least = gradient_descent._settings(7.0, count)
    q = np.sqrt(momentum)
    assert abs(q**count * (1 + (1 + q) * count) - 1e-6) < 1e-12  # halved down to rounding
    assert abs(7 / least / ((1 + q) / (1 - q)) ** 2 - 1) < 1e-12


def test_where_the_largest_curvature_is_1_a_step_is_not_said_to_lack_its_unit():
    def without_the_double_root(most, count):
        rate = 1e-6 ** (1 / count)
        return (1 + rate) ** 2 / most, rate**2, most * ((1 - rate) / (1 + rate)) ** 2

    report = gradient_descent.check_settings(without_the_double_root)
    assert len(report.cases) == 5
    assert all("the double root" in case.reason for case in report.cases)


def test_a_step_at_the_limit_is_not_said_to_diverge():
    assert gradient_descent._missed(1.0, []) == "1 of the limit: descent does not converge"


def test_no_larger_whole_kappa_breaks_the_claim_on_momentum():
    broken = [gradient_descent._times(1, kappa) > 3 for kappa in (*range(2, 40), 60, 100, 1000)]
    assert np.max(np.flatnonzero(broken)) + 2 == gradient_descent.LARGEST_SLOWER


def test_a_product_is_counted_and_is_that_of_the_matrix():
    H = np.array([[2.0, 1.0], [1.0, 3.0]])
    product, made = gradient_descent._counted(H)
    assert np.array_equal(product(np.array([1.0, -1.0])), [1.0, -2.0]) and len(made) == 1
    with pytest.raises(ValueError, match="one real vector"):
        product(np.eye(2))


def test_what_the_index_makes_is_an_eigenvector_of_a_smaller_eigenvalue():
    H = gradient_descent._hessians(np.random.default_rng(1930))["by index"]
    for start in (np.ones(6), np.arange(6.0), np.arange(6.0) ** 2):
        assert np.allclose(H @ start, 10 * start, rtol=0, atol=1e-12)  # rounding
    assert abs(np.linalg.eigvalsh(H)[-1] - 13) < 1e-12


def test_the_curvatures_of_standardised_columns_are_those_that_are_asked_for():
    # Correlation 0.9 exactly: two perpendicular columns, mixed.
    first = np.array([1.0, 1, -1, -1])
    other = np.array([1.0, -1, 1, -1])
    X = np.column_stack([first, 0.9 * first + np.sqrt(1 - 0.81) * other, np.ones(4)])
    curvatures = np.linalg.eigvalsh(2 / 4 * X.T @ X)
    assert abs(curvatures[-1] / curvatures[0] - 19) < 1e-12  # rounding
    copies = np.column_stack([np.tile(first[:, None], 10), np.ones(4)])
    assert abs(2 / np.linalg.eigvalsh(2 / 4 * copies.T @ copies)[-1] - 0.1) < 1e-14
