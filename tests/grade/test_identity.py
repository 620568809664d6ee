"""An identity is judged on the scale of errors, one property by one."""

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
