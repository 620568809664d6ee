"""A diagonal plus low rank is solved to its bound; Woodbury's identity as printed is not."""

import warnings

import mpmath
import numpy as np
import pytest

from lib.linear import IllConditionedWarning, woodbury_solve
from lib.problems import with_singular_values
from tests.linear.helpers import DTYPES, rng, roundoff, stated


def exact(d, F, b):
    """Return the solution in 80 digits, rounded."""
    with mpmath.workdps(80):
        A = mpmath.matrix(F.tolist()) * mpmath.matrix(F.T.tolist())
        for i, entry in enumerate(np.broadcast_to(d, len(F))):
            A[i, i] += mpmath.mpf(float(entry))
        return np.array([float(x) for x in mpmath.lu_solve(A, mpmath.matrix(b.tolist()))])


def as_printed(d, F, b):
    """Return the solution by the identity, with its small matrix formed."""
    small = np.eye(F.shape[1]) + F.T @ F / d
    return b / d - F @ np.linalg.solve(small, F.T @ b / d) / d


def bound(d, s, F, b):
    m, n = F.shape
    kappa = np.sqrt(s[0] ** 2 + d) / np.sqrt(s[-1] ** 2 + d)
    return stated(woodbury_solve, "at most {} norm(b) / d", n=m, k=n, u=roundoff(F.dtype),
                  kappa=kappa) * np.linalg.norm(b) / d


@pytest.mark.parametrize("kappa", [1.0, 1e4, 1e8])
@pytest.mark.parametrize("d", [1.0, 1e-6, 1e-14])
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.filterwarnings("ignore::lib.linear.IllConditionedWarning")
def test_the_error_is_small_beside_b_over_d(kappa, d, inside):
    s = np.geomspace(1, 1 / kappa, 4)
    F = with_singular_values(s, rng(), 25)
    b = F @ rng(3).standard_normal(4) if inside else rng(3).standard_normal(25)
    error = np.linalg.norm(woodbury_solve(d, F, b) - exact(d, F, b))
    assert error <= bound(d, s, F, b)


def test_the_identity_as_printed_misses_the_bound():
    s = np.geomspace(1, 1e-8, 4)
    F, b = with_singular_values(s, rng(), 25), rng(3).standard_normal(25)
    d = 1e-14
    wrong = np.linalg.norm(as_printed(d, F, b) - exact(d, F, b))
    assert wrong > 10 * bound(d, s, F, b)


def twins():
    """Return F with two equal columns, its singular values, and b."""
    f, b = rng().standard_normal(6), rng(3).standard_normal(6)
    return np.column_stack([f, f]), np.array([np.sqrt(2) * np.linalg.norm(f), 0]), b


@pytest.mark.parametrize("d", [1e-10, 1e-20, 1e-26])
def test_the_bound_holds_for_equal_columns(d):
    F, s, b = twins()
    assert np.linalg.norm(woodbury_solve(d, F, b) - exact(d, F, b)) <= bound(d, s, F, b)


@pytest.mark.parametrize("d", 10.0 ** -np.arange(4, 32, 3))
@pytest.mark.parametrize("kind", ["wide", "tall", "twins", "graded", "one"])
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.filterwarnings("error::lib.linear.IllConditionedWarning")
def test_without_a_warning_the_error_is_below_the_answer(d, kind, inside):
    F, _, b = twins()
    F = {"wide": rng().standard_normal((6, 9)), "tall": rng().standard_normal((6, 2)), "twins": F,
         "graded": np.geomspace(1, 1e-9, 6)[:, None] * rng().standard_normal((6, 3)),
         "one": rng().standard_normal((6, 1))}[kind]
    b = F @ np.ones(F.shape[1]) if inside else b
    try:
        found = woodbury_solve(d, F, b)
    except IllConditionedWarning:
        return
    wanted = exact(d, F, b)
    assert np.linalg.norm(found - wanted) < np.linalg.norm(wanted)


@pytest.mark.parametrize(("F", "b", "d"), [
    (np.random.default_rng(5).standard_normal((4, 7)), np.ones(4), 1e-20),
    (twins()[0], twins()[2], 1e-30),
    (np.array([[1e-5]], np.float32), np.array([1e-3], np.float32), 1e-80)])
def test_an_answer_below_its_rounding_errors_is_called_that(F, b, d):
    with pytest.warns(IllConditionedWarning, match="no correct digit"):
        woodbury_solve(d, F, b)


def test_there_is_no_warning_while_digits_are_right():
    F, b = rng().standard_normal((60, 4)), rng(3).standard_normal(60)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for d in (1.0, 1e-10, 1e-20):
            woodbury_solve(d, F, b)
        woodbury_solve(1e-10, F, F @ np.ones(4))  # its error is 1e-5 of it
        assert not np.any(woodbury_solve(1.0, F, np.zeros(60)))


@pytest.mark.parametrize("dtype", DTYPES)
def test_each_row_may_have_its_own_diagonal(dtype):
    F = rng().standard_normal((12, 3)).astype(dtype)
    d = np.geomspace(1, 10, 12).astype(dtype)
    b = np.ones(12, dtype)
    found = woodbury_solve(d, F, b)
    wanted = exact(d.astype(float), F.astype(float), b.astype(float))
    # All of size 1 here: the stack's condition number is below norm(F) + 1 < 10.
    assert found.dtype == dtype
    assert np.linalg.norm(found - wanted) <= 100 * np.sqrt(36) * roundoff(dtype)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (3, 5)])
def test_any_rank_will_do(shape):
    F, b = rng().standard_normal(shape), rng(3).standard_normal(shape[0])
    residual = 2 * woodbury_solve(2.0, F, b) + F @ (F.T @ woodbury_solve(2.0, F, b)) - b
    assert np.linalg.norm(residual) <= 1000 * roundoff(float) * np.linalg.norm(b)


@pytest.mark.parametrize("d", [0.0, -1.0, [1.0, 0.0], [1.0, 2.0, 3.0]])
def test_a_diagonal_that_is_not_positive_is_refused(d):
    with pytest.raises(ValueError, match="positive number"):
        woodbury_solve(d, np.ones((2, 1)), np.ones(2))


def test_a_diagonal_out_of_the_range_of_the_dtype_is_told():
    for d in (1e100, 1e-100):
        with pytest.raises(OverflowError, match="left the range of float32: scale"):
            woodbury_solve(d, np.ones((2, 1), np.float32), np.ones(2, np.float32))
