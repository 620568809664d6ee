"""Hold interpolation against fractions, and show that elimination fails where it does not."""

from fractions import Fraction

import numpy as np
import pytest

from lib.calculus import interpolation_coefficients
from lib.linear import lu
from lib.numbers import relative_error
from lib.problems import vandermonde
from tests.hostile import NOT_NUMBERS

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
    ([1.0, 2.0], [1.0], r"values has shape \(1,\), but t has shape \(2,\): values needs 2 rows"),
    ([1.0, np.nan], [1.0, 2.0], "nan"),
])
def test_bad_points_are_refused_by_name(t, values, said):
    with pytest.raises(ValueError, match=said):
        interpolation_coefficients(t, values)


@pytest.mark.parametrize(("t", "values"), [
    ([5e-324, 1e-323], [0.0, 1.0]), ([0.0, 1.0], [1.7e308, -1.7e308]),
    (np.float32([0, 1e-30, 2e-30]), np.float32([0, 1e10, 0])),
])
def test_coefficients_out_of_the_range_raise_and_are_no_nan(t, values):
    with pytest.raises(OverflowError, match="a coefficient of the polynomial left the range of"):
        interpolation_coefficients(t, values)


@pytest.mark.parametrize(("t", "values", "said"), [
    (np.ma.masked_array([1.0, 2.0], mask=[0, 1]), [1.0, 2.0], "t is masked"),
    ([1.0, 2.0], np.ma.masked_array([1.0, 2.0], mask=[0, 1]), "values is masked"),
    (NOT_NUMBERS["np.matrix"], [1.0, 2.0], "t is a np.matrix"),
    ([1.0, 2.0], [1j, 2.0], "values is complex"),
    (np.float32([1, 2]), np.array([1.0, 2.0]), "t is of float32, values of float64: convert one"),
])
def test_other_kinds_of_numbers_are_refused_by_name(t, values, said):
    with pytest.raises(TypeError, match=said):
        interpolation_coefficients(t, values)


def test_fractions_are_interpolated_exactly():
    t = np.array([Fraction(1, 3), Fraction(2), Fraction(5, 7)])
    values = np.array([Fraction(1), Fraction(1, 9), Fraction(4)])
    found = interpolation_coefficients(t, values)
    assert found.tolist() == exact_coefficients(t, values).tolist()


def test_the_bound_is_near_enough_to_notice_a_hundred_times_the_errors():
    t = POINTS["twentieths"]
    values = (-1.0) ** np.arange(20) * np.random.default_rng(7).uniform(0.1, 9, 20)
    errors = relative_error(interpolation_coefficients(t, values), exact_coefficients(t, values))
    assert np.max(errors) > 7 * 20 * U / 100


@pytest.mark.parametrize("t", [
    np.array([1e200, 2e200, 3e200]), np.arange(1, 9) * 1e50, np.array([1e-100, 2e-100, 3e-100]),
    np.float32(86400 * np.arange(1, 11)), np.float32(1e4 * np.arange(1, 13))])
def test_points_in_any_unit_keep_their_digits(t):
    values = ((-1.0) ** np.arange(len(t))).astype(t.dtype)
    found = interpolation_coefficients(t, values)
    exact = interpolation_coefficients([Fraction(float(x)) for x in t],
                                       [Fraction(float(y)) for y in values])
    info = np.finfo(t.dtype)
    for c, right in zip(found, exact, strict=True):
        if abs(right) >= info.smallest_normal:
            assert abs(Fraction(float(c)) / right - 1) <= 7 * len(t) * info.eps / 2
        else:
            assert abs(c) <= info.smallest_normal


@pytest.mark.parametrize("t, values", [
    ([-1.7e308, 1.7e308], [-1e300, 1e300]), ([-1.7e308, 1.7e308], [0.0, 1.7e308])])
def test_points_whose_differences_leave_the_range_are_no_trouble(t, values):
    found = interpolation_coefficients(t, values)
    exact = interpolation_coefficients(list(map(Fraction, t)), list(map(Fraction, values)))
    for c, right in zip(found, exact, strict=True):
        assert abs(Fraction(c) - right) <= 7 * len(t) * Fraction(1, 2**53) * abs(right)


def test_a_difference_of_values_beyond_the_range_is_told():
    with pytest.raises(OverflowError, match="coefficient of the polynomial"):
        interpolation_coefficients([0.0, 1.0], [-1.7e308, 1.7e308])


@pytest.mark.parametrize("dtype, low, high", [(np.float64, -320, 307), (np.float32, -44, 37)])
def test_digits_are_kept_over_the_whole_range_or_the_points_are_refused(dtype, low, high):
    rng, info, kept = np.random.default_rng(1971), np.finfo(dtype), 0
    for spread in 100 * ["points far apart", "points of one size", "values far apart"]:
        sizes = rng.uniform(low, high, (2, 4))
        t = 10 ** (sizes[0] if spread == "points far apart" else sizes[0, 0]) * rng.random(4)
        values = 10 ** (sizes[1] if spread == "values far apart" else sizes[1, 0]) * rng.random(4)
        t = np.unique(t.astype(dtype))
        values = (values[: len(t)] * (-1) ** np.arange(len(t))).astype(dtype)
        try:
            found = interpolation_coefficients(t, values)
        except OverflowError:
            continue
        kept += 1
        for c, right in zip(found, exact_coefficients(t, values), strict=True):
            bound = 7 * len(t) * Fraction(float(info.eps) / 2) * abs(right)
            assert abs(Fraction(float(c)) - right) <= bound or abs(right) < float(info.tiny)
    assert kept > 60


def test_small_values_keep_their_digits_and_points_too_far_apart_are_told():
    t, values = np.array([2.0**-554, 3 * 2.0**-555]), np.array([7 * 5e-324, -59 * 5e-324])
    slope = interpolation_coefficients(t, values)[1]
    assert slope == -66 * 2.0 ** (555 - 1074)
    with pytest.raises(OverflowError, match=r"t spans from 1e-15 to 1e\+300, too far for one unit"):
        interpolation_coefficients(np.array([1e-15, 3e-15, 1e300]), np.array([1.0, -1.0, 1.0]))
    # In the unit of the largest value the first difference is subnormal, its slope is not.
    t = 2.0**-600 * np.array([1, 2, 2.9, 4])
    with pytest.raises(OverflowError, match="a difference of values is subnormal beside others"):
        interpolation_coefficients(t, np.array([1e-320, -3e-320, 7e-320, -1.0]))
    assert interpolation_coefficients([0.0, 1.0], [5e-324, 5e-324]).tolist() == [5e-324, 0]


def test_whole_numbers_beside_fractions_stay_exact():
    t = np.array([Fraction(1), Fraction(2), Fraction(4)])
    c = interpolation_coefficients(t, [1, 4, 16])
    assert c.tolist() == [0, 0, 1] and all(isinstance(x, Fraction) for x in c)


def test_fractions_beside_floats_give_floats():
    found = interpolation_coefficients([1.0, 2.0], [Fraction(1, 2), Fraction(1)])
    assert found.tolist() == [0, 0.5]


def test_points_that_rounding_made_alike_are_told_as_such():
    with pytest.raises(ValueError, match="and, as float64, 1 different values"):
        interpolation_coefficients(np.array([2**53, 2**53 + 1]), [1.0, 2.0])
