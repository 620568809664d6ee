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


def test_the_share_that_is_left_is_that_of_a_descent():
    error = np.ones(2)
    for _ in range(10_000):
        error = error - np.array([1, 1e4]) * error / 1e4
    assert abs(error[0] / gradient_descent.LEFT - 1) < 10_000 * 2.0**-52  # a rounding each step
    assert error[1] == 0


@pytest.mark.parametrize("kappa", [1.0, 4.0, 100.0, 10_000.0])
def test_the_simulated_ball_is_that_of_lib(kappa):
    step, momentum = gradient_descent._settings(1.0, kappa, "tuned")
    curvatures = np.geomspace(1.0, kappa, 300)
    count = int(np.ceil(12 * np.sqrt(kappa)))
    for record in heavy_ball(lambda error: curvatures * error, np.ones(300), step, momentum):
        if record.number == count:
            break
    left = gradient_descent._left(step, momentum, 1.0, kappa)
    assert left <= 1e-6
    # Both round, on numbers that were as large as sqrt(kappa) on the way.
    assert abs(left - np.max(np.abs(record.x))) < count * np.sqrt(kappa) * 2.0**-52


@pytest.mark.parametrize("wrong", ["root", "1/L", "plain step", "plain", "unit"])
def test_the_usual_mistakes_leave_too_much_somewhere(wrong):
    cases = ((1.0, 100.0), (2.0, 200.0), (1e-3, 10.0))
    assert max(gradient_descent._left(*gradient_descent._settings(*ends, wrong), *ends)
               for ends in cases) > 1e-6


def test_a_product_is_counted_and_is_that_of_the_matrix():
    H = np.array([[2.0, 1.0], [1.0, 3.0]])
    product, made = gradient_descent._counted(H)
    assert np.array_equal(product(np.array([1.0, -1.0])), [1.0, -2.0]) and len(made) == 1


def test_the_curvatures_of_standardised_columns_are_those_that_are_asked_for():
    # Correlation 0.9 exactly: two perpendicular columns, mixed.
    first = np.array([1.0, 1, -1, -1])
    other = np.array([1.0, -1, 1, -1])
    X = np.column_stack([first, 0.9 * first + np.sqrt(1 - 0.81) * other, np.ones(4)])
    curvatures = np.linalg.eigvalsh(2 / 4 * X.T @ X)
    assert abs(curvatures[-1] / curvatures[0] - 19) < 1e-12  # rounding
    copies = np.column_stack([np.tile(first[:, None], 10), np.ones(4)])
    assert abs(2 / np.linalg.eigvalsh(2 / 4 * copies.T @ copies)[-1] - 0.1) < 1e-14
