"""One eigenpair, at the rate of the theory, and never claimed where there is none."""

import itertools

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from lib.linear import (
    DominantEigenpair,
    Eigenpair,
    inverse_iteration,
    power_iteration,
    rayleigh_quotient_iteration,
)
from lib.problems import companion, poisson2d, random_orthogonal, with_eigenvalues
from tests.linear.helpers import DTYPES, norm, rng, roundoff, symmetric

U = 2.0**-53
FLIP = np.array([[0.0, 1.0], [1.0, 0.0]])


def sine(u, v):
    """Return the sine of the angle between two vectors of length 1, without cancellation."""
    return np.linalg.norm(v - u * (u @ v))


# Power iteration.


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("largest", [3.0, -3.0])
def test_power_iteration_finds_the_largest_in_size_with_its_sign(largest, dtype):
    A = with_eigenvalues([largest, 2.0, -1.5, 1.0, 0.0], rng(1)).astype(dtype)
    found = power_iteration(A)
    root = np.sqrt(2 * roundoff(dtype))
    assert found.converged and found.vector.dtype == dtype and isinstance(found.value, float)
    assert found.residual <= root * abs(found.value)
    # Kato and Temple: the error of the value is the square of the residual over the gap, here 1.
    rounding = 20 * 5 * roundoff(dtype) * 3
    assert abs(found.value - largest) <= found.residual**2 + rounding
    value, vector = found
    assert value == found.value and abs(np.linalg.norm(vector) - 1) <= 8 * roundoff(dtype)
    true = np.linalg.norm(A.astype(float) @ vector - value * vector)
    assert abs(found.residual - true) <= rounding


def test_the_tangent_shrinks_by_the_ratio_and_the_value_by_its_square():
    ratio, n = 0.9, 12
    Q = random_orthogonal(n, n, rng(2))
    values = np.append([1.0, ratio], rng(3).uniform(-0.8, 0.8, n - 2))
    A = Q * values @ Q.T
    A, start = (A + A.T) / 2, rng(4).standard_normal(n)
    history = []
    found = power_iteration(A, start, tol=0.0, maxiter=60, history=history)
    tangent = sine(Q[:, 0], start / np.linalg.norm(start)) / abs(
        Q[:, 0] @ start / np.linalg.norm(start))
    angle = sine(Q[:, 0], found.vector) / abs(Q[:, 0] @ found.vector)
    assert angle <= tangent * ratio**60 * (1 + 1e-9)
    errors = [1 - value for value, _ in history]
    residuals = [residual for _, residual in history]
    assert (errors[60] / errors[40]) ** (1 / 20) == pytest.approx(ratio**2, rel=0.01, abs=0)
    assert (residuals[60] / residuals[40]) ** (1 / 20) == pytest.approx(ratio, rel=0.01, abs=0)
    assert not found.converged and found.iterations == 60 and len(history) == 61


def test_for_a_matrix_that_is_not_symmetric_the_value_is_no_better_than_the_vector():
    history = []
    power_iteration(np.array([[1.0, 5.0], [0.0, 0.9]]), [1.0, 1.0], tol=0.0, maxiter=80,
                    history=history)
    errors = [abs(value - 1) for value, _ in history]
    assert (errors[70] / errors[50]) ** (1 / 20) == pytest.approx(0.9, rel=0.01, abs=0)


@pytest.mark.parametrize("values", [[1.0, 0.5, 0.3], [-4.0, 3.0, 1.0], [1.0, -0.9, 0.2]])
def test_the_gap_is_estimated_from_how_fast_the_residual_falls(values):
    found = power_iteration(with_eigenvalues(values, rng(5)), rng(6).standard_normal(3))
    gap = abs(values[0]) - abs(values[1])
    assert found.gap == pytest.approx(gap, rel=0.05, abs=0)


@pytest.mark.parametrize("seed", range(10, 20))
def test_residual_over_gap_tells_the_error_of_the_vector(seed):
    values = np.append([2.0, 1.8], rng(seed).uniform(0, 1.5, 6))
    A = with_eigenvalues(values, rng(seed + 1))
    found = power_iteration(A, rng(seed + 2).standard_normal(8), tol=1e-6)
    error = sine(np.linalg.eigh(A)[1][:, -1], found.vector)
    assert error <= 1.2 * found.residual / found.gap  # the gap is an estimate


@pytest.mark.parametrize("A", [np.diag([1.0, -1.0]), FLIP, np.array([[0.0, -1.0], [1.0, 0.0]]),
                               np.diag([2.0, -2.0, 1.0])])
def test_two_of_one_size_are_said_not_to_converge(A):
    for start in (None, np.arange(1.0, len(A) + 1)):
        found = power_iteration(A, start, maxiter=300)
        assert not found.converged and found.iterations == 300
        assert found.residual > 0.1 and found.gap <= 0.01 * norm(A)
        assert repr(found).startswith("not converged after 300 steps")


def test_on_a_path_of_three_it_swings_for_ever_and_a_shift_ends_that():
    A = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    assert not power_iteration(A, np.ones(3)).converged
    shifted = power_iteration(lambda v: A @ v + v, np.ones(3))
    assert shifted.converged and abs(shifted.value - 1 - np.sqrt(2)) <= 1e-14


def test_the_same_products_give_the_same_pair():
    A = poisson2d(6)
    dense = A.toarray()
    found = power_iteration(dense, maxiter=3000)
    operator = scipy.sparse.linalg.aslinearoperator(A)
    for other in (A, A.tocsc(), operator, lambda v: A @ v, lambda v: (A @ v).tolist()):
        start = np.cos(np.arange(36.0) ** 2)
        same = power_iteration(other, start, maxiter=3000)
        assert same.converged
        assert abs(same.value - found.value) <= 100 * 36 * U * found.value
    whole = power_iteration(np.array([[2, 1], [1, 2]]))
    assert whole.vector.dtype == np.float64 and abs(whole.value - 3) <= 1e-14


def test_products_are_counted_one_a_step():
    count = itertools.count()

    def product(v):
        next(count)
        return np.array([2.0, 1.0]) * v

    found = power_iteration(product, np.ones(2))
    assert next(count) == found.iterations + 1


def test_an_eigenvector_at_the_start_is_told_at_once():
    found = power_iteration(np.diag([1.0, 5.0]), [1.0, 0.0])
    assert found.converged and (found.value, found.iterations) == (1, 0) and np.isnan(found.gap)
    zero = power_iteration(np.zeros((3, 3)))
    assert zero.converged and zero.value == 0
    assert repr(found) == "eigenvalue 1 after 0 steps"


@pytest.mark.parametrize("scale", [2.0**-900, 2.0**900])
def test_neither_end_of_the_range_matters_before_products_reach_it(scale):
    A = with_eigenvalues([3.0, 1.0, -0.5], rng(8))
    wanted, found = power_iteration(A), power_iteration(A * scale)
    assert found.value == wanted.value * scale and found.iterations == wanted.iterations
    assert np.array_equal(found.vector, wanted.vector)
    with pytest.raises(OverflowError, match="left the range of float64: scale"):
        power_iteration(np.full((4, 4), 1e308))


def test_a_function_may_not_change_the_vector_and_must_return_a_product():
    def doubled(v):
        v *= 2
        return v

    with pytest.raises(ValueError, match="read-only"):
        power_iteration(doubled, np.ones(2))
    with pytest.raises(ValueError, match=r"A\(v\) has shape \(3,\) for v of shape \(2,\): return"):
        power_iteration(lambda v: np.ones(3), np.ones(2))
    with pytest.raises(TypeError, match=r"A\(v\) is of float32 for v of float64: convert one"):
        power_iteration(lambda v: v.astype(np.float32), np.ones(2))
    with pytest.raises(TypeError, match=r"A\(v\) is complex"):
        power_iteration(lambda v: v + 1j, np.ones(2))
    with pytest.raises(OverflowError, match=r"A\(v\) left the range"):
        power_iteration(lambda v: v * np.inf, np.ones(2))
    with pytest.raises(TypeError, match="A is a function, which does not tell its size: give st"):
        power_iteration(lambda v: v)


def test_a_function_may_return_the_same_array_every_time():
    buffer, A = np.zeros(5), with_eigenvalues([3.0, 2.0, 1.0, -1.0, 0.5], rng(9))
    found = power_iteration(lambda v: np.matmul(A, v, out=buffer), np.ones(5))
    assert np.array_equal(found.vector, power_iteration(A, np.ones(5)).vector)


@pytest.mark.parametrize("arguments, error, said", [
    ({"start": np.zeros(2)}, ValueError, "start is zero, and so is each product"),
    ({"start": np.ones(3)}, ValueError, r"start has length 3, but A has shape \(2, 2\): give"),
    ({"start": np.ones(2, np.float32)}, TypeError, "A is of float64, start of float32: convert"),
    ({"start": np.ones((2, 1))}, ValueError, r"start has shape \(2, 1\), but a vector"),
    ({"tol": -1.0}, ValueError, "tol = -1.0: a residual is to fall below it"),
    ({"tol": np.nan}, ValueError, "tol = nan"),
    ({"maxiter": 0}, ValueError, "maxiter = 0: it must be at least 1"),
    ({"maxiter": 1.5}, TypeError, "maxiter = 1.5 is not an integer"),
    ({"history": ()}, TypeError, "history is a tuple: give a list"),
])
def test_options_out_of_range_are_refused(arguments, error, said):
    for method in (power_iteration, rayleigh_quotient_iteration,
                   lambda A, **given: inverse_iteration(A, 0.5, **given)):
        with pytest.raises(error, match=said):
            method(np.eye(2), **arguments)


def test_only_square_matrices_have_eigenvalues():
    for method in (power_iteration, rayleigh_quotient_iteration,
                   lambda A: inverse_iteration(A, 0.5)):
        with pytest.raises(ValueError, match=r"A has shape \(2, 3\), but only a square matrix"):
            method(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"A has shape \(2, 3\), but only a square matrix"):
        power_iteration(scipy.sparse.csr_array(np.ones((2, 3))))


def test_results_are_frozen_and_the_list_keeps_what_it_had():
    found, history = power_iteration(np.diag([2.0, 1.0])), ["before"]
    assert isinstance(found, DominantEigenpair) and isinstance(found, Eigenpair)
    with pytest.raises(AttributeError):
        found.value = 1.0
    again = power_iteration(np.diag([2.0, 1.0]), history=history)
    assert history[0] == "before" and len(history) == found.iterations + 2
    assert again.gap == found.gap and history[-1] == (found.value, found.residual)


# Inverse iteration.


@pytest.mark.parametrize("dtype", DTYPES)
def test_inverse_iteration_finds_the_nearest_at_the_rate_of_the_distances(dtype):
    values = np.arange(1.0, 21)
    A, history = with_eigenvalues(values, rng(22)).astype(dtype), []
    limit = 10 * 20 * roundoff(dtype) * np.linalg.norm(values)
    found = inverse_iteration(A, 7.3, rng(23).standard_normal(20).astype(dtype), history=history)
    assert found.converged and found.residual <= limit * 1.01
    assert abs(found.value - 7) <= 2 * limit and found.vector.dtype == dtype
    residuals = np.array([residual for _, residual in history])
    steps = slice(6, 16) if dtype is np.float64 else slice(5, 10)
    rates = residuals[1:][steps] / residuals[:-1][steps]
    assert np.exp(np.mean(np.log(rates))) == pytest.approx(0.3 / 0.7, rel=0.1, abs=0)


@pytest.mark.parametrize("seed", range(30, 40))
def test_a_shift_that_is_an_eigenvalue_needs_one_step(seed):
    # Peters & Wilkinson 1979: the error of the solution is huge, and lies along the vector.
    values = np.arange(1.0, 21)
    A = with_eigenvalues(values, rng(seed))
    found = inverse_iteration(A, 7.0, rng(seed + 1).standard_normal(20))
    assert found.iterations == 1 and abs(found.value - 7) <= 10 * 20 * U * 20
    assert inverse_iteration(A, 7.3, rng(seed + 1).standard_normal(20)).iterations > 20


@pytest.mark.parametrize("shift, A", [
    (2, np.diag([1.0, 2.0, 5.0])), (0, np.ones((4, 4))), (4, np.ones((4, 4))),
    (2, FLIP + np.eye(2)), (0, np.zeros((3, 3))),
    (2, 2 * np.eye(3) + np.eye(3, k=1) + np.eye(3, k=-1)),
    # Where the moved shift is another eigenvalue, and where a pivot is not zero, but almost.
    (0, np.diag([0.0, 4 * 2.0**-52, 1.0])), (0, np.diag([0.0, 5e-324, 1.0]))])
def test_a_pivot_of_exactly_zero_moves_the_shift(shift, A):
    found = inverse_iteration(A, shift, np.arange(1.0, len(A) + 1))
    assert found.converged and found.iterations <= 1
    assert abs(found.value - shift) <= 40 * U * max(norm(A), 1)


def test_inverse_iteration_finds_real_values_of_a_matrix_that_is_not_symmetric():
    A = companion(np.poly([1.0, 2.0, 4.0]))
    for root in (1.0, 2.0, 4.0):
        found = inverse_iteration(A, root + 0.1)
        # The condition of these roots is below 100.
        assert found.converged and abs(found.value - root) <= 100 * 10 * 3 * U * norm(A)
    turning = np.array([[0.0, -1.0], [1.0, 0.0]])
    assert not inverse_iteration(turning, 0.5).converged


def test_a_shift_in_the_middle_is_said_not_to_converge():
    found = inverse_iteration(np.diag([1.0, 3.0]), 2.0)
    assert not found.converged and found.iterations == 100


def test_solutions_that_overflow_move_the_shift_further():
    # The inverse of a Jordan block of size 40, 1e-15 from its eigenvalue, has a norm of 1e600.
    A = np.eye(40, k=1) + 0.1 * np.eye(40)
    found = inverse_iteration(A, 0.1)
    assert found.converged and abs(found.value - 0.1) < 1e-2


@pytest.mark.parametrize("exponent", [-1070, -600, 600, 1015])
def test_solutions_do_not_notice_the_scale(exponent):
    A = np.array([[2.0, 1, 0], [1, 3, 1], [0, 1, -4]])
    for method in (lambda A, scale: inverse_iteration(A, np.ldexp(3.0, scale)),
                   lambda A, scale: rayleigh_quotient_iteration(A)):
        wanted, found = method(A, 0), method(np.ldexp(A, exponent), exponent)
        assert found.value == np.ldexp(wanted.value, exponent)
        assert np.array_equal(found.vector, wanted.vector)


def test_a_shift_out_of_range_is_refused():
    for shift in (np.nan, np.inf):
        with pytest.raises(ValueError, match=f"shift = {shift} is not finite, or far beyond"):
            inverse_iteration(np.eye(2), shift)
    with pytest.raises(ValueError, match=r"shift = 1e\+300 is not finite, or far beyond"):
        inverse_iteration(np.eye(2, dtype=np.float32), 1e300)
    far = inverse_iteration(np.diag([1.0, 2.0]), 1e300)
    assert not far.converged


def test_eigenvalues_beyond_the_range_are_told():
    A, near = np.full((2, 2), 1e308), [1.0, 1.1]
    for call in (lambda: rayleigh_quotient_iteration(A, near),
                 lambda: inverse_iteration(A, 1.7e308, near)):
        with pytest.raises(OverflowError, match="an eigenvalue of A left the range of float64"):
            call()


# Rayleigh quotient iteration.


def test_the_residual_is_cubed_a_step():
    orders = []
    for seed in range(50, 70):
        A = with_eigenvalues(np.arange(1.0, 21), rng(seed))
        history = []
        found = rayleigh_quotient_iteration(A, rng(seed + 1).standard_normal(20), history=history)
        assert found.converged and np.abs(np.arange(1.0, 21) - found.value).min() <= 200 * U * 20
        near = [residual for _, residual in history if 1e-13 < residual < 0.1]
        orders += [np.log(b) / np.log(a) for a, b in itertools.pairwise(near)]
    assert len(orders) >= 10 and np.median(orders) > 2.6 and min(orders) > 2


def test_an_error_of_a_thousandth_is_gone_after_two_steps():
    A = with_eigenvalues(np.arange(1.0, 21), rng(71))
    vectors = np.linalg.eigh(A)[1]
    for k in range(20):
        start = vectors[:, k] + 1e-3 * vectors[:, (k + 3) % 20]
        found = rayleigh_quotient_iteration(A, start)
        assert found.iterations <= 2 and abs(found.value - (k + 1)) <= 200 * U * 20


def test_which_value_it_finds_is_for_the_start_to_decide():
    A = with_eigenvalues(np.arange(1.0, 21), rng(72))
    reached = {round(rayleigh_quotient_iteration(A, rng(seed).standard_normal(20)).value)
               for seed in range(100, 130)}
    assert len(reached) > 3


def test_the_cycle_of_two_is_said_not_to_converge():
    # Rayleigh's quotient is 0 in both unit vectors, and a solution with A exchanges them.
    found = rayleigh_quotient_iteration(FLIP, [1.0, 0.0])
    assert not found.converged and found.value == 0 and found.residual == 1
    assert rayleigh_quotient_iteration(FLIP, [1.0, 0.1]).converged


def test_it_asks_for_symmetry():
    with pytest.raises(ValueError, match="the matrix must be symmetric"):
        rayleigh_quotient_iteration(np.array([[1.0, 2.0], [0.0, 1.0]]))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 2, 3, 30])
def test_methods_meet_their_tolerance_on_random_matrices(n, dtype):
    A = symmetric(n).astype(dtype)
    limit = 10 * n * roundoff(dtype) * np.linalg.norm(A.astype(float)) * 1.01
    for seed in range(80, 85):
        start = rng(seed).standard_normal(n).astype(dtype)
        for found in (rayleigh_quotient_iteration(A, start), inverse_iteration(A, 0.0, start,
                                                                               maxiter=3000)):
            assert found.converged and found.residual <= limit
            assert np.abs(np.linalg.eigvalsh(A.astype(float)) - found.value).min() <= 2 * limit
