"""Arrays, lists of arrays and recorded values are told apart, and all else is refused."""

import math

import numpy as np
import pytest

from lib.gradients.parameters import as_layers, as_parts, float_array, is_recorded, norm
from tests.gradients.recorded import Tangent


def test_a_recorded_value_is_one_that_is_no_array():
    x = Tangent(np.ones(2), np.ones(2))
    assert is_recorded(x) and float_array(x, "x") is x
    for other in (np.ones(2), np.float64(1), 1.0, [1.0], "x", None):
        assert not is_recorded(other)


def test_a_list_of_numbers_is_a_vector_and_one_of_arrays_is_a_list():
    parts, is_list = as_parts([1, 2.5], "x")
    assert not is_list and np.array_equal(parts[0], [1, 2.5])
    parts, is_list = as_parts((np.ones((2, 2)), 3.0), "x")
    assert is_list and [part.shape for part in parts] == [(2, 2), ()]
    with pytest.raises(ValueError, match=r"x\[1\]\[0\] is nan"):
        as_parts([np.ones(2), np.array([np.nan])], "x")
    with pytest.raises(TypeError, match="x holds objects: gradients need float32 or float64"):
        as_parts(np.array([1.0], dtype=object), "x")


def test_biases_may_be_left_out_layer_by_layer():
    layers = as_layers([np.ones((2, 3)), np.ones((3, 4)), np.ones(4), np.ones((4, 1))])
    assert [b is None for _, b in layers] == [True, False, True]
    for wrong, place in (([np.ones(3)], 0), ([np.ones((2, 3)), np.ones(2)], 1),
                         ([np.ones((2, 3)), np.ones(3), np.ones(3)], 2),
                         ([np.ones((2, 3, 1))], 0), ([np.eye(2), 1.0], 1)):
        with pytest.raises(ValueError, match=rf"parameters\[{place}\] has shape .*: in this list"):
            as_layers(wrong)
    for wrong in ([], np.ones(2), None, "W", {"W": np.ones(2)}):
        with pytest.raises(TypeError, match=r"parameters = .*: give a list of arrays"):
            as_layers(wrong)


@pytest.mark.parametrize("scale", [1.0, 2.0**1000, 2.0**-1060, 0.0])
def test_a_norm_is_right_at_both_ends_of_the_range(scale):
    # All four are exact: 2**-1060 times a small whole number still is, as a subnormal number.
    assert norm([scale * np.array([[2.0], [4.0]]), scale * np.array(5.0), scale * np.ones(4)]) == (
        scale * 7)


def test_a_norm_adds_float32_in_float64_and_tells_overflow():
    x = np.full(10**6, 1.1, np.float32)
    # Pairwise sums of 1e6 squares have an error of some 40 u at the most.
    assert norm([x]) == pytest.approx(1000 * float(x[0]), rel=40 * 2**-53, abs=0)
    assert norm([np.full(4, 1e308)]) == math.inf
