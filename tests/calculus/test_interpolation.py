"""Hold interpolation against fractions, and show that elimination fails where it does not."""

from fractions import Fraction

import numpy as np
import pytest

from lib.calculus import interpolation_coefficients
from lib.linear import lu
from lib.numbers import relative_error
from lib.problems import vandermonde

U = 2.0**-53
POINTS = {"twentieths": np.arange(1, 21) / 20, "from zero": np.linspace(0, 1, 15),
          "scattered": np.sort(np.random.default_rng(1970).uniform(0.1, 5, 12))}


def exact_coefficients(t, values):
    """Return what interpolation_coefficients returns, in fractions: by Lagrange's formula."""
    t, values = [Fraction(x) for x in t.tolist()], [Fraction(y) for y in values.tolist()]
    total = [Fraction(0)] * len(t)
    for i, (own, value) in enumerate(zip(t, values, strict=True)):
        basis = [value]
        for other in t[:i] + t[i + 1 :]:
            shifted = [Fraction(0), *basis]
            basis = [(s - other * b) / (own - other)
                     for s, b in zip(shifted, [*basis, Fraction(0)], strict=True)]
        total = [a + b for a, b in zip(total, basis, strict=True)]
    return np.array(total, dtype=object)


@pytest.mark.parametrize("t", POINTS.values(), ids=POINTS)
def test_the_elementwise_bound_holds_for_alternating_values(t):
    values = (-1.0) ** np.arange(len(t)) * np.random.default_rng(7).uniform(0.1, 9, len(t))
    errors = relative_error(interpolation_coefficients(t, values), exact_coefficients(t, values))
    assert np.max(errors) <= 7 * len(t) * U


def test_elimination_on_the_matrix_breaks_the_same_bound():
    t, values = POINTS["twentieths"], (-1.0) ** np.arange(20)
    errors = relative_error(lu(vandermonde(t)).solve(values), exact_coefficients(t, values))
    assert np.max(errors) > 1e10 * 7 * 20 * U


def test_several_polynomials_at_once_are_those_one_by_one():
    t, values = POINTS["scattered"], np.random.default_rng(9).normal(size=(12, 3))
    together = interpolation_coefficients(t, values)
    for column, value in zip(together.T, values.T, strict=True):
        assert np.array_equal(column, interpolation_coefficients(t, value))


def test_the_arguments_stay_as_they_are_and_give_the_dtype():
    t, values = np.float32([1, 2, 3]), np.float32([1, -1, 1])
    assert interpolation_coefficients(t, values).dtype == np.float32
    assert values.tolist() == [1, -1, 1]


def test_one_point_is_a_constant():
    assert interpolation_coefficients([3.0], [5.0]).tolist() == [5.0]


@pytest.mark.parametrize(("t", "values", "said"), [
    ([1.0, 1.0], [1.0, 2.0], "1 different values"),
    ([[1.0, 2.0]], [1.0, 2.0], "shape"),
    ([], [], "empty"),
    ([1.0, 2.0], [1.0], "2 rows"),
    ([1.0, np.nan], [1.0, 2.0], "nan"),
])
def test_bad_points_are_refused_by_name(t, values, said):
    with pytest.raises(ValueError, match=said):
        interpolation_coefficients(t, values)
