"""What f returns is checked before it is used, and sums do not depend on their order."""

import math

import numpy as np
import pytest

from lib.calculus import (
    adaptive,
    clenshaw_curtis,
    gauss_legendre,
    romberg,
    simpson,
    tanh_sinh,
    trapezoid,
)
from lib.calculus.integrands import points_between, sample, weighted_sum

RULES = {"trapezoid": lambda f, a, b: trapezoid(f, a, b, 4),
         "simpson": lambda f, a, b: simpson(f, a, b, 4),
         "romberg": lambda f, a, b: romberg(f, a, b, 2),
         "gauss_legendre": lambda f, a, b: gauss_legendre(f, a, b, 5),
         "clenshaw_curtis": lambda f, a, b: clenshaw_curtis(f, a, b, 4),
         "tanh_sinh": tanh_sinh, "adaptive": adaptive}
FINITE = {name: rule for name, rule in RULES.items() if name != "adaptive"}


@pytest.fixture(params=RULES.values(), ids=RULES)
def rule(request):
    return request.param


def test_what_cannot_be_called_is_refused(rule):
    with pytest.raises(TypeError, match=r"f = 3\.0 cannot be called: give a function of an array"):
        rule(3.0, 0, 1)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_named_with_its_place(rule, bad):
    with pytest.raises(ValueError, match=rf"f\([0-9.e-]+\) is {bad}: let f return its limit there"):
        rule(lambda x: np.where(x > 0.1, bad, 1.0), 0, 1)


@pytest.mark.parametrize("f", [lambda x: 1.0, lambda x: x[1:], lambda x: x[:, None],
                               lambda x: [x.tolist()]], ids=["number", "too few", "column", "row"])
def test_values_of_the_wrong_shape_are_refused(rule, f):
    with pytest.raises(ValueError, match=r"f\(x\) has shape .* f needs to return \d+ numbers"):
        rule(f, 0, 1)


@pytest.mark.parametrize("f, said", [
    (lambda x: x + 1j, "is complex: integrate its real and its imaginary part"),
    (lambda x: np.ma.masked_array(x, x > 0.5), "is masked"),
    (lambda x: x.astype(object), "is of object, not float32 or float64"),
    (lambda x: x.astype(np.float16), "is of float16, not float32 or float64"),
    (lambda x: None, "holds a NoneType|is of object"),
    (lambda x: ["a"] * len(x), "is of <U1")])
def test_values_of_another_kind_are_refused(rule, f, said):
    with pytest.raises(TypeError, match=rf"f\(x\) (?:{said})"):
        rule(f, 0, 1)


def test_lists_integers_truth_values_and_other_byte_orders_are_numbers(rule):
    expected = rule(lambda x: np.ones_like(x), 0, 2)
    for f in (lambda x: [1.0] * len(x), lambda x: np.ones(len(x), int), lambda x: x > -1,
              lambda x: np.ones(len(x), dtype=">f8")):
        assert rule(f, 0, 2) == expected


def test_an_f_that_overwrites_its_argument_does_no_harm(rule):
    def f(x):
        x *= 2
        return x

    assert rule(f, 0, 1) == rule(lambda x: 2 * x, 0, 1)


def test_warnings_of_f_are_not_shown_twice_as_errors(rule):
    # exp(1000) overflows inside, and 1 / (1 + inf) is the right 0.
    found = rule(lambda x: 1 / (1 + np.exp(1000 * x)), -1, 1)
    assert abs(getattr(found, "value", found) - 1) < 0.6


@pytest.mark.parametrize("ends", [(math.nan, 1), (0, math.nan)])
def test_an_end_that_is_nan_is_refused(rule, ends):
    with pytest.raises(ValueError, match=r"a = .*, b = .*: \S"):
        rule(np.exp, *ends)


@pytest.mark.parametrize("name", FINITE)
def test_infinite_ends_are_left_to_adaptive(name):
    with pytest.raises(ValueError, match="needs finite ends; adaptive takes infinite ones"):
        FINITE[name](np.exp, 0, math.inf)


@pytest.mark.parametrize("ends", [(-1.7e308, 1.7e308), (0.0, 5e-324)])
def test_a_range_that_no_float_measures_is_refused(rule, ends):
    with pytest.raises(ValueError, match="their distance leaves the range of floats"):
        rule(np.cos, *ends)


def test_an_integral_out_of_range_raises_and_is_no_infinity(rule):
    with pytest.raises(OverflowError, match="the integral of f left the range of float64"):
        rule(lambda x: np.full(x.shape, 1e300), 0, 1e10)


def test_an_exception_of_f_is_its_own(rule):
    def f(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        rule(f, 0, 1)


def test_a_sum_is_rounded_once_in_whatever_order():
    values = np.random.default_rng(3).standard_normal(400) * 10.0 ** np.arange(-200, 200)
    values = np.concatenate([values, -values[200:]])
    turned = np.random.default_rng(4).permutation(values)
    assert weighted_sum(1.0, values) == weighted_sum(1.0, turned) == math.fsum(values)
    assert np.sum(turned) != math.fsum(values)


def test_the_roundoff_is_that_of_what_f_returned():
    x = np.arange(3.0)
    assert sample(np.sin, x)[1] == 2.0**-53
    values, u = sample(lambda x: np.float32(x), x)
    assert u == 2.0**-24 and values.dtype == np.float64


def test_points_near_both_ends_keep_their_distance():
    nodes = np.array([-1, -1 + 2.0**-50, 0, 1 - 2.0**-50, 1])
    assert points_between(0.0, 2.0, nodes)[:2].tolist() == [0, 2.0**-50]
    assert points_between(-2.0, 0.0, nodes)[3:].tolist() == [-(2.0**-50), 0]
    assert points_between(0.1, 0.7, nodes)[[0, -1]].tolist() == [0.1, 0.7]


TIGHT = [(1.0, np.nextafter(1, 2)), (0.0, 5e-324), (0.0, 2.0**-1013), (-1.0, np.nextafter(-1, 0))]


@pytest.mark.parametrize("rule", [adaptive, tanh_sinh])
@pytest.mark.parametrize("a, b", TIGHT)
def test_open_rules_refuse_a_range_without_floats_in_it(rule, a, b):
    for low, high in ((a, b), (b, a)):
        with pytest.raises(ValueError, match=r"a = .*, b = .*: (too few floats|their distance)"):
            rule(lambda x: 1 / 0, low, high)


@pytest.mark.parametrize("rule", [adaptive, tanh_sinh])
@pytest.mark.parametrize("count", range(2, 40))
def test_open_rules_are_right_between_few_floats_or_do_not_trust_themselves(rule, count):
    for a, width in ((1.0, 2.0**-52), (0.0, 2.0**-1012)):
        b = a + count * width
        asked = []
        found = rule(lambda x: asked.extend(x) or np.ones(len(x)), a, b, 1e-6)  # noqa: B023
        assert a < min(asked) <= max(asked) < b
        assert not found.converged or abs(found.value / (b - a) - 1) <= 1e-6


def test_an_f_may_fill_one_array_again_and_again(rule):
    buffer = np.empty(100_000)

    def reused(x):
        return np.exp(x, out=buffer[:len(x)])

    assert rule(reused, 0.0, 3.0) == rule(np.exp, 0.0, 3.0)
