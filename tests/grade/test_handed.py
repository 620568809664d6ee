"""An input counts the same as a list, a tuple or an array."""

import numpy as np
import pytest

from lib.grade.handed import on_arrays, one_argument, several_arguments


@pytest.mark.parametrize("answer", [[1.0, 2.0], (1.0, 2.0), np.array([1.0, 2.0])])
def test_lists_are_taken_apart_or_not(answer):
    assert one_argument(answer) == ([1.0, 2.0],)
    assert several_arguments(answer) == (1.0, 2.0)


@pytest.mark.parametrize("answer", [..., None, 7, "text", np.array(3.0), {1: 2}])
def test_what_is_no_list_stays_as_it_is(answer):
    assert one_argument(answer) is answer and several_arguments(answer) is answer


def test_a_condition_gets_arrays():
    kinds = on_arrays(lambda *given: [type(part) for part in given])([1], (2, 3))
    assert kinds == [np.ndarray, np.ndarray]
