"""What came back is taken as the numbers asked for; the sets are in test_homework_kinds."""

import numpy as np
import pytest

from lib import grade
from lib.grade.calls import Verdict
from lib.grade.returned import as_asked, as_floats, holds_complex


def test_imaginary_parts_of_0_are_told_so():
    (case,) = grade.check_identity(lambda x: x + 0j, lambda y, x: y - x, {"x": 2.0}, bound=0).cases
    assert case.reason.endswith("their imaginary parts are 0, take .real")
    (case,) = grade.check_accuracy(lambda x: x + 1j, lambda x: x, [2.0], ulps=1).cases
    assert case.reason == "returned complex numbers, real ones are asked for"


def test_complex_numbers_are_judged_where_the_task_has_some():
    for args in ((1j,), (np.ones(2) * 1j,), ([1.0, 1j],), (np.array([1, 1j], dtype=object),)):
        assert grade.check_identity(lambda x: 1j * np.asarray(x, complex), lambda y, x: abs(
            y - 1j * np.asarray(x, complex)), {"": args}, bound=0).passed
    assert grade.check_accuracy(lambda x: x * 1j, lambda x: complex(0, x), [2.0], ulps=0).passed


def test_integers_do_not_wrap_in_an_identity():
    def of_length_1(v, x):
        return {"not of length 1": v @ v - 1}

    v = np.int8([16, 16, 1])  # 513 is 1 in eight bits
    assert not grade.check_identity(lambda x: v, of_length_1, {"": 1.0}, bound=1e-9).passed
    assert grade.check_identity(lambda x: [10**400], lambda v, x: v[0] < 1e308, {"": 1.0},
                                bound=0.0).passed


@pytest.mark.skipif(np.finfo(np.longdouble).nmant == 52, reason="longdouble is float64 here")
def test_a_longdouble_keeps_its_digits_where_an_argument_is_one():
    third = np.longdouble(1) / 3
    assert as_asked(third, (1.0,)).dtype == float == as_asked(third, ()).dtype
    assert as_asked(third, (np.longdouble(1),)).item() == third
    assert as_asked(np.longdouble(2) ** 2000, (1.0,)).item() == np.inf
    assert as_asked(third * 1j, (1j,)).dtype == complex


def test_formats_and_digits_stay_where_nothing_is_computed_with_them():
    for value in (np.float16([1, 2]), np.float32(3), np.int8([1]), np.uint64(2**64 - 1)):
        assert as_asked(value, ()).dtype == value.dtype and as_floats(value, ()).dtype == float
    assert as_floats([2**70, 10**400], ()).tolist() == [2.0**70, np.inf]


@pytest.mark.parametrize("value", [1j, [1.0, 0j], np.ones(2, np.complex64)])
def test_complex_numbers_are_refused(value):
    with pytest.raises(Verdict, match="complex numbers"):
        as_asked(value, (1.0, [2.0], "1j"))
    assert as_asked(value, (1.0, [2j])).dtype.kind == "c" and holds_complex([value])
