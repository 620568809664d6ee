"""Numbers that count tell the cost of an algorithm as its formula does."""

import copy
import math
from fractions import Fraction

import numpy as np
import pytest

from lib import linear
from lib.numbers import Counted, Tally, count_operations, naive_sum


def random_matrix(n):
    return np.random.default_rng(1948).normal(size=(n, n))


@pytest.mark.parametrize("n", [1, 2, 17])
def test_sums_and_products_cost_what_one_counts_by_hand(n):
    x = np.arange(1.0, n + 1)
    assert count_operations(naive_sum, x) in (n - 1, n)  # it may start from 0
    assert count_operations(lambda x: x * 2.0 - x, x) == 2 * n
    assert count_operations(lambda A, x: A @ x, random_matrix(n), x) == n * (2 * n - 1)


def test_a_factorisation_costs_two_thirds_of_the_cube():
    n = 40
    b = np.ones(n)
    cost = count_operations(lambda A, b: linear.lu(A).solve(b), random_matrix(n), b)
    # The exact count differs from 2/3 n**3 + 2 n**2 by terms of order n**2.
    assert abs(cost - (2 / 3 * n**3 + 2 * n**2)) < n**2


@pytest.mark.parametrize("operation, value", [
    (lambda x: x + 1, 4.0), (lambda x: 1 + x, 4.0), (lambda x: x - 1, 2.0), (lambda x: 1 - x, -2.0),
    (lambda x: x * 2, 6.0), (lambda x: 2 * x, 6.0), (lambda x: x / 2, 1.5), (lambda x: 6 / x, 2.0),
    (lambda x: np.float64(1) + x, 4.0), (lambda x: (x + np.ones(1))[0], 4.0),
    (lambda x: (np.ones(1) - x)[0], -2.0), (lambda x: -abs(x) + 0.0, -3.0),
    (lambda x: x * np.int64(2), 6.0), (lambda x: np.int64(2) * x, 6.0),
    (lambda x: np.float32(6) / x, 2.0), (lambda x: x - np.float32(1), 2.0),
    (lambda x: x + np.True_, 4.0), (lambda x: np.add(x, 1), 4.0), (lambda x: (+x) * 2, 6.0),
    (lambda x: np.asarray(x) * 2, 6.0),
    (lambda x: x + Fraction(1, 2), 3.5)])
def test_every_operation_counts_once_and_its_result_counts_on(operation, value):
    tally = Tally()
    result = operation(Counted(3.0, tally))
    assert result == value and tally.operations == 1
    assert isinstance(result, Counted) and isinstance(result * result, Counted)
    assert tally.operations == 2


def test_what_is_no_float_is_refused_as_floats_refuse_it():
    with pytest.raises(TypeError):
        Counted(1.0, Tally()) + "1"
    assert Counted(0.5, Tally()) + Fraction(1, 2) == 1  # as a float does
    with pytest.raises(TypeError):
        Counted(1.0, Tally()) * 1j


@pytest.mark.parametrize("f, args, count", [
    (lambda x: x.mean(), [np.arange(4.0)], 4),  # three additions and a division
    (lambda x: np.asarray(x) + 1, [[1.0, 2.0]], 2),
    (lambda a, b: np.array([a, b]) * 2, [1.0, 2.0], 2),
    (lambda x: x * 2, [np.array([1, 2, 3])], 3),
    (lambda x: x * 2, [np.array([Fraction(1, 2), 2, 3.0], dtype=object)], 3),
    (lambda x: x / np.sqrt(x @ x), [np.ones(5)], 9 + 5),
    (lambda x: x * np.int64(2), [3.0], 1),
    (lambda x: x[int(np.isfinite(x[0])):] + 1, [np.ones(3)], 2)])
def test_functions_of_numpy_hide_no_operation(f, args, count):
    assert count_operations(f, *args) == count


@pytest.mark.parametrize("method", [
    np.sqrt, np.exp, np.isfinite, np.sign, lambda x: np.copysign(x, -1.0), lambda x: x**2, int,
    lambda x: 2**x, round, lambda x: x // 2, lambda x: f"{x:.3f}", repr, bool, hash, str,
    lambda x: x < 3, lambda x: x <= 3, lambda x: x == 2.5, lambda x: np.float64(2) < x, math.floor,
    lambda x: divmod(7, x), math.sqrt, lambda x: np.array([1.0, 4.0]) < x, lambda x: x.imag,
    lambda x: x.as_integer_ratio(), lambda x: np.maximum(x, 3.0)])
def test_other_functions_take_it_as_the_float_that_it_holds(method):
    tally = Tally()
    assert np.all(method(Counted(2.5, tally)) == method(2.5)) and tally.operations == 0


@pytest.mark.parametrize("x", [1j, np.ones(2) * 1j, [1.0, 1j], np.array([1j, 1], dtype=object)])
def test_complex_numbers_are_refused_since_none_of_them_would_count(x):
    with pytest.raises(TypeError, match="which is complex: operations"):
        count_operations(lambda x: x, x)


def test_two_tallies_do_not_meet_and_a_copy_counts_in_its_own():
    one, two = Tally(), Tally()
    x = copy.deepcopy(one.counting([1.0, 2.0]))
    two.counting([1.0]) + 1
    x + 1
    assert (one.operations, two.operations) == (2, 1)


def test_whole_numbers_are_handed_on_as_sizes_and_lists_are_counted():
    assert count_operations(lambda x, n: [x[0] * 2 for _ in range(n)], [1.5], 3) == 3


def test_compiled_routines_refuse_numbers_that_count():
    with pytest.raises(TypeError):
        count_operations(np.linalg.solve, random_matrix(3), np.ones(3))


@pytest.mark.parametrize("make", [
    lambda: np.ma.masked_array([1.0, 2.0], [0, 1]), lambda: np.matrix([[1.0]])])
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_what_is_no_plain_array_is_refused(make):
    x = make()
    with pytest.raises(TypeError, match="an argument"):
        count_operations(lambda x: x + 1, x)


@pytest.mark.parametrize("x, error, said", [
    (np.ma.masked_array([1.0, 2.0], mask=[0, 1]), TypeError, "x is masked: use"),
    ([1.0, np.ma.masked], TypeError, "x is masked"), ([1 + 2j], TypeError, "which is complex"),
    (np.array([1.0, 2j], object), TypeError, "which is complex"),
    (["1.5"], TypeError, "x is of <U3"),
    ([None], TypeError, "x holds a NoneType"), ([[1.0], [1.0, 2.0]], ValueError, "x is ragged"),
    ([10**400], OverflowError, "x holds a number beyond the range")])
def test_what_would_lose_its_meaning_does_not_count(x, error, said):
    with pytest.raises(error, match=said):
        Tally().counting(x)


def test_numbers_of_every_real_kind_count():
    tally = Tally()
    for x in (2, 2.5, [1, 2.5], np.arange(3), [Fraction(1, 2)], [], np.float32(2.5)):
        assert np.array_equal(np.asarray(tally.counting(x), float), np.asarray(x, float))


def test_a_function_without_a_loop_for_numbers_that_count_is_told():
    with pytest.raises(TypeError, match="numbers that count are no floats; write it with"):
        count_operations(lambda x: np.hypot(x, x), np.ones(2))
    with pytest.raises(AttributeError, match="nothing"):
        count_operations(lambda x: x.nothing, np.ones(2))
