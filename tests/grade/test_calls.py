"""Whatever a reader wrote is called on copies and in silence, and never makes a check raise."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse

from lib import linear
from lib.grade import (
    check_accuracy,
    check_counterexample,
    check_identity,
    check_value,
)

ARRAY = {"array": np.array([1.0, 2.0])}


class Rigged(np.ndarray):
    """An array that is equal to everything, at distance 0."""

    def __sub__(self, other):
        return np.zeros(self.shape)

    __rsub__ = __sub__


class Mute(Exception):  # noqa: N818 - it says nothing at all
    """An exception that cannot be printed."""

    def __str__(self):
        raise RuntimeError("no text")


def raises(problem):
    raise problem


def mutates(x):
    x[0] = 0.0
    return x


def leaves(x):
    raise SystemExit


def deep(x):
    return deep(x)


@pytest.mark.parametrize("f, text", [
    (lambda x: 1 / 0, "ZeroDivisionError"), (lambda x: np.array([1.0, np.nan]), "nan"),
    (lambda x: 3.0, "a single one given, 2 wanted"), (lambda x: "two", "str"),
    (lambda x: [1, [2]], "ragged"),
    (lambda x: [Fraction(1), Fraction(2)], "list"), (lambda x: x == x, "ndarray"),
    (mutates, "changed its argument"), (leaves, "SystemExit"), (deep, "RecursionError"),
    (lambda: 0.0, "TypeError"), (7, "not callable"),
    (lambda x: (np.ones(2) * 9).view(Rigged), "got 9, expected 1"), (lambda x: x[5], "IndexError"),
    (lambda x: eval("x +"), "SyntaxError"), (lambda x: {}[("k" * 500)], "..."),
    (lambda x: np.ma.masked_array(x, mask=[0, 1]), "masked"), (np.matrix, "np.matrix"),
    (scipy.sparse.csr_array, "sparse"), (lambda x: raises(Mute), "Mute"),
    (lambda x: raises(GeneratorExit), "GeneratorExit"), (lambda x: (v for v in x), "generator")])
def test_whatever_goes_wrong_is_a_verdict(f, text):
    report = check_accuracy(f, lambda x: x, ARRAY, ulps=1)
    assert report.verdict == "wrong" and text in report.cases[0].reason
    assert len(report.cases[0].reason) <= 100
    assert ARRAY["array"].tolist() == [1.0, 2.0]
    assert check_identity(f, lambda y, x: np.subtract(y, x), ARRAY, bound=0).verdict == "wrong"


def test_the_interrupt_of_the_person_at_the_keyboard_is_obeyed():
    def stop(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_accuracy(stop, lambda x: x, ARRAY, ulps=1)


@pytest.mark.parametrize("argument", [
    [np.ones(2), np.ones(2)], {"a": np.ones(2)}, [[1.0, np.nan], np.float64(np.nan)],
    np.array([Fraction(1, 3), 2], dtype=object), [Rigged(2)], (np.ones(2), [np.ones(3)])])
def test_any_argument_may_be_looked_at_and_none_may_be_changed(argument):
    assert check_accuracy(lambda x: 6.0, lambda x: 6, [(argument,)], ulps=0).passed

    def spoils(x):
        inner = x["a"] if isinstance(x, dict) else x[0]
        if isinstance(inner, Fraction | Rigged):
            x[0] = Fraction(7)
        else:
            inner[0] = 7.0
        return 6.0

    if not isinstance(argument, list) or not isinstance(argument[0], Rigged):
        (case,) = check_accuracy(spoils, lambda x: 6, [(argument,)], ulps=0).cases
        assert case.reason == "changed its argument: work on a copy"


def test_an_argument_that_is_used_up_has_not_been_changed():
    draws = np.random.default_rng(29)
    assert check_accuracy(lambda rng, x: rng.random() * 0 + x, [1.0], [(draws, 1.0)], ulps=0).passed


def test_what_cannot_be_copied_is_not_blamed_on_the_function():
    for argument in ((v for v in "ab"), open):
        (case,) = check_accuracy(lambda x: 1.0, [1.0], [(argument,)], ulps=1).cases
        assert (case.verdict == "wrong") == (argument is not open)
        assert argument is open or case.reason.startswith("an argument cannot be copied: TypeError")


@pytest.mark.parametrize("method", ["__array__", "__float__", "__str__", "__complex__"])
def test_a_result_that_leaves_python_is_a_verdict(method):
    def leave(self, *args, **options):
        raise SystemExit

    result = type("Leaves", (), {method: leave, "__repr__": leave})()
    assert check_accuracy(lambda: result, [1.0], [()], ulps=1).verdict == "wrong"
    assert check_value(result, 1.0).verdict == "wrong"
    assert check_value(result, "no").verdict == "wrong"
    assert check_counterexample(result, lambda x: x, above=1).verdict == "wrong"


def test_an_error_of_many_lines_is_told_on_one():
    (case,) = check_accuracy(lambda: raises(ValueError("one\ntwo")), [1.0], [()], ulps=1).cases
    assert case.reason == "raised ValueError: one two"


def test_warnings_of_the_reader_are_not_shown():
    def noisy(x):
        warnings.warn("deprecated", stacklevel=1)
        return np.log(np.zeros(2)) * 0 + x

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check_accuracy(noisy, lambda x: x, ARRAY, ulps=1).verdict == "wrong"


def stub(x):
    ...


def refuses(x):
    raise NotImplementedError


@pytest.mark.parametrize("f", [..., None, stub, refuses, lambda x: ...])
def test_what_is_not_written_is_not_attempted(f):
    points = [1e-12, 1e-5, 1.0]
    for report in (check_accuracy(f, np.log1p, points, ulps=2),
                   check_identity(f, lambda y, x: y - x, points, bound=0)):
        assert report.verdict == "not attempted" and not report.passed
        assert [case.reason for case in report.cases] == [""] * 3


def test_a_record_that_compares_by_identity_is_compared_by_its_fields():
    factors = linear.lu(np.array([[1.0, 2.0], [3.0, 4.0]]))

    def spoiled(factors):
        factors.packed[0, 0] = 7
        return 1.0

    for f, verdict in ((lambda factors: 1.0, "stable"), (spoiled, "wrong")):
        report = check_identity(f, lambda y, factors: 0.0, {"LU": (factors,)}, bound=0.5)
        assert verdict in repr(report)
    assert factors.packed[0, 0] == 3


def test_the_sign_of_a_zero_is_a_change():
    def negates(x):
        x[0] = -x[0]
        return 1.0

    assert check_accuracy(negates, [1.0], [([0.0],)], ulps=1).verdict == "wrong"
    assert check_accuracy(lambda x: 1.0, [1.0], [([-0.0],)], ulps=1).passed


def in_silence(f):
    """Return a function around another, as a check may need it."""
    def around(x):
        with np.errstate(all="raise"):
            return f(x)

    return around


def documented(x):
    """Return x."""


def passing(x):
    pass


def forgetful(x):
    y = x + 1  # noqa: F841  never returned


@pytest.mark.parametrize("f, verdict", [
    (stub, "not attempted"), (documented, "not attempted"), (passing, "not attempted"),
    (in_silence(stub), "not attempted"), (forgetful, "wrong"), (in_silence(forgetful), "wrong"),
    (lambda x: print(end=""), "wrong"), ({}.get, "wrong"), (lambda x: None, "not attempted")])
def test_none_is_not_attempted_where_nothing_is_written(f, verdict):
    (case,) = check_accuracy(f, [1.0], [2.0], ulps=1).cases
    assert case.verdict == verdict
    assert case.reason.startswith("returned None: is a return missing") == (verdict == "wrong")
