"""What is no plain array is refused by name before anything is computed with it."""

import numpy as np
import pytest
import scipy.sparse

from lib.numbers import plain_array, real_array

MASKED = np.ma.masked_array([1.0, 2.0, 1000.0], mask=[0, 0, 1])
REFUSED = [
    (MASKED, r"x is masked: use x\.compressed\(\)"),
    ([MASKED, MASKED], "x is masked"),
    ([1.0, np.ma.masked], "x is masked"),
    (np.ma.masked_array([1.0, 2.0]), "x is masked"),
    (np.matrix([[1.0, 2.0]]), r"np\.matrix.*np\.asarray\(x\)"),
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
