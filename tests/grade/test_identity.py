"""An identity is judged on the scale of errors, one property by one."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.grade import check_identity

ARRAY = {"array": np.array([1.0, 2.0])}


def test_an_identity_is_judged_on_the_same_scale():
    for factor, verdict in ((0, "stable"), (1e-12, "unstable"), (1e-5, "inaccurate"), (1, "wrong")):
        report = check_identity(lambda x, off=factor: x * x * (1 + off),
                                lambda y, x: y / x**2 - 1, [3.0], bound=1e-15)
        assert report.verdict == verdict
    assert "residual" in report.cases[0].reason
    assert not check_identity(lambda x: [1.0, 2.0, 3.0], lambda y, x: y @ x, ARRAY, bound=1).passed


def test_an_identity_is_silent_about_what_a_reader_returned():
    report = check_identity(lambda x: 0.0, lambda y, x: np.float64(x) / y, [1.0], bound=1)
    assert report.verdict == "wrong" and "residual inf" in report.cases[0].reason


def faults(y, x):
    return {"negative": max(-y, 0.0), "no root of x": y * y / x - 1, "not even": y % 2}


@pytest.mark.parametrize("value, verdict, reason", [
    (2.0, "stable", "no root of x: 0, allowed 1e-15; not even: 0, allowed 0.5"),
    (-2.0, "wrong", "negative: 2, allowed 0"), (6.0, "wrong", "no root of x: 8, allowed 1e-15"),
    (2.0 + 1e-9, "unstable", "no root of x: 1e-09, allowed 1e-15"),
    (np.nan, "wrong", "returned nan")])
def test_properties_are_told_apart_by_name(value, verdict, reason):
    for bound in ({"no root of x": 1e-15, "not even": 0.5},
                  lambda x: {"no root of x": 1e-15, "not even": 0.5}):
        (case,) = check_identity(lambda x: value, faults, {"x = 4": 4.0}, bound=bound).cases
        assert (case.verdict, case.reason) == (verdict, reason)


def test_an_answer_of_nan_passes_no_comparison():
    far = check_identity(lambda x: np.nan, lambda r, x: abs(r * r - x) > 1e-9, [2.0], bound=0.0)
    assert (far.cases[0].verdict, far.cases[0].reason) == ("wrong", "returned nan")


def test_an_answer_of_nan_passes_no_comparison_beside_a_residual():
    def holds(r, x):
        return {"above the root": bool(r[0] > 2), "off by": np.where(r > 2, r, 0.0)}

    for value, verdict in (([np.nan, 1.0], "wrong"), ([1.0, 1.0], "stable")):
        report = check_identity(lambda x, v=value: v, holds, [4.0], bound={"off by": 1e-9})
        assert report.verdict == verdict
    assert check_identity(lambda x: np.nan, lambda r, x: float(r == r), [4.0], bound=0,
                          as_it_is=True).passed


def test_of_several_properties_the_worst_decides():
    (case,) = check_identity(lambda x: x, lambda y, x: {"a bit": 1e-12, "far": 1.0, "farther": 2.0},
                             [1.0], bound=1e-15).cases
    assert (case.verdict, case.reason) == ("wrong", "far: 1, allowed 1e-15")
    (case,) = check_identity(lambda x: x, lambda y, x: {"off": 0, "far": False}, [1.0],
                             bound=0).cases
    assert (case.verdict, case.reason) == ("stable", "off: 0, allowed 0")


def test_of_a_property_that_is_true_the_name_alone_is_told():
    (case,) = check_identity(lambda x: x, lambda y, x: {"off": y < 2}, [1.0], bound=0).cases
    assert (case.verdict, case.reason) == ("wrong", "off")


def test_a_function_that_forgot_to_return_is_told_so():
    (case,) = check_identity(print, lambda y: y, {"": ()}, bound=1).cases
    assert case.reason.startswith("returned None")


def test_an_identity_without_residuals_says_nothing_and_does_not_raise():
    report = check_identity(abs, lambda result, x: {}, [1.0], bound=1e-15)
    assert report.verdict == "wrong" and "has no residuals" in report.cases[0].reason


@pytest.mark.parametrize("value", [[], (), np.empty((0, 3)), [1.0]])
@pytest.mark.parametrize("identity", [lambda r, x: r[1:] ** 2 - x, lambda r, x: {
    "not odd": 0.0, "no root": r[1:] ** 2 - x}])
def test_an_answer_with_too_few_entries_is_wrong(value, identity):
    (case,) = check_identity(lambda x: value, identity, [4.0], bound=1e-10).cases
    assert case.verdict == "wrong" and "empty" in case.reason
    assert check_identity(lambda x: [0.0, 2.0], identity, [4.0], bound=1e-10).passed


def test_an_answer_of_no_dimension_that_an_identity_does_not_take_is_wrong():
    (case,) = check_identity(lambda x: 2.0, lambda r, x: r[0] ** 2 - x, [4.0], bound=1e-10).cases
    assert case.verdict == "wrong" and "does not fit" in case.reason


TINY, LEAST = Fraction(1, 10**400), mpmath.mpf(10) ** -400


@pytest.mark.parametrize("residual, bound, verdict", [
    (TINY, 0, "unstable"), (-TINY, 0.0, "unstable"), (Decimal("1e-400"), 0, "unstable"),
    (LEAST, 0, "unstable"), (mpmath.mpc(0, LEAST), 0, "unstable"), ([0, TINY], 0, "unstable"),
    (TINY, TINY, "stable"), (TINY, 5e-324, "stable"), (TINY, Decimal("1e-400"), "stable"),
    (LEAST, LEAST / 10, "unstable"), (2**53 + 1, 2**53, "wrong"), (2**53 + 1, 2**53 + 1, "stable"),
    (2**53 + 1, 2.0**53, "wrong"), (np.int64(2**53 + 1), 2**53, "wrong"),
    (np.array([1, -(2**62)]), 2**62, "stable"), (Fraction(2**53 + 1), 2**53, "wrong"),
    (10**400, 10**399, "wrong"), (10**400, 10**400, "stable"), (np.int8(-128), 127, "wrong"),
    (np.int64(-(2**63)), 2**63 - 1, "wrong"), (2**64, np.int64(2), "wrong"),
    (np.uint64(2**64 - 1), np.int64(2**63 - 1), "wrong"), (0.1, Fraction(1, 10), "wrong"),
    (Fraction(1, 10), 0.1, "stable"), (3 + 4j, 5, "stable"), (1 + 1j, Fraction(7, 5), "wrong"),
    (np.float32(0.1), np.float32(0.1), "stable"), (0.1, np.float32(0.1), "stable"),
    (mpmath.inf, 1, "wrong"), (Decimal("NaN"), 1, "wrong"), ([TINY, np.nan], 1, "wrong"),
    (1.0, np.array(1.0), "stable"), (1.0, np.float16(1), "stable")],
    ids=lambda value: type(value).__name__)
def test_residuals_of_every_kind_are_compared_exactly(residual, bound, verdict):
    report = check_identity(lambda x: x, lambda y, x: residual, [1.0], bound=bound)
    assert report.verdict == verdict


@pytest.mark.skipif(np.finfo(np.longdouble).nmant == 52, reason="longdouble is float64 here")
def test_residuals_of_longdouble_are_compared_exactly():
    tiny = np.finfo(np.longdouble).smallest_subnormal
    one = 1 + np.finfo(np.longdouble).eps
    for residual, bound in ((tiny, 0), (np.array([tiny, 0]), 0), (one, 1), (tiny + 0j, 0),
                            (2 * tiny, tiny)):
        for given, passed in ((bound, False), (np.max(np.abs(residual)), True)):
            assert check_identity(lambda x: x, lambda y, x, r=residual: r, [1.0],
                                  bound=given).passed == passed


def test_a_residual_below_the_floats_is_not_shown_as_none():
    (case,) = check_identity(lambda x: x, lambda y, x: {"off": TINY}, [1.0], bound=0).cases
    assert case.reason == "off: below 1e-323, allowed 0"


def split(x):
    return np.floor(x), x - np.floor(x)


def check_split(f, **options):
    return check_identity(f, lambda whole, rest, x: {"not the whole": whole + rest - x,
                                                     "not below 1": bool(np.any(rest >= 1))},
                          [np.array([1.5, -2.25])], bound=0.0, parts=("whole", "rest"), **options)


@pytest.mark.parametrize("answer, said", [
    (lambda x: x, "returned ndarray, expected 2 things, whole and rest"),
    (lambda x: (x,), "returned 1, expected 2 things"),
    (lambda x: (x, "none"), "returned str"),
    (lambda x: (np.ones(5), x), "the result does not fit"),
    (lambda x: (x * np.nan, x), "returned nan"),
    (lambda x: (x - 3, np.full(2, 3.0)), "not below 1")])
def test_several_results_are_judged_together(answer, said):
    assert check_split(split).passed
    report = check_split(answer)
    assert not report.passed and said in report.cases[0].reason


def test_a_known_mistake_is_seen_in_several_results():
    known = {"you cut towards zero": lambda x: (np.trunc(x) + 1, x - np.trunc(x))}
    report = check_split(lambda x: (np.trunc(x) + 1, x - np.trunc(x)), known=known)
    assert report.note == "you cut towards zero"
    assert not check_split(lambda x: (x + 1, x), known=known).note
