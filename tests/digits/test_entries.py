"""Entries without a shadow, in arrays of numbers that have one, are exact data."""

import mpmath
import numpy as np
import pytest

from lib.digits import ShadowLost, trace


def zeroed(a):
    a[a < 0] = 0
    return np.sqrt(a)


A = np.array([[1.0, 2.0], [3.0, 4.0]])
V = np.array([1.0, -1.0, 0.5])


@pytest.mark.parametrize(("f", "x"), [
    (lambda a: np.sqrt(np.maximum(a, 0)), V),
    (zeroed, V),
    (lambda a: np.log(np.clip(a, 1e-15, 1)), V),
    (lambda A: np.exp(np.triu(A)), A),
    (lambda A: np.hypot(np.triu(A), A), A),
    (lambda A: np.arctan2(np.tril(A), A), A),
    (lambda x: np.exp(np.array([x, 0.0])), 1.5),
    (lambda x: np.exp([x, 0, 1.0]), 1.5),
    (lambda x: np.hypot([x, 0], [0, x]), 1.5),
])  # fmt: skip
def test_functions_of_numpy_take_them(f, x):
    result = trace(f, x)
    assert result.value.dtype == np.float64 and result.digits > 15 and not result.note
    # NumPy's routines for arrays and for numbers may differ in the last place.
    np.testing.assert_allclose(result.value, f(np.copy(x)), rtol=4e-16)
    assert all(isinstance(r, mpmath.ctx_mp_python._mpf) for r in result.exact.flat)


def test_their_functions_are_exact():
    exact = trace(lambda x: np.exp(np.array([x, 1.0])), 1.5).exact
    with mpmath.workdps(70):
        assert abs(exact[1] - mpmath.e) < 1e-58  # the exact values have 60 digits


def stored(a):
    a[0], a[1] = 1, 0
    return a[0] / a[1]


def stored_in_part(a):
    b = a[1:].copy()
    b[:] = [1, 0]
    b[b == 0] = 0
    return [b / b[::-1], {"a": 1 / a}]


@pytest.mark.parametrize("f", [stored, stored_in_part])
def test_whole_numbers_put_into_an_array_do_not_raise_where_they_divide(f):
    result = trace(f, V)
    with np.errstate(all="ignore"):
        plain = f(np.copy(V))
    assert repr(result.value) == repr(plain) and result.digits == 16 and not result.note


def test_a_division_that_only_python_refuses_is_no_loss_of_a_float():
    def f(a):
        b = np.array(a)  # which gives a plain array, whose entries are what is put there
        b[0], b[1] = 1, 0
        return b[0] / b[1]

    with pytest.raises(ShadowLost, match=r"put np.float64\(0\) into the array"):
        trace(f, V)

    def cured(a):
        b = np.array(a)
        b[0], b[1] = np.float64(1), np.float64(0)
        return b[0] / b[1]

    assert trace(cured, V).value == np.inf


def position_first(a):
    o = np.zeros_like(a)
    o[0] = np.argmax(a)
    return o


@pytest.mark.parametrize("f", [
    lambda a: np.pad(a, 1),
    lambda a: np.insert(a, 0, np.argmax(a)),
    position_first,
])  # fmt: skip
def test_whole_numbers_of_numpy_between_them_are_floats_of_the_array(f):
    result = trace(f, V)
    assert result.value.dtype == np.float64 and not result.note and result.digits == 16
    np.testing.assert_array_equal(result.value, f(np.copy(V)))
