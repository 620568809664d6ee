"""Hostile inputs to what derives programs: a derivative, or a refusal by name."""

import numpy as np
import pytest
from hypothesis import given

from lib.gradients import (
    Dual,
    check_gradient,
    derivative,
    grad,
    hvp,
    logsumexp,
    primitive,
    value_and_grad,
)
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, floats, same, steady, vectors

RNG = np.random.default_rng(5)


def nothing(x):
    """Return a number that depends on nothing, so that any x can be handed on."""
    return 0.0


SLOTS = {
    "grad": [("x", grad(nothing))],
    "value_and_grad": [("x", value_and_grad(nothing))],
    "derivative": [("x", derivative(nothing))],
    "Dual": [("value", lambda x: Dual(x, 1.0)), ("slope", lambda x: Dual(1.0, x))],
    "hvp": [("x|v", lambda x: hvp(nothing, x, 1.0)), ("v", lambda x: hvp(nothing, 1.0, x)),
            ("v", lambda x: hvp(nothing, np.ones(2), x))],
    "logsumexp": [("x", logsumexp)],
    "check_gradient": [("x", lambda x: check_gradient(nothing, lambda x: x, x, RNG)),
                       ("gradient", lambda x: check_gradient(nothing, lambda _: x, 1.0, RNG)),
                       ("rng", lambda x: check_gradient(nothing, lambda x: x, 1.0, x)),
                       ("directions", lambda x: check_gradient(nothing, np.exp, 1.0, RNG, x))],
    "primitive": [("constant", lambda x: grad(lambda t: np.sum(t * x))(np.ones((2, 2))))],
}
# Lists are structures of parameters, and may be ragged; dictionaries are structures as well.
STRUCTURED = {(name, "x") for name in ("grad", "value_and_grad", "check_gradient")}
STRUCTURES = {"ragged", "dict"}
NO_ARRAYS = {"GradientCheck", "supported"}


@pytest.mark.parametrize("name, argument, call", [
    (name, argument, call) for name, slots in SLOTS.items() for argument, call in slots
    if name != "primitive"])
def test_what_are_no_numbers_is_refused_by_name(name, argument, call):
    for kind, x in NOT_NUMBERS.items():
        found = answer(lambda x=x: call(x), argument)
        assert bool(found) == ((name, argument) in STRUCTURED and kind in STRUCTURES), kind


@pytest.mark.parametrize("kind", [
    "masked matrix", "np.matrix", "sparse", "complex matrix", "ragged", "texts", "None", "dict",
    "dates", "object", "function"])
def test_what_meets_a_traced_number_is_plain_or_refused(kind):
    x = NOT_NUMBERS[kind]
    with pytest.raises((TypeError, ValueError)):
        grad(lambda t: np.sum(t * x))(np.ones((2, 2)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_memory_and_the_byte_order_change_no_bit(layout):
    x = np.random.default_rng(4).standard_normal((3, 5))
    w = np.arange(15.0).reshape(3, 5)
    turned = LAYOUTS[layout]

    def f(x, w):
        return np.sum(x * x * w + x / (1 + x * x))

    assert same(grad(f)(turned(x), w), grad(f)(x, w))
    assert same(grad(f)(x, turned(w)), grad(f)(x, w))
    assert same(hvp(f, turned(x), turned(w), w), hvp(f, x, w, w))
    assert same(derivative(lambda x: x * x / (1 + x))(turned(x)), derivative(
        lambda x: x * x / (1 + x))(x))


@steady
@given(floats(), floats())
def test_products_and_quotients_of_any_floats(a, b):
    with np.errstate(all="ignore"):
        found = grad(lambda x: x[0] * x[1] + x[0] / x[1])([a, b])
        quotient = a / b
        assert same(found[0], b + 1 / b)
        assert same(found[1], a + -quotient / b)
        assert same(derivative(lambda x: x * b)(a), b)


@steady
@given(vectors(min_size=1))
def test_sums_and_choices_of_any_vectors(x):
    with np.errstate(all="ignore"):
        assert np.array_equal(grad(np.sum)(x), np.ones(len(x)))
        chosen = grad(lambda x: np.sum(np.where(x > 1, np.log(x), 0)))(x)
    inside = x > 1
    assert np.all(chosen[~inside] == 0)
    assert np.array_equal(chosen[inside], 1 / x[inside])


@steady
@given(vectors(np.float32, min_size=1))
def test_float32_stays_float32_at_both_ends_of_its_range(x):
    with np.errstate(all="ignore"):
        assert same(grad(lambda x: np.sum(x * x))(x), x + x)


@steady
@given(vectors(min_size=1, finite=True))
def test_a_hessian_of_a_cube_is_six_times_x(x):
    with np.errstate(all="ignore"):
        v = np.ones(len(x))
        found = hvp(lambda x: np.sum(x * x * x), x, v)
    # Six terms x v, added in any order: exact but for sums that overflow, and subnormal numbers.
    moderate = (np.abs(x) < 1e300) & (np.abs(x) > 1e-300)
    x, found = x[moderate], found[moderate]
    assert np.all(np.abs(found - 6 * x) <= 6 * 2.0**-53 * np.abs(6 * x))


def test_a_rule_that_gives_no_tuple_is_told():
    wrong = primitive(np.sin, lambda y, x: None)
    with pytest.raises(TypeError):
        grad(wrong)(1.0)
