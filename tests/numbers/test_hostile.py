"""Every function of the room refuses what is no array of its numbers, and reads every layout alike.

What the functions answer to hostile numbers is held against mathematics in the test of each module.
"""

import importlib
import inspect
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import numbers
from lib.numbers import (
    BF16,
    FP16,
    MXFP4_E2M1,
    NVFP4,
    absolute_error,
    aligned_dot,
    appendable,
    backward_error,
    bits,
    block_scales,
    compensated_dot,
    compensated_sum,
    condition,
    count_operations,
    cross_entropy,
    exact_distance,
    exact_parts,
    exact_sum,
    format_of,
    kahan_sum,
    least_squares_backward_error,
    log1mexp,
    log_relative_error,
    log_softmax,
    logsumexp,
    naive_sum,
    orthogonality_loss,
    pairwise_sum,
    peak_memory,
    plain_array,
    quadratic_roots,
    random_source,
    real_array,
    real_number,
    refuse_mixed,
    relative_error,
    residual,
    round_blocks,
    round_to,
    running_moments,
    sample_std,
    simulated_dot,
    simulated_matmul,
    softmax,
    time_ratio,
    truth_value,
    two_prod,
    two_sum,
    ulp,
    ulps_apart,
    unit_roundoff,
    values,
    welford,
    whole_number,
)
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, same, steady

A, V, W = np.array([[1.0, 0.5], [0.25, 2.0]]), np.array([1.0, 3.0]), np.array([4.0, 0.5])
COMPLEX = np.array([1j, 2], dtype=object)
# Each function with each of its arguments in turn: the call, what messages call the argument, and
# an ordinary value.
CALLS = [
    (absolute_error, lambda x: absolute_error(x, V), "x", V),
    (absolute_error, lambda c: absolute_error(V, c), "c", W),
    (relative_error, lambda x: relative_error(x, V), "x", W),
    (relative_error, lambda c: relative_error(V, c), "c", W),
    (log_relative_error, lambda x: log_relative_error(x, V), "x", W),
    (log_relative_error, lambda c: log_relative_error(V, c), "c", W),
    (ulps_apart, lambda x: ulps_apart(x, V), "x", W),
    (ulps_apart, lambda y: ulps_apart(V, y), "y", W),
    (residual, lambda a: residual(a, V, W), "A", A),
    (residual, lambda x: residual(A, x, W), "x", V),
    (residual, lambda b: residual(A, V, b), "b", W),
    (backward_error, lambda a: backward_error(a, V, W), "A", A),
    (backward_error, lambda x: backward_error(A, x, W), "x", V),
    (backward_error, lambda b: backward_error(A, V, b), "b", W),
    (least_squares_backward_error, lambda a: least_squares_backward_error(a, V, W), "A", A),
    (least_squares_backward_error, lambda x: least_squares_backward_error(A, x, W), "x", V),
    (least_squares_backward_error, lambda b: least_squares_backward_error(A, V, b), "b", W),
    (orthogonality_loss, orthogonality_loss, "Q", A),
    (condition, condition, "A", A),
    (logsumexp, logsumexp, "x", V),
    (logsumexp, lambda x: logsumexp(x, axis=0), "x", V),
    (softmax, softmax, "x", V),
    (log_softmax, log_softmax, "x", V),
    (cross_entropy, lambda x: cross_entropy(x, 1), "logits", V),
    (cross_entropy, lambda x: cross_entropy(A, x), "labels?", np.array([0, 1])),
    (log1mexp, log1mexp, "a", V),
    (quadratic_roots, lambda a: quadratic_roots(a, 1.0, 1.0), "a", None),
    (quadratic_roots, lambda b: quadratic_roots(1.0, b, 1.0), "b", None),
    (quadratic_roots, lambda c: quadratic_roots(1.0, 1.0, c), "c", None),
    (sample_std, sample_std, "x", V),
    (naive_sum, naive_sum, "x", V),
    (pairwise_sum, pairwise_sum, "x", V),
    (kahan_sum, kahan_sum, "x", V),
    (compensated_sum, compensated_sum, "x", V),
    (exact_sum, exact_sum, "x", V),
    (compensated_dot, lambda x: compensated_dot(x, V), "x", W),
    (compensated_dot, lambda y: compensated_dot(V, y), "y", W),
    (running_moments, lambda x: [*vars(running_moments(x)).values()], "x", V),
    (welford, lambda x: [*welford(x)], "x", V),
    (two_sum, lambda a: two_sum(a, V), "a", W),
    (two_sum, lambda b: two_sum(V, b), "b", W),
    (two_prod, lambda a: two_prod(a, V), "a", W),
    (two_prod, lambda b: two_prod(V, b), "b", W),
    (round_to, lambda x: round_to(x, FP16), "x", V),
    (round_blocks, lambda x: round_blocks(x, MXFP4_E2M1), "x", V),
    (round_blocks, lambda x: round_blocks(x, NVFP4), "x", A),
    (block_scales, lambda x: block_scales(x, NVFP4), "x", A),
    (simulated_dot, lambda x: simulated_dot(x, V, FP16), "x", W),
    (simulated_dot, lambda y: simulated_dot(V, y, FP16), "y", W),
    (simulated_matmul, lambda a: simulated_matmul(a, A, BF16), "A", A),
    (simulated_matmul, lambda b: simulated_matmul(A, b, BF16, block=1), "B", A),
    (aligned_dot, lambda x: aligned_dot(x, V), "x", W),
    (aligned_dot, lambda y: aligned_dot(V, y), "y", W),
    (ulp, ulp, "x", V),
    (bits, lambda x: bits(x, FP16), "x", None),
    (plain_array, lambda x: plain_array(x, "x"), "x", V),
    (real_array, lambda x: real_array(x, "x"), "x", V),
    (real_number, lambda x: real_number(x, "x"), "x", None),
]
# What these functions do read: sums of objects and of complex numbers, errors of complex numbers.
READ = {(f, kind) for f in (absolute_error, relative_error, log_relative_error, two_sum,
                            plain_array) for kind in ("complex", "complex matrix")}
# count_operations hands its arrays on to another function (tests/numbers/test_counted.py); exact
# parts and distances are of single numbers (tests/numbers/test_exact.py); costs are those of calls.
NO_ARRAYS = {values, format_of, unit_roundoff, whole_number, truth_value, refuse_mixed,
             random_source, appendable, count_operations, exact_distance, exact_parts, time_ratio,
             peak_memory}


def test_every_function_of_the_room_is_tried():
    public = {f for f in vars(numbers).values() if inspect.isfunction(f)}
    assert {f for f, *_ in CALLS} | NO_ARRAYS == public


@pytest.mark.parametrize("kind", NOT_NUMBERS)
def test_what_is_no_array_of_numbers_is_refused_with_a_remedy(kind):
    for f, call, name, _ in CALLS:
        if (f, kind) not in READ:
            assert not answer(lambda call=call: call(NOT_NUMBERS[kind]), name), (f, name)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_layout_in_memory_gives_the_same(layout, dtype):
    for f, call, name, x in CALLS:
        if x is None or (dtype == np.float32 and f in (ulps_apart, compensated_dot)):
            continue
        x = x.astype(dtype) if x.dtype.kind == "f" else x
        for a, b in zip(np.atleast_1d(call(x)), np.atleast_1d(call(LAYOUTS[layout](x))),
                        strict=True):
            assert same(a, b), (f, name)


@pytest.mark.parametrize("shape", [(), (0,), (0, 2), (2, 0), (1, 1, 1)])
def test_odd_shapes_are_answered_or_refused_with_a_remedy(shape):
    for f, call, name, _ in CALLS:
        for x in (np.zeros(shape), np.zeros(shape, np.float32), np.zeros(shape, int),
                  np.full(shape, np.nan), np.zeros(shape, np.longdouble), np.zeros(shape, object)):
            result = answer(lambda call=call, x=x: call(x), name, "axis", "label", "dtype")
            assert not result or result[0] is not None, (f, name)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool])
def test_integers_are_refused_where_rounding_is_the_subject(dtype):
    x = np.array([1, 0], dtype=dtype)
    for f, call, name, _ in CALLS:
        if f in (naive_sum, pairwise_sum, kahan_sum, compensated_sum, exact_sum, running_moments,
                 sample_std, logsumexp, softmax, log_softmax, log1mexp, ulps_apart):
            assert not answer(lambda call=call: call(x), name), (f, name)
    for f in (two_sum, two_prod):
        assert not answer(lambda f=f: f(x, x), "a")


@pytest.mark.parametrize("call", [
    lambda: softmax(A, axis=2), lambda: softmax(A, axis=-3), lambda: softmax(A, axis=(0, 1)),
    lambda: softmax(A, axis=0.0), lambda: softmax(A, axis=None), lambda: softmax(1.0),
    lambda: log_softmax(A, axis="0"), lambda: logsumexp(A, axis=2), lambda: logsumexp(A, axis=[0])])
def test_an_axis_is_one_integer_in_range(call):
    assert not answer(call, "axis")


@pytest.mark.parametrize("axis", [(0, 1), None, [0], 1.0])
def test_what_is_no_single_axis_is_told_how_to_become_one(axis):
    with pytest.raises(TypeError, match=r"axis = .* is not one integer: name one axis, or flatten"):
        softmax(A, axis=axis)


@pytest.mark.parametrize("call, names", [
    (lambda: absolute_error(np.ones(2), np.ones(3)), ("x",)),
    (lambda: relative_error(np.ones((2, 2)), np.ones(3)), ("x",)),
    (lambda: log_relative_error(np.ones(2), np.ones(3)), ("x",)),
    (lambda: ulps_apart(np.ones(2), np.ones(3)), ("x",)),
    (lambda: two_sum(np.ones(2), np.ones(3)), ("a",)),
    (lambda: two_prod(np.ones(2), np.ones(3)), ("a",)),
    (lambda: compensated_dot(np.ones(2), np.ones(3)), ("x",)),
    (lambda: log_relative_error(1.0, 1.0, cap="15"), ("cap",)),
    (lambda: log_relative_error(1.0, 1.0, cap=-1), ("cap",)),
    (lambda: log_relative_error(1.0, 1.0, cap=np.nan), ("cap",)),
    (lambda: condition(A, 3), ("p",)), (lambda: condition(A, "nuc"), ("p",)),
    (lambda: condition(A, [2]), ("p",)), (lambda: condition(np.ones((3, 2)), 1), ("A",)),
    (lambda: round_to(0.1, FP16, mode=["up"]), ("mode",)),
    (lambda: round_to(0.1, FP16, mode=None), ("mode",)),
    (lambda: round_to(0.1, FP16, "stochastic", rng=7), ("rng",)),
    (lambda: round_to(0.1, FP16, "stochastic", rng=random.Random(7)), ("rng",)),
    (lambda: quadratic_roots(1, 2, 1), ("a",)), (lambda: quadratic_roots(1.0, 1j, 1.0), ("b",)),
    (lambda: quadratic_roots(1.0, 1.0, V), ("c",)), (lambda: naive_sum(COMPLEX), ("x",)),
    (lambda: pairwise_sum(COMPLEX), ("x",)), (lambda: kahan_sum(COMPLEX), ("x",)),
    (lambda: compensated_sum(COMPLEX), ("x",)), (lambda: running_moments(COMPLEX), ("x",)),
    (lambda: format_of("no such"), ("dtype",)), (lambda: format_of(np.complex64), ("complex64",)),
    (lambda: round_blocks(V, "nvfp4"), ("scheme",)), (lambda: round_blocks(V, NVFP4, 7), ("mode",)),
    (lambda: round_blocks(V, NVFP4, rule=None), ("rule",)),
    (lambda: round_blocks(V, NVFP4, "stochastic", 7), ("rng",)),
    (lambda: simulated_dot(V, V, float), ("fmt",)), (lambda: simulated_dot(V, V, FP16, 8), (
        "products",)), (lambda: simulated_dot(V, V, FP16, block=0.5), ("block",)),
    (lambda: simulated_dot(V, V, FP16, outer=None), ("outer",)),
    (lambda: simulated_dot(V, V, FP16, mode="odd"), ("mode",)),
    (lambda: aligned_dot(V, V, 1), ("bits",)), (lambda: aligned_dot(V, V, group=0), ("group",)),
    (lambda: aligned_dot(V, V, promote=2.0), ("promote",)),
    (lambda: quadratic_roots(V, V, V), ("a",)), (lambda: cross_entropy(1.0, 0), ("labels",))])
def test_other_arguments_are_refused_by_name(call, names):
    assert not answer(call, *names)


def drawn():
    """Return what a test of any float is given."""
    seen = []

    @steady
    @given(st.floats(allow_nan=False))
    def record(x):
        seen.append(x)

    record()
    return seen


def test_the_inputs_do_not_hang_on_the_modules_that_are_loaded(tmp_path, monkeypatch):
    before = drawn()
    (tmp_path / "figures_of_mine.py").write_text("FIGURES = [123456.789, 987654.321, 4.25e17]\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("figures_of_mine")
    assert drawn() == before


@pytest.mark.parametrize("add", [
    lambda: two_sum(Fraction(1, 3), 0.1), lambda: two_sum(np.ones(2), Fraction(1, 3)),
    lambda: compensated_sum(np.array([Fraction(1, 3), -0.3333333333333333], object))])
def test_a_fraction_beside_a_float_is_refused(add):
    with pytest.raises(ValueError, match="convert a and b to fractions"):
        add()
    assert two_sum(Fraction(1, 3), Fraction(1, 6)) == (Fraction(1, 2), 0)
