"""A watched matrix multiplies so often, and tells what else it was asked for."""

import copy

import numpy as np
import pytest

from lib import linear
from lib.grade import WatchedMap, WatchedMatrix, only_products
from lib.grade.watched import counted_product

FULL = np.array([[2.0, 1.0], [1.0, 3.0]])
V = np.array([1.0, 2.0])


def watched(most=9):
    return WatchedMatrix(FULL, "A", most)


@pytest.mark.parametrize("multiply", [lambda A: A @ V, lambda A: V @ A, lambda A: A.dot(V),
                                      lambda A: np.dot(A, V), lambda A: np.matmul(A, V),
                                      lambda A: np.matmul(V, A)])
def test_every_way_to_multiply_is_one_product(multiply):
    A = watched(1)
    assert np.array_equal(multiply(A), FULL @ V)
    assert not A.asked
    with pytest.raises(RuntimeError, match="too many products with A: allowed is 1"):
        multiply(A)


@pytest.mark.parametrize("ask", [
    lambda A: np.linalg.solve(A, V), lambda A: np.linalg.inv(A), lambda A: linear.solve(A, V),
    lambda A: A[0, 0], lambda A: A.diagonal(), lambda A: np.trace(A), lambda A: np.exp(A),
    lambda A: A.T, lambda A: np.array(A, float)])
def test_what_asks_for_more_is_told(ask):
    with pytest.raises(TypeError, match=r"A was asked for .*: use A @ v only, no solver"):
        only_products(ask)(watched())


def test_other_failures_stay_as_they_are():
    with pytest.raises(ZeroDivisionError):
        only_products(lambda A: 1 / 0)(watched())
    assert only_products("text") == "text"


def test_a_map_is_called_and_a_copy_begins_anew():
    times = WatchedMap(FULL, "times_A", 1)
    assert np.array_equal(times(V), FULL @ V)
    with pytest.raises(RuntimeError, match="too many products with times_A"):
        times(V)
    assert np.array_equal(copy.deepcopy(times)(V), FULL @ V)
    with pytest.raises(TypeError, match=r"times_A was asked for .*: use times_A\(v\) only"):
        only_products(lambda f: np.linalg.inv(f))(WatchedMap(FULL, "times_A", 1))


@pytest.mark.parametrize("several", [
    np.eye(len(FULL)), np.ones((len(FULL), 1)), V * 1j, np.append(V, 1.0), V * np.nan,
    V.astype(object), 2.0, "text"])
def test_a_product_takes_one_vector_and_counts_what_it_refuses(several):
    ledger = {}
    product = counted_product(FULL, ledger)
    for times in (product, WatchedMap(FULL, "times_A", 9)):
        with pytest.raises(ValueError, match=f"takes one vector of {len(FULL)} finite"):
            times(several)
        assert np.array_equal(times(V), FULL @ V)
    assert ledger[product][1] == 2
