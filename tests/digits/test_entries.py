"""Entries without a shadow, in arrays of numbers that have one, are exact data."""

import mpmath
import numpy as np
import pytest

from lib.digits import ShadowLost, trace
from lib.numbers import BF16


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


def filled(x):
    y = np.zeros(len(x))
    for k in range(len(x)):
        y[k] = (x[k] + 1e8) - 1e8
    return y


def running(x):
    total = np.empty(len(x) + 1, dtype=float)
    total[0] = 0
    for k, term in enumerate(x):
        total[k + 1] = total[k] + term
    return total


def bordered(x):
    A = np.eye(4)
    A[:3, 3] = x
    A[3] *= 0.1
    A[0, 0] += x[1]
    return A @ np.full(4, 0.5)


def listed(x):
    y = np.array([0.0, 1.0, 2.0])
    y[1:] -= x[:2]
    return np.concatenate([y, np.ones(2)])


@pytest.mark.parametrize("f", [filled, running, bordered, listed])
def test_an_array_that_f_makes_takes_numbers_with_a_shadow(f):
    x = np.array([0.1, 0.2, 0.3])
    result = trace(f, x)
    assert result.value.dtype == float and not result.note
    assert np.array_equal(result.value, f(x)) and np.array_equal(result.plain, f(x))
    # The same in mpmath, whose entries an array of objects holds from the start.
    exact = f.__globals__[f.__name__ + "_exactly"](x.astype(object) + mpmath.mpf(0))
    assert max(abs(a - b) for a, b in zip(result.exact, exact, strict=True)) < 1e-58


def filled_exactly(x):
    return (x + 100_000_000) - 100_000_000


def running_exactly(x):
    return [sum(x[:k]) for k in range(len(x) + 1)]


def bordered_exactly(x):
    half, tenth = mpmath.mpf(0.5), mpmath.mpf(0.1)
    return [(1 + x[1] + x[0]) * half, (1 + x[1]) * half, (1 + x[2]) * half, tenth * half]


def listed_exactly(x):
    return [0, 1 - x[0], 2 - x[1], 1, 1]


def test_such_an_array_loses_no_digit_by_itself_and_rounds_to_a_format():
    assert trace(running, np.array([0.5, 0.25])).digits == 16
    result = trace(filled, np.array([0.1]), fmt=BF16)
    assert result.value == [0] and result.digits == 0 and result.full == 3


def test_what_such_an_array_never_gets_is_of_numpy_and_does_not_raise():
    def f(x):
        y = np.zeros(2)
        y[0] = x
        return y[0] / y[1]

    result = trace(f, 0.5)
    assert result.value == result.plain == np.inf and not result.raised


def test_arrays_of_constants_still_go_to_compiled_routines():
    def f(x):
        A = np.zeros((2, 2))
        A[0, 0] = A[1, 1] = 4
        return np.linalg.inv(A)[0, 0] * x

    def g(x):
        A = np.zeros((2, 2))
        A[0, 0] = A[1, 1] = x
        return np.linalg.inv(A)[0, 0]

    assert trace(f, 0.3).value == 0.25 * 0.3
    with pytest.raises(ShadowLost, match=r"np\.linalg\.inv.*: compiled routines know floats"):
        trace(g, 0.3)


def test_integers_and_narrow_arrays_have_no_room():
    for dtype in (int, np.float32):
        def f(x, dtype=dtype):
            y = np.zeros(2, dtype)
            y[0] = x
            return y

        with pytest.raises(ShadowLost, match="make the array like an argument"):
            trace(f, 0.5)


def measured(x):
    y = np.zeros(3)
    y[:] = x
    column = y[:, None]
    return (y.sum(), y.mean(), y.std(), y.max(), y.prod(), y @ y, y.dot(y), y.cumsum()[-1],
            np.median(y), np.linalg.norm(y), np.inner(y, y), np.einsum("i,i->", y, y), y.argmax(),
            (y > 0).sum(), y.any(), np.isclose(y, 0.1), y > 0.1, y[y > 0.1].sum(), y.tolist(), -y,
            np.sum(column * y, axis=1), column.T, np.maximum(y, 0.2), np.round(y, 1), y.item(0))


def test_such_arrays_give_numbers_and_arrays_of_the_kinds_that_those_of_numpy_give():
    result = trace(measured, np.array([0.1, 0.2, 0.3]))
    assert not result.note
    for ours, theirs in zip(result.value, result.plain, strict=True):
        assert type(ours) is type(theirs) or (isinstance(ours, float) and isinstance(theirs, float))
        assert "Kept" not in repr(ours)
