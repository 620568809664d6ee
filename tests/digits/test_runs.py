"""Plain and traced runs: that they end alike, and what is said if they do not."""

import contextlib
import math
import os
import re
import sys
from types import ModuleType

import mpmath
import numpy as np
import pytest
import scipy.sparse

from lib.digits import ShadowLost, runs, trace
from lib.linear import lu


def test_what_says_nothing_of_numbers_is_raised_as_it_is():
    with pytest.raises(IndexError):
        trace(lambda x: x[3], np.ones(2))
    with pytest.raises(NameError):
        trace(lambda x: undefined(x), 1.0)  # noqa: F821
    with pytest.raises(TypeError, match="missing 1 required"):
        trace(lambda x, y: x, 1.0)


def test_a_plain_run_that_adds_in_another_order_is_told():
    result = trace(lambda x: np.sum(x), np.full(1000, 0.1))
    assert result.plain == np.sum(np.full(1000, 0.1)) != result.value
    assert result.digits < 14.5 and re.search(r"1[56] digits right", result.note)
    assert result.note in repr(result)
    assert not trace(lambda x: np.sum(x), np.full(4, 0.1)).note


@pytest.mark.parametrize("f, x, message", [
    (lambda x: x, 2, "write 2.0 for 2"),
    (lambda x: x, np.float32(2), "float32"),
    (lambda x: x, np.ones(2, np.float16), "float16"),
    (lambda x: x, 1j, "1j"),
    (math.sqrt, 2.0, "lambda x: f"),
    (np.exp, 2.0, "lambda x: f"),
])
def test_what_cannot_be_followed_is_told(f, x, message):
    with pytest.raises(TypeError, match=message):
        trace(f, x)


def overflowing(x):
    return math.exp(x) - 1


def judged(x):
    y = (x + 1) - x
    if y <= 0:
        raise ValueError(f"y is {y}")
    return y


def asserted(x):
    assert (x + 1) - x == 1
    return x


def test_what_an_operation_raises_is_told_with_its_numbers():
    result = trace(overflowing, 1000.0)
    raised = result.raised
    assert (raised.kind, raised.text) == ("OverflowError", "math range error")
    assert raised.values == raised.exact == (1000,) and raised.digits == 16
    assert abs(raised.result - mpmath.exp(1000)) < 1e-50 * mpmath.exp(1000)
    assert result.value is result.exact is result.components is result.plain is None
    assert math.isnan(result.digits) and result.shows == result.cause == raised.mark
    assert str(raised) == f"OverflowError (math range error) in {raised.mark}"
    assert "the exact result is 1.97007e+434" in result.lines[0].note
    power = trace(lambda x: x ** 400, 10.0).raised
    assert power.text == "Numerical result out of range"
    assert abs(power.result / mpmath.mpf(10) ** 400 - 1) < 1e-58


@pytest.mark.parametrize("f, x, text", [
    (lambda x: math.sqrt(x), -1.0, "no real number is the exact result either"),
    (lambda x: math.acos(x), 1 + 2.0**-52, "no real number is the exact result either"),
    (lambda x: 1 / x, 0.0, "the exact result is infinite, too"),
    (lambda x: math.log(x), 0.0, "the exact result is infinite, too"),
    (lambda x: x ** -2, 0.0, "the exact result is infinite, too"),
])
def test_where_exact_numbers_fail_as_well_no_digit_is_lost(f, x, text):
    result = trace(f, x)
    assert result.raised.digits == 16 and result.shows is None and result.lines[0].digits == 16
    assert text in result.lines[0].note and "No operation loses digits" in repr(result)


def test_what_fails_exactly_too_leaves_the_digits_of_its_operand():
    def f(x):
        y = x - (x + 0.3)
        return math.sqrt(y)

    result = trace(f, 1e15)
    assert 0 < result.raised.digits < 2 and result.lines[1].digits == result.raised.digits
    assert result.shows.operation == "subtraction" and result.cause.operation == "addition"


def test_what_f_raises_by_its_own_judgement_is_told_likewise():
    result = trace(judged, 1e16)
    raised = result.raised
    assert (raised.kind, raised.text, raised.values, raised.result) == (
        "ValueError", "y is 0.0", (), None)
    assert raised.mark.number == judged.__code__.co_firstlineno + 3 and math.isnan(raised.digits)
    assert str(raised) == f"ValueError (y is 0.0) in line {raised.mark.number}"
    assert result.shows.operation == "subtraction" and result.branch.expression == "y <= 0"
    assert trace(asserted, 1e16).raised.kind == "AssertionError"
    assert trace(asserted, 1.0).raised is None
    singular = trace(lambda A: lu(A).solve(np.ones(2)), np.ones((2, 2)))
    assert "Singular" in singular.raised.kind


def test_the_line_is_that_of_the_raise_although_f_tidies_up_later():
    def f(x):
        try:
            if x > 0:
                raise ValueError("above zero")
        finally:
            x = x + 1
        return x

    assert trace(f, 1.0).raised.mark.number == f.__code__.co_firstlineno + 3


def test_an_error_that_f_turns_into_another_keeps_its_line(refusal_of_sqrt):
    def f(x):
        try:
            return math.sqrt(x)
        except ValueError as error:
            raise ArithmeticError("below zero") from error

    result = trace(f, -1.0)
    assert result.raised.kind == "ArithmeticError" and result.raised.values == ()
    assert f"raises ValueError ({refusal_of_sqrt(-1.0)}) at -1.0" in result.lines[0].note


def test_numbers_of_lists_that_become_arrays_do_not_raise():
    for f in (lambda x: 1 / np.array([x]), lambda x: 1 / np.sum([x, x]), lambda x: 1 / np.floor(x)):
        assert np.isinf(trace(f, 0.0).value).all()
    assert trace(lambda x: 1 / x.tolist()[0], np.zeros(1)).raised.kind == "ZeroDivisionError"
    with np.errstate(all="raise"):  # f sets its own
        assert trace(lambda x: 1 / x[0], np.zeros(1)).value == math.inf

    def strict(x):
        with np.errstate(all="raise"):
            return 1 / x[0]

    assert trace(strict, np.zeros(1)).raised.kind == "FloatingPointError"


def test_numbers_of_both_kinds_in_one_function_each_go_their_way():
    def f(x):
        pole = (np.ones(1) * x)[0] / 0.0
        try:
            return pole + 1 / (x - x)
        except ZeroDivisionError:
            return 1 / pole + x

    result = trace(f, 2.0)
    assert result.value == result.plain == 2 and not result.note and result.raised is None


def test_finally_with_and_suppress_are_followed():
    def f(x):
        done = []
        with contextlib.suppress(ZeroDivisionError):
            try:
                return x / (x - x)
            finally:
                done.append(x)
        return done[0] / 3

    result = trace(f, 0.1)
    assert result.value == result.plain == 0.1 / 3 and not result.note and result.raised is None


def test_a_lost_shadow_that_f_swallows_is_told():
    def f(x):
        try:
            return float(x) * 2
        except TypeError:
            return x

    with pytest.raises(ShadowLost, match="use the number as it is"):
        trace(f, 0.1)


def test_another_shape_or_ending_is_another_way():
    note = trace(lambda x: [x] if type(x) is float else [x, x], 0.1).note
    assert note == "a plain run took another way: it returns something of another shape"

    def f(x):
        if type(x) is float:
            raise ValueError("no")
        return x

    result = trace(f, 0.1)
    assert result.note == "a plain run took another way: it raises ValueError (no)"
    assert result.plain is None and result.value == 0.1


def generator(x):
    yield x


@pytest.mark.parametrize("f, arguments, message", [
    (generator, [0.1], r"returns a generator.*lambda x: list\(generator\(x\)\)"),
    (lambda x: (v for v in [x]), [0.1], r"list\(f\(x\)\)"),
    (lambda x: map(math.sqrt, x), [[0.1]], r"returns a map.*list\(f\(x\)\)"),
    (lambda x: sum(x), [iter([0.1])], "no argument holds one"),
    (lambda x, y: sum(x), [(v for v in [0.1]), 1.0], "cannot pickle 'generator'.*pass a list"),
    (lambda x: x.sum(), [np.ma.masked_array([1.0, 2.0], [0, 1])], "x is masked"),
    (lambda x: x.sum(), [[np.ma.masked_array([1.0, 2.0], [0, 1])]], "x is masked"),
    (lambda x: x * x, [np.ones((1, 1)).view(np.matrix)], "np.matrix"),
    (lambda x: x @ x, [scipy.sparse.eye_array(2)], "x is sparse"),
    (lambda x: x["a"], [np.array([(0.1,)], [("a", float)])], "has the fields"),
    (lambda x: x.sum(), [np.ones(2, np.longdouble)], "float64 numbers only"),
    (lambda x: x.sum(), [np.ones(2, np.float32)], "float64 numbers only"),
])
def test_arguments_and_results_that_would_mislead_are_refused(f, arguments, message):
    with pytest.raises(TypeError, match=message):
        trace(f, *arguments)


def test_other_byte_orders_and_float32_defaults_are_exact_data():
    x = np.array([0.1, 0.2], ">f8")
    result = trace(lambda x: x.sum() / 3, x)
    assert result.value == result.plain and abs(
        result.exact - (mpmath.mpf(0.1) + mpmath.mpf(0.2)) / 3) < 1e-58
    tenth = np.float32(0.1)
    result = trace(lambda x, c=tenth: x * c, np.float64(0.1))
    assert result.exact == mpmath.mpf(0.1) * mpmath.mpf(float(np.float32(0.1)))


def test_what_f_prints_is_shown_once(capsys):
    trace(lambda x: print(x) or (x + 1e-200) - x, 1e16)  # which is run with 700 digits, too
    assert capsys.readouterr().out == "1e+16\n"


@pytest.mark.parametrize("f, theirs", [
    (lambda x: np.array([1 if type(x) is float else 2]), r"\[1\]"),
    (lambda x: np.array([type(x) is float]), r"\[ True\]"),
    (lambda x: {"a": "float" if type(x) is float else "other"}, "float"),
    (lambda x: [b"float" if type(x) is float else b"other", x], "b'float'"),
    (lambda x: (1, x) if type(x) is float else (None, x), "1"),
    (lambda x: 1 if type(x) is float else "one", "1"),
    (lambda x: x * 2 if type(x) is float else "twice", "0.2"),
    (lambda x: type(x) is float, "True"),
])
def test_whatever_differs_from_the_plain_run_is_noted(f, theirs):
    note = trace(f, 0.1).note
    assert re.match(f"a plain run took another way: it returns {theirs} where", note)


def test_what_agrees_with_the_plain_run_is_not_noted():
    def f(x):
        return [np.array([1, 2]), np.array(["a"]), np.arange(3) > 1, "a", None, b"", math.nan, x]

    assert not trace(f, 0.1).note


@pytest.mark.parametrize("digits", [0, -1, 2.5, True, None, "60"])
def test_digits_are_a_positive_int(digits):
    with pytest.raises(ValueError, match=f"got {digits!r}: leave it out"):
        trace(lambda x: x, 0.1, digits=digits)


def test_a_recursion_too_deep_is_told_with_a_remedy():
    def deep(x, n):
        return x if n == 0 else deep(x, n - 1)

    depth = sys.getrecursionlimit() * 2 // 3
    with pytest.raises(RecursionError, match="write a loop"):
        trace(deep, 0.1, depth)
    assert trace(deep, 0.1, depth // 8).value == 0.1


def test_what_lies_beside_the_standard_library_is_nobodys_own(monkeypatch):
    # As the modules of Pyodide do in a browser, which `sys.stdlib_module_names` does not know.
    for name, folder in [("beside", runs.STANDARD[-1]), ("yours", os.sep + "home")]:
        module = ModuleType(name)
        module.__file__ = os.path.join(folder, f"{name}.py")
        monkeypatch.setitem(sys.modules, name, module)
    followed = runs.Followed(lambda x: x)
    assert "beside" not in followed and "yours" in followed
