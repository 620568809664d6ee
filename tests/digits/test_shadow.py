"""Numbers with a shadow: of the type that a plain run has, and never read back from text."""

import copy
import math
import re

import numpy as np
import pytest

from lib.digits import ShadowLost, trace
from lib.digits.shadow import unmarked


def in_place(x):
    x += 1
    x -= 0.1
    x *= 3
    x /= 7
    x **= 2
    x //= 0.01
    x %= 0.3
    return x


@pytest.mark.parametrize("f, x", [
    (in_place, 0.1), (lambda x: x * True + np.True_ * x, 0.1), (lambda x: +x - -x, 0.1),
    (lambda x: x * np.int64(3) / np.uint8(7), 0.1), (lambda x: 2 ** x + 2.5 ** x + x ** 3, 0.7),
    (lambda x: x.real + x.imag + x.conjugate(), 0.1), (lambda x: copy.deepcopy([x])[0] / 3, 0.1),
    (lambda x: copy.copy(x) / 3, 0.1), (lambda x: [x if not x else 2 * x, bool(x)], 0.1),
    (lambda x: x[0].item() / 3, np.array([0.1])), (lambda x: {x: x / 3}[0.1], 0.1),
    (lambda x: np.square(x) + np.reciprocal(x) + np.maximum(x, 0.2), 0.1),
    (lambda x: np.multiply.outer(x, [1.0, 2.0]) + np.add(x, np.ones(2)), 0.1),
    (lambda x: x.is_integer(), 2.0), (lambda x: x.is_integer(), 2.5),
])
def test_arithmetic_is_that_of_floats(f, x):
    result = trace(f, x)
    np.testing.assert_equal(result.value, f(copy.deepcopy(x)))
    assert not result.note


@pytest.mark.parametrize("f, raised", [
    (lambda x: 1 / (x - x), "ZeroDivisionError"), (lambda x: x % 0.0, "ZeroDivisionError"),
    (lambda x: x // (x - x), "ZeroDivisionError"), (lambda x: (x - x) ** -1, "ZeroDivisionError"),
    (lambda x: divmod(x, 0.0), "ZeroDivisionError"), (lambda x: (100 * x) ** 400, "OverflowError"),
    (lambda x: math.exp(1000 * x), "OverflowError"), (lambda x: math.log(x - x), "ValueError"),
    (lambda x: x * 10**400, "OverflowError"), (lambda x: math.floor(x * math.inf), "OverflowError"),
])
def test_python_numbers_raise_where_those_of_numpy_do_not(f, raised):
    result = trace(f, 1.5)
    assert result.raised.kind == raised and result.value is None
    if "math" not in f.__code__.co_names and "10**400" not in repr(result):
        with np.errstate(all="ignore"):
            plain = f(np.float64(1.5))
        np.testing.assert_equal(trace(f, np.float64(1.5)).value, plain)
        np.testing.assert_equal(trace(lambda x: f(x[0]), np.array([1.5])).value, plain)


def test_an_exception_that_f_handles_sends_it_the_way_of_floats():
    def safe(x):
        try:
            return 1.0 / x
        except ZeroDivisionError:
            return 42.0 + x

    result = trace(safe, 0.0)
    assert result.value == result.plain == 42 and result.raised is None and not result.note
    assert "raises ZeroDivisionError" in result.lines[0].note
    assert trace(safe, np.float64(0)).value == math.inf


@pytest.mark.parametrize("f", [
    lambda x: float(f"{x:.3f}"), lambda x: float(f"{x:.1f}") - 0.1, lambda x: float("%.3s" % x),  # noqa: UP031
    lambda x: float(str(x)), lambda x: float(repr(x)), lambda x: float(format(x, ".2e")),
    lambda x: float(f"{x:.3f}"), lambda x: float("%.3f" % x),  # noqa: UP031
    lambda x: int(f"{x:.3f}".split(".")[1]), lambda x: eval(f"{x}"), lambda x: np.float64(str(x)),
    lambda x: np.array([f"{x}"]).astype(float), lambda x: float(f"{x + 0.5}"[:4].strip()),
    lambda x: float(re.sub(r"[^\d.]", "", f"{x:.2f} EUR")),
    lambda x: float(f"{x:.3f}".encode("ascii", "ignore")), lambda x: float(str(x * math.inf)),
    lambda x: float("".join(c for c in f"{x:.3f}" if c in "0123456789.")),
])
def test_a_number_read_back_from_text_has_lost_its_shadow(f):
    with pytest.raises(ShadowLost, match=r"round\(x, 3\)") as caught:
        trace(f, 0.12345)
    assert not [c for c in str(caught.value) if c != unmarked(c)]


@pytest.mark.parametrize("x", [0.1, -1e300, 1e-5, math.inf, -math.inf, math.nan, 0.0])
def test_text_comes_back_as_it_was_and_has_its_length(x):
    f = lambda x: [f"{x:>10}|{x!s}|{x:+.2e}|{x:010.3f}|{x:F}", repr(f"{x}"), len(str(x))]  # noqa: E731
    assert trace(f, x).value == f(x) == trace(f, x).plain and not trace(f, x).note


def test_digits_that_f_picks_from_text_are_noted():
    f = lambda x: int("".join(filter(str.isdigit, str(x))) or 0)  # noqa: E731
    assert "another way: it returns 12345 where" in trace(f, 1.2345).note


def test_text_that_is_only_shown_is_that_of_floats(capsys):
    def f(x):
        print(f"{x:.2f}", x)
        return f"{x:.2f}", str(x), f"{x}!", [f"{x:>8.3f}|"], {f"{x}": x / 3}

    result = trace(f, 0.12345)
    assert result.value == result.plain == f(0.12345)
    assert capsys.readouterr().out == "0.12 0.12345\n" * 2  # once by trace, once by this test
    assert trace(lambda x: f"{x:.2f}", 0.5).value == "0.50"


def test_what_becomes_complex_is_told():
    for f in (lambda x: x ** 0.5, lambda x: x * 1j, lambda x: complex(x, 1.0)):
        with pytest.raises(ShadowLost, match="real numbers only"):
            trace(f, -8.0)
    assert trace(lambda x: math.cbrt(x), -8.0).value == -2  # the remedy works


@pytest.mark.parametrize("f", [lambda x: np.power(x, 3), lambda x: x ** 3, lambda x: pow(x, 3),
                               lambda x: x ** np.int64(3)])
def test_a_whole_exponent_is_no_operand(f):
    result = trace(f, -0.7)
    assert result.value == f(-0.7)
    assert result.lines[0].amplification == pytest.approx(3, rel=1e-15, abs=0)


def by_floor(x):
    return math.floor(x) * x


def by_trunc(x):
    return math.trunc(x) * x


def by_round(x):
    return round(x) * x


def by_int(x):
    return int(x) * x


def test_whole_numbers_are_followed_from_all_but_int():
    for f, whole in ((by_floor, 2), (by_trunc, 2), (by_round, 3)):
        assert trace(f, 2.75).value == whole * 2.75  # exact: few bits
    with pytest.raises(ShadowLost, match="without int or float"):
        trace(by_int, 2.75)
