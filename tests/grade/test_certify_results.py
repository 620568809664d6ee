"""Results are read as plain numbers of the right shape and format, or refused."""

import numpy as np
import pytest

from lib.grade.calls import Verdict
from lib.grade.certify import KINDS
from lib.grade.certify.kinds import Case
from lib.grade.certify.results import (
    array_of,
    largest,
    norm,
    number_of,
    parts_of,
    ratio,
    untorched,
    vector_like,
)


@pytest.fixture
def case():
    kind = KINDS["sum"]
    made = Case(kind, kind.trials[0], [9, 0], "float32")
    made.other = None
    return made


class Rigged(np.ndarray):
    def __array_ufunc__(self, *args, **options):
        return 0.0

    def astype(self, *args, **options):
        return np.zeros(self.shape)


@pytest.mark.parametrize("value, reason", [
    (np.ones(4), "expected (3,)"), (np.ones((3, 1)), "expected (3,)"), (1.0, "3 wanted"),
    (np.ones(3) * 1j, "complex"), (np.array([1.0, np.nan, 1.0]), "returned nan"),
    (np.array([1, 2, 3]), "int64"), (np.array([True] * 3), "floating-point"), ("abc", "str"),
    ((x for x in range(3)), "generator"), (np.asmatrix(np.ones((3, 1))), "np.matrix"),
    (np.ma.masked_array(np.ones(3)), "masked"), ({}, "dict"), ([None] * 3, "list")])
def test_what_is_no_such_array_is_refused_with_its_reason(case, value, reason):
    with pytest.raises(Verdict, match=reason.replace("(", r"\(").replace(")", r"\)")):
        vector_like(value, 3, case)


def test_rigged_arithmetic_is_taken_off(case):
    found = array_of(np.array([1.0, 2.0], np.float32).view(Rigged), (2,), case)
    assert type(found) is np.ndarray and found.tolist() == [1.0, 2.0] and case.other is None


def test_another_format_is_noted_for_arrays_and_not_for_numbers_of_python(case):
    assert array_of(np.float32([1, 2]), None, case).dtype == float and case.other is None
    assert number_of(1.5, case) == 1.5 and number_of(2, case) == 2.0 and case.other is None
    array_of(np.ones(2), None, case)
    assert case.other == np.float64


def test_a_tuple_has_so_many_parts(case):
    assert parts_of((1.0, 2.0), 2, case) == (1.0, 2.0)
    for value in ((1.0,), 1.0, iter([1.0, 2.0]), None):
        with pytest.raises(Verdict, match="not 2 arrays"):
            parts_of(value, 2, case)


def test_sizes():
    assert largest(np.array([])) == 0 and norm(np.array([[3.0], [4.0]])) == 5
    assert (ratio(0.0, 0.0), ratio(1.0, 0.0), ratio(1.0, 2.0)) == (0.0, np.inf, 0.5)


def test_tensors_become_arrays(torch):
    one, two = untorched((torch.ones(2, requires_grad=True), "x"))
    assert type(one) is np.ndarray and two == "x"
