"""The references of the chapter's checks are those of the mathematics, found another way."""

import mpmath
import numpy as np
import pytest

from lib import digits, linear
from lib.grade.exercises import regularization


def by_woodbury(d, f, b):
    plain = b / d
    share = f * f / (d + f * f)
    taken = share * plain
    return plain - taken


def test_the_trace_shows_what_the_reading_says():
    trace = digits.trace(by_woodbury, 1e-10, 3.0, 7.0)
    made, shows, power, _ = regularization.READING
    assert shows - made == 1 and 10.0**power < 2 * 7e10 / (7 / 9) < 10.0 ** (power + 1)
    assert "made in the product `share * plain`" in repr(trace)
    assert "lost in the subtraction `plain - taken`" in repr(trace)
    assert f"e{power} times" in repr(trace)


def test_the_judged_penalties_have_one_minimum():
    rng = np.random.default_rng(21891)
    X, y = rng.standard_normal((50, 3)), rng.standard_normal(50)
    per_row = regularization.JUDGEMENT[1] / regularization.ROWS
    w = linear.ridge(X, y, per_row * len(X))
    # The gradient of the mean of squares over 2, plus alpha over 2 times the squared length.
    gradient = -X.T @ (y - X @ w) / len(X) + regularization.ALPHA * w
    assert np.max(np.abs(gradient)) < 1e-13  # rounding of numbers near 1


def test_the_chosen_lambda_is_that_of_lib():
    rng = np.random.default_rng(1966)
    A, b = rng.standard_normal((20, 3)), rng.standard_normal(20)
    s, beta, unfit, delta = regularization._coordinates(A, b, 0.4)
    chosen = regularization._bisect(s, beta, unfit, delta)
    # Both bisect a logarithm to its last bits; lambda depends on them mildly here.
    of_lib = linear.discrepancy(linear.jacobi_svd(A), b, delta)
    assert chosen == pytest.approx(of_lib, rel=1e-9, abs=0)
    left = np.linalg.norm(b - A @ linear.ridge(A, b, chosen))
    assert left == pytest.approx(delta, rel=1e-12, abs=0)  # rounding, twice


def test_the_steps_are_those_of_the_loop():
    A = np.diag([1.0, 0.4, 0.1])
    b, step = np.array([1.0, -2.0, 0.5]), 0.9
    count = regularization._count(1 - step * np.diag(A) ** 2, b, 0.6)
    residuals = [np.linalg.norm(b - A @ linear.landweber(A, b, step, k))
                 for k in (count - 1, count)]
    assert residuals[1] <= 0.6 < residuals[0]


@pytest.mark.parametrize("shape", [(7, 3), (2, 5), (1, 1)])
def test_the_variance_is_that_of_60_digits(shape):
    rng = np.random.default_rng(2014)
    F, x, d = rng.standard_normal(shape), rng.standard_normal(shape[1]), 1e-12
    with mpmath.workdps(60):
        rows, direction = mpmath.matrix(F.tolist()), mpmath.matrix(x.tolist())
        K = rows * rows.T + mpmath.mpf(d) * mpmath.eye(shape[0])
        seen = rows * direction
        wanted = (direction.T * direction - seen.T * mpmath.lu_solve(K, seen))[0]
    # A relative error of 10 sqrt(m n) u in each singular value, twice, times their condition.
    assert regularization._variance(F, d, x) == pytest.approx(float(wanted), rel=1e-12, abs=0)


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_data_of_five_samples_have_four_dimensions(unit):
    X = unit * np.random.default_rng(5).normal(size=(5, 10))
    U, dimensions = regularization._directions(X)
    assert dimensions == 4
    # Any four columns of five rows, less their means, are combinations of these.
    other = np.random.default_rng(6).normal(size=(5, 4))
    other = other - other.mean(axis=0)
    assert np.max(np.abs(other - U @ (U.T @ other))) < 1e-14  # rounding of numbers near 1


def test_each_descent_ends_at_its_count():
    rng = np.random.default_rng(1952)
    for label, count, s, step in regularization._descents(rng):
        factor, beta = 1 - step * s**2, rng.standard_normal(len(s))
        assert np.all(np.abs(factor) < 1), label  # so that each residual is below the one before
        between = np.linalg.norm(np.abs(factor) ** (count - 0.5) * beta)
        assert regularization._count(factor, beta, between) == count, label
