"""The references of the chapter's checks are those of the mathematics, found another way."""

import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq

import chapter
from lib.calculus import bdf2, rk4, stability_function
from lib.grade.exercises import stiff_equations

PRINTED = re.compile(r"^attempt (\d+): from ([\d.]+), step ([\d.]+), error ([\d.e+]+)$",
                     re.MULTILINE)


@pytest.mark.parametrize("name, limit", [
    ("explicit_euler", stiff_equations.EULER), ("rk4", stiff_equations.CLASSICAL),
    ("dormand_prince", stiff_equations.PAIR)])
def test_the_limits_are_where_a_step_begins_to_enlarge(name, limit):
    R = stability_function(name)
    assert abs(R(-limit + 1e-3)) < 1 < abs(R(-limit - 1e-3))


def test_the_printed_log_says_what_the_reading_says():
    made = chapter.read(chapter.ROOT / "chapters" / "stiff_equations.ipynb")
    found = {int(number): float(step) for number, _, step, _ in
             PRINTED.findall(made.by_id["exercise-read"].source)}
    assert found[30] < found[60] / 2 and found[480] == stiff_equations.SETTLED
    # The equation of the solution has the rate 800, which the limit overrates by 4 %.
    assert 1 < stiff_equations.PAIR / stiff_equations.SETTLED / 800 < 1.05


@pytest.mark.parametrize("case", stiff_equations._slopes())
def test_the_reference_of_a_step_solves_its_equation(case):
    f, _, t, y, h = stiff_equations._slopes()[case]

    def missing(value):
        return value - y - h / 2 * (f(t, y) + f(t + h, value))

    far = 4 * abs(y) + 4
    low, high = (0.0, 2 * y) if y < 1e-3 else (-far, far)
    root = brentq(missing, low, high, xtol=1e-15 * abs(y))
    assert abs(stiff_equations._trapezoid(f, _, t, y, h) - root) < 1e-12 * abs(y)


@pytest.mark.parametrize("case", stiff_equations._slopes())
def test_the_derivatives_of_the_slopes_are_theirs(case):
    f, derivative, t, y, _ = stiff_equations._slopes()[case]
    d = 1e-5 * y  # its square is below what a central difference of a cubic adds
    slope = (f(t, y + d) - f(t, y - d)) / (2 * d)
    assert abs(slope - derivative(t, y)) < 1e-6 * (1 + abs(slope))


def test_the_steps_of_a_rod_multiply_by_their_stability_functions():
    rates = np.array([-1.0, -15.0, -3000.0])
    found = stiff_equations._cooled(np.diag(rates), np.ones(3), 0.1, 4)
    half, whole = (stability_function(name) for name in ("implicit_euler", "implicit_trapezoid"))
    expected = half(0.05 * rates) ** 2 * whole(0.1 * rates) ** 3
    assert np.max(np.abs(found / expected - 1)) < 1e-12


def test_bdf2_damps_growth_beyond_4_and_not_before():
    def left(product):
        run = bdf2(lambda t, y: y, lambda t, y: np.eye(1), np.ones(1), (0.0, 200 * product), 200)
        return abs(run.y[-1, 0])

    assert left(4.1) < 0.2 < 2 < left(3.9)


def test_the_step_of_the_swing_keeps_99_per_cent():
    step = float(-np.log(0.99) / 50)
    kept = (1 + step**2) ** (-50 / step)
    assert abs(kept - 0.99) < 1e-6
    swung = rk4(lambda t, y: np.array([y[1], -y[0]]), np.array([1.0, 0.0]), (0.0, 100.0), 1000)
    assert np.hypot(*swung.y[-1]) > 0.999  # Ben is right


@pytest.mark.parametrize("product", [1e-8, 1e-3, 0.29, 0.31, 3.0, 50.0])
def test_the_weight_makes_a_step_exact(product):
    z, digits = Fraction(product), Fraction(1)
    exponential = Fraction(0)
    for k in range(1, 400):  # exp(-z), to 80 digits
        exponential += digits
        digits *= -z / k
    exact = 1 / (1 - exponential) - 1 / z
    assert abs(Fraction(float(stiff_equations._weight(product))) / exact - 1) < Fraction(1, 10**14)
