"""What a traced function finds under the names of Python, math and NumPy."""

import functools
import itertools
import math
import operator

import mpmath
import numpy as np
import pytest

from lib.digits import trace


@pytest.mark.parametrize("x", [7.7, -7.7, 0.3, 1024.0])
def test_numbers_come_apart_and_together_exactly(x):
    for f in (math.modf, math.frexp, np.modf, np.frexp):
        result = trace(lambda x: f(x), x)  # noqa: B023
        assert result.value == f(x) and result.digits == 16 and not result.note
        assert [exact == v for exact, v in zip(result.exact, f(x), strict=True)] == [True, True]
        result = trace(lambda x: f(x[0]) + f(x[1]), np.array([x, 0.1]))  # noqa: B023
        assert result.value == f(x) + f(0.1) and result.digits == 16
    result = trace(lambda x: math.ldexp(math.frexp(x / 3)[0], math.frexp(x / 3)[1]), x)
    assert result.value == x / 3 and abs(result.exact - mpmath.mpf(x) / 3) < 1e-58


def test_the_same_on_arrays():
    x = np.array([7.7, -0.3])
    for f in (
        lambda x: np.modf(x), lambda x: np.frexp(x), lambda x: np.ldexp(x, 2),
        lambda x: np.divmod(x, 0.3), lambda x: np.round(x / 3, 2), lambda x: np.round(x),
        lambda x: x // 0.3, lambda x: np.floor_divide(x, 0.3), lambda x: np.isfinite(x),
        lambda x: np.logaddexp(x, 1.0), lambda x: np.rint(x), lambda x: x.round(),
        lambda x: np.float_power(abs(x), 2.0),
    ):
        result = trace(f, x)
        for ours, plain in zip(np.atleast_2d(result.value), np.atleast_2d(f(x)), strict=True):
            np.testing.assert_allclose(np.asarray(ours, float), plain, rtol=2e-16)


def test_a_scalar_of_numpy_too():
    assert trace(lambda x: np.divmod(x, 0.3), 7.7).value == np.divmod(7.7, 0.3)
    for x in (0.5, np.array([0.5, 0.2])):
        assert np.isposinf(trace(lambda x: 1 / np.floor(x), x).value).all()
    for f in (lambda x: np.floor(x), lambda x: np.ceil(x), lambda x: np.trunc(x),
              lambda x: np.rint(x), lambda x: np.round(x)):
        for x in (-2.5, 2.7, np.array([0.5, -1.5])):
            result = trace(f, x)
            np.testing.assert_array_equal(result.value, f(x))
            assert type(np.ravel(result.value)[0]) is np.float64 and not result.note
    assert trace(lambda x: np.ldexp(x, 3), 0.1).value == 0.8


@pytest.mark.filterwarnings("ignore:numpy.fix is deprecated")
@pytest.mark.parametrize("name", [
    "sign", "rint", "trunc", "floor", "ceil", "fix", "round", "signbit", "frexp", "modf", "isnan"])
@pytest.mark.parametrize("v", [0.1, -0.3, 0.0, -0.0, 2.5, -2.5, math.inf, -math.inf, math.nan])
def test_what_has_no_digits_to_lose_is_as_in_numpy_bit_for_bit(name, v):
    f = lambda x: getattr(np, name)(x)  # noqa: E731
    for x in (v, np.float64(v), np.array([v, 0.7])):
        result = trace(f, x)
        assert not result.note
        for ours, plain in zip(np.atleast_1d(result.value), np.atleast_1d(f(x)), strict=True):
            np.testing.assert_array_equal(ours, plain)
            if np.asarray(plain).dtype.kind == "f":
                np.testing.assert_array_equal(np.signbit(ours), np.signbit(plain))
            assert np.asarray(ours).dtype == np.asarray(plain).dtype


@pytest.mark.filterwarnings("ignore:numpy.fix is deprecated")
@pytest.mark.parametrize("f", [
    lambda x: np.sign(x), lambda x: np.ceil(x), lambda x: np.heaviside(x, 0), lambda x: np.fix(x),
    lambda x: np.where(x > 0, x, 0), lambda x: np.clip(x, 0, 1), lambda x: np.maximum(x, 0),
    lambda x: np.array([x, 0])[1], lambda x: np.modf(x)[1], lambda x: np.max([x, 0]),
])
def test_numbers_that_numpy_makes_do_not_raise(f):
    for x in (-0.3, 0.0, np.float64(-0.3)):
        result = trace(lambda x: 1 / f(x), x)
        assert not result.note and result.raised is None
        with np.errstate(divide="ignore"):
            assert result.value == 1 / f(x) and abs(result.value) >= 1


def test_signs_and_choices_are_those_of_python():
    for x in (0.3, -0.3, 0.0, -0.0, math.inf):
        for f in (lambda x: math.copysign(1, x), lambda x: math.copysign(x, -0.0),
                  lambda x: np.copysign(1, np.array([x])), lambda x: np.logical_and(x, 1),
                  lambda x: np.logical_not([x, 1.0]), lambda x: x.is_integer(),
                  lambda x: np.maximum.reduce(np.array([x, 1.0]))):
            result = trace(f, x)
            np.testing.assert_array_equal(result.value, f(x))
            assert not result.note
    for f in (lambda x: round(x), lambda x: math.floor(x), lambda x: math.ceil(x)):
        assert type(trace(f, 2.5).value) is int and trace(f, -2.5).value == f(-2.5)


def test_arrays_made_like_others_hold_numbers_of_numpy():
    f = lambda x: np.ones_like(x) / np.zeros_like(x) + np.zeros_like(x) * x  # noqa: E731
    assert trace(f, np.array([0.3, 0.1])).value.tolist() == [math.inf] * 2
    assert type(trace(lambda x: np.zeros_like(x)[0], np.ones(2)).value) is np.float64


def test_a_shadow_passes_for_the_type_of_its_value():
    def f(x):
        return [x + 1.0 if isinstance(x, kind) else -1.0 for kind in (float, np.floating, int)]

    assert trace(f, 0.1).value == f(0.1) == [1.1, -1.0, -1.0]
    assert trace(f, np.float64(0.1)).value == f(np.float64(0.1)) == [1.1, 1.1, -1.0]
    assert not trace(f, 0.1).note
    assert trace(lambda x: [isinstance(x, np.ndarray), isinstance(3, int)], np.ones(2)).value == [
        True, True]


@pytest.mark.parametrize("module", [np, math])
def test_a_module_may_be_an_argument(module):
    def f(xp, options, x):
        return xp.sqrt(x) - options["xp"].sqrt(x + 1)

    result = trace(f, module, {"xp": module}, 1e8)
    exact = mpmath.sqrt(mpmath.mpf(10) ** 8) - mpmath.sqrt(mpmath.mpf(10) ** 8 + 1)
    assert abs(result.exact - exact) < 1e-50 and 6 < result.digits < 9


@pytest.mark.parametrize("f", [
    lambda x: sum(x), lambda x: math.fsum(x), lambda x: math.fsum(v * v for v in x),
    lambda x: math.prod(x), lambda x: max(x) - min(x), lambda x: sorted(x)[0] / 3,
    lambda x: functools.reduce(operator.add, x), lambda x: list(itertools.accumulate(x)),
    lambda x: math.hypot(*x), lambda x: math.dist(x, [1.0, 2.0, 3.0]), lambda x: math.sumprod(x, x)
    if hasattr(math, "sumprod") else sum(x), lambda x: math.log(x[0], x[1]),
])
def test_other_names_of_python(f):
    x = [0.3, 0.1, 0.7]
    result = trace(f, x)
    # From Python 3.12 on `sum` compensates, and the tracer adds one by one: 2u apart for 3 terms.
    np.testing.assert_allclose(result.value, f(x), rtol=2 * 2.0**-53)


@pytest.mark.parametrize("x", [math.inf, -math.inf, math.nan, -0.0])
def test_what_is_no_finite_number_comes_apart_as_floats_do(x):
    for f in (math.modf, np.modf, np.sign):
        result = trace(lambda x: f(x), x)  # noqa: B023
        np.testing.assert_array_equal(result.value, f(x))
        assert not result.note
    array = np.array([x, 0.3, -2.0])
    np.testing.assert_array_equal(trace(lambda a: np.sign(a) * a, array).value, abs(array))
