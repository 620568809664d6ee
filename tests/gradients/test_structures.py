"""Structures of parameters."""

import collections

import numpy as np
import pytest

from lib.gradients.structures import leaves, map_leaves, named, parameter, parts_like

Pair = collections.namedtuple("Pair", "a b")
NESTED = {"W": [1.0, (2.0, Pair(3.0, [])), {}], "b": 4.0}


def test_structures_keep_their_kinds_and_order():
    doubled = map_leaves(lambda part: 2 * part, NESTED)
    assert doubled == {"W": [2.0, (4.0, Pair(6.0, [])), {}], "b": 8.0}
    assert isinstance(doubled["W"][1][1], Pair) and list(doubled) == ["W", "b"]
    assert leaves(NESTED) == [1.0, 2.0, 3.0, 4.0] and leaves(5.0) == [5.0]


def test_a_part_is_called_by_its_place():
    part = np.ones(2)
    assert named(part, part, "x") == "x"
    assert named(part, [1.0, {"k": (part,)}], "x") == "x[1]['k'][0]"


def test_parameters_are_floats_as_they_are():
    x = np.ones(3)
    assert parameter(x, x) is x and parameter(np.float32(2), 0).dtype == np.float32
    assert parameter(x.astype(">f8"), x).dtype.isnative
    assert isinstance(parameter(2.5, 2.5), np.float64)
    assert np.isnan(parameter(np.nan, 0)) and np.isinf(parameter(np.array([np.inf]), 0)).all()
    with pytest.raises(ValueError, match="x is empty"):
        parameter(np.ones(0), np.ones(0))


@pytest.mark.parametrize("v", [{"W": 1.0}, [1.0, 2.0], {"W": 1.0, "c": 2.0},
                               {"W": [1.0], "b": 2.0}])
def test_other_structures_are_refused(v):
    with pytest.raises(ValueError, match="v has not the structure of x: give both"):
        parts_like(v, {"W": 1.0, "b": 2.0})


def test_other_shapes_and_numbers_are_refused_by_name():
    with pytest.raises(ValueError, match=r"v\[1\] has shape \(3,\), .* of shape \(2,\): give"):
        parts_like([1.0, np.ones(3)], [1.0, np.ones(2)])
    with pytest.raises(ValueError, match=r"v is nan|v\[.*\] is nan"):
        parts_like(np.array([np.nan]), np.ones(1))
    assert np.isnan(parts_like(np.array([np.nan]), np.ones(1), finite=False)[0]).all()
    assert parts_like([1, 2.5], [0.0, 0.0]) == [1.0, 2.5]
