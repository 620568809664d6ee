"""Conjugate gradients meet their bounds and published counts, and tell the true residual."""

import math

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from lib.linear import CGResult, NotPositiveDefiniteError, cg
from lib.problems import poisson2d, random_orthogonal, read_cg_counts, read_matrix
from lib.problems.matrices import COUNTED, DEFINITE
from tests.linear.helpers import DTYPES, rng, roundoff

# A measured u norm(A) norm(x) / norm(b) and the true residual of float32 differ by 0.2 to 4.
FLOOR = 20


def spectral(eigenvalues, seed=7):
    """Return a symmetric matrix with these eigenvalues, and its eigenvectors."""
    Q = random_orthogonal(len(eigenvalues), len(eigenvalues), rng(seed))
    A = Q * eigenvalues @ Q.T
    return (A + A.T) / 2, Q


def energy(A, e):
    """Return sqrt(e^T A e) for each row of e."""
    return np.sqrt(np.maximum(0, np.einsum("ij,ij->i", e, (A @ e.T).T)))


def relative_residual(A, x, b):
    """Return norm(b - A x) / norm(b), computed in float64."""
    r = b.astype(float) - A.astype(float) @ x.astype(float)
    return np.linalg.norm(r) / np.linalg.norm(b.astype(float))


def first(errors, goal):
    """Return the index of the first error that is at most goal times the first one."""
    return int(np.argmax(np.array(errors) <= goal * errors[0]))


def count(A, preconditioner=None):
    """Return the steps to an error of 1e-5 in the energy norm, as Chen and Carson count them."""
    n = A.shape[0]
    x = np.full(n, 1 / math.sqrt(n))
    history = []
    cg(A, A @ x, 1e-8, 20 * n, preconditioner, history=history)
    return first(energy(A, x - np.array(history)), 1e-5)


# Counts.


@pytest.mark.parametrize("name", COUNTED)
def test_counts_are_within_5_percent_of_the_published_ones(name):
    A, published = read_matrix(name), read_cg_counts(name)
    diagonal = A.diagonal()
    found = {"none": count(A), "jacobi": count(A, lambda r: r / diagonal)}
    for key, wanted in published.items():
        assert abs(found[key] - wanted) <= 0.05 * wanted, (key, found[key])


@pytest.mark.parametrize("name", ["494_bus", "nos5"])
def test_the_published_counts_tell_a_wrong_preconditioner(name):
    A, published = read_matrix(name), read_cg_counts(name)["jacobi"]
    root = np.sqrt(A.diagonal())
    assert count(A, lambda r: r / root) > 1.05 * published


def test_rounding_makes_more_than_n_steps_necessary():
    for name, multiple in (("bcsstk03", 3), ("nos1", 7), ("nos7", 3.5)):
        A = read_matrix(name)
        assert count(A) > multiple * A.shape[0]


@pytest.mark.parametrize("values", [[3.0], [1.0, 10.0], [1.0, 2.0, 5.0, 9.0]])
def test_one_step_is_enough_for_each_distinct_eigenvalue(values):
    A, _ = spectral(np.repeat(values, 12))
    result = cg(A, rng(3).standard_normal(len(A)), 1e-10)
    assert result.converged and result.steps == len(values)


def test_only_eigenvectors_that_b_contains_count():
    A, Q = spectral(np.geomspace(1, 1e3, 50))
    result = cg(A, Q[:, ::10] @ np.ones(5), 1e-10)
    # Without rounding 5; it brings the other 45 back, a little.
    assert result.converged and 5 <= result.steps <= 10


def test_a_product_is_taken_for_each_step_and_for_the_true_residual():
    A, calls = spectral(np.geomspace(1, 100, 30))[0], []

    def multiply(v):
        calls.append(v.copy())
        return A @ v

    b = rng(3).standard_normal(30)
    result = cg(multiply, b)
    assert result.converged and len(calls) == result.steps + 1
    calls.clear()
    assert cg(multiply, b, x0=np.ones(30)).steps == len(calls) - 2


# Bounds.


@pytest.mark.parametrize("seed", range(20, 30))
def test_the_error_in_the_energy_norm_falls_below_its_bound(seed):
    random = rng(seed)
    kappa = 10 ** random.uniform(0.5, 4)
    A, _ = spectral(1 + (kappa - 1) * random.random(60) ** random.uniform(0.3, 5), seed)
    kappa, x, history = np.linalg.cond(A), random.standard_normal(60), []
    cg(A, A @ x, 1e-12, history=history)
    errors = energy(A, x - np.array(history))
    factor = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
    steps = np.arange(len(errors))
    above_rounding = errors > 1e-10 * errors[0]
    assert np.all((errors <= 2 * factor**steps * errors[0])[above_rounding])
    assert np.all(np.diff(errors[above_rounding]) <= 0)


def test_the_residual_may_rise_where_the_error_falls():
    A, _ = spectral(np.geomspace(1, 1e4, 200))
    residuals = cg(A, rng(3).standard_normal(200)).residuals
    assert np.sum(np.diff(residuals) > 0) > 20


@pytest.mark.parametrize("name", DEFINITE)
def test_the_condition_number_is_estimated_from_below(name):
    A = read_matrix(name)
    kappa = np.linalg.cond(A.toarray())
    found = cg(A, A @ np.ones(A.shape[0]), 1e-8, 20 * A.shape[0])
    # An eigenvalue of A is itself known to u norm(A), so the smallest to u kappa.
    assert found.condition <= kappa * (1 + 1e3 * roundoff(float) * kappa)
    # Three of the eigenvectors that matter for LFAT5 are hardly there in b.
    assert found.condition >= (0.8 if name == "LFAT5" else 0.97) * kappa
    smallest, largest = found.eigenvalue_range
    assert found.condition == largest / smallest


def test_of_a_preconditioned_system_the_condition_is_that_of_both():
    A = read_matrix("nos5")
    root = np.sqrt(A.diagonal())
    found = cg(A, rng(3).standard_normal(A.shape[0]), preconditioner=lambda r: r / root**2)
    kappa = np.linalg.cond(A.toarray() / root / root[:, None])
    assert 0.97 * kappa <= found.condition <= kappa * (1 + 1e-9)
    with pytest.raises(ValueError, match="no step was made"):
        _ = cg(A, np.zeros(A.shape[0])).condition


# The two residuals.


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("name", ["bcsstk03", "nos4", "nos7", "mesh3e1", "494_bus"])
def test_converged_means_the_true_residual(name, tol, dtype):
    A = read_matrix(name).astype(dtype)
    b = rng(3).standard_normal(A.shape[0]).astype(dtype)
    diagonal = A.diagonal()
    result = cg(A, b, tol, preconditioner=lambda r: r / diagonal)
    true = relative_residual(A, result.x, b)
    # The two differ by the rounding of b - A x in float64.
    rounding = 2.0**-50 * np.linalg.norm(A.toarray()) * np.linalg.norm(result.x)
    assert abs(result.true_residual - true) <= rounding / np.linalg.norm(b)
    assert result.converged == (result.true_residual <= tol) == (result.reason == "converged")
    assert result.x.dtype == dtype and result.reason != "maxiter"
    if result.reason == "residual gap":
        assert result.residuals[-1] <= tol < true


def test_in_float32_the_updated_residual_goes_on_without_the_true_one():
    A = poisson2d(64)
    b = A @ np.ones(4096)
    result = cg(A.astype(np.float32), b.astype(np.float32), 1e-8)
    assert not result.converged and result.reason == "residual gap"
    assert result.residuals[-1] <= 1e-8 and result.true_residual > 100 * 1e-8
    assert result.true_residual == pytest.approx(relative_residual(A, result.x, b), rel=1e-6, abs=0)
    theirs, info = scipy.sparse.linalg.cg(A.astype(np.float32), b.astype(np.float32), rtol=1e-8)
    assert info == 0 and relative_residual(A, theirs, b) > 100 * 1e-8
    double = cg(A, b, 1e-8)
    assert double.converged and double.true_residual <= 1e-8


@pytest.mark.parametrize("name", ["poisson", "bcsstk03", "494_bus", "nos5", "nos4"])
@pytest.mark.parametrize("seed", [None, 3])
def test_the_true_residual_stops_near_its_floor(name, seed):
    A = poisson2d(64) if name == "poisson" else read_matrix(name)
    n = A.shape[0]
    b = A @ np.ones(n) if seed is None else rng(seed).standard_normal(n)
    result = cg(A.astype(np.float32), b.astype(np.float32), 1e-9, 20 * n)
    assert result.reason == "residual gap"
    size = abs(A).sum(axis=1).max() * np.linalg.norm(result.x) / np.linalg.norm(b)
    floor = roundoff(np.float32) * size
    assert floor / FLOOR <= result.true_residual <= floor * FLOOR


def test_starting_again_in_float32_does_not_help_but_residuals_in_float64_do():
    A = poisson2d(64)
    A32 = A.astype(np.float32)
    b = rng(3).standard_normal(4096).astype(np.float32)
    x = np.zeros(4096, np.float32)
    for _ in range(5):
        x = x + cg(A32, b - A32 @ x, 1e-3).x
    assert relative_residual(A, x, b) > 1e-7
    refined = np.zeros(4096)
    for _ in range(6):
        refined = refined + cg(A32, (b - A @ refined).astype(np.float32), 1e-3).x
    assert relative_residual(A, refined, b) < 1e-14


def test_a_true_residual_just_above_tol_is_worth_a_few_more_steps():
    A = poisson2d(40)
    b = rng(3).standard_normal(1600)
    history = []
    residuals = cg(A, b, 1e-12, history=history).residuals
    true = [relative_residual(A, x, b) for x in history]
    late = [k for k in range(60, len(true)) if residuals[k] < true[k] < 1.01 * residuals[k]]
    for k in late[:5]:
        tol = (residuals[k] + true[k]) / 2
        if residuals[:k].min() <= tol:  # another step comes first
            continue
        result = cg(A, b, tol)
        assert result.converged and result.steps > k
        assert result.residuals[-1] <= tol / 2
        break
    else:
        pytest.fail("no step has a true residual above the updated one")


def test_residuals_are_relative_to_b_and_start_with_that_of_x0():
    A, b, x0 = spectral([1.0, 2.0, 4.0])[0], np.array([3.0, 0.0, 4.0]), np.ones(3)
    result = cg(A, b, x0=x0)
    assert result.residuals[0] == pytest.approx(relative_residual(A, x0, b), rel=1e-14, abs=0)
    assert len(result.residuals) == result.steps + 1 == len(result.alphas) + 1
    assert cg(A, b).residuals[0] == 1 and result.betas[0] == 0


# What A may be.


@pytest.mark.parametrize("dtype", DTYPES)
def test_an_array_a_sparse_matrix_and_a_function_give_the_same(dtype):
    A = read_matrix("nos4").toarray().astype(dtype)
    b = np.ones(100, dtype)
    kinds = {"array": A, "sparse": scipy.sparse.csr_array(A), "coo": scipy.sparse.coo_matrix(A),
             "operator": scipy.sparse.linalg.aslinearoperator(A), "function": lambda v: A @ v,
             "list": A.tolist() if dtype is np.float64 else A}
    found = {kind: cg(given, b, 1e-3) for kind, given in kinds.items()}
    for kind, result in found.items():
        assert result.converged and result.x.dtype == dtype, kind
        assert relative_residual(A, result.x, b) <= 1e-3, kind
    for kind in ("function", "operator", "list"):
        assert np.array_equal(found[kind].x, found["array"].x), kind


def test_a_function_may_return_its_argument_or_the_same_array_each_time():
    b = rng(3).standard_normal(20)
    assert np.array_equal(cg(lambda v: v, b, preconditioner=lambda r: r).x, b)
    A, buffer = spectral(np.geomspace(1, 9, 20))[0], np.empty(20)

    def multiply(v):
        return np.matmul(A, v, out=buffer)

    assert np.array_equal(cg(multiply, b, preconditioner=multiply).x, cg(A, b, preconditioner=A).x)


def test_a_function_cannot_change_what_it_is_given():
    def wrong(v):
        v *= 2
        return v

    for arguments in ((wrong,), (np.eye(2), wrong)):
        with pytest.raises(ValueError, match="read-only"):
            cg(arguments[0], np.ones(2), preconditioner=(*arguments, None)[1])


@pytest.mark.parametrize("wrong, said", [
    (lambda v: v[:1], r"A\(v\) is of float64 and of shape \(1,\) for v of float64"),
    (lambda v: v[:, None], r"of shape \(3, 1\)"), (lambda v: v + 0j, r"A\(v\) is of complex128"),
    (lambda v: float(v[0]), r"A\(v\) is of float64 and of shape \(\)"),
    (lambda v: np.ma.masked_array(v, v > 2), r"A\(v\) is masked"),
    (lambda v: None, r"A\(v\) holds a NoneType")])
def test_what_a_function_returns_is_checked(wrong, said):
    with pytest.raises((TypeError, ValueError), match=said):
        cg(wrong, np.ones(3))


def test_integers_are_floats():
    assert cg([[2, 0], [0, 1]], [2, 3]).x.tolist() == [1, 3]
    assert cg(scipy.sparse.eye_array(2, dtype=int), [2, 3]).x.tolist() == [2, 3]
    assert cg(lambda v: np.rint(4 * v).astype(int), [2, 3]).x.tolist() == [0.5, 0.75]


@pytest.mark.parametrize("exponent", [-1000, -300, 0, 300, 1000])
def test_a_power_of_two_in_b_is_a_power_of_two_in_x(exponent):
    A, b = spectral(np.geomspace(1, 100, 20))[0], rng(3).standard_normal(20)
    x0, history = rng(4).standard_normal(20), []
    wanted = cg(A, b, x0=x0)
    found = cg(A, np.ldexp(b, exponent), x0=np.ldexp(x0, exponent), history=history)
    assert np.array_equal(found.x, np.ldexp(wanted.x, exponent))
    assert np.array_equal(found.residuals, wanted.residuals)
    assert np.array_equal(history[-1], found.x)


def test_the_history_begins_with_x0_and_ends_with_x():
    A, b, history = spectral([1.0, 2.0, 4.0])[0], np.ones(3), ["before"]
    result = cg(A, b, x0=np.array([1.0, 0.0, 0.0]), history=history)
    assert history[0] == "before" and history[1].tolist() == [1, 0, 0]
    assert np.array_equal(history[-1], result.x) and len(history) == result.steps + 2
    with pytest.raises(TypeError, match="history is a tuple: give a list"):
        cg(A, b, history=())


# Where it ends early.


def test_nothing_is_to_be_done_for_b_0_or_an_exact_start():
    A = spectral([1.0, 2.0, 4.0])[0]
    for start in (None, np.ones(3)):
        result = cg(A, np.zeros(3), x0=start)
        assert result.converged and result.steps == 0 and not result.x.any()
        assert result.residuals.tolist() == [0] and result.true_residual == 0
        assert result.reason == "converged"
    b = A @ np.array([1.0, -2.0, 3.0])
    result = cg(A, b, x0=np.array([1.0, -2.0, 3.0]))
    assert result.converged and result.steps == 0 and result.x.tolist() == [1, -2, 3]


def test_for_b_0_a_preconditioner_changes_nothing():
    A = spectral([1.0, 2.0, 4.0])[0]
    for M in (np.diag(1 / np.diag(A)), lambda r: r / np.diag(A)):
        result = cg(A, np.zeros(3), preconditioner=M, x0=np.ones(3))
        assert result.converged and result.steps == 0 and not result.x.any()


def test_one_unknown_takes_one_step():
    result = cg(np.array([[4.0]]), np.array([8.0]))
    assert result.x.tolist() == [2] and result.steps == 1 and result.converged
    assert result.condition == pytest.approx(1, rel=1e-10, abs=0)


@pytest.mark.parametrize("most", [0, 1, 5])
def test_too_few_steps_are_told_and_raise_nothing(most):
    A, b = poisson2d(20), np.ones(400)
    result = cg(A, b, maxiter=most)
    assert not result.converged and result.reason == "maxiter"
    assert result.steps == most and len(result.residuals) == most + 1
    assert result.true_residual == pytest.approx(result.residuals[-1], rel=1e-12, abs=0)
    assert repr(result) == (f"not converged (maxiter) after {most} step{'s' * (most != 1)}: "
                            f"updated residual {result.residuals[-1]:.1e}, true residual "
                            f"{result.true_residual:.1e}")
    assert cg(A, b, 0.999, maxiter=40).converged


def test_ten_times_n_steps_are_the_most_by_default():
    result = cg(lambda v: np.geomspace(1, 1e14, 5) * v, np.ones(5), 0.0)
    assert result.steps <= 50 and not result.converged
    assert repr(cg(np.eye(2), np.ones(2))).startswith("converged after 1 step: updated residual 0")


def test_a_singular_system_is_solved_where_it_can_be():
    line = 2 * np.eye(30) - np.eye(30, k=1) - np.eye(30, k=-1)
    line[0, 0] = line[-1, -1] = 1  # rows add up to 0
    b = line @ rng(3).standard_normal(30)
    result = cg(line, b)
    assert result.converged and relative_residual(line, result.x, b) <= 1e-8
    with pytest.raises(NotPositiveDefiniteError, match="A is not positive definite, up to round"):
        cg(np.diag([1.0, 0.0]), np.ones(2))


@pytest.mark.parametrize("diagonal, pivot, value", [
    ([1.0, -1.0], 0, 0.0), ([1.0, -3.0], 0, -1.0), ([-2.0, -2.0], 0, -2.0), ([1.0, 0.0], 1, 0.0)])
@pytest.mark.parametrize("scale", [1.0, 2.0**300])
def test_a_direction_that_is_not_positive_is_named(diagonal, pivot, value, scale):
    for A in (np.diag(diagonal), lambda v: np.array(diagonal) * v):
        with pytest.raises(NotPositiveDefiniteError, match=rf"step {pivot}: p\^T A p is") as found:
            cg(A, scale * np.ones(2))
        assert found.value.pivot == pivot and found.value.value == value


def test_an_indefinite_matrix_is_solved_or_refused():
    refused = 0
    for seed in range(20, 60):
        A, _ = spectral(np.r_[np.linspace(1, 10, 19), -5.0], seed)
        b = rng(seed).standard_normal(20)
        try:
            result = cg(A, b)
        except NotPositiveDefiniteError as error:
            refused += 1
            # A Rayleigh quotient lies between the eigenvalues.
            assert -5 * (1 + 1e-12) <= error.value <= 0
        else:
            assert result.converged == (relative_residual(A, result.x, b) <= 1e-8)
    assert refused > 10


@pytest.mark.parametrize("preconditioner", [
    lambda r: -r, -np.eye(4), scipy.sparse.diags_array([1.0, 1.0, -1.0, -9.0]), lambda r: 0 * r])
def test_a_preconditioner_that_is_not_positive_is_named(preconditioner):
    with pytest.raises(NotPositiveDefiniteError, match="preconditioner is not positive definite"):
        cg(np.diag([1.0, 2.0, 3.0, 4.0]), np.ones(4), preconditioner=preconditioner)


def test_a_preconditioner_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"preconditioner has shape \(3, 3\), but b has 2"):
        cg(np.eye(2), np.ones(2), preconditioner=np.eye(3))
    with pytest.raises(ValueError, match=r"preconditioner\(v\) is of float64 and of shape \(1,\)"):
        cg(np.eye(2), np.ones(2), preconditioner=lambda r: r[:1])


def test_a_function_that_is_not_symmetric_is_betrayed_by_the_true_residual():
    for seed in range(20, 30):
        A = 8 * np.eye(30) + rng(seed).standard_normal((30, 30))
        b = rng(seed).standard_normal(30)
        try:
            result = cg(lambda v, A=A: A @ v, b, maxiter=300)
        except (NotPositiveDefiniteError, OverflowError):
            continue
        assert result.converged == (relative_residual(A, result.x, b) <= 1e-8)
    with pytest.raises(ValueError, match=r"A\[0, 1\] and A\[1, 0\] differ by 1: .* symmetric"):
        cg(np.array([[2.0, 1.0], [0.0, 2.0]]), np.ones(2))


def test_what_is_not_finite_is_named():
    with pytest.raises(OverflowError, match=r"step 1: p\^T A p is nan: a product with A holds nan"):
        calls = []
        cg(lambda v: calls.append(0) or np.diag([1.0, 2.0]) @ v * (np.nan if calls[1:] else 1),
           np.array([1.0, 3.0]))
    with pytest.raises(OverflowError, match=r"r\^T M r is inf: a product with preconditioner"):
        cg(np.eye(2), np.ones(2), preconditioner=lambda r: r * np.inf)
    with pytest.raises(OverflowError, match="the solution left the range of float32: scale"):
        cg(np.float32([[1e-10]]), np.float32([1e30]))
    with pytest.raises(OverflowError, match=r"step 2: .* left the range of float32: scale"):
        cg(np.float32([[1e-30]]), np.float32([1e30]))  # where a square underflows
    with pytest.raises(OverflowError, match=r"p\^T A p is inf: .* left the range of float32"):
        cg(np.full((4, 4), 3e38, np.float32), np.ones(4, np.float32))
    with pytest.raises(OverflowError, match="the residual left the range of float64"):
        cg(np.diag([1e300, 1.0]), np.ones(2), x0=np.full(2, 1e300))


@pytest.mark.parametrize("change, error, said", [
    ({"tol": -1e-8}, ValueError, "tol = -1e-08: a residual relative"),
    ({"tol": 1.0}, ValueError, "tol = 1.0"), ({"tol": np.nan}, ValueError, "tol = nan"),
    ({"tol": None}, TypeError, "tol"), ({"maxiter": -1}, ValueError, "maxiter = -1: it must be"),
    ({"maxiter": 2.0}, TypeError, "maxiter = 2.0 is not an integer"),
    ({"A": np.ones((2, 3))}, ValueError, r"A has shape \(2, 3\), but must be square"),
    ({"b": np.ones(3)}, ValueError, r"b has shape \(3,\), but the matrix has shape \(2, 2\)"),
    ({"b": np.ones((2, 1))}, ValueError, r"b has shape \(2, 1\), but a vector has one dimension"),
    ({"b": np.ones(2, np.float32)}, TypeError, "the matrix is of float64, b of float32"),
    ({"x0": np.ones(3)}, ValueError, r"x0 has shape \(3,\), but b has shape \(2,\)"),
    ({"x0": np.ones(2, np.float32)}, TypeError, "b is of float64, x0 of float32: convert"),
    ({"A": lambda v: v, "b": np.ones((2, 2))}, ValueError, "a vector has one dimension"),
])
def test_arguments_of_the_wrong_kind_are_named(change, error, said):
    with pytest.raises(error, match=said):
        cg(**({"A": np.eye(2), "b": np.ones(2)} | change))


def test_a_result_cannot_be_changed():
    result = cg(np.eye(2), np.ones(2))
    assert isinstance(result, CGResult)
    with pytest.raises(AttributeError):
        result.converged = False
