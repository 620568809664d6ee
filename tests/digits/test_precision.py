"""Traces in float32, float16, bfloat16 and eight bits: rounded once, and told in their digits."""

import math
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.digits import trace
from lib.numbers import BF16, E2M1, E3M2, E4M3, E5M2, E8M0, FP16, FP32, FP64, TF32, round_to

FORMATS = (FP32, TF32, FP16, BF16, E5M2, E4M3)


def run(f, *args, fmt):
    return trace(f, *args, fmt=fmt).value


def pairs(fmt, count=40):
    """Return numbers of fmt from its whole range, subnormal ones included."""
    rng = np.random.default_rng(1991)
    exponents = rng.uniform(math.log2(fmt.smallest_subnormal), math.log2(fmt.max), (count, 2))
    numbers = round_to(np.exp2(exponents) * rng.choice([-1, 1], (count, 2)), fmt)
    return [(float(x), float(y)) for x, y in numbers if x and y]


@pytest.mark.parametrize("fmt", FORMATS, ids=str)
def test_each_operation_is_rounded_once(fmt):
    # Of numbers with p <= 25 bits, float64 results round to fmt as exact ones do (round_to).
    four = (lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / y)
    for x, y in pairs(fmt):
        for operation in four:
            wanted = round_to(operation(x, y), fmt)
            assert np.array_equal(run(operation, x, y, fmt=fmt), wanted, equal_nan=True)
        assert run(lambda x: np.sqrt(x), abs(x), fmt=fmt) == round_to(math.sqrt(abs(x)), fmt)


@pytest.mark.parametrize("fmt", [FP32, FP16, BF16], ids=str)
@pytest.mark.parametrize("name", ["exp", "log", "sin", "tanh", "expm1"])
def test_functions_give_the_nearest_number_of_the_format(fmt, name):
    rng = np.random.default_rng(1964)
    f = getattr(np, name)
    for x in round_to(rng.uniform(0.01, 8, 20), fmt):
        got = run(lambda x: f(x), float(x), fmt=fmt)
        with mpmath.workdps(50):
            exact = getattr(mpmath, name)(float(x))
            nearest = min((round_to(float(exact), fmt, mode=mode) for mode in ("up", "down")),
                          key=lambda y: abs(mpmath.mpf(y) - exact))
        assert got == nearest


def test_rounding_to_float64_first_would_be_wrong():
    # (1 + 2**-11)(1 + 2**-12) is no tie in float16; the power, done at once, rounds once too.
    x = 1 + 2.0**-23
    exact = Fraction(x) ** 3
    low, high = round_to(1 + 3 * 2.0**-23, FP32), round_to(1 + 4 * 2.0**-23, FP32)
    nearest = min((low, high), key=lambda y: abs(Fraction(y) - exact))
    assert run(lambda x: x**3, x, fmt=FP32) == nearest
    # Half a gap above 1, and 2**-80 more: in float64 a tie, which would go down to 1.
    def sum_of_three(a, b, c):
        return math.fsum([a, b, c])

    assert run(sum_of_three, 1.0, 2.0**-24, 2.0**-80, fmt=FP32) == 1 + 2.0**-23
    assert round_to(math.fsum([1.0, 2.0**-24, 2.0**-80]), FP32) == 1


@pytest.mark.parametrize("dtype, fmt", [(np.float32, FP32), (np.float16, FP16)])
def test_a_loop_gives_what_numpy_gives(dtype, fmt):
    def horner(x, a):
        total = x * 0.0
        for coefficient in a:
            total = total * x + coefficient
        return total / (x - 0.75)

    rng = np.random.default_rng(1964)
    for _ in range(20):
        x, a = dtype(rng.uniform(-2, 2)), rng.uniform(-1, 1, 6).astype(dtype)
        assert run(horner, float(x), a.astype(float), fmt=fmt) == horner(x, a)


def test_a_loop_gives_what_torch_gives_in_bfloat16(torch):
    def descend(w, g, step):
        for _ in range(30):
            w = w - step * g
        return w

    def as_torch(x):
        return torch.tensor(x, dtype=torch.bfloat16)

    rng = np.random.default_rng(1964)
    for w, g in round_to(rng.uniform(0.5, 2, (20, 2)), BF16):
        wanted = descend(as_torch(w), as_torch(g), as_torch(0.0078125)).item()
        assert run(descend, float(w), float(g), 0.0078125, fmt=BF16) == wanted


def test_weights_that_stop_are_told_where_the_step_is_absorbed():
    def train(w):
        for _ in range(100):
            w = w - 1e-3 * w
        return w

    told = trace(train, 1.0, fmt=BF16)
    assert told.value == 1 and told.full == 3 and told.digits < 1
    assert "0.000999 is absorbed by 1" in str(told)
    assert str(told).startswith("train: 0 of 3 digits of bf16 are right.")
    assert told.plain == pytest.approx(0.999**100)
    assert "rounded to it before use" in told.note  # 1e-3


@pytest.mark.parametrize("fmt, value", [(FP16, math.inf), (E5M2, math.inf), (E4M3, math.nan),
                                        (BF16, 298.0**2 - 220), (FP32, 298.0**2)], ids=str)
def test_what_is_beyond_the_range_is_told(fmt, value):
    told = trace(lambda x: x * x, 298.0, fmt=fmt)
    if math.isfinite(value):
        assert told.value == round_to(298.0**2, fmt) and told.cause is None
    else:
        assert np.array_equal(told.value, value, equal_nan=True)
        assert "overflow" in told.lines[0].note and told.digits == 0


def test_what_is_below_the_normal_numbers_is_told():
    told = trace(lambda x: x * x, 1e-4, fmt=FP16)
    assert told.value == round_to(round_to(1e-4, FP16) ** 2, FP16)
    assert "underflow" in told.lines[0].note


def test_nothing_raises_for_its_range():
    assert run(lambda x: math.exp(x), 1000.0, fmt=FP16) == math.inf
    assert run(lambda x: 1 / x, 0.0, fmt=BF16) == math.inf
    assert math.copysign(1, run(lambda x: x * x, -1e-30, fmt=FP32)) == 1
    assert math.copysign(1, run(lambda x, y: x * y, -1e-30, 1e-30, fmt=FP32)) == -1
    told = trace(lambda x: math.sqrt(x), -1.0, fmt=FP16)
    assert told.raised.kind == "ValueError"


def test_constants_and_comparisons_are_of_the_format():
    # 0.1 is 0.0999755859375 in float16, so neither way sees a difference.
    assert run(lambda x: x == 0.1, round_to(0.1, FP16), fmt=FP16)
    assert run(lambda x: x * 0.1, 1.0, fmt=FP16) == round_to(0.1, FP16)
    # An exponent is no number of the format: 257 is none of bfloat16's.
    assert run(lambda x: x**257, 1.0078125, fmt=BF16) == round_to(1.0078125**257, BF16)
    assert run(lambda x: round(x, 1), 2.26, fmt=BF16) == round_to(2.26, BF16)


@pytest.mark.parametrize("fmt, full", [(FP64, 16), (FP32, 8), (FP16, 4), (BF16, 3), (E4M3, 2)])
def test_digits_are_counted_to_those_of_the_format(fmt, full):
    told = trace(lambda x: x + x, 1.5, fmt=fmt)
    assert told.full == told.digits == full and told.fmt == fmt
    once = trace(lambda x: x / 3, 1.0, fmt=fmt)  # a third is a rounding error of u at most
    assert once.digits >= -math.log10(fmt.u) and once.cause is None


def test_sums_add_up_in_the_format():
    ones = np.ones(300)
    told = trace(lambda x: np.sum(x), ones, fmt=BF16)
    assert told.value == 256 and "is absorbed by 256" in told.lines[0].note
    assert trace(lambda x: x @ x, ones, fmt=BF16).value == 256
    assert trace(lambda x: math.fsum(x), ones, fmt=BF16).value == 300


def test_a_format_is_asked_for_by_name():
    with pytest.raises(TypeError, match=r"fmt must be a Format, such as lib\.numbers\.BF16"):
        trace(lambda x: x, 1.0, fmt="bf16")


@pytest.mark.parametrize("fmt", [E2M1, E3M2, E8M0], ids=str)
def test_formats_of_blocks_are_refused(fmt):
    with pytest.raises(ValueError, match=f"fmt = {fmt} serves inside blocks"):
        trace(lambda x: x, 1.0, fmt=fmt)


def test_a_constant_that_the_format_has_not_is_an_error_of_its_operation():
    def adam(first, second):
        denominator = np.sqrt(second) + 1e-8
        return first / denominator

    told = trace(adam, 0.0, 0.0, fmt=FP16)
    assert math.isnan(told.value) and told.exact == 0
    assert told.cause.expression == "np.sqrt(second) + 1e-8"
    tenth = trace(lambda x: x * 0.1, 1.0, fmt=BF16)
    assert tenth.value == round_to(0.1, BF16) and float(tenth.exact) == 0.1
    assert tenth.lines[0].rounding <= 1  # in units of u|v|: only 0.1 was rounded
    assert "error made here" not in tenth.lines[0].note


@pytest.mark.parametrize("x, fmt, end", [(1e40, FP32, "3.40282e+38"), (-65520.0, FP16, "65504"),
                                         (500.0, E4M3, "448")])
def test_an_argument_beyond_the_range_of_a_format_is_refused(x, fmt, end):
    # As inf it would be exact from there on, and no digit of what comes of it would be lost.
    with pytest.raises(ValueError, match=re.escape(f"{x!r} is beyond the range of {fmt}, which "
                                                   f"ends at {end}: scale it")):
        trace(lambda x: x * 0.5, np.array([1.0, x]), fmt=fmt)
    if fmt.has_infinity:
        assert trace(lambda x: x * 0.5, math.inf, fmt=fmt).value == math.inf
