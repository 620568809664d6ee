"""A result is compared with that of a plain run: kinds, lengths, keys and leaves; none leaks."""

import collections
import dataclasses
import math
import operator
import re
import sys
import types

import numpy as np
import pytest

from lib.digits import trace
from lib.digits.compare import Difference, differences, hidden

WAY = "a plain run took another way: it returns"


def plainly(x):
    """Whether x is no shadow, which is what f must not ask."""
    return type(x) is float


@dataclasses.dataclass
class Point:
    a: object


class Box:
    def __init__(self, a):
        self.a = a


class Slotted:
    __slots__ = ("__hidden", "a")

    def __init__(self, a):
        self.a = self.__hidden = a

    def get(self):
        return self.__hidden


@pytest.mark.parametrize("f, note", [
    (lambda x: {len(f"{x:.3f}".strip("0")): x}, f"{WAY} 2 where this one returns 5 at in a key"),
    (lambda x: [x] if plainly(x) else (x,), f"{WAY} something of another shape"),
    (lambda x: [[x, x]] if plainly(x) else [[x], [x]], f"{WAY} something of another shape"),
    (lambda x: [[x], [x, x]] if plainly(x) else [[x, x], [x]],
     f"{WAY} something of another shape at [0]"),
    (lambda x: {"a": [x]} if plainly(x) else {"a": {x}},
     f"{WAY} something of another shape at ['a']"),
    (lambda x: {"a": x} if plainly(x) else {"b": x}, f"{WAY} a where this one returns b"),
    (lambda x: [x, [1]] if plainly(x) else [x, 1], f"{WAY} something of another shape at [1]"),
    (lambda x: [] if plainly(x) else (), f"{WAY} something of another shape"),
    (lambda x: np.array([[x]]) if plainly(x) else np.array([x]), f"{WAY} something of another"),
    (lambda x: np.ones(1) if plainly(x) else np.ones(1, int), f"{WAY} something of another shape"),
    (lambda x: 1 if plainly(x) else True, f"{WAY} 1 where this one returns True"),
    (lambda x: 1.0 if plainly(x) else 1, f"{WAY} 1.0 where this one returns 1"),
    (lambda x: 0.0 if plainly(x) else -0.0, f"{WAY} 0.0 where this one returns -0.0"),
    (lambda x: np.array([0.0]) if plainly(x) else np.array([-0.0]), f"{WAY} 0.0 where"),
    (lambda x: Box(plainly(x)), f"{WAY} True where this one returns False at .a"),
    (lambda x: Box(1) if plainly(x) else Point(1), f"{WAY} something of another shape"),
    (lambda x: Box if plainly(x) else Point, f"{WAY} <class '{__name__}.Box'> where"),
    (lambda x: {1, 2} if plainly(x) else {1, 3}, f"{WAY} 2 where this one returns 3 at in a set"),
    (lambda x: collections.deque([x], 2 if plainly(x) else 3), f"{WAY} something of another"),
])  # fmt: skip
def test_every_difference_in_structure_is_told(f, note):
    assert note in trace(f, 0.1).note


def test_what_agrees_is_not_told():
    def f(x):
        kept = {x: [x, (x, {x}, np.array([x, 1])), None], (x, "a"): frozenset([x])}
        things = Box([kept]), Slotted(x), types.SimpleNamespace(a=[x])
        return kept, things, math.sin, np, Box, {}, ()

    result = trace(f, np.float64(0.1))
    assert not result.note and result.digits == 16


class Named(dict):
    pass


def fluent(x):
    named = Named(a=x)
    named.total = x * 3
    return named


@pytest.mark.parametrize("f, get", [
    (lambda x: {(x, 1): 2}, lambda v: min(v)[0]),
    (lambda x: {frozenset([x]): 2}, lambda v: min(min(v))),
    (lambda x: {Point: {(1, (x, 2)): 1}}, lambda v: min(v[Point])[1][0]),
    (lambda x: types.SimpleNamespace(a=[x]), lambda v: v.a[0]),
    (lambda x: Box({"a": x}), lambda v: v.a["a"]),
    (lambda x: Slotted(x), lambda v: v.get()),
    (lambda x: Point(Box(x)), lambda v: v.a.a),
    (lambda x: collections.UserDict(a=x), lambda v: v["a"]),
    (lambda x: [Box(x)] * 2, lambda v: v[1].a),
    (fluent, lambda v: v["a"]), (lambda x: fluent(x / 3), lambda v: v.total),
])  # fmt: skip
def test_numbers_of_the_value_are_plain_wherever_they_are(f, get):
    result = trace(f, 0.1)
    assert type(get(result.value)) is float and get(result.value) == 0.1 and not result.note
    assert type(result.value) is type(result.plain)


@pytest.mark.parametrize("f", [
    lambda x: [f"{x}".encode()], lambda x: {f"{x}".encode(): 1}, lambda x: {(f"{x:.2f}", 1): 1},
    lambda x: np.array([f"{x}", "ab"]), lambda x: np.array([f"{x}"], object),
    lambda x: np.array([f"{x}".encode()]),
    lambda x: Box(f"{x:.2e}").a, lambda x: {f"{x}", "a"}, lambda x: b"\xee\x80" + b"%d" % (x > 0),
    lambda x: types.SimpleNamespace(**{f"a{x:.0f}": 1}), lambda x: bytearray(f"{x}".encode()),
])  # fmt: skip
def test_text_of_numbers_is_that_of_a_plain_run(f):
    result, wanted = trace(f, 0.1), f(0.1)
    assert not result.note and type(result.value) is type(wanted)
    assert np.all(result.value == wanted)


@pytest.mark.parametrize("f, name", [
    (lambda x: lambda: x, "<lambda>"), (lambda x: [x, Box(x).__init__], "__init__"),
    (lambda x: [types.MappingProxyType({"a": x})], "mappingproxy"),
    (lambda x: {"a": 1, "b": slice(x)}, "slice"),
    (lambda x: ValueError(x), "ValueError"), (lambda x: [iter([x])], "list_iterator"),
    (lambda x: {"a": x}.items(), "dict_items"),
])  # fmt: skip
def test_what_cannot_be_made_plain_is_told_by_name(f, name):
    note = trace(f, 0.1).note
    assert re.search(f"value holds {name}, in which numbers still have a shadow", note)


class Written(dict):
    def __setitem__(self, key, item):
        super().__setitem__(key, ("written", item))


class Vector(np.ndarray):
    pass


class Tagged(tuple):
    pass


def tagged(x):
    new = Tagged([x])
    new.tag = x / 3
    return new


def test_containers_of_your_own_classes_are_copied_by_no_method_of_theirs():
    for f in (lambda x: Written(a=x), tagged):
        result = trace(f, 0.1)
        assert type(result.value) is type(f(0.1)) and result.value == f(0.1) and not result.note
    assert trace(tagged, 0.1).value.tag == 0.1 / 3
    # Arrays of a class of their own become arrays, which is told.
    assert "another shape" in trace(lambda x: np.array([x]).view(Vector), 0.1).note


def test_classes_that_f_makes_are_known_by_name():
    def f(x):
        pair = collections.namedtuple("Pair", "a b")
        return pair(x, pair(x, 1)), pair

    assert not trace(f, 0.1).note
    other = lambda x: collections.namedtuple("A" if plainly(x) else "B", "a")(x)  # noqa: E731
    assert "another shape" in trace(other, 0.1).note


def test_what_stands_in_for_a_module_or_function_is_given_back():
    value = trace(lambda x: [math, np, math.sin, np.floor, plainly, sys.version_info, x], 0.1).value
    wanted = [math, np, math.sin, np.floor, plainly, sys.version_info]
    assert all(map(operator.is_, value[:-1], wanted))


def test_what_holds_no_shadow_is_not_told():
    result = trace(lambda x: [lambda: 1, math.sin, np, slice(1), ValueError("a"), x], 0.1)
    assert not result.note


def test_differences_are_told_by_place_and_end_in_data_that_contains_itself():
    ours, theirs = {"a": [1, (2.0, math.nan)]}, {"a": [1, (-2.0, math.nan)]}
    ours["self"], theirs["self"] = ours, theirs
    assert list(differences(ours, theirs, lambda x: False)) == [
        Difference("['a'][1][0]", 2.0, -2.0, False)]
    assert hidden(ours) == []
