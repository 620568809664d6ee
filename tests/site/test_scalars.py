"""What stands for NumPy on a page without it: the same numbers, and a sentence for all else."""

import itertools
import math
import operator
import sys
import warnings

import numpy as np
import pytest

from web.runtime import HERE

sys.path.append(str(HERE / "assets" / "run"))
import scalars

NUMBERS = [0.0, -0.0, 1.0, -1.0, 2.5, -3.0, 0.1, 1e308, -1e308, 5e-324, math.inf, -math.inf,
           math.nan, 1 / 3]
BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv,
          operator.mod, operator.pow]


def same(one, other):
    """Return whether two floats are the same, their signs and nan included."""
    if one != one or other != other:
        return one != one and other != other
    return one == other and math.copysign(1, one) == math.copysign(1, other)


@pytest.mark.parametrize("operation", BINARY, ids=lambda one: one.__name__)
def test_every_operation_gives_what_numpy_gives(operation):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for x, y in itertools.product(NUMBERS, repeat=2):
            expected = operation(np.float64(x), np.float64(y))
            for left, right in [(scalars.float64(x), scalars.float64(y)), (scalars.float64(x), y),
                                (x, scalars.float64(y))]:
                found = operation(left, right)
                assert type(found) is scalars.float64
                assert same(found, expected), (x, y, found, expected)


@pytest.mark.parametrize("exponent", [-3, -2, -1, 0, 1, 2, 3, 10])
def test_a_whole_power_is_that_of_numpy(exponent):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for x in NUMBERS:
            assert same(scalars.float64(x) ** exponent, np.float64(x) ** exponent), x


@pytest.mark.parametrize("places", [-2, 0, 1, 2, 5])
def test_rounding_to_decimals_is_that_of_numpy(places):
    for x in [*NUMBERS, 2.675, -0.5, 1234.5, 0.05, 1.005]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            assert same(round(scalars.float64(x), places), round(np.float64(x), places)), x


def test_a_float64_is_a_float_and_stays_what_it_is():
    x = scalars.float64(2.5)
    assert isinstance(x, float) and isinstance(x, scalars.floating)
    assert [type(one) for one in (-x, +x, abs(x), divmod(x, 2)[0], divmod(2, x)[1])] == (
        [scalars.float64] * 5)
    assert (repr(x), str(x), round(x)) == (repr(np.float64(2.5)), str(np.float64(2.5)), 2)
    assert x.__add__("text") is NotImplemented


def test_what_only_numpy_has_says_so_when_it_is_called():
    with pytest.raises(ImportError, match=r"np\.linspace needs NumPy.*import numpy as np"):
        scalars.linspace(0, 1)
    assert scalars.hypot is math.hypot
    assert not hasattr(scalars, "__array_function__")
