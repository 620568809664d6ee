"""The references of the chapter's checks are those of the mathematics, found another way."""

import numpy as np

from lib import digits, linear
from lib.grade.exercises import cholesky
from lib.problems import read_strd


def nearness(x, y):
    squares = x * x + y * y
    apart = squares - 2 * x * y
    return np.exp(-apart / 2)


def test_the_trace_shows_what_the_reading_says():
    trace = repr(digits.trace(nearness, 1024.0, 1024.002))
    assert f"e{cholesky.READING[2]} times" in trace
    assert "lost in the subtraction" in trace and "made in" in trace


def test_the_share_is_that_of_a_regression():
    X = read_strd("Longley").X[:, 1:]
    others = np.column_stack([np.ones(len(X)), X[:, :-1]])
    last = X[:, -1] - X[:, -1].mean()
    residual = last - others @ np.linalg.lstsq(others, last, rcond=None)[0]
    share = residual @ residual / (last @ last)
    assert abs(float(cholesky._share(X)) / share - 1) < 1e-6  # lstsq loses ten digits here


def test_rounding_pushes_no_farther_than_the_judge_allows():
    rng = np.random.default_rng(100)
    lowest = 0.0
    for _ in range(20):
        rows = rng.normal(size=(100, 3))
        rows /= np.linalg.norm(rows, axis=1)[:, None]
        lowest = min(lowest, np.linalg.eigvalsh(rows @ rows.T)[0])
    assert -cholesky.JUDGEMENT[1] < lowest < 0


def test_an_eigenvalue_is_admitted_from_its_limit_on_up_to_rounding():
    Q = linear.householder_qr(np.random.default_rng(53).standard_normal((50, 50)))[0]
    for part, admitted in ((1, True), (1 + 1e-9, True), (1 - 1e-9, False), (0.5, False)):
        values = np.append(np.ones(49), -1e-3 * part)
        turned = Q * values @ Q.T
        for A in (np.diag(values), (turned + turned.T) / 2):
            (case,) = cholesky.check_sneaky(A).cases
            assert (case.shown != "not admitted") == admitted
