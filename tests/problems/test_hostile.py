"""Hostile arguments of generators and readers: what they promise, or a refusal by name."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import problems
from lib.problems import (
    cancelling_terms,
    collinear,
    companion,
    frank,
    gaussian_kernel,
    grcar,
    hilbert,
    lauchli,
    poisson2d,
    random_orthogonal,
    random_rotation,
    read_cg_counts,
    read_graph,
    read_image,
    read_matrix,
    read_recorded,
    read_right_hand_side,
    read_strd,
    read_table,
    vandermonde,
    wilkinson,
    wilkinson_plus,
    with_eigenvalues,
    with_singular_values,
)
from tests.hostile import NOT_NUMBERS, answer, edges, exact, steady, vectors

RNG = np.random.default_rng(2)
KERNEL = gaussian_kernel(np.eye(3), 1.0)
SLOTS = {
    "cancelling_terms": [("n", lambda x: cancelling_terms(x, 10.0, RNG)),
                         ("condition", lambda x: cancelling_terms(9, x, RNG)),
                         ("rng", lambda x: cancelling_terms(9, 10.0, x))],
    "collinear": [("m", lambda x: collinear(x, 2, 0.1, RNG)),
                  ("n", lambda x: collinear(3, x, 0.1, RNG)),
                  ("distance", lambda x: collinear(3, 2, x, RNG)),
                  ("rng", lambda x: collinear(3, 2, 0.1, x))],
    "gaussian_kernel": [("X", lambda x: gaussian_kernel(x, 1.0)),
                        ("length", lambda x: gaussian_kernel(np.eye(3), x))],
    "GaussianKernel": [("v", KERNEL), ("chosen", KERNEL.columns)],
    "hilbert": [("n", hilbert)], "wilkinson": [("n", wilkinson)], "poisson2d": [("k", poisson2d)],
    "lauchli": [("n", lambda x: lauchli(x, 0.1)), ("eps", lambda x: lauchli(2, x))],
    "random_orthogonal": [("m", lambda x: random_orthogonal(x, 1, RNG)),
                          ("n", lambda x: random_orthogonal(3, x, RNG)),
                          ("rng", lambda x: random_orthogonal(3, 2, x))],
    "random_rotation": [("m", lambda x: random_rotation(x, RNG)),
                        ("rng", lambda x: random_rotation(3, x))],
    "with_singular_values": [("s", lambda x: with_singular_values(x, RNG)),
                             ("rng", lambda x: with_singular_values([1.0], x))],
    "with_eigenvalues": [("values", lambda x: with_eigenvalues(x, RNG)),
                         ("rng", lambda x: with_eigenvalues([1.0], x))],
    "wilkinson_plus": [("n", wilkinson_plus)], "frank": [("n", frank)],
    "grcar": [("n", grcar), ("k", lambda x: grcar(3, x))],
    "companion": [("coefficients", companion)],
    "vandermonde": [("x", vandermonde)],
    "read_graph": [("graph", read_graph)],
    "read_image": [("image", read_image)], "read_matrix": [("matrix", read_matrix)],
    "read_recorded": [("record", read_recorded)], "read_strd": [("data set", read_strd)],
    "read_table": [("table", read_table)],
    "read_right_hand_side": [("matrix", read_right_hand_side)],
    "read_cg_counts": [("matrix", read_cg_counts)],
}
CALLS = [(name, argument, call) for name, slots in SLOTS.items() for argument, call in slots]


def test_no_function_of_the_door_is_left_out():
    assert set(problems.__all__) == set(SLOTS) | {"Expression", "Graph", "Integral",
                                                 "hamming_expressions", "read_integrals"}


@pytest.mark.parametrize("name, argument, call", CALLS, ids=[f"{n}-{a}" for n, a, _ in CALLS])
def test_what_makes_no_sense_is_refused_by_name(name, argument, call):
    for kind, x in NOT_NUMBERS.items():
        assert answer(lambda x=x: call(x), argument) == [], kind


@pytest.mark.parametrize("argument, call", [one[1:] for one in CALLS if one[1] in ("n", "m", "k")])
def test_sizes_are_whole_and_positive(argument, call):
    for size in (0, -1, 2.5, 3.0, math.nan, math.inf, np.float64(3)):
        assert answer(lambda size=size: call(size), argument) == []


@steady
@given(vectors(max_size=6))
def test_singular_values_are_those_or_refused(s):
    for A in answer(lambda: with_singular_values(s, np.random.default_rng(5)), "s"):
        assert np.isfinite(A).all()
        top = s.max() if s.max() > 0 else 1.0
        error = np.abs(np.linalg.svd(A / top, compute_uv=False) - np.sort(s / top)[::-1]).max()
        assert error <= 10 * len(s) * 2.0**-53 or top < 1e-290


@steady
@given(vectors(max_size=6))
def test_eigenvalues_are_those_or_refused(values):
    for A in answer(lambda: with_eigenvalues(values, np.random.default_rng(5)), "values"):
        assert np.isfinite(A).all() and np.array_equal(A, A.T)
        top = np.abs(values).max()
        if top > 1e-290:
            error = np.abs(np.linalg.eigvalsh(A / top) - np.sort(values / top)).max()
            assert error <= 10 * len(values) * 2.0**-53


@steady
@given(vectors(max_size=6))
def test_a_companion_has_the_polynomial_or_is_refused(c):
    for A in answer(lambda: companion(c), "coefficients"):
        assert np.isfinite(A).all() and A.shape == (len(c) - 1, len(c) - 1)
        with np.errstate(under="ignore"):
            assert np.array_equal(A[0], 0.0 - c[1:] / c[0])


@steady
@given(vectors(max_size=5), st.integers(1, 5))
def test_powers_are_powers_or_refused(x, n):
    for A in answer(lambda: vandermonde(x, n), "x", "n"):
        for node, row in zip(x, A, strict=True):
            for k, power in enumerate(row):
                wanted = exact(node) ** k
                assert abs(exact(power) - wanted) <= abs(wanted) / 2**50 + exact(2.0**-1070)


@pytest.mark.parametrize("x", edges(np.float64))
def test_single_numbers_at_the_ends_of_the_range(x):
    for A in answer(lambda: lauchli(2, x), "eps"):
        assert A.tolist() == [[1, 1], [x, 0], [0, x]]
    for X in answer(lambda: collinear(4, 3, x, np.random.default_rng(5)), "distance"):
        assert np.isfinite(X).all() and np.allclose(X[:, :2].T @ X[:, :2], np.eye(2))
    for terms, total in answer(lambda: cancelling_terms(20, x, np.random.default_rng(5)),
                               "condition"):
        assert total == math.fsum(terms.tolist())
