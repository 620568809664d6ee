"""The references of the chapter's checks are those of the mathematics, found another way."""

from fractions import Fraction

import numpy as np
import pytest
import scipy

from lib import digits
from lib.grade.exercises import svd
from lib.problems import hilbert


def smaller(d):
    square = 1 + d * d
    determinant = square * 1 - 1 * 1
    return np.sqrt(determinant / (square + 1))


def test_the_trace_shows_what_the_reading_says():
    trace = repr(digits.trace(smaller, 1e-5))
    assert f"e{svd.READING[2]} times" in trace
    assert "lost in the subtraction" in trace and "made in the addition" in trace


def test_errors_along_the_third_direction_move_the_weights_as_far_as_the_judge_says():
    A = np.diag([1.0, 0.6, 1e-5])
    y = np.array([1.0, 0.0, 0.0])
    noise = np.array([0.0, 0.0, 1e-3])
    moved = np.linalg.solve(A, y + noise) - np.linalg.solve(A, y)
    assert abs(np.linalg.norm(moved) / svd.JUDGEMENT[1] - 1) < 1e-12


def test_the_terms_of_halving_singular_values_are_known():
    # What is left after k of many terms 2**-i is 2**-k of the whole.
    A = np.diag(2.0 ** -np.arange(45))
    assert svd._terms(A, 1.001 * 2.0**-30) == 30
    assert svd._terms(A, 0.999 * 2.0**-30) == 31
    assert svd._by_difference(A, 2.0**-30) < 30
    assert svd._terms(np.diag([3.0, 2.0, 1.0]), 0.3) == 2  # 1 / sqrt(14) = 0.27


def test_the_smallest_of_hilbert_is_that_of_the_exact_inverse():
    n = 6
    H = np.array([[Fraction(1, i + j + 1) for j in range(n)] for i in range(n)])
    inverse = np.vectorize(Fraction, otypes=[object])(np.eye(n, dtype=int))
    for k in range(n):  # Gauss and Jordan in fractions; no pivot is 0
        inverse[k] = inverse[k] / H[k, k]
        H[k] = H[k] / H[k, k]
        for i in set(range(n)) - {k}:
            inverse[i] = inverse[i] - H[i, k] * inverse[k]
            H[i] = H[i] - H[i, k] * H[k]
    largest = np.linalg.norm(inverse.astype(float), 2)
    report = svd.check_smallest(lambda A: 1 / largest)
    assert report.cases[0].verdict == "stable" and not report.passed
    assert abs(np.linalg.svd(hilbert(n))[1][-1] * largest - 1) < 1e-9


def test_the_normal_equations_lose_all_where_kappa_squared_u_exceeds_one():
    u = 2.0**-24
    for rho in (0.9, 0.999, 0.9999):
        lost, kept = svd._float32_errors(rho)
        assert lost < 100 * (1 + rho) / (1 - rho) * u
        assert kept < 100 * np.sqrt((1 + rho) / (1 - rho)) * u
    lost, kept = svd._float32_errors(1 - 2e-9)
    assert lost > 0.5 and kept < 0.01


def chosen_before(A):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    kept = s > 1e-14 * s[0]
    return Vt.T * np.where(kept, 1 / np.where(kept, s, 1), 0) @ U.T


def term_by_term(A):
    U, s, Vt = np.linalg.svd(A)
    total = np.zeros(A.T.shape)
    for k in range(np.linalg.matrix_rank(A)):
        total += np.outer(Vt[k], U[:, k]) / s[k]
    return total


def from_the_tail(A, share):
    s = np.append(np.linalg.svd(A)[1], 0)
    tails = np.sqrt(np.cumsum(s[::-1] ** 2))[::-1]
    return np.count_nonzero(tails > share * tails[0])


def by_pictures(A, share):
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    k = 0
    while np.linalg.norm(A - U[:, :k] * s[:k] @ Vt[:k]) > share * np.linalg.norm(A):
        k = k + 1
    return float(k)


def with_pivots(A):
    Q, R, _ = scipy.linalg.qr(A, mode="economic", pivoting=True)
    size = np.abs(np.diag(R))
    Q = Q[:, size > 1e-14 * size[0]]
    return Q @ Q.T


def among_rows(A):
    _, s, Vt = np.linalg.svd(A.T)
    kept = Vt[:np.count_nonzero(s > 1e-13 * np.max(s))]
    return np.einsum("ki,kj->ij", kept, kept)


def twice_solved(A):
    v = np.ones(len(A))
    for _ in range(60):
        v = np.linalg.solve(A, np.linalg.solve(A.T, v / np.linalg.norm(v)))
    return np.linalg.norm(v) ** -0.5


def from_the_other_side(A):
    R = np.linalg.qr(A.T)[1]
    v = np.arange(1.0, 1 + len(A))
    for _ in range(80):
        w = scipy.linalg.solve_triangular(R, v / np.linalg.norm(v), trans="T")
        v = scipy.linalg.solve_triangular(R, w)
    return 1 / np.sqrt(np.linalg.norm(v))


def term_for_term(A, b, cutoff):
    lengths = np.sqrt(np.sum(A**2, axis=0))
    U, s, Vt = np.linalg.svd(A / lengths)
    x = np.zeros(A.shape[1])
    dropped = 0
    for k in range(len(s)):
        if s[k] <= cutoff * s[0]:
            dropped += 1
        else:
            x += U[:, k] @ b / s[k] * Vt[k]
    return [x / lengths, float(dropped)]


def by_rows(A, b, cutoff):
    lengths = np.linalg.norm(A, axis=0)
    V, s, Ut = scipy.linalg.svd((A / lengths).T, full_matrices=False)
    rank = np.sum(s > cutoff * s[0])
    return V[:, :rank] @ (Ut[:rank] @ b / s[:rank]) / lengths, len(s) - rank


@pytest.mark.parametrize("check, answer", [
    (svd.check_pinv, chosen_before), (svd.check_pinv, term_by_term),
    (svd.check_terms, from_the_tail), (svd.check_terms, by_pictures),
    (svd.check_projection, with_pivots), (svd.check_projection, among_rows),
    (svd.check_smallest, twice_solved), (svd.check_smallest, from_the_other_side),
    (svd.check_careful, term_for_term), (svd.check_careful, by_rows)])
def test_a_right_answer_in_another_style_passes(check, answer):
    report = check(answer)
    assert report.passed, report


def test_where_numpy_is_silent_what_is_not_finite_is_right(monkeypatch):
    def silent(A):  # as in a browser, where errstate changes nothing
        with np.errstate(all="ignore"):
            return chosen_before(A)

    assert "nobody may mute that" in str(svd.check_pinv(silent))
    monkeypatch.setattr(svd, "_flags_work", lambda: False)
    assert svd.check_pinv(silent).passed
    assert not svd.check_pinv(lambda A: np.zeros(A.T.shape)).passed
    assert "pinv: not attempted" in str(svd.check_pinv(lambda A: ...))


def test_flags_are_seen_where_they_work(monkeypatch):
    assert svd._flags_work()
    monkeypatch.setattr(np, "exp", lambda x: np.inf)  # in silence
    assert not svd._flags_work()
