"""A change inside an argument is seen, and no argument makes the comparison raise."""

import copy
from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from lib.grade import check_accuracy
from lib.grade.changes import changed


@dataclass
class Record:
    values: object


def replaces(place, part):
    """Return a function that writes part at a place of its argument."""
    def f(x):
        x[place] = part
        return 1.0
    return f


def deletes(record):
    del record.values
    return 1.0


def itself():
    """Return a list that contains itself."""
    x = [1.0]
    x.append(x)
    return x


RECORDS = np.array([(1.0, Fraction(1, 3))], dtype=[("a", float), ("b", object)])


@pytest.mark.parametrize("f, argument", [
    (replaces(0, 0), [[1.0, 2.0], [3.0, 4.0]]), (replaces(0, None), [[1.0, 2.0]]),
    (replaces(0, 5), [np.ones(2)]), (replaces("a", 5), {"a": [1.0]}), (deletes, Record([1.0])),
    (replaces("a", [2.0]), {"a": [1.0]}), (replaces("b", 1.0), {"a": 1.0}),
    (replaces(0, np.ones(2)), [1.0, 2.0]), (replaces(0, True), [1]), (replaces(1, None), itself()),
    (replaces((), 5), np.array([1.0], dtype=object).reshape(())),
    (replaces(0, np.zeros(2)), deque([np.ones(2)])), (replaces("b", Fraction(2)), RECORDS)])
def test_a_replaced_part_is_a_change(f, argument):
    (case,) = check_accuracy(f, lambda x: 1, {"case": (argument,)}, ulps=1).cases
    assert (case.verdict, case.reason) == ("wrong", "changed its argument: work on a copy")


class Mute:
    """A class that does not compare."""

    def __eq__(self, other):
        raise SystemExit

    __hash__ = None


@pytest.mark.parametrize("argument", [
    np.array(Fraction(1, 3), dtype=object), Record, Record(np.ones(2)), itself(), np.ma.masked,
    np.ma.masked_array([1.0, 2.0], mask=[0, 1]), RECORDS, {np.nan: [np.nan]}, deque([np.ones(2)]),
    np.array([[None, 1]], dtype=object), [Mute()], iter([1.0]), {1.0, 2.0}, abs, object()])
def test_what_is_only_looked_at_is_unchanged(argument):
    assert check_accuracy(lambda x: 1.0, lambda x: 1, {"case": (argument,)}, ulps=1).passed
    assert not changed(copy.deepcopy(argument), argument)


def test_a_part_that_occurs_twice_is_compared_with_each_of_its_partners():
    inner = [1.0]
    assert changed([[1.0], [2.0]], [inner, inner]) and not changed([inner, inner], [[1.0], [1.0]])
