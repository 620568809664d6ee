"""Each operation against mathematics: its value, its rounding, its slopes."""

import math
import operator

import mpmath
import numpy as np
import pytest

from lib.digits import trace
from lib.digits.shadow import Shadow
from lib.digits.tape import Tape

U = mpmath.mpf(2) ** -53

# Each operation alone: an argument where it is defined, and what mpmath calls it.
UNARY = {
    "sqrt": (2.0, mpmath.sqrt), "cbrt": (-3.0, lambda x: -mpmath.cbrt(-x)),
    "exp": (1.7, mpmath.exp), "exp2": (0.3, lambda x: mpmath.power(2, x)),
    "expm1": (1e-9, mpmath.expm1),
    "log": (1.3, mpmath.log), "log2": (5.0, lambda x: mpmath.log(x, 2)),
    "log10": (7.0, mpmath.log10), "log1p": (1e-9, mpmath.log1p), "sin": (3.0, mpmath.sin),
    "cos": (1.5, mpmath.cos),
    "tan": (1.5, mpmath.tan), "arcsin": (0.99, mpmath.asin), "arccos": (0.99, mpmath.acos),
    "arctan": (0.7, mpmath.atan), "sinh": (0.7, mpmath.sinh), "cosh": (0.7, mpmath.cosh),
    "tanh": (2.0, mpmath.tanh), "arcsinh": (-0.4, mpmath.asinh), "arccosh": (1.01, mpmath.acosh),
    "arctanh": (-0.9, mpmath.atanh), "degrees": (0.1, mpmath.degrees),
    "radians": (10.0, mpmath.radians), "negative": (0.3, lambda x: -x), "absolute": (-0.3, abs),
    "square": (0.1, lambda x: x * x),
}  # fmt: skip
IN_MATH = {"erf": (0.3, mpmath.erf), "erfc": (2.0, mpmath.erfc), "gamma": (4.5, mpmath.gamma),
           "lgamma": (4.5, mpmath.loggamma)}  # fmt: skip
BINARY = {
    "add": (0.1, 0.2, operator.add), "subtract": (0.3, 0.1, operator.sub),
    "multiply": (0.1, 0.3, operator.mul), "divide": (0.1, 0.3, operator.truediv),
    "power": (0.7, 2.3, mpmath.power), "hypot": (0.1, 0.3, mpmath.hypot),
    "arctan2": (0.1, -0.3, mpmath.atan2), "fmod": (7.7, 0.3, lambda x, y: x - 25 * y),
    "remainder": (-7.7, 0.3, lambda x, y: x + 26 * y),
    "logaddexp": (0.1, 0.3, lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y))),
    "copysign": (0.1, -0.3, lambda x, y: -x),
}  # fmt: skip


def check_operation(function, arguments, reference, digits_left):
    result = trace(function, *arguments)
    xs = [mpmath.mpf(x) for x in arguments]
    exact = reference(*xs)
    assert abs(result.exact - exact) <= mpmath.mpf(10) ** -58 * abs(exact)
    assert result.value == result.plain and not result.note
    assert result.digits == pytest.approx(digits_left(result.value, exact), abs=1e-9)
    (line,) = result.lines
    rounding = abs(result.value - exact) / (U * abs(mpmath.mpf(result.value)))
    assert line.rounding == pytest.approx(float(rounding), abs=1e-9)
    orders = np.eye(len(xs), dtype=int).tolist()
    slopes = [mpmath.diff(lambda *ys: reference(*ys), xs, order) for order in orders]
    terms = sum(abs(x * slope / exact) for x, slope in zip(xs, slopes, strict=True))
    assert line.amplification == pytest.approx(float(terms), rel=1e-10, abs=0)
    assert line.loss == pytest.approx(16 - result.digits)


@pytest.mark.parametrize("name", UNARY)
def test_a_numpy_function_follows_mathematics(name, digits_left):
    x, reference = UNARY[name]
    check_operation(lambda x: getattr(np, name)(x), [x], reference, digits_left)


def in_math(name):
    return getattr(math, name.replace("arc", "a").replace("absolute", "fabs"), None)


@pytest.mark.parametrize("name", [name for name in UNARY | IN_MATH if in_math(name)])
def test_a_function_of_math_follows_mathematics(name, digits_left):
    x, reference = (UNARY | IN_MATH)[name]
    function = in_math(name)
    check_operation(lambda x: function(x), [x], reference, digits_left)


@pytest.mark.parametrize("name", BINARY)
def test_an_operation_on_two_numbers_follows_mathematics(name, digits_left):
    *arguments, reference = BINARY[name]
    check_operation(lambda x, y: getattr(np, name)(x, y), arguments, reference, digits_left)


OTHERS = {
    "floordiv": (lambda x, y: x // y, 7.7, 0.3, 25),
    "rfloordiv": (lambda x, y: 7.7 // x, 0.3, 1.0, 25),
    "negative floordiv": (lambda x, y: x // y, -7.7, 0.3, -26),
    "scaling": (lambda x, y: math.ldexp(x, 3) * y, 0.1, 1.0, 8 * mpmath.mpf(0.1)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_an_operation_without_rounding_keeps_all_digits(name):
    f, x, y, exact = OTHERS[name]
    result = trace(f, x, y)
    assert result.exact == exact and result.digits == 16 and result.value == result.plain == f(x, y)
    assert not result.note and result.cause is None


def test_divmod_is_floor_and_modulus():
    result = trace(lambda x: divmod(x, 0.3) + divmod(7.7, x), 7.7)
    assert result.value == result.plain == divmod(7.7, 0.3) + divmod(7.7, 7.7)
    assert abs(result.exact[1] - (mpmath.mpf(7.7) - 25 * mpmath.mpf(0.3))) < mpmath.mpf(10) ** -58
    assert result.components == (16, 16, 16, 16) and result.exact[0] == 25


def test_rounding_to_decimals_is_an_error_made_on_purpose(digits_left):
    for f in (lambda x: round(x, 3), lambda x: np.round(x, 3), lambda x: np.around(x, 3)):
        result = trace(f, 0.12345)
        assert result.value == 0.123 and result.exact == mpmath.mpf(0.12345)
        assert result.digits == pytest.approx(digits_left(0.123, mpmath.mpf(0.12345)), abs=1e-9)
        assert 2 < result.digits < 3 and result.cause.operation == "rounding to decimals"
    assert trace(lambda x: np.round(x, 3), np.array([0.12345, 2.0])).components[1] == 16
    assert trace(lambda x: round(x, 1), 0.5).digits == 16
    assert "underflow" not in trace(lambda x: round(x, 2), 0.001).lines[0].note


def shares_of(name, arguments):
    """The parts of a result's error for errors of 1 in each operand, as the tracer follows them."""
    tape = Tape(60, ())
    xs = [Shadow(tape, x, shares={place: tape.context.one}) for place, x in enumerate(arguments)]
    shares = tape.apply(name, *xs).shares
    return [shares.get(place, 0) for place in range(len(arguments))]


RENAMED = {"add": "addition", "subtract": "subtraction", "multiply": "product",
           "divide": "division", "remainder": "modulus"}
SIGNED = [(name, [x], reference) for name, (x, reference) in (UNARY | IN_MATH).items()
          if name != "square"]
SIGNED += [(RENAMED.get(name, name), [x, y], reference) for name, (x, y, reference)
           in BINARY.items()]
SIGNED += [("arctan2", [-0.1, 0.3], mpmath.atan2), ("arctan2", [0.1, 0.3], mpmath.atan2),
           ("copysign", [-0.1, -0.3], lambda x, y: x), ("copysign", [-0.1, 0.3], lambda x, y: -x)]


@pytest.mark.parametrize("name, arguments, reference", SIGNED)
def test_an_error_passes_on_with_the_sign_of_the_slope(name, arguments, reference):
    xs = [mpmath.mpf(x) for x in arguments]
    for place, share in enumerate(shares_of(name, arguments)):
        order = tuple(int(place == other) for other in range(len(xs)))
        slope = mpmath.diff(reference, xs if len(xs) > 1 else xs[0], order if len(xs) > 1 else 1)
        assert abs(share - slope) <= 1e-25 * max(1, abs(slope))


@pytest.mark.parametrize("name", ["arctan2", "hypot", "division"])
def test_errors_of_a_common_scale_cancel_as_the_slopes_say(name):
    k = mpmath.mpf("0.1")
    tape = Tape(60, ())
    small, large = (Shadow(tape, n * 0.375, shares={"k": n * k}) for n in (2, 4))
    result = tape.apply(name, small, large)
    if name == "hypot":
        result = result / small
    assert abs(result.shares.get("k", 0)) < 1e-55


def test_an_error_and_its_copy_of_the_other_sign_cancel():
    tape = Tape(700, (), deep=True)
    for v in (0.375, -0.375):
        y = Shadow(tape, v, shares={"y": tape.context.mpf("0.1")})
        assert (y + np.copysign(y, -v)).shares.get("y", 0) == 0
        assert (y - np.copysign(y, v)).shares.get("y", 0) == 0


@pytest.mark.parametrize("x, base", [(8.0, 2), (1000.0, 10), (81.0, 3.0), (0.5, 2.0), (8.0, 2.0)])
def test_a_log_to_a_base_is_one_operation(x, base):
    exact = round(math.log(x, base))
    result = trace(lambda x: math.log(x, base) - exact, x)
    assert result.value == math.log(x, base) - exact and result.exact == 0
    assert result.digits == (16 if result.value == 0 else 0)
    floor = trace(lambda x: math.floor(math.log(x, base)), x)
    assert floor.value == math.floor(math.log(x, base))
    assert (floor.branch is not None) == (floor.value != exact)
    result = trace(lambda b: math.log(x, b), float(base))
    assert abs(result.exact - exact) < 1e-58 and result.lines[0].rounding <= 4


def test_slopes_of_a_log_to_a_base():
    for place, share in enumerate(shares_of("log to a base", [7.7, 2.3])):
        slope = mpmath.diff(lambda x, b: mpmath.log(x) / mpmath.log(b), (7.7, 2.3),
                            (1 - place, place))
        assert abs(share - slope) <= 1e-25 * abs(slope)
