"""What is no plain array is refused by name before anything is computed with it."""

from collections import deque
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.sparse

from lib.numbers import (
    FP64,
    absolute_error,
    compensated_sum,
    kahan_sum,
    naive_sum,
    pairwise_sum,
    plain_array,
    real_array,
    refuse_mixed,
    round_to,
)

MASKED = np.ma.masked_array([1.0, 2.0, 1000.0], mask=[0, 0, 1])


class Holder:
    """What NumPy reads as the array that it holds."""

    def __init__(self, held):
        self.held = held

    def __array__(self, *args, **options):
        return self.held


REFUSED = [
    (MASKED, r"x is masked: use x\.compressed\(\)"),
    ([MASKED, MASKED], "x is masked"),
    ([1.0, np.ma.masked], "x is masked"),
    (np.ma.masked_array([1.0, 2.0]), "x is masked"),
    (np.matrix([[1.0, 2.0]]), r"np\.matrix.*np\.asarray\(x\)"),
    (deque([MASKED]), "x is masked"),
    (Holder(MASKED), "x is masked"),
    ([np.matrix([[1.0, 2.0]])], r"np\.matrix"),
    (scipy.sparse.eye(2).tocsr(), r"sparse.*toarray\(\)"),
]


@pytest.mark.parametrize("refuse", [plain_array, real_array])
@pytest.mark.parametrize("x, reason", REFUSED)
def test_what_would_lose_its_meaning_is_refused(refuse, x, reason):
    with pytest.raises(TypeError, match=reason):
        refuse(x, "x")


@pytest.mark.parametrize("dtype", [">f8", "<f8", ">f4", "<f4", ">i4", ">f2"])
def test_any_byte_order_is_read_by_its_values(dtype):
    x = plain_array(np.array([1, 2, -3], dtype=dtype), "x")
    assert x.dtype.isnative and x.dtype.kind == np.dtype(dtype).kind
    assert x.tolist() == [1, 2, -3]


def test_a_plain_array_is_not_copied():
    x = np.ones(3)
    assert plain_array(x, "x") is x


def test_what_is_ragged_is_refused():
    with pytest.raises(ValueError, match="x is ragged: give all of its rows one length"):
        plain_array([[1.0], [1.0, 2.0]], "x")


def test_what_contains_itself_is_refused():
    x = [1.0]
    x.append([x, x])
    boxed = np.empty(1, dtype=object)
    boxed[0] = boxed
    for held in (x, boxed):
        with pytest.raises(ValueError, match="x contains itself: give numbers"):
            plain_array(held, "x")
    inner = [1.0, 2.0]
    assert plain_array([inner, inner], "x").shape == (2, 2)


@pytest.mark.parametrize("part", [float, np.float64, Fraction, np.ones(2), np.ones(())])
def test_classes_and_arrays_are_no_numbers(part):
    boxed = np.empty(1, dtype=object)
    boxed[0] = part
    with pytest.raises(TypeError, match=r"x holds a (type|ABCMeta|ndarray), which is no number"):
        plain_array(boxed, "x")


@pytest.mark.parametrize("part, kind", [
    (np.nan, ValueError), (-np.inf, ValueError), (1j, TypeError), (np.complex64(1), TypeError),
    (Decimal("Infinity"), ValueError), (Decimal("sNaN"), ValueError), (-mpmath.inf, ValueError),
    (np.float32(np.nan), ValueError)])
def test_objects_are_read_as_floats_are(part, kind):
    boxed = np.array([Fraction(1, 3), part], dtype=object)
    with pytest.raises(kind, match=r"x holds .*: (remove or )?replace it first"):
        real_array(boxed, "x")
    if kind is ValueError:
        assert real_array(boxed, "x", finite=False) is boxed
    exact = np.array([Fraction(1, 3), Fraction(10) ** 400, 10**400, Decimal("1e400")], dtype=object)
    assert real_array(exact, "x") is exact  # beyond the floats, and exact


@pytest.mark.skipif(np.finfo(np.longdouble).nmant == 52, reason="longdouble is float64 here")
def test_a_longdouble_in_a_list_is_not_rounded_in_silence():
    with pytest.raises(TypeError, match=r"x is of (float128|float96), .*use .astype"):
        real_array([np.longdouble(1) / 3], "x")
    assert real_array([np.float16(0.5)], "x").tolist() == [0.5]


@pytest.mark.parametrize("x, dtype", [
    ([10**400, 1], float), ([1e39, 1.0], np.float32), ([-2**130, 0.5], np.float32),
    (np.array([2**62, 1]), np.float16), ([-1e39], np.float32)])
@pytest.mark.parametrize("finite", [True, False])
def test_what_its_dtype_cannot_hold_is_too_large_and_not_infinite(x, dtype, finite):
    with pytest.raises(OverflowError, match=f"x holds numbers too large for {np.dtype(dtype)}: s"):
        real_array(x, "x", dtype, finite)


def test_lists_of_whole_numbers_of_any_size_become_floats():
    for x, dtype in (([2**70, 1], float), ([2**70, 0.5], np.float32), ([True, -2**64], float)):
        read = real_array(x, "x", dtype)
        assert read.dtype == dtype and read.tolist() == x
    assert real_array([2**70, Fraction(1, 3)], "x").dtype == object
    assert real_array(np.array([2**70, 1], dtype=object), "x").dtype == object
    infinite = real_array([np.inf, -np.inf, 1.0], "x", np.float32, finite=False)
    assert infinite.tolist() == [np.inf, -np.inf, 1.0]
    with pytest.raises(ValueError, match=r"x\[0\] is inf: remove"):
        real_array([np.inf, 1e300], "x", np.float32)


def test_an_object_that_cannot_be_multiplied_is_no_real_number():
    class Reading:
        def __float__(self):
            return 1.0

    with pytest.raises(TypeError, match=r"x holds .*Reading.*, which is no real number: replace"):
        real_array([Reading()], "x")


@pytest.mark.parametrize("x", [
    [2**53 + 1, 0.5], [0.5, 2**53 + 1], ([2**53 + 1, 1], [0.5, 2]), deque([2**53 + 1, 0.5]),
    [np.array([2**53 + 1]), [0.5]], [np.int64(2**53 + 1), 0.5], [2**53 + 1, 1j],
])
def test_a_list_in_which_numpy_would_round_a_whole_number_is_refused(x):
    with pytest.raises(ValueError, match=r"x holds 9007199254740993 beside floats.*dtype=object"):
        plain_array(x, "x")


def test_whole_numbers_that_floats_hold_may_stand_beside_them():
    x = [2**53, 2**53 + 2, -(2**62), 0.5, True, np.nan, np.inf]
    assert plain_array(x, "x").tolist()[:5] == x[:5]
    assert plain_array([2**53 + 1, 1], "x").tolist() == [2**53 + 1, 1]  # no float beside them
    kept = plain_array(np.array([2**53 + 1, 0.5], dtype=object), "x")
    assert kept[0] == 2**53 + 1 and absolute_error([2.0**53, 0.5], kept).tolist() == [1, 0]


@pytest.mark.parametrize("function", [
    lambda x: absolute_error([2.0**53, 0.5], x),
    lambda x: round_to(x, FP64),
    lambda x: real_array(x, "x"),
])
def test_that_gate_stands_before_every_function(function):
    with pytest.raises(ValueError, match="9007199254740993 beside floats"):
        function([2**53 + 1, 0.5])


@pytest.mark.parametrize("parts, error, said", [
    ([0.5, Decimal(1)], TypeError, r"x holds Decimal\('1'\) beside 0.5, and the two"),
    ([Fraction(1, 2), Decimal(1)], TypeError, "do not add: convert"),
    ([Fraction(1, 2), mpmath.mpf(1)], TypeError, "do not add: convert"),
    ([mpmath.mpc(1), Decimal(1)], TypeError, "do not add: convert"),
    ([0.5, 10**400], OverflowError, "x holds a number beyond 1.8e308 beside a float"),
    ([np.float32(0.5), Fraction(10**400)], OverflowError, "use fractions alone")])
def test_numbers_that_do_not_add_are_refused_together(parts, error, said):
    with pytest.raises(error, match=said):
        refuse_mixed(parts, "x")
    for fine in ([Decimal(1), 10**400], [Fraction(1, 2), 10**400], [0.5, Fraction(1, 2), 3], []):
        refuse_mixed(fine, "x")


def test_whole_numbers_of_numpy_among_objects_become_those_of_python():
    x = np.array([np.int64(2**62), np.True_, 0.5, Fraction(1, 3)], dtype=object)
    for given in (x, list(x), x.reshape(2, 2)):
        parts = plain_array(given, "x").ravel().tolist()
        assert parts == [2**62, 1, 0.5, Fraction(1, 3)] and type(parts[0]) is type(parts[1]) is int
    assert isinstance(x[0], np.int64)
    assert plain_array(np.array([2**70, 0.5], dtype=object), "x").dtype == object
    for same in (np.array([2**70, Fraction(1, 3)], dtype=object), np.ones(2)):
        assert plain_array(same, "x") is same


@pytest.mark.parametrize("add", [naive_sum, pairwise_sum, kahan_sum, compensated_sum])
def test_sums_of_whole_numbers_of_numpy_among_objects_do_not_wrap(add):
    assert add(np.array([np.int64(2**62)] * 4, dtype=object)) == 2**64
