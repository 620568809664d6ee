"""Verdicts are given in the order that keeps them honest."""

import dataclasses
import math

import numpy as np
import pytest

from lib.calculus import QuadratureResult
from lib.calculus.results import anchor_of, node_rounding, rounding_error, tolerances, verdict

U = 2.0**-53


@pytest.mark.parametrize("value, error, rounding, size, goal, reason", [
    (1.0, 1e-7, 1e-15, 1.0, (1e-6, 0.0), "converged"),
    (1.0, 1e-5, 1e-15, 1.0, (1e-6, 0.0), ""),
    (1.0, 1e-5, 1e-15, 1.0, (1e-6, 1e-4), "converged"),
    (1.0, 6e-7, 6e-7, 1.0, (1e-6, 0.0), "rounding"),  # together they are too much
    (0.0, 0.0, 0.0, 0.0, (1e-6, 0.0), "zero"),
    (0.0, 0.0, 0.0, 0.0, (1e-6, 1.0), "zero"),  # an absolute tolerance is no evidence either
    (0.0, 1e-17, 1e-15, 1.0, (1e-6, 0.0), "rounding"),
    (0.0, 1e-17, 1e-15, 1.0, (1e-6, 1e-9), "converged"),
    (1e-17, 1e-3, 1e-15, 1.0, (1e-6, 0.0), ""),
    (-1.0, 1e-7, 0.0, 1.0, (1e-6, 0.0), "converged")])
def test_the_verdict(value, error, rounding, size, goal, reason):
    assert verdict(value, error, rounding, size, goal) == reason


def test_a_value_of_zero_meets_no_relative_tolerance():
    # Rounding is never 0, since products underflow.
    assert verdict(0.0, 0.0, rounding_error(U, 1e-320), 1e-320, (0.5, 0.0)) == "rounding"


def test_rounding_of_points_is_their_spacing_times_what_f_changes():
    x = np.array([1.0, 2.0, 4.0])
    values = np.array([5.0, 5.0, 8.0])
    assert node_rounding(x, values, 0.0).tolist() == [0, 3 * 4 * U]
    assert node_rounding(x / 8, values, 1.0).tolist() == [0, 3 * 2 * U]


def test_points_near_zero_have_the_spacing_of_the_nearer_end():
    assert anchor_of(-3.0, 2.0) == 2 and anchor_of(0.0, 1.0) == 0
    assert anchor_of(-math.inf, 5.0) == 5 and anchor_of(-math.inf, math.inf) == 0


def test_a_result_is_frozen_and_says_in_one_line_what_it_is():
    good = QuadratureResult(2.0, 1e-12, 30, True, "converged")
    assert repr(good) == "2.0 +- 1.0e-12 after 30 evaluations: converged"
    bad = dataclasses.replace(good, converged=False, reason="limit")
    assert repr(bad).endswith("not converged (limit)")
    with pytest.raises(dataclasses.FrozenInstanceError):
        good.value = 3.0


@pytest.mark.parametrize("rtol, atol, said", [
    (-1e-3, 0.0, "rtol = -0.001: "), (1.0, 0.0, "rtol = 1.0: "), (np.nan, 0.0, "rtol = nan: "),
    (1e-3, -1.0, "atol = -1.0: "), (1e-3, np.inf, "atol = inf: "), (1e-3, np.nan, "atol = nan: ")])
def test_tolerances_that_make_no_sense_are_refused(rtol, atol, said):
    with pytest.raises(ValueError, match=said):
        tolerances(rtol, atol)
