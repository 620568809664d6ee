"""Factors of few bits are those of float16 arithmetic; refinement converges where theory says."""

import warnings

import numpy as np
import pytest

from lib.linear import (
    IllConditionedWarning,
    SingularMatrixError,
    lu,
    mixed_solve,
    rounded_lu,
    solve,
)
from lib.numbers import (
    BF16,
    E2M1,
    E4M3,
    E8M0,
    FP16,
    FP32,
    FP64,
    TF32,
    backward_error,
    condition,
    round_to,
)
from lib.problems import hilbert, with_singular_values
from tests.linear.helpers import random_matrix

U = 2.0**-53
SHORT = (FP16, BF16, TF32, FP32)


def matrix(n, kappa, seed=21):
    """Return a matrix with geometric singular values from 1 down to 1 / kappa."""
    return with_singular_values(np.geomspace(1, 1 / kappa, n), np.random.default_rng(seed))


def quiet(*arguments, **options):
    """Return mixed_solve of the arguments without its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IllConditionedWarning)
        return mixed_solve(*arguments, **options)


# --- factors -------------------------------------------------------------------------------


def eliminated(A):
    """Return the packed factors of a float16 matrix, in float16, and the order of its rows."""
    A, rows = A.copy(), np.arange(len(A))
    for k in range(len(A)):
        p = k + np.argmax(np.abs(A[k:, k]))
        A[[k, p]], rows[[k, p]] = A[[p, k]], rows[[p, k]]
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= A[k + 1 :, k, None] * A[k, k + 1 :]
    return A, rows


def test_every_operation_is_that_of_float16():
    # Columns and rows have their largest between 1/2 and 1, so that only one power is taken off.
    A = np.random.default_rng(22).uniform(-0.99, 0.99, (24, 24))
    A[np.arange(24), np.arange(24)[::-1]] = 0.995
    power = 2.0 ** (FP16.emax // 2)
    packed, rows = eliminated((A * power).astype(np.float16))
    found = rounded_lu(A, FP16)
    assert np.array_equal(found.rows, rows)
    back = np.where(np.tri(24, k=-1, dtype=bool), 1, power)
    assert np.array_equal(found.packed, packed.astype(float) / back)


@pytest.mark.parametrize("fmt", SHORT)
@pytest.mark.parametrize("n", [1, 2, 25])
def test_factors_meet_their_bound(n, fmt):
    A = random_matrix(n, seed=23)
    A *= np.exp2(np.random.default_rng(24).integers(-40, 40, (n, 1)))
    factors = rounded_lu(A, fmt)
    L, R = factors.lower, factors.upper
    gamma = (n + 1) * fmt.u / (1 - (n + 1) * fmt.u)
    error = np.abs(A[factors.rows] - L @ R)
    assert np.all(error <= gamma * (np.abs(A[factors.rows]) + np.abs(L) @ np.abs(R)))
    assert factors.packed.dtype == float and factors.largest == np.max(np.abs(A))
    # The rounding is really there.
    assert n == 1 or np.max(error / (np.abs(L) @ np.abs(R))) > fmt.u / 50


def test_factors_in_fp32_are_those_of_float32():
    A = random_matrix(20, seed=25)
    A /= 2.0 ** np.frexp(np.max(np.abs(A), axis=1))[1][:, None]
    A /= 2.0 ** np.frexp(np.max(np.abs(A), axis=0))[1]
    ours, theirs = rounded_lu(A, FP32), lu(A.astype(np.float32))
    assert np.array_equal(ours.rows, theirs.rows)
    assert np.array_equal(ours.packed, theirs.packed.astype(float))


@pytest.mark.parametrize("fmt", SHORT)
def test_powers_of_two_in_rows_change_no_digit(fmt):
    A, b = random_matrix(15, seed=26), np.random.default_rng(27).standard_normal(15)
    powers = np.random.default_rng(28).integers(-100, 100, 15)
    plain, other = rounded_lu(A, fmt), rounded_lu(np.ldexp(A, powers[:, None]), fmt)
    assert np.array_equal(plain.rows, other.rows)
    assert np.array_equal(other.solve(np.ldexp(b, powers)), plain.solve(b))
    # Nor does one power for all columns.
    assert np.array_equal(rounded_lu(2.0**70 * A, fmt).solve(b), 2.0**-70 * plain.solve(b))


# --- refinement ----------------------------------------------------------------------------


@pytest.mark.parametrize("fmt, kappa", [
    (FP32, 1e1), (FP32, 1e4), (FP32, 1e6), (FP16, 1e1), (FP16, 1e2), (FP16, 1e3), (TF32, 1e3),
    (BF16, 1e1), (BF16, 1e2)])
def test_it_converges_where_kappa_u_is_below_1(fmt, kappa):
    n, history = 40, []
    for seed in (31, 32, 33):
        A = np.rint(matrix(n, kappa, seed) * 2.0**30)
        x = np.random.default_rng(seed).integers(1, 9, n).astype(float)
        found = mixed_solve(A, A @ x, fmt, history=history)  # A @ x is exact
        assert found.converged and found.backward_error <= 10 * n * U
        assert np.max(np.abs(found.x - x)) <= 4 * U * np.max(x)
        assert found.limit == 1 / fmt.u
        # The estimate in the 1-norm, against the condition number in the 2-norm.
        assert kappa / n <= found.kappa <= 3 * n * kappa
        # The factor that a step gains is about kappa u.
        errors = [np.max(np.abs(each - x)) for each in history[:3]]
        assert errors[2] <= 10 * kappa * fmt.u * errors[1]
        assert np.array_equal(history[-1], found.x) and len(history) == found.steps + 1
        assert not history[0].any()
        history.clear()


@pytest.mark.parametrize("fmt, kappa", [
    (FP32, 1e10), (FP16, 1e5), (TF32, 1e6), (BF16, 1e4), (E4M3, 1e3)])
def test_far_beyond_1_over_u_it_says_that_it_does_not_converge(fmt, kappa):
    for seed in (31, 32, 33):
        A = matrix(40, kappa, seed)
        b = A @ np.random.default_rng(seed).standard_normal(40)
        assert backward_error(A, solve(A, b), b) <= 10 * 40 * U  # nothing is wrong with the system
        try:
            found = quiet(A, b, fmt)
        except SingularMatrixError as error:  # on some kernels a pivot is 0: that is told, too
            assert f"a pivot is 0 in {fmt}" in str(error)
        else:
            assert not found.converged and found.kappa > found.limit == 1 / fmt.u
            assert "not converged after" in repr(found)


@pytest.mark.parametrize("fmt, n", [(FP32, 9), (FP16, 6), (BF16, 5)])
def test_the_warning_says_up_to_which_condition_number_it_would(fmt, n):
    A = hilbert(n)
    up_to = rf"factors in {fmt} do not refine .* about 1 / u = {1 / fmt.u:.1g}, and that of A"
    with pytest.warns(IllConditionedWarning, match=up_to.replace("+", r"\+")) as caught:
        mixed_solve(A, A @ np.ones(n), fmt)
    assert caught[0].filename == __file__ and len(caught) == 1
    assert np.max(np.abs(solve(A, A @ np.ones(n)) - 1)) < 1e-3


def test_a_longer_format_takes_fewer_steps():
    A = matrix(30, 30.0)
    b = A @ np.ones(30)
    steps = [quiet(A, b, fmt).steps for fmt in (FP32, FP16, BF16)]
    assert steps[0] < steps[1] < steps[2]
    assert quiet(A, b, FP16).steps == quiet(A, b, TF32).steps  # of the same precision


def test_hilberts_matrix_goes_as_far_as_its_condition_number():
    for n, fmt, converged in ((3, FP16, True), (6, FP16, False), (5, FP32, True),
                              (10, FP32, False)):
        A = hilbert(n)
        assert (condition(A) < 1 / fmt.u) == converged
        assert quiet(A, A @ np.ones(n), fmt).converged == converged


def test_numbers_beyond_the_range_of_float16_are_no_hindrance():
    A = random_matrix(12, seed=34) + 12 * np.eye(12)
    b = A @ np.ones(12)
    for factor in (1e8, 1e-8, 1e200, 1e-200):
        found = mixed_solve(factor * A, factor * b, FP16)
        assert found.converged and np.max(np.abs(found.x - 1)) <= 100 * 12 * U
    A[3] *= 1e9
    assert mixed_solve(A, A @ np.ones(12), FP16).converged
    # One power for all rows would not do: all of the others would become 0.
    assert np.count_nonzero(round_to(A / np.max(np.abs(A)), FP16)) == 12


def test_float32_stays_float32():
    A = random_matrix(20, np.float32, seed=35) + 10 * np.eye(20, dtype=np.float32)
    b = A @ np.ones(20, np.float32)
    found = mixed_solve(A, b, BF16)
    assert found.x.dtype == np.float32 and found.converged
    assert found.backward_error <= 10 * 20 * 2.0**-24


def test_steps_that_are_too_few_are_told():
    A = matrix(20, 100.0)
    b = A @ np.ones(20)
    for steps in (0, 1, 3):
        with pytest.warns(IllConditionedWarning, match=f"in {steps} steps: .* allow more steps"):
            found = mixed_solve(A, b, FP16, steps=steps)
        assert found.steps == steps and not found.converged
    assert mixed_solve(A, b, FP16).converged
    assert repr(mixed_solve(np.eye(2), np.ones(2))).startswith("converged after 1 step: backward")
    assert mixed_solve(A, np.zeros(20)).steps == 0


# --- refusals ------------------------------------------------------------------------------


def test_what_is_singular_in_the_format_alone_is_refused_as_such():
    for fmt, tiny in ((FP16, 2.0**-12), (FP32, 2.0**-30), (BF16, 2.0**-9)):
        A = np.array([[1.0, 1.0], [1.0, 1.0 + tiny]])
        with pytest.raises(SingularMatrixError, match=f"a pivot is 0 in {fmt}: .* longer format"):
            mixed_solve(A, np.ones(2), fmt)
        assert np.array_equal(solve(A, np.ones(2)), [1, 0])
    with pytest.raises(SingularMatrixError, match="a pivot is 0 in fp16"):
        rounded_lu(np.zeros((3, 3)), FP16)


def test_what_is_no_format_of_few_bits_is_refused():
    for fmt in (FP64, E8M0):
        with pytest.raises(ValueError, match=r"factors are computed in formats of 2 to 25 bits; f"):
            rounded_lu(np.eye(2), fmt)
    with pytest.raises(TypeError, match=r"fmt must be a Format, such as .*FP16: got 'fp16'"):
        mixed_solve(np.eye(2), np.ones(2), "fp16")
    with pytest.raises(TypeError, match="A holds objects: factors in a format need float32"):
        rounded_lu(np.eye(2).astype(object), FP16)
    with pytest.raises(ValueError, match="one solution at a time"):
        mixed_solve(np.eye(2), np.eye(2))


def test_growth_beyond_the_range_of_the_format_raises():
    # Growth of 2**(n - 1), the largest that partial pivoting allows.
    A = np.tril(-np.ones((12, 12)), -1) + np.eye(12)
    A[:, -1] = 1
    for fmt in (FP16, E4M3):
        with pytest.raises(OverflowError, match=f"a factor of A left the range of {fmt}: take"):
            mixed_solve(A, np.ones(12), fmt)
    assert mixed_solve(A, np.ones(12), FP32).converged
    assert not quiet(A, np.ones(12), E2M1).converged  # it saturates, and the result tells
